#include "service/routes.h"

#include <string.h>

static const struct route routes[] = {
    {"/v1/scan", "POST", scan_begin, ROUTE_ASKS, ASKED_SCAN},
    {"/v1/mask", "POST", mask_begin, ROUTE_ASKS, ASKED_MASK},
    {"/healthz", "GET, HEAD", health_begin, ROUTE_OPEN, ASKED_OTHER},
    {"/readyz", "GET, HEAD", ready_begin, ROUTE_OPEN, ASKED_OTHER},
    {"/metrics", "GET, HEAD", metrics_begin, ROUTE_WATCHES, ASKED_OTHER},
    {"/", "GET, HEAD", page_begin, ROUTE_OPEN, ASKED_OTHER},
    {"/page/page.css", "GET, HEAD", page_look_begin, ROUTE_OPEN, ASKED_OTHER},
    {"/page/page.js", "GET, HEAD", page_script_begin, ROUTE_OPEN, ASKED_OTHER},
    {"/openapi.json", "GET, HEAD", openapi_begin, ROUTE_OPEN, ASKED_OTHER},
};

#define ROUTE_COUNT (sizeof routes / sizeof routes[0])

const struct route *route_at(size_t index)
{
    return index < ROUTE_COUNT ? &routes[index] : NULL;
}

const struct route *route_find(const struct exchange *exchange)
{
    const char *target = exchange_target(exchange);
    const size_t length = strcspn(target, "?");
    for (size_t index = 0; index < ROUTE_COUNT; index++) {
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
