/* pgserver.c - the databases of a server. */
#include "source/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "source/pgbinary.h"
#include "source/pgnames.h"
#include "source/pgsession.h"

/* A server has some thousands at most: each is a directory with hundreds of files. */
#define DATABASES_MAX 65536u

static const char databases_sql[] =
    "COPY (SELECT datname::text,datallowconn::int4::int8,"
    "has_database_privilege(oid,'CONNECT')::int4::int8 FROM pg_database"
    " WHERE NOT datistemplate ORDER BY datname) TO STDOUT (FORMAT binary);";

enum {
    DATABASE_NAME,
    DATABASE_IS_OPEN,
    DATABASE_IS_PERMITTED,
    DATABASE_FIELDS
};

static sieve_status take_database(const struct bytes *fields, void *context)
{
    struct database_list *list = context;
    if (list->count == DATABASES_MAX)
        return SIEVE_E_LIMIT;
    if ((list->count & (list->count + 1)) == 0) {
        struct database_entry *entries =
            realloc(list->entries, (2 * list->count + 2) * sizeof list->entries[0]);
        if (!entries)
            return SIEVE_E_MEMORY;
        list->entries = entries;
    }
    const struct bytes name = fields[DATABASE_NAME];
    char *copy = calloc(1, name.length + 1);
    if (!copy)
        return SIEVE_E_MEMORY;
    if (name.length > 0)
        memcpy(copy, name.at, name.length);
    list->entries[list->count++] = (struct database_entry){
        .name = copy,
        .unreadable = pgbinary_int8(fields[DATABASE_IS_OPEN]) == 0
                          ? "the server allows no connections to it"
                      : pgbinary_int8(fields[DATABASE_IS_PERMITTED]) == 0
                          ? "no permission to connect to it"
                          : NULL,
    };
    return SIEVE_OK;
}

/* As pg_dumpall does: where the database that the address means is none, or may not be
 * connected to, one of those that nearly every server has tells the list too. */
static sieve_status open_any(const char *target, const struct choice *choice,
                             struct pglink **out, struct database_error *error)
{
    static const char *const common[] = {NULL, "postgres", "template1"};
    sieve_status status = SIEVE_E_IO;
    for (size_t index = 0; index < sizeof common / sizeof *common; index++) {
        struct choice one = *choice;
        struct database_error other;
        one.database = common[index];
        status = pglink_open(target, &one, out, index == 0 ? error : &other);
        if (status == SIEVE_OK || status == SIEVE_E_MEMORY ||
            (strcmp(error->code, "3D000") != 0 && strcmp(error->code, "42501") != 0))
            break;
    }
    return status;
}

sieve_status postgres_list(const char *target, const struct choice *choice,
                           struct database_list *out, struct database_error *error)
{
    struct pglink *link = NULL;
    struct pgsession session;
    struct bytes fields[DATABASE_FIELDS];
    const struct pgtaker taker = {fields, DATABASE_FIELDS, take_database, out};
    sieve_status status = open_any(target, choice, &link, error);
    if (status != SIEVE_OK)
        return status;
    pgsession_init(&session, link, NULL);
    status = pgsession_begin(&session, 0);
    if (status == SIEVE_OK)
        status = pgtext_append(&session.sql, databases_sql);
    if (status == SIEVE_OK)
        status = pgsession_run(&session, &taker, error);
    pgsession_done(&session);
    return status;
}
