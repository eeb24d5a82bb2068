/* proxy_route.h - which policies hold for a message: the first route that fits, and what
 * the proxy itself says for the rest.
 */
#ifndef SIEVE_SERVICE_PROXY_ROUTE_H
#define SIEVE_SERVICE_PROXY_ROUTE_H

#include <stdint.h>

#include "service/limits.h"
#include "service/proxy_settings.h"

/* Bytes of a path that is compared with prefixes, with its end: any that is let in. */
#define ROUTE_PATH_MAX (TARGET_LENGTH_MAX + 1)

/* Of the routes, a bit each, those whose path and methods fit the request; the types of
 * its messages choose among them.  `target` is path and query. */
uint32_t proxy_routes(const struct proxy_settings *proxy, const char *target,
                      const char *method);

/* The policies of a message of this media type (a Content-Type; NULL: none), in which
 * nothing is inherited any more: of the first route that fits, or, if the type cannot be
 * read, the strictest of those that may fit. */
void proxy_policies(const struct proxy_settings *proxy, uint32_t routes, const char *type,
                    struct policies *out);

/* 1 if a response may have to be examined, whatever its type will be. */
int proxy_may_examine(const struct proxy_settings *proxy, uint32_t routes);

/* The path of a target as it is compared: percent forms of plain characters undone,
 * "//", "/./" and "/../" taken out.  -1 if it is too long. */
int route_path(const char *target, char out[ROUTE_PATH_MAX]);

#endif /* SIEVE_SERVICE_PROXY_ROUTE_H */
