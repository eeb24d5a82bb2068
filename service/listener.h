/* listener.h - sockets to listen on, by their name in the configuration. */
#ifndef SIEVE_SERVICE_LISTENER_H
#define SIEVE_SERVICE_LISTENER_H

#include "service/settings.h"

/* "127.0.0.1:8474", "[::1]:8474", "localhost:0", "unix:/run/x.sock": bound and
 * listening, not blocking.  *is_local_out: nobody else's machine can reach it.  On
 * failure -1 with a constant reason and errno. */
int listener_open(const char *name, const struct settings *settings, int *is_local_out,
                  const char **reason_out);

/* Whether that name can be listened on as far as it can be told without doing it; as
 * listener_open(), with 0. */
int listener_check(const char *name, int *is_local_out, const char **reason_out);

/* The port an inherited or opened socket has; 0 for a Unix socket. */
unsigned listener_port(int descriptor);
int listener_is_local(int descriptor);

/* Where it listens, as the configuration would say it: "127.0.0.1:8474", "[::1]:8474",
 * "unix:/run/x.sock". */
#define LISTENER_NAME_MAX 128
void listener_name(int descriptor, char out[LISTENER_NAME_MAX]);

#endif /* SIEVE_SERVICE_LISTENER_H */
