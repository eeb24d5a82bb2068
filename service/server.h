/* server.h - HTTP requests as events, and their replies.  libmicrohttpd stays
 * behind it.
 *
 * An exchange is one request with its reply.  All its events come from one thread, the
 * one that serves its connection, in this order: begin, piece..., end, closed.  Who
 * handles it replies once, in any of the first three; what is left of the body after
 * that is read and dropped.  libmicrohttpd sends nothing before the whole request has
 * been read, except a refusal in begin.
 */
#ifndef SIEVE_SERVICE_SERVER_H
#define SIEVE_SERVICE_SERVER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "cardsieve.h"

struct exchange;
struct server;
struct upstream_pool;

/* How an exchange ended. */
enum exchange_end {
    EXCHANGE_COMPLETE, /* the reply was handed to the system */
    EXCHANGE_GONE,     /* the client left, or time was up, before it */
    EXCHANGE_FAILED    /* we broke it off */
};

/* What handles one exchange from its begin on; `state` is its own. */
struct exchange_ops {
    /* Some of the body; borrowed for the call.  NULL: the body is dropped. */
    void (*piece)(struct exchange *exchange, void *state, struct bytes piece);
    /* The body has ended: time to reply. */
    void (*end)(struct exchange *exchange, void *state);
    /* The last event; frees the state. */
    void (*closed)(void *state);
};

struct server_events {
    /* The head has come: exchange_take(), or a reply. */
    void (*begin)(struct exchange *exchange, void *context);
    /* The exchange is over; exchange_*() may still be asked. */
    void (*closed)(struct exchange *exchange, enum exchange_end end, void *context);
    /* A connection ended because its bytes are no HTTP/1.1, came too late, or there was
     * no place for it; `problem` is an enum problem.  There was no exchange that could
     * tell it at its end.  `peer` is borrowed. */
    void (*refused)(unsigned problem, const struct sockaddr *peer, void *context);
    void *context;
};

/* A server's TLS; texts are borrowed until the server stops. */
struct server_tls {
    void *retriever;                /* gnutls_certificate_retrieve_function3 */
    const char *client_authorities; /* PEM; NULL: clients need no certificate */
    const char *priorities;         /* GnuTLS's words */
};

/* What is open at one listener.  Any thread may read it. */
#define SERVER_NAME_MAX 128
struct server_gauge {
    char name[SERVER_NAME_MAX];
    atomic_uint connections;
    atomic_uint exchanges; /* that are not over */
};

struct server_plan {
    struct server_events events;
    struct server_gauge *gauge; /* outlives the server; NULL: nobody asks */
    unsigned threads;
    unsigned connections;             /* open at the same time, in all */
    unsigned connections_per_address; /* 0: any */
    unsigned idle_seconds;            /* without a byte either way; 0: for ever */
    size_t head_length;               /* bytes of a request's head */
    const struct server_tls *tls;     /* NULL: in the clear; copied */
};

/* Serves what comes to the listening socket, which is taken over if it succeeds. */
sieve_status server_start(const struct server_plan *plan, int listening,
                          struct server **out) SIEVE_MUST_CHECK;

/* From now on each reply tells its client to close. */
void server_wind_down(struct server *server);
/* Accepts nothing more. */
void server_quiesce(struct server *server);

/* Exchanges that are not over. */
unsigned server_exchanges(const struct server *server);

/* Of its listening socket; 0 for a Unix socket. */
unsigned server_port(const struct server *server);

/* Breaks off what is left.  NULL is legal. */
void server_stop(struct server *server);

/* ---- the request --------------------------------------------------------------------
 */

/* Whom the exchange's other events go to. */
void exchange_take(struct exchange *exchange, const struct exchange_ops *ops,
                   void *state);

/* Texts as they came, NUL-ended, alive until closed. */
const char *exchange_method(const struct exchange *exchange);
const char *exchange_target(const struct exchange *exchange); /* with its query */
const char *exchange_version(const struct exchange *exchange);

/* The first header of that name; NULL if there is none. */
const char *exchange_header(const struct exchange *exchange, const char *name);

/* Goes through all headers; 0 from `each` stops. */
void exchange_headers(const struct exchange *exchange,
                      int (*each)(void *context, const char *name, const char *value),
                      void *context);

/* How many headers have that name. */
unsigned exchange_header_count(const struct exchange *exchange, const char *name);

/* The client's address; family AF_UNIX, or AF_UNSPEC if it is not known. */
const struct sockaddr *exchange_peer(const struct exchange *exchange);

/* Bytes of body and of reply that were seen so far; nanoseconds since its begin. */
uint64_t exchange_received(const struct exchange *exchange);
uint64_t exchange_sent(const struct exchange *exchange);
uint64_t exchange_nanoseconds(const struct exchange *exchange);
unsigned exchange_status(const struct exchange *exchange); /* 0: no reply so far */

/* The gnutls_session_t of its connection; NULL: it came in the clear. */
void *exchange_session(const struct exchange *exchange);

/* What the owner of `events` keeps with the exchange; NULL at first. */
void exchange_keep(struct exchange *exchange, void *note);
void *exchange_note(const struct exchange *exchange);

/* Why it was refused, an enum problem; 0: it was not. */
void exchange_set_problem(struct exchange *exchange, unsigned problem);
unsigned exchange_problem(const struct exchange *exchange);

/* ---- the reply ----------------------------------------------------------------------
 */

/* What read() says instead of a count: it cannot, so that the connection is broken off;
 * there is nothing so far, and it has suspended the exchange until there is. */
#define REPLY_FAILED (-1)
#define REPLY_LATER  (-2)

/* A body that is pulled.  read() gives up to `capacity` bytes from `offset` on, 0 at the
 * end. */
struct reply_source {
    ssize_t (*read)(void *context, uint64_t offset, void *to, size_t capacity);
    void (*free)(void *context);
    void *context;
    uint64_t length; /* UINT64_MAX: not known: chunked, or, of a HEAD, not told */
};

/* Each replies, once.  SIEVE_E_MEMORY, or SIEVE_E_STATE if there is a reply already;
 * what was to be taken over stays the caller's then. */

/* Text that lives as long as the program. */
sieve_status exchange_reply_text(struct exchange *exchange, unsigned status,
                                 const char *text) SIEVE_MUST_CHECK;
/* Bytes that `release` frees when they were sent. */
sieve_status exchange_reply_bytes(struct exchange *exchange, unsigned status,
                                  struct bytes bytes, void (*release)(void *context),
                                  void *context) SIEVE_MUST_CHECK;
sieve_status exchange_reply_source(struct exchange *exchange, unsigned status,
                                   const struct reply_source *source) SIEVE_MUST_CHECK;

/* How many bytes the headers of a reply may have beside what is kept of the request. */
size_t exchange_reply_room(const struct exchange *exchange);

/* Adds a header to the reply that was made; both are copied. */
sieve_status exchange_reply_header(struct exchange *exchange, const char *name,
                                   const char *value) SIEVE_MUST_CHECK;

/* What is left of the body after the reply was made is dropped, however much it is: the
 * reply reaches its client.  Otherwise the connection ends at DROPPED_LENGTH_MAX. */
void exchange_drop_all(struct exchange *exchange);

/* No reply at all, also if there was one: the connection is broken off. */
void exchange_break(struct exchange *exchange);

/* ---- waiting ------------------------------------------------------------------------
 */

/* Of the thread that all events of the exchange come from: those of its upstream requests
 * come from it too. */
struct upstream_pool *exchange_pool(const struct exchange *exchange);

/* From piece: more of the body, if it is there, is taken before anything else is done. */
void exchange_read_on(struct exchange *exchange);

/* From piece, end or a reply's read(): nothing more is read or asked until resumed.  If
 * the client leaves meanwhile, the exchange is closed. */
void exchange_suspend(struct exchange *exchange);
/* From the same thread; no event comes from inside.  A reply may be made before.  One
 * that is not suspended, as its client has left, stays as it is. */
void exchange_resume(struct exchange *exchange);

/* ---- words from other threads ---------------------------------------------------------
 */

struct server_loop;

/* Something that another thread has for that of an exchange.  All zero at first. */
struct notice {
    void (*see)(void *context); /* from the exchange's thread, between its events */
    void *context;
    struct server_loop *loop;
    struct notice *next; /* under a lock of the loop, as is ... */
    int is_posted;
};

/* From the exchange's thread: where posts go, and that none is seen from now on. */
void notice_open(struct notice *notice, const struct exchange *exchange);
void notice_close(struct notice *notice); /* one that is not open stays as it is */

/* From any thread, while it is open: it is seen, once for however many posts. */
void notice_post(struct notice *notice);

#endif /* SIEVE_SERVICE_SERVER_H */
