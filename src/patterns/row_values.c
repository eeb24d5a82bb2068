/* row_values.c - what a field of a table says, and where a finished row goes. */
#include <string.h>

#include "patterns/row_kinds.h"

sieve_status row_refuse(struct row *row, const char *what)
{
    row->what = what;
    return SIEVE_E_PATTERN;
}

int text_equals(struct text text, const char *other)
{
    return strlen(other) == text.length && memcmp(text.at, other, text.length) == 0;
}

struct text text_cut(struct text *rest, char mark)
{
    struct text head = *rest;
    const char *found = rest->length > 0 ? memchr(rest->at, mark, rest->length) : NULL;
    if (!found) {
        rest->at += rest->length;
        rest->length = 0;
        return head;
    }
    head.length = (size_t)(found - rest->at);
    rest->at = found + 1;
    rest->length -= head.length + 1;
    return head;
}

int parse_number(struct text text, uint64_t *out)
{
    if (text.length == 0 || text.length > 19)
        return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return 0;
        value = value * 10 + (uint64_t)(text.at[i] - '0');
    }
    *out = value;
    return 1;
}

/* "16" or "12-19", both within what a card number may have. */
static int parse_length_span(struct text text, uint32_t *mask)
{
    uint64_t first = 0;
    struct text rest = text;
    struct text head = text_cut(&rest, '-');
    if (!parse_number(head, &first))
        return 0;
    uint64_t last = first;
    if (head.length < text.length && !parse_number(rest, &last))
        return 0;
    if (first < PAN_DIGITS_MIN || last > PAN_DIGITS_MAX || first > last)
        return 0;
    for (uint64_t length = first; length <= last; length++)
        *mask |= 1u << length;
    return 1;
}

int parse_lengths(struct text text, uint32_t *mask_out)
{
    uint32_t mask = 0;
    struct text rest = text;
    do {
        if (!parse_length_span(text_cut(&rest, '|'), &mask))
            return 0;
    } while (rest.length > 0);
    *mask_out = mask;
    return 1;
}

int parse_grouping(struct text text, uint8_t *sizes)
{
    size_t count = 0;
    uint64_t sum = 0;
    struct text rest = text;
    do {
        uint64_t size = 0;
        struct text head = text_cut(&rest, '-');
        if (!parse_number(head, &size) || size == 0 || size > PAN_DIGITS_MAX ||
            count == GROUPING_GROUPS_MAX)
            return 0;
        sizes[count++] = (uint8_t)size;
        sum += size;
    } while (rest.length > 0);
    return count > 1 && sum >= PAN_DIGITS_MIN && sum <= PAN_DIGITS_MAX;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

int parse_hex_bytes(struct text text, struct separator_bytes *out)
{
    if (text.length % 2 != 0 || text.length / 2 > SEPARATOR_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < text.length / 2; i++) {
        int high = hex_value(text.at[2 * i]);
        int low = hex_value(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        out->bytes[i] = (uint8_t)(high * 16 + low);
    }
    out->length = (uint8_t)(text.length / 2);
    return 1;
}

int parse_name(struct text text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return 0;
    }
    return text.length > 0 && text.length <= 32;
}

int parse_choice(struct text text, const char *const *choices, int fallback)
{
    if (text.length == 0)
        return fallback;
    for (int i = 0; choices[i]; i++) {
        if (text_equals(text, choices[i]))
            return i;
    }
    return -1;
}

sieve_status row_put(struct row *row, const struct pattern_builder *builder,
                     struct row_list *list, size_t index, const void *value)
{
    int exists = index < list->count;
    if (row->removes && !exists)
        return row_refuse(row, "there is no such row to remove");
    if (row->removes) {
        list_remove(list, index);
        return SIEVE_OK;
    }
    if (exists && builder->from_nothing)
        return row_refuse(row, "the row repeats an earlier one");
    if (!exists)
        return list_append(list, value, TABLE_ROWS_MAX);
    memcpy(list_at(list, index), value, list->row_size);
    return SIEVE_OK;
}

size_t row_find_named(const struct row_list *list, struct text key)
{
    size_t i = 0;
    for (; i < list->count; i++) {
        const char *const *name = list_at(list, i);
        if (text_equals(key, *name))
            break;
    }
    return i;
}

const char *text_copy(struct pattern_builder *builder, struct text text)
{
    return builder_copy(builder, text.at, text.length);
}

int text_is_ascii(struct text text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.at[i] >= 0x80)
            return 0;
    }
    return 1;
}
