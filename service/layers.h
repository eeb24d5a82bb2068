/* layers.h - a text of a request's head whose percent signs are encoded once more, as in
 * an address inside of an address: "%253D" is "%3D" there, and "%2534" in the end a 4.
 */
#ifndef SIEVE_SERVICE_LAYERS_H
#define SIEVE_SERVICE_LAYERS_H

#include "base/bytes.h"
#include "cardsieve.h"

/* How many times "%25" is undone; a text without it costs nothing. */
#define LAYERS_MAX 3

/* Masks `length` bytes as sieve_mask() does: as they are, and as they read below each
 * layer.  Where a digit is hidden its bytes are, in whatever way it is written, so the
 * length stays.  On failure the bytes are not to be used. */
sieve_status layers_mask(sieve_scanner *scanner, unsigned char *at, size_t length,
                         sieve_on_finding on_finding, void *context) SIEVE_MUST_CHECK;

/* The same of what is below alone, for a text that was masked as it is. */
sieve_status layers_mask_below(sieve_scanner *scanner, unsigned char *at, size_t length,
                               sieve_on_finding on_finding,
                               void *context) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_LAYERS_H */
