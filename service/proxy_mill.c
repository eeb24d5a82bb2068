/* proxy_mill.c - the body of a large request, masked in another thread.
 *
 * That begins when the upstream has begun to take it: what its head says of the body was
 * told by the first bytes that were masked.
 */
#include "service/proxy_inside.h"

void side_prepare_mill(struct relay *relay, struct side *side, size_t length)
{
    struct engine *engine = relay->state->engine;
    if (!side->may_mill || side->lent || side->flow != FLOW_MASKED ||
        side->received + length <= relay->state->limits.block)
        return;
    if (engine_lend(engine, &side->lent) != SIEVE_OK) {
        side->may_mill = 0;
        return;
    }
    side->lender = engine;
    http_body_use(side->body, side->lent);
}

static void tell(void *context)
{
    struct side *side = context;
    notice_post(&side->judged);
}

void side_begin_mill(struct relay *relay, struct side *side, void (*see)(void *context))
{
    if (side->mill || !side->lent || side->received < MILL_LENGTH_MIN ||
        !http_body_is_in_pieces(side->body))
        return;
    const struct mill_plan plan = {
        .workers = relay->visit->service->workers,
        .body = side->body,
        .made = &side->made,
        .found = &side->found,
        .tell = tell,
        .context = side,
    };
    if (mill_new(&plan, &side->mill) != SIEVE_OK)
        return;
    side->judged = (struct notice){.see = see, .context = relay};
    notice_open(&side->judged, relay->exchange);
}

void side_stop_mill(struct side *side)
{
    mill_free(side->mill);
    notice_close(&side->judged);
    side->mill = NULL;
}

enum problem side_collect(struct relay *relay, struct side *side)
{
    struct mill_state state;
    const sieve_status status = mill_take(side->mill, &side->queue, &state);
    side_count(relay, side, state.found);
    if (state.problem != PROBLEM_NONE || status != SIEVE_OK)
        return state.problem != PROBLEM_NONE ? state.problem : problem_of_status(status);
    if (!state.has_ended)
        return PROBLEM_NONE;
    mill_free(side->mill);
    side->mill = NULL;
    const enum problem problem = side_conclude(relay, side, PROBLEM_NONE);
    side->has_ended = problem == PROBLEM_NONE;
    return problem;
}
