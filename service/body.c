#include "service/body_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/fresh.h"
#include "base/wipe.h"
#include "codec/guard.h"
#include "job/cards.h"
#include "service/body_raw.h"
#include "service/spool_stage.h"

/* ---- findings ------------------------------------------------------------------------
 */

static sieve_next tell(const sieve_finding *finding, void *context)
{
    struct http_body *body = context;
    body->notes.findings++;
    return body->plan.listener.on_finding(finding, body->plan.listener.context);
}

static sieve_next tell_content(const sieve_finding *finding, void *context)
{
    struct http_body *body = context;
    if (body->has_raw && raw_see_content(body, finding) != SIEVE_OK)
        return SIEVE_STOP;
    return tell(finding, context);
}

static void tell_begin(const struct piece *piece, void *context)
{
    struct http_body *body = context;
    if (body->plan.listener.on_begin)
        body->plan.listener.on_begin(piece, body->plan.listener.context);
}

static sieve_status tell_beside_end(const struct piece *piece, void *context)
{
    struct http_body *body = context;
    return body->plan.listener.on_end
               ? body->plan.listener.on_end(piece, body->plan.listener.context)
               : SIEVE_OK;
}

static sieve_status tell_end(const struct piece *piece, void *context)
{
    ((struct http_body *)context)->notes.examined += piece->to - piece->from;
    return tell_beside_end(piece, context);
}

struct body_listener body_listener_of(struct http_body *body)
{
    return (struct body_listener){tell_begin, tell_content, tell_end, body};
}

/* ---- beside the content --------------------------------------------------------------
 */

static void begin_beside(const struct beside_place *place, void *context)
{
    struct http_body *body = context;
    if (body->plan.on_beside)
        body->plan.on_beside(place, body->plan.listener.context);
}

static void end_beside(void *context)
{
    begin_beside(NULL, context);
}

/* A mask does not code it again: what is found there is taken out with it. */
static struct beside beside_of(struct http_body *body)
{
    return (struct beside){
        .scanner = body->plan.scanner,
        .on_begin = begin_beside,
        .on_end = end_beside,
        .sink = {tell_begin, tell, tell_beside_end, body},
        .context = body,
    };
}

/* ---- life ----------------------------------------------------------------------------
 */

sieve_status http_body_new(const struct body_plan *plan, struct http_body **out)
{
    struct media_type type = {.boundary = ""};
    if (plan->content == CONTENT_MULTIPART &&
        (!plan->media_type || media_type_read(plan->media_type, &type) != MEDIA_READ))
        return SIEVE_E_INVALID;
    struct http_body *body = fresh(sizeof *body);
    if (!body)
        return SIEVE_E_MEMORY;
    const struct body_limits *limits = plan->limits;
    body->plan = *plan;
    memcpy(body->boundary, type.boundary, sizeof body->boundary);
    body->gate = body_gate_of(body);
    body->beside = beside_of(body);
    body->sink = plan->sink;
    buffer_init(&body->block, BLOCK_LENGTH_MAX);
    spool_init(&body->spool, limits->spool_directory, UINT64_MAX);
    if (plan->expected > 0 && plan->expected <= limits->block &&
        buffer_reserve(&body->block, plan->expected) != SIEVE_OK) {
        body->sink = NULL; /* the caller keeps what it lent us */
        http_body_free(body);
        return SIEVE_E_MEMORY;
    }
    *out = body;
    return SIEVE_OK;
}

/* All steps are done.  What is to be read may be read for long after that: others are to
 * have the memory, and the place among those that decode. */
static void let_go(struct http_body *body)
{
    stage_free(body->chain);
    stage_free(body->sink);
    window_free(body->window);
    beside_done(&body->beside);
    cards_free(body->in_content);
    body->in_content = NULL;
    buffer_done(&body->block);
    body->chain = body->sink = NULL;
    body->window = NULL;
    if (body->has_decoder)
        atomic_fetch_sub(body->plan.limits->decoders, 1);
    body->has_decoder = 0;
}

void http_body_free(struct http_body *body)
{
    if (!body)
        return;
    let_go(body);
    spool_done(&body->spool);
    wipe_free(body, sizeof *body);
}

const struct body_notes *http_body_notes(const struct http_body *body)
{
    return &body->notes;
}

int body_plan_keeps_length(const struct body_plan *plan)
{
    return plan->coding_count == 0 &&
           plan->content != CONTENT_MULTIPART && /* parts are coded again, too */
           !(plan->content == CONTENT_JSON && plan->json.as_strings);
}

int http_body_keeps_length(const struct http_body *body)
{
    return body_plan_keeps_length(&body->plan) && body->inside.coding_count == 0;
}

struct spool *http_body_spool(struct http_body *body)
{
    return &body->spool;
}

/* ---- what a failure means ------------------------------------------------------------
 */

static int is_lack_of_memory(const sieve_error *error)
{
    return strstr(error->what, "memory") != NULL;
}

/* A scan tells of a file it could not see to its end; a mask must refuse it. */
static enum problem judge_inside(struct http_body *body)
{
    body->notes.unexamined = body->inside.error.what;
    if (!body->plan.masks) {
        body->has_ended = 1;
        return PROBLEM_NONE;
    }
    if (body->inside.error.status == SIEVE_E_CORRUPT)
        return PROBLEM_DAMAGED;
    return body->inside.opaque || !strstr(body->inside.error.what, "expands")
               ? PROBLEM_OPAQUE
               : PROBLEM_EXPANDS;
}

static enum problem judge(struct http_body *body, sieve_status status)
{
    if (status == SIEVE_OK)
        return PROBLEM_NONE;
    if (body->limit_error.status != SIEVE_OK)
        return PROBLEM_EXPANDS;
    if (body->coding_error.status == SIEVE_E_CORRUPT)
        return PROBLEM_DAMAGED;
    if (body->coding_error.status == SIEVE_E_LIMIT)
        return is_lack_of_memory(&body->coding_error) ? PROBLEM_EXPANDS : PROBLEM_DAMAGED;
    if (body->inside.error.status != SIEVE_OK)
        return judge_inside(body);
    return problem_of_status(status);
}

/* ---- one block -----------------------------------------------------------------------
 */

/* 1 if the engine can be given these bytes as they are: they are coded in no way. */
static int is_plain(const struct http_body *body)
{
    const struct bytes bytes = buffer_bytes(&body->block);
    const struct bytes first =
        bytes_of(bytes.at, bytes.length < SNIFF_LENGTH ? bytes.length : SNIFF_LENGTH);
    int wants_more = 0;
    if (first.length == 0)
        return 1;
    return body->plan.content != CONTENT_MULTIPART && body->plan.coding_count == 0 &&
           !codec_sniff(first, &wants_more) &&
           container_sniff(first, &wants_more) == CONTAINER_NONE &&
           !codec_opaque(first) && !codec_sealed(first);
}

static sieve_status mask_block(struct http_body *body)
{
    struct buffer *block = &body->block;
    sieve_status status = SIEVE_OK;
    if (block->length > 0)
        status = sieve_mask(body->plan.scanner, block->at, block->length, tell, body);
    if (status != SIEVE_OK)
        return status;
    if (!body->sink && (body->plan.content != CONTENT_JSON ||
                        json_is_untouched(&body->plan.json, buffer_bytes(block))))
        return spool_adopt(&body->spool, block);
    if (!body->sink)
        status = spool_stage_new(&body->spool, &body->sink);
    if (status == SIEVE_OK)
        status = body_put_json(body, &body->sink);
    if (status == SIEVE_OK && block->length > 0)
        status = stage_write(body->sink, buffer_bytes(block));
    return status == SIEVE_OK ? stage_finish(body->sink) : status;
}

static sieve_status scan_block(struct http_body *body)
{
    const struct bytes bytes = buffer_bytes(&body->block);
    const struct piece piece = {bytes.at, 0, bytes.length, 0, bytes.length};
    if (bytes.length == 0)
        return SIEVE_OK;
    tell_begin(&piece, body);
    sieve_status status =
        sieve_scan(body->plan.scanner, bytes.at, bytes.length, tell, body);
    return status == SIEVE_OK ? tell_end(&piece, body) : status;
}

/* ---- bytes ---------------------------------------------------------------------------
 */

/* What waited as a block goes through the chain. */
static sieve_status start_chain(struct http_body *body)
{
    sieve_status status = body_chain_make(body);
    if (status == SIEVE_OK && body->block.length > 0)
        status = stage_write(body->chain, buffer_bytes(&body->block));
    if (body->plan.masks)
        body->block.length = 0; /* what comes next is gathered there */
    else
        buffer_done(&body->block);
    return status;
}

/* Of a scan nothing is. */
static sieve_status write_gathered(struct http_body *body)
{
    const struct bytes gathered = buffer_bytes(&body->block);
    body->block.length = 0;
    return gathered.length > 0 ? stage_write(body->chain, gathered) : SIEVE_OK;
}

/* What a mask looks at costs less in large pieces: each is judged with what is around
 * it.  A scan's window gathers by itself. */
static sieve_status gather(struct http_body *body, struct bytes piece)
{
    sieve_status status = SIEVE_OK;
    if (!body->plan.masks)
        return stage_write(body->chain, piece);
    if (piece.length > GATHERED_MAX - body->block.length)
        status = write_gathered(body);
    if (status != SIEVE_OK)
        return status;
    return piece.length < GATHERED_MAX ? buffer_append(&body->block, piece)
                                       : stage_write(body->chain, piece);
}

int http_body_is_in_pieces(const struct http_body *body)
{
    return body->chain && body->plan.masks;
}

void http_body_use(struct http_body *body, sieve_scanner *scanner)
{
    body->plan.scanner = body->beside.scanner = scanner;
}

size_t http_body_gathered(const struct http_body *body)
{
    return http_body_is_in_pieces(body) ? body->block.length : 0;
}

enum problem http_body_flush(struct http_body *body)
{
    return http_body_gathered(body) > 0 ? judge(body, write_gathered(body))
                                        : PROBLEM_NONE;
}

enum problem http_body_write(struct http_body *body, struct bytes piece)
{
    sieve_status status = SIEVE_OK;
    if (piece.length > body->plan.limits->length - body->notes.received)
        return PROBLEM_TOO_LARGE;
    body->notes.received += piece.length;
    if (body->has_ended)
        return PROBLEM_NONE;
    if (!body->chain && piece.length <= body->plan.limits->block - body->block.length)
        return judge(body, buffer_append(&body->block, piece));
    if (!body->chain)
        status = start_chain(body);
    if (status == SIEVE_OK)
        status = gather(body, piece);
    return judge(body, status);
}

enum problem http_body_pass(struct http_body *body, struct bytes piece)
{
    if (piece.length > body->plan.limits->length - body->notes.received)
        return PROBLEM_TOO_LARGE;
    body->notes.received += piece.length;
    sieve_status status = write_gathered(body);
    buffer_done(&body->block); /* nothing is gathered here any more */
    if (status == SIEVE_OK && piece.length > 0)
        status = stage_write(body->chain, piece);
    return judge(body, status);
}

static void take_notes(struct http_body *body)
{
    body->notes.zeroed = body->content.zeroed;
    body->notes.quoted = body->content.quoted;
    body->notes.coding_count = body->inside.coding_count;
    memcpy(body->notes.codings, body->inside.codings, sizeof body->notes.codings);
    if (body->inside.opaque && !body->notes.unexamined)
        body->notes.unexamined = body->inside.opaque;
}

/* A chain that failed leaves what the window still holds. */
static enum problem judge_rest(struct http_body *body)
{
    return problem_of_status(window_finish(body->window));
}

void http_body_settle(struct http_body *body)
{
    sieve_status status = SIEVE_OK;
    if (!body->plan.masks && !body->chain && body->block.length > 0)
        status = start_chain(body);
    if (status == SIEVE_OK && body->window)
        (void)judge_rest(body);
}

enum problem http_body_finish(struct http_body *body)
{
    sieve_status status = SIEVE_OK;
    if (body->has_ended) {
        const enum problem problem = judge_rest(body);
        take_notes(body);
        let_go(body);
        return problem;
    }
    if (!body->chain && is_plain(body)) {
        body->notes.examined = body->plan.masks ? body->block.length : 0;
        status = body->plan.masks ? mask_block(body) : scan_block(body);
    } else {
        status = body->chain ? write_gathered(body) : start_chain(body);
        if (status == SIEVE_OK)
            status = stage_finish(body->chain);
    }
    enum problem problem = judge(body, status);
    if (problem == PROBLEM_NONE && body->has_ended && body->window)
        problem = judge_rest(body);
    take_notes(body);
    let_go(body);
    return problem;
}
