/* proxy_mill.c - the body of a large request, masked in another thread.
 *
 * That begins when the upstream has begun to take it: what its head says of the body was
 * told by the first bytes that were masked.
 */
#include "service/proxy_inside.h"

enum problem side_set_aside(struct relay *relay, struct side *side, uint64_t length)
{
    if (side != &relay->request || side->set_aside > 0 || length <= BLOCK_LENGTH_MAX ||
        (side->flow != FLOW_MASKED && side->flow != FLOW_RAW))
        return PROBLEM_NONE;
    if (streams_take(side->streams, STREAM_MEMORY, relay->state->settings.max_streamed) !=
        0)
        return PROBLEM_BUSY;
    side->set_aside = STREAM_MEMORY;
    return PROBLEM_NONE;
}

/* Half of it is for those that are masked where they are received: more come in. */
static int set_aside_more(const struct relay *relay, struct side *side)
{
    if (streams_take(side->streams, STREAM_MILL_MEMORY,
                     relay->state->settings.max_streamed / 2) != 0)
        return -1;
    side->set_aside += STREAM_MILL_MEMORY;
    return 0;
}

void side_prepare_mill(struct relay *relay, struct side *side, size_t length)
{
    struct engine *engine = relay->state->engine;
    if (!side->may_mill || side->lent || side->flow != FLOW_MASKED ||
        side->received + length <= relay->state->limits.block)
        return;
    if (set_aside_more(relay, side) != 0 ||
        engine_lend(engine, &side->lent) != SIEVE_OK) {
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
        .piece_max = connection_memory((size_t)relay->door->first->max_head),
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
