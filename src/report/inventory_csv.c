/* inventory_csv.c - the inventory for a spreadsheet (RFC 4180): the run, then every row
 * of every part, told apart by the first field.  In Japanese with a byte order mark,
 * without which Excel takes UTF-8 for CP932.
 */
#include "report/inventory.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "report/show.h"

#define LINE_LENGTH_MAX (32u * NAME_LENGTH_MAX)

struct csv_inventory {
    struct inventory base;
    struct writer *writer;
    enum language language;
    struct buffer target; /* stands in every line */
    struct buffer shown;
    struct buffer line;
};

enum field {
    FIELD_RECORD,
    FIELD_TARGET,
    FIELD_DATABASE,
    FIELD_TABLE,
    FIELD_COLUMN,
    FIELD_KEY,
    FIELD_ROW,
    FIELD_KIND,
    FIELD_BRAND,
    FIELD_MASKED,
    FIELD_CONFIDENCE,
    FIELD_TEST_NUMBERS,
    FIELD_CARD,
    FIELD_FORM,
    FIELD_REASONS,
    FIELD_OFFSET,
    FIELD_LENGTH,
    FIELD_VERDICT,
    FIELD_SENSITIVE,
    FIELD_FINDINGS,
    FIELD_CARDS,
    FIELD_VALUES,
    FIELD_DISTINCT,
    FIELD_ROWS,
    FIELD_ROWS_READ,
    FIELD_COMPLETE,
    FIELD_WHY,
    FIELD_COUNT
};

static const char *const heads[FIELD_COUNT][LANGUAGE_COUNT] = {
    [FIELD_RECORD] = {"record", "区分"},
    [FIELD_TARGET] = {"target", "対象"},
    [FIELD_DATABASE] = {"database", "データベース"},
    [FIELD_TABLE] = {"table", "表"},
    [FIELD_COLUMN] = {"column", "列"},
    [FIELD_KEY] = {"key", "列内のキー"},
    [FIELD_ROW] = {"row", "行"},
    [FIELD_KIND] = {"kind", "種類"},
    [FIELD_BRAND] = {"brand", "ブランド"},
    [FIELD_MASKED] = {"masked", "マスク済みの値"},
    [FIELD_CONFIDENCE] = {"confidence", "確度"},
    [FIELD_TEST_NUMBERS] = {"test_numbers", "テスト番号"},
    [FIELD_CARD] = {"card", "カード"},
    [FIELD_FORM] = {"form", "表記"},
    [FIELD_REASONS] = {"reasons", "根拠"},
    [FIELD_OFFSET] = {"offset", "位置"},
    [FIELD_LENGTH] = {"length", "長さ"},
    [FIELD_VERDICT] = {"verdict", "判定"},
    [FIELD_SENSITIVE] = {"sensitive", "機密認証データ"},
    [FIELD_FINDINGS] = {"findings", "検出件数"},
    [FIELD_CARDS] = {"cards", "異なるカード番号"},
    [FIELD_VALUES] = {"values", "値の数"},
    [FIELD_DISTINCT] = {"distinct_values", "異なる値"},
    [FIELD_ROWS] = {"rows", "行数"},
    [FIELD_ROWS_READ] = {"rows_read", "読み取った行"},
    [FIELD_COMPLETE] = {"complete", "最後まで読み取り"},
    [FIELD_WHY] = {"why", "理由"},
};

/* One line: texts, or numbers, or nothing. */
struct line {
    struct bytes text[FIELD_COUNT];
    uint64_t number[FIELD_COUNT];
    unsigned char has_number[FIELD_COUNT];
};

static struct csv_inventory *csv_of(struct inventory *self)
{
    return (struct csv_inventory *)self;
}

static void set_number(struct line *line, enum field field, uint64_t number)
{
    line->number[field] = number;
    line->has_number[field] = number != UINT64_MAX;
}

static struct bytes say(const struct csv_inventory *csv, const char *stable)
{
    const struct bytes text = bytes_of_text(stable);
    return csv->language == LANGUAGE_EN ? text : word_translated(text, csv->language);
}

static struct bytes say_yes(const struct csv_inventory *csv, int is_so)
{
    return bytes_of_text(word(is_so ? WORD_YES : WORD_NO, csv->language));
}

static sieve_status append_field(struct csv_inventory *csv, const struct line *line,
                                 enum field field)
{
    char number[NUMBER_TEXT_MAX];
    if (line->has_number[field]) {
        const size_t length = number_text(line->number[field], number);
        return buffer_append(&csv->line, bytes_of(number, length));
    }
    if (line->text[field].length == 0)
        return SIEVE_OK;
    csv->shown.length = 0;
    sieve_status status = field == FIELD_ROW
                              ? show_row(&csv->shown, line->text[field])
                              : visible_append(&csv->shown, line->text[field]);
    return status == SIEVE_OK ? show_csv(&csv->line, buffer_bytes(&csv->shown)) : status;
}

static sieve_status put_line(struct csv_inventory *csv, struct line *line,
                             const char *record)
{
    sieve_status status = SIEVE_OK;
    csv->line.length = 0;
    line->text[FIELD_RECORD] = bytes_of_text(record);
    line->text[FIELD_TARGET] = buffer_bytes(&csv->target);
    for (unsigned field = 0; field < FIELD_COUNT && status == SIEVE_OK; field++) {
        if (field > 0)
            status = buffer_append(&csv->line, bytes_of(",", 1));
        if (status == SIEVE_OK)
            status = append_field(csv, line, (enum field)field);
    }
    if (status == SIEVE_OK)
        status = buffer_append(&csv->line, bytes_of("\r\n", 2));
    if (status == SIEVE_OK)
        writer_put(csv->writer, buffer_bytes(&csv->line));
    return status == SIEVE_OK ? csv->writer->status : status;
}

static void put_heads(struct csv_inventory *csv)
{
    if (csv->language == LANGUAGE_JA)
        writer_text(csv->writer, "\xEF\xBB\xBF");
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        writer_text(csv->writer, field > 0 ? "," : "");
        writer_text(csv->writer, heads[field][csv->language]);
    }
    writer_text(csv->writer, "\r\n");
}

static sieve_status csv_begin(struct inventory *self, const struct inventory_run *run)
{
    struct csv_inventory *csv = csv_of(self);
    struct line line = {.has_number = {0}};
    const enum word state = run->is_sample     ? WORD_SAMPLE
                            : run->is_complete ? WORD_COMPLETE
                                               : WORD_INCOMPLETE;
    sieve_status status = buffer_append(&csv->target, run->target);
    if (status != SIEVE_OK)
        return status;
    put_heads(csv);
    set_number(&line, FIELD_TEST_NUMBERS, run->test_numbers);
    set_number(&line, FIELD_SENSITIVE, run->sensitive);
    set_number(&line, FIELD_FINDINGS, run->findings);
    set_number(&line, FIELD_CARDS, run->cards);
    set_number(&line, FIELD_ROWS, run->rows);
    set_number(&line, FIELD_ROWS_READ, run->rows_read);
    line.text[FIELD_COMPLETE] = say_yes(csv, run->is_complete);
    line.text[FIELD_WHY] = bytes_of_text(word(state, csv->language));
    return put_line(csv, &line, "run");
}

static sieve_status put_column(struct csv_inventory *csv, const struct inventory_row *row,
                               struct line *line)
{
    if (row->first_count > 0)
        line->text[FIELD_ROW] = row->first[0];
    line->text[FIELD_VERDICT] = word_translated(row->verdict, csv->language);
    line->text[FIELD_BRAND] = row->brands;
    line->text[FIELD_WHY] = row->reason;
    set_number(line, FIELD_TEST_NUMBERS, row->test_numbers);
    set_number(line, FIELD_SENSITIVE, row->sensitive);
    set_number(line, FIELD_FINDINGS, row->findings);
    set_number(line, FIELD_CARDS, row->cards);
    set_number(line, FIELD_VALUES, row->values);
    set_number(line, FIELD_DISTINCT,
               row->distinct_values > 0 ? row->distinct_values : UINT64_MAX);
    set_number(line, FIELD_ROWS, row->rows);
    set_number(line, FIELD_ROWS_READ, row->rows_read);
    return put_line(csv, line, "column");
}

static sieve_status put_table(struct csv_inventory *csv, const struct inventory_row *row,
                              struct line *line)
{
    set_number(line, FIELD_FINDINGS, row->findings);
    set_number(line, FIELD_SENSITIVE, row->sensitive);
    set_number(line, FIELD_ROWS, row->rows);
    set_number(line, FIELD_ROWS_READ, row->rows_read);
    line->text[FIELD_COMPLETE] = say_yes(csv, row->is_complete);
    return put_line(csv, line, "table");
}

static sieve_status put_finding(struct csv_inventory *csv,
                                const struct inventory_row *row, struct line *line)
{
    line->text[FIELD_ROW] = row->row;
    line->text[FIELD_KIND] = say(csv, sieve_kind_name(row->kind));
    line->text[FIELD_BRAND] = row->brand;
    line->text[FIELD_MASKED] = row->masked;
    line->text[FIELD_CONFIDENCE] = say(csv, sieve_confidence_name(row->confidence));
    line->text[FIELD_FORM] = row->form;
    line->text[FIELD_REASONS] = row->reasons;
    set_number(line, FIELD_TEST_NUMBERS, (uint64_t)row->test_number);
    set_number(line, FIELD_CARD, row->card > 0 ? row->card : UINT64_MAX);
    set_number(line, FIELD_OFFSET, row->offset);
    set_number(line, FIELD_LENGTH, row->length);
    set_number(line, FIELD_SENSITIVE, sieve_kind_is_sensitive(row->kind) ? 1 : 0);
    return put_line(csv, line, "finding");
}

static sieve_status put_repair(struct csv_inventory *csv, const struct inventory_row *row,
                               struct line *line)
{
    line->text[FIELD_ROW] = row->row;
    line->text[FIELD_VERDICT] = word_translated(row->state, csv->language);
    line->text[FIELD_WHY] = word_translated(row->reason, csv->language);
    set_number(line, FIELD_SENSITIVE, row->sensitive);
    set_number(line, FIELD_FINDINGS, row->findings);
    set_number(line, FIELD_ROWS, row->rows);
    return put_line(csv, line, "repair");
}

static sieve_status csv_row(struct inventory *self, const struct inventory_row *row)
{
    struct csv_inventory *csv = csv_of(self);
    struct line line = {.has_number = {0}};
    line.text[FIELD_DATABASE] = row->database;
    line.text[FIELD_TABLE] = row->table;
    line.text[FIELD_COLUMN] = row->column;
    line.text[FIELD_KEY] = row->key;
    switch (row->part) {
    case INVENTORY_COLUMN:
        return put_column(csv, row, &line);
    case INVENTORY_TABLE:
        return put_table(csv, row, &line);
    case INVENTORY_FINDING:
        return put_finding(csv, row, &line);
    case INVENTORY_REPAIR:
        return put_repair(csv, row, &line);
    case INVENTORY_MISSED:
        break;
    }
    line.text[FIELD_ROW] = row->row;
    line.text[FIELD_WHY] = word_translated(row->reason, csv->language);
    return put_line(csv, &line, "unexamined");
}

static sieve_status csv_end(struct inventory *self)
{
    return csv_of(self)->writer->status;
}

static void csv_free(struct inventory *self)
{
    struct csv_inventory *csv = csv_of(self);
    buffer_done(&csv->target);
    buffer_done(&csv->shown);
    buffer_done(&csv->line);
    free(csv);
}

static const struct inventory_ops csv_inventory_ops = {
    .name = "csv",
    .begin = csv_begin,
    .row = csv_row,
    .end = csv_end,
    .free = csv_free,
};

sieve_status csv_inventory_new(struct writer *writer, const struct inventory_style *style,
                               struct inventory **out)
{
    struct csv_inventory *csv = calloc(1, sizeof *csv);
    if (!csv)
        return SIEVE_E_MEMORY;
    csv->base.ops = &csv_inventory_ops;
    csv->writer = writer;
    csv->language = style->language;
    buffer_init(&csv->target, NAME_LENGTH_MAX);
    buffer_init(&csv->shown, 4u * NAME_LENGTH_MAX);
    buffer_init(&csv->line, LINE_LENGTH_MAX);
    *out = &csv->base;
    return SIEVE_OK;
}
