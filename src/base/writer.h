/* writer.h - bytes to a descriptor, collected.
 *
 * The first failure stays: every later call returns it and writes nothing.  A
 * closed pipe is SIEVE_STOPPED, anything else SIEVE_E_IO with the errno kept.
 */
#ifndef SIEVE_BASE_WRITER_H
#define SIEVE_BASE_WRITER_H

#include <stdint.h>

#include "base/bytes.h"
#include "cardsieve.h"

struct writer {
    int descriptor; /* borrowed */
    unsigned char *at;
    size_t length;
    sieve_status status;
    int system;       /* errno of the failure */
    uint64_t written; /* bytes the descriptor took */
};

sieve_status writer_init(struct writer *writer, int descriptor) SIEVE_MUST_CHECK;

/* Does not flush: a caller who wants the bytes says so, and hears of failure. */
void writer_done(struct writer *writer);

/* Failures stay in writer->status, so a run of puts needs one look at the end. */
void writer_put(struct writer *writer, struct bytes bytes);
void writer_text(struct writer *writer, const char *text);
void writer_number(struct writer *writer, uint64_t number);

/* Hands all that was collected to the descriptor. */
sieve_status writer_flush(struct writer *writer) SIEVE_MUST_CHECK;

#endif /* SIEVE_BASE_WRITER_H */
