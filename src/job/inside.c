#include "job/inside.h"

#include "job/inside_steps.h"

#define NAME_LOOKED 64u /* bytes in which a form's first name must end */
#define DIGITS_MIN  12u

/* ---- bytes ------------------------------------------------------------------------- */

static int is_one_of(unsigned char byte, const char *set)
{
    return byte != 0 && strchr(set, byte) != NULL;
}

static int is_letter(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

int inside_has_number(struct bytes value)
{
    /* Every run of twelve has a digit at one of these places. */
    for (size_t at = DIGITS_MIN - 1; at < value.length; at += DIGITS_MIN) {
        if (!inside_is_digit(value.at[at]))
            continue;
        size_t begin = at;
        size_t end = at + 1;
        while (begin > 0 && at - begin < DIGITS_MIN &&
               inside_is_digit(value.at[begin - 1]))
            begin--;
        while (end < value.length && end - begin < DIGITS_MIN &&
               inside_is_digit(value.at[end]))
            end++;
        if (end - begin >= DIGITS_MIN)
            return 1;
    }
    return 0;
}

/* ---- how a value begins ------------------------------------------------------------ */

int inside_is_php(struct bytes value, size_t at)
{
    const unsigned char type = inside_byte(value, at);
    if (!is_one_of(type, "aOsi") || inside_byte(value, at + 1) != ':' ||
        !inside_is_digit(inside_byte(value, at + 2)))
        return 0;
    at += 2;
    while (inside_is_digit(inside_byte(value, at)))
        at++;
    return inside_byte(value, at) == (type == 'i' ? ';' : ':');
}

/* A name and what follows it: "card_no=...&", or "card_no|a:1:{" of a PHP session. */
static enum inside_kind kind_of_named(struct bytes value)
{
    size_t at = 0;
    while (at < NAME_LOOKED && at < value.length &&
           (is_letter(value.at[at]) || inside_is_digit(value.at[at]) ||
            is_one_of(value.at[at], "_-.%[]")))
        at++;
    if (at == 0 || at >= value.length)
        return INSIDE_NONE;
    if (value.at[at] == '|')
        return inside_is_php(value, at + 1) ? INSIDE_PHP : INSIDE_NONE;
    return value.at[at] == '=' && memchr(value.at + at, '&', value.length - at)
               ? INSIDE_FORM
               : INSIDE_NONE;
}

/* "key"=>: the key may hold anything. */
static int is_hstore(struct bytes value)
{
    for (size_t at = 1; at + 2 < value.length && at < 4 * NAME_LOOKED; at++) {
        if (value.at[at] == '\\')
            at++;
        else if (value.at[at] == '"')
            return value.at[at + 1] == '=' && value.at[at + 2] == '>';
    }
    return 0;
}

enum inside_kind inside_kind_of(struct bytes value)
{
    size_t at = 0;
    while (at < NAME_LOOKED && inside_is_blank(inside_byte(value, at)))
        at++;
    switch (inside_byte(value, at)) {
    case 0:
        return INSIDE_NONE;
    case '{':
    case '[':
        return INSIDE_JSON;
    case '"':
        return at == 0 && is_hstore(value) ? INSIDE_HSTORE : INSIDE_NONE;
    default:
        if (at > 0)
            return INSIDE_NONE;
        return inside_is_php(value, 0) ? INSIDE_PHP : kind_of_named(value);
    }
}

/* ---- forms ------------------------------------------------------------------------- */

static int next_form(struct inside *walk, struct leaf *out)
{
    const struct bytes value = walk->value;
    if (walk->at >= value.length)
        return 0;
    const struct bytes rest = bytes_from(value, walk->at);
    const unsigned char *next = memchr(rest.at, '&', rest.length);
    const size_t end = next ? (size_t)(next - value.at) : value.length;
    const unsigned char *tie = memchr(rest.at, '=', end - walk->at);
    const size_t behind = tie ? (size_t)(tie - value.at) : end;
    inside_put_key(walk, bytes_of(rest.at, behind - walk->at));
    *out = (struct leaf){behind < end ? behind + 1 : end, end};
    walk->at = end + 1;
    return 1;
}

/* ---- a walk ------------------------------------------------------------------------ */

void inside_begin(struct inside *walk, struct bytes value, enum inside_kind kind)
{
    walk->value = value;
    walk->kind = kind;
    walk->at = 0;
    walk->depth = 0;
    walk->has_key = 0;
    walk->length = 0;
    walk->path[0] = '\0';
}

int inside_next(struct inside *walk, struct leaf *out)
{
    switch (walk->kind) {
    case INSIDE_JSON:
    case INSIDE_HSTORE:
        return inside_next_json(walk, out);
    case INSIDE_PHP:
        return inside_next_php(walk, out);
    case INSIDE_FORM:
        return next_form(walk, out);
    case INSIDE_NONE:
        break;
    }
    return 0;
}
