/* pgreason.h - what went wrong, in words of our own.
 *
 * A message of the server may quote a row, one of libpq the password: neither is shown.
 * The server's code (SQLSTATE) may be, and tells enough.
 */
#ifndef SIEVE_SOURCE_PGREASON_H
#define SIEVE_SOURCE_PGREASON_H

#include "source/database.h"

/* Length of a SQLSTATE. */
#define PGCODE_LENGTH 5

/* Sets reason, code and is_lost from a SQLSTATE; NULL: there was none. */
void pgreason_of_code(const char *code, struct database_error *error);

/* The same for a connection that was not made, from libpq's own message with the
 * server's part of it reduced to a code. */
void pgreason_of_message(const char *message, struct database_error *error);

#endif /* SIEVE_SOURCE_PGREASON_H */
