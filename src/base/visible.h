/* visible.h - any bytes as text that is harmless on a terminal and in JSON. */
#ifndef SIEVE_BASE_VISIBLE_H
#define SIEVE_BASE_VISIBLE_H

#include "base/buffer.h"

/* Appends `bytes` as UTF-8 for people: control characters, characters that turn the
 * direction of writing, and bytes that are no UTF-8 come out as \xNN. */
sieve_status visible_append(struct buffer *out, struct bytes bytes) SIEVE_MUST_CHECK;

/* Appends a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
sieve_status json_append_string(struct buffer *out, struct bytes bytes) SIEVE_MUST_CHECK;

#endif /* SIEVE_BASE_VISIBLE_H */
