/* body.h - one HTTP body through its content codings and the scan or the mask: of the
 * service, and of the proxy in both directions.
 *
 *   coded body -> decoders -> (files' own codings off) -> scan
 *   coded body -> decoders -> (off) -> mask -> (on) -> JSON's numbers -> encoders -> out
 *
 * The parts of a multipart body go through the same, each by itself (body_parts.h).
 *
 * A short body without codings is judged as one block, in place; anything else goes
 * through a pipeline in pieces, in constant memory.  Both give the same bytes.  A body
 * belongs to the thread its scanner belongs to.
 */
#ifndef SIEVE_SERVICE_BODY_H
#define SIEVE_SERVICE_BODY_H

#include <stdatomic.h>

#include "base/limits.h"
#include "codec/beside.h"
#include "codec/codec.h"
#include "pipeline/window.h"
#include "service/content.h"
#include "service/limits.h"
#include "service/part_head.h"
#include "service/problem.h"
#include "service/spool.h"

struct body_limits {
    size_t
        block; /* bytes up to which a body is judged as one; at most BLOCK_LENGTH_MAX */
    uint64_t length;       /* bytes as they come */
    uint64_t expanded;     /* bytes that come out of the decoders */
    uint64_t ratio;        /* times what came; 0: any */
    uint64_t memory;       /* of one decoder */
    atomic_uint *decoders; /* bodies of the whole process that are being decoded */
    unsigned decoders_max;
    const char *spool_directory;
};

/* Who hears of the findings.  All but on_finding may be NULL. */
struct body_listener {
    void (*on_begin)(const struct piece *piece, void *context);
    sieve_on_finding on_finding;
    sieve_status (*on_end)(const struct piece *piece, void *context);
    void *context;
};

struct body_plan {
    sieve_scanner *scanner; /* of its thread; borrowed */
    int masks;              /* else it only looks */
    size_t coding_count;
    const struct codec *codings[CODINGS_MAX]; /* in the order they were put on */
    enum content content;
    struct json_plan json;  /* of CONTENT_JSON */
    const char *media_type; /* of CONTENT_MULTIPART; borrowed until new() returns */
    /* Before the findings in a part's head and in its content; may be NULL. */
    void (*on_part)(const struct part_head *head, int is_head, void *context);
    /* Before the findings in what a coding carries beside its content, and with NULL
     * behind them; may be NULL. */
    void (*on_beside)(const struct beside_place *place, void *context);
    size_t expected; /* bytes that are announced, as a hint; 0: not known */
    const struct body_limits *limits; /* borrowed */
    struct body_listener listener;
    struct stage *sink; /* of masked bytes; NULL: they wait in the body's spool */
};

/* What was learnt of a body that was examined. */
struct body_notes {
    uint64_t findings;
    uint64_t received;      /* bytes as they came */
    uint64_t examined;      /* bytes the scanner saw */
    uint64_t zeroed;        /* JSON's bare numbers that became 0 */
    uint64_t quoted;        /* ... that became strings */
    const char *unexamined; /* a scan: why it is not complete; a constant */
    size_t coding_count;    /* codings taken off inside, of files */
    const char *codings[CODEC_DEPTH_MAX];
};

struct http_body;

/* The plan is copied; its sink is owned if it succeeds. */
sieve_status http_body_new(const struct body_plan *plan,
                           struct http_body **out) SIEVE_MUST_CHECK;

/* PROBLEM_NONE, or why the body is refused: after that only free() may follow. */
enum problem http_body_write(struct http_body *body, struct bytes piece);
enum problem http_body_finish(struct http_body *body);

/* Of a scan that is refused: what came before that, gathered or decoded, is judged to its
 * end, and its findings are told. */
void http_body_settle(struct http_body *body);

/* Of a mask in pieces up to GATHERED_MAX bytes wait to be judged together: how many do;
 * and judges them, as write() would. */
size_t http_body_gathered(const struct http_body *body);
enum problem http_body_flush(struct http_body *body);

/* 1 once a mask is in pieces: all of it is, from then on. */
int http_body_is_in_pieces(const struct http_body *body);
/* As write() and flush(), of a mask in pieces. */
enum problem http_body_pass(struct http_body *body, struct bytes piece);

/* Another scanner for it, before it is in pieces: the body may then go on in another
 * thread, if it is handed over with it. */
void http_body_use(struct http_body *body, sieve_scanner *scanner);

const struct body_notes *http_body_notes(const struct http_body *body);

/* 1 if as many masked bytes come out as came in; the first says it of a plan, before a
 * byte was seen, the second is told by the first that come out. */
int body_plan_keeps_length(const struct body_plan *plan);
int http_body_keeps_length(const struct http_body *body);

/* The masked bytes, if there was no sink: sealed, to be read as long as the body lives.
 */
struct spool *http_body_spool(struct http_body *body);

void http_body_free(struct http_body *body); /* wipes; NULL is legal */

#endif /* SIEVE_SERVICE_BODY_H */
