/* body_chain.c - the steps that a body goes through in pieces. */
#include "service/body_inside.h"

#include "pipeline/limit.h"
#include "pipeline/mask.h"
#include "pipeline/scan.h"
#include "service/body_parts.h"
#include "service/body_raw.h"
#include "service/spool_stage.h"

/* ---- decoders ------------------------------------------------------------------------
 */

/* One place for all decoders of a body, be its codings those of HTTP or of a file. */
static int admit(void *context)
{
    struct http_body *body = context;
    const struct body_limits *limits = body->plan.limits;
    if (body->has_decoder)
        return 1;
    if (atomic_fetch_add(limits->decoders, 1) >= limits->decoders_max) {
        atomic_fetch_sub(limits->decoders, 1);
        return 0;
    }
    body->has_decoder = 1;
    return 1;
}

/* A decoder that needs much is let in if there is room; nobody waits in a thread that
 * serves others too. */
static int enter_gate(void *context)
{
    (void)context;
    return 1;
}

static void leave_gate(void *context)
{
    (void)context;
}

struct gate body_gate_of(struct http_body *body)
{
    const uint64_t memory = body->plan.limits->memory;
    return (struct gate){memory, enter_gate, leave_gate, body, admit};
}

/* ---- steps ---------------------------------------------------------------------------
 */

sieve_status body_put_json(struct http_body *body, struct stage **first)
{
    struct stage *json = NULL;
    if (body->plan.content != CONTENT_JSON)
        return SIEVE_OK;
    sieve_status status = json_stage_new(&body->plan.json, &body->content, *first, &json);
    if (status == SIEVE_OK)
        *first = json;
    return status;
}

static sieve_status make_parts(struct http_body *body, struct stage *sink,
                               struct stage **out)
{
    const struct parts_plan plan = {
        .body = &body->plan,
        .boundary = body->boundary,
        .listener = body_listener_of(body),
        .content = &body->content,
        .window = body->window,
        .gate = &body->gate,
        .beside = &body->beside,
        .taken = &body->notes.received,
        .notes = &body->inside,
        .unexamined = &body->notes.unexamined,
    };
    return parts_stage_new(&plan, sink, out);
}

static sieve_status make_leaf(void *context, struct stage *sink, struct stage **out)
{
    struct http_body *body = context;
    if (body->plan.content == CONTENT_MULTIPART)
        return make_parts(body, sink, out);
    if (!body->plan.masks)
        return scan_stage_new(body->window, out);
    struct stage *first = sink;
    sieve_status status = body_put_json(body, &first);
    if (status != SIEVE_OK)
        return status;
    status = mask_stage_new(body->plan.scanner, body_listener_of(body).on_finding, body,
                            first, out);
    if (status != SIEVE_OK && first != sink) {
        first->next = NULL; /* the caller keeps what it lent us */
        stage_free(first);
    }
    return status;
}

static sieve_status start_window(struct http_body *body)
{
    const struct body_listener own = body_listener_of(body);
    const struct window_sink sink = {own.on_begin, own.on_finding, own.on_end, body};
    sieve_status status = window_new(body->plan.scanner, &body->window);
    if (status == SIEVE_OK)
        window_start(body->window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    return status;
}

/* What is behind the content codings: a file's own codings, the leaf, the way back. */
static sieve_status make_inside(struct http_body *body, struct stage **out)
{
    const struct body_limits *limits = body->plan.limits;
    body->unwrap = (struct unwrap_plan){
        .leaf = make_leaf,
        .context = body,
        .encode = body->plan.masks,
        .refuses_opaque = body->plan.masks,
        .total = limits->expanded,
        .ratio = limits->ratio,
        .gate = &body->gate,
        .beside = &body->beside,
        .taken = &body->notes.received,
        .notes = &body->inside,
    };
    sieve_status status = SIEVE_OK;
    if (!body->plan.masks) {
        status = start_window(body);
        return status == SIEVE_OK ? unwrap_stage_new(&body->unwrap, NULL, out) : status;
    }
    if (!body->sink)
        status = spool_stage_new(&body->spool, &body->sink);
    for (size_t index = body->plan.coding_count; index > 0 && status == SIEVE_OK;
         index--) {
        struct stage *encoder = NULL;
        status = encode_stage_new(body->plan.codings[index - 1], body->sink, &encoder);
        if (status == SIEVE_OK)
            body->sink = encoder;
    }
    if (status == SIEVE_OK)
        status = unwrap_stage_new(&body->unwrap, body->sink, out);
    if (status == SIEVE_OK)
        body->sink = NULL;
    return status;
}

/* decoder -> limit -> `*first`, for each coding; the first one put on is the last one
 * taken off. */
static sieve_status put_decoders(struct http_body *body, struct stage **first)
{
    const struct limit limit = {body->plan.limits->expanded, body->plan.limits->ratio,
                                &body->notes.received, &body->limit_error};
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < body->plan.coding_count && status == SIEVE_OK;
         index++) {
        struct stage *stage = NULL;
        status = limit_stage_new(&limit, *first, &stage);
        if (status != SIEVE_OK)
            break;
        *first = stage;
        status = decode_stage_new(body->plan.codings[index], &body->gate, &body->beside,
                                  &body->coding_error, *first, &stage);
        if (status == SIEVE_OK)
            *first = stage;
        if (status == SIEVE_OK && body->plan.codings[index]->decoder == &brotli_decoder)
            status = raw_stage_new(body, *first, first);
    }
    return status;
}

sieve_status body_chain_make(struct http_body *body)
{
    sieve_status status = make_inside(body, &body->chain);
    return status == SIEVE_OK ? put_decoders(body, &body->chain) : status;
}
