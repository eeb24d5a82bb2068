/* problem.h - every refusal: its status, its constant words (RFC 9457), its name in the
 * counters.  Nothing of the request is ever said back.
 */
#ifndef SIEVE_SERVICE_PROBLEM_H
#define SIEVE_SERVICE_PROBLEM_H

#include "service/server.h"

enum problem {
    PROBLEM_NONE,
    PROBLEM_MALFORMED,      /* 400: no HTTP/1.1 request as it must be */
    PROBLEM_FRAMING,        /* 400: its length can be read in two ways */
    PROBLEM_OPTION,         /* 400: an option that is none, or its value */
    PROBLEM_UNAUTHORIZED,   /* 401 */
    PROBLEM_FORBIDDEN,      /* 403 */
    PROBLEM_BLOCKED,        /* 403: a proxy's request holds card data */
    PROBLEM_NOT_FOUND,      /* 404 */
    PROBLEM_METHOD,         /* 405 */
    PROBLEM_TIMEOUT,        /* 408 */
    PROBLEM_LENGTH,         /* 411 */
    PROBLEM_TOO_LARGE,      /* 413: the body */
    PROBLEM_EXPANDS,        /* 413: what it expands to */
    PROBLEM_URI_TOO_LONG,   /* 414 */
    PROBLEM_CODING,         /* 415: a content coding that is not known */
    PROBLEM_TYPE,           /* 415: a content type that cannot be read */
    PROBLEM_EXPECTATION,    /* 417 */
    PROBLEM_MISDIRECTED,    /* 421 */
    PROBLEM_DAMAGED,        /* 422: the coding's data */
    PROBLEM_OPAQUE,         /* 422: it hides what is in it */
    PROBLEM_TOO_MANY,       /* 429 */
    PROBLEM_HEAD_TOO_LARGE, /* 431 */
    PROBLEM_INTERNAL,       /* 500 */
    PROBLEM_CONNECT,        /* 501: a tunnel */
    PROBLEM_UPGRADE,        /* 501: another protocol */
    PROBLEM_TRANSFER,       /* 501: a transfer coding that is not known */
    PROBLEM_UPSTREAM,       /* 502: no upstream can be reached */
    PROBLEM_BROKEN,         /* 502: the upstream's response is none, or broke off */
    PROBLEM_WITHHELD,       /* 502: the response holds card data */
    PROBLEM_UNEXAMINED,     /* 502: the response cannot be examined */
    PROBLEM_BUSY,           /* 503 */
    PROBLEM_STORAGE,        /* 503: a body cannot be kept while it is judged */
    PROBLEM_DRAINING,       /* 503 */
    PROBLEM_REMOVED,        /* 503: the configuration does not have that proxy any more */
    PROBLEM_SLOW,           /* 504: the upstream took too long */
    PROBLEM_VERSION,        /* 505 */
    PROBLEM_LOOP,           /* 508: the request has been here before */
    PROBLEM_COUNT
};

/* "too-large": stable, for counters and the log; "" for PROBLEM_NONE. */
const char *problem_name(enum problem problem);
unsigned problem_status(enum problem problem);
/* 1 if only a proxy answers so. */
int problem_is_of_proxy(enum problem problem);
/* The reply's body, a JSON object. */
const char *problem_body(enum problem problem);

/* What to answer when something failed inside. */
enum problem problem_of_status(sieve_status status);

/* Replies with it, if there is no reply yet.  A client that cannot be told is left
 * without one: the server then breaks off. */
void exchange_refuse(struct exchange *exchange, enum problem problem);

/* The whole of an HTTP/1.1 reply with it, for a connection that ends; how long it is, 0
 * if there is no room.  To a HEAD only its head. */
#define PROBLEM_REPLY_MAX 2048
size_t problem_write_reply(enum problem problem, int is_head,
                           char reply[PROBLEM_REPLY_MAX]);

#define PROBLEM_TYPE_JSON "application/problem+json"

#endif /* SIEVE_SERVICE_PROBLEM_H */
