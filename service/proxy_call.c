/* proxy_call.c - a proxy's request on its way to the upstream. */
#include "service/proxy_inside.h"

#include <stdlib.h>

#include "base/wipe.h"
#include "service/coding.h"
#include "service/guard.h"

/* ---- life ----------------------------------------------------------------------------
 */

static struct relay *relay_new(struct exchange *exchange, const struct proxy_door *door,
                               const struct proxy *proxy)
{
    struct relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return NULL;
    relay->holders = 1;
    relay->exchange = exchange;
    relay->visit = visit_of(exchange);
    relay->state = state_hold(relay->visit->state);
    relay->door = door;
    relay->proxy = proxy;
    side_init(&relay->request, relay);
    relay->request.may_mill = relay->visit->service->workers != NULL;
    side_init(&relay->response, relay);
    buffer_init(&relay->text, FIELDS_LENGTH_MAX);
    buffer_init(&relay->fields, FIELDS_LENGTH_MAX);
    spool_init(&relay->spill, relay->state->limits.spool_directory,
               relay->state->limits.length);
    return relay;
}

static void free_edits(struct edit *edit)
{
    while (edit) {
        struct edit *next = edit->next;
        free(edit);
        edit = next;
    }
}

void relay_release(struct relay *relay)
{
    if (--relay->holders > 0)
        return;
    side_done(&relay->request);
    side_done(&relay->response);
    buffer_done(&relay->text);
    buffer_done(&relay->fields);
    spool_done(&relay->spill);
    free_edits(relay->edits);
    state_release(relay->state);
    wipe_free(relay, sizeof *relay);
}

void relay_suspend(struct relay *relay)
{
    if (!relay->is_suspended)
        exchange_suspend(relay->exchange);
    relay->is_suspended = 1;
}

void relay_resume(struct relay *relay)
{
    if (relay->is_suspended)
        exchange_resume(relay->exchange);
    relay->is_suspended = 0;
}

/* From an event of the exchange: nothing more of the request goes on. */
static void refuse(struct relay *relay, enum problem problem)
{
    upstream_cancel(relay->upstream);
    relay->upstream = NULL;
    relay->is_done = 1;
    relay->has_reply = 1;
    relay->problem = problem;
    exchange_refuse(relay->exchange, problem);
}

/* ---- what the upstream asks for ------------------------------------------------------
 */

static ssize_t read_request(void *context, void *to, size_t capacity)
{
    struct relay *relay = context;
    struct side *side = &relay->request;
    const ssize_t count = side_take(relay, side, to, capacity);
    if (side_has_room(side))
        relay_resume(relay);
    if (count != 0 || side->has_ended)
        return count < 0 ? UPSTREAM_FAILED : count;
    relay->is_read_late = 1;
    return UPSTREAM_LATER;
}

const struct upstream_ops relay_upstream_ops = {
    reply_field, reply_head, reply_piece, read_request, reply_done,
};

/* ---- starting ------------------------------------------------------------------------
 */

/* All of it is here. */
static void fill_whole(const struct side *side, struct upstream_call *call)
{
    if (side->flow == FLOW_NONE) {
        call->body = UPSTREAM_BODY_NONE;
        return;
    }
    call->body = UPSTREAM_BODY_WHOLE;
    if (!side->spool) {
        call->whole = queue_bytes(&side->queue);
    } else if (!side->spool->file && !side->is_turned) {
        call->whole = buffer_bytes(&side->spool->memory);
    } else {
        call->body = UPSTREAM_BODY_READ;
        call->length = side_length(side);
    }
}

static void start(struct relay *relay)
{
    const struct side *side = &relay->request;
    struct upstream_call call = {.body = UPSTREAM_BODY_READ};
    if (side->has_ended)
        fill_whole(side, &call);
    else
        call.length = side_length(side);
    const sieve_status status = head_send(relay, &call);
    buffer_done(&relay->text);
    if (status != SIEVE_OK)
        refuse(relay, problem_of_status(status));
}

/* 1 if a part of the body may go on now. */
static int is_time(const struct side *side)
{
    if (!side_has_bytes(side))
        return 0;
    return side->flow == FLOW_MASKED || side->is_turned ||
           (side->flow == FLOW_RAW && side->length > SMALL_LENGTH_MAX);
}

/* ---- events of the exchange ----------------------------------------------------------
 */

static void let_upstream_read(struct relay *relay)
{
    if (!relay->is_read_late)
        return;
    relay->is_read_late = 0;
    upstream_go_on(relay->upstream);
}

/* Another thread has masked more of the request. */
static void see_judged(void *context)
{
    struct relay *relay = context;
    struct side *side = &relay->request;
    if (relay->is_done || relay->has_reply)
        return;
    const enum problem problem = side->mill ? side_collect(relay, side) : PROBLEM_NONE;
    if (problem != PROBLEM_NONE) {
        refuse(relay, problem);
        relay_resume(relay);
        return;
    }
    if (side_has_bytes(side) || side->has_ended)
        let_upstream_read(relay);
    if (side->has_ended)
        relay_respond(relay);
    else if (side_has_room(side))
        relay_resume(relay);
}

static void take_piece(struct exchange *exchange, void *state, struct bytes piece)
{
    struct relay *relay = state;
    struct side *side = &relay->request;
    enum problem problem = side_write(relay, side, piece);
    if (problem == PROBLEM_NONE && !relay->upstream)
        problem = side_flush(relay, side); /* its outcome is known before it goes on */
    if (problem != PROBLEM_NONE) {
        refuse(relay, problem);
        return;
    }
    if (!relay->upstream) {
        if (is_time(side))
            start(relay);
    } else if (side_has_bytes(side)) {
        let_upstream_read(relay);
    }
    if (!relay->upstream)
        return;
    side_begin_mill(relay, side, see_judged);
    if (side_is_full(side))
        relay_suspend(relay);
    else if (side->mill || side_waiting(side) + piece.length <= GATHERED_MAX)
        exchange_read_on(exchange);
}

static void end_request(struct exchange *exchange, void *state)
{
    struct relay *relay = state;
    enum problem problem = side_finish(relay, &relay->request);
    (void)exchange;
    if (problem != PROBLEM_NONE) {
        refuse(relay, problem);
        return;
    }
    if (relay->request.is_ending) {
        relay_suspend(relay);
        return;
    }
    relay->request.has_ended = 1;
    if (relay->upstream)
        let_upstream_read(relay);
    else
        start(relay);
    relay_respond(relay);
    if (!relay->has_reply)
        relay_suspend(relay);
}

static void closed(void *state)
{
    struct relay *relay = state;
    side_stop_mill(&relay->request);
    upstream_cancel(relay->upstream);
    relay->upstream = NULL;
    relay->exchange = NULL;
    relay->visit = NULL;
    relay_release(relay);
}

static const struct exchange_ops relay_ops = {take_piece, end_request, closed};

/* ---- begin ---------------------------------------------------------------------------
 */

static enum problem open_request(struct relay *relay)
{
    struct policies policies;
    enum problem problem = head_read(relay);
    if (problem != PROBLEM_NONE)
        return problem;
    proxy_routes(relay->proxy->settings, exchange_target(relay->exchange),
                 exchange_method(relay->exchange), &relay->routes);
    proxy_policies(relay->proxy->settings, &relay->routes, relay->head.type, &policies);
    relay->request.policy = policies.request;
    relay->visit->policy = policies.request;
    problem = head_judge(relay);
    if (problem != PROBLEM_NONE || !relay->head.has_body) {
        relay->request.flow = FLOW_NONE;
        return problem;
    }
    struct side_plan plan = {
        .policy = policies.request,
        .on_doubt = policies.on_doubt,
        .type = relay->head.type,
        .length = relay->head.length,
    };
    if (relay->head.has_coding)
        plan.coding_problem =
            coding_read(relay->exchange, plan.codings, &plan.coding_count);
    return side_open(relay, &relay->request, &plan);
}

static enum problem begin_relay(struct exchange *exchange, const struct proxy_door *door)
{
    struct visit *visit = visit_of(exchange);
    struct state *state = visit->state;
    const size_t place = proxy_door_place(door, &state->settings);
    if (place == PROXIES_MAX)
        return PROBLEM_REMOVED;
    const struct proxy *proxy = &state->proxies[place];
    visit->proxy = proxy->name;
    enum problem problem = guard_judge_proxy(exchange, proxy->settings->hosts);
    if (problem != PROBLEM_NONE)
        return problem;
    struct relay *relay = relay_new(exchange, door, proxy);
    if (!relay)
        return PROBLEM_BUSY;
    problem = problem_of_status(engine_scanner(state->engine, &relay->scanner));
    if (problem == PROBLEM_NONE)
        problem = open_request(relay);
    if (problem == PROBLEM_NONE)
        exchange_take(exchange, &relay_ops, relay);
    else
        relay_release(relay);
    return problem;
}

static void begin(struct exchange *exchange, void *context)
{
    const struct proxy_door *door = context;
    if (!visit_begin(door->service, exchange, ASKED_PROXY)) {
        exchange_refuse(exchange, PROBLEM_BUSY);
        return;
    }
    const enum problem problem = begin_relay(exchange, door);
    if (problem != PROBLEM_NONE)
        exchange_refuse(exchange, problem);
}

static void over(struct exchange *exchange, enum exchange_end end, void *context)
{
    const struct proxy_door *door = context;
    visit_over(door->service, exchange, end);
}

static void refused(unsigned problem, const struct sockaddr *peer, void *context)
{
    const struct proxy_door *door = context;
    service_refused(door->service, problem, peer);
}

struct server_events proxy_events(struct proxy_door *door)
{
    return (struct server_events){begin, over, refused, door};
}
