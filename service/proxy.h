/* proxy.h - the inline masking proxy: all that comes to one of its listeners goes to its
 * upstreams, under the policies of the configuration, and the answers come back.
 *
 * What one reading of the configuration says of a proxy is a struct proxy of its state;
 * a door is what stays the same as long as the program runs.
 */
#ifndef SIEVE_SERVICE_PROXY_H
#define SIEVE_SERVICE_PROXY_H

#include "service/config.h"
#include "service/server.h"
#include "service/upstream.h"

struct exposition;
struct service;

struct proxy {
    const struct proxy_settings *settings; /* borrowed from the state */
    char name[PROXY_NAME_MAX];
    struct upstream_group *group;
    int examines_all; /* headers: "*" */
};

/* Of all proxies of the settings, which are borrowed until free.  On failure, but for
 * SIEVE_E_MEMORY, with the problem. */
sieve_status proxies_new(const struct settings *settings, struct proxy **out,
                         struct config_problem *problem) SIEVE_MUST_CHECK;
void proxies_free(struct proxy *proxies, size_t count); /* NULL is legal */

/* Writes the state of all upstreams into /metrics. */
void proxies_tell(const struct proxy *proxies, size_t count, struct exposition *page);

#define PROXY_PSEUDONYM_MAX 32

/* A listener's context.  Lives as long as its server. */
struct proxy_door {
    struct service *service;
    const struct settings *first;        /* those it was opened by */
    size_t place;                        /* of its proxy in them */
    char pseudonym[PROXY_PSEUDONYM_MAX]; /* in Via; nobody else has it */
};

/* `first` is borrowed as long as the door is used. */
sieve_status proxy_door_init(struct proxy_door *door, struct service *service,
                             const struct settings *first, size_t place) SIEVE_MUST_CHECK;

/* Where the door's proxy stands now, after a reload that may have moved it or taken it
 * away; PROXIES_MAX: nowhere. */
size_t proxy_door_place(const struct proxy_door *door, const struct settings *now);
struct server_events proxy_events(struct proxy_door *door);

#endif /* SIEVE_SERVICE_PROXY_H */
