/* examine.c - POST /v1/scan and POST /v1/mask. */
#include "service/routes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fresh.h"
#include "base/number.h"
#include "base/safe_text.h"
#include "base/wipe.h"
#include "service/coding.h"
#include "service/findings.h"
#include "service/service.h"

/* One body on its way. */
struct examination {
    struct visit *visit; /* may be over before the reply lets go of this */
    struct state *state; /* in use until then */
    struct engine *engine;
    struct http_body *body;
    struct findings *findings; /* of a scan */
    int is_released;           /* the reply frees it */
};

static void examination_free(struct examination *examination)
{
    http_body_free(examination->body);
    findings_free(examination->findings);
    engine_release(examination->engine);
    state_release(examination->state);
    free(examination);
}

/* The exchange is over; a reply that reads from here may still be held by the server. */
static void examination_closed(void *state)
{
    struct examination *examination = state;
    if (!examination->is_released)
        examination_free(examination);
}

static void release(void *context)
{
    examination_free(context);
}

static ssize_t read_body(void *context, uint64_t offset, void *to, size_t capacity)
{
    const struct examination *examination = context;
    return spool_read(http_body_spool(examination->body), offset, to, capacity);
}

static ssize_t read_findings(void *context, uint64_t offset, void *to, size_t capacity)
{
    const struct examination *examination = context;
    return spool_read(findings_spool(examination->findings), offset, to, capacity);
}

/* ---- begin ---------------------------------------------------------------------------
 */

/* A plain number that an honest client sends; 0 if there is none. */
static uint64_t announced_length(const struct exchange *exchange)
{
    const char *text = exchange_header(exchange, "Content-Length");
    uint64_t length = 0;
    if (!text || number_parse(text, UINT64_MAX, &length) < 0)
        return 0;
    return length;
}

static enum problem read_head(struct exchange *exchange, struct request_options *options,
                              struct body_plan *plan)
{
    const struct state *state = visit_of(exchange)->state;
    if (!exchange_header(exchange, "Content-Length") &&
        !exchange_header(exchange, "Transfer-Encoding"))
        return PROBLEM_LENGTH;
    /* Whoever reads the body next may believe the other one. */
    if (exchange_header_count(exchange, "Content-Type") > 1)
        return PROBLEM_MALFORMED;
    if (announced_length(exchange) > state->limits.length)
        return PROBLEM_TOO_LARGE;
    if (request_options_read(exchange, &state->settings.options, options) < 0)
        return PROBLEM_OPTION;
    if (content_of_type(exchange_header(exchange, "Content-Type"), &plan->content) !=
        MEDIA_READ)
        return PROBLEM_TYPE;
    return coding_read(exchange, plan->codings, &plan->coding_count);
}

static enum problem take_engine(struct examination *examination,
                                const struct wishes *wishes, struct body_plan *plan)
{
    const struct state *state = examination->state;
    sieve_status status = SIEVE_OK;
    /* Most want what the configuration says: its engine is there as long as the state. */
    if (memcmp(wishes, &state->settings.options.wishes, sizeof *wishes) == 0)
        return problem_of_status(engine_scanner(state->engine, &plan->scanner));
    status = engines_take(state->engines, wishes, &examination->engine);
    if (status == SIEVE_OK)
        status = engine_scanner(examination->engine, &plan->scanner);
    return problem_of_status(status);
}

static sieve_next see_masked(const sieve_finding *finding, void *context)
{
    const struct examination *examination = context;
    examination->visit->findings++;
    metrics_finding(examination->visit->service->metrics, finding);
    return SIEVE_CONTINUE;
}

static sieve_next see_found(const sieve_finding *finding, void *context)
{
    const struct examination *examination = context;
    const struct body_listener listener = findings_listener(examination->findings);
    (void)see_masked(finding, context);
    return listener.on_finding(finding, listener.context);
}

static void see_piece(const struct piece *piece, void *context)
{
    const struct examination *examination = context;
    const struct body_listener listener = findings_listener(examination->findings);
    listener.on_begin(piece, listener.context);
}

static sieve_status see_piece_end(const struct piece *piece, void *context)
{
    const struct examination *examination = context;
    const struct body_listener listener = findings_listener(examination->findings);
    return listener.on_end(piece, listener.context);
}

static void see_part(const struct part_head *head, int is_head, void *context)
{
    findings_part(((struct examination *)context)->findings, head, is_head);
}

static void see_beside(const struct beside_place *place, void *context)
{
    findings_beside(((struct examination *)context)->findings, place);
}

static sieve_status make_body(struct examination *examination, struct body_plan *plan)
{
    sieve_status status = SIEVE_OK;
    plan->on_part = plan->masks ? NULL : see_part;
    plan->on_beside = plan->masks ? NULL : see_beside;
    plan->listener =
        plan->masks
            ? (struct body_listener){NULL, see_masked, NULL, examination}
            : (struct body_listener){see_piece, see_found, see_piece_end, examination};
    if (!plan->masks)
        status = findings_new(plan->limits->spool_directory, &examination->findings);
    return status == SIEVE_OK ? http_body_new(plan, &examination->body) : status;
}

/* ---- the body ------------------------------------------------------------------------
 */

static void take_piece(struct exchange *exchange, void *state, struct bytes piece)
{
    const struct examination *examination = state;
    const enum problem problem = http_body_write(examination->body, piece);
    if (problem != PROBLEM_NONE)
        exchange_refuse(exchange, problem);
}

static sieve_status add_number(struct exchange *exchange, const char *name,
                               uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    (void)number_text(number, text);
    return exchange_reply_header(exchange, name, text);
}

static sieve_status add_headers(struct exchange *exchange, const struct body_notes *notes)
{
    sieve_status status = add_number(exchange, "Cardsieve-Findings", notes->findings);
    if (status == SIEVE_OK)
        status = exchange_reply_header(exchange, "Cache-Control", "no-store");
    if (status == SIEVE_OK && notes->zeroed > 0)
        status = add_number(exchange, "Cardsieve-Numbers-Zeroed", notes->zeroed);
    if (status == SIEVE_OK && notes->quoted > 0)
        status = add_number(exchange, "Cardsieve-Numbers-Quoted", notes->quoted);
    return status;
}

/* The reply owns the examination if it succeeds. */
static sieve_status reply_spool(struct exchange *exchange,
                                struct examination *examination, struct spool *spool,
                                ssize_t (*read)(void *, uint64_t, void *, size_t))
{
    const struct reply_source source = {read, release, examination, spool->length};
    sieve_status status =
        spool->file ? exchange_reply_source(exchange, 200, &source)
                    : exchange_reply_bytes(exchange, 200, buffer_bytes(&spool->memory),
                                           release, examination);
    examination->is_released = status == SIEVE_OK;
    return status;
}

static void count_body(const struct examination *examination,
                       const struct body_notes *notes)
{
    struct metrics *metrics = examination->visit->service->metrics;
    metrics_add(metrics, METRIC_BYTES_EXAMINED, notes->examined);
    metrics_add(metrics, METRIC_ZEROED, notes->zeroed);
    metrics_add(metrics, METRIC_UNEXAMINED, notes->unexamined != NULL);
}

static void end_scan(struct exchange *exchange, void *state)
{
    struct examination *examination = state;
    enum problem problem = http_body_finish(examination->body);
    const struct body_notes *notes = http_body_notes(examination->body);
    if (problem == PROBLEM_NONE)
        problem = problem_of_status(findings_finish(examination->findings, notes));
    if (problem == PROBLEM_NONE)
        problem = problem_of_status(reply_spool(
            exchange, examination, findings_spool(examination->findings), read_findings));
    if (problem != PROBLEM_NONE) {
        exchange_refuse(exchange, problem);
        return;
    }
    count_body(examination, notes);
    if (add_headers(exchange, notes) != SIEVE_OK ||
        exchange_reply_header(exchange, "Content-Type", "application/json") != SIEVE_OK)
        exchange_break(exchange);
}

/* The type as it came, but for a number that somebody put into it. */
static sieve_status copy_type(struct exchange *exchange, const struct state *state)
{
    const char *type = exchange_header(exchange, "Content-Type");
    sieve_scanner *veil = NULL;
    if (!type)
        return SIEVE_OK;
    const size_t length = strlen(type);
    char *copy = strdup(type);
    if (!copy)
        return SIEVE_E_MEMORY;
    sieve_status status = SIEVE_OK;
    if (safe_text_needs_veil(bytes_of(copy, length)))
        status = engine_scanner(state->veil, &veil);
    if (status == SIEVE_OK && veil)
        status = sieve_mask(veil, copy, length, NULL, NULL);
    if (status == SIEVE_OK)
        status = exchange_reply_header(exchange, "Content-Type", copy);
    wipe_free(copy, length);
    return status;
}

struct coding_copy {
    struct exchange *exchange;
    sieve_status status;
};

static int copy_coding(void *context, const char *name, const char *value)
{
    struct coding_copy *copy = context;
    if (strcasecmp(name, "Content-Encoding") == 0)
        copy->status = exchange_reply_header(copy->exchange, name, value);
    return copy->status == SIEVE_OK;
}

/* Type and codings are those of the request, be they in one header or in several. */
static sieve_status copy_headers(struct exchange *exchange,
                                 const struct examination *examination)
{
    struct coding_copy copy = {exchange, copy_type(exchange, examination->state)};
    if (copy.status == SIEVE_OK)
        exchange_headers(exchange, copy_coding, &copy);
    return copy.status;
}

static void end_mask(struct exchange *exchange, void *state)
{
    struct examination *examination = state;
    enum problem problem = http_body_finish(examination->body);
    const struct body_notes *notes = http_body_notes(examination->body);
    if (problem == PROBLEM_NONE)
        problem = problem_of_status(reply_spool(
            exchange, examination, http_body_spool(examination->body), read_body));
    if (problem != PROBLEM_NONE) {
        exchange_refuse(exchange, problem);
        return;
    }
    count_body(examination, notes);
    if (add_headers(exchange, notes) != SIEVE_OK ||
        copy_headers(exchange, examination) != SIEVE_OK)
        exchange_break(exchange);
}

static const struct exchange_ops scan_ops = {take_piece, end_scan, examination_closed};
static const struct exchange_ops mask_ops = {take_piece, end_mask, examination_closed};

static void begin(struct exchange *exchange, int masks)
{
    struct visit *visit = visit_of(exchange);
    struct request_options options;
    struct body_plan plan = {.masks = masks, .limits = &visit->state->limits};
    enum problem problem = read_head(exchange, &options, &plan);
    if (problem != PROBLEM_NONE) {
        exchange_refuse(exchange, problem);
        return;
    }
    struct examination *examination = fresh(sizeof *examination);
    if (!examination) {
        exchange_refuse(exchange, PROBLEM_BUSY);
        return;
    }
    const uint64_t length = announced_length(exchange);
    examination->visit = visit;
    examination->state = state_hold(visit->state);
    plan.json = (struct json_plan){options.numbers_as_strings,
                                   options.wishes.style == SIEVE_STYLE_TOKEN};
    plan.media_type = exchange_header(exchange, "Content-Type");
    plan.expected = length <= BLOCK_LENGTH_MAX ? (size_t)length : 0;
    problem = take_engine(examination, &options.wishes, &plan);
    if (problem == PROBLEM_NONE)
        problem = problem_of_status(make_body(examination, &plan));
    if (problem != PROBLEM_NONE) {
        examination_free(examination);
        exchange_refuse(exchange, problem);
        return;
    }
    exchange_take(exchange, masks ? &mask_ops : &scan_ops, examination);
}

void scan_begin(struct exchange *exchange)
{
    begin(exchange, 0);
}

void mask_begin(struct exchange *exchange)
{
    begin(exchange, 1);
}
