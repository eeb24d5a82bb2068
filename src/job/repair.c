#include "job/repair.h"

#include <stdlib.h>

#include "job/repair_inside.h"

#define NOTES_MAX (1u << 20)

sieve_status repair_connect(struct repairing *repairing, int is_writing,
                            struct database_error *error)
{
    struct database *database = repairing->sweep->database;
    if (repairing->repair)
        repairing->repair->ops->free(repairing->repair);
    repairing->repair = NULL;
    if (!database->ops->repair) {
        *error = (struct database_error){
            .reason = "databases of this kind are not repaired by this version"};
        return SIEVE_E_STATE;
    }
    return database->ops->repair(database, is_writing, &repairing->repair, error);
}

sieve_status repair_sum_up(struct repairing *repairing)
{
    struct repair_result *result = repairing->result;
    struct repair_sums sums;
    sieve_status status = ledger_repairs_sums(repairing->ledger, &sums);
    if (status != SIEVE_OK)
        return status;
    result->rows = sums.rows - repairing->done_before;
    result->findings = sums.findings;
    result->updated = sums.states[STATE_UPDATED] - repairing->done_before;
    result->changed = sums.states[STATE_CHANGED];
    result->left = sums.states[STATE_LEFT];
    return SIEVE_OK;
}

static sieve_status repairing_init(struct repairing *repairing, struct sweep *sweep)
{
    *repairing = (struct repairing){
        .sweep = sweep,
        .order = sweep->plan->repair,
        .result = sweep->plan->repair->result,
        .ledger = sweep->ledger,
    };
    shelf_init(&repairing->shelf);
    buffer_init(&repairing->name, NAME_LENGTH_MAX);
    buffer_init(&repairing->key, NAME_LENGTH_MAX);
    buffer_init(&repairing->text, NOTES_MAX);
    buffer_init(&repairing->notes, NOTES_MAX);
    buffer_init(&repairing->statement, REPAIR_UPDATE_MAX);
    sieve_status status = judge_new(sweep, &repairing->judge);
    return status == SIEVE_OK ? twins_new(&repairing->twins) : status;
}

static void repairing_done(struct repairing *repairing)
{
    if (repairing->repair)
        repairing->repair->ops->free(repairing->repair);
    repair_batch_done(&repairing->batch);
    judge_free(repairing->judge);
    twins_free(repairing->twins);
    shelf_done(&repairing->shelf);
    buffer_done(&repairing->name);
    buffer_done(&repairing->key);
    buffer_done(&repairing->text);
    buffer_done(&repairing->notes);
    buffer_done(&repairing->statement);
}

/* Enters what there is to do. */
static sieve_status enter(struct repairing *repairing)
{
    const sieve_confidence least = repairing->sweep->run->plan->options.min_confidence;
    struct repair_sums sums;
    sieve_status status = ledger_repairs_begin(repairing->ledger, least);
    if (status == SIEVE_OK)
        status = ledger_repairs_sums(repairing->ledger, &sums);
    if (status == SIEVE_OK) {
        repairing->done_before = sums.states[STATE_UPDATED];
        status = repair_sum_up(repairing);
    }
    return status;
}

static int is_confirmed(struct repairing *repairing)
{
    const struct repair_order *order = repairing->order;
    struct repair_result *result = repairing->result;
    if (!order->confirm)
        return 1;
    result->is_declined = !order->confirm(safe_text_bytes(&repairing->sweep->target),
                                          result, order->context);
    return !result->is_declined;
}

static sieve_status run(struct repairing *repairing, struct safe_text *thing,
                        struct database_error *error)
{
    const struct repair_order *order = repairing->order;
    sieve_status status = enter(repairing);
    if (status != SIEVE_OK)
        return status;
    if (order->plan)
        status = repair_write_plan(repairing, thing, error);
    if (status == SIEVE_OK && order->apply && repairing->result->rows > 0 &&
        is_confirmed(repairing)) {
        /* A row that a plan leaves out may be one that can be changed by now. */
        if (order->plan)
            status = enter(repairing);
        if (status == SIEVE_OK)
            status = repair_apply(repairing, error);
    }
    if (status != SIEVE_OK && status != SIEVE_STOPPED)
        return status;
    sieve_status told = repair_sum_up(repairing);
    if (told == SIEVE_OK)
        told = repair_report(repairing);
    return status == SIEVE_OK ? told : status;
}

sieve_status repair_run(struct sweep *sweep, struct safe_text *thing,
                        struct database_error *error)
{
    struct repairing repairing;
    sieve_status status = repairing_init(&repairing, sweep);
    if (status == SIEVE_OK)
        status = run(&repairing, thing, error);
    repairing_done(&repairing);
    return status;
}
