/* oracle_frames.h - sections 7 and 8 of docs/detection.md. */
#ifndef TESTS_SUPPORT_ORACLE_FRAMES_H
#define TESTS_SUPPORT_ORACLE_FRAMES_H

#include "support/oracle.h"
#include "support/oracle_window.h"

/* `finding` is complete; all digits in its bytes are hidden, hex digits too if `hex`. */
typedef void (*on_sensitive)(const struct oracle_finding *finding, int hex,
                             void *context);

/* The stripes whose number is this raw window. */
void tracks_of(const struct oracle_text *text, const struct window *window,
               on_sensitive found, void *context);
void chips_each(const struct oracle_text *text, on_sensitive found, void *context);
void codes_each(const struct oracle_text *text, const struct word_hits *hits,
                on_sensitive found, void *context);

#endif
