#include "source/mysnapshot.h"

#include "source/mysession.h"

/* The first version that blocks commits and nothing else. */
#define BACKUP_STAGE_VERSION 100401ul

#define RIGHT_MISSING                                                                    \
    "one connection only: the right RELOAD is needed for more in one snapshot"
#define MOMENT_MISSING                                                                   \
    "one connection only: the server could not be held still for a moment"

static sieve_status begin(struct mylink *link, struct database_error *error)
{
    sieve_status status =
        mylink_do(link, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", error);
    return status == SIEVE_OK ? mylink_do(link, "SAVEPOINT cardsieve", error) : status;
}

static sieve_status hold_still(struct mylink *link, struct database_error *error)
{
    if (!mylink_is_mariadb(link) || mylink_version(link) < BACKUP_STAGE_VERSION)
        return mylink_do(link, "FLUSH TABLES WITH READ LOCK", error);
    sieve_status status = mylink_do(link, "BACKUP STAGE START", error);
    return status == SIEVE_OK ? mylink_do(link, "BACKUP STAGE BLOCK_COMMIT", error)
                              : status;
}

static void close_from(struct mysnapshot *snapshot, size_t first)
{
    for (size_t index = first; index < snapshot->count; index++) {
        mylink_close(snapshot->links[index]);
        snapshot->links[index] = NULL;
    }
    if (snapshot->count > first)
        snapshot->count = first;
}

/* How many there may be depends on the server. */
static sieve_status open_links(struct mysnapshot *snapshot,
                               const struct myaddress *address,
                               const struct choice *choice, size_t wanted,
                               struct database_error *error)
{
    sieve_status status = SIEVE_OK;
    while (snapshot->count < wanted && status == SIEVE_OK) {
        status =
            mysession_open(address, choice, 0, &snapshot->links[snapshot->count], error);
        snapshot->count += status == SIEVE_OK;
    }
    return snapshot->count > 0 && status == SIEVE_E_IO ? SIEVE_OK : status;
}

/* Closing the one that holds lets go, whatever state it is in. */
static sieve_status begin_all(struct mysnapshot *snapshot,
                              const struct myaddress *address,
                              const struct choice *choice, struct database_error *error)
{
    struct mylink *holder = NULL;
    sieve_status status = mysession_open(address, choice, 0, &holder, error);
    if (status == SIEVE_OK)
        status = hold_still(holder, error);
    if (status != SIEVE_OK) {
        snapshot->lack =
            strcmp(error->code, "1227") == 0 ? RIGHT_MISSING : MOMENT_MISSING;
        close_from(snapshot, 1);
        status = status == SIEVE_E_IO ? SIEVE_OK : status;
    }
    for (size_t index = 0; index < snapshot->count && status == SIEVE_OK; index++)
        status = begin(snapshot->links[index], error);
    mylink_close(holder);
    return status;
}

sieve_status mysnapshot_open(struct mysnapshot *snapshot, const struct myaddress *address,
                             const struct choice *choice, size_t wanted,
                             struct database_error *error)
{
    snapshot->count = 0;
    atomic_init(&snapshot->next, 0);
    sieve_status status =
        open_links(snapshot, address, choice,
                   wanted < MYSNAPSHOT_LINKS_MAX ? wanted : MYSNAPSHOT_LINKS_MAX, error);
    if (status == SIEVE_OK)
        status = snapshot->count > 1 ? begin_all(snapshot, address, choice, error)
                                     : begin(snapshot->links[0], error);
    if (status != SIEVE_OK)
        mysnapshot_done(snapshot);
    return status;
}

void mysnapshot_done(struct mysnapshot *snapshot)
{
    close_from(snapshot, 0);
}

struct mylink *mysnapshot_take(struct mysnapshot *snapshot)
{
    const size_t index = atomic_fetch_add(&snapshot->next, 1);
    if (index >= snapshot->count)
        return NULL;
    struct mylink *link = snapshot->links[index];
    snapshot->links[index] = NULL;
    return link;
}

int mysnapshot_is_empty(struct mysnapshot *snapshot)
{
    return atomic_load(&snapshot->next) >= snapshot->count;
}

sieve_status mysnapshot_release(struct mylink *link, struct database_error *error)
{
    static const struct database_error gone = {.reason = "the snapshot is gone",
                                               .is_lost = 1};
    if (!mylink_is_in_transaction(link)) {
        *error = gone;
        return SIEVE_E_IO;
    }
    sieve_status status = mylink_do(link, "ROLLBACK TO SAVEPOINT cardsieve", error);
    if (status == SIEVE_E_IO && !error->is_lost)
        *error = gone;
    return status;
}
