#include "report/html.h"
#include "report/summary.h"

#define HEADS_MAX 9

static const enum word heads[INVENTORY_PART_COUNT][HEADS_MAX] = {
    [INVENTORY_COLUMN] = {WORD_TABLE, WORD_COLUMN, WORD_VERDICT, WORD_SENSITIVE,
                          WORD_FINDINGS, WORD_CARDS, WORD_BRANDS, WORD_FIRST_ROWS,
                          WORD_ROWS_READ},
    [INVENTORY_MISSED] = {WORD_TABLE, WORD_COLUMN, WORD_ROW, WORD_WHY, WORD_COUNT},
    [INVENTORY_REPAIR] = {WORD_TABLE, WORD_FIRST_ROWS, WORD_STATE, WORD_WHY,
                          WORD_SENSITIVE, WORD_ROWS, WORD_FINDINGS, WORD_COUNT},
    [INVENTORY_TABLE] = {WORD_TABLE, WORD_ROWS_READ, WORD_BYTES_READ, WORD_FINDINGS,
                         WORD_COLUMNS_UNREAD, WORD_STATE, WORD_COUNT},
    [INVENTORY_FINDING] = {WORD_TABLE, WORD_COLUMN, WORD_ROW, WORD_KIND, WORD_BRAND,
                           WORD_NUMBER, WORD_CONFIDENCE, WORD_COUNT},
};

static int is_number(enum word head)
{
    return head == WORD_SENSITIVE || head == WORD_FINDINGS || head == WORD_CARDS ||
           head == WORD_ROWS || head == WORD_ROWS_READ || head == WORD_BYTES_READ ||
           head == WORD_COLUMNS_UNREAD;
}

void html_put_heads(struct pen *pen, enum inventory_part part)
{
    pen_raw(pen, "<table>\n<thead><tr>");
    for (size_t index = 0; index < HEADS_MAX && heads[part][index] != WORD_COUNT;
         index++) {
        pen_raw(pen, is_number(heads[part][index]) ? "<th scope=\"col\" class=\"number\">"
                                                   : "<th scope=\"col\">");
        pen_word(pen, heads[part][index]);
        pen_raw(pen, "</th>");
    }
    pen_raw(pen, "</tr></thead>\n<tbody>\n");
}

/* ---- cells ------------------------------------------------------------------------- */

/* Names of any script, in a direction of their own. */
static void put_name(struct pen *pen, struct bytes name)
{
    pen_raw(pen, "<bdi>");
    pen_text(pen, name);
    pen_raw(pen, "</bdi>");
}

static void put_name_cell(struct pen *pen, struct bytes name)
{
    pen_raw(pen, "<td>");
    put_name(pen, name);
    pen_raw(pen, "</td>");
}

/* The table's name behind its database's. */
static void put_table_name(struct pen *pen, const struct inventory_row *row)
{
    if (row->is_one_of_several) {
        put_name(pen, row->database);
        pen_raw(pen, row->table.length > 0 ? ".<wbr>" : "");
    }
    put_name(pen, row->table);
}

static void put_table_cell(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "<td>");
    put_table_name(pen, row);
    pen_raw(pen, "</td>");
}

/* The column's name, and of the key inside of its values. */
static void put_column_name(struct pen *pen, const struct inventory_row *row)
{
    put_name(pen, row->column);
    if (row->key.length == 0)
        return;
    pen_raw(pen, ".<wbr>");
    put_name(pen, row->key);
}

static void put_number_cell(struct pen *pen, uint64_t number)
{
    pen_raw(pen, "<td class=\"number\">");
    pen_number(pen, number);
    pen_raw(pen, "</td>");
}

static void put_said_cell(struct pen *pen, struct bytes text)
{
    pen_raw(pen, "<td>");
    pen_said(pen, text);
    pen_raw(pen, "</td>");
}

static void put_rows_read_cell(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "<td class=\"number\">");
    pen_rows_read(pen, row->rows_read, row->rows);
    pen_raw(pen, "</td>");
}

static void put_row_cell(struct pen *pen, const struct bytes *rows, size_t count)
{
    pen_raw(pen, "<td>");
    for (size_t index = 0; index < count; index++) {
        pen_raw(pen, index > 0 ? "<br><bdi>" : "<bdi>");
        pen_row(pen, rows[index]);
        pen_raw(pen, "</bdi>");
    }
    pen_raw(pen, "</td>");
}

/* ---- rows -------------------------------------------------------------------------- */

static void put_column(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, row->sensitive > 0 ? "<tr class=\"sad\">" : "<tr>");
    put_table_cell(pen, row);
    pen_raw(pen, "<th scope=\"row\">");
    put_column_name(pen, row);
    pen_raw(pen, "</th><td>");
    pen_said(pen, row->verdict);
    pen_raw(pen, "<small>");
    summary_put_why(pen, row);
    pen_raw(pen, row->sensitive > 0 ? "</small></td><td class=\"number alarm\">"
                                    : "</small></td><td class=\"number\">");
    pen_number(pen, row->sensitive);
    pen_raw(pen, "</td>");
    put_number_cell(pen, row->findings);
    pen_raw(pen, "<td class=\"number\">");
    if (row->cards_least)
        pen_phrase(pen, WORD_AT_LEAST, &row->cards, 1);
    else
        pen_number(pen, row->cards);
    pen_raw(pen, "</td><td>");
    pen_text(pen, row->brands);
    if (row->test_numbers > 0) {
        pen_raw(pen, "<small>");
        pen_word(pen, WORD_TEST_NUMBERS);
        pen_raw(pen, ": ");
        pen_number(pen, row->test_numbers);
        pen_raw(pen, "</small>");
    }
    pen_raw(pen, "</td>");
    put_row_cell(pen, row->first, row->first_count);
    put_rows_read_cell(pen, row);
    pen_raw(pen, "</tr>\n");
}

static void put_repair(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, row->sensitive > 0 ? "<tr class=\"sad\">" : "<tr>");
    put_table_cell(pen, row);
    put_row_cell(pen, &row->row, 1);
    put_said_cell(pen, row->state);
    put_said_cell(pen, row->reason);
    put_number_cell(pen, row->sensitive);
    put_number_cell(pen, row->rows);
    put_number_cell(pen, row->findings);
    pen_raw(pen, "</tr>\n");
}

static void put_missed(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, "<tr>");
    put_table_cell(pen, row);
    put_name_cell(pen, row->column);
    put_row_cell(pen, &row->row, row->row.length > 0);
    put_said_cell(pen, row->reason);
    pen_raw(pen, "</tr>\n");
}

static void put_table(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, row->is_complete ? "<tr>" : "<tr class=\"alarm\">");
    pen_raw(pen, "<th scope=\"row\">");
    put_table_name(pen, row);
    pen_raw(pen, "</th>");
    put_rows_read_cell(pen, row);
    pen_raw(pen, "<td class=\"number\">");
    pen_size(pen, row->bytes);
    pen_raw(pen, "</td>");
    put_number_cell(pen, row->findings);
    put_number_cell(pen, row->columns_unread);
    pen_raw(pen, "<td>");
    pen_word(pen, row->is_complete ? WORD_READ_WHOLE : WORD_NOT_READ_WHOLE);
    pen_raw(pen, "</td></tr>\n");
}

static void put_finding(struct pen *pen, const struct inventory_row *row)
{
    pen_raw(pen, sieve_kind_is_sensitive(row->kind) ? "<tr class=\"sad\">" : "<tr>");
    put_table_cell(pen, row);
    pen_raw(pen, "<td>");
    put_column_name(pen, row);
    pen_raw(pen, "</td>");
    put_row_cell(pen, &row->row, 1);
    put_said_cell(pen, bytes_of_text(sieve_kind_name(row->kind)));
    put_name_cell(pen, row->brand);
    pen_raw(pen, "<td><span class=\"masked\">");
    pen_text(pen, row->masked);
    pen_raw(pen, "</span>");
    if (row->test_number) {
        pen_raw(pen, "<small>");
        pen_word(pen, WORD_TEST_NUMBER);
        pen_raw(pen, "</small>");
    }
    pen_raw(pen, "</td>");
    put_said_cell(pen, bytes_of_text(sieve_confidence_name(row->confidence)));
    pen_raw(pen, "</tr>\n");
}

void html_put_row(struct pen *pen, const struct inventory_row *row)
{
    switch (row->part) {
    case INVENTORY_COLUMN:
        put_column(pen, row);
        break;
    case INVENTORY_MISSED:
        put_missed(pen, row);
        break;
    case INVENTORY_REPAIR:
        put_repair(pen, row);
        break;
    case INVENTORY_TABLE:
        put_table(pen, row);
        break;
    case INVENTORY_FINDING:
        put_finding(pen, row);
        break;
    }
}
