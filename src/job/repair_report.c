#include <unistd.h>

#include "base/number.h"
#include "base/visible.h"
#include "job/repair_inside.h"

struct telling {
    struct repairing *repairing;
    struct writer *writer;
};

static sieve_status put_shown(struct telling *telling, struct bytes text)
{
    struct buffer *shown = &telling->repairing->text;
    shown->length = 0;
    sieve_status status = visible_append(shown, text);
    if (status == SIEVE_OK)
        writer_put(telling->writer, buffer_bytes(shown));
    return status;
}

static void put_count(struct writer *writer, const char *before, uint64_t count,
                      const char *one, const char *many)
{
    char number[NUMBER_TEXT_MAX];
    number_grouped(count, number);
    writer_text(writer, before);
    writer_text(writer, number);
    writer_text(writer, count == 1 ? one : many);
}

static sieve_status tell_group(const struct repair_group *group, void *context)
{
    struct telling *telling = context;
    const struct sweep_table *table = repair_table_of(telling->repairing, group->table);
    sieve_status status = SIEVE_OK;
    writer_text(telling->writer, "  ");
    if (table)
        status = put_shown(telling, bytes_of_text(table->name));
    put_count(telling->writer, ": ", group->rows, " row", " rows");
    writer_text(telling->writer, group->is_sensitive
                                     ? " with sensitive authentication data, first "
                                     : ", first ");
    if (status == SIEVE_OK)
        status = put_shown(telling, bytes_of_text(group->row));
    if (group->reason) {
        writer_text(telling->writer, "\n    ");
        if (status == SIEVE_OK)
            status = put_shown(telling, bytes_of_text(group->reason));
    }
    writer_text(telling->writer, "\n");
    return status;
}

static sieve_status tell_state(struct telling *telling, enum repair_state state,
                               uint64_t count, const char *title)
{
    if (count == 0)
        return SIEVE_OK;
    writer_text(telling->writer, title);
    return ledger_repairs_groups(telling->repairing->ledger, state, tell_group, telling);
}

static sieve_status tell_plan(struct telling *telling)
{
    const struct repairing *repairing = telling->repairing;
    put_count(telling->writer, "  ", repairing->result->planned, " row", " rows");
    writer_text(telling->writer, " in the plan ");
    sieve_status status = put_shown(telling, bytes_of_text(repairing->order->plan));
    writer_text(telling->writer, "; nothing was changed\n");
    return status;
}

static void tell_aftercare(const struct telling *telling)
{
    const struct repair *repair = telling->repairing->repair;
    if (!repair || telling->repairing->result->updated == 0)
        return;
    writer_text(telling->writer, "\nWhat is still to be done:\n");
    for (const char *const *line = repair->ops->script->aftercare; *line; line++) {
        writer_text(telling->writer, "  ");
        writer_text(telling->writer, *line);
        writer_text(telling->writer, "\n");
    }
}

static sieve_status tell(struct telling *telling)
{
    const struct repairing *repairing = telling->repairing;
    const struct repair_result *result = repairing->result;
    const int is_applied = repairing->order->apply && !result->is_declined;
    struct writer *writer = telling->writer;
    sieve_status status = put_shown(telling, safe_text_bytes(&repairing->sweep->target));
    put_count(writer, ": ", result->rows, " row", " rows");
    writer_text(writer, " with findings\n");
    if (status == SIEVE_OK && repairing->order->plan && !is_applied)
        status = tell_plan(telling);
    if (is_applied) {
        put_count(writer, "  ", result->updated, " row", " rows");
        writer_text(writer, " updated and looked at again: clean\n");
    }
    put_count(writer, "  ", result->changed, " row", " rows");
    writer_text(writer, " already changed by others\n");
    put_count(writer, "  ", result->left, " row", " rows");
    writer_text(writer, " not or not wholly repaired\n");
    if (status == SIEVE_OK)
        status = tell_state(telling, STATE_LEFT, result->left, "\nNot repaired:\n");
    if (status == SIEVE_OK)
        status = tell_state(telling, STATE_CHANGED, result->changed,
                            "\nAlready changed by others:\n");
    tell_aftercare(telling);
    return status;
}

sieve_status repair_report(struct repairing *repairing)
{
    struct writer writer;
    struct telling telling = {repairing, &writer};
    sieve_status status = writer_init(&writer, STDOUT_FILENO);
    if (status != SIEVE_OK)
        return status;
    status = tell(&telling);
    if (status == SIEVE_OK)
        status = writer_flush(&writer);
    writer_done(&writer);
    return status == SIEVE_STOPPED ? SIEVE_OK : status;
}
