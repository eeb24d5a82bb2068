/* wishes.h - what one request asks for, in its query or in headers: one table. */
#ifndef SIEVE_SERVICE_WISHES_H
#define SIEVE_SERVICE_WISHES_H

#include "service/engine.h"
#include "service/server.h"

struct request_options {
    struct wishes wishes;
    int numbers_as_strings;
};

/* Starts from `defaults`; headers come before the query.  -1 if there is something that
 * is not known or not well-formed. */
int request_options_read(const struct exchange *exchange,
                         const struct request_options *defaults,
                         struct request_options *out);

/* The same for one option by its name; for the configuration too. */
int request_option_set(struct request_options *options, const char *name,
                       const char *value);

/* The options in turn; NULL past the last one. */
const char *request_option_name(size_t index);
const char *request_option_header(size_t index);

#endif /* SIEVE_SERVICE_WISHES_H */
