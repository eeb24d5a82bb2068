#include "source/pgbinary.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

#define SIGNATURE        "PGCOPY\n\377\r\n"
#define SIGNATURE_LENGTH 11 /* with the zero behind it */
#define FLOAT_TEXT_MAX   32
#define UUID_LENGTH      16
#define UUID_TEXT_MAX    37 /* with the zero behind it */

/* Of numeric. */
#define NUMERIC_HEADER   8
#define NUMERIC_NEGATIVE 0x4000
#define NUMERIC_SPECIAL  0xC000 /* NaN and the infinities have both bits */
#define GROUP_DIGITS     4

/* Spelt out, so that a compiler makes one load of each. */
static unsigned big_endian_short(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint64_t big_endian_long(const unsigned char *at)
{
    return (uint64_t)big_endian(at) << 32 | big_endian(at + 4);
}

static int32_t signed_long(const unsigned char *at)
{
    const uint32_t number = big_endian(at);
    return number <= INT32_MAX ? (int32_t)number : -1 - (int32_t)(UINT32_MAX - number);
}

static int signed_short(const unsigned char *at)
{
    const int number = (int)big_endian_short(at);
    return number < 0x8000 ? number : number - 0x10000;
}

static int64_t signed_huge(const unsigned char *at)
{
    const uint64_t number = big_endian_long(at);
    return number <= INT64_MAX ? (int64_t)number : -1 - (int64_t)(UINT64_MAX - number);
}

sieve_status pgbinary_header(struct bytes *message)
{
    const size_t fixed = SIGNATURE_LENGTH + 8;
    if (message->length < fixed || memcmp(message->at, SIGNATURE, SIGNATURE_LENGTH) != 0)
        return SIEVE_E_CORRUPT;
    const uint32_t extension = big_endian(message->at + SIGNATURE_LENGTH + 4);
    if (extension > message->length - fixed)
        return SIEVE_E_CORRUPT;
    *message = bytes_from(*message, fixed + extension);
    return SIEVE_OK;
}

sieve_status pgbinary_row(struct bytes *message, struct bytes *fields, size_t count)
{
    const unsigned char *at = message->at;
    const unsigned char *end = at + message->length;
    if (end - at < 2)
        return SIEVE_E_CORRUPT;
    const int columns = signed_short(at);
    at += 2;
    if (columns == -1 && at == end) {
        *message = bytes_of(NULL, 0);
        return SIEVE_STOPPED;
    }
    if (columns < 0 || (size_t)columns != count)
        return SIEVE_E_CORRUPT;
    for (size_t index = 0; index < count; index++) {
        if (end - at < 4)
            return SIEVE_E_CORRUPT;
        const int32_t length = signed_long(at);
        at += 4;
        if (length < -1 || length > end - at)
            return SIEVE_E_CORRUPT;
        fields[index] = length < 0 ? bytes_of(NULL, 0) : bytes_of(at, (size_t)length);
        at += length < 0 ? 0 : length;
    }
    *message = bytes_of(at, (size_t)(end - at));
    return SIEVE_OK;
}

/* ---- numeric ---------------------------------------------------------------------- */

/* Digits in groups of four; the first group is worth 10000 to the power of `weight`. */
struct numeric {
    const unsigned char *groups;
    int count;
    int weight;
    unsigned sign;
    int places; /* digits behind the point to show */
};

static int numeric_read(struct bytes field, struct numeric *out)
{
    if (field.length < NUMERIC_HEADER)
        return 0;
    *out = (struct numeric){field.at + NUMERIC_HEADER, signed_short(field.at),
                            signed_short(field.at + 2), big_endian_short(field.at + 4),
                            signed_short(field.at + 6)};
    return out->count >= 0 && out->places >= 0 &&
           field.length - NUMERIC_HEADER == 2 * (size_t)out->count;
}

static size_t numeric_room(struct bytes field)
{
    struct numeric numeric;
    if (!numeric_read(field, &numeric))
        return 0;
    const int whole = numeric.weight >= 0 ? numeric.weight + 1 : 1;
    const size_t room = 8 + GROUP_DIGITS * (size_t)whole + (size_t)numeric.places + 4;
    return room <= PGTEXT_MAX ? room : 0;
}

static unsigned numeric_group(const struct numeric *numeric, int index)
{
    if (index < 0 || index >= numeric->count)
        return 0;
    return big_endian_short(numeric->groups + 2 * (size_t)index) % 10000;
}

static char *group_write(unsigned group, char *out)
{
    out[0] = (char)('0' + group / 1000);
    out[1] = (char)('0' + group / 100 % 10);
    out[2] = (char)('0' + group / 10 % 10);
    out[3] = (char)('0' + group % 10);
    return out + GROUP_DIGITS;
}

static int numeric_is_whole(const struct numeric *numeric)
{
    for (int index = numeric->weight + 1; index < numeric->count; index++)
        if (numeric_group(numeric, index) != 0)
            return 0;
    return 1;
}

static size_t numeric_text(const struct numeric *numeric, char *room)
{
    char *out = room;
    if ((numeric->sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL) {
        memcpy(out, "NaN", 3); /* or an infinity: no digits either */
        return 3;
    }
    if (numeric->sign == NUMERIC_NEGATIVE)
        *out++ = '-';
    char *first = out;
    for (int index = 0; index <= numeric->weight; index++)
        out = group_write(numeric_group(numeric, index), out);
    size_t zeros = 0;
    while (zeros < (size_t)(out - first) && first[zeros] == '0')
        zeros++;
    memmove(first, first + zeros, (size_t)(out - first) - zeros);
    out -= zeros;
    if (out == first)
        *out++ = '0';
    if (numeric_is_whole(numeric))
        return (size_t)(out - room);
    *out++ = '.';
    for (int place = 0; place < numeric->places; place += GROUP_DIGITS)
        out = group_write(
            numeric_group(numeric, numeric->weight + 1 + place / GROUP_DIGITS), out);
    out -= (GROUP_DIGITS - numeric->places % GROUP_DIGITS) % GROUP_DIGITS;
    return (size_t)(out - room);
}

/* ---- other numbers ---------------------------------------------------------------- */

/* `room` is for the digits alone. */
static size_t integer_text(int64_t number, char *room)
{
    char text[NUMBER_TEXT_MAX];
    const size_t length = number_signed_text(number, text);
    memcpy(room, text, length);
    return length;
}

/* The shortest text of a double says 4.1e+15 of what somebody stored as an id: a whole
 * number is written as one. */
static size_t float_text(const unsigned char *at, char *room)
{
    const uint64_t bits = big_endian_long(at);
    double number;
    memcpy(&number, &bits, sizeof number);
    if (number > -9.2e18 && number < 9.2e18 && (double)(int64_t)number == number)
        return integer_text((int64_t)number, room);
    const int length = snprintf(room, FLOAT_TEXT_MAX, "%.17g", number);
    return length > 0 && length < FLOAT_TEXT_MAX ? (size_t)length : 0;
}

static size_t uuid_text(const unsigned char *at, char *room)
{
    size_t length = 0;
    for (size_t index = 0; index < UUID_LENGTH; index++) {
        if (index == 4 || index == 6 || index == 8 || index == 10)
            room[length++] = '-';
        number_hex(at + index, 1, room + length);
        length += 2;
    }
    return length;
}

/* Bytes that a value of the type has, and bytes its text may take. */
static const struct {
    uint8_t length;
    uint8_t room;
} fixed_types[] = {
    [PGDECODE_INT2] = {2, 6},
    [PGDECODE_INT4] = {4, 11},
    [PGDECODE_INT8] = {8, 20},
    [PGDECODE_OID] = {4, 10},
    [PGDECODE_FLOAT8] = {8, FLOAT_TEXT_MAX},
    [PGDECODE_UUID] = {UUID_LENGTH, UUID_TEXT_MAX},
};

size_t pgbinary_room(enum pgdecoding decoding, struct bytes field)
{
    if (decoding < PGDECODE_MONEY || !field.at)
        return 0;
    return decoding <= PGDECODE_NUMERIC ? numeric_room(field)
                                        : fixed_types[decoding].room;
}

static struct bytes numeric_bytes(struct bytes field, char *room)
{
    struct numeric numeric;
    if (numeric_room(field) == 0 || !numeric_read(field, &numeric))
        return field;
    return bytes_of(room, numeric_text(&numeric, room));
}

struct bytes pgbinary_text(enum pgdecoding decoding, struct bytes field, char *room)
{
    size_t length = 0;
    if (decoding == PGDECODE_JSONB)
        return field.length > 0 ? bytes_from(field, 1) : field;
    if (decoding == PGDECODE_NUMERIC || decoding == PGDECODE_MONEY)
        return numeric_bytes(field, room);
    if (decoding < PGDECODE_MONEY || field.length != fixed_types[decoding].length)
        return field;
    int64_t number = 0;
    if (pgbinary_integer(decoding, field, &number))
        return bytes_of(room, integer_text(number, room));
    switch ((int)decoding) {
    case PGDECODE_FLOAT8:
        length = float_text(field.at, room);
        break;
    default:
        length = uuid_text(field.at, room);
    }
    return bytes_of(room, length);
}

sieve_status pgbinary_locator(struct bytes field, char out[PGLOCATOR_MAX])
{
    char text[NUMBER_TEXT_MAX];
    if (field.length != 6)
        return SIEVE_E_CORRUPT;
    *out++ = '(';
    size_t length = number_text(big_endian(field.at), text);
    memcpy(out, text, length);
    out += length;
    *out++ = ',';
    length = number_text(big_endian_short(field.at + 4), text);
    memcpy(out, text, length);
    memcpy(out + length, ")", 2);
    return SIEVE_OK;
}

int64_t pgbinary_int8(struct bytes field)
{
    return field.at && field.length == 8 ? signed_huge(field.at) : 0;
}

/* Groups of four digits in front of the point that any int64_t holds. */
#define WHOLE_GROUPS_MAX 4

static int numeric_integer(struct bytes field, int64_t *out)
{
    struct numeric numeric;
    int64_t number = 0;
    if (!numeric_read(field, &numeric) ||
        (numeric.sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL ||
        numeric.weight >= WHOLE_GROUPS_MAX || !numeric_is_whole(&numeric))
        return 0;
    for (int index = 0; index <= numeric.weight; index++)
        number = number * 10000 + (int64_t)numeric_group(&numeric, index);
    *out = numeric.sign == NUMERIC_NEGATIVE ? -number : number;
    return 1;
}

int pgbinary_integer(enum pgdecoding decoding, struct bytes field, int64_t *out)
{
    if (decoding == PGDECODE_NUMERIC || decoding == PGDECODE_MONEY)
        return numeric_integer(field, out);
    if (decoding < PGDECODE_INT2 || decoding > PGDECODE_OID ||
        field.length != fixed_types[decoding].length)
        return 0;
    switch ((int)decoding) {
    case PGDECODE_INT2:
        *out = signed_short(field.at);
        break;
    case PGDECODE_INT4:
        *out = signed_long(field.at);
        break;
    case PGDECODE_OID:
        *out = big_endian(field.at);
        break;
    default:
        *out = signed_huge(field.at);
    }
    return 1;
}
