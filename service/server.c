#include "service/server.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wipe.h"
#include "service/crowd.h"
#include "service/limits.h"
#include "service/listener.h"
#include "service/problem.h"
#include "service/server_inside.h"

/* ---- events -------------------------------------------------------------------------
 */

/* The first word of a request, before its head was read to the end. */
static void *see_target(void *context, const char *target,
                        struct MHD_Connection *connection)
{
    struct server *server = context;
    const size_t length = strlen(target);
    struct exchange *exchange = calloc(1, sizeof *exchange + length + 1);
    if (!exchange)
        return NULL;
    exchange->server = server;
    exchange->connection = connection;
    exchange->target_length = length;
    memcpy(exchange->target, target, length + 1);
    clock_gettime(CLOCK_MONOTONIC, &exchange->began);
    atomic_fetch_add_explicit(&server->gauge->exchanges, 1, memory_order_relaxed);
    return exchange;
}

static enum MHD_Result send_reply(struct exchange *exchange)
{
    if (!exchange->response || exchange->is_broken)
        return MHD_NO;
    if (atomic_load_explicit(&exchange->server->is_quiet, memory_order_relaxed) &&
        exchange_reply_header(exchange, "Connection", "close") != SIEVE_OK)
        return MHD_NO;
    exchange->is_queued = 1;
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

/* 1 if what is left of a refused body is small enough to be read and dropped, so that
 * the connection can be used again and the refusal is not lost in a reset. */
static int may_drop(const struct exchange *exchange)
{
    const char *length = exchange_header(exchange, "Content-Length");
    if (exchange_header(exchange, "Expect"))
        return 0;
    return !length || strtoull(length, NULL, 10) <= DROPPED_LENGTH_MAX;
}

static enum MHD_Result begin(struct exchange *exchange, const char *method,
                             const char *version)
{
    exchange->has_begun = 1;
    exchange->method = method;
    exchange->version = version;
    exchange->server->events.begin(exchange, exchange->server->events.context);
    if (exchange->response && !may_drop(exchange))
        return send_reply(exchange);
    return MHD_YES;
}

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* Too much is left of a body that was refused: the refusal goes out now, and the
 * connection ends. */
static void condemn(struct exchange *exchange)
{
    const enum problem problem = (enum problem)exchange->problem;
    exchange->is_broken = 1;
    tap_condemn(descriptor_of(exchange->connection),
                problem == PROBLEM_NONE ? PROBLEM_TOO_LARGE : problem);
}

static void take(struct exchange *exchange, struct bytes piece)
{
    exchange->received += piece.length;
    if (!exchange->response && exchange->ops && exchange->ops->piece) {
        exchange->ops->piece(exchange, exchange->state, piece);
        return;
    }
    exchange->dropped += piece.length;
    if (exchange->dropped > DROPPED_LENGTH_MAX && !exchange->is_broken)
        condemn(exchange);
}

/* libmicrohttpd wants as many parameters. */
static enum MHD_Result serve( // NOLINT(readability-function-size)
    void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length, void **kept)
{
    struct exchange *exchange = *kept;
    (void)context;
    (void)connection;
    (void)url;
    if (!exchange)
        return MHD_NO;
    if (!exchange->has_begun)
        return begin(exchange, method, version);
    if (*upload_length > 0) {
        const struct bytes piece = bytes_of(upload, *upload_length);
        *upload_length = 0;
        take(exchange, piece);
        return MHD_YES;
    }
    if (!exchange->response && !exchange->has_ended) {
        exchange->has_ended = 1;
        if (exchange->ops)
            exchange->ops->end(exchange, exchange->state);
    }
    if (exchange->is_suspended)
        return MHD_YES;
    return send_reply(exchange);
}

/* What the bytes of the connection were refused for is what this exchange was. */
static int was_told(struct exchange *exchange)
{
    if (!exchange->has_begun || exchange->is_queued)
        return 0;
    const enum problem problem = tap_told(descriptor_of(exchange->connection));
    if (problem == PROBLEM_NONE)
        return 0;
    exchange->problem = problem;
    exchange->status = problem_status(problem);
    return 1;
}

static void completed(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct exchange *exchange = *kept;
    enum exchange_end end = EXCHANGE_GONE;
    (void)connection;
    if (!exchange)
        return;
    *kept = NULL;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        end = EXCHANGE_COMPLETE;
    else if (was_told(exchange) ||
             (code == MHD_REQUEST_TERMINATED_WITH_ERROR && !exchange->is_queued))
        end = EXCHANGE_FAILED;
    if (exchange->has_begun)
        server->events.closed(exchange, end, server->events.context);
    if (exchange->ops && exchange->ops->closed)
        exchange->ops->closed(exchange->state);
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    wipe_free(exchange, sizeof *exchange + exchange->target_length + 1);
    atomic_fetch_sub_explicit(&server->gauge->exchanges, 1, memory_order_relaxed);
}

/* ---- connections ---------------------------------------------------------------------
 */

/* Without a place it is not served: what is read from it is refused. */
static void open_connection(struct server *server, struct MHD_Connection *connection,
                            void **kept)
{
    const int descriptor = descriptor_of(connection);
    struct crowd_place *place = calloc(1, sizeof *place);
    atomic_fetch_add_explicit(&server->gauge->connections, 1, memory_order_relaxed);
    tap_open(descriptor, &server->tap);
    *kept = place;
    const enum problem problem =
        place ? crowd_enter(server->crowd, connection_peer(connection), place)
              : PROBLEM_BUSY;
    if (problem != PROBLEM_NONE && place && place->is_kept)
        tap_doom(descriptor, problem);
    else if (problem != PROBLEM_NONE)
        tap_condemn(descriptor, problem);
}

static void close_connection(struct server *server, struct MHD_Connection *connection,
                             struct crowd_place *place)
{
    const int descriptor = descriptor_of(connection);
    const struct sockaddr *peer = connection_peer(connection);
    const enum problem problem = tap_told(descriptor);
    if (problem != PROBLEM_NONE)
        server->events.refused(problem, peer, server->events.context);
    tap_close(descriptor);
    if (place)
        crowd_leave(server->crowd, peer, place);
    free(place);
    atomic_fetch_sub_explicit(&server->gauge->connections, 1, memory_order_relaxed);
}

static void connected(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        open_connection(context, connection, kept);
    else
        close_connection(context, connection, *kept);
}

void exchange_suspend(struct exchange *exchange)
{
    exchange->is_suspended = 1;
    MHD_suspend_connection(exchange->connection);
}

void exchange_resume(struct exchange *exchange)
{
    exchange->is_suspended = 0;
    MHD_resume_connection(exchange->connection);
}

/* ---- the server ---------------------------------------------------------------------
 */

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

static void add_options(struct server *server, const struct server_plan *plan,
                        struct MHD_OptionItem *items)
{
    size_t count = 0;
    /* Bodies go through the same memory as heads: a small ceiling would cut them. */
    const size_t memory =
        plan->head_length > CONNECTION_MEMORY ? plan->head_length : CONNECTION_MEMORY;
    add_option(items, &count, MHD_OPTION_LISTEN_SOCKET, server->listening, NULL);
    add_option(items, &count, MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    add_option(items, &count, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)memory, NULL);
    /* The crowd knows the limits; a thread may come to have all connections. */
    add_option(items, &count, MHD_OPTION_CONNECTION_LIMIT,
               (intptr_t)(plan->connections + CROWD_RESERVE) *
                   (plan->threads > 1 ? (intptr_t)plan->threads : 1),
               NULL);
    add_option(items, &count, MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)plan->idle_seconds,
               NULL);
    if (plan->threads > 1)
        add_option(items, &count, MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)plan->threads,
                   NULL);
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

sieve_status server_start(const struct server_plan *plan, int listening,
                          struct server **out)
{
    struct MHD_OptionItem items[OPTIONS_MAX];
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                     MHD_USE_PEDANTIC_CHECKS | MHD_USE_TURBO;
    struct server *server = calloc(1, sizeof *server);
    if (!server)
        return SIEVE_E_MEMORY;
    server->events = plan->events;
    server->listening = listening;
    server->gauge = plan->gauge ? plan->gauge : &server->own_gauge;
    server->tap = (struct tap_plan){plan->head_length, plan->tls != NULL};
    sieve_status status = crowd_new(plan->connections, plan->connections_per_address,
                                    CROWD_RESERVE, &server->crowd);
    if (status != SIEVE_OK) {
        free(server);
        return status;
    }
    if (plan->tls)
        flags |= MHD_USE_TLS;
    add_options(server, plan, items);
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, serve, server, MHD_OPTION_NOTIFY_COMPLETED, completed,
        server, MHD_OPTION_NOTIFY_CONNECTION, connected, server,
        MHD_OPTION_URI_LOG_CALLBACK, see_target, server, MHD_OPTION_UNESCAPE_CALLBACK,
        unescape_nothing, NULL, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    if (!server->daemon) {
        crowd_free(server->crowd);
        free(server);
        return SIEVE_E_IO;
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
    const int listening = MHD_quiesce_daemon(server->daemon);
    if (listening >= 0)
        (void)close(listening);
}

unsigned server_exchanges(const struct server *server)
{
    return atomic_load_explicit(&server->gauge->exchanges, memory_order_relaxed);
}

unsigned server_port(const struct server *server)
{
    return listener_port(server->listening);
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    crowd_free(server->crowd);
    free(server);
}
