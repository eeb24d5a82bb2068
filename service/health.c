/* health.c - whether it lives, and whether it takes requests. */
#include "service/routes.h"

#include "service/service.h"

static void reply(struct exchange *exchange, unsigned status, const char *text)
{
    if (exchange_reply_text(exchange, status, text) != SIEVE_OK ||
        exchange_reply_header(exchange, "Content-Type", "text/plain") != SIEVE_OK ||
        exchange_reply_header(exchange, "Cache-Control", "no-store") != SIEVE_OK)
        return;
}

void health_begin(struct exchange *exchange)
{
    reply(exchange, 200, "ok\n");
}

void ready_begin(struct exchange *exchange)
{
    if (atomic_load(&visit_of(exchange)->service->is_draining))
        exchange_refuse(exchange, PROBLEM_DRAINING);
    else
        reply(exchange, 200, "ready\n");
}
