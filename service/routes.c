#include "service/routes.h"

#include <string.h>

static const struct route routes[] = {
    {"/v1/scan", "POST", 0, scan_begin},
    {"/v1/mask", "POST", 0, mask_begin},
    {"/healthz", "GET, HEAD", 1, health_begin},
    {"/readyz", "GET, HEAD", 1, ready_begin},
};

const struct route *route_find(const struct exchange *exchange)
{
    const char *target = exchange_target(exchange);
    const size_t length = strcspn(target, "?");
    for (size_t index = 0; index < sizeof routes / sizeof routes[0]; index++) {
        if (strlen(routes[index].path) == length &&
            memcmp(routes[index].path, target, length) == 0)
            return &routes[index];
    }
    return NULL;
}

int route_takes(const struct route *route, const struct exchange *exchange)
{
    const char *method = exchange_method(exchange);
    const size_t length = strlen(method);
    for (const char *at = route->methods; *at;) {
        const size_t word = strcspn(at, ",");
        if (word == length && memcmp(at, method, length) == 0)
            return 1;
        at += word;
        at += strspn(at, ", ");
    }
    return 0;
}
