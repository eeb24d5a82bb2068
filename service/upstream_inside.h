/* upstream_inside.h - what the upstream_*.c files share, and nobody else sees.  The only
 * file that includes curl/curl.h.
 */
#ifndef SIEVE_SERVICE_UPSTREAM_INSIDE_H
#define SIEVE_SERVICE_UPSTREAM_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include <curl/curl.h>

#include "service/upstream.h"

/* ---- groups --------------------------------------------------------------------------
 */

#define UPSTREAM_ADDRESSES_MAX 64u
#define UPSTREAM_METHOD_MAX    33u

/* What was counted, by the name of a plan and the address: all groups that have both
 * count together. */
struct upstream_tally {
    atomic_uint_fast64_t requests;
    atomic_uint_fast64_t failures;
    atomic_uint_fast64_t connections;
    /* Under the lock of upstream_tally.c. */
    struct upstream_tally *next;
    unsigned users;
    char *name;
    char *address;
};

/* NULL: not enough memory.  Any thread. */
struct upstream_tally *upstream_tally_hold(const char *name, const char *address);
void upstream_tally_release(struct upstream_tally *tally); /* NULL is legal */

struct upstream_address {
    char *text;
    char *shown; /* to people */
    CURLU *url;
    atomic_uint failures; /* connections that failed in a row */
    atomic_uint ill;      /* health checks in a row that were not well */
    atomic_int is_told_down;
    atomic_int is_asked;             /* a health check is on its way */
    atomic_uint_fast64_t down_until; /* milliseconds; 0: it is up */
    struct upstream_tally *tally;
};

struct upstream_group {
    atomic_uint users;
    uint64_t serial; /* no other group ever had it */
    struct upstream_plan plan;
    char *authorities; /* of the plan, copied */
    char *certificate;
    char *key;
    char *health_path;
    size_t count;
    struct upstream_address *addresses;
    /* Of those that are asked for their health; under the lock of upstream_health.c. */
    struct upstream_group *next;
    uint64_t next_check;
};

/* Once for all; 0, or -1. */
int upstream_curl_init(void);
int upstream_memory_init(void); /* upstream_memory.c */

/* Milliseconds of a clock that only goes forward. */
uint64_t upstream_now(void);

/* Index of the first address that is up and not in `tried`, a bit for each; where none is
 * up, of the first not tried; the count if there is none. */
size_t upstream_group_choose(const struct upstream_group *group, uint64_t tried,
                             uint64_t now);

/* A connection to it was made, or could not be, for this constant reason. */
void upstream_address_works(const struct upstream_group *group,
                            struct upstream_address *address);
void upstream_address_fails(const struct upstream_group *group,
                            struct upstream_address *address, uint64_t now,
                            const char *reason);
/* What a health check saw. */
void upstream_address_is_well(const struct upstream_group *group,
                              struct upstream_address *address);
void upstream_address_is_ill(const struct upstream_group *group,
                             struct upstream_address *address, const char *reason);

/* ---- pools ---------------------------------------------------------------------------
 */

/* Bytes of a response's head, with those of interim ones and trailers: as much as can be
 * passed on out of CONNECTION_MEMORY, beside a request's head. */
#define UPSTREAM_HEAD_MAX (30u << 10)

/* A descriptor that libcurl waits for. */
struct upstream_socket {
    struct upstream_request *request; /* NULL: idle, or nobody's */
    unsigned char is_connection;      /* libcurl says when it closes it */
    unsigned char is_wanted;          /* libcurl waits for it */
    uint32_t watched;                 /* events in the epoll; 0: it is not there */
};

struct upstream_pool {
    CURLM *multi;
    int epoll;
    int closed;     /* a socket at its end */
    int is_in_curl; /* no request can be added or removed */
    int is_running;
    uint64_t now;
    uint64_t deadline;               /* libcurl's; UINT64_MAX: none */
    uint64_t look;                   /* at who is idle for too long */
    struct upstream_request *fresh;  /* to be added */
    struct upstream_request *active; /* added */
    struct upstream_request *spare;  /* their handles wait for the next request */
    struct upstream_request *going;  /* upstream_go_on() was called */
    struct upstream_request *dead;   /* cancelled from inside libcurl */
    unsigned spare_count;
    unsigned connections_max;
    struct upstream_socket *sockets; /* by descriptor */
    size_t socket_count;
    uint64_t health; /* when it looks who is to be asked for health; UINT64_MAX: never */
    int is_prober;
    char line[UPSTREAM_HEAD_MAX];
};

/* ---- requests ------------------------------------------------------------------------
 */

enum upstream_phase {
    UPSTREAM_SPARE,
    UPSTREAM_FRESH,
    UPSTREAM_ACTIVE,
    UPSTREAM_DONE,
    UPSTREAM_DEAD
};

/* What was read of a response's head. */
struct upstream_head {
    size_t length; /* of all heads and trailers */
    uint64_t body_length;
    unsigned status;
    unsigned lengths;
    unsigned transfers;
    int is_old; /* HTTP/1.0 */
    int has_begun;
    int is_over;
};

struct upstream_request {
    struct upstream_pool *pool;
    struct upstream_request *previous; /* in fresh or active, in the order of ... */
    struct upstream_request *next;     /* ... their start */
    struct upstream_request *going;    /* next of pool->going */
    enum upstream_phase phase;
    CURL *easy;
    uint64_t configured; /* serial of the group its handle is set up for */
    struct upstream_group *group;
    size_t address;
    uint64_t tried; /* addresses, a bit for each */
    /* the call */
    const struct upstream_ops *ops;
    void *context;
    char *words; /* the call's texts and the list of its fields */
    size_t words_capacity;
    size_t words_length;
    struct curl_slist *fields;
    char method[UPSTREAM_METHOD_MAX]; /* of its handle */
    int is_head;
    int is_repeatable;
    int only_address;  /* a health check's: no other will do */
    uint64_t patience; /* milliseconds without a byte */
    enum upstream_body body;
    struct bytes whole;
    uint64_t length;
    /* how far it is */
    struct upstream_head head;
    int descriptor; /* its connection's, as far as it is known; -1 */
    uint64_t last;  /* milliseconds; when a byte went either way */
    int is_sent;    /* bytes may have gone out */
    int is_new_connection;
    int is_starved; /* there was no descriptor for one */
    int is_full;    /* piece() said later */
    int is_empty;   /* read() said later */
    int is_going;   /* is in pool->going */
    int is_stopped; /* piece() or read() failed */
    int is_broken;  /* what it says is no HTTP/1.1 */
    int is_watched; /* libcurl tells what it leaves behind the response */
    int is_spent;   /* its connection is not for another request */
};

/* upstream_request.c */

/* One with its handle; NULL: there is no memory. */
struct upstream_request *upstream_request_new(struct upstream_pool *pool);
void upstream_request_free(struct upstream_request *request);
/* Copies the call and sets up the handle for it.  SIEVE_E_MEMORY, SIEVE_E_INVALID. */
sieve_status upstream_request_prepare(struct upstream_request *request,
                                      const struct upstream_call *call) SIEVE_MUST_CHECK;
/* The head of a response that may end with it, or with a chunk, is there: from now on
 * bytes that libcurl finds behind the response, and drops, make its connection spent. */
void upstream_request_watch(struct upstream_request *request);
/* ... for its address; again after a failure. */
int upstream_request_aim(struct upstream_request *request);

/* Bytes of words that a spare request keeps. */
#define UPSTREAM_WORDS_KEPT (16u << 10)

/* upstream_pool.c: a connection of libcurl's.  -1: there is no memory. */
int upstream_socket_opened(struct upstream_pool *pool, int descriptor);
void upstream_socket_closed(struct upstream_pool *pool, int descriptor);
/* Its connection, if it is still open, waits for the next request; a spent one ends. */
void upstream_socket_left(const struct upstream_request *request);

/* upstream_fields.c: the call's fields, and what is said of its body, in the request's
 * own memory.  0, or -1 without memory. */
int upstream_write_fields(struct upstream_request *request,
                          const struct upstream_call *call);

/* upstream_head.c: takes a line of a response's head, with its end.  0, or -1: it cannot
 * be. */
int upstream_head_line(struct upstream_request *request, const char *line, size_t length);

/* upstream_health.c */
void upstream_health_add(struct upstream_group *group);
void upstream_health_remove(struct upstream_group *group);
unsigned upstream_groups_alive(void);
/* Sets pool->health. */
void upstream_health_run(struct upstream_pool *pool);
void upstream_health_leave(struct upstream_pool *pool);
uint64_t upstream_health_patience(const struct upstream_group *group);

/* ---- upstream.c ----------------------------------------------------------------------
 */

void upstream_add_fresh(struct upstream_pool *pool);
/* libcurl is done with it; `result` is a CURLcode. */
void upstream_request_ended(struct upstream_request *request, CURLcode result);
void upstream_request_late(struct upstream_request *request);
/* Lets go of those that were cancelled from inside libcurl. */
void upstream_bury(struct upstream_pool *pool);
void upstream_cancel_all(struct upstream_pool *pool);

/* upstream_start() to one address only; SIZE_MAX: to any. */
sieve_status upstream_start_at(struct upstream_pool *pool, struct upstream_group *group,
                               size_t address, const struct upstream_call *call,
                               struct upstream_request **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_UPSTREAM_INSIDE_H */
