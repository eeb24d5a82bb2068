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

/* A path, or a method, may be read in several ways: who is behind the proxy may undo
 * percent forms more than once, leave dot segments as they are, take \ for /, leave a ;
 * and what is behind it out, or take letters in any case. */
#define ROUTE_READINGS_MAX 8

/* Of the routes, a bit each, those whose path and methods fit the request; the types of
 * its messages choose among them.  One set for each reading, unlike ones only. */
struct route_readings {
    size_t count; /* at least 1 */
    uint32_t routes[ROUTE_READINGS_MAX];
};

/* `target` is path and query. */
void proxy_routes(const struct proxy_settings *proxy, const char *target,
                  const char *method, struct route_readings *out);

/* The policies of a message of this media type (a Content-Type; NULL: none), in which
 * nothing is inherited any more: of the first route that fits, or, if the type cannot be
 * read, the strictest of those that may fit; and of those, the strictest of all readings.
 */
void proxy_policies(const struct proxy_settings *proxy,
                    const struct route_readings *found, const char *type,
                    struct policies *out);

/* 1 if a response may have to be examined, whatever its type will be. */
int proxy_may_examine(const struct proxy_settings *proxy,
                      const struct route_readings *found);

/* The path of a target as it is compared: percent forms of plain characters undone,
 * "//", "/./" and "/../" taken out.  -1 if it is too long. */
int route_path(const char *target, char out[ROUTE_PATH_MAX]);

#endif /* SIEVE_SERVICE_PROXY_ROUTE_H */
