/* routes.h - which request goes where: one table. */
#ifndef SIEVE_SERVICE_ROUTES_H
#define SIEVE_SERVICE_ROUTES_H

#include <stddef.h>

#include "service/metrics.h"
#include "service/server.h"

/* Who may use a route, of those whose address is taken. */
enum route_access {
    ROUTE_ASKS, /* a token or a certificate, if the configuration says so; at its rate */
    ROUTE_OPEN, /* anybody */
    ROUTE_WATCHES /* as ROUTE_ASKS, or as ROUTE_OPEN under metrics_open; at any rate */
};

struct route {
    const char *path;
    const char *methods; /* "GET, HEAD": as Allow says it */
    void (*begin)(struct exchange *exchange);
    enum route_access access;
    enum asked asked; /* in the counters */
};

/* The route of an exchange by its path; NULL if there is none. */
const struct route *route_find(const struct exchange *exchange);

/* The routes in turn; NULL past the last one. */
const struct route *route_at(size_t index);

/* 1 if the route takes the exchange's method. */
int route_takes(const struct route *route, const struct exchange *exchange);

/* Handlers, each in its own file. */
void scan_begin(struct exchange *exchange);
void mask_begin(struct exchange *exchange);
void health_begin(struct exchange *exchange);
void ready_begin(struct exchange *exchange);
void metrics_begin(struct exchange *exchange);
void page_begin(struct exchange *exchange);
void page_look_begin(struct exchange *exchange);
void page_script_begin(struct exchange *exchange);
void openapi_begin(struct exchange *exchange);

#endif /* SIEVE_SERVICE_ROUTES_H */
