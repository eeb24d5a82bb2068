/* statement.h - the text of an SQL statement as MariaDB and MySQL read it, made of parts.
 *
 * What fails stays failed until the next one begins: so the parts are put one after the
 * other, and only the end asks how it went.
 */
#ifndef SIEVE_SOURCE_STATEMENT_H
#define SIEVE_SOURCE_STATEMENT_H

#include <stdint.h>

#include "base/buffer.h"

struct statement {
    struct buffer text;
    sieve_status status;
};

void statement_init(struct statement *statement);
void statement_done(struct statement *statement);
void statement_begin(struct statement *statement);

void statement_put(struct statement *statement, const char *text);
void statement_put_bytes(struct statement *statement, struct bytes bytes);
void statement_put_number(struct statement *statement, uint64_t number);

/* `name` in backticks. */
void statement_put_name(struct statement *statement, const char *name);

/* A text in quotes; a backslash means itself, which every connection of ours sees to. */
void statement_put_literal(struct statement *statement, const char *text);

#endif /* SIEVE_SOURCE_STATEMENT_H */
