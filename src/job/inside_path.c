#include "base/number.h"
#include "job/inside_steps.h"

static void put_byte(struct inside *walk, unsigned char byte)
{
    if (walk->length + 1u < INSIDE_PATH_MAX)
        walk->path[walk->length++] = (char)byte;
}

static void put_code_point(struct inside *walk, unsigned code)
{
    if (code < 0x80) {
        put_byte(walk, (unsigned char)(code < 0x20 ? '?' : code));
    } else if (code < 0x800) {
        put_byte(walk, (unsigned char)(0xC0 | code >> 6));
        put_byte(walk, (unsigned char)(0x80 | (code & 0x3F)));
    } else if (code >= 0xD800 && code < 0xE000) {
        put_byte(walk, '?'); /* half of a pair; a key of emoji may look so */
    } else {
        put_byte(walk, (unsigned char)(0xE0 | code >> 12));
        put_byte(walk, (unsigned char)(0x80 | (code >> 6 & 0x3F)));
        put_byte(walk, (unsigned char)(0x80 | (code & 0x3F)));
    }
}

/* An escape of a JSON string or of a form; returns its length, or 0 if there is none. */
static size_t put_escape(struct inside *walk, struct bytes key, size_t at)
{
    const size_t digits = key.at[at] == '%' ? 2 : 4;
    const size_t before = key.at[at] == '%' ? 1 : 2;
    unsigned code = 0;
    if (key.at[at] == '\\' && inside_byte(key, at + 1) != 'u') {
        put_byte(walk, inside_byte(key, at + 1));
        return 2;
    }
    for (size_t index = 0; index < digits; index++) {
        const int digit = number_hex_digit(inside_byte(key, at + before + index));
        if (digit < 0)
            return 0;
        code = code << 4 | (unsigned)digit;
    }
    if (digits == 2)
        put_byte(walk, (unsigned char)code);
    else
        put_code_point(walk, code);
    return before + digits;
}

/* A number is a place in a list, whatever it is written as. */
static int is_place(struct bytes key)
{
    for (size_t index = 0; index < key.length; index++) {
        if (!inside_is_digit(key.at[index]))
            return 0;
    }
    return 1;
}

/* "card[number][0]" of a form, parted and without escapes, is card.number. */
static void part_form_key(struct inside *walk, size_t begin)
{
    size_t out = begin;
    size_t part = begin;
    for (size_t at = begin; at <= walk->length; at++) {
        const char byte = at < walk->length ? walk->path[at] : '[';
        if (byte != '[' && byte != ']')
            continue;
        const struct bytes key = bytes_of(walk->path + part, at - part);
        if (key.length > 0 && (part == begin || !is_place(key))) {
            if (out > begin)
                walk->path[out++] = '.';
            memmove(walk->path + out, key.at, key.length);
            out += key.length;
        }
        part = at + 1;
    }
    walk->length = (uint16_t)out;
}

void inside_put_key(struct inside *walk, struct bytes key)
{
    walk->length = walk->depth > 0 ? walk->lengths[walk->depth - 1] : 0;
    walk->has_key = 1;
    if (is_place(key)) {
        walk->path[walk->length] = '\0';
        return;
    }
    if (key.length > INSIDE_KEY_MAX)
        key = bytes_of(INSIDE_ELSEWHERE, sizeof INSIDE_ELSEWHERE - 1);
    if (walk->length > 0)
        put_byte(walk, '.');
    const size_t begin = walk->length;
    for (size_t at = 0; at < key.length;) {
        const int may_escape =
            walk->kind == INSIDE_FORM ? key.at[at] == '%' : key.at[at] == '\\';
        const size_t taken =
            may_escape && walk->kind != INSIDE_PHP ? put_escape(walk, key, at) : 0;
        if (taken == 0)
            put_byte(walk, key.at[at]);
        at += taken > 0 ? taken : 1;
    }
    if (walk->kind == INSIDE_FORM)
        part_form_key(walk, begin);
    walk->path[walk->length] = '\0';
}

int inside_enter(struct inside *walk, int is_keyed)
{
    if (walk->depth == INSIDE_DEPTH_MAX)
        return 0;
    /* A list in a list, or a list's element, has the path of what it stands in. */
    walk->is_keyed[walk->depth] = (uint8_t)is_keyed;
    walk->lengths[walk->depth++] = walk->length;
    walk->has_key = 0;
    return 1;
}

void inside_leave(struct inside *walk)
{
    if (walk->depth == 0)
        return;
    walk->depth--;
    walk->length = walk->depth > 0 ? walk->lengths[walk->depth - 1] : 0;
    walk->path[walk->length] = '\0';
    walk->has_key = 0;
}

void inside_settle(struct inside *walk)
{
    if (walk->has_key)
        return;
    walk->length = walk->depth > 0 ? walk->lengths[walk->depth - 1] : 0;
    walk->path[walk->length] = '\0';
}
