/* mysession.h - a connection that only reads, and gets values as they are stored. */
#ifndef SIEVE_SOURCE_MYSESSION_H
#define SIEVE_SOURCE_MYSESSION_H

#include "source/mylink.h"

/* As mylink_open(); `choice` tells the time limits. */
sieve_status mysession_open(const struct myaddress *address, const struct choice *choice,
                            struct mylink **out,
                            struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_MYSESSION_H */
