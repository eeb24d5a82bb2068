/* proxy_side.c - the body of one direction under its policy. */
#include "service/proxy_inside.h"

/* ---- life ----------------------------------------------------------------------------
 */

void side_init(struct side *side, const struct relay *relay)
{
    memset(side, 0, sizeof *side);
    side->length = UNKNOWN_LENGTH;
    spool_init(&side->raw, relay->state->limits.spool_directory, UINT64_MAX);
    queue_init(&side->made, QUEUE_MAX);
    queue_init(&side->queue, QUEUE_MAX);
    side->metrics = relay->visit->service->metrics;
    side->streams = &relay->visit->service->streams;
}

void side_done(struct side *side)
{
    side_stop_mill(side);
    http_body_free(side->body);
    engine_return(side->lender, side->lent);
    spool_done(&side->raw);
    queue_done(&side->made);
    queue_done(&side->queue);
    streams_give(side->streams, side->set_aside);
}

/* ---- findings and doubts -------------------------------------------------------------
 */

static sieve_next see_finding(const sieve_finding *finding, void *context)
{
    struct side *side = context;
    side->found++;
    metrics_finding(side->metrics, finding);
    return SIEVE_CONTINUE;
}

void side_count(struct relay *relay, struct side *side, uint64_t found)
{
    relay->visit->findings += found - side->told;
    side->told = found;
}

/* What the body gave and found, where this thread has it: `problem`, or another one. */
static enum problem take_made(struct relay *relay, struct side *side,
                              enum problem problem)
{
    side_count(relay, side, side->found);
    if (problem != PROBLEM_NONE || side->flow != FLOW_MASKED)
        return problem;
    return problem_of_status(queue_move(&side->queue, &side->made));
}

/* What is about the message, not about us. */
static int is_doubt(enum problem problem)
{
    return problem == PROBLEM_CODING || problem == PROBLEM_DAMAGED ||
           problem == PROBLEM_OPAQUE || problem == PROBLEM_EXPANDS ||
           problem == PROBLEM_TYPE || problem == PROBLEM_UNEXAMINED ||
           problem == PROBLEM_TOO_LARGE;
}

/* A doubt: counted and PROBLEM_NONE where the policy passes it, else `problem`. */
static enum problem side_doubt(struct relay *relay, struct side *side,
                               enum problem problem)
{
    if (!is_doubt(problem) || side->on_doubt != DOUBT_PASS)
        return problem;
    if (side->body)
        http_body_settle(side->body);
    side_count(relay, side, side->found);
    /* What was found before the doubt is none. */
    const int has_found = side->body && http_body_notes(side->body)->findings > 0;
    if (has_found && side->policy == POLICY_BLOCK)
        return PROBLEM_BLOCKED;
    if (has_found && side->policy == POLICY_ALERT)
        metrics_add(side->metrics, METRIC_ALERTED, 1);
    side->is_doubtful = 1;
    http_body_free(side->body);
    side->body = NULL;
    relay->visit->doubts++;
    metrics_add(relay->visit->service->metrics, METRIC_DOUBTS_PASSED, 1);
    return PROBLEM_NONE;
}

/* ---- begin ---------------------------------------------------------------------------
 */

static enum flow flow_of(const struct side *side, size_t block)
{
    if (side->policy == POLICY_BLOCK || side->is_raw_kept)
        return FLOW_WHOLE;
    if (side->policy != POLICY_MASK)
        return FLOW_RAW;
    return side->length <= block ? FLOW_WHOLE : FLOW_MASKED;
}

static struct body_plan body_plan_of(const struct relay *relay, const struct side *side,
                                     const struct side_plan *plan)
{
    const struct settings *settings = &relay->state->settings;
    const struct body_limits *limits = &relay->state->limits;
    struct body_plan body = {
        .scanner = relay->scanner,
        .masks = side->policy == POLICY_MASK,
        .coding_count = plan->coding_count,
        .content = side->content,
        .json = {settings->options.numbers_as_strings,
                 settings->options.wishes.style == SIEVE_STYLE_TOKEN},
        .expected = side->length <= limits->block ? (size_t)side->length : 0,
        .media_type = plan->type,
        .limits = limits,
    };
    memcpy(body.codings, plan->codings, sizeof body.codings);
    return body;
}

static enum problem make_body(struct relay *relay, struct side *side,
                              const struct side_plan *plan)
{
    struct body_plan body = body_plan_of(relay, side, plan);
    struct stage *sink = NULL;
    sieve_status status = SIEVE_OK;
    if (side->flow == FLOW_MASKED)
        status = queue_stage_new(&side->made, &sink);
    body.listener = (struct body_listener){NULL, see_finding, NULL, side};
    body.sink = sink;
    if (status == SIEVE_OK)
        status = http_body_new(&body, &side->body);
    if (status != SIEVE_OK)
        stage_free(sink);
    return problem_of_status(status);
}

/* Before a byte of it goes on, if its length is known. */
static enum problem set_aside_announced(struct relay *relay, struct side *side)
{
    return side->length == UNKNOWN_LENGTH ? PROBLEM_NONE
                                          : side_set_aside(relay, side, side->length);
}

enum problem side_open(struct relay *relay, struct side *side,
                       const struct side_plan *plan)
{
    side->policy = plan->policy;
    side->on_doubt = plan->on_doubt;
    side->length = plan->length;
    side->flow = FLOW_RAW;
    if (plan->policy == POLICY_PASS)
        return set_aside_announced(relay, side);
    if (plan->length != UNKNOWN_LENGTH && plan->length > relay->state->limits.length)
        return side_doubt(relay, side, PROBLEM_TOO_LARGE);
    if (plan->coding_problem != PROBLEM_NONE)
        return side_doubt(relay, side, plan->coding_problem);
    if (content_of_type(plan->type, &side->content) != MEDIA_READ)
        return side_doubt(relay, side, PROBLEM_TYPE);
    side->is_raw_kept = plan->policy == POLICY_BLOCK ||
                        (plan->policy == POLICY_MASK && plan->on_doubt == DOUBT_PASS);
    side->flow = flow_of(side, relay->state->limits.block);
    const enum problem problem = set_aside_announced(relay, side);
    return problem == PROBLEM_NONE ? make_body(relay, side, plan) : problem;
}

void side_skip(const struct relay *relay, struct side *side, const struct side_plan *plan)
{
    side->policy = plan->policy;
    side->length = plan->length;
    side->flow = FLOW_NONE;
    side->has_ended = 1;
    (void)content_of_type(plan->type, &side->content);
    const struct body_plan body = body_plan_of(relay, side, plan);
    if (plan->policy == POLICY_MASK &&
        (!body_plan_keeps_length(&body) || content_may_be_packed(plan->type)))
        side->length = UNKNOWN_LENGTH;
}

/* ---- bytes ---------------------------------------------------------------------------
 */

static enum problem examine(struct relay *relay, struct side *side, struct bytes piece)
{
    if (!side->body)
        return PROBLEM_NONE;
    if (piece.length > relay->state->limits.length - side->received)
        return side_doubt(relay, side, PROBLEM_TOO_LARGE);
    if (side->mill)
        return problem_of_status(mill_write(side->mill, piece));
    side_prepare_mill(relay, side, piece.length);
    const enum problem problem =
        take_made(relay, side, http_body_write(side->body, piece));
    if (problem != PROBLEM_NONE)
        return side_doubt(relay, side, problem);
    return side->policy == POLICY_BLOCK && http_body_notes(side->body)->findings > 0
               ? PROBLEM_BLOCKED
               : PROBLEM_NONE;
}

/* It goes on as it came, so nothing more of it is kept. */
static sieve_status turn(struct side *side)
{
    side->flow = FLOW_RAW;
    side->is_turned = 1;
    side->spool = &side->raw;
    return spool_seal(&side->raw);
}

enum problem side_write(struct relay *relay, struct side *side, struct bytes piece)
{
    enum problem problem = side_set_aside(relay, side, side->received + piece.length);
    if (problem == PROBLEM_NONE)
        problem = examine(relay, side, piece);
    if (problem != PROBLEM_NONE)
        return problem;
    side->received += piece.length;
    sieve_status status = SIEVE_OK;
    if (side->is_doubtful && side->flow == FLOW_WHOLE)
        status = turn(side);
    if (status == SIEVE_OK && side->flow == FLOW_WHOLE && side->is_raw_kept)
        status = spool_write(&side->raw, piece);
    if (status == SIEVE_OK && side->flow == FLOW_RAW)
        status = queue_put(&side->queue, piece);
    return problem_of_status(status);
}

enum problem side_flush(struct relay *relay, struct side *side)
{
    if (side->flow != FLOW_MASKED || !side->body)
        return PROBLEM_NONE;
    if (side->mill) {
        const enum problem outcome = side_collect(relay, side);
        if (outcome == PROBLEM_NONE && side->mill &&
            queue_bytes(&side->queue).length == 0)
            mill_flush(side->mill);
        return outcome;
    }
    const enum problem problem = take_made(relay, side, http_body_flush(side->body));
    return problem == PROBLEM_NONE ? problem : side_doubt(relay, side, problem);
}

/* ---- the end -------------------------------------------------------------------------
 */

static enum problem judge_notes(const struct side *side, const struct body_notes *notes)
{
    if (side->policy == POLICY_BLOCK && notes->findings > 0)
        return PROBLEM_BLOCKED;
    return notes->unexamined ? PROBLEM_OPAQUE : PROBLEM_NONE;
}

enum problem side_conclude(struct relay *relay, struct side *side, enum problem problem)
{
    struct metrics *metrics = side->metrics;
    const struct body_notes *notes = http_body_notes(side->body);
    metrics_add(metrics, METRIC_BYTES_EXAMINED, notes->examined);
    metrics_add(metrics, METRIC_ZEROED, notes->zeroed);
    if (problem == PROBLEM_NONE)
        problem = judge_notes(side, notes);
    if (problem != PROBLEM_NONE)
        return side_doubt(relay, side, problem);
    if (side->policy == POLICY_ALERT && notes->findings > 0)
        metrics_add(metrics, METRIC_ALERTED, 1);
    side->is_changed = side->policy == POLICY_MASK && notes->findings > 0;
    return PROBLEM_NONE;
}

/* What nothing was found in goes on as it came, if that was kept. */
static enum problem choose_spool(struct side *side)
{
    if (side->is_raw_kept && !side->is_changed) {
        side->spool = &side->raw;
        return problem_of_status(spool_seal(&side->raw));
    }
    side->spool = http_body_spool(side->body);
    side->is_changed |= !http_body_keeps_length(side->body);
    return PROBLEM_NONE;
}

enum problem side_finish(struct relay *relay, struct side *side)
{
    enum problem problem = PROBLEM_NONE;
    if (side->mill) {
        side->is_ending = 1;
        mill_end(side->mill);
        return PROBLEM_NONE;
    }
    if (side->body)
        problem = side_conclude(relay, side,
                                take_made(relay, side, http_body_finish(side->body)));
    if (problem == PROBLEM_NONE && side->flow == FLOW_WHOLE)
        problem = choose_spool(side);
    side->has_ended = problem == PROBLEM_NONE;
    return problem;
}

/* ---- what goes on --------------------------------------------------------------------
 */

uint64_t side_length(const struct side *side)
{
    switch (side->flow) {
    case FLOW_NONE:
        return 0;
    case FLOW_WHOLE:
        return side->spool ? side->spool->length : UNKNOWN_LENGTH;
    case FLOW_MASKED:
        return side->body && http_body_keeps_length(side->body) ? side->length
                                                                : UNKNOWN_LENGTH;
    case FLOW_RAW:
        break;
    }
    return side->has_ended ? side->received : side->length;
}

static uint64_t left_of_spool(const struct side *side)
{
    return side->spool ? side->spool->length - side->offset : 0;
}

/* What is looked at while it goes on is not whole before all of it was seen. */
static size_t withheld(const struct side *side)
{
    return side->flow == FLOW_RAW && side->body && !side->has_ended ? 1 : 0;
}

static size_t gathered(const struct side *side)
{
    return side->flow == FLOW_MASKED && side->body ? http_body_gathered(side->body) : 0;
}

size_t side_waiting(const struct side *side)
{
    return queue_bytes(&side->queue).length +
           (side->mill ? mill_waiting(side->mill) : gathered(side));
}

int side_is_full(const struct side *side)
{
    return side_waiting(side) >= QUEUE_HIGH || (side->mill && mill_is_full(side->mill));
}

int side_has_room(const struct side *side)
{
    if (side->has_ended || side->is_ending)
        return 0;
    return side->mill ? side_waiting(side) < QUEUE_HIGH && mill_is_hungry(side->mill)
                      : side_waiting(side) <= QUEUE_LOW;
}

static int has_settled(const struct side *side)
{
    return left_of_spool(side) > 0 || queue_bytes(&side->queue).length > withheld(side);
}

int side_has_bytes(const struct side *side)
{
    return has_settled(side) || side_waiting(side) > queue_bytes(&side->queue).length ||
           (side->mill && mill_has_rest(side->mill));
}

ssize_t side_take(struct relay *relay, struct side *side, void *to, size_t capacity)
{
    const enum problem problem =
        has_settled(side) ? PROBLEM_NONE : side_flush(relay, side);
    if (problem != PROBLEM_NONE) {
        relay->problem = problem;
        return -1;
    }
    if (!has_settled(side))
        return 0;
    if (left_of_spool(side) == 0) {
        const size_t waiting = queue_bytes(&side->queue).length - withheld(side);
        return (ssize_t)queue_take(&side->queue, to,
                                   waiting < capacity ? waiting : capacity);
    }
    const ssize_t count = spool_read(side->spool, side->offset, to, capacity);
    side->offset += count > 0 ? (uint64_t)count : 0;
    return count;
}
