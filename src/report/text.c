/* text.c - findings for people: one line each, then tables by brand and by file and
 * the list of what was not examined.
 */
#include "report/report.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/visible.h"
#include "report/table.h"

#define MISSED_LIST_MAX (64u << 10) /* bytes of the list of what was not examined */

#define INVENTORY_MAX (1u << 20) /* bytes of the list of columns */

#define COLOUR_PATH   "\x1b[35m"
#define COLOUR_PLACE  "\x1b[32m"
#define COLOUR_NUMBER "\x1b[1;31m"
#define COLOUR_NOTE   "\x1b[33m"
#define COLOUR_END    "\x1b[0m"

struct text_report {
    struct report base;
    struct writer *writer;
    struct report_style style;
    struct buffer missed; /* lines */
    uint64_t missed_unlisted;
    struct buffer sensitive; /* lines: columns with what may never be kept */
    struct buffer inventory; /* lines: the others */
    uint64_t uninventoried;  /* tables that no longer fit */
    struct buffer scratch;
};

static struct text_report *text_of(struct report *self)
{
    return (struct text_report *)self;
}

static void put_coloured(struct text_report *text, const char *colour, struct bytes bytes)
{
    if (text->style.colour)
        writer_text(text->writer, colour);
    writer_put(text->writer, bytes);
    if (text->style.colour)
        writer_text(text->writer, COLOUR_END);
}

/* "/srv/a.csv.gz|gzip" or "sqlite:shop.db: orders" into the scratch. */
static sieve_status make_place(struct text_report *text, const struct place *place)
{
    struct buffer *scratch = &text->scratch;
    scratch->length = 0;
    sieve_status status = visible_append(scratch, safe_text_bytes(&place->target));
    for (size_t index = 0; index < place->coding_count && status == SIEVE_OK; index++) {
        status = buffer_append(scratch, bytes_of("|", 1));
        if (status == SIEVE_OK)
            status = buffer_append(scratch, bytes_of_text(place->codings[index]));
    }
    if (status == SIEVE_OK && place->is_one_of_several) {
        status = buffer_append(scratch, bytes_of(": ", 2));
        if (status == SIEVE_OK)
            status = visible_append(scratch, place->database);
    }
    if (status == SIEVE_OK && place->table.length > 0)
        status = buffer_append(scratch, bytes_of(": ", 2));
    return status == SIEVE_OK ? visible_append(scratch, place->table) : status;
}

/* Where the string ends that begins behind the quote at `at`. */
static size_t string_end(struct bytes row, size_t at)
{
    while (at < row.length && row.at[at] != '"')
        at += row.at[at] == '\\' && at + 1 < row.length ? 2 : 1;
    return at;
}

/* {"id":"42","line":"1"} as id=42, line=1; of an array of them one behind the other,
 * parted by "; ".  Escapes stay, and what is in strings is made visible. */
static sieve_status append_row(struct buffer *scratch, struct bytes row)
{
    const size_t begin = scratch->length;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < row.length && status == SIEVE_OK; index++) {
        const unsigned char byte = row.at[index];
        if (byte == '"') {
            const size_t end = string_end(row, index + 1);
            status =
                visible_append(scratch, bytes_of(row.at + index + 1, end - index - 1));
            index = end;
        } else if (byte == ':' || (byte == ',' && row.at[index - 1] != '}')) {
            status = buffer_append(scratch, bytes_of_text(byte == ':' ? "=" : ", "));
        } else if (byte == '{' && scratch->length > begin) {
            status = buffer_append(scratch, bytes_of("; ", 2));
        }
    }
    return status;
}

/* ".memo [id=42]" of a value that was not examined. */
static sieve_status append_cell(struct buffer *scratch, const struct place *place)
{
    sieve_status status = SIEVE_OK;
    if (place->field.length > 0)
        status = buffer_append(scratch, bytes_of(".", 1));
    if (status == SIEVE_OK)
        status = visible_append(scratch, place->field);
    if (status == SIEVE_OK && place->row.length > 0)
        status = buffer_append(scratch, bytes_of(" [", 2));
    if (status == SIEVE_OK)
        status = append_row(scratch, place->row);
    return status == SIEVE_OK && place->row.length > 0
               ? buffer_append(scratch, bytes_of("]", 1))
               : status;
}

/* "payload.card.number" */
static sieve_status append_field(struct buffer *out, struct bytes name, struct bytes key)
{
    sieve_status status = visible_append(out, name);
    if (status == SIEVE_OK && key.length > 0)
        status = buffer_append(out, bytes_of(".", 1));
    return status == SIEVE_OK ? visible_append(out, key) : status;
}

/* ".memo [id=42]: " */
static sieve_status put_cell(struct text_report *text, const struct sighting *sighting)
{
    struct buffer *scratch = &text->scratch;
    scratch->length = 0;
    sieve_status status = append_field(scratch, sighting->field, sighting->key);
    if (status != SIEVE_OK)
        return status;
    writer_text(text->writer, ".");
    put_coloured(text, COLOUR_PATH, buffer_bytes(scratch));
    scratch->length = 0;
    status = append_row(scratch, sighting->row);
    if (status != SIEVE_OK)
        return status;
    writer_text(text->writer, " [");
    put_coloured(text, COLOUR_PLACE, buffer_bytes(scratch));
    writer_text(text->writer, "]: ");
    return SIEVE_OK;
}

/* " (gzip head #1)" */
static void put_beside(struct text_report *text, const struct sighting *sighting)
{
    if (!sighting->beside)
        return;
    writer_text(text->writer, " (");
    writer_text(text->writer, sighting->beside);
    writer_text(text->writer, " #");
    writer_number(text->writer, sighting->member);
    writer_text(text->writer, ")");
}

static void put_position(struct text_report *text, const struct sighting *sighting)
{
    char number[NUMBER_TEXT_MAX];
    put_beside(text, sighting);
    writer_text(text->writer, ":");
    size_t length = number_text(sighting->line, number);
    put_coloured(text, COLOUR_PLACE, bytes_of(number, length));
    writer_text(text->writer, ":");
    length = number_text(sighting->column, number);
    put_coloured(text, COLOUR_PLACE, bytes_of(number, length));
    writer_text(text->writer, ": ");
}

static void put_name(struct text_report *text, const sieve_finding *finding)
{
    if (finding->brand)
        writer_text(text->writer, finding->brand->title);
    else if (finding->rule)
        writer_text(text->writer, finding->rule);
    if (finding->kind != SIEVE_KIND_PAN && finding->kind != SIEVE_KIND_RULE) {
        writer_text(text->writer, finding->brand ? " " : "");
        writer_text(text->writer, sieve_kind_name(finding->kind));
    }
}

static void put_verdict(struct text_report *text, const sieve_finding *finding)
{
    put_name(text, finding);
    writer_text(text->writer, " ");
    put_coloured(text, COLOUR_NUMBER, bytes_of_text(finding->shown));
    writer_text(text->writer, " ");
    writer_text(text->writer, sieve_confidence_name(finding->confidence));
    if (finding->reason_count > 0) {
        writer_text(text->writer, " (");
        writer_text(text->writer, finding->reasons[0]);
        writer_text(text->writer, ")");
    }
    if (finding->test_number)
        put_coloured(text, COLOUR_NOTE, bytes_of_text(" test number"));
}

static void put_excerpt(struct text_report *text, const struct sighting *sighting)
{
    struct bytes excerpt = sighting->excerpt;
    if (excerpt.length == 0)
        return;
    size_t behind = sighting->shown_at + sighting->shown_length;
    writer_text(text->writer, "  | ");
    writer_put(text->writer, bytes_of(excerpt.at, sighting->shown_at));
    put_coloured(text, COLOUR_NUMBER,
                 bytes_of(excerpt.at + sighting->shown_at, sighting->shown_length));
    writer_put(text->writer, bytes_from(excerpt, behind));
}

static sieve_status text_finding(struct report *self, const struct place *place,
                                 const struct sighting *sighting)
{
    struct text_report *text = text_of(self);
    if (text->style.summary_only)
        return SIEVE_OK;
    sieve_status status = make_place(text, place);
    if (status != SIEVE_OK)
        return status;
    put_coloured(text, COLOUR_PATH, buffer_bytes(&text->scratch));
    if (sighting->field.length > 0)
        status = put_cell(text, sighting);
    else
        put_position(text, sighting);
    if (status != SIEVE_OK)
        return status;
    put_verdict(text, sighting->finding);
    put_excerpt(text, sighting);
    writer_text(text->writer, "\n");
    return text->writer->status;
}

static sieve_status append_missed(struct text_report *text, const char *reason)
{
    const struct bytes parts[] = {
        bytes_of("  ", 2), buffer_bytes(&text->scratch),
        bytes_of(": ", 2), bytes_of_text(reason),
        bytes_of("\n", 1),
    };
    size_t length = 0;
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++)
        length += parts[index].length;
    sieve_status status = buffer_reserve(&text->missed, length);
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
        if (status == SIEVE_OK)
            status = buffer_append(&text->missed, parts[index]);
    }
    return status;
}

static sieve_status text_unexamined(struct report *self, const struct place *place,
                                    const char *reason)
{
    struct text_report *text = text_of(self);
    sieve_status status = make_place(text, place);
    if (status == SIEVE_OK)
        status = append_cell(&text->scratch, place);
    if (status != SIEVE_OK)
        return status;
    if (text->missed_unlisted > 0 || append_missed(text, reason) == SIEVE_E_LIMIT)
        text->missed_unlisted++;
    return SIEVE_OK;
}

/* A table of the inventory waits for the end; a plan is told at once. */
static sieve_status text_table(struct report *self, const struct place *place,
                               const struct table_entry *entry)
{
    struct text_report *text = text_of(self);
    sieve_status status = make_place(text, place);
    if (status != SIEVE_OK)
        return status;
    if (entry->is_plan) {
        table_plan(text->writer, buffer_bytes(&text->scratch), entry);
        return text->writer->status;
    }
    for (size_t index = 0; index < entry->column_count && status == SIEVE_OK; index++) {
        const struct column_entry *column = &entry->columns[index];
        status = make_place(text, place);
        if (status == SIEVE_OK)
            status = buffer_append(&text->scratch, bytes_of(".", 1));
        if (status == SIEVE_OK)
            status = append_field(&text->scratch, column->name, column->key);
        if (status == SIEVE_OK)
            status = buffer_append(&text->scratch, bytes_of(" [", 2));
        if (status == SIEVE_OK)
            status = append_row(&text->scratch, column->first_rows);
        if (status == SIEVE_OK)
            status = buffer_append(&text->scratch, bytes_of("]", 1));
        if (status == SIEVE_OK)
            status =
                table_column(column->sensitive > 0 ? &text->sensitive : &text->inventory,
                             entry, column, buffer_bytes(&text->scratch));
    }
    if (status == SIEVE_E_LIMIT) {
        text->uninventoried++;
        status = SIEVE_OK;
    }
    return status;
}

static void put_inventory(struct text_report *text)
{
    if (text->sensitive.length + text->inventory.length == 0)
        return;
    writer_text(text->writer, "\nBy column\n");
    writer_put(text->writer, buffer_bytes(&text->sensitive));
    writer_put(text->writer, buffer_bytes(&text->inventory));
    if (text->uninventoried > 0) {
        writer_text(text->writer, "  and those of ");
        writer_number(text->writer, text->uninventoried);
        writer_text(text->writer, " more tables; --format jsonl tells all\n");
    }
}

static void put_missed(struct text_report *text, const struct tally *tally)
{
    struct writer *writer = text->writer;
    if (tally->unexamined == 0)
        return;
    writer_text(writer, "\n");
    put_coloured(text, COLOUR_NOTE, bytes_of_text("Not examined"));
    writer_text(writer, "\n");
    writer_put(writer, buffer_bytes(&text->missed));
    if (text->missed_unlisted == 0)
        return;
    writer_text(writer, "  and ");
    writer_number(writer, text->missed_unlisted);
    writer_text(writer, " more; --format jsonl lists them all\n");
    for (size_t index = 0; index < tally->reason_count; index++) {
        writer_text(writer, "  in all ");
        writer_number(writer, tally->reasons[index].times);
        writer_text(writer, ": ");
        writer_text(writer, tally->reasons[index].reason);
        writer_text(writer, "\n");
    }
}

static sieve_status text_summary(struct report *self, const struct tally *tally)
{
    struct text_report *text = text_of(self);
    table_by_brand(text->writer, tally);
    sieve_status status = table_by_file(text->writer, tally, &text->scratch);
    put_inventory(text);
    put_missed(text, tally);
    table_closing(text->writer, tally);
    return status == SIEVE_OK ? text->writer->status : status;
}

static void text_free(struct report *self)
{
    struct text_report *text = text_of(self);
    buffer_done(&text->missed);
    buffer_done(&text->sensitive);
    buffer_done(&text->inventory);
    buffer_done(&text->scratch);
    free(text);
}

static const struct report_ops text_report_ops = {
    .name = "text",
    .finding = text_finding,
    .unexamined = text_unexamined,
    .table = text_table,
    .summary = text_summary,
    .free = text_free,
};

sieve_status text_report_new(struct writer *writer, const struct report_style *style,
                             struct report **out)
{
    struct text_report *text = calloc(1, sizeof *text);
    if (!text)
        return SIEVE_E_MEMORY;
    text->base.ops = &text_report_ops;
    text->writer = writer;
    text->style = *style;
    buffer_init(&text->missed, MISSED_LIST_MAX);
    buffer_init(&text->sensitive, INVENTORY_MAX);
    buffer_init(&text->inventory, INVENTORY_MAX);
    buffer_init(&text->scratch, 8 * NAME_LENGTH_MAX);
    *out = &text->base;
    return SIEVE_OK;
}
