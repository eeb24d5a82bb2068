#include "job/sweep.h"

#include <stdlib.h>

#include "job/limiter.h"
#include "job/repair.h"
#include "job/sweep_inside.h"
#include "source/choice.h"
#include "source/locate.h"

/* How often one after the other a database is opened anew although no range was read in
 * between, and the milliseconds before the first time; twice as many each time.  A server
 * that is started again needs some seconds. */
#define REOPENS_MAX  6u
#define REOPEN_PAUSE 250u

int sweep_is_stopped(const struct sweep *sweep)
{
    return sweep->run->stop &&
           atomic_load_explicit(sweep->run->stop->flag, memory_order_relaxed);
}

static sieve_status tell_thing(struct sweep *sweep, struct safe_text *thing,
                               const char *text)
{
    return veil_set(sweep->run->veil, thing, bytes_of_text(text));
}

/* ---- one database ------------------------------------------------------------------ */

/* A database and what there is to read in it. */
struct opened {
    struct database *database;
    const struct table *tables;
    size_t count;
};

static sieve_status open_database(struct sweep *sweep, struct opened *out,
                                  struct database_error *error)
{
    int is_one = 0;
    *out = (struct opened){.database = NULL};
    sweep->listed = sweep->listed_before;
    sieve_status status =
        database_open(sweep->target_text, &sweep->choice, &out->database, &is_one, error);
    if (status == SIEVE_OK)
        status =
            out->database->ops->tables(out->database, &out->tables, &out->count, error);
    if (status != SIEVE_OK && out->database) {
        out->database->ops->free(out->database);
        out->database = NULL;
    }
    return status;
}

/* The database is the sweep's from here on, whatever comes of it. */
static sieve_status enter_database(struct sweep *sweep, const struct opened *opened)
{
    sieve_status status = SIEVE_OK;
    sweep->database = opened->database;
    sweep->next_table = 0;
    sweep->next_count = 0;
    sweep->next_early_count = 0;
    sweep->states = 0;
    if (opened->database->name)
        status = sweep_safe_copy(sweep->run->veil, opened->database->name,
                                 &sweep->database_name);
    if (status == SIEVE_OK && sweep->ledger)
        status = ledger_begin_snapshot(sweep->ledger, sweep->database_name);
    return status == SIEVE_OK ? sweep_make_tables(sweep, opened->tables, opened->count)
                              : status;
}

static void leave_database(struct sweep *sweep)
{
    sweep_crew_done(sweep);
    for (size_t index = 0; index < sweep->table_count; index++)
        sweep_table_done(&sweep->tables[index]);
    free(sweep->tables);
    sweep->tables = NULL;
    sweep->table_count = 0;
    free(sweep->database_name);
    sweep->database_name = NULL;
    if (sweep->database)
        sweep->database->ops->free(sweep->database);
    sweep->database = NULL;
}

/* The snapshot is gone: what is not read yet is read in a new one.  *is_open_out is 0 if
 * there could be none; then what was read so far stays as it is. */
static sieve_status reopen(struct sweep *sweep, int *is_open_out)
{
    const atomic_int *stop = sweep->run->stop ? sweep->run->stop->flag : NULL;
    *is_open_out = 0;
    sweep_crew_done(sweep);
    while (sweep->reopens < REOPENS_MAX && !sweep_is_stopped(sweep)) {
        struct opened opened;
        struct database_error error = {.reason = NULL};
        limiter_pause(REOPEN_PAUSE << sweep->reopens++, stop);
        sieve_status status = open_database(sweep, &opened, &error);
        if (status == SIEVE_E_MEMORY)
            return status;
        if (status != SIEVE_OK)
            continue;
        sweep_forget_headway(sweep);
        leave_database(sweep);
        sweep->is_continued = 1;
        *is_open_out = 1;
        return enter_database(sweep, &opened);
    }
    return SIEVE_OK;
}

/* Reads what there is to read, in as many snapshots as it takes. */
static sieve_status read_all(struct sweep *sweep, struct database_error *error)
{
    sieve_status status = SIEVE_OK;
    int is_open = 1;
    while (is_open) {
        const uint64_t before = sweep->ranges_read;
        if (sweep->sweeper_count == 0)
            status = sweep_make_crew(sweep, error);
        int is_lost = status == SIEVE_E_IO && sweep->is_continued;
        if (status == SIEVE_OK) {
            status = sweep_run_crew(sweep);
            is_lost = status == SIEVE_OK && sweep_crew_is_lost(sweep);
        }
        if (sweep->ranges_read > before)
            sweep->reopens = 0;
        if (!is_lost || sweep_is_stopped(sweep))
            return is_lost ? SIEVE_OK : status;
        status = reopen(sweep, &is_open);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

/* ---- one database of the list ------------------------------------------------------ */

/* Notes in the ledger why it is not read, or NULL when it is. */
static sieve_status note_database(struct sweep *sweep, const struct database_entry *entry,
                                  const char *reason)
{
    char *name = NULL;
    if (!sweep->ledger)
        return SIEVE_OK; /* noted when there is one */
    sieve_status status =
        sweep_safe_copy(sweep->run->veil, entry->name ? entry->name : "", &name);
    if (status == SIEVE_OK)
        status = ledger_database(sweep->ledger, name, reason);
    free(name);
    return status;
}

/* All of them before the first is read: a sweep that is killed between two has not read
 * the second. */
static sieve_status note_databases(struct sweep *sweep)
{
    sieve_status status = SIEVE_OK;
    if (sweep->are_databases_noted)
        return SIEVE_OK;
    sweep->are_databases_noted = 1;
    for (size_t index = 0; index < sweep->list->count && status == SIEVE_OK; index++) {
        const struct database_entry *entry = &sweep->list->entries[index];
        status = note_database(sweep, entry,
                               entry->unreadable ? entry->unreadable
                                                 : "it was not read to its end");
    }
    return status;
}

static sieve_status sweep_opened(struct sweep *sweep, const struct opened *opened,
                                 struct safe_text *thing, struct database_error *error)
{
    int anew = 0;
    sieve_status status = SIEVE_OK;
    if (!sweep->plan->dry_run && !sweep->ledger)
        status = sweep_create_ledger(sweep, thing, &error->reason);
    if (status == SIEVE_OK && sweep->ledger)
        status = note_databases(sweep);
    if (status != SIEVE_OK) {
        opened->database->ops->free(opened->database);
        return status;
    }
    sweep->databases_read++;
    status = enter_database(sweep, opened);
    if (sweep->plan->dry_run)
        return status == SIEVE_OK ? sweep_tell_plan(sweep) : status;
    if (status == SIEVE_OK)
        status = read_all(sweep, error);
    if (status == SIEVE_OK && !sweep_is_stopped(sweep))
        status = sweep_mark_anew(sweep, &anew);
    if (status == SIEVE_OK && anew)
        status = read_all(sweep, error);
    if (status == SIEVE_OK)
        status = sweep_report(sweep);
    if (status != SIEVE_OK || !sweep->plan->repair || sweep_is_stopped(sweep))
        return status;
    sweep_crew_done(sweep);
    return repair_run(sweep, thing, error);
}

/* One that is not read, of several. */
static sieve_status tell_unread(struct sweep *sweep, const struct database_entry *entry,
                                const char *reason)
{
    char *name = NULL;
    sieve_status status =
        sweep_safe_copy(sweep->run->veil, entry->name ? entry->name : "", &name);
    if (status != SIEVE_OK)
        return status;
    const struct place place = {
        .target = sweep->target, .database = bytes_of_text(name), .is_one_of_several = 1};
    status = desk_unexamined(sweep->run->desk, &place, reason, 1);
    sweep->is_left = 1;
    free(name);
    return status == SIEVE_OK ? note_database(sweep, entry, reason) : status;
}

static sieve_status sweep_entry(struct sweep *sweep, const struct database_entry *entry,
                                struct safe_text *thing, struct database_error *error)
{
    struct opened opened;
    sweep->choice.database = entry->name;
    sweep->choice.is_repair = sweep->plan->repair && sweep->plan->repair->apply;
    sweep->is_continued = sweep->plan->resume != NULL;
    sweep->reopens = 0;
    if (entry->unreadable)
        return tell_unread(sweep, entry, entry->unreadable);
    if (sweep_is_stopped(sweep))
        return tell_unread(sweep, entry, "interrupted");
    sieve_status status = open_database(sweep, &opened, error);
    if (status != SIEVE_OK && status != SIEVE_E_MEMORY && sweep->is_of_several)
        return tell_unread(sweep, entry, error->reason);
    if (status == SIEVE_OK)
        status = sweep_opened(sweep, &opened, thing, error);
    if (status == SIEVE_OK && !sweep_is_stopped(sweep))
        status = note_database(sweep, entry, NULL);
    sweep->listed_before = sweep->listed;
    leave_database(sweep);
    return status;
}

/* ---- the run ----------------------------------------------------------------------- */

/* Every pattern must ask for something that is there, in one of the databases. */
static sieve_status check_patterns(struct sweep *sweep, const struct database_list *list,
                                   struct safe_text *thing, struct database_error *error)
{
    struct choice_matches matches = {.databases = {0}};
    sweep->choice.is_repair = sweep->plan->repair && sweep->plan->repair->apply;
    const char *unmatched = choice_unmatched(&sweep->choice, &matches);
    for (size_t index = 0; index < list->count && unmatched; index++) {
        struct opened opened;
        sweep->choice.database = list->entries[index].name;
        if (list->entries[index].unreadable)
            continue;
        sieve_status status = open_database(sweep, &opened, error);
        if (status != SIEVE_OK && !sweep->is_of_several)
            return status;
        if (status != SIEVE_OK)
            continue; /* told when it is its turn */
        const int is_of_schemas = opened.database->ops->schemas_are_databases;
        if (!is_of_schemas) /* the list is of those that match */
            memset(matches.databases, 1, sizeof matches.databases);
        choice_match(&sweep->choice, opened.tables, opened.count, is_of_schemas,
                     &matches);
        opened.database->ops->free(opened.database);
        unmatched = choice_unmatched(&sweep->choice, &matches);
    }
    if (!unmatched)
        return SIEVE_OK;
    error->reason = "there is nothing of this name";
    sieve_status status = tell_thing(sweep, thing, unmatched);
    return status == SIEVE_OK ? SIEVE_E_INVALID : status;
}

static sieve_status sweep_list(struct sweep *sweep, const struct database_list *list,
                               struct safe_text *thing, struct database_error *error)
{
    sieve_status status = SIEVE_OK;
    sweep->list = list;
    sweep->is_of_several = list->count > 1;
    if (sweep->is_of_several && sweep->plan->repair) {
        error->reason = "databases are repaired one at a time; name one of them";
        return SIEVE_E_INVALID;
    }
    if (sweep->is_of_several)
        sweep->choice.listed = &sweep->listed;
    /* What was there when the sweep began may be gone when it goes on. */
    if (!sweep->is_choice_kept)
        status = check_patterns(sweep, list, thing, error);
    if (status == SIEVE_OK && sweep->plan->rate > 0)
        status = limiter_new(sweep->plan->rate,
                             sweep->run->stop ? sweep->run->stop->flag : NULL,
                             &sweep->limiter);
    desk_sweep_begins(sweep->run->desk, sweep->cards_before);
    for (size_t index = 0; index < list->count && status == SIEVE_OK; index++)
        status = sweep_entry(sweep, &list->entries[index], thing, error);
    if (status == SIEVE_OK)
        desk_sweep(sweep->run->desk, sweep->databases_read,
                   sweep->ledger ? ledger_snapshots(sweep->ledger) : 1,
                   sweep->plan->dry_run);
    return status;
}

static sieve_status run_target(struct sweep *sweep, struct safe_text *thing,
                               struct database_error *error)
{
    struct database_list list = {.count = 0};
    const char *unmatched = NULL;
    sieve_status status = SIEVE_OK;
    if (sweep->plan->resume)
        status = sweep_resume_ledger(sweep, thing, &error->reason);
    if (status == SIEVE_OK)
        status = sweep_choose(sweep, thing, &error->reason);
    if (status == SIEVE_OK)
        status =
            database_list(sweep->target_text, &sweep->choice, &list, &unmatched, error);
    if (unmatched && tell_thing(sweep, thing, unmatched) != SIEVE_OK)
        status = SIEVE_E_MEMORY;
    if (status == SIEVE_OK)
        status = sweep_list(sweep, &list, thing, error);
    sweep->list = NULL;
    database_list_done(&list);
    return status;
}

static sieve_status sweep_done(struct sweep *sweep, sieve_status status,
                               struct database_error *error)
{
    leave_database(sweep);
    if (ledger_close(sweep->ledger) != SIEVE_OK && status == SIEVE_OK) {
        status = SIEVE_E_IO;
        error->reason = "the ledger could not be written";
    }
    limiter_free(sweep->limiter);
    sieve_ruleset_free(sweep->probe_rules);
    tier_table_free(sweep->tiers);
    sweep_choice_done(sweep);
    safe_text_done(&sweep->target);
    pthread_cond_destroy(&sweep->ended);
    pthread_mutex_destroy(&sweep->lock);
    return status;
}

/* What is shown of the target holds no password; NUL-ended behind its length. */
static sieve_status show_target(struct sweep *sweep)
{
    char *shown = NULL;
    sieve_status status = database_shown(sweep->target_text, &shown);
    if (status == SIEVE_OK)
        status = veil_set(sweep->run->veil, &sweep->target, bytes_of_text(shown));
    if (status == SIEVE_OK)
        status = buffer_append(&sweep->target.buffer, bytes_of("", 1));
    if (status == SIEVE_OK)
        sweep->target.buffer.length--;
    free(shown);
    return status;
}

sieve_status sweep_run(const struct run *run, const char *target, struct outcome *outcome)
{
    struct sweep sweep = {.run = run, .plan = &run->plan->sweep};
    struct database_error error = {.reason = NULL};
    struct safe_text *thing = &outcome->thing;
    char *own = NULL;
    sieve_status status = SIEVE_OK;
    if (!target)
        status = ledger_target(sweep.plan->resume, &own, &outcome->reason);
    if (status != SIEVE_OK)
        return veil_set(run->veil, thing, bytes_of_text(sweep.plan->resume)) == SIEVE_OK
                   ? status
                   : SIEVE_E_MEMORY;
    safe_text_init(&sweep.target);
    pthread_mutex_init(&sweep.lock, NULL);
    pthread_cond_init(&sweep.ended, NULL);
    sweep.target_text = target ? target : own;
    status = show_target(&sweep);
    if (status == SIEVE_OK)
        status = run_target(&sweep, thing, &error);
    if (status != SIEVE_OK && safe_text_bytes(thing).length == 0 &&
        safe_text_set(thing, safe_text_bytes(&sweep.target), NULL) != SIEVE_OK)
        status = SIEVE_E_MEMORY;
    sweep_tell_ledger(&sweep, status, outcome);
    status = sweep_done(&sweep, status, &error);
    if (status != SIEVE_OK)
        outcome->reason = error.reason;
    outcome->note = sweep.lack;
    free(own);
    return status;
}
