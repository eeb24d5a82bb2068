#include "job/inside_steps.h"

/* The number at the place, and what stands behind it; 0 if it is none. */
static int take_length(struct inside *walk, unsigned char behind, size_t *out)
{
    size_t at = walk->at;
    size_t number = 0;
    while (inside_is_digit(inside_byte(walk->value, at)) && number < walk->value.length)
        number = 10 * number + (size_t)(walk->value.at[at++] - '0');
    if (at == walk->at || inside_byte(walk->value, at) != behind)
        return 0;
    walk->at = at + 1;
    *out = number;
    return 1;
}

/* From behind "s:" on: 16:"...": its length is told.  0 if it is broken. */
static int take_counted(struct inside *walk, struct leaf *out)
{
    size_t length = 0;
    if (!take_length(walk, ':', &length) || inside_byte(walk->value, walk->at) != '"' ||
        length > walk->value.length - walk->at - 1 ||
        inside_byte(walk->value, walk->at + 1 + length) != '"')
        return 0;
    *out = (struct leaf){walk->at + 1, walk->at + 1 + length};
    walk->at = out->end + 1;
    return 1;
}

/* "\0Class\0name" of a property that others may not see is name. */
static struct bytes property_name(struct bytes key)
{
    for (size_t at = key.length; at > 0; at--) {
        if (key.at[at - 1] == '\0')
            return bytes_from(key, at);
    }
    return key;
}

/* A scalar of type i, d, b, r or R: up to its semicolon. */
static void take_plain(struct inside *walk, struct leaf *out)
{
    out->begin = walk->at;
    while (walk->at < walk->value.length && walk->value.at[walk->at] != ';')
        walk->at++;
    out->end = walk->at;
}

/* A leaf is a key of what it stands in, or a value.  1 if it is a value. */
static int give_php(struct inside *walk, const struct leaf *leaf, int is_text)
{
    if (inside_byte(walk->value, walk->at) == ';')
        walk->at++;
    if (walk->depth > 0 && !walk->has_key) {
        const struct bytes key =
            bytes_from(bytes_of(walk->value.at, leaf->end), leaf->begin);
        inside_put_key(walk, is_text ? property_name(key) : bytes_of("", 0));
        return 0;
    }
    inside_settle(walk);
    walk->has_key = 0;
    return 1;
}

/* From behind "a:" or "O:" on, through its brace.  0 if it is broken or too deep. */
static int enter_php(struct inside *walk, unsigned char type)
{
    size_t count = 0;
    struct leaf name;
    if (type == 'O' &&
        (!take_counted(walk, &name) || inside_byte(walk->value, walk->at) != ':'))
        return 0;
    walk->at += type == 'O';
    if (!take_length(walk, ':', &count) || inside_byte(walk->value, walk->at) != '{')
        return 0;
    walk->at++;
    inside_settle(walk);
    return inside_enter(walk, 1);
}

/* A name of a session's variable, up to its bar.  0 if there is none. */
static int take_variable(struct inside *walk)
{
    const size_t begin = walk->at;
    size_t at = begin;
    while (at < walk->value.length && at - begin < INSIDE_KEY_MAX &&
           walk->value.at[at] != '|')
        at++;
    if (inside_byte(walk->value, at) != '|' || at == begin)
        return 0;
    inside_put_key(walk, bytes_from(bytes_of(walk->value.at, at), begin));
    walk->at = at + 1;
    return 1;
}

/* 1: a leaf; 0: go on; -1: it is broken. */
static int step_php(struct inside *walk, struct leaf *out)
{
    const unsigned char type = walk->value.at[walk->at];
    if (type == '}' || type == ';') {
        walk->at++;
        if (type == '}')
            inside_leave(walk);
        return 0;
    }
    if (type == 'N') {
        walk->at++;
        walk->has_key = 0;
        return 0;
    }
    if (walk->depth == 0 && !walk->has_key && !inside_is_php(walk->value, walk->at))
        return take_variable(walk) ? 0 : -1;
    if (inside_byte(walk->value, walk->at + 1) != ':')
        return -1;
    walk->at += 2;
    switch (type) {
    case 'a':
    case 'O':
        return enter_php(walk, type) ? 0 : -1;
    case 's':
        return take_counted(walk, out) ? give_php(walk, out, 1) : -1;
    case 'i':
    case 'd':
    case 'b':
    case 'r':
    case 'R':
        take_plain(walk, out);
        return give_php(walk, out, 0);
    default:
        return -1; /* a class that writes itself: its length is its own affair */
    }
}

int inside_next_php(struct inside *walk, struct leaf *out)
{
    int taken = 0;
    while (taken == 0 && walk->at < walk->value.length)
        taken = step_php(walk, out);
    return taken > 0;
}
