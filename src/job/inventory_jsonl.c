/* inventory_jsonl.c - a ledger as JSON Lines: what the sweep told, told again. */
#include "job/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/visible.h"
#include "job/view.h"
#include "job/view_inside.h"
#include "report/named.h"
#include "report/report.h"
#include "report/show.h"

/* Columns with findings that are told of one table: one line must hold them.  The
 * findings themselves are told all. */
#define COLUMNS_MAX 256

/* A column's texts, copied: they are borrowed for a call only. */
struct kept_column {
    struct column_entry entry;
    struct buffer text;
};

struct telling {
    struct view *view;
    const struct inventory_run *run;
    struct report *report;
    struct safe_text target; /* a copy */
    struct tally tally;
    struct kept_column *kept;
    struct column_entry entries[COLUMNS_MAX];
    size_t count;
    struct buffer row;
    struct buffer rows;
};

static struct place place_of(const struct telling *telling,
                             const struct inventory_row *row)
{
    return (struct place){
        .target = telling->target,
        .database = row->database,
        .is_one_of_several = row->is_one_of_several,
        .table = row->table,
    };
}

/* What names a row must be one JSON object, whatever the ledger says. */
static sieve_status take_row(struct buffer *out, struct bytes row)
{
    out->length = 0;
    if (show_is_object(row))
        return buffer_append(out, row);
    sieve_status status = buffer_append(out, bytes_of_text("{\"row\":"));
    if (status == SIEVE_OK)
        status = json_append_string(out, row);
    return status == SIEVE_OK ? buffer_append(out, bytes_of("}", 1)) : status;
}

/* ---- findings ---------------------------------------------------------------------- */

/* As far as it goes, NUL-ended. */
static void copy_text(char *out, size_t capacity, struct bytes text)
{
    const size_t length = text.length < capacity ? text.length : capacity - 1;
    if (length > 0)
        memcpy(out, text.at, length);
    out[length] = '\0';
}

static sieve_status tell_finding(const struct inventory_row *row, void *context)
{
    struct telling *telling = context;
    char reasons[SIEVE_REASONS_MAX * 64];
    char brand[64];
    const sieve_brand of_brand = {brand, brand};
    sieve_finding finding = {
        .offset = row->offset,
        .length = (uint32_t)row->length,
        .digit_count = (uint8_t)row->digits,
        .test_number = row->test_number != 0,
        .kind = row->kind,
        .confidence = row->confidence,
        .brand = row->brand.length > 0 ? &of_brand : NULL,
    };
    if (row->length > UINT32_MAX || row->digits > UINT8_MAX ||
        !named_form(row->form, &finding.form))
        return SIEVE_E_CORRUPT;
    copy_text(brand, sizeof brand, row->brand_name);
    copy_text(finding.shown, sizeof finding.shown, row->masked);
    copy_text(reasons, sizeof reasons, row->reasons);
    named_reasons(reasons, &finding);
    sieve_status status = take_row(&telling->row, row->row);
    if (status != SIEVE_OK)
        return status;
    const struct place place = place_of(telling, row);
    const struct sighting sighting = {
        .finding = &finding,
        .card = row->card,
        .field = row->column,
        .key = row->key,
        .row = buffer_bytes(&telling->row),
    };
    return telling->report->ops->finding(telling->report, &place, &sighting);
}

/* ---- tables ------------------------------------------------------------------------ */

/* The first rows as a JSON array; where the first of them ends. */
static sieve_status take_rows(struct telling *telling, const struct inventory_row *row,
                              size_t *first_out)
{
    sieve_status status = SIEVE_OK;
    *first_out = 0;
    telling->rows.length = 0;
    for (size_t index = 0; index < row->first_count && status == SIEVE_OK; index++) {
        status = buffer_append(&telling->rows, bytes_of(index > 0 ? "," : "[", 1));
        if (status == SIEVE_OK)
            status = take_row(&telling->row, row->first[index]);
        if (status == SIEVE_OK)
            status = buffer_append(&telling->rows, buffer_bytes(&telling->row));
        if (index == 0)
            *first_out = telling->row.length;
    }
    if (status == SIEVE_OK && row->first_count == 0)
        status = buffer_append(&telling->rows, bytes_of("[{}", 3));
    if (row->first_count == 0)
        *first_out = 2;
    return status == SIEVE_OK ? buffer_append(&telling->rows, bytes_of("]", 1)) : status;
}

/* A copy in the column's own buffer, which is large enough: nothing moves. */
static const char *keep(struct kept_column *kept, struct bytes text, sieve_status *status)
{
    const size_t begin = kept->text.length;
    if (*status == SIEVE_OK)
        *status = buffer_append(&kept->text, text);
    if (*status == SIEVE_OK)
        *status = buffer_append(&kept->text, bytes_of("", 1));
    return *status == SIEVE_OK ? (const char *)kept->text.at + begin : "";
}

static sieve_status keep_column(const struct inventory_row *row, void *context)
{
    struct telling *telling = context;
    struct kept_column *kept = &telling->kept[telling->count];
    if (telling->count == COLUMNS_MAX)
        return SIEVE_STOPPED;
    kept->text.length = 0;
    size_t first = 0;
    sieve_status status = take_rows(telling, row, &first);
    const struct bytes rows = buffer_bytes(&telling->rows);
    if (status == SIEVE_OK)
        status =
            buffer_reserve(&kept->text, row->column.length + row->key.length +
                                            row->verdict.length + row->reason.length +
                                            rows.length + row->brand_names.length + 6);
    kept->entry = (struct column_entry){
        .verdict = keep(kept, row->verdict, &status),
        .reason = keep(kept, row->reason, &status),
        .brands = keep(kept, row->brand_names, &status),
        .name = bytes_of_text(keep(kept, row->column, &status)),
        .key = bytes_of_text(keep(kept, row->key, &status)),
        .first_rows = bytes_of_text(keep(kept, rows, &status)),
        .cards_least = row->cards_least,
        .distinct = row->distinct_values,
        .findings = row->findings,
        .cards = row->cards,
        .values = row->values,
        .sensitive = row->sensitive,
    };
    if (status == SIEVE_OK)
        kept->entry.first_row = bytes_of(kept->entry.first_rows.at + 1, first);
    telling->entries[telling->count++] = kept->entry;
    return status;
}

static sieve_status tell_table(const struct inventory_row *row, void *context)
{
    struct telling *telling = context;
    const struct place place = place_of(telling, row);
    telling->count = 0;
    sieve_status status =
        view_columns_of(telling->view, row->table_id, keep_column, telling);
    if (status != SIEVE_OK && status != SIEVE_STOPPED)
        return status;
    const struct table_entry entry = {
        .rows = row->rows,
        .rows_read = row->rows_read,
        .bytes = row->bytes,
        .ranges = row->ranges,
        .is_complete = row->is_complete,
        .columns = telling->entries,
        .column_count = telling->count,
        .left_out = row->columns_unread,
    };
    return telling->report->ops->table(telling->report, &place, &entry);
}

static sieve_status tell_missed(const struct inventory_row *row, void *context)
{
    struct telling *telling = context;
    struct place place = place_of(telling, row);
    char reason[256];
    copy_text(reason, sizeof reason, row->reason);
    telling->tally.unexamined++;
    place.field = row->column;
    if (row->row.length > 0) {
        sieve_status status = take_row(&telling->row, row->row);
        if (status != SIEVE_OK)
            return status;
        place.row = buffer_bytes(&telling->row);
    }
    return telling->report->ops->unexamined(telling->report, &place, reason);
}

/* ---- all --------------------------------------------------------------------------- */

static void fill_tally(const struct inventory_run *run, struct tally *tally)
{
    const uint64_t seconds =
        run->ended_at > run->begun_at ? run->ended_at - run->begun_at : 0;
    tally->targets = 1;
    tally->bytes = run->bytes;
    tally->tables = run->tables;
    tally->rows = run->rows_read;
    tally->snapshots = run->snapshots;
    tally->databases = run->databases;
    tally->found.findings = run->findings;
    tally->found.test_numbers = run->test_numbers;
    tally->cards = run->cards;
    tally->cards_estimated = run->cards_estimated;
    tally->nanoseconds = seconds * 1000000000u;
}

static sieve_status tell_all(struct telling *telling)
{
    struct view *view = telling->view;
    sieve_status status = view_findings(view, UINT64_MAX, tell_finding, telling);
    if (status == SIEVE_OK)
        status = view_missed(view, tell_missed, telling);
    if (status == SIEVE_OK)
        status = view_tables(view, tell_table, telling);
    if (status != SIEVE_OK)
        return status;
    fill_tally(telling->run, &telling->tally);
    if (telling->tally.unexamined == 0 && !telling->run->is_complete)
        telling->tally.unexamined = 1; /* a ledger without databases */
    return telling->report->ops->summary(telling->report, &telling->tally);
}

sieve_status inventory_tell_jsonl(struct view *view, const struct inventory_run *run,
                                  struct writer *writer)
{
    const struct report_style style = {0, 0};
    struct telling *telling = calloc(1, sizeof *telling);
    if (!telling)
        return SIEVE_E_MEMORY;
    telling->view = view;
    telling->run = run;
    tally_init(&telling->tally);
    safe_text_init(&telling->target);
    buffer_init(&telling->row, 8u * NAME_LENGTH_MAX);
    buffer_init(&telling->rows, 32u * NAME_LENGTH_MAX);
    telling->kept = calloc(COLUMNS_MAX, sizeof telling->kept[0]);
    for (size_t index = 0; telling->kept && index < COLUMNS_MAX; index++)
        buffer_init(&telling->kept[index].text, 64u * NAME_LENGTH_MAX);
    sieve_status status = telling->kept ? SIEVE_OK : SIEVE_E_MEMORY;
    if (status == SIEVE_OK)
        status = buffer_append(&telling->target.buffer, run->target);
    if (status == SIEVE_OK)
        status = jsonl_report_new(writer, &style, &telling->report);
    if (status == SIEVE_OK)
        status = tell_all(telling);
    report_free(telling->report);
    for (size_t index = 0; telling->kept && index < COLUMNS_MAX; index++)
        buffer_done(&telling->kept[index].text);
    free(telling->kept);
    safe_text_done(&telling->target);
    tally_done(&telling->tally);
    buffer_done(&telling->row);
    buffer_done(&telling->rows);
    free(telling);
    return status;
}
