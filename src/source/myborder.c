#include "source/myborder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/utf8.h"

#define SIGN (UINT64_C(1) << 63)

/* Of a value that is kept: a number of fewer digits is no card's; of a text so many
 * digits leave too much open. */
#define CARD_DIGITS_MIN 12u
#define TEXT_DIGITS_MAX 10u

/* So many of the lowest bits of a long number say nothing. */
#define ROUND_BITS_MIN 10u

#define UTF8_LENGTH_MAX 4u /* of one character */

/* ---- values ------------------------------------------------------------------------ */

static const struct mytype *type_at(const struct mytable *table, size_t key_column)
{
    return &table->types[table->key.columns[key_column]];
}

static const char *name_at(const struct mytable *table, size_t key_column)
{
    return table->columns[table->key.columns[key_column]].name;
}

void myvalue_put(const struct mytable *table, size_t key_column,
                 struct statement *statement)
{
    static const char *const before[] = {"",     "", "", "TO_DAYS(", "LEFT(CONVERT(",
                                         "LEFT("};
    static const char *const behind[] = {"", "", "", ")", " USING utf8mb4),64)", ",64)"};
    const enum myorder order = type_at(table, key_column)->order;
    statement_put(statement, before[order]);
    statement_put_name(statement, name_at(table, key_column));
    statement_put(statement, behind[order]);
}

static int read_number(struct bytes field, int is_signed, uint64_t *out)
{
    const char *text = (const char *)field.at;
    const int is_negative = is_signed && *text == '-';
    uint64_t number = 0;
    if (number_parse(text + is_negative, is_signed ? SIGN : UINT64_MAX, &number) < 0)
        return -1;
    if (is_negative)
        number = 0 - number;
    *out = is_signed ? number ^ SIGN : number;
    return 0;
}

void myvalue_read(const struct mytable *table, size_t key_column, struct bytes field,
                  struct myvalue *out)
{
    const enum myorder order = type_at(table, key_column)->order;
    *out = (struct myvalue){.is_null = 1};
    if (!field.at || order == MYORDER_NONE)
        return;
    if (order < MYORDER_TEXT) {
        out->is_null = read_number(field, order == MYORDER_SIGNED, &out->number) < 0;
        return;
    }
    out->is_null = 0;
    out->length = field.length < sizeof out->text ? field.length : sizeof out->text;
    if (out->length > 0)
        memcpy(out->text, field.at, out->length);
}

static int is_same(const struct myvalue *one, const struct myvalue *other)
{
    return one->number == other->number && one->length == other->length &&
           memcmp(one->text, other->text, one->length) == 0;
}

/* ---- what may be kept -------------------------------------------------------------- */

static int passes_luhn(const char *digits, size_t length)
{
    unsigned sum = 0;
    for (size_t place = 0; place < length; place++) {
        const unsigned digit = (unsigned)(digits[length - 1 - place] - '0');
        const unsigned twice = 2 * digit;
        sum += place % 2 == 0 ? digit : twice / 10 + twice % 10;
    }
    return sum % 10 == 0;
}

/* `round_bits` of it are known to be a choice of ours. */
static int may_keep_number(enum myorder order, uint64_t number, unsigned round_bits)
{
    char text[NUMBER_TEXT_MAX];
    if (order == MYORDER_SIGNED)
        number = number & SIGN ? number ^ SIGN : SIGN - number;
    const size_t length = number_text(number, text);
    return length < CARD_DIGITS_MIN ||
           (round_bits >= ROUND_BITS_MIN && !passes_luhn(text, length));
}

static int may_keep_text(const struct myvalue *value)
{
    unsigned digits = 0;
    unsigned nibbles = 0;
    for (size_t index = 0; index < value->length; index++) {
        const unsigned byte = value->text[index];
        digits += byte >= '0' && byte <= '9';
        nibbles += (unsigned)(byte >> 4 < 10) + (unsigned)((byte & 15) < 10);
    }
    return digits <= TEXT_DIGITS_MAX &&
           (digits == value->length || nibbles - digits <= 4 * TEXT_DIGITS_MAX);
}

/* ---- choosing ---------------------------------------------------------------------- */

/* The number in (first, last] that ends in the most zero bits. */
static int between_numbers(enum myorder order, uint64_t first, uint64_t last,
                           struct myvalue *out)
{
    unsigned bits = 0;
    if (first >= last)
        return 0;
    while ((first ^ last) >> bits > 1)
        bits++;
    uint64_t number = last >> bits << bits;
    if (order != MYORDER_DAYS && !may_keep_number(order, number, bits)) {
        number++; /* one of two neighbours passes no test of digits */
        if (number > last || !may_keep_number(order, number, bits))
            return 0;
    }
    *out = (struct myvalue){.number = number};
    return 1;
}

/* 0 to 35 in the order of nearly all collations; -1: neither digit nor letter. */
static int rank_of(uint32_t character)
{
    if (character >= '0' && character <= '9')
        return (int)(character - '0');
    const uint32_t lower = character | 0x20;
    return lower >= 'a' && lower <= 'z' ? (int)(lower - 'a') + 10 : -1;
}

static uint32_t of_rank(int rank, uint32_t like)
{
    if (rank < 10)
        return (uint32_t)('0' + rank);
    return (uint32_t)((like & 0x20) || like < 'A' ? 'a' + rank - 10 : 'A' + rank - 10);
}

/* A character about in the middle of (first, last]; first 0: there is none. */
static uint32_t middle_character(uint32_t first, uint32_t last, int is_utf8)
{
    const int low = first ? rank_of(first) : -1;
    const int high = rank_of(last);
    if (high >= 0 && (low >= 0 || !first))
        return low < high ? of_rank(low + (high - low + 1) / 2, last) : last;
    if (!is_utf8 || first < 0x80 || last <= first)
        return last;
    const uint32_t middle = first + (last - first + 1) / 2;
    return middle >= 0xD800 && middle < 0xE000 ? 0xE000 : middle;
}

/* The character at `at`, and how long it is; 0 at the end or where there is none. */
static uint32_t character_at(const struct myvalue *value, size_t at, size_t *length_out)
{
    *length_out = utf8_character(bytes_of(value->text + at, value->length - at));
    return *length_out > 0 ? (uint32_t)utf8_code_point(value->text + at, *length_out) : 0;
}

/* Returns the length. */
static size_t write_character(uint32_t character, unsigned char out[UTF8_LENGTH_MAX])
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    const size_t length = character < 0x80      ? 1
                          : character < 0x800   ? 2
                          : character < 0x10000 ? 3
                                                : 4;
    for (size_t index = length - 1; index > 0; index--) {
        out[index] = (unsigned char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out[0] = (unsigned char)(marks[length] | character);
    return length;
}

/* What both have in front, and one more character that is about in the middle. */
static int between_texts(const struct myvalue *first, const struct myvalue *last,
                         int is_utf8, int attempt, struct myvalue *out)
{
    size_t same = 0;
    size_t length = 0;
    size_t unused = 0;
    *out = (struct myvalue){.length = 0};
    for (;;) {
        const uint32_t one = character_at(first, same, &unused);
        const uint32_t other = character_at(last, same, &length);
        if (one == 0 && other == 0)
            return 0;
        if (one != other)
            break;
        same += length;
    }
    const uint32_t low = character_at(first, same, &unused);
    const uint32_t high = character_at(last, same, &length);
    if (high == 0 || same + UTF8_LENGTH_MAX > sizeof out->text)
        return 0;
    memcpy(out->text, last->text, same);
    out->length =
        same + write_character(attempt == 0 ? middle_character(low, high, is_utf8) : high,
                               out->text + same);
    return may_keep_text(out);
}

static int between_bytes(const struct myvalue *first, const struct myvalue *last,
                         int attempt, struct myvalue *out)
{
    size_t same = 0;
    while (same < first->length && same < last->length &&
           first->text[same] == last->text[same])
        same++;
    if (same >= last->length)
        return 0;
    const int low = same < first->length ? first->text[same] : -1;
    const int high = last->text[same];
    if (low >= high)
        return 0;
    *out = (struct myvalue){.length = same + 1};
    memcpy(out->text, last->text, same);
    out->text[same] = (unsigned char)(attempt == 0 ? low + (high - low + 1) / 2 : high);
    return may_keep_text(out);
}

static int between_values(const struct mytype *type, const struct myvalue *first,
                          const struct myvalue *last, int attempt, struct myvalue *out)
{
    if (first->is_null || last->is_null)
        return 0;
    if (type->order < MYORDER_TEXT)
        return attempt == 0 &&
               between_numbers(type->order, first->number, last->number, out);
    return type->order == MYORDER_TEXT
               ? between_texts(first, last, type->is_utf8, attempt, out)
               : between_bytes(first, last, attempt, out);
}

/* ---- as text ----------------------------------------------------------------------- */

static size_t write_value(enum myorder order, const struct myvalue *value,
                          char out[4 + 2 * sizeof value->text])
{
    static const char marks[] = " iidtb";
    out[0] = marks[order];
    if (order >= MYORDER_TEXT) {
        number_hex(value->text, value->length, out + 1);
        return 1 + 2 * value->length;
    }
    uint64_t number = value->number;
    size_t length = 1;
    if (order == MYORDER_SIGNED) {
        if (!(number & SIGN))
            out[length++] = '-';
        number = number & SIGN ? number ^ SIGN : SIGN - number;
    }
    return length + number_text(number, out + length);
}

int myborder_between(const struct mytable *table, const struct myvalue *first,
                     const struct myvalue *last, int attempt,
                     char out[MYBORDER_LENGTH_MAX])
{
    size_t length = 0;
    for (size_t index = 0; index < table->key.count; index++) {
        char text[NUMBER_TEXT_MAX + 2 * sizeof first->text];
        const struct mytype *type = type_at(table, index);
        const int is_last = !is_same(&first[index], &last[index]);
        struct myvalue value = first[index];
        if (is_last) {
            if (!between_values(type, &first[index], &last[index], attempt, &value))
                return 0;
        } else if (value.is_null ||
                   (type->order >= MYORDER_TEXT
                        ? !may_keep_text(&value)
                        : type->order != MYORDER_DAYS &&
                              !may_keep_number(type->order, value.number, 0))) {
            return 0;
        }
        const size_t taken = write_value(type->order, &value, text);
        if (length + taken + 2 > MYBORDER_LENGTH_MAX)
            return 0;
        if (length > 0)
            out[length++] = ',';
        memcpy(out + length, text, taken);
        length += taken;
        out[length] = '\0';
        if (is_last)
            return 1;
    }
    return 0;
}

/* ---- as a condition ---------------------------------------------------------------- */

static void put_value(const char *value, size_t length, struct statement *statement)
{
    static const char *const before[] = {"FROM_DAYS(", "_utf8mb4 X'", "X'", ""};
    static const char *const behind[] = {")", "'", "'", ""};
    const size_t kind = strcspn("dtb", (const char[]){value[0], '\0'});
    statement_put(statement, before[kind]);
    statement_put_bytes(statement, bytes_of(value + 1, length - 1));
    statement_put(statement, behind[kind]);
}

void myborder_put(const struct mytable *table, const char *border, int is_before,
                  struct statement *statement)
{
    size_t column = 0;
    for (;; column++) {
        const size_t length = strcspn(border, ",");
        const int is_last = border[length] == '\0';
        const char *const beyond = is_before ? "<" : is_last ? ">=" : ">";
        statement_put(statement, "(");
        statement_put_name(statement, name_at(table, column));
        statement_put(statement, beyond);
        put_value(border, length, statement);
        if (is_last)
            break;
        statement_put(statement, " OR (");
        statement_put_name(statement, name_at(table, column));
        statement_put(statement, "=");
        put_value(border, length, statement);
        statement_put(statement, " AND ");
        border += length + 1;
    }
    for (; column > 0; column--)
        statement_put(statement, "))");
    statement_put(statement, ")");
}

static int value_fits(enum myorder order, const char *value, size_t length)
{
    static const char marks[] = " iidtb";
    const int is_number = order < MYORDER_TEXT;
    size_t at = 1;
    if (length < 1 || order == MYORDER_NONE || value[0] != marks[order] ||
        length > 2 * sizeof((struct myvalue *)NULL)->text + 1)
        return 0;
    if (is_number && at < length && value[at] == '-')
        at++;
    if (is_number ? length - at < 1 || length - at > 20 : (length - at) % 2 != 0)
        return 0;
    for (; at < length; at++) {
        const char character = value[at];
        const int is_digit = character >= '0' && character <= '9';
        if (!is_digit && (is_number || character < 'a' || character > 'f'))
            return 0;
    }
    return 1;
}

int myborder_fits(const struct mytable *table, const char *border, size_t length)
{
    size_t column = 0;
    for (;; column++) {
        size_t end = 0;
        while (end < length && border[end] != ',')
            end++;
        if (column >= table->key.count ||
            !value_fits(type_at(table, column)->order, border, end))
            return 0;
        if (end == length)
            return 1;
        border += end + 1;
        length -= end + 1;
    }
}
