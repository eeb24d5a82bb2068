/* endpoint.h - the name of a listener, read: an address and a port, or a path.
 *
 * "127.0.0.1:8474", "[::1]:8474", "localhost:0", "unix:/run/x.sock".  Nothing is
 * guessed: a port is plain digits up to 65535, an IPv4 address has four numbers, an IPv6
 * address stands in brackets.
 */
#ifndef SIEVE_SERVICE_ENDPOINT_H
#define SIEVE_SERVICE_ENDPOINT_H

#include <netinet/in.h>
#include <sys/un.h>

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
        struct sockaddr_un local;
    } address;
    socklen_t length;
};

/* Why that is no name of a listener, a constant; NULL: it is one.  Asks nobody. */
const char *endpoint_objection(const char *name);

/* The same, and looks the host up. */
const char *endpoint_read(const char *name, struct endpoint *out);

/* 1 if one of them takes the place of the other, so that both cannot be listened on. */
int endpoint_clashes(const struct endpoint *left, const struct endpoint *right);

/* Whether a Unix socket could be made there, by who runs now; any address could.  NULL,
 * or a constant reason with errno, 0 where it says nothing more. */
const char *endpoint_obstacle(const struct endpoint *endpoint);

#endif /* SIEVE_SERVICE_ENDPOINT_H */
