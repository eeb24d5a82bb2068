/* proxy_inside.h - what the files of the proxy share.
 *
 *   proxy_state     proxies of one reading of the configuration
 *   proxy_head      the head of a request: what it says, and what is hidden in it
 *   proxy_fields    that head as it goes on
 *   proxy_side      the body of one direction under its policy
 *   proxy_mill      ... of a large request, masked in another thread
 *   proxy_call      a request on its way to the upstream
 *   proxy_response  what comes from the upstream
 *   proxy_reply     what the client gets of it
 *
 * A relay is one exchange with its upstream request.  All events of both come from one
 * thread.
 */
#ifndef SIEVE_SERVICE_PROXY_INSIDE_H
#define SIEVE_SERVICE_PROXY_INSIDE_H

#include "service/body.h"
#include "service/mill.h"
#include "service/proxy.h"
#include "service/proxy_route.h"
#include "service/queue.h"
#include "service/service.h"
#include "service/upstream.h"

/* Bytes of a queue at which who fills it waits, and at which it goes on. */
#define QUEUE_HIGH (384u << 10)
#define QUEUE_LOW  (32u << 10)

/* Bytes of a queue in all: one step of a decoder may make as much of a piece. */
#define QUEUE_MAX (8u << 20)

/* Bytes of a body of known length that is waited for, so that it goes on in one go. */
#define SMALL_LENGTH_MAX (64u << 10)

/* Bytes of a response's head, as fields. */
#define FIELDS_LENGTH_MAX (128u << 10)

/* Lines of Connection. */
#define CONNECTIONS_MAX 4

#define UNKNOWN_LENGTH UINT64_MAX

/* ---- one direction -------------------------------------------------------------------
 */

enum flow {
    FLOW_NONE,   /* there is no body */
    FLOW_RAW,    /* on as it comes */
    FLOW_MASKED, /* on as it gets masked */
    FLOW_WHOLE   /* on when all of it was judged */
};

struct side {
    enum policy policy;
    enum doubt_policy on_doubt;
    enum flow flow;
    enum content content;
    struct http_body *body; /* examines it; NULL: nobody does */
    int is_raw_kept;
    int is_doubtful; /* passed on unexamined */
    int is_turned;   /* FLOW_RAW that was FLOW_WHOLE: `raw` goes before the queue */
    int has_ended;   /* all of it came, and was judged */
    int is_changed;  /* FLOW_WHOLE: other bytes go on than came */
    uint64_t length; /* that was told; UNKNOWN_LENGTH */
    uint64_t received;
    struct spool raw;    /* as it came */
    struct queue made;   /* of FLOW_MASKED: where the body puts what goes on */
    struct queue queue;  /* what goes on, but of FLOW_WHOLE */
    struct spool *spool; /* of FLOW_WHOLE, after the end, and of a turned one: goes on */
    uint64_t offset;     /* how much of the spool went */
    struct metrics *metrics;
    struct streams *streams;
    size_t set_aside; /* bytes for it, of all streams */
    uint64_t found;   /* by the body; its thread's */
    uint64_t told;    /* ... to the visit */
    /* Of a request that is, or will be, masked in another thread. */
    int may_mill;
    int is_ending; /* all of it came, and is about to be judged */
    struct engine *lender;
    sieve_scanner *lent;
    struct mill *mill; /* has the body */
    struct notice judged;
};

struct relay;

/* What a side is opened for. */
struct side_plan {
    enum policy policy;
    enum doubt_policy on_doubt;
    const char *type; /* Content-Type; NULL */
    uint64_t length;
    enum problem coding_problem;
    size_t coding_count;
    const struct codec *codings[CODINGS_MAX];
};

void side_init(struct side *side, const struct relay *relay);
void side_done(struct side *side);

/* Each: PROBLEM_NONE, or why the message is refused. */
enum problem side_open(struct relay *relay, struct side *side,
                       const struct side_plan *plan);
/* Instead, of a message whose body is not sent: its length is what the head may tell. */
void side_skip(const struct relay *relay, struct side *side,
               const struct side_plan *plan);
enum problem side_write(struct relay *relay, struct side *side, struct bytes piece);
/* Judges what was gathered. */
enum problem side_flush(struct relay *relay, struct side *side);
enum problem side_finish(struct relay *relay, struct side *side);

/* The body was judged to its end: what was learnt of it. */
enum problem side_conclude(struct relay *relay, struct side *side, enum problem problem);

/* So many findings there are so far. */
void side_count(struct relay *relay, struct side *side, uint64_t found);

/* The length of what goes on, if it is known. */
uint64_t side_length(const struct side *side);

/* Takes up to `capacity` bytes of what goes on; 0 if there are none so far, or at the
 * end; -1 if they are lost, or, with the relay's problem set, may not go on: what was
 * gathered is judged first if nothing else is there. */
ssize_t side_take(struct relay *relay, struct side *side, void *to, size_t capacity);
/* 1 if it is worth to try. */
int side_has_bytes(const struct side *side);
/* How many came and were not taken, but those of a spool. */
size_t side_waiting(const struct side *side);
/* 1 if no more should come; ... if more should come again. */
int side_is_full(const struct side *side);
int side_has_room(const struct side *side);

/* ---- proxy_mill.c --------------------------------------------------------------------
 */

/* So much of a request that is sent on while it is received, or is going to be, is there,
 * or announced: memory is set aside for it. */
enum problem side_set_aside(struct relay *relay, struct side *side, uint64_t length);

/* So many bytes come next: they may be the first that are masked in pieces. */
void side_prepare_mill(struct relay *relay, struct side *side, size_t length);
/* Begins if it is time; what is masked after that is told of with `see`. */
void side_begin_mill(struct relay *relay, struct side *side, void (*see)(void *context));
/* Takes what was masked so far; PROBLEM_NONE, or why the message is refused. */
enum problem side_collect(struct relay *relay, struct side *side);
/* Nothing more is done to the body. */
void side_stop_mill(struct side *side);

/* ---- relays --------------------------------------------------------------------------
 */

/* A part of the head that was masked. */
struct edit {
    struct edit *next;
    const char *original; /* by its address */
    char text[];
};

/* What a request's head says. */
struct request_head {
    const char *type;
    size_t connection_count;
    const char *connections[CONNECTIONS_MAX]; /* lists of names */
    int has_coding;
    int has_upgrade;
    int has_body;
    uint64_t length;
};

struct relay {
    unsigned holders;
    struct exchange *exchange; /* NULL: it is over */
    struct visit *visit;       /* as long as the exchange */
    struct state *state;
    const struct proxy_door *door;
    const struct proxy *proxy;
    sieve_scanner *scanner;
    struct request_head head;
    struct route_readings routes; /* that may hold for it */
    struct edit *edits;
    struct buffer text; /* of the head, while it is worked on */
    int is_suspended;   /* by us */
    int is_head_request;

    struct side request;
    struct upstream_request *upstream;
    int is_read_late; /* the upstream waits for more of the request */

    struct side response;
    struct buffer fields; /* name, NUL, value, NUL, ... */
    size_t hop_count;     /* of the response: its lines of Connection */
    const char *hops[CONNECTIONS_MAX];
    unsigned status;      /* of the response; 0: there is none so far */
    enum problem problem; /* why it will not go on */
    int is_done;          /* the upstream request has ended */
    int is_piece_late;    /* the upstream waits for room */
    int has_reply;
    struct spool spill; /* of the response, as long as the request goes on */
    uint64_t spill_offset;
    int is_spilling;
    int is_spill_read;
};

void relay_release(struct relay *relay);
void relay_suspend(struct relay *relay);
void relay_resume(struct relay *relay); /* if it is suspended */

/* ---- heads: proxy_head.c, proxy_fields.c ---------------------------------------------
 */

/* What the head says, and PROBLEM_NONE or why it is refused. */
enum problem head_read(struct relay *relay);

/* Looks at the parts that may hold card data: hides it, or PROBLEM_BLOCKED. */
enum problem head_judge(struct relay *relay);

/* 1 if Connection names that field. */
int head_is_hop(const struct relay *relay, const char *name);

/* Starts the upstream request with the head that goes on. */
sieve_status head_send(struct relay *relay, struct upstream_call *call) SIEVE_MUST_CHECK;

/* The text as it goes on: an edit's, or itself. */
const char *head_text(const struct relay *relay, const char *original);

/* 1 if so few digits and letters stand in it that no card data can be. */
int head_is_harmless(const char *text);

/* ---- ways: proxy_call.c, proxy_response.c, proxy_reply.c -----------------------------
 */

extern const struct upstream_ops relay_upstream_ops;

/* The next name and value of the response's fields, from *at on; 0 at the end. */
int relay_next_field(const struct relay *relay, size_t *at, const char **name,
                     const char **value);

/* What a response's problem is to the client. */
enum problem response_problem(enum problem problem);

/* Upstream events. */
void reply_field(void *context, const char *name, const char *value);
void reply_head(void *context, unsigned status, uint64_t length);
int reply_piece(void *context, struct bytes piece);
void reply_done(void *context, enum upstream_end end);

/* Replies if all is there that is needed. */
void relay_respond(struct relay *relay);

#endif /* SIEVE_SERVICE_PROXY_INSIDE_H */
