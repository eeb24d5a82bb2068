/* mylink.h - one connection to a MariaDB or MySQL server: all that is known of
 * libmariadb.
 *
 * No message of the server is shown to anybody.
 */
#ifndef SIEVE_SOURCE_MYLINK_H
#define SIEVE_SOURCE_MYLINK_H

#include "source/database.h"
#include "source/myaddress.h"
#include "source/statement.h"

struct mylink;

/* Fields of one row, `at` NULL for SQL's NULL, each with a NUL behind it; borrowed for
 * the call.  A failure ends the statement, and the connection with it. */
typedef sieve_status (*mylink_on_row)(const struct bytes *fields, void *context);

/* Who takes the rows, and how many fields they must have. */
struct mytaker {
    size_t field_count;
    mylink_on_row on_row;
    void *context;
};

/* Connects as the mariadb client does, with its option files and variables.  `address`
 * is borrowed until close. */
sieve_status mylink_open(const struct myaddress *address, struct mylink **out,
                         struct database_error *error) SIEVE_MUST_CHECK;
void mylink_close(struct mylink *link); /* NULL is legal */

/* Runs one statement; its rows come while the server still reads them.  `taker` may be
 * NULL if there are none.  A value takes its own length of memory. */
sieve_status mylink_run(struct mylink *link, const struct statement *statement,
                        const struct mytaker *taker,
                        struct database_error *error) SIEVE_MUST_CHECK;

/* The same for a statement that is a constant and gives no rows. */
sieve_status mylink_do(struct mylink *link, const char *sql,
                       struct database_error *error) SIEVE_MUST_CHECK;

/* Makes what runs end soon, and all that would follow; safe in any thread. */
void mylink_cancel(struct mylink *link);

/* How many rows the last statement changed. */
uint64_t mylink_changed(const struct mylink *link);

/* 1 if a transaction is open, as the server said last. */
int mylink_is_in_transaction(const struct mylink *link);

int mylink_is_mariadb(const struct mylink *link);

/* 101119 for 10.11.19 */
unsigned long mylink_version(const struct mylink *link);

#endif /* SIEVE_SOURCE_MYLINK_H */
