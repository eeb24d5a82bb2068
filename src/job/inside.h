/* inside.h - the keys inside of a value: JSON, hstore, PHP's serialized text, a form.
 *
 * A value that begins as one of these is walked from leaf to leaf; each leaf has the path
 * of the keys it stands under, without the places in arrays: "payload.card.number".
 * What is broken is walked as far as it can be.  Nothing is copied but the path.
 */
#ifndef SIEVE_JOB_INSIDE_H
#define SIEVE_JOB_INSIDE_H

#include <stdint.h>

#include "base/bytes.h"

#define INSIDE_DEPTH_MAX 32u
#define INSIDE_PATH_MAX  256u /* with NUL */

/* The path of what lies deeper than that, or under more or longer keys. */
#define INSIDE_ELSEWHERE "..."

enum inside_kind {
    INSIDE_NONE,
    INSIDE_JSON,
    INSIDE_HSTORE,
    INSIDE_PHP,
    INSIDE_FORM
};

/* A walk.  The value is borrowed while it lasts. */
struct inside {
    struct bytes value;
    size_t at;
    enum inside_kind kind;
    unsigned depth;
    uint8_t is_keyed[INSIDE_DEPTH_MAX]; /* objects have keys, lists have none */
    uint8_t has_key;                    /* the path ends with the key of what comes */
    uint16_t lengths[INSIDE_DEPTH_MAX]; /* of the path around each */
    uint16_t length;
    char path[INSIDE_PATH_MAX];
};

/* A scalar of the value, without its quotes. */
struct leaf {
    size_t begin;
    size_t end;
};

/* How the value begins; looks at few bytes of it. */
enum inside_kind inside_kind_of(struct bytes value);

/* 1 if there is a run of twelve digits or more somewhere in it. */
int inside_has_number(struct bytes value);

void inside_begin(struct inside *walk, struct bytes value, enum inside_kind kind);

/* 1 and the next leaf, whose path stands in walk->path (empty: it has no key); 0 past the
 * last, or where the value is broken or too deep. */
int inside_next(struct inside *walk, struct leaf *out);

#endif /* SIEVE_JOB_INSIDE_H */
