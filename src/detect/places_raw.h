/* places_raw.h - raw digits, as most numbers are written: part of places.h, for it alone.
 */
#ifndef SIEVE_DETECT_PLACES_RAW_H
#define SIEVE_DETECT_PLACES_RAW_H

#include "detect/judge.h"

/* Starts are looked at in this part of the view only. */
struct bounds {
    size_t from;
    size_t to;
};

/* Judges what may start at `at`; within the bounds alone. */
void places_start(struct judge *judge, enum mode mode, size_t at);
void places_start_within(struct judge *judge, enum mode mode, size_t at,
                         struct bounds bounds);

/* A number behind an escape: %3D4111... and \u00224111..., where raw digits begin at `at`
 * inside the escape or touch it. */
void places_behind_escape(struct judge *judge, size_t at, struct bounds bounds);

/* All raw starts of [from, to). */
void places_raw(struct judge *judge, size_t from, size_t to);

/* The raw start at `at`, whose digits may be a number: the sieve has seen so. */
void places_spot(struct judge *judge, size_t at, struct bounds bounds);

/* The chip data in the run of digits that begins at `at`. */
void places_chip(struct judge *judge, size_t at);

#endif /* SIEVE_DETECT_PLACES_RAW_H */
