#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "base/reason.h"
#include "base/visible.h"
#include "job/repair_inside.h"
#include "job/replace.h"

#define TWIN "another row of the plan gets the same value, which must be unique"

/* A plan being written: its body first, because the header counts what is in it. */
struct planning {
    struct repairing *repairing;
    struct writer *body;
    uint64_t batches;
    int is_open; /* a batch has begun in the body */
    uint64_t length;
};

/* ---- words ------------------------------------------------------------------------- */

static sieve_status put_quoted_name(struct repairing *repairing,
                                    const struct candidate *candidate, struct buffer *out)
{
    struct buffer *text = &repairing->text;
    text->length = 0;
    sieve_status status = visible_append(text, bytes_of_text(repairing->table->name));
    if (status == SIEVE_OK)
        status = buffer_append(text, bytes_of(" ", 1));
    if (status == SIEVE_OK)
        status = visible_append(text, bytes_of_text(candidate->row));
    return status == SIEVE_OK ? buffer_append_quoted(out, buffer_bytes(text), '\'')
                              : status;
}

/* Lines of comment for what is to be known of a table before it is changed. */
static sieve_status note_table(struct repairing *repairing)
{
    struct buffer *notes = &repairing->notes;
    struct safe_text name;
    sieve_status status = SIEVE_OK;
    if (!repairing->table || repairing->noted == repairing->table)
        return SIEVE_OK;
    repairing->noted = repairing->table;
    safe_text_init(&name);
    for (size_t index = 0; index < repairing->allowed->note_count; index++) {
        const struct repair_note *note = &repairing->allowed->notes[index];
        status = veil_set(repairing->sweep->run->veil, &name, bytes_of_text(note->name));
        if (status == SIEVE_OK)
            status = buffer_append(notes, bytes_of_text("--   "));
        if (status == SIEVE_OK)
            status = visible_append(notes, bytes_of_text(repairing->table->name));
        if (status == SIEVE_OK)
            status = buffer_append(notes, bytes_of_text(": "));
        if (status == SIEVE_OK)
            status = visible_append(notes, safe_text_bytes(&name));
        if (status == SIEVE_OK)
            status = buffer_append(notes, bytes_of_text(" "));
        if (status == SIEVE_OK)
            status = buffer_append(notes, bytes_of_text(note->what));
        if (status == SIEVE_OK)
            status = buffer_append(notes, bytes_of_text("\n"));
        if (status != SIEVE_OK)
            break;
    }
    safe_text_done(&name);
    return status == SIEVE_E_LIMIT ? SIEVE_OK : status;
}

/* ---- the body ---------------------------------------------------------------------- */

static sieve_status begin_batch(struct planning *planning)
{
    struct repairing *repairing = planning->repairing;
    if (planning->is_open)
        return SIEVE_OK;
    planning->is_open = 1;
    planning->length = 0;
    writer_text(planning->body, "\n-- Batch ");
    writer_number(planning->body, ++planning->batches);
    writer_text(planning->body, ": ");
    sieve_status status = repair_put_shown(repairing, planning->body,
                                           bytes_of_text(repairing->table->name));
    writer_text(planning->body, repairing->batch.is_sensitive
                                    ? "; sensitive authentication data\n"
                                    : "\n");
    writer_text(planning->body, repairing->repair->ops->script->begin);
    return status;
}

static void end_batch(struct planning *planning)
{
    if (planning->is_open)
        writer_text(planning->body, planning->repairing->repair->ops->script->commit);
    planning->is_open = 0;
}

static sieve_status write_update(struct planning *planning,
                                 const struct candidate *candidate,
                                 const struct repair_row *row,
                                 const struct judged *judged)
{
    struct repairing *repairing = planning->repairing;
    const struct repair_script *script = repairing->repair->ops->script;
    struct buffer *out = &repairing->statement;
    const struct repair_update update = {repairing->allowed, row, judged->changes,
                                         judged->change_count};
    char number[NUMBER_TEXT_MAX];
    out->length = 0;
    number_text((uint64_t)candidate->id, number);
    sieve_status status = buffer_append(out, bytes_of_text(script->before));
    if (status == SIEVE_OK)
        status = repairing->repair->ops->append_update(repairing->repair, &update, out);
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of_text(script->between));
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of_text(number));
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of(", ", 2));
    if (status == SIEVE_OK)
        status = put_quoted_name(repairing, candidate, out);
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of_text(script->behind));
    if (status == SIEVE_OK)
        status = begin_batch(planning);
    if (status != SIEVE_OK)
        return status;
    writer_put(planning->body, buffer_bytes(out));
    planning->length += out->length;
    repairing->result->planned++;
    return planning->body->status;
}

/* What is in the way of a row, or NULL. */
static sieve_status find_obstacle(struct repairing *repairing,
                                  const struct repair_row *row,
                                  const struct judged *judged, const char **out,
                                  struct database_error *error)
{
    const struct repair_update update = {repairing->allowed, row, judged->changes,
                                         judged->change_count};
    int is_twin = 0;
    *out = repairing->allowed->obstacle;
    if (*out)
        return SIEVE_OK;
    if (judged->change_count == 0) {
        *out = judged->obstacle;
        return SIEVE_OK;
    }
    sieve_status status =
        repairing->repair->ops->check(repairing->repair, &update, out, error);
    if (status == SIEVE_OK && !*out)
        status = twins_add(repairing->twins, repairing->allowed, row, judged, &is_twin);
    if (is_twin)
        *out = TWIN;
    return status;
}

/* A row whose changes cannot be made together: those that can be made alone. */
static sieve_status plan_columns(struct repairing *repairing,
                                 const struct candidate *candidate,
                                 const struct repair_row *row,
                                 const struct judged *judged,
                                 struct database_error *error)
{
    struct judged part = *judged;
    struct change *changes = calloc(judged->change_count, sizeof changes[0]);
    sieve_status status = changes ? SIEVE_OK : SIEVE_E_MEMORY;
    part.changes = changes;
    part.change_count = 0;
    part.obstacle = NULL;
    part.about = NULL;
    for (size_t index = 0; index < judged->change_count && status == SIEVE_OK; index++) {
        struct judged alone = *judged;
        const char *obstacle = NULL;
        alone.changes = &judged->changes[index];
        alone.change_count = 1;
        status = find_obstacle(repairing, row, &alone, &obstacle, error);
        if (!obstacle) {
            changes[part.change_count++] = judged->changes[index];
        } else if (!part.obstacle) {
            part.obstacle = obstacle;
            part.column = judged->changes[index].column;
        }
    }
    if (status == SIEVE_OK && part.change_count > 0 && part.obstacle)
        status = write_update(repairing->planning, candidate, row, &part);
    if (status == SIEVE_OK)
        status = repair_leave(repairing, candidate, &part,
                              part.obstacle ? part.obstacle
                                            : "its changes cannot be made together");
    free(changes);
    return status;
}

static sieve_status plan_row(struct repairing *repairing, struct candidate *candidate,
                             const struct repair_row *row, const struct judged *judged,
                             struct database_error *error)
{
    struct planning *planning = repairing->planning;
    const char *obstacle = NULL;
    sieve_status status = find_obstacle(repairing, row, judged, &obstacle, error);
    if (status != SIEVE_OK)
        return status;
    if (obstacle && judged->follows && obstacle == judged->obstacle)
        return ledger_repair_state(repairing->ledger, candidate->id, STATE_FOLLOWS,
                                   obstacle, NULL);
    if (obstacle && judged->change_count > 1)
        return plan_columns(repairing, candidate, row, judged, error);
    if (obstacle)
        return repair_leave(repairing, candidate,
                            obstacle == judged->obstacle ? judged : NULL, obstacle);
    status = write_update(planning, candidate, row, judged);
    if (status == SIEVE_OK && judged->obstacle && !judged->follows)
        status = repair_leave(repairing, candidate, judged, judged->obstacle);
    return status;
}

static sieve_status plan_candidate(struct repairing *repairing,
                                   struct candidate *candidate,
                                   struct database_error *error)
{
    enum seen seen = SEEN_GONE;
    if (!repairing->table)
        return repair_leave(repairing, candidate, NULL,
                            "its table was not asked for or is gone");
    if (repairing->allowed->obstacle)
        return repair_leave(repairing, candidate, NULL, repairing->allowed->obstacle);
    sieve_status status = repair_see(repairing, candidate, plan_row, &seen, error);
    if (status != SIEVE_OK)
        return status;
    return seen == SEEN_FOUND ? SIEVE_OK : repair_note_unseen(repairing, candidate, seen);
}

static sieve_status write_body(struct planning *planning, struct database_error *error)
{
    struct repairing *repairing = planning->repairing;
    const struct batch *batch = &repairing->batch;
    int64_t after = 0;
    sieve_status status = repairing->repair->ops->begin(repairing->repair, error);
    while (status == SIEVE_OK) {
        if (sweep_is_stopped(repairing->sweep))
            return SIEVE_STOPPED;
        status = repair_take_batch(repairing, after, error);
        if (status != SIEVE_OK || batch->count == 0)
            break;
        status = note_table(repairing);
        for (size_t index = 0; index < batch->count && status == SIEVE_OK; index++) {
            after = batch->candidates[index].id;
            status =
                plan_candidate(repairing, &repairing->batch.candidates[index], error);
            if (planning->length >= BATCH_BYTES)
                end_batch(planning);
        }
        end_batch(planning);
    }
    struct database_error ignored;
    sieve_status ended = repairing->repair->ops->end(repairing->repair, 0, &ignored);
    return status == SIEVE_OK ? ended : status;
}

/* ---- the file ---------------------------------------------------------------------- */

static sieve_status copy_body(int from, struct writer *writer)
{
    unsigned char chunk[16384];
    off_t at = 0;
    for (;;) {
        const ssize_t length = pread(from, chunk, sizeof chunk, at);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return SIEVE_E_IO;
        if (length == 0)
            return SIEVE_OK;
        writer_put(writer, bytes_of(chunk, (size_t)length));
        at += length;
    }
}

static sieve_status write_whole(struct repairing *repairing, int body, uint64_t batches,
                                struct writer *writer)
{
    const struct repair_script *script = repairing->repair->ops->script;
    sieve_status status = repair_put_header(repairing, writer, batches);
    writer_text(writer, script->prologue);
    if (status == SIEVE_OK)
        status = copy_body(body, writer);
    writer_text(writer, "\n");
    writer_text(writer, script->epilogue);
    writer_number(writer, repairing->result->planned);
    writer_text(writer, script->ending);
    return status == SIEVE_OK ? writer_flush(writer) : status;
}

static sieve_status plan_into(struct repairing *repairing, const struct aside *body,
                              const struct aside *plan, struct database_error *error)
{
    struct writer body_writer;
    struct writer writer;
    struct planning planning = {.repairing = repairing, .body = &body_writer};
    sieve_status status = writer_init(&body_writer, body->descriptor);
    if (status != SIEVE_OK)
        return status;
    status = writer_init(&writer, plan->descriptor);
    repairing->planning = &planning;
    if (status == SIEVE_OK)
        status = write_body(&planning, error);
    if (status == SIEVE_OK)
        status = writer_flush(&body_writer);
    if (status == SIEVE_OK)
        status = repair_sum_up(repairing);
    if (status == SIEVE_OK)
        status = write_whole(repairing, body->descriptor, planning.batches, &writer);
    repairing->planning = NULL;
    writer_done(&body_writer);
    writer_done(&writer);
    return status;
}

sieve_status repair_write_plan(struct repairing *repairing, struct safe_text *thing,
                               struct database_error *error)
{
    struct aside body;
    struct aside plan;
    const char *path = repairing->order->plan;
    *error = (struct database_error){.reason = NULL};
    sieve_status status = repair_connect(repairing, 0, error);
    if (status != SIEVE_OK)
        return status;
    status = aside_open(path, &plan);
    if (status == SIEVE_OK) {
        status = aside_open(path, &body);
        if (status == SIEVE_OK) {
            status = plan_into(repairing, &body, &plan, error);
            aside_close(&body);
        }
        if (status == SIEVE_OK && fchmod(plan.descriptor, S_IRUSR | S_IWUSR) < 0)
            status = SIEVE_E_IO;
        if (status == SIEVE_OK)
            status = aside_commit(&plan);
        const int system = errno;
        aside_close(&plan);
        errno = system;
    }
    if (status == SIEVE_E_IO && !error->reason) {
        error->reason = reason_of_system(errno);
        if (veil_set(repairing->sweep->run->veil, thing, bytes_of_text(path)) != SIEVE_OK)
            status = SIEVE_E_MEMORY;
    }
    return status;
}
