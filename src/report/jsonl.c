/* jsonl.c - JSON Lines, one event a line: the stable contract for scripts.
 *
 * A name that is not UTF-8 stands in "target" with U+FFFD for what is none, and its
 * bytes follow in hex as "target_bytes".
 */
#include "report/report.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/utf8.h"
#include "base/visible.h"

#define LINE_LENGTH_MAX (8 * NAME_LENGTH_MAX)

struct jsonl_report {
    struct report base;
    struct writer *writer;
    struct report_style style;
    struct buffer line; /* made whole, then written */
};

static struct jsonl_report *jsonl_of(struct report *self)
{
    return (struct jsonl_report *)self;
}

static sieve_status put_text(struct buffer *line, const char *text)
{
    return buffer_append(line, bytes_of_text(text));
}

static sieve_status put_number(struct buffer *line, const char *key, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    sieve_status status = put_text(line, key);
    if (status != SIEVE_OK)
        return status;
    size_t length = number_text(number, text);
    return buffer_append(line, bytes_of(text, length));
}

struct sum {
    const char *key;
    uint64_t number;
};

static sieve_status put_numbers(struct buffer *line, const struct sum *sums, size_t count)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++)
        status = put_number(line, sums[index].key, sums[index].number);
    return status;
}

/* `text` NULL is null. */
static sieve_status put_string(struct buffer *line, const char *key, const char *text)
{
    sieve_status status = put_text(line, key);
    if (status != SIEVE_OK)
        return status;
    return text ? json_append_string(line, bytes_of_text(text)) : put_text(line, "null");
}

static sieve_status put_bytes(struct buffer *line, const char *key, struct bytes bytes)
{
    sieve_status status = put_text(line, key);
    return status == SIEVE_OK ? json_append_string(line, bytes) : status;
}

static sieve_status put_list(struct buffer *line, const char *key,
                             const char *const *words, size_t count)
{
    sieve_status status = put_text(line, key);
    for (size_t index = 0; index < count && status == SIEVE_OK; index++)
        status = put_string(line, index > 0 ? "," : "", words[index]);
    return status == SIEVE_OK ? put_text(line, "]") : status;
}

static sieve_status put_hex(struct buffer *line, const char *key, struct bytes bytes)
{
    sieve_status status = put_text(line, key);
    if (status == SIEVE_OK)
        status = buffer_append_hex(line, bytes);
    return status == SIEVE_OK ? put_text(line, "\"") : status;
}

/* Where in a table: its column and what names the row. */
static sieve_status put_cell(struct buffer *line, struct bytes field, struct bytes row)
{
    sieve_status status = SIEVE_OK;
    if (field.length > 0)
        status = put_bytes(line, ",\"column\":", field);
    if (status == SIEVE_OK && row.length > 0)
        status = put_text(line, ",\"row\":");
    return status == SIEVE_OK && row.length > 0 ? buffer_append(line, row) : status;
}

/* The way inside: empty for the content itself. */
static sieve_status put_path(struct buffer *line, const struct sighting *sighting)
{
    if (!sighting || !sighting->beside)
        return put_text(line, ",\"path\":[]");
    sieve_status status = put_number(line, ",\"path\":[\"#", sighting->member);
    if (status == SIEVE_OK)
        status = put_string(line, "\",", sighting->beside);
    return status == SIEVE_OK ? put_text(line, "]") : status;
}

/* The line begins with its event; `sighting` is NULL where there is none. */
static sieve_status put_place(struct buffer *line, const char *event,
                              const struct place *place, const struct sighting *sighting)
{
    struct bytes name = safe_text_bytes(&place->target);
    line->length = 0;
    sieve_status status = put_bytes(line, event, name);
    if (status == SIEVE_OK && !utf8_valid(name))
        status = put_hex(line, ",\"target_bytes\":\"", name);
    if (status == SIEVE_OK)
        status = put_path(line, sighting);
    if (status == SIEVE_OK && place->coding_count > 0)
        status = put_list(line, ",\"codings\":[", place->codings, place->coding_count);
    if (status == SIEVE_OK && place->database.length > 0)
        status = put_bytes(line, ",\"database\":", place->database);
    if (status == SIEVE_OK && place->table.length > 0)
        status = put_bytes(line, ",\"table\":", place->table);
    if (status == SIEVE_OK)
        status = put_cell(line, place->field, place->row);
    return status;
}

static sieve_status put_where(struct buffer *line, const struct sighting *sighting)
{
    const sieve_finding *finding = sighting->finding;
    sieve_status status = put_number(line, ",\"offset\":", finding->offset);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"length\":", finding->length);
    if (status == SIEVE_OK && sighting->line > 0)
        status = put_number(line, ",\"line\":", sighting->line);
    if (status == SIEVE_OK && sighting->column > 0)
        status = put_number(line, ",\"column\":", sighting->column);
    return status;
}

static sieve_status put_what(struct buffer *line, const sieve_finding *finding)
{
    sieve_status status = put_string(line, ",\"kind\":", sieve_kind_name(finding->kind));
    if (status == SIEVE_OK)
        status =
            put_string(line, ",\"brand\":", finding->brand ? finding->brand->name : NULL);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"digits\":", finding->digit_count);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"masked\":", finding->shown);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"form\":", sieve_form_name(finding->form));
    if (status == SIEVE_OK)
        status = put_string(
            line, ",\"confidence\":", sieve_confidence_name(finding->confidence));
    if (status == SIEVE_OK && finding->rule)
        status = put_string(line, ",\"rule\":", finding->rule);
    return status;
}

static sieve_status put_why(struct buffer *line, const struct sighting *sighting)
{
    const sieve_finding *finding = sighting->finding;
    sieve_status status =
        put_list(line, ",\"reasons\":[", finding->reasons, finding->reason_count);
    if (status == SIEVE_OK)
        status = put_text(line, finding->test_number ? ",\"test_number\":true"
                                                     : ",\"test_number\":false");
    if (status != SIEVE_OK)
        return status;
    return sighting->card > 0 ? put_number(line, ",\"card\":", sighting->card)
                              : put_text(line, ",\"card\":null");
}

static sieve_status end_line(struct jsonl_report *jsonl, sieve_status status)
{
    if (status == SIEVE_OK)
        status = put_text(&jsonl->line, "}\n");
    if (status != SIEVE_OK)
        return status;
    writer_put(jsonl->writer, buffer_bytes(&jsonl->line));
    return jsonl->writer->status;
}

static sieve_status jsonl_finding(struct report *self, const struct place *place,
                                  const struct sighting *sighting)
{
    struct jsonl_report *jsonl = jsonl_of(self);
    struct buffer *line = &jsonl->line;
    if (jsonl->style.summary_only)
        return SIEVE_OK;
    sieve_status status =
        put_place(line, "{\"event\":\"finding\",\"target\":", place, sighting);
    if (status == SIEVE_OK)
        status = put_cell(line, sighting->field, sighting->row);
    if (status == SIEVE_OK && sighting->key.length > 0)
        status = put_bytes(line, ",\"key\":", sighting->key);
    if (status == SIEVE_OK)
        status = put_where(line, sighting);
    if (status == SIEVE_OK)
        status = put_what(line, sighting->finding);
    if (status == SIEVE_OK)
        status = put_why(line, sighting);
    return end_line(jsonl, status);
}

static sieve_status jsonl_unexamined(struct report *self, const struct place *place,
                                     const char *reason)
{
    struct jsonl_report *jsonl = jsonl_of(self);
    struct buffer *line = &jsonl->line;
    sieve_status status =
        put_place(line, "{\"event\":\"unexamined\",\"target\":", place, NULL);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"reason\":", reason);
    return end_line(jsonl, status);
}

static sieve_status put_column(struct buffer *line, const struct column_entry *column)
{
    const struct sum sums[] = {
        {",\"findings\":", column->findings},
        {",\"cards\":", column->cards},
        {",\"values\":", column->values},
        {",\"sensitive\":", column->sensitive},
    };
    sieve_status status = put_bytes(line, "{\"column\":", column->name);
    if (status == SIEVE_OK && column->key.length > 0)
        status = put_bytes(line, ",\"key\":", column->key);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"verdict\":", column->verdict);
    if (status == SIEVE_OK)
        status = put_numbers(line, sums, sizeof sums / sizeof sums[0]);
    if (status == SIEVE_OK && column->cards_least)
        status = put_text(line, ",\"cards_at_least\":true");
    if (status == SIEVE_OK && column->distinct > 0)
        status = put_number(line, ",\"distinct\":", column->distinct);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"brands\":", column->brands);
    if (status == SIEVE_OK)
        status = put_string(line, ",\"why\":", column->reason);
    if (status == SIEVE_OK)
        status = put_text(line, ",\"first_row\":");
    if (status == SIEVE_OK)
        status = buffer_append(line, column->first_row);
    if (status == SIEVE_OK)
        status = put_text(line, ",\"first_rows\":");
    if (status == SIEVE_OK)
        status = buffer_append(line, column->first_rows);
    return status == SIEVE_OK ? put_text(line, "}") : status;
}

static sieve_status put_table(struct buffer *line, const struct table_entry *entry)
{
    sieve_status status = entry->rows == UINT64_MAX
                              ? put_text(line, ",\"rows\":null")
                              : put_number(line, ",\"rows\":", entry->rows);
    if (status == SIEVE_OK && !entry->is_plan)
        status = put_number(line, ",\"rows_read\":", entry->rows_read);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"bytes\":", entry->bytes);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"ranges\":", entry->ranges);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"columns_left_out\":", entry->left_out);
    if (status == SIEVE_OK)
        status = put_text(line, entry->is_plan       ? ",\"plan\":true"
                                : entry->is_complete ? ",\"complete\":true"
                                                     : ",\"complete\":false");
    if (status != SIEVE_OK || entry->column_count == 0)
        return status;
    for (size_t index = 0; index < entry->column_count && status == SIEVE_OK; index++) {
        status = put_text(line, index > 0 ? "," : ",\"columns\":[");
        if (status == SIEVE_OK)
            status = put_column(line, &entry->columns[index]);
    }
    return status == SIEVE_OK ? put_text(line, "]") : status;
}

static sieve_status jsonl_table(struct report *self, const struct place *place,
                                const struct table_entry *entry)
{
    struct jsonl_report *jsonl = jsonl_of(self);
    struct buffer *line = &jsonl->line;
    sieve_status status =
        put_place(line, "{\"event\":\"table\",\"target\":", place, NULL);
    if (status == SIEVE_OK)
        status = put_table(line, entry);
    return end_line(jsonl, status);
}

static sieve_status put_tables(struct buffer *line, const struct tally *tally)
{
    if (tally->snapshots == 0)
        return SIEVE_OK;
    sieve_status status = put_number(line, ",\"tables\":", tally->tables);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"rows\":", tally->rows);
    if (status == SIEVE_OK)
        status = put_number(line, ",\"snapshots\":", tally->snapshots);
    if (status == SIEVE_OK && tally->databases > 1)
        status = put_number(line, ",\"databases\":", tally->databases);
    if (status != SIEVE_OK || !tally->is_plan)
        return status;
    status = put_number(line, ",\"plan\":true,\"bytes_about\":", tally->plan_bytes);
    return status == SIEVE_OK
               ? put_number(line, ",\"seconds_about\":", tally_plan_seconds(tally))
               : status;
}

static sieve_status put_sums(struct buffer *line, const struct tally *tally)
{
    const struct sum sums[] = {
        {"\"targets\":", tally->targets}, {",\"items\":", tally->items},
        {",\"bytes\":", tally->bytes},    {",\"findings\":", tally->found.findings},
        {",\"cards\":", tally->cards},    {",\"unexamined\":", tally->unexamined},
    };
    return put_numbers(line, sums, sizeof sums / sizeof sums[0]);
}

static sieve_status put_skipped(struct buffer *line, const struct tally *tally)
{
    const struct sum sums[] = {
        {",\"skipped\":{\"links\":", tally->skipped_links},
        {",\"special\":", tally->skipped_special},
        {",\"other_systems\":", tally->skipped_systems},
        {",\"names\":", tally->skipped_names},
    };
    if (tally->skipped_links + tally->skipped_special + tally->skipped_systems +
            tally->skipped_names ==
        0)
        return SIEVE_OK;
    const sieve_status status = put_numbers(line, sums, sizeof sums / sizeof sums[0]);
    return status == SIEVE_OK ? put_text(line, "}") : status;
}

static sieve_status jsonl_summary(struct report *self, const struct tally *tally)
{
    struct jsonl_report *jsonl = jsonl_of(self);
    struct buffer *line = &jsonl->line;
    char seconds[NUMBER_TEXT_MAX];
    number_seconds(tally->nanoseconds, 3, seconds);
    line->length = 0;
    sieve_status status = put_text(line, "{\"event\":\"summary\",");
    if (status == SIEVE_OK)
        status = put_sums(line, tally);
    if (status == SIEVE_OK)
        status = put_text(line, tally_is_complete(tally) ? ",\"complete\":true"
                                                         : ",\"complete\":false");
    if (status == SIEVE_OK && tally->cards_estimated)
        status = put_text(line, ",\"cards_estimated\":true");
    if (status == SIEVE_OK && tally->interrupted)
        status = put_text(line, ",\"interrupted\":true");
    if (status == SIEVE_OK)
        status = put_tables(line, tally);
    if (status == SIEVE_OK)
        status = put_skipped(line, tally);
    if (status == SIEVE_OK)
        status = put_text(line, ",\"seconds\":");
    if (status == SIEVE_OK)
        status = put_text(line, seconds);
    return end_line(jsonl, status);
}

static void jsonl_free(struct report *self)
{
    buffer_done(&jsonl_of(self)->line);
    free(self);
}

static const struct report_ops jsonl_report_ops = {
    .name = "jsonl",
    .finding = jsonl_finding,
    .unexamined = jsonl_unexamined,
    .table = jsonl_table,
    .summary = jsonl_summary,
    .free = jsonl_free,
};

sieve_status jsonl_report_new(struct writer *writer, const struct report_style *style,
                              struct report **out)
{
    struct jsonl_report *jsonl = calloc(1, sizeof *jsonl);
    if (!jsonl)
        return SIEVE_E_MEMORY;
    jsonl->base.ops = &jsonl_report_ops;
    jsonl->writer = writer;
    jsonl->style = *style;
    buffer_init(&jsonl->line, LINE_LENGTH_MAX);
    *out = &jsonl->base;
    return SIEVE_OK;
}
