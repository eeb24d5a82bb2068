/* routes.h - which request goes where: one table. */
#ifndef SIEVE_SERVICE_ROUTES_H
#define SIEVE_SERVICE_ROUTES_H

#include "service/server.h"

struct route {
    const char *path;
    const char *methods; /* "GET, HEAD": as Allow says it */
    int is_open;         /* 1: asks for no token; 0: as the configuration says */
    void (*begin)(struct exchange *exchange);
};

/* The route of an exchange by its path; NULL if there is none. */
const struct route *route_find(const struct exchange *exchange);

/* 1 if the route takes the exchange's method. */
int route_takes(const struct route *route, const struct exchange *exchange);

/* Handlers, each in its own file. */
void scan_begin(struct exchange *exchange);
void mask_begin(struct exchange *exchange);
void health_begin(struct exchange *exchange);
void ready_begin(struct exchange *exchange);

#endif /* SIEVE_SERVICE_ROUTES_H */
