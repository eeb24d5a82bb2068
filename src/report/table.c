#include "report/table.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/visible.h"

#define NAME_WIDTH   24
#define NUMBER_WIDTH 12

static void put_spaces(struct writer *writer, size_t count)
{
    while (count-- > 0)
        writer_text(writer, " ");
}

static void put_left(struct writer *writer, const char *text, size_t width)
{
    size_t length = strlen(text);
    writer_text(writer, text);
    put_spaces(writer, length < width ? width - length : 1);
}

static void put_right(struct writer *writer, const char *text, size_t width)
{
    size_t length = strlen(text);
    put_spaces(writer, length < width ? width - length : 1);
    writer_text(writer, text);
}

static void put_number(struct writer *writer, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    number_grouped(number, text);
    put_right(writer, text, NUMBER_WIDTH);
}

/* "3 files", "1 file". */
static void put_counted(struct writer *writer, uint64_t number, const char *thing)
{
    char text[NUMBER_TEXT_MAX];
    number_grouped(number, text);
    writer_text(writer, text);
    writer_text(writer, " ");
    writer_text(writer, thing);
    if (number != 1)
        writer_text(writer, "s");
}

static void put_brand_row(struct writer *writer, const struct tally_brand *row)
{
    writer_text(writer, "  ");
    put_left(writer, row->brand ? row->brand->title : "(no brand)", NAME_WIDTH);
    for (int level = SIEVE_HIGH; level >= SIEVE_LOW; level--)
        put_number(writer, row->by_confidence[level]);
    put_number(writer, row->findings);
    writer_text(writer, "\n");
}

static int compare_brands(const void *left, const void *right)
{
    const struct tally_brand *one = left;
    const struct tally_brand *two = right;
    if (one->findings != two->findings)
        return one->findings < two->findings ? 1 : -1;
    if (!one->brand || !two->brand)
        return (one->brand == NULL) - (two->brand == NULL);
    return strcmp(one->brand->name, two->brand->name);
}

void table_by_brand(struct writer *writer, const struct tally *tally)
{
    struct tally_brand rows[TALLY_BRANDS_MAX];
    size_t count = tally->found.brand_count;
    if (count == 0)
        return;
    memcpy(rows, tally->found.brands, count * sizeof rows[0]);
    qsort(rows, count, sizeof rows[0], compare_brands);
    writer_text(writer, "\nBy brand");
    put_spaces(writer, NAME_WIDTH - 6);
    for (int level = SIEVE_HIGH; level >= SIEVE_LOW; level--)
        put_right(writer, sieve_confidence_name((sieve_confidence)level), NUMBER_WIDTH);
    put_right(writer, "findings", NUMBER_WIDTH);
    writer_text(writer, "\n");
    for (size_t index = 0; index < count; index++)
        put_brand_row(writer, &rows[index]);
}

static int compare_files(const void *left, const void *right)
{
    const struct tally_file *one = *(const struct tally_file *const *)left;
    const struct tally_file *two = *(const struct tally_file *const *)right;
    if (one->findings != two->findings)
        return one->findings < two->findings ? 1 : -1;
    struct bytes first = safe_text_bytes(&one->name);
    struct bytes second = safe_text_bytes(&two->name);
    size_t common = first.length < second.length ? first.length : second.length;
    int order = common > 0 ? memcmp(first.at, second.at, common) : 0;
    return order != 0 ? order
                      : (first.length > second.length) - (first.length < second.length);
}

sieve_status table_by_file(struct writer *writer, const struct tally *tally,
                           struct buffer *scratch)
{
    const struct tally_file *rows[TALLY_FILES_MAX];
    sieve_status status = SIEVE_OK;
    if (tally->file_count == 0)
        return SIEVE_OK;
    for (size_t index = 0; index < tally->file_count; index++)
        rows[index] = &tally->files[index];
    qsort(rows, tally->file_count, sizeof(const struct tally_file *), compare_files);
    writer_text(writer, tally->items > 0 ? "\nBy file" : "\nBy table");
    put_right(writer, "findings", NUMBER_WIDTH - 5);
    writer_text(writer, "\n");
    for (size_t index = 0; index < tally->file_count && status == SIEVE_OK; index++) {
        scratch->length = 0;
        status = visible_append(scratch, safe_text_bytes(&rows[index]->name));
        put_number(writer, rows[index]->findings);
        writer_text(writer, "  ");
        writer_put(writer, buffer_bytes(scratch));
        writer_text(writer, "\n");
    }
    if (tally->files_with_findings > tally->file_count) {
        writer_text(writer, "    and in ");
        put_counted(writer, tally->files_with_findings - tally->file_count, "more file");
        writer_text(writer, "\n");
    }
    return status;
}

/* "1,234 things" appended; the thing brings its own space. */
static sieve_status append_count(struct buffer *out, uint64_t number, const char *thing)
{
    char text[NUMBER_TEXT_MAX];
    const size_t length = strlen(thing);
    /* "cards" without its s */
    const size_t cut = number == 1 && length > 0 && thing[length - 1] == 's';
    number_grouped(number, text);
    sieve_status status = buffer_append(out, bytes_of_text(text));
    return status == SIEVE_OK ? buffer_append(out, bytes_of(thing, length - cut))
                              : status;
}

static sieve_status append(struct buffer *out, const char *text)
{
    return buffer_append(out, bytes_of_text(text));
}

/* "12 findings, 3 cards (visa), 2 that may never be kept" */
static sieve_status append_found(struct buffer *out, const struct column_entry *column)
{
    sieve_status status = append_count(out, column->findings, " findings");
    if (status == SIEVE_OK)
        status = append(out, column->cards_least ? ", at least " : ", ");
    if (status == SIEVE_OK)
        status = append_count(out, column->cards, " cards");
    if (status == SIEVE_OK && column->brands[0]) {
        status = append(out, " (");
        if (status == SIEVE_OK)
            status = append(out, column->brands);
        if (status == SIEVE_OK)
            status = append(out, ")");
    }
    if (status == SIEVE_OK && column->sensitive > 0) {
        status = append(out, ", ");
        if (status == SIEVE_OK)
            status = append_count(out, column->sensitive, " that may never be kept");
    }
    return status;
}

sieve_status table_column(struct buffer *out, const struct table_entry *table,
                          const struct column_entry *column, struct bytes name)
{
    const size_t begin = out->length;
    sieve_status status = append(out, "  ");
    if (status == SIEVE_OK)
        status = buffer_append(out, name);
    if (status == SIEVE_OK)
        status = append(out, "\n      ");
    if (status == SIEVE_OK)
        status = append(out, column->verdict);
    if (status == SIEVE_OK)
        status = append(out, ": ");
    if (status == SIEVE_OK)
        status = append_found(out, column);
    if (status == SIEVE_OK)
        status = append(out, "; ");
    if (status == SIEVE_OK)
        status = append_count(out, table->rows_read, " of ");
    if (status == SIEVE_OK)
        status = table->rows == UINT64_MAX ? append(out, "unknown")
                                           : append_count(out, table->rows, "");
    if (status == SIEVE_OK)
        status = append(out, " rows read\n");
    if (status != SIEVE_OK)
        out->length = begin;
    return status;
}

void table_plan(struct writer *writer, struct bytes name, const struct table_entry *table)
{
    char text[NUMBER_TEXT_MAX];
    writer_put(writer, name);
    writer_text(writer, ": ");
    if (table->rows == UINT64_MAX) {
        writer_text(writer, "unknown rows");
    } else {
        writer_text(writer, "about ");
        put_counted(writer, table->rows, "row");
    }
    writer_text(writer, ", ");
    number_size(table->bytes, text);
    writer_text(writer, text);
    writer_text(writer, ", ");
    put_counted(writer, table->ranges, "range");
    writer_text(writer, "\n");
}

static void put_skipped(struct writer *writer, const struct tally *tally)
{
    const struct {
        uint64_t count;
        const char *things;
    } rows[] = {
        {tally->skipped_links, "symbolic links"},
        {tally->skipped_special, "devices, sockets or FIFOs"},
        {tally->skipped_systems, "entries on other file systems"},
        {tally->skipped_names, "files left out by --include or --exclude"},
    };
    int first = 1;
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        char text[NUMBER_TEXT_MAX];
        if (rows[index].count == 0)
            continue;
        number_grouped(rows[index].count, text);
        writer_text(writer, first ? "Skipped: " : ", ");
        writer_text(writer, text);
        writer_text(writer, " ");
        writer_text(writer, rows[index].things);
        first = 0;
    }
    if (!first)
        writer_text(writer, ".\n");
}

static void put_found(struct writer *writer, const struct tally *tally)
{
    if (tally->found.findings == 0) {
        writer_text(writer, "nothing found");
        return;
    }
    put_counted(writer, tally->found.findings, "finding");
    writer_text(writer, tally->cards_estimated ? " of about " : " of ");
    put_counted(writer, tally->cards, "card number");
    if (tally->found.test_numbers > 0) {
        char text[NUMBER_TEXT_MAX];
        number_grouped(tally->found.test_numbers, text);
        writer_text(writer, " (");
        writer_text(writer, text);
        writer_text(writer, " of published test numbers)");
    }
}

/* "About 1.5 GiB would be read, in some 8 seconds if it comes at 200.0 MiB/s." */
static void put_plan(struct writer *writer, const struct tally *tally)
{
    char text[NUMBER_TEXT_MAX];
    number_size(tally->plan_bytes, text);
    writer_text(writer, "About ");
    writer_text(writer, text);
    writer_text(writer, " would be read, in some ");
    put_counted(writer, tally_plan_seconds(tally), "second");
    number_size(tally->plan_rate, text);
    writer_text(writer, " if it comes at ");
    writer_text(writer, text);
    writer_text(writer, "/s.\n");
}

void table_closing(struct writer *writer, const struct tally *tally)
{
    char text[NUMBER_TEXT_MAX];
    writer_text(writer, tally->found.findings + tally->unexamined > 0 ? "\n" : "");
    if (tally->items > 0 || tally->snapshots == 0) {
        put_counted(writer, tally->items, "file");
        writer_text(writer, ", ");
    }
    if (tally->databases > 1) {
        put_counted(writer, tally->databases, "database");
        writer_text(writer, ", ");
    }
    if (tally->snapshots > 0) {
        put_counted(writer, tally->tables, "table");
        writer_text(writer, ", ");
        put_counted(writer, tally->rows, "row");
        writer_text(writer, ", ");
    }
    number_size(tally->bytes, text);
    writer_text(writer, text);
    writer_text(writer, ", ");
    number_seconds(tally->nanoseconds, 2, text);
    writer_text(writer, text);
    writer_text(writer, " s: ");
    if (tally->is_plan)
        writer_text(writer, "this was a plan, nothing was read");
    else
        put_found(writer, tally);
    writer_text(writer, ".\n");
    if (tally->is_plan)
        put_plan(writer, tally);
    put_skipped(writer, tally);
    if (tally->snapshots > 1 && tally->snapshots > tally->databases) {
        writer_text(writer, "Read in ");
        put_counted(writer, tally->snapshots, "snapshot");
        writer_text(writer, ": what changed between them may be told as it was.\n");
    }
    if (tally->interrupted)
        writer_text(writer, "Interrupted: the rest was not examined.\n");
    else if (tally->unexamined > 0)
        writer_text(writer, "Not everything was examined: the answer is incomplete.\n");
}
