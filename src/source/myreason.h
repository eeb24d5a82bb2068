/* myreason.h - what went wrong on a MariaDB or MySQL server, in words of our own.
 *
 * A message of the server may quote a row: it is never shown.  Its number may be, and
 * tells enough.
 */
#ifndef SIEVE_SOURCE_MYREASON_H
#define SIEVE_SOURCE_MYREASON_H

#include "source/database.h"

/* Sets reason, code and is_lost from the number of an error; 0: there was none. */
void myreason_of_code(unsigned code, struct database_error *error);

#endif /* SIEVE_SOURCE_MYREASON_H */
