#include "source/sqlite_border.h"

#include "base/number.h"

/* What all of a border may show of one value: fewer digits than a card number's range
 * and its bank take. */
#define DIGITS_MAX 8u
#define LENGTH_MAX 48u /* bytes of one value */

/* ---- making ------------------------------------------------------------------------ */

/* Appends as far as there is room; 0 if there is not. */
static int append(char border[SQLITE_BORDER_MAX], const char *text, size_t length)
{
    const size_t before = strlen(border);
    if (before + length >= SQLITE_BORDER_MAX)
        return 0;
    memcpy(border + before, text, length);
    border[before + length] = '\0';
    return 1;
}

/* The first digits; the others become noughts, which are only counted. */
static int add_number(int64_t number, size_t length, char border[SQLITE_BORDER_MAX],
                      int *is_whole_out)
{
    char text[NUMBER_TEXT_MAX];
    char zeros[NUMBER_TEXT_MAX];
    const size_t sign = number < 0;
    const size_t digits = number_signed_text(number, text) - sign;
    if (length > digits || length > DIGITS_MAX)
        return 0;
    *is_whole_out = length == digits;
    (void)number_text(digits - length, zeros);
    return append(border, "i", 1) && append(border, text, sign + length) &&
           (length == digits ||
            (append(border, "e", 1) && append(border, zeros, strlen(zeros))));
}

/* What of bytes looks like digits, as bytes or as halves of them. */
static size_t digits_in(struct bytes value, int is_text)
{
    size_t digits = 0;
    for (size_t at = 0; at < value.length; at++) {
        const unsigned char byte = value.at[at];
        digits += byte >= '0' && byte <= '9';
        if (!is_text)
            digits += (size_t)(byte >> 4 <= 9) + (size_t)((byte & 15) <= 9);
    }
    return digits;
}

/* A text is cut between its characters. */
static int add_bytes(struct bytes value, size_t length, int is_text,
                     char border[SQLITE_BORDER_MAX], int *is_whole_out)
{
    const struct bytes part = bytes_of(value.at, length);
    if (length > value.length || length > LENGTH_MAX ||
        digits_in(part, is_text) > DIGITS_MAX)
        return 0;
    if (is_text && memchr(part.at, 0, length))
        return 0;
    *is_whole_out = length == value.length;
    if (!append(border, is_text ? "t" : "b", 1))
        return 0;
    for (size_t at = 0; at < length; at++) {
        const char halves[] = {(char)('a' + (part.at[at] >> 4)),
                               (char)('a' + (part.at[at] & 15))};
        if (!append(border, halves, sizeof halves))
            return 0;
    }
    return 1;
}

int sqlite_border_add(struct sql_query *query, int column, size_t length,
                      char border[SQLITE_BORDER_MAX], int *is_whole_out)
{
    const enum sql_kind kind = sql_kind(query, column);
    *is_whole_out = 0;
    if (kind == SQL_INTEGER)
        return add_number(sql_number(query, column), length, border, is_whole_out);
    if (kind != SQL_TEXT && kind != SQL_BLOB)
        return 0;
    struct bytes value = sql_bytes(query, column);
    if (kind == SQL_TEXT) {
        while (length < value.length && value.at[length] >> 6 == 2)
            length++; /* a later byte of a character */
    }
    return add_bytes(value, length, kind == SQL_TEXT, border, is_whole_out);
}

/* ---- putting ----------------------------------------------------------------------- */

static sieve_status put_number(const char *text, size_t length, struct buffer *out)
{
    const char *mark = memchr(text, 'e', length);
    sieve_status status =
        buffer_append(out, bytes_of(text, mark ? (size_t)(mark - text) : length));
    unsigned zeros = 0;
    for (const char *at = mark ? mark + 1 : text + length; at < text + length; at++)
        zeros = 10 * zeros + (unsigned)(*at - '0');
    while (zeros-- > 0 && status == SIEVE_OK)
        status = sqlite_put(out, "0");
    return status;
}

static sieve_status put_text(const char *text, size_t length, struct buffer *out)
{
    sieve_status status = sqlite_put(out, "'");
    for (size_t at = 0; at + 1 < length && status == SIEVE_OK; at += 2) {
        const unsigned char byte =
            (unsigned char)((text[at] - 'a') << 4 | (text[at + 1] - 'a'));
        status = buffer_append(out, bytes_of(&byte, 1));
        if (byte == '\'' && status == SIEVE_OK)
            status = sqlite_put(out, "'");
    }
    return status == SIEVE_OK ? sqlite_put(out, "'") : status;
}

static sieve_status put_blob(const char *text, size_t length, struct buffer *out)
{
    sieve_status status = sqlite_put(out, "x'");
    for (size_t at = 0; at < length && status == SIEVE_OK; at++)
        status = buffer_append(out, bytes_of(&"0123456789abcdef"[text[at] - 'a'], 1));
    return status == SIEVE_OK ? sqlite_put(out, "'") : status;
}

static sieve_status put_value(const char *text, size_t length, struct buffer *out)
{
    if (text[0] == 'i')
        return put_number(text + 1, length - 1, out);
    return text[0] == 't' ? put_text(text + 1, length - 1, out)
                          : put_blob(text + 1, length - 1, out);
}

sieve_status sqlite_border_put(const struct sqlite_plan *plan, const char *border,
                               const char *comparison, struct buffer *out)
{
    size_t count = 1;
    for (const char *at = border; *at; at++)
        count += *at == ',';
    sieve_status status = sqlite_put(out, "(");
    for (size_t key = 0; key < count && status == SIEVE_OK; key++) {
        status = sqlite_put(out, key ? ", " : "");
        if (status == SIEVE_OK)
            status = sqlite_put(out, plan->keys[key].name);
    }
    const char *const middle[] = {") ", comparison, " ("};
    for (size_t part = 0; part < sizeof middle / sizeof middle[0]; part++) {
        if (status == SIEVE_OK)
            status = sqlite_put(out, middle[part]);
    }
    while (status == SIEVE_OK) {
        const size_t length = strcspn(border, ",");
        status = put_value(border, length, out);
        border += length;
        if (status != SIEVE_OK || !*border)
            break;
        border++;
        status = sqlite_put(out, ", ");
    }
    return status == SIEVE_OK ? sqlite_put(out, ")") : status;
}

sieve_status sqlite_put_range(const struct sqlite_plan *plan, uint64_t range,
                              struct buffer *out)
{
    sieve_status status = SIEVE_OK;
    const int has_begin = range > 0;
    if (plan->border_count == 0)
        return SIEVE_OK;
    status = sqlite_put(out, " WHERE ");
    if (status == SIEVE_OK && has_begin)
        status = sqlite_border_put(plan, plan->borders[range - 1], ">=", out);
    if (range == plan->border_count)
        return status;
    if (status == SIEVE_OK && has_begin)
        status = sqlite_put(out, " AND ");
    return status == SIEVE_OK ? sqlite_border_put(plan, plan->borders[range], "<", out)
                              : status;
}

/* ---- reading ----------------------------------------------------------------------- */

static int is_number(const char *text, size_t length)
{
    size_t at = length > 0 && text[0] == '-';
    const size_t begin = at;
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    if (at == begin || at - begin > DIGITS_MAX)
        return 0;
    if (at == length)
        return 1;
    if (text[at++] != 'e' || at == length || length - at > 2)
        return 0;
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at == length;
}

static int is_value(const char *text, size_t length)
{
    if (length < 2)
        return 0;
    if (text[0] == 'i')
        return is_number(text + 1, length - 1);
    if ((text[0] != 't' && text[0] != 'b') || length % 2 == 0)
        return 0;
    for (size_t at = 1; at < length; at++) {
        if (text[at] < 'a' || text[at] > 'p')
            return 0;
        if (at % 2 == 1 && text[0] == 't' && text[at] == 'a' && text[at + 1] == 'a')
            return 0; /* it would end the text of a statement */
    }
    return 1;
}

int sqlite_border_fits(const struct sqlite_plan *plan, const char *border, size_t length)
{
    size_t count = 0;
    if (length >= SQLITE_BORDER_MAX)
        return 0;
    for (;;) {
        const char *comma = memchr(border, ',', length);
        const size_t part = comma ? (size_t)(comma - border) : length;
        if (count == plan->key_count || !is_value(border, part) ||
            !strchr(plan->keys[count].kinds, border[0]))
            return 0;
        count++;
        if (!comma)
            return 1;
        border += part + 1;
        length -= part + 1;
    }
}
