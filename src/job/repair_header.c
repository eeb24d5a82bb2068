#include <time.h>

#include "base/visible.h"
#include "job/repair_inside.h"

/* Text of ours or the database's on one line of a comment. */
sieve_status repair_put_shown(struct repairing *repairing, struct writer *writer,
                              struct bytes text)
{
    repairing->text.length = 0;
    sieve_status status = visible_append(&repairing->text, text);
    if (status == SIEVE_OK)
        writer_put(writer, buffer_bytes(&repairing->text));
    return status;
}

struct telling {
    struct repairing *repairing;
    struct writer *writer;
};

static sieve_status tell_column(int64_t table, size_t column, uint64_t findings,
                                uint64_t sensitive, void *context)
{
    struct telling *telling = context;
    struct writer *writer = telling->writer;
    const struct sweep_table *of = repair_table_of(telling->repairing, table);
    if (!of || column >= of->table->column_count)
        return SIEVE_OK;
    writer_text(writer, "--   ");
    sieve_status status =
        repair_put_shown(telling->repairing, writer, bytes_of_text(of->name));
    writer_text(writer, " ");
    if (status == SIEVE_OK)
        status = repair_put_shown(telling->repairing, writer,
                                  bytes_of_text(of->column_names[column]));
    writer_text(writer, ": ");
    writer_number(writer, findings);
    if (sensitive > 0) {
        writer_text(writer, ", of these sensitive authentication data: ");
        writer_number(writer, sensitive);
    }
    writer_text(writer, "\n");
    return status;
}

static sieve_status tell_group(const struct repair_group *group, void *context)
{
    struct telling *telling = context;
    struct writer *writer = telling->writer;
    const struct sweep_table *of = repair_table_of(telling->repairing, group->table);
    writer_text(writer, "--   ");
    sieve_status status = SIEVE_OK;
    if (of)
        status = repair_put_shown(telling->repairing, writer, bytes_of_text(of->name));
    writer_text(writer, ", rows: ");
    writer_number(writer, group->rows);
    writer_text(writer, ", first ");
    if (status == SIEVE_OK)
        status = repair_put_shown(telling->repairing, writer, bytes_of_text(group->row));
    if (group->reason) {
        writer_text(writer, "\n--     ");
        if (status == SIEVE_OK)
            status = repair_put_shown(telling->repairing, writer,
                                      bytes_of_text(group->reason));
    }
    writer_text(writer, "\n");
    return status;
}

static void put_number_line(struct writer *writer, const char *before, uint64_t number)
{
    writer_text(writer, before);
    writer_number(writer, number);
    writer_text(writer, "\n");
}

static sieve_status put_what(struct repairing *repairing, struct writer *writer)
{
    const struct sweep *sweep = repairing->sweep;
    char stamp[40] = "";
    const time_t moment = time(NULL);
    struct tm now;
    if (gmtime_r(&moment, &now))
        (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &now);
    writer_text(writer, "-- Repair plan of cardsieve ");
    writer_text(writer, sieve_version());
    writer_text(writer, ", made ");
    writer_text(writer, stamp);
    writer_text(writer, "\n--\n-- Target: ");
    sieve_status status =
        repair_put_shown(repairing, writer, safe_text_bytes(&sweep->target));
    writer_text(writer, "\n-- Ledger: ");
    if (status == SIEVE_OK)
        status = repair_put_shown(repairing, writer,
                                  bytes_of_text(ledger_path(repairing->ledger)));
    writer_text(
        writer,
        "\n--\n"
        "-- Takes the digits of card numbers and of sensitive authentication data out "
        "of\n"
        "-- the rows below, and nothing else.  Each UPDATE is guarded: a row that was\n"
        "-- changed since this plan was made is not touched, and told at the end.\n"
        "--\n"
        "-- Serves PCI DSS v4 requirements 3.2.1 (keep as little as possible), 3.3.1 "
        "(no\n"
        "-- sensitive authentication data after authorisation), 3.5.1 (stored numbers\n"
        "-- unreadable), and non-retention under the Credit Card Security Guidelines of\n"
        "-- Japan (クレジットカード・セキュリティガイドライン, 非保持化).  It limits "
        "damage;\n"
        "-- by itself it makes nobody non-retaining.\n--\n");
    return status;
}

static void put_notes(struct repairing *repairing, struct writer *writer)
{
    if (repairing->notes.length == 0)
        return;
    writer_text(writer, "-- To know before:\n");
    writer_put(writer, buffer_bytes(&repairing->notes));
    writer_text(writer, "--\n");
}

sieve_status repair_put_header(struct repairing *repairing, struct writer *writer,
                               uint64_t batches)
{
    const struct repair_script *script = repairing->repair->ops->script;
    struct telling telling = {repairing, writer};
    sieve_status status = put_what(repairing, writer);
    put_number_line(writer, "-- Rows with findings: ", repairing->result->rows);
    put_number_line(writer, "-- Rows in this plan: ", repairing->result->planned);
    put_number_line(writer, "-- Transactions: ", batches);
    writer_text(writer, "-- Run it with: ");
    writer_text(writer, script->how);
    writer_text(writer, "\n--\n-- Findings by table and column, sensitive authentication "
                        "data first:\n");
    if (status == SIEVE_OK)
        status = ledger_repairs_columns(repairing->ledger, tell_column, &telling);
    writer_text(writer, "--\n");
    put_notes(repairing, writer);
    writer_text(writer, repairing->result->left > 0
                            ? "-- Conflicts: what this plan does not repair\n"
                            : "-- Conflicts: none\n");
    if (status == SIEVE_OK)
        status =
            ledger_repairs_groups(repairing->ledger, STATE_LEFT, tell_group, &telling);
    writer_text(writer, "--\n-- Afterwards:\n");
    for (const char *const *line = script->aftercare; *line; line++) {
        writer_text(writer, "--   ");
        writer_text(writer, *line);
        writer_text(writer, "\n");
    }
    writer_text(writer, "\n");
    return status;
}
