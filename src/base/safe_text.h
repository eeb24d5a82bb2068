/* safe_text.h - text that may be shown: what could be a card number in it is hidden
 * on the way in.  File names and what the user typed pass through here before any
 * report or message sees them.
 *
 * The bytes are still bytes: they may be no UTF-8 and may hold control characters.
 * visible_append() and json_append_string() see to that on the way out.
 */
#ifndef SIEVE_BASE_SAFE_TEXT_H
#define SIEVE_BASE_SAFE_TEXT_H

#include "base/buffer.h"

struct safe_text {
    struct buffer buffer;
};

void safe_text_init(struct safe_text *text);
void safe_text_done(struct safe_text *text);

/* 1 if `raw` has so many digits or foreign bytes that only an engine can tell. */
int safe_text_needs_veil(struct bytes raw);

/* Copies `raw`, hiding numbers.  `veil` is a scanner of the lowest confidence that
 * masks as full as it likes; without one (NULL) every long number is hidden. */
sieve_status safe_text_set(struct safe_text *text, struct bytes raw,
                           sieve_scanner *veil) SIEVE_MUST_CHECK;

static inline struct bytes safe_text_bytes(const struct safe_text *text)
{
    return buffer_bytes(&text->buffer);
}

#endif /* SIEVE_BASE_SAFE_TEXT_H */
