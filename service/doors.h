/* doors.h - all the sockets that one run listens on: the service's and the proxies'. */
#ifndef SIEVE_SERVICE_DOORS_H
#define SIEVE_SERVICE_DOORS_H

#include <sys/un.h>

#include "service/config.h"

#define DOORS_MAX       (LISTENERS_MAX + PROXIES_MAX * PROXY_LISTENERS_MAX)
#define DOOR_OF_SERVICE SIZE_MAX

struct door {
    int descriptor; /* -1: somebody else's now */
    size_t proxy;   /* whose it is, by its place; DOOR_OF_SERVICE */
    char unix_path[sizeof((struct sockaddr_un *)NULL)->sun_path]; /* ours to remove */
};

struct doors {
    size_t count;
    struct door doors[DOORS_MAX];
};

/* Opens all, what systemd handed over in place of the service's own.  -1 with the
 * problem; then, too, doors_close(). */
int doors_open(const struct settings *settings, struct doors *doors,
               struct config_problem *problem);
void doors_close(struct doors *doors);

/* As much of it as can be told without doing it. */
int doors_check(const struct settings *settings, struct config_problem *problem);

#endif /* SIEVE_SERVICE_DOORS_H */
