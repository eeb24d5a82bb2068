/* listener.h - sockets to listen on. */
#ifndef SIEVE_SERVICE_LISTENER_H
#define SIEVE_SERVICE_LISTENER_H

#include <sys/types.h>

#include "service/endpoint.h"

/* Bound and listening, not blocking; `mode` is that of a Unix socket.  On failure -1 with
 * a constant reason and errno. */
int listener_open(const struct endpoint *endpoint, mode_t mode, const char **reason_out);

/* The port an inherited or opened socket has; 0 for a Unix socket. */
unsigned listener_port(int descriptor);
int listener_is_local(int descriptor); /* no other machine can reach it */

/* Where it listens, as the configuration would say it: "127.0.0.1:8474", "[::1]:8474",
 * "unix:/run/x.sock". */
#define LISTENER_NAME_MAX 128
void listener_name(int descriptor, char out[LISTENER_NAME_MAX]);

#endif /* SIEVE_SERVICE_LISTENER_H */
