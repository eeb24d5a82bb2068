#include "job/limiter.h"
#include "job/repair_inside.h"

static sieve_status leave_batch(struct repairing *repairing, const char *obstacle)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < repairing->batch.count && status == SIEVE_OK; index++)
        status =
            repair_leave(repairing, &repairing->batch.candidates[index], NULL, obstacle);
    return status;
}

static sieve_status see_to_batch(struct repairing *repairing,
                                 struct database_error *error)
{
    const struct stop *stop = repairing->sweep->run->stop;
    if (!repairing->table)
        return leave_batch(repairing, "its table was not asked for or is gone");
    if (repairing->allowed->obstacle)
        return leave_batch(repairing, repairing->allowed->obstacle);
    sieve_status status = repair_apply_batch(repairing, error);
    limiter_pause(repairing->order->pause, stop ? stop->flag : NULL);
    return status;
}

/* What is still there of a row that should have changed along with another. */
static sieve_status leave_follower(struct repairing *repairing,
                                   struct candidate *candidate,
                                   const struct repair_row *row,
                                   const struct judged *judged,
                                   struct database_error *error)
{
    (void)row;
    (void)error;
    return repair_leave(repairing, candidate, judged,
                        judged->obstacle ? judged->obstacle : "a number is in it still");
}

static sieve_status look_after_batch(struct repairing *repairing,
                                     struct database_error *error)
{
    struct repair *repair = repairing->repair;
    sieve_status status = repair->ops->begin(repair, error);
    for (size_t index = 0; index < repairing->batch.count && status == SIEVE_OK;
         index++) {
        struct candidate *candidate = &repairing->batch.candidates[index];
        enum seen seen = SEEN_GONE;
        status = repair_see(repairing, candidate, leave_follower, &seen, error);
        if (status == SIEVE_OK && seen != SEEN_FOUND)
            status = ledger_repair_state(
                repairing->ledger, candidate->id,
                seen == SEEN_CLEAN ? STATE_UPDATED : STATE_CHANGED, NULL, NULL);
    }
    struct database_error ignored;
    sieve_status ended = repair->ops->end(repair, 0, &ignored);
    return status == SIEVE_OK ? ended : status;
}

static sieve_status see_to_all(struct repairing *repairing,
                               sieve_status (*see_to)(struct repairing *,
                                                      struct database_error *),
                               struct database_error *error)
{
    int64_t after = 0;
    for (;;) {
        if (sweep_is_stopped(repairing->sweep))
            return SIEVE_STOPPED;
        sieve_status status = repair_take_batch(repairing, after, error);
        if (status != SIEVE_OK || repairing->batch.count == 0)
            return status;
        after = repairing->batch.candidates[repairing->batch.count - 1].id;
        status = see_to(repairing, error);
        if (status != SIEVE_OK)
            return status;
    }
}

sieve_status repair_apply(struct repairing *repairing, struct database_error *error)
{
    sieve_status status = repair_connect(repairing, 1, error);
    if (status == SIEVE_OK)
        status = see_to_all(repairing, see_to_batch, error);
    /* What is pending still was to change along with others. */
    if (status == SIEVE_OK)
        status = see_to_all(repairing, look_after_batch, error);
    return status;
}
