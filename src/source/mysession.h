/* mysession.h - a connection that gets values as they are stored, and only reads unless
 * it is to write. */
#ifndef SIEVE_SOURCE_MYSESSION_H
#define SIEVE_SOURCE_MYSESSION_H

#include "source/mylink.h"

/* As mylink_open(); `choice` tells the time limits. */
sieve_status mysession_open(const struct myaddress *address, const struct choice *choice,
                            int is_writing, struct mylink **out,
                            struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYSESSION_H */
