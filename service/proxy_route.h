/* proxy_route.h - which policies hold for a message: the first route that fits, and what
 * the proxy itself says for the rest.
 */
#ifndef SIEVE_SERVICE_PROXY_ROUTE_H
#define SIEVE_SERVICE_PROXY_ROUTE_H

#include "service/limits.h"
#include "service/proxy_settings.h"

/* Bytes of a path that is compared with prefixes, with its end: any that is let in. */
#define ROUTE_PATH_MAX (TARGET_LENGTH_MAX + 1)

/* What routes are chosen by.  Texts are borrowed. */
struct route_question {
    const char *target; /* path and query */
    const char *method;
};

/* The policies of a message of this media type (a Content-Type; NULL: none), in which
 * nothing is inherited any more. */
void proxy_policies(const struct proxy_settings *proxy,
                    const struct route_question *question, const char *type,
                    struct policies *out);

/* 1 if a response to it may have to be examined, whatever its type will be. */
int proxy_may_examine(const struct proxy_settings *proxy,
                      const struct route_question *question);

/* The path of a target as it is compared: percent forms of plain characters undone,
 * "//", "/./" and "/../" taken out.  -1 if it is too long. */
int route_path(const char *target, char out[ROUTE_PATH_MAX]);

#endif /* SIEVE_SERVICE_PROXY_ROUTE_H */
