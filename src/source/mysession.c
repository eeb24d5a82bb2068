#include "source/mysession.h"

#include "base/limits.h"

struct setting {
    const char *sql;
    unsigned char is_for; /* FOR_... */
};

enum {
    FOR_ALL,
    FOR_READING,
    FOR_WRITING,
    FOR_MARIADB, /* may not be known to it either: then it does without */
    FOR_MYSQL
};

/* The transaction is read-only and repeatable; no session that waits for us is ended; a
 * value comes in the bytes in which it is stored. */
static const struct setting settings[] = {
    {"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", FOR_ALL},
    {"SET SESSION TRANSACTION READ ONLY", FOR_READING},
    {"SET SESSION autocommit=1", FOR_ALL},
    {"SET SESSION sql_mode='NO_BACKSLASH_ESCAPES'", FOR_READING},
    {"SET SESSION sql_mode='NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'", FOR_WRITING},
    {"SET SESSION character_set_results=NULL", FOR_ALL},
    {"SET SESSION time_zone='+00:00'", FOR_ALL},
    {"SET SESSION net_write_timeout=604800", FOR_ALL},
    {"SET SESSION net_read_timeout=604800", FOR_ALL},
    {"SET SESSION wait_timeout=604800", FOR_ALL},
    {"SET SESSION sql_select_limit=DEFAULT", FOR_ALL},
    {"SET SESSION sql_auto_is_null=0", FOR_ALL},
    {"SET SESSION idle_transaction_timeout=0", FOR_MARIADB},
    {"SET SESSION idle_readonly_transaction_timeout=0", FOR_MARIADB},
    {"SET SESSION query_cache_type=OFF", FOR_MARIADB},
    {"SET SESSION system_versioning_asof=DEFAULT", FOR_MARIADB},
    {"SET SESSION information_schema_stats_expiry=0", FOR_MYSQL},
    {"SET SESSION show_create_table_verbosity=0", FOR_MYSQL},
};

static sieve_status set_limit(struct mylink *link, const char *name, uint64_t value,
                              struct database_error *error)
{
    struct statement statement;
    statement_init(&statement);
    statement_put(&statement, "SET SESSION ");
    statement_put(&statement, name);
    statement_put(&statement, "=");
    statement_put_number(&statement, value);
    sieve_status status = mylink_run(link, &statement, NULL, error);
    statement_done(&statement);
    return status;
}

static sieve_status settle(struct mylink *link, const struct choice *choice,
                           int is_writing, struct database_error *error)
{
    const int is_mariadb = mylink_is_mariadb(link);
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sizeof settings / sizeof *settings; index++) {
        const unsigned is_for = settings[index].is_for;
        if (status != SIEVE_OK || (is_for == FOR_MARIADB && !is_mariadb) ||
            (is_for == FOR_MYSQL && is_mariadb) ||
            (is_for == FOR_READING && is_writing) ||
            (is_for == FOR_WRITING && !is_writing))
            continue;
        status = mylink_do(link, settings[index].sql, error);
        if (status == SIEVE_E_IO && is_for >= FOR_MARIADB && !error->is_lost)
            status = SIEVE_OK;
    }
    if (status == SIEVE_OK)
        status =
            set_limit(link, "lock_wait_timeout",
                      choice->lock_seconds ? choice->lock_seconds : LOCK_SECONDS, error);
    if (status != SIEVE_OK)
        return status;
    const uint64_t seconds = choice->statement_seconds;
    return is_mariadb ? set_limit(link, "max_statement_time", seconds, error)
                      : set_limit(link, "max_execution_time", seconds * 1000, error);
}

sieve_status mysession_open(const struct myaddress *address, const struct choice *choice,
                            int is_writing, struct mylink **out,
                            struct database_error *error)
{
    struct mylink *link = NULL;
    sieve_status status = mylink_open(address, &link, error);
    if (status == SIEVE_OK)
        status = settle(link, choice, is_writing, error);
    if (status == SIEVE_OK)
        *out = link;
    else
        mylink_close(link);
    return status;
}
