#include <string.h>

#include "job/repair_judge.h"

#define DEPTH_MAX 1024u

/* A look at JSON from its begin to its end. */
struct walk {
    struct bytes json;
    size_t at;
    unsigned depth;
    unsigned char is_object[DEPTH_MAX];
};

static const struct edit quote = {.text = {(const unsigned char *)"\"", 1}};

static unsigned char byte_at(const struct walk *walk)
{
    return walk->at < walk->json.length ? walk->json.at[walk->at] : '\0';
}

static int is_in(const char *set, unsigned char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static void skip_space(struct walk *walk)
{
    while (is_in(" \t\r\n", byte_at(walk)))
        walk->at++;
}

/* Past the closing quote; 0 if there is none. */
static int skip_string(struct walk *walk)
{
    for (walk->at++; walk->at < walk->json.length; walk->at++) {
        if (walk->json.at[walk->at] == '\\')
            walk->at++;
        else if (walk->json.at[walk->at] == '"')
            return ++walk->at <= walk->json.length;
    }
    return 0;
}

static int skip_word(struct walk *walk)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        const size_t length = strlen(words[index]);
        if (walk->json.length - walk->at >= length &&
            memcmp(walk->json.at + walk->at, words[index], length) == 0) {
            walk->at += length;
            return 1;
        }
    }
    return 0;
}

/* Puts quotes around what the edits in [begin, end) change; *next is the first edit that
 * lies at or behind `begin`. */
static sieve_status quote_number(struct edit *edits, size_t *count, size_t capacity,
                                 size_t begin, size_t end, size_t *next)
{
    size_t last = 0;
    while (*next < *count && edits[*next].offset < begin)
        ++*next;
    last = *next;
    while (last < *count && edits[last].offset < end)
        last++;
    if (last == *next)
        return SIEVE_OK;
    if (*count + 2 > capacity)
        return SIEVE_E_LIMIT;
    memmove(&edits[last + 2], &edits[last], (*count - last) * sizeof edits[0]);
    memmove(&edits[*next + 1], &edits[*next], (last - *next) * sizeof edits[0]);
    edits[*next] = quote;
    edits[*next].offset = begin;
    edits[last + 1] = quote;
    edits[last + 1].offset = end;
    *count += 2;
    *next = last + 2;
    return SIEVE_OK;
}

static int open_bracket(struct walk *walk)
{
    if (walk->depth == DEPTH_MAX)
        return 0;
    walk->is_object[walk->depth++] = byte_at(walk) == '{';
    walk->at++;
    return 1;
}

static int close_bracket(struct walk *walk)
{
    if (walk->depth == 0 || walk->is_object[walk->depth - 1] != (byte_at(walk) == '}'))
        return 0;
    walk->depth--;
    walk->at++;
    return 1;
}

/* The next token; 0 if it is none.  A number is at [*begin_out, walk->at). */
static int step(struct walk *walk, size_t *begin_out)
{
    const unsigned char byte = byte_at(walk);
    *begin_out = SIZE_MAX;
    if (byte == '{' || byte == '[')
        return open_bracket(walk);
    if (byte == '}' || byte == ']')
        return close_bracket(walk);
    if (byte == '"')
        return skip_string(walk);
    if (byte == ',' || byte == ':') {
        walk->at++;
        return walk->depth > 0;
    }
    if (!is_in("-0123456789", byte))
        return skip_word(walk);
    *begin_out = walk->at;
    while (is_in("+-.0123456789eE", byte_at(walk)))
        walk->at++;
    return 1;
}

sieve_status json_quote_numbers(struct bytes json, struct edit *edits, size_t *count,
                                size_t capacity)
{
    struct walk walk = {.json = json};
    struct walk first = walk;
    sieve_status status = SIEVE_OK;
    size_t begin = 0;
    /* Once to see that it is JSON, once to change it. */
    for (skip_space(&first); first.at < json.length; skip_space(&first)) {
        if (!step(&first, &begin))
            return SIEVE_E_CORRUPT;
    }
    if (first.depth > 0)
        return SIEVE_E_CORRUPT;
    size_t next = 0;
    for (skip_space(&walk); walk.at < json.length && status == SIEVE_OK;
         skip_space(&walk)) {
        if (!step(&walk, &begin))
            return SIEVE_E_CORRUPT;
        if (begin != SIZE_MAX)
            status = quote_number(edits, count, capacity, begin, walk.at, &next);
    }
    return status;
}
