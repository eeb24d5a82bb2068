/* pgnames.h - writing names and texts into a statement so that they stay what they are.
 */
#ifndef SIEVE_SOURCE_PGNAMES_H
#define SIEVE_SOURCE_PGNAMES_H

#include <stdint.h>

#include "base/buffer.h"

/* Appends "name" in double quotes, quotes in it doubled: what PQescapeIdentifier does. */
sieve_status pgname_append(struct buffer *sql, const char *name) SIEVE_MUST_CHECK;

/* Appends 'text' as a literal that means the same whatever the server's settings are. */
sieve_status pgliteral_append(struct buffer *sql, const char *text) SIEVE_MUST_CHECK;

/* Appends text as it is: keywords, numbers. */
sieve_status pgtext_append(struct buffer *sql, const char *text) SIEVE_MUST_CHECK;
sieve_status pgnumber_append(struct buffer *sql, uint64_t number) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGNAMES_H */
