/* server_events.c - what libmicrohttpd tells of a connection and its requests, as events
 * of exchanges.
 */
#include "service/server_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/fresh.h"
#include "base/wipe.h"
#include "service/limits.h"
#include "service/problem.h"

/* ---- requests -------------------------------------------------------------------------
 */

static struct link *link_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* The first word of a request, before its head was read to the end. */
void *server_see_target(void *context, const char *target,
                        struct MHD_Connection *connection)
{
    struct server_loop *loop = context;
    struct link *link = link_of(connection);
    const size_t length = strlen(target);
    struct exchange *exchange = link ? fresh(sizeof *exchange + length + 1) : NULL;
    if (!exchange)
        return NULL;
    exchange->server = loop->server;
    exchange->loop = loop;
    exchange->link = link;
    exchange->connection = connection;
    exchange->target_length = length;
    memcpy(exchange->target, target, length + 1);
    exchange->began = clock_now();
    link->seen = exchange;
    atomic_fetch_add_explicit(&loop->server->gauge->exchanges, 1, memory_order_relaxed);
    return exchange;
}

static enum MHD_Result send_reply(struct exchange *exchange)
{
    if (!exchange->response || exchange->is_broken)
        return MHD_NO;
    if (exchange->is_condemned) /* its body came to an end before that was told */
        tap_pardon(descriptor_of(exchange->connection));
    if ((exchange->is_condemned ||
         atomic_load_explicit(&exchange->server->is_quiet, memory_order_relaxed)) &&
        exchange_reply_header(exchange, "Connection", "close") != SIEVE_OK)
        return MHD_NO;
    exchange->is_queued = 1;
    if (exchange->is_bare)
        tap_set_bare(descriptor_of(exchange->connection), 1);
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

/* Whoever names the connection in a request may mean its end. */
static int is_last(const struct exchange *exchange)
{
    const char *wish = exchange_header(exchange, "Connection");
    return strcmp(exchange->version, "HTTP/1.1") != 0 ||
           (wish && strcasecmp(wish, "keep-alive") != 0);
}

static enum MHD_Result begin(struct exchange *exchange, const char *method,
                             const char *version)
{
    exchange->has_begun = 1;
    exchange->method = method;
    exchange->version = version;
    exchange_read_head(exchange);
    exchange->is_last = is_last(exchange);
    exchange->server->events.begin(exchange, exchange->server->events.context);
    if (exchange->response && !may_drop(exchange))
        return send_reply(exchange);
    return MHD_YES;
}

/* Too much is left of a body that was refused: the refusal goes out now, and the
 * connection ends. */
static void condemn(struct exchange *exchange)
{
    const enum problem problem = (enum problem)exchange->problem;
    exchange->is_condemned = 1;
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
    if (exchange->dropped > DROPPED_LENGTH_MAX && !exchange->drops_all &&
        !exchange->is_condemned)
        condemn(exchange);
}

/* libmicrohttpd wants as many parameters. */
enum MHD_Result server_serve( // NOLINT(readability-function-size)
    void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length, void **kept)
{
    struct exchange *exchange = *kept;
    (void)context;
    (void)connection;
    (void)url;
    if (!exchange || exchange->is_cut)
        return MHD_NO;
    if (!exchange->has_begun)
        return begin(exchange, method, version);
    if (exchange->is_suspended)
        return MHD_YES; /* there was more of the body than one chunk */
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

/* 0 if the connection goes on: then it has to be called again only for what comes next.
 */
static int may_close(const struct exchange *exchange, enum exchange_end end)
{
    return end != EXCHANGE_COMPLETE || !exchange->has_ended || exchange->is_last ||
           exchange->is_cut ||
           atomic_load_explicit(&exchange->server->is_quiet, memory_order_relaxed);
}

static void forget(struct exchange *exchange)
{
    struct server *server = exchange->server;
    exchange->link->seen = NULL;
    wipe_free(exchange, sizeof *exchange + exchange->target_length + 1);
    atomic_fetch_sub_explicit(&server->gauge->exchanges, 1, memory_order_relaxed);
}

void server_completed(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_RequestTerminationCode code)
{
    struct server_loop *loop = context;
    struct server *server = loop->server;
    struct exchange *exchange = *kept;
    enum exchange_end end = EXCHANGE_GONE;
    if (!exchange)
        return;
    *kept = NULL;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        end = EXCHANGE_COMPLETE;
    else if (was_told(exchange) || (code == MHD_REQUEST_TERMINATED_WITH_ERROR &&
                                    !exchange->is_queued && !exchange->is_abandoned))
        end = EXCHANGE_FAILED;
    loop->has_closed |= may_close(exchange, end);
    exchange->took = exchange_nanoseconds(exchange);
    if (exchange->has_begun)
        server->events.closed(exchange, end, server->events.context);
    if (exchange->ops && exchange->ops->closed)
        exchange->ops->closed(exchange->state);
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    if (exchange->is_bare)
        tap_set_bare(descriptor_of(connection), 0);
    forget(exchange);
}

/* ---- connections ---------------------------------------------------------------------
 */

static int open_tap(const struct server *server, struct MHD_Connection *connection,
                    int descriptor)
{
    struct tap_plan plan = server->tap;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    plan.session = info ? info->tls_session : NULL;
    return tap_open(descriptor, &plan);
}

/* Without a place it is not served: what is read from it is refused.  Without memory it
 * has no link, and no request of it begins. */
static void open_connection(struct server_loop *loop, struct MHD_Connection *connection,
                            void **kept)
{
    const struct server *server = loop->server;
    const int descriptor = descriptor_of(connection);
    struct link *link = link_new(loop, descriptor);
    loop->has_opened = 1;
    atomic_fetch_add_explicit(&server->gauge->connections, 1, memory_order_relaxed);
    if (open_tap(server, connection, descriptor) < 0) {
        link_free(link);
        link = NULL;
    }
    *kept = link;
    const enum problem problem =
        link ? crowd_enter(server->crowd, connection_peer(connection), &link->place)
             : PROBLEM_BUSY;
    if (problem != PROBLEM_NONE && link && link->place.is_kept)
        tap_doom(descriptor, problem);
    else if (problem != PROBLEM_NONE)
        tap_condemn(descriptor, problem);
}

static void close_connection(struct server_loop *loop, struct MHD_Connection *connection,
                             struct link *link)
{
    const struct server *server = loop->server;
    const int descriptor = descriptor_of(connection);
    const struct sockaddr *peer = connection_peer(connection);
    const enum problem problem = link ? tap_told(descriptor) : PROBLEM_BUSY;
    if (problem != PROBLEM_NONE)
        server->events.refused(problem, peer, server->events.context);
    tap_close(descriptor);
    /* One whose head libmicrohttpd could not keep: it tells of no end. */
    if (link && link->seen)
        forget(link->seen);
    if (link)
        crowd_leave(server->crowd, peer, &link->place);
    link_free(link);
    atomic_fetch_sub_explicit(&loop->load, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&server->gauge->connections, 1, memory_order_relaxed);
}

void server_connected(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_ConnectionNotificationCode code)
{
    struct server_loop *loop = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        open_connection(loop, connection, kept);
    else
        close_connection(loop, connection, *kept);
}
