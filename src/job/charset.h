/* charset.h - the texts of Japanese systems as UTF-8, for excerpts.
 *
 * Which encoding a text is in is guessed from its bytes; what cannot be told or
 * converted stays out.
 */
#ifndef SIEVE_JOB_CHARSET_H
#define SIEVE_JOB_CHARSET_H

#include "base/buffer.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_EUC_JP,
    CHARSET_CP932,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE
};
#define CHARSET_COUNT 5

/* Opened when needed; the C library's iconv does the work. */
struct converter {
    void *handles[CHARSET_COUNT]; /* NULL: not opened */
    int has_failed[CHARSET_COUNT];
};

void converter_init(struct converter *converter);
void converter_done(struct converter *converter);

/* Appends `bytes` as UTF-8; a character cut at the end is left off.  1, or 0 if they
 * are no text in `from` (what was appended is taken back then) or memory is short. */
int converter_append(struct converter *converter, enum charset from, struct bytes bytes,
                     struct buffer *out);

/* The first index not before `from` at which a character begins, in a text that begins
 * at bytes[0]. */
size_t charset_align(enum charset charset, struct bytes bytes, size_t from);

#endif /* SIEVE_JOB_CHARSET_H */
