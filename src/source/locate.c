/* locate.c - which source a target names. */
#include "source/database.h"

#include <string.h>

#include "source/locate.h"
#ifdef SIEVE_POSTGRES
#include "source/postgres.h"
#endif
#ifdef SIEVE_SQLITE
#include "source/sqlite.h"
#endif

/* One row for each kind of database; `open` NULL: this program was built without. */
static const struct {
    const char *scheme;
    sieve_status (*open)(const char *target, const struct choice *choice,
                         struct database **out, struct database_error *error);
    const char *missing;
} kinds[] = {
#ifdef SIEVE_SQLITE
    {"sqlite:", sqlite_open, NULL},
#else
    {"sqlite:", NULL, "this program was built without SQLite"},
#endif
#ifdef SIEVE_POSTGRES
    {"postgresql:", postgres_open, NULL},
    {"postgres:", postgres_open, NULL},
#else
    {"postgresql:", NULL, "this program was built without PostgreSQL's library"},
    {"postgres:", NULL, "this program was built without PostgreSQL's library"},
#endif
    {"mysql:", NULL, "this version knows no MySQL or MariaDB databases"},
    {"mariadb:", NULL, "this version knows no MySQL or MariaDB databases"},
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
