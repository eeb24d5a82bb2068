/* pgbinary.h - what COPY ... (FORMAT binary) sends, read where it lies.
 *
 * Text stays where the server's message has it.  Numbers become decimal text, because
 * that is what is looked for: nobody searches a card number in base 10000.
 */
#ifndef SIEVE_SOURCE_PGBINARY_H
#define SIEVE_SOURCE_PGBINARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "cardsieve.h"

/* How a column comes, and what its cell is made of. */
enum pgdecoding {
    PGDECODE_NONE,  /* not read */
    PGDECODE_TEXT,  /* its own bytes */
    PGDECODE_CAST,  /* the same; the statement casts to text */
    PGDECODE_BYTES, /* bytea */
    PGDECODE_JSONB, /* one byte of version, then text */
    PGDECODE_MONEY, /* numeric; the statement casts */
    PGDECODE_NUMERIC,
    PGDECODE_INT2,
    PGDECODE_INT4,
    PGDECODE_INT8,
    PGDECODE_OID,
    PGDECODE_FLOAT8,
    PGDECODE_UUID
};

/* Bytes of "(4294967295,65535)" with its end. */
#define PGLOCATOR_MAX 24

/* Steps over the header, with which the first message begins. */
sieve_status pgbinary_header(struct bytes *message) SIEVE_MUST_CHECK;

/* Takes the next row off the message: one entry a column, NULL for SQL's NULL.
 * SIEVE_STOPPED at the end of all rows, SIEVE_E_CORRUPT if there is no such row. */
sieve_status pgbinary_row(struct bytes *message, struct bytes *fields,
                          size_t count) SIEVE_MUST_CHECK;

/* At most so many bytes of text are made of the field; 0: it is its own text.  Never
 * more than PGTEXT_MAX. */
size_t pgbinary_room(enum pgdecoding decoding, struct bytes field);

/* 131,072 digits before the point and 16,383 behind it, both rounded up to four. */
#define PGTEXT_MAX 147600

/* The field as text: points into the field, or into `room`, which has room.  A number
 * that is whole is written without a point, and one of a length that its type does not
 * have as the bytes it came in. */
struct bytes pgbinary_text(enum pgdecoding decoding, struct bytes field, char *room);

/* The place of a row (type tid): "(0,1)". */
sieve_status pgbinary_locator(struct bytes field,
                              char out[PGLOCATOR_MAX]) SIEVE_MUST_CHECK;

/* A field of type int8; 0 for NULL or anything else. */
int64_t pgbinary_int8(struct bytes field);

/* 1 and its value for a field of a whole number's type, and for a numeric one that is
 * whole and has 16 digits or less. */
int pgbinary_integer(enum pgdecoding decoding, struct bytes field, int64_t *out);

#endif /* SIEVE_SOURCE_PGBINARY_H */
