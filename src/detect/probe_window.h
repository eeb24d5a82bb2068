/* probe_window.h - the windows of names: part of probe.h, for its own files alone. */
#ifndef SIEVE_DETECT_PROBE_WINDOW_H
#define SIEVE_DETECT_PROBE_WINDOW_H

#include "detect/probe.h"

#define WINDOWS_MAX 250u

/* What may stand at a byte of a window. */
enum place {
    OWN,   /* the spelling's byte; letters are held in lower case */
    FOLDS, /* the same in either case */
    PARTS, /* ASCII that may part words: no letter, digit, % or backslash */
    ENDS,  /* behind a word: what ends it */
    ANY
};

struct window {
    uint8_t bytes[PROBE_LENGTH];
    uint8_t places[PROBE_LENGTH]; /* enum place */
};

/* How often a byte stands in ordinary text, roughly, as a logarithm. */
uint8_t window_frequency(uint8_t byte);

/* What parts words inside a name, and what ends a name. */
bool window_parts(unsigned byte);
bool window_ends(unsigned byte);

/* True if `byte` may be byte i of the window. */
bool window_may_hold(const struct window *window, size_t i, unsigned byte);

/* Its second byte begins an escape: the sieve looks at those by themselves. */
static inline bool window_is_escape(const struct window *window)
{
    return window->bytes[1] == '%' || window->bytes[1] == '\\';
}

/* Puts each window that is no escape in the bucket that lets least more of ordinary text
 * pass with it; buckets[i] is PROBE_BUCKETS for escapes. */
void windows_sort(const struct window *windows, size_t count,
                  uint8_t buckets[WINDOWS_MAX]);

/* Fills probe_tables.folded. */
void window_fold(uint8_t folded[256]);

#endif /* SIEVE_DETECT_PROBE_WINDOW_H */
