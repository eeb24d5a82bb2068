#include "source/statement.h"

#include "base/number.h"

/* Bytes of one statement: the widest table has 4,096 columns of 64 characters. */
#define STATEMENT_LENGTH_MAX (4u << 20)

void statement_init(struct statement *statement)
{
    buffer_init(&statement->text, STATEMENT_LENGTH_MAX);
    statement->status = SIEVE_OK;
}

void statement_done(struct statement *statement)
{
    buffer_done(&statement->text);
}

void statement_begin(struct statement *statement)
{
    buffer_clear(&statement->text);
    statement->status = SIEVE_OK;
}

void statement_put_bytes(struct statement *statement, struct bytes bytes)
{
    if (statement->status == SIEVE_OK)
        statement->status = buffer_append(&statement->text, bytes);
}

void statement_put(struct statement *statement, const char *text)
{
    statement_put_bytes(statement, bytes_of_text(text));
}

void statement_put_number(struct statement *statement, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    const size_t length = number_text(number, text);
    statement_put_bytes(statement, bytes_of(text, length));
}

static void put_quoted(struct statement *statement, const char *text, char quote)
{
    if (statement->status == SIEVE_OK)
        statement->status =
            buffer_append_quoted(&statement->text, bytes_of_text(text), quote);
}

void statement_put_name(struct statement *statement, const char *name)
{
    put_quoted(statement, name, '`');
}

void statement_put_literal(struct statement *statement, const char *text)
{
    put_quoted(statement, text, '\'');
}
