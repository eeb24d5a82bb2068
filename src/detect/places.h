/* places.h - the places the sieve told of are looked at, one start after another. */
#ifndef SIEVE_DETECT_PLACES_H
#define SIEVE_DETECT_PLACES_H

#include "detect/field.h"
#include "detect/judge.h"

/* A number begins so far before its last escape: 19 digits and 18 double joints of 10
 * bytes and less.  Places so far behind a range tell of starts in it. */
#define ESCAPED_CHAIN_MAX 640u

/* Judges every start of [from, to) that is in one of the places; adds the names. */
void places_judge(struct judge *judge, const struct place_list *places, size_t from,
                  size_t to, struct name_list *names);

/* The same without the sieve: every start of [from, to) in every mode. */
void places_judge_all(struct judge *judge, size_t from, size_t to);

#endif /* SIEVE_DETECT_PLACES_H */
