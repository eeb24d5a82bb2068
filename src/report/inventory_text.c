/* inventory_text.c - the inventory on a terminal. */
#include "report/inventory.h"

#include <stdlib.h>

#include "report/pen.h"
#include "report/summary.h"

struct text_inventory {
    struct inventory base;
    struct pen pen;
    struct inventory_style style;
    enum word part; /* the head that stands above what is told now */
    uint64_t findings;
    uint64_t listed;
};

static struct text_inventory *text_of(struct inventory *self)
{
    return (struct text_inventory *)self;
}

static void put_head(struct pen *pen, enum word which)
{
    pen_raw(pen, "\n");
    pen_word(pen, which);
    pen_raw(pen, "\n");
}

static void put_label(struct pen *pen, enum word which)
{
    pen_raw(pen, "  ");
    pen_word(pen, which);
    pen_raw(pen, ": ");
}

static void put_fact(struct pen *pen, enum word which, struct bytes text)
{
    if (text.length == 0)
        return;
    put_label(pen, which);
    pen_text(pen, text);
    pen_raw(pen, "\n");
}

static void put_summary(struct pen *pen, const struct inventory_run *run)
{
    struct summary_line lines[SUMMARY_LINES_MAX];
    const size_t count = summary_lines(run, lines);
    put_head(pen, WORD_SUMMARY);
    for (size_t index = 0; index < count; index++) {
        put_label(pen, lines[index].label);
        summary_put(pen, &lines[index]);
        pen_raw(pen, "\n");
    }
    for (size_t index = 0; index < run->unread_count; index++) {
        pen_raw(pen, "    ");
        pen_said(pen, bytes_of_text(run->unread[index].reason));
        pen_raw(pen, ": ");
        pen_number(pen, run->unread[index].columns);
        pen_raw(pen, "\n");
    }
    for (size_t index = 0; index < run->brand_count; index++) {
        const struct inventory_brand *brand = &run->brands[index];
        put_label(pen, WORD_BRAND);
        if (brand->title[0])
            pen_text(pen, bytes_of_text(brand->title));
        else
            pen_word(pen, WORD_NO_BRAND);
        pen_raw(pen, ", ");
        pen_number(pen, brand->findings);
        pen_raw(pen, "\n");
    }
}

static void put_rules(struct pen *pen, const struct inventory_run *run)
{
    if (run->findings == 0)
        return;
    put_head(pen, WORD_RULES);
    if (run->sensitive > 0) {
        pen_raw(pen, "  - ");
        pen_word(pen, WORD_RULE_SENSITIVE);
        pen_raw(pen, "\n");
    }
    pen_raw(pen, "  - ");
    pen_word(pen, WORD_RULE_NUMBERS);
    pen_raw(pen, "\n  - ");
    pen_word(pen, WORD_RULE_GUIDELINE);
    pen_raw(pen, "\n");
}

static void put_next(struct pen *pen, const struct inventory_run *run)
{
    enum word steps[SUMMARY_NEXT_MAX];
    const size_t count = summary_next(run, steps);
    put_head(pen, WORD_NEXT);
    for (size_t index = 0; index < count; index++) {
        pen_raw(pen, "  ");
        pen_number(pen, index + 1);
        pen_raw(pen, ". ");
        pen_word(pen, steps[index]);
        pen_raw(pen, "\n");
    }
}

static sieve_status text_begin(struct inventory *self, const struct inventory_run *run)
{
    struct text_inventory *text = text_of(self);
    struct pen *pen = &text->pen;
    pen_word(pen, WORD_REPORT);
    pen_raw(pen, "\n");
    put_fact(pen, WORD_TITLE, run->title);
    put_fact(pen, WORD_TARGET, run->target);
    put_fact(pen, WORD_LEDGER, run->ledger);
    put_fact(pen, WORD_BEGUN, run->begun);
    put_fact(pen, WORD_ENDED, run->ended);
    put_fact(pen, WORD_MADE, run->made);
    put_label(pen, WORD_PROGRAM);
    pen_raw(pen, "cardsieve ");
    pen_text(pen, run->version);
    pen_raw(pen, "\n");
    put_fact(pen, WORD_CHOSEN, run->chosen);
    put_label(pen, WORD_THRESHOLD);
    pen_said(pen, bytes_of_text(sieve_confidence_name(run->threshold)));
    pen_raw(pen, "\n");
    put_label(pen, WORD_SNAPSHOTS);
    pen_number(pen, run->snapshots);
    pen_raw(pen, "\n\n");
    pen_word(pen, summary_state(run));
    pen_raw(pen, ": ");
    summary_put_state(pen, run);
    pen_raw(pen, "\n");
    if (run->is_resumed) {
        pen_phrase(pen, WORD_SEVERAL_SNAPSHOTS, &run->snapshots, 1);
        pen_raw(pen, "\n");
    }
    pen_word(pen, summary_found(run));
    pen_raw(pen, "\n");
    put_summary(pen, run);
    put_rules(pen, run);
    put_next(pen, run);
    text->findings = run->findings;
    return pen_status(pen);
}

/* A head above the first row of its part. */
static void begin_part(struct text_inventory *text, enum word head)
{
    if (text->part == head)
        return;
    text->part = head;
    put_head(&text->pen, head);
}

/* "orders.memo" */
static void put_place(struct pen *pen, const struct inventory_row *row)
{
    if (row->is_one_of_several) {
        pen_text(pen, row->database);
        pen_raw(pen, row->table.length > 0 ? "." : "");
    }
    pen_text(pen, row->table);
    if (row->column.length == 0)
        return;
    pen_raw(pen, ".");
    pen_text(pen, row->column);
    if (row->key.length == 0)
        return;
    pen_raw(pen, ".");
    pen_text(pen, row->key);
}

static void put_counted(struct pen *pen, enum word which, uint64_t number)
{
    pen_raw(pen, "; ");
    pen_word(pen, which);
    pen_raw(pen, ": ");
    pen_number(pen, number);
}

static void put_column(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "  ");
    put_place(pen, row);
    pen_raw(pen, "\n      ");
    pen_said(pen, row->verdict);
    if (row->sensitive > 0)
        put_counted(pen, WORD_SENSITIVE, row->sensitive);
    put_counted(pen, WORD_FINDINGS, row->findings);
    put_counted(pen, WORD_CARDS, row->cards);
    pen_raw(pen, row->cards_least ? "+" : "");
    if (row->test_numbers > 0)
        put_counted(pen, WORD_TEST_NUMBERS, row->test_numbers);
    if (row->brands.length > 0) {
        pen_raw(pen, " (");
        pen_text(pen, row->brands);
        pen_raw(pen, ")");
    }
    pen_raw(pen, "\n      ");
    pen_word(pen, WORD_ROWS_READ);
    pen_raw(pen, ": ");
    pen_rows_read(pen, row->rows_read, row->rows);
    pen_raw(pen, "; ");
    pen_word(pen, WORD_FIRST_ROWS);
    pen_raw(pen, ":");
    for (size_t index = 0; index < row->first_count; index++) {
        pen_raw(pen, " [");
        pen_row(pen, row->first[index]);
        pen_raw(pen, "]");
    }
    pen_raw(pen, "\n      ");
    summary_put_why(pen, row);
    if (row->distinct_values > 0)
        put_counted(pen, WORD_DISTINCT_VALUES, row->distinct_values);
    pen_raw(pen, "\n");
}

static void put_table(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "  ");
    put_place(pen, row);
    pen_raw(pen, ": ");
    pen_rows_read(pen, row->rows_read, row->rows);
    pen_raw(pen, "; ");
    pen_word(pen, row->is_complete ? WORD_READ_WHOLE : WORD_NOT_READ_WHOLE);
    put_counted(pen, WORD_FINDINGS, row->findings);
    if (row->columns_unread > 0)
        put_counted(pen, WORD_COLUMNS_UNREAD, row->columns_unread);
    pen_raw(pen, "\n");
}

static void put_repair(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "  ");
    put_place(pen, row);
    pen_raw(pen, " [");
    pen_row(pen, row->row);
    pen_raw(pen, row->rows > 1 ? " ...]: " : "]: ");
    pen_said(pen, row->state);
    if (row->sensitive > 0)
        put_counted(pen, WORD_SENSITIVE, row->sensitive);
    put_counted(pen, WORD_ROWS, row->rows);
    put_counted(pen, WORD_FINDINGS, row->findings);
    if (row->reason.length > 0) {
        pen_raw(pen, "; ");
        pen_said(pen, row->reason);
    }
    pen_raw(pen, "\n");
}

static void put_missed(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "  ");
    put_place(pen, row);
    if (row->row.length > 0) {
        pen_raw(pen, " [");
        pen_row(pen, row->row);
        pen_raw(pen, "]");
    }
    pen_raw(pen, ": ");
    pen_said(pen, row->reason);
    pen_raw(pen, "\n");
}

static void put_finding(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "  ");
    put_place(pen, row);
    pen_raw(pen, " [");
    pen_row(pen, row->row);
    pen_raw(pen, "]: ");
    if (row->brand.length > 0) {
        pen_text(pen, row->brand);
        pen_raw(pen, " ");
    }
    if (row->kind != SIEVE_KIND_PAN || row->brand.length == 0) {
        pen_said(pen, bytes_of_text(sieve_kind_name(row->kind)));
        pen_raw(pen, " ");
    }
    pen_text(pen, row->masked);
    pen_raw(pen, " ");
    pen_said(pen, bytes_of_text(sieve_confidence_name(row->confidence)));
    if (row->test_number) {
        pen_raw(pen, ", ");
        pen_word(pen, WORD_TEST_NUMBER);
    }
    pen_raw(pen, "\n");
}

static sieve_status text_row(struct inventory *self, const struct inventory_row *row)
{
    struct text_inventory *text = text_of(self);
    switch (row->part) {
    case INVENTORY_COLUMN:
        begin_part(text, WORD_BY_COLUMN);
        put_column(&text->pen, row);
        break;
    case INVENTORY_TABLE:
        begin_part(text, WORD_BY_TABLE);
        put_table(&text->pen, row);
        break;
    case INVENTORY_MISSED:
        begin_part(text, WORD_NOT_EXAMINED);
        put_missed(&text->pen, row);
        break;
    case INVENTORY_REPAIR:
        begin_part(text, WORD_REPAIRS);
        put_repair(&text->pen, row);
        break;
    case INVENTORY_FINDING:
        if (text->listed >= text->style.findings_max)
            break;
        begin_part(text, WORD_SINGLE_FINDINGS);
        put_finding(&text->pen, row);
        text->listed++;
        break;
    }
    return pen_status(&text->pen);
}

static sieve_status text_end(struct inventory *self)
{
    struct text_inventory *text = text_of(self);
    struct pen *pen = &text->pen;
    const uint64_t numbers[] = {text->listed, text->findings - text->listed};
    if (text->listed < text->findings) {
        pen_raw(pen, "  ");
        pen_phrase(pen, WORD_MORE_FINDINGS, numbers, 2);
        pen_raw(pen, "\n");
    }
    put_head(pen, WORD_LIMITS);
    pen_raw(pen, "  ");
    pen_word(pen, WORD_LIMITS_TEXT);
    pen_raw(pen, "\n  ");
    pen_word(pen, WORD_MASKED_ONLY);
    pen_raw(pen, "\n");
    return pen_status(pen);
}

static void text_free(struct inventory *self)
{
    pen_done(&text_of(self)->pen);
    free(self);
}

static const struct inventory_ops text_inventory_ops = {
    .name = "text",
    .begin = text_begin,
    .row = text_row,
    .end = text_end,
    .free = text_free,
};

sieve_status text_inventory_new(struct writer *writer,
                                const struct inventory_style *style,
                                struct inventory **out)
{
    struct text_inventory *text = calloc(1, sizeof *text);
    if (!text)
        return SIEVE_E_MEMORY;
    text->base.ops = &text_inventory_ops;
    text->style = *style;
    text->part = WORD_COUNT;
    pen_init(&text->pen, writer, style->language, 0);
    *out = &text->base;
    return SIEVE_OK;
}
