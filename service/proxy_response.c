/* proxy_response.c - what comes from a proxy's upstream: its events. */
#include "service/proxy_inside.h"

#include "base/number.h"
#include "service/coding.h"
#include "service/fields.h"

/* ---- fields --------------------------------------------------------------------------
 */

void reply_field(void *context, const char *name, const char *value)
{
    struct relay *relay = context;
    sieve_status status = buffer_append(&relay->fields, bytes_of(name, strlen(name) + 1));
    if (status == SIEVE_OK)
        status = buffer_append(&relay->fields, bytes_of(value, strlen(value) + 1));
    if (status != SIEVE_OK)
        relay->problem = PROBLEM_BROKEN;
}

static int has_body(const struct relay *relay)
{
    return !relay->is_head_request && relay->status != 204 && relay->status != 304;
}

static void see_connection(struct relay *relay, const char *value)
{
    if (relay->hop_count == CONNECTIONS_MAX)
        relay->problem = PROBLEM_BROKEN;
    else
        relay->hops[relay->hop_count++] = value;
}

/* What a field is written with beside its name and its value: ": ", an end, and a blank
 * for no value. */
#define FIELD_FRAME 5u

/* Of a HEAD, or a 304, the length is what a GET would bring, or would have brought.  A
 * head that the client could not get is as if the upstream had never ended it. */
static void read_fields(struct relay *relay, struct side_plan *plan)
{
    const char *name = NULL;
    const char *value = NULL;
    size_t length = 0;
    for (size_t at = 0; relay_next_field(relay, &at, &name, &value);) {
        const enum field field = field_of(name);
        length += strlen(name) + strlen(value) + FIELD_FRAME;
        if (field == FIELD_CONNECTION)
            see_connection(relay, value);
        else if (field == FIELD_TYPE && plan->type)
            plan->coding_problem = PROBLEM_UNEXAMINED; /* the client may take either */
        else if (field == FIELD_TYPE)
            plan->type = value;
        else if (field == FIELD_CODING &&
                 coding_add(value, plan->codings, &plan->coding_count) < 0)
            plan->coding_problem = PROBLEM_CODING;
        else if (field == FIELD_LENGTH && !has_body(relay))
            (void)number_parse(value, UNKNOWN_LENGTH - 1, &plan->length);
    }
    if (length > exchange_reply_room(relay->exchange))
        relay->problem = PROBLEM_BROKEN;
}

/* ---- failures ------------------------------------------------------------------------
 */

enum problem response_problem(enum problem problem)
{
    switch ((int)problem) {
    case PROBLEM_BLOCKED:
        return PROBLEM_WITHHELD;
    case PROBLEM_CODING:
    case PROBLEM_DAMAGED:
    case PROBLEM_OPAQUE:
    case PROBLEM_EXPANDS:
    case PROBLEM_TOO_LARGE:
    case PROBLEM_TYPE:
        return PROBLEM_UNEXAMINED;
    default:
        return problem;
    }
}

/* A reply that has begun is broken off: no part of it may look like all of it. */
static void fail(struct relay *relay, enum problem problem)
{
    relay->problem = problem;
    if (!relay->has_reply) {
        relay->has_reply = 1;
        exchange_refuse(relay->exchange, problem);
    } else {
        exchange_set_problem(relay->exchange, problem);
    }
    relay_resume(relay);
}

/* ---- events of the upstream ----------------------------------------------------------
 */

void reply_head(void *context, unsigned status, uint64_t length)
{
    struct relay *relay = context;
    struct side *side = &relay->response;
    struct policies policies;
    relay->status = status;
    struct side_plan plan = {.length = has_body(relay) ? length : UNKNOWN_LENGTH};
    relay->visit->upstream_status = status;
    if (relay->problem != PROBLEM_NONE)
        return; /* its fields were too many */
    read_fields(relay, &plan);
    if (relay->problem != PROBLEM_NONE)
        return;
    proxy_policies(relay->proxy->settings, &relay->routes, plan.type, &policies);
    plan.policy = policies.response;
    plan.on_doubt = policies.on_doubt;
    if (!has_body(relay)) {
        side_skip(relay, side, &plan);
        relay_respond(relay);
        return;
    }
    if (status == 206 && plan.policy != POLICY_PASS)
        plan.coding_problem = PROBLEM_UNEXAMINED; /* nobody asked for a part */
    relay->problem = response_problem(side_open(relay, side, &plan));
    relay_respond(relay);
}

/* While the request goes on nobody reads the response. */
static enum problem put_aside(struct relay *relay)
{
    struct queue *queue = &relay->response.queue;
    if (!relay->is_spilling && queue_bytes(queue).length < QUEUE_HIGH)
        return PROBLEM_NONE;
    relay->is_spilling = 1;
    const sieve_status status = spool_write(&relay->spill, queue_bytes(queue));
    queue_done(queue);
    queue_init(queue, QUEUE_MAX);
    return status == SIEVE_OK ? PROBLEM_NONE : PROBLEM_UNEXAMINED;
}

int reply_piece(void *context, struct bytes piece)
{
    struct relay *relay = context;
    struct side *side = &relay->response;
    if (relay->problem != PROBLEM_NONE)
        return UPSTREAM_FAILED;
    if (relay->request.has_ended &&
        (side_waiting(side) >= QUEUE_HIGH || relay->is_spilling)) {
        relay->is_piece_late = 1;
        return UPSTREAM_LATER;
    }
    enum problem problem = response_problem(side_write(relay, side, piece));
    if (problem == PROBLEM_NONE && !relay->has_reply)
        problem = response_problem(side_flush(relay, side)); /* while it can be told */
    if (problem == PROBLEM_NONE && !relay->request.has_ended)
        problem = put_aside(relay);
    if (problem != PROBLEM_NONE) {
        relay->problem = problem;
        return UPSTREAM_FAILED;
    }
    if (relay->has_reply)
        relay_resume(relay);
    else
        relay_respond(relay);
    return 0;
}

static enum problem problem_of_end(enum upstream_end end)
{
    switch (end) {
    case UPSTREAM_COMPLETE:
        return PROBLEM_NONE;
    case UPSTREAM_UNREACHABLE:
        return PROBLEM_UPSTREAM;
    case UPSTREAM_SLOW:
        return PROBLEM_SLOW;
    case UPSTREAM_STARVED:
        return PROBLEM_BUSY;
    case UPSTREAM_BROKEN:
        return PROBLEM_BROKEN;
    case UPSTREAM_STOPPED:
        break;
    }
    return PROBLEM_INTERNAL;
}

void reply_done(void *context, enum upstream_end end)
{
    struct relay *relay = context;
    struct side *side = &relay->response;
    relay->is_done = 1;
    enum problem problem = relay->problem;
    if (problem == PROBLEM_NONE)
        problem = problem_of_end(end);
    if (problem == PROBLEM_NONE && relay->status == 0)
        problem = PROBLEM_BROKEN;
    if (problem == PROBLEM_NONE && !side->has_ended)
        problem = response_problem(side_finish(relay, side));
    if (problem != PROBLEM_NONE) {
        fail(relay, problem);
        return;
    }
    if (relay->has_reply)
        relay_resume(relay);
    else
        relay_respond(relay);
}
