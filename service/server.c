#include "service/server.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/crowd.h"
#include "service/limits.h"
#include "service/listener.h"
#include "service/server_inside.h"

static size_t unescape_nothing(void *context, struct MHD_Connection *connection,
                               char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

#define OPTIONS_MAX 20

static void add_option(struct MHD_OptionItem *items, size_t *count,
                       enum MHD_OPTION option, intptr_t value, void *pointer)
{
    items[(*count)++] = (struct MHD_OptionItem){option, value, pointer};
}

static void add_limits(const struct server_plan *plan, struct MHD_OptionItem *items,
                       size_t *count)
{
    /* Bodies go through the same memory as heads: a small ceiling would cut them. */
    const size_t memory = connection_memory(plan->head_length);
    add_option(items, count, MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    add_option(items, count, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)memory, NULL);
    /* The crowd knows the limits, and lets in whom it tells of them. */
    add_option(items, count, MHD_OPTION_CONNECTION_LIMIT, INT_MAX, NULL);
    add_option(items, count, MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)plan->idle_seconds,
               NULL);
}

static void add_options(const struct server_plan *plan, struct MHD_OptionItem *items)
{
    size_t count = 0;
    add_limits(plan, items, &count);
    if (plan->tls) {
        union {
            const char *from;
            void *to;
        } trust = {plan->tls->client_authorities}, words = {plan->tls->priorities};
        add_option(items, &count, MHD_OPTION_HTTPS_CERT_CALLBACK2, 0,
                   plan->tls->retriever);
        add_option(items, &count, MHD_OPTION_HTTPS_PRIORITIES, 0, words.to);
        if (trust.to)
            add_option(items, &count, MHD_OPTION_HTTPS_MEM_TRUST, 0, trust.to);
    }
    add_option(items, &count, MHD_OPTION_END, 0, NULL);
}

static sieve_status start_daemon(struct server_loop *loop, const struct server_plan *plan)
{
    struct MHD_OptionItem items[OPTIONS_MAX];
    unsigned flags = MHD_USE_EPOLL | MHD_USE_PEDANTIC_CHECKS | MHD_USE_TURBO |
                     MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
    if (plan->tls)
        flags |= MHD_USE_TLS;
    add_options(plan, items);
    loop->daemon = MHD_start_daemon(flags, 0, NULL, NULL, server_serve, loop,
                                    MHD_OPTION_NOTIFY_COMPLETED, server_completed, loop,
                                    MHD_OPTION_NOTIFY_CONNECTION, server_connected, loop,
                                    MHD_OPTION_URI_LOG_CALLBACK, server_see_target, loop,
                                    MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
                                    MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    return loop->daemon ? SIEVE_OK : SIEVE_E_IO;
}

static sieve_status start_loop(struct server_loop *loop, const struct server_plan *plan)
{
    const sieve_status status = loop_init(loop);
    return status == SIEVE_OK ? start_daemon(loop, plan) : status;
}

/* Another thread may take what one was woken for. */
static int never_wait(int listening)
{
    const int flags = fcntl(listening, F_GETFL);
    return flags < 0 ? -1 : fcntl(listening, F_SETFL, flags | O_NONBLOCK);
}

static sieve_status start_loops(struct server *server, const struct server_plan *plan)
{
    sieve_status status =
        never_wait(atomic_load(&server->listening)) < 0 ? SIEVE_E_IO : SIEVE_OK;
    for (unsigned index = 0; index < server->loop_count && status == SIEVE_OK; index++)
        status = start_loop(&server->loops[index], plan);
    for (unsigned index = 0; index < server->loop_count && status == SIEVE_OK; index++)
        status = loop_start(&server->loops[index]);
    return status;
}

/* Each may hand a connection to any other: all end before the first is freed. */
static void stop_loops(struct server *server)
{
    for (unsigned index = 0; index < server->loop_count; index++)
        loop_stop(&server->loops[index]);
    for (unsigned index = 0; index < server->loop_count; index++)
        loop_done(&server->loops[index]);
}

sieve_status server_start(const struct server_plan *plan, int listening,
                          struct server **out)
{
    const unsigned loops = plan->threads;
    struct server *server = calloc(1, sizeof *server + loops * sizeof server->loops[0]);
    if (!server)
        return SIEVE_E_MEMORY;
    server->events = plan->events;
    atomic_init(&server->listening, listening);
    atomic_init(&server->listeners, loops);
    server->loop_count = loops;
    server->tap = (struct tap_plan){plan->head_length, NULL};
    server->gauge = plan->gauge ? plan->gauge : &server->own_gauge;
    for (unsigned index = 0; index < loops; index++)
        server->loops[index].server = server;
    sieve_status status = crowd_new(plan->connections, plan->connections_per_address,
                                    CROWD_RESERVE, &server->crowd);
    if (status == SIEVE_OK)
        status = start_loops(server, plan);
    if (status != SIEVE_OK) {
        stop_loops(server);
        crowd_free(server->crowd);
        free(server);
        return status;
    }
    *out = server;
    return SIEVE_OK;
}

void server_wind_down(struct server *server)
{
    atomic_store(&server->is_quiet, 1);
}

void server_quiesce(struct server *server)
{
    for (unsigned index = 0; index < server->loop_count; index++)
        loop_quiesce(&server->loops[index]);
}

unsigned server_exchanges(const struct server *server)
{
    return atomic_load_explicit(&server->gauge->exchanges, memory_order_relaxed);
}

unsigned server_port(const struct server *server)
{
    return listener_port(atomic_load(&server->listening));
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    stop_loops(server);
    if (atomic_load(&server->listening) >= 0)
        (void)close(atomic_load(&server->listening));
    crowd_free(server->crowd);
    free(server);
}
