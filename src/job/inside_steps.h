/* inside_steps.h - what the files of the walk share; see inside.h. */
#ifndef SIEVE_JOB_INSIDE_STEPS_H
#define SIEVE_JOB_INSIDE_STEPS_H

#include "job/inside.h"

#define INSIDE_KEY_MAX 64u /* bytes of a key that is kept */

static inline int inside_is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline int inside_is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The byte at a place, or NUL past the end. */
static inline unsigned char inside_byte(struct bytes value, size_t at)
{
    return at < value.length ? value.at[at] : 0;
}

/* Puts a key behind the path of what it stands in. */
void inside_put_key(struct inside *walk, struct bytes key);

/* What is no value of a key has the path of what it stands in. */
void inside_settle(struct inside *walk);

/* Into an object (with keys) or a list, and out of it.  0 if it is too deep. */
int inside_enter(struct inside *walk, int is_keyed);
void inside_leave(struct inside *walk);

/* "a:2:{", "O:8:", "s:16:", "i:5;" at a place: what serialize() writes. */
int inside_is_php(struct bytes value, size_t at);

int inside_next_json(struct inside *walk, struct leaf *out);
int inside_next_php(struct inside *walk, struct leaf *out);

#endif /* SIEVE_JOB_INSIDE_STEPS_H */
