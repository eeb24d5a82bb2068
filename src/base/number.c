#include "base/number.h"

#include <string.h>

/* Two digits at a time, from the end: most cells of many tables pass through here. */
size_t number_text(uint64_t number, char out[NUMBER_TEXT_MAX])
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char digits[20];
    size_t at = sizeof digits;
    while (number >= 100) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        at -= 2;
        memcpy(digits + at, pairs + 2 * number, 2);
    } else {
        digits[--at] = (char)('0' + number);
    }
    memcpy(out, digits + at, sizeof digits - at);
    out[sizeof digits - at] = '\0';
    return sizeof digits - at;
}

size_t number_signed_text(int64_t number, char out[NUMBER_TEXT_MAX])
{
    const size_t sign = number < 0;
    out[0] = '-';
    return sign + number_text(sign ? 0 - (uint64_t)number : (uint64_t)number, out + sign);
}

size_t number_grouped(uint64_t number, char out[NUMBER_TEXT_MAX])
{
    char plain[NUMBER_TEXT_MAX];
    size_t count = number_text(number, plain);
    size_t length = 0;
    for (size_t index = 0; index < count; index++) {
        if (index > 0 && (count - index) % 3 == 0)
            out[length++] = ',';
        out[length++] = plain[index];
    }
    out[length] = '\0';
    return length;
}

static size_t append_text(char *out, size_t length, const char *text)
{
    size_t count = strlen(text);
    memcpy(out + length, text, count + 1);
    return length + count;
}

size_t number_size(uint64_t bytes, char out[NUMBER_TEXT_MAX])
{
    static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
    size_t unit = 0;
    uint64_t tenths = bytes;
    if (bytes < 1024)
        return append_text(out, number_text(bytes, out), units[0]);
    while (tenths >= 1024 * 1024 && unit < 4) {
        tenths /= 1024;
        unit++;
    }
    tenths = tenths * 10 / 1024;
    unit++;
    size_t length = number_text(tenths / 10, out);
    out[length++] = '.';
    out[length++] = (char)('0' + tenths % 10);
    return append_text(out, length, units[unit]);
}

size_t number_seconds(uint64_t nanoseconds, int places, char out[NUMBER_TEXT_MAX])
{
    size_t length = number_text(nanoseconds / 1000000000u, out);
    uint64_t rest = nanoseconds % 1000000000u;
    if (places > 0)
        out[length++] = '.';
    for (int place = 0; place < places; place++) {
        rest *= 10;
        out[length++] = (char)('0' + rest / 1000000000u);
        rest %= 1000000000u;
    }
    out[length] = '\0';
    return length;
}

void number_hex(const unsigned char *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t index = 0; index < length; index++) {
        *out++ = digits[bytes[index] >> 4];
        *out++ = digits[bytes[index] & 15];
    }
    *out = '\0';
}

/* Reads leading digits; NULL if there are none or they pass `maximum`. */
static const char *read_digits(const char *text, uint64_t maximum, uint64_t *out)
{
    uint64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (digit > maximum || number > (maximum - digit) / 10)
            return NULL;
        number = number * 10 + digit;
    }
    if (at == text)
        return NULL;
    *out = number;
    return at;
}

int number_parse(const char *text, uint64_t maximum, uint64_t *out)
{
    uint64_t number = 0;
    const char *end = read_digits(text, maximum, &number);
    if (!end || *end)
        return -1;
    *out = number;
    return 0;
}

int number_parse_size(const char *text, uint64_t *out)
{
    static const char units[] = "KMGT";
    uint64_t number = 0;
    const char *end = read_digits(text, UINT64_MAX >> 1, &number);
    if (!end)
        return -1;
    unsigned shift = 0;
    if (*end) {
        const char *unit = strchr(units, *end);
        if (!unit || end[1])
            return -1;
        shift = 10u * (unsigned)(unit - units + 1);
    }
    if (number > (UINT64_MAX >> 1) >> shift)
        return -1;
    *out = number << shift;
    return 0;
}

int number_parse_time(const char *text, uint64_t *out)
{
    static const struct {
        const char *name;
        uint64_t milliseconds;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    uint64_t number = 0;
    const char *end = read_digits(text, UINT32_MAX, &number);
    if (!end)
        return -1;
    for (size_t index = 0; index < sizeof units / sizeof units[0]; index++) {
        if (strcmp(end, units[index].name) == 0) {
            *out = number * units[index].milliseconds;
            return 0;
        }
    }
    return -1;
}
