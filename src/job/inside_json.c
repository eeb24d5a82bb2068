#include "job/inside_steps.h"

/* Where a string ends, from behind its first quote: at the last one, or at the end. */
static size_t string_end(struct bytes value, size_t at)
{
    for (;;) {
        const unsigned char *quote =
            at < value.length ? memchr(value.at + at, '"', value.length - at) : NULL;
        if (!quote)
            return value.length;
        const size_t end = (size_t)(quote - value.at);
        size_t slashes = 0;
        while (end - slashes > at && value.at[end - slashes - 1] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            return end;
        at = end + 1;
    }
}

static size_t skip_blank(struct bytes value, size_t at)
{
    while (at < value.length && inside_is_blank(value.at[at]))
        at++;
    return at;
}

/* Behind the sign that parts a key from its value, or 0 if there is none. */
static size_t behind_tie(const struct inside *walk, size_t at)
{
    at = skip_blank(walk->value, at);
    if (walk->kind == INSIDE_JSON)
        return inside_byte(walk->value, at) == ':' ? at + 1 : 0;
    return inside_byte(walk->value, at) == '=' && inside_byte(walk->value, at + 1) == '>'
               ? at + 2
               : 0;
}

static int is_key_next(const struct inside *walk)
{
    if (walk->has_key)
        return 0;
    return walk->depth > 0 ? walk->is_keyed[walk->depth - 1]
                           : walk->kind == INSIDE_HSTORE;
}

/* From a quote on.  1 if it is a leaf; 0 if it was a key; -1 if nothing can follow. */
static int take_string(struct inside *walk, struct leaf *out)
{
    const size_t begin = walk->at + 1;
    const size_t end = string_end(walk->value, begin);
    walk->at = end < walk->value.length ? end + 1 : end;
    if (is_key_next(walk)) {
        const size_t behind = behind_tie(walk, walk->at);
        if (behind == 0)
            return -1;
        inside_put_key(walk, bytes_from(bytes_of(walk->value.at, end), begin));
        walk->at = behind;
        return 0;
    }
    inside_settle(walk);
    walk->has_key = 0;
    *out = (struct leaf){begin, end};
    return 1;
}

static int is_null(struct bytes word)
{
    return word.length == 4 &&
           (memcmp(word.at, "null", 4) == 0 || memcmp(word.at, "NULL", 4) == 0);
}

static int take_scalar(struct inside *walk, struct leaf *out)
{
    const size_t begin = walk->at;
    while (walk->at < walk->value.length && !inside_is_blank(walk->value.at[walk->at]) &&
           !strchr(",]}\"", walk->value.at[walk->at]))
        walk->at++;
    if (is_key_next(walk) || walk->at == begin)
        return -1; /* no JSON: its keys have quotes */
    inside_settle(walk);
    walk->has_key = 0;
    if (is_null(bytes_of(walk->value.at + begin, walk->at - begin)))
        return 0;
    *out = (struct leaf){begin, walk->at};
    return 1;
}

int inside_next_json(struct inside *walk, struct leaf *out)
{
    int taken = 0;
    while (taken == 0 && walk->at < walk->value.length) {
        const unsigned char byte = walk->value.at[walk->at];
        switch (byte) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case ',':
            walk->at++;
            break;
        case '{':
        case '[':
            if (is_key_next(walk))
                return 0;
            inside_settle(walk);
            walk->at++;
            taken = inside_enter(walk, byte == '{') ? 0 : -1;
            break;
        case '}':
        case ']':
            walk->at++;
            inside_leave(walk);
            break;
        case '"':
            taken = take_string(walk, out);
            break;
        default:
            taken = take_scalar(walk, out);
        }
    }
    return taken > 0;
}
