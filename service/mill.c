#include "service/mill.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/wipe.h"
#include "service/limits.h"
#include "service/workers.h"

struct mill {
    struct work work; /* first */
    struct mill_plan plan;
    pthread_mutex_t lock;
    /* Those from `done` to `given` are the worker's, the one at `given` is being filled.
     */
    struct buffer blocks[MILL_BLOCKS];
    size_t given;
    size_t done;
    int is_ending; /* written by that thread, under the lock */
    int is_told;   /* tell() was called, and nothing taken since */
    struct queue out;
    struct mill_state state;
};

/* ---- in a worker ---------------------------------------------------------------------
 */

/* Who was told and did not come so far is not told again. */
static void settle(struct mill *mill, enum problem problem, int has_ended)
{
    pthread_mutex_lock(&mill->lock);
    if (problem == PROBLEM_NONE)
        problem = problem_of_status(queue_move(&mill->out, mill->plan.made));
    mill->state.problem = problem;
    mill->state.has_ended = has_ended && problem == PROBLEM_NONE;
    mill->state.found = *mill->plan.found;
    mill->done += !has_ended;
    const int tells = !mill->is_told;
    mill->is_told = 1;
    pthread_mutex_unlock(&mill->lock);
    if (tells)
        mill->plan.tell(mill->plan.context);
}

static int run(struct work *work)
{
    struct mill *mill = (struct mill *)work;
    pthread_mutex_lock(&mill->lock);
    const int is_over = mill->state.problem != PROBLEM_NONE || mill->state.has_ended;
    const int has_block = mill->done < mill->given;
    const int ends = !has_block && mill->is_ending;
    /* Who takes it asks for more: see mill_take(). */
    const int is_made = queue_bytes(&mill->out).length >= MILL_MADE_MAX;
    pthread_mutex_unlock(&mill->lock);
    if (is_over || is_made || (!has_block && !ends))
        return 0;
    if (ends) {
        settle(mill, http_body_finish(mill->plan.body), 1);
        return 0;
    }
    struct buffer *block = &mill->blocks[mill->done % MILL_BLOCKS];
    const enum problem problem = http_body_pass(mill->plan.body, buffer_bytes(block));
    block->length = 0;
    settle(mill, problem, 0);
    return problem == PROBLEM_NONE;
}

/* ---- life ----------------------------------------------------------------------------
 */

sieve_status mill_new(const struct mill_plan *plan, struct mill **out)
{
    struct mill *mill = calloc(1, sizeof *mill);
    if (!mill)
        return SIEVE_E_MEMORY;
    mill->work.run = run;
    mill->plan = *plan;
    (void)pthread_mutex_init(&mill->lock, NULL);
    for (size_t index = 0; index < MILL_BLOCKS; index++)
        buffer_init(&mill->blocks[index], GATHERED_MAX);
    queue_init(&mill->out, plan->made->buffer.ceiling);
    *out = mill;
    return SIEVE_OK;
}

void mill_free(struct mill *mill)
{
    if (!mill)
        return;
    workers_stop(mill->plan.workers, &mill->work);
    for (size_t index = 0; index < MILL_BLOCKS; index++)
        buffer_done(&mill->blocks[index]);
    queue_done(&mill->out);
    (void)pthread_mutex_destroy(&mill->lock);
    wipe_free(mill, sizeof *mill);
}

/* ---- what comes ----------------------------------------------------------------------
 */

/* Without a thread for it, it is done here. */
static void ask(struct mill *mill)
{
    if (workers_ask(mill->plan.workers, &mill->work) < 0) {
        while (run(&mill->work))
            continue;
    }
}

/* Blocks that were given and are not done. */
static size_t count_given(struct mill *mill)
{
    pthread_mutex_lock(&mill->lock);
    const size_t count = mill->given - mill->done;
    pthread_mutex_unlock(&mill->lock);
    return count;
}

static struct buffer *filling(struct mill *mill)
{
    return &mill->blocks[mill->given % MILL_BLOCKS];
}

static void give(struct mill *mill)
{
    pthread_mutex_lock(&mill->lock);
    mill->given++;
    pthread_mutex_unlock(&mill->lock);
    ask(mill);
}

sieve_status mill_write(struct mill *mill, struct bytes piece)
{
    if (piece.length > GATHERED_MAX - filling(mill)->length) {
        if (piece.length > GATHERED_MAX || count_given(mill) + 1 >= MILL_BLOCKS)
            return SIEVE_E_LIMIT;
        give(mill);
    }
    return buffer_append(filling(mill), piece);
}

int mill_is_full(struct mill *mill)
{
    return mill->is_ending ||
           (filling(mill)->length > GATHERED_MAX - mill->plan.piece_max &&
            count_given(mill) + 1 >= MILL_BLOCKS);
}

int mill_is_hungry(struct mill *mill)
{
    return count_given(mill) <= 1;
}

int mill_has_rest(struct mill *mill)
{
    /* After the end none is being filled. */
    return !mill->is_ending && filling(mill)->length > 0 && count_given(mill) == 0;
}

void mill_flush(struct mill *mill)
{
    if (mill_has_rest(mill))
        give(mill);
}

void mill_end(struct mill *mill)
{
    pthread_mutex_lock(&mill->lock);
    mill->is_ending = 1;
    mill->given += filling(mill)->length > 0;
    pthread_mutex_unlock(&mill->lock);
    ask(mill);
}

/* ---- what goes on --------------------------------------------------------------------
 */

sieve_status mill_take(struct mill *mill, struct queue *to, struct mill_state *state_out)
{
    sieve_status status = SIEVE_OK;
    pthread_mutex_lock(&mill->lock);
    const int is_over = mill->state.problem != PROBLEM_NONE || mill->state.has_ended;
    const int is_made = queue_bytes(&mill->out).length >= MILL_MADE_MAX;
    const int moves = is_over || queue_bytes(to).length == 0;
    if (moves)
        status = queue_move(to, &mill->out);
    mill->is_told = 0;
    *state_out = mill->state;
    pthread_mutex_unlock(&mill->lock);
    if (moves && is_made && !is_over)
        ask(mill);
    return status;
}

size_t mill_waiting(struct mill *mill)
{
    pthread_mutex_lock(&mill->lock);
    const size_t waiting = queue_bytes(&mill->out).length;
    pthread_mutex_unlock(&mill->lock);
    return waiting;
}
