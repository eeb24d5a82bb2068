/* upstream_tally.c - what was counted of an address of a proxy, over all readings of the
 * configuration: requests of an older one may end after a reload. */
#include "service/upstream_inside.h"

#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct upstream_tally *tallies;

static struct upstream_tally *find(const char *name, const char *address)
{
    struct upstream_tally *tally = tallies;
    while (tally &&
           (strcmp(tally->name, name) != 0 || strcmp(tally->address, address) != 0))
        tally = tally->next;
    return tally;
}

static void tally_free(struct upstream_tally *tally)
{
    free(tally->name);
    free(tally->address);
    free(tally);
}

static struct upstream_tally *make(const char *name, const char *address)
{
    struct upstream_tally *tally = calloc(1, sizeof *tally);
    if (!tally)
        return NULL;
    tally->name = strdup(name);
    tally->address = strdup(address);
    if (!tally->name || !tally->address) {
        tally_free(tally);
        return NULL;
    }
    tally->next = tallies;
    tallies = tally;
    return tally;
}

struct upstream_tally *upstream_tally_hold(const char *name, const char *address)
{
    pthread_mutex_lock(&lock);
    struct upstream_tally *tally = find(name, address);
    if (!tally)
        tally = make(name, address);
    if (tally)
        tally->users++;
    pthread_mutex_unlock(&lock);
    return tally;
}

void upstream_tally_release(struct upstream_tally *tally)
{
    if (!tally)
        return;
    pthread_mutex_lock(&lock);
    if (--tally->users == 0) {
        struct upstream_tally **link = &tallies;
        while (*link != tally)
            link = &(*link)->next;
        *link = tally->next;
        tally_free(tally);
    }
    pthread_mutex_unlock(&lock);
}
