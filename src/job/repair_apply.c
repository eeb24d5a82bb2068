#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job/limiter.h"
#include "job/repair_inside.h"

/* How often a row is fetched anew because somebody changed it between the fetching and
 * the update; a transaction is begun anew after a deadlock or for a lock; a connection
 * is made anew in one run. */
#define FETCHES_MAX      5u
#define TRANSACTIONS_MAX 5u
#define RECONNECTS       5u

#define RETRY_PAUSE 100u /* milliseconds, and twice as many each time */

#define STILL_THERE "a number was found in it again after the update"
#define NOT_THERE   "it could not be found again after the update"
#define KEYS_JOINED "it would have lost something: two keys in it became one"
#define ALWAYS_NEW  "others change it all the time"

/* Some rows of the batch. */
struct rows {
    size_t begin;
    size_t end;
};

static const atomic_int *stop_flag(const struct repairing *repairing)
{
    const struct stop *stop = repairing->sweep->run->stop;
    return stop ? stop->flag : NULL;
}

/* ---- one row ----------------------------------------------------------------------- */

static sieve_status keep_rest(struct repairing *repairing, struct candidate *candidate,
                              const struct judged *judged)
{
    free(candidate->rest);
    candidate->rest = NULL;
    if (!judged->obstacle || judged->follows)
        return SIEVE_OK;
    sieve_status status = repair_put_reason(repairing, judged, judged->obstacle);
    if (status != SIEVE_OK)
        return status;
    candidate->rest = strdup((const char *)repairing->text.at);
    return candidate->rest ? SIEVE_OK : SIEVE_E_MEMORY;
}

static void keep_lengths(struct candidate *candidate, const struct repair_update *update,
                         const struct judged *judged)
{
    candidate->masked_count = 0;
    if (candidate->only == 0)
        candidate->column_count = 0;
    for (size_t index = 0; index < judged->change_count; index++) {
        const size_t column = judged->changes[index].column;
        if (candidate->only == 0 && candidate->column_count < MASKED_CELLS_MAX)
            candidate->columns[candidate->column_count++] = column;
        if (judged->lengths[index] > 0 && candidate->masked_count < MASKED_CELLS_MAX &&
            (update->count == judged->change_count ||
             column == update->changes[0].column))
            candidate->masked[candidate->masked_count++] =
                (struct masked_cell){column, judged->lengths[index]};
    }
}

/* All changes, or the one of the column that is tried alone. */
static struct repair_update choose_changes(const struct repairing *repairing,
                                           const struct candidate *candidate,
                                           const struct repair_row *row,
                                           const struct judged *judged)
{
    struct repair_update update = {repairing->allowed, row, judged->changes,
                                   judged->change_count};
    if (candidate->only == 0)
        return update;
    update.count = 0;
    for (size_t index = 0; index < judged->change_count; index++) {
        if (judged->changes[index].column + 1 == candidate->only) {
            update.changes = &judged->changes[index];
            update.count = 1;
        }
    }
    return update;
}

static sieve_status update_row(struct repairing *repairing, struct candidate *candidate,
                               const struct repair_row *row, const struct judged *judged,
                               struct database_error *error)
{
    struct repair *repair = repairing->repair;
    struct buffer *statement = &repairing->statement;
    const struct repair_update update = choose_changes(repairing, candidate, row, judged);
    uint64_t rows = 0;
    if (judged->change_count == 0)
        return judged->follows
                   ? SIEVE_OK
                   : repair_leave(repairing, candidate, judged, judged->obstacle);
    if (update.count == 0)
        return SIEVE_OK;
    statement->length = 0;
    sieve_status status = repair->ops->append_update(repair, &update, statement);
    if (status == SIEVE_OK && candidate->only == 0)
        status = keep_rest(repairing, candidate, judged);
    keep_lengths(candidate, &update, judged);
    if (status == SIEVE_OK)
        status = repair->ops->update(repair, buffer_bytes(statement), candidate->lies_at,
                                     &rows, error);
    if (status != SIEVE_OK)
        return status;
    candidate->is_updated = rows == 1;
    candidate->is_missed = rows == 0;
    if (rows <= 1)
        return SIEVE_OK;
    error->reason = "more than one row would have been changed";
    return SIEVE_E_STATE;
}

static sieve_status repair_candidate(struct repairing *repairing,
                                     struct candidate *candidate,
                                     struct database_error *error)
{
    enum seen seen = SEEN_FOUND;
    sieve_status status = SIEVE_OK;
    candidate->is_updated = 0;
    candidate->is_missed = 1;
    for (unsigned times = 0; times < FETCHES_MAX && candidate->is_missed; times++) {
        candidate->is_missed = 0;
        status = repair_see(repairing, candidate, update_row, &seen, error);
        if (status != SIEVE_OK)
            return status;
    }
    if (candidate->is_missed)
        return repair_leave(repairing, candidate, NULL, ALWAYS_NEW);
    return seen == SEEN_FOUND ? SIEVE_OK : repair_note_unseen(repairing, candidate, seen);
}

/* ---- looking again ----------------------------------------------------------------- */

static sieve_status verify_row(struct repairing *repairing, struct candidate *candidate,
                               const struct repair_row *row, const struct judged *judged,
                               struct database_error *error)
{
    (void)repairing;
    error->reason = NULL;
    for (size_t index = 0; index < judged->change_count; index++) {
        if (candidate->only == 0 || judged->changes[index].column + 1 == candidate->only)
            error->reason = STILL_THERE;
    }
    for (size_t index = 0; index < candidate->masked_count; index++) {
        const struct masked_cell *cell = &candidate->masked[index];
        /* A trigger may have written something else, but nothing shorter by a key. */
        if (row->cells[cell->column].bytes.length < cell->length)
            error->reason = KEYS_JOINED;
    }
    return error->reason ? SIEVE_E_STATE : SIEVE_OK;
}

static sieve_status verify(struct repairing *repairing, struct rows rows,
                           struct database_error *error)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = rows.begin; index < rows.end && status == SIEVE_OK; index++) {
        struct candidate *candidate = &repairing->batch.candidates[index];
        enum seen seen = SEEN_GONE;
        if (!candidate->is_updated)
            continue;
        status = repair_see_again(repairing, candidate, verify_row, &seen, error);
        if (status == SIEVE_OK && seen == SEEN_GONE) {
            error->reason = NOT_THERE;
            status = SIEVE_E_STATE;
        }
    }
    return status;
}

/* ---- one transaction --------------------------------------------------------------- */

/* Notes in the ledger what is about to be committed, and after that that it was. */
static sieve_status tell_sent(struct repairing *repairing, struct rows rows)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = rows.begin; index < rows.end && status == SIEVE_OK; index++) {
        struct candidate *candidate = &repairing->batch.candidates[index];
        if (!candidate->is_updated)
            continue;
        status = ledger_repair_state(repairing->ledger, candidate->id, STATE_SENT, NULL,
                                     candidate->lies_at);
        char *moved = strdup(candidate->lies_at);
        if (!moved)
            return SIEVE_E_MEMORY;
        free(candidate->moved);
        candidate->moved = moved;
        candidate->is_sent = 1;
    }
    return status == SIEVE_OK ? ledger_repairs_keep(repairing->ledger) : status;
}

static sieve_status tell_updated(struct repairing *repairing, struct rows rows)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = rows.begin; index < rows.end && status == SIEVE_OK; index++) {
        const struct candidate *candidate = &repairing->batch.candidates[index];
        if (candidate->is_updated)
            status = ledger_repair_state(repairing->ledger, candidate->id,
                                         candidate->rest ? STATE_LEFT : STATE_UPDATED,
                                         candidate->rest, NULL);
    }
    return status;
}

static sieve_status try_rows(struct repairing *repairing, struct rows rows,
                             struct database_error *error)
{
    struct repair *repair = repairing->repair;
    struct database_error ignored;
    int is_sent = 0;
    sieve_status status = repair->ops->begin(repair, error);
    repairing->is_begun = status == SIEVE_OK;
    for (size_t index = rows.begin; index < rows.end && status == SIEVE_OK; index++) {
        if (sweep_is_stopped(repairing->sweep))
            status = SIEVE_STOPPED;
        else
            status =
                repair_candidate(repairing, &repairing->batch.candidates[index], error);
    }
    if (status == SIEVE_OK)
        status = verify(repairing, rows, error);
    if (status == SIEVE_OK)
        status = tell_sent(repairing, rows);
    if (status == SIEVE_OK) {
        is_sent = 1;
        status = repair->ops->end(repair, 1, error);
    }
    if (status == SIEVE_OK)
        return tell_updated(repairing, rows);
    if (!is_sent && repair->ops->end(repair, 0, &ignored) != SIEVE_OK)
        error->is_lost |= ignored.is_lost;
    return status;
}

/* ---- trying again ------------------------------------------------------------------ */

/* 1 if a failure is of the row, not of ours. */
static int is_of_row(sieve_status status)
{
    return status == SIEVE_E_IO || status == SIEVE_E_STATE || status == SIEVE_E_LIMIT ||
           status == SIEVE_E_CORRUPT;
}

static sieve_status reconnect(struct repairing *repairing, struct database_error *error)
{
    sieve_status status = SIEVE_E_IO;
    while (status != SIEVE_OK && repairing->reconnects < RECONNECTS) {
        if (sweep_is_stopped(repairing->sweep))
            return SIEVE_STOPPED;
        limiter_pause((uint64_t)RETRY_PAUSE << (repairing->reconnects + 1),
                      stop_flag(repairing));
        repairing->reconnects++;
        status = repair_connect(repairing, 1, error);
        if (status == SIEVE_OK)
            status = repairing->repair->ops->examine(
                repairing->repair, repairing->table->table, &repairing->allowed, error);
    }
    return status;
}

/* As often as it makes sense; then *error tells why not. */
static sieve_status insist(struct repairing *repairing, struct rows rows,
                           unsigned times_max, struct database_error *error)
{
    sieve_status status = SIEVE_E_IO;
    for (unsigned times = 0; times < times_max; times++) {
        *error = (struct database_error){.reason = NULL};
        repairing->repair->is_passing = 0;
        status = try_rows(repairing, rows, error);
        if (!is_of_row(status))
            return status;
        if (error->is_lost) {
            if (reconnect(repairing, error) != SIEVE_OK)
                return sweep_is_stopped(repairing->sweep) ? SIEVE_STOPPED : SIEVE_E_IO;
        } else if (!repairing->repair->is_passing) {
            return status;
        } else {
            limiter_pause((uint64_t)RETRY_PAUSE << times, stop_flag(repairing));
        }
    }
    return status;
}

/* A row that cannot be repaired is told of. */
static sieve_status give_up(struct repairing *repairing,
                            const struct candidate *candidate,
                            const struct database_error *error)
{
    char reason[256];
    const char *words = error->reason ? error->reason : "it could not be changed";
    if (error->code[0] != '\0')
        (void)snprintf(reason, sizeof reason, "%s (%s)", words, error->code);
    else
        (void)snprintf(reason, sizeof reason, "%s", words);
    return repair_leave(repairing, candidate, NULL, reason);
}

/* A row whose changes cannot be made together: each column for itself.  `error` tells why
 * not together. */
static sieve_status apply_columns(struct repairing *repairing, struct rows one,
                                  struct database_error *error)
{
    struct candidate *candidate = &repairing->batch.candidates[one.begin];
    const struct database_error first = *error;
    struct database_error last = first;
    sieve_status status = give_up(repairing, candidate, &first);
    if (status != SIEVE_OK || candidate->column_count < 2)
        return status;
    free(candidate->rest);
    candidate->rest = strdup((const char *)repairing->text.at);
    for (size_t index = 0; index < candidate->column_count && status == SIEVE_OK;
         index++) {
        candidate->only = candidate->columns[index] + 1;
        status = insist(repairing, one, 1, &last);
        if (is_of_row(status) && !last.is_lost && repairing->is_begun)
            status = SIEVE_OK;
    }
    candidate->only = 0;
    *error = last;
    return status == SIEVE_OK ? give_up(repairing, candidate, &first) : status;
}

sieve_status repair_apply_batch(struct repairing *repairing, struct database_error *error)
{
    const struct rows all = {0, repairing->batch.count};
    sieve_status status = insist(repairing, all, TRANSACTIONS_MAX, error);
    /* Not even begun: somebody has all of it locked. */
    if (!is_of_row(status) || error->is_lost || !repairing->is_begun)
        return status;
    const unsigned times = repairing->repair->is_passing ? 1 : TRANSACTIONS_MAX;
    /* One of them is in the way of the others: each for itself. */
    status = SIEVE_OK;
    for (size_t index = 0; index < repairing->batch.count && status == SIEVE_OK;
         index++) {
        const struct rows one = {index, index + 1};
        status = insist(repairing, one, times, error);
        if (is_of_row(status) && !error->is_lost && repairing->is_begun)
            status = apply_columns(repairing, one, error);
    }
    return status;
}
