/* locate.c - which source a target names. */
#include "source/database.h"

#include <stdlib.h>
#include <string.h>

#include "source/choice.h"
#include "source/locate.h"
#ifdef SIEVE_MARIADB
#include "source/mariadb.h"
#endif
#ifdef SIEVE_POSTGRES
#include "source/postgres.h"
#endif
#ifdef SIEVE_SQLITE
#include "source/sqlite.h"
#endif

typedef sieve_status (*open_call)(const char *target, const struct choice *choice,
                                  struct database **out, struct database_error *error);

/* All databases of the server that one may want to read, in order of their names. */
typedef sieve_status (*list_call)(const char *target, const struct choice *choice,
                                  struct database_list *out,
                                  struct database_error *error);

/* What stands in place of such a list. */
enum holds {
    HOLDS_ONE,      /* a file: it is no server */
    HOLDS_SCHEMAS,  /* its schemas are its databases: one connection reads them all */
    HOLDS_DATABASES /* `list` tells them */
};

/* One row for each kind of database; `open` NULL: this program was built without. */
static const struct {
    const char *scheme;
    open_call open;
    enum holds holds;
    list_call list;
    const char *missing;
} kinds[] = {
#ifdef SIEVE_SQLITE
    {"sqlite:", sqlite_open, HOLDS_ONE, NULL, NULL},
#else
    {"sqlite:", NULL, HOLDS_ONE, NULL, "this program was built without SQLite"},
#endif
#ifdef SIEVE_POSTGRES
    {"postgresql:", postgres_open, HOLDS_DATABASES, postgres_list, NULL},
    {"postgres:", postgres_open, HOLDS_DATABASES, postgres_list, NULL},
#else
    {"postgresql:", NULL, HOLDS_DATABASES, NULL,
     "this program was built without PostgreSQL's library"},
    {"postgres:", NULL, HOLDS_DATABASES, NULL,
     "this program was built without PostgreSQL's library"},
#endif
#ifdef SIEVE_MARIADB
    {"mysql:", mariadb_open, HOLDS_SCHEMAS, NULL, NULL},
    {"mariadb:", mariadb_open, HOLDS_SCHEMAS, NULL, NULL},
#else
    {"mysql:", NULL, HOLDS_SCHEMAS, NULL,
     "this program was built without MariaDB's library"},
    {"mariadb:", NULL, HOLDS_SCHEMAS, NULL,
     "this program was built without MariaDB's library"},
#endif
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static size_t kind_of(const char *target)
{
    size_t index = 0;
    while (index < KIND_COUNT &&
           strncmp(target, kinds[index].scheme, strlen(kinds[index].scheme)) != 0)
        index++;
    return index;
}

int is_database(const char *target)
{
    return kind_of(target) < KIND_COUNT;
}

/* Takes [from, to) out of a text. */
static void cut_out(char *from, const char *to)
{
    memmove(from, to, strlen(to) + 1);
}

/* "user:password@" in front of a host. */
static void cut_user(char *target)
{
    char *begin = strstr(target, "://");
    if (!begin)
        return;
    begin += 3;
    char *end = begin + strcspn(begin, "/?");
    /* A password may hold an @ that should have been escaped. */
    for (char *at = end; at > begin; at--) {
        char *colon = memchr(begin, ':', (size_t)(at - begin));
        if (*at != '@')
            continue;
        if (colon)
            cut_out(colon, at);
        return;
    }
}

sieve_status database_shown(const char *target, char **out)
{
    static const char *const secrets[] = {"password=", "sslpassword="};
    char *shown = strdup(target);
    if (!shown)
        return SIEVE_E_MEMORY;
    *out = shown;
    if (strncmp(target, "sqlite:", strlen("sqlite:")) == 0)
        return SIEVE_OK; /* a file's name, whatever is in it */
    cut_user(shown);
    for (size_t index = 0; index < sizeof secrets / sizeof secrets[0]; index++) {
        char *at = shown;
        while ((at = strstr(at, secrets[index])) != NULL) {
            at += strlen(secrets[index]);
            cut_out(at, at + strcspn(at, "&"));
        }
    }
    return SIEVE_OK;
}

sieve_status database_open(const char *target, const struct choice *choice,
                           struct database **out, int *is_database_out,
                           struct database_error *error)
{
    const size_t kind = kind_of(target);
    *is_database_out = kind < KIND_COUNT;
    if (kind == KIND_COUNT)
        return SIEVE_OK;
    if (!kinds[kind].open) {
        *error = (struct database_error){.reason = kinds[kind].missing};
        return SIEVE_E_STATE;
    }
    return kinds[kind].open(target, choice, out, error);
}

/* ---- the databases of a server -------------------------------------------------------
 */

void database_list_done(struct database_list *list)
{
    for (size_t index = 0; index < list->count; index++)
        free(list->entries[index].name);
    free(list->entries);
    *list = (struct database_list){.count = 0};
}

/* Drops what was not asked for; the first pattern that asks for none of them, or NULL. */
static const char *choose(const struct choice *choice, struct database_list *list)
{
    struct choice_matches matches = {.databases = {0}};
    const struct choice only = {.databases = choice->databases,
                                .database_count = choice->database_count};
    size_t kept = 0;
    for (size_t index = 0; index < list->count; index++) {
        const struct table named = {.schema = list->entries[index].name, .name = ""};
        choice_match(&only, &named, 1, 1, &matches);
        if (choice_takes_database(choice, list->entries[index].name))
            list->entries[kept++] = list->entries[index];
        else
            free(list->entries[index].name);
    }
    list->count = kept;
    return choice_unmatched(&only, &matches);
}

static sieve_status list_target(struct database_list *out)
{
    out->entries = calloc(1, sizeof out->entries[0]);
    out->count = out->entries != NULL;
    return out->entries ? SIEVE_OK : SIEVE_E_MEMORY;
}

sieve_status database_list(const char *target, const struct choice *choice,
                           struct database_list *out, const char **unmatched_out,
                           struct database_error *error)
{
    const size_t kind = kind_of(target);
    *out = (struct database_list){.count = 0};
    *unmatched_out = NULL;
    *error = (struct database_error){.reason = "not enough memory"};
    if (choice->database_count == 0 && !choice->all_databases)
        return list_target(out);
    if (kind == KIND_COUNT || kinds[kind].holds == HOLDS_ONE) {
        error->reason = "it is one database, not a server of them";
        return SIEVE_E_INVALID;
    }
    if (!kinds[kind].open) {
        error->reason = kinds[kind].missing;
        return SIEVE_E_STATE;
    }
    if (kinds[kind].holds == HOLDS_SCHEMAS)
        return list_target(out);
    sieve_status status = kinds[kind].list(target, choice, out, error);
    if (status == SIEVE_OK)
        *unmatched_out = choose(choice, out);
    if (status == SIEVE_OK && *unmatched_out) {
        error->reason = "there is no database of this name";
        status = SIEVE_E_INVALID;
    }
    if (status != SIEVE_OK)
        database_list_done(out);
    return status;
}
