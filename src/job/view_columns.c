#include <string.h>

#include "job/view_inside.h"

/* ---- columns ----------------------------------------------------------------------- */

#define COLUMNS_TEXT                                                                     \
    "SELECT t.id, t.schema, t.name, t.rows,"                                             \
    " (SELECT total(r.rows) FROM ranges r WHERE r.table_id = t.id), c.name, c.verdict,"  \
    " c.reason, c.\"values\", c.numbers, c.luhn, g.findings, g.sensitive, g.cards,"      \
    " g.tests, g.number, t.database FROM (SELECT f.table_id AS table_id, f.number AS "   \
    "number,"                                                                            \
    " count(*) AS findings, total(f.kind IN " VIEW_SENSITIVE ") AS sensitive,"           \
    " count(DISTINCT f.card) AS cards, total(f.test_number <> 0) AS tests," VIEW_CHANCE  \
    " AS is_chance" VIEW_FINDINGS " WHERE (" VIEW_WORTH " >= ?1 OR " VIEW_CHANCE ")"

#define COLUMNS_TEXT_END                                                                 \
    " GROUP BY f.table_id, f.number) g CROSS JOIN tables t ON t.id = g.table_id"         \
    " JOIN columns c ON c.table_id = g.table_id AND c.number = g.number"

static const char all_columns_text[] = COLUMNS_TEXT COLUMNS_TEXT_END
    " ORDER BY g.sensitive > 0 DESC, g.is_chance, g.findings DESC, t.id, c.number";
static const char some_columns_text[] =
    COLUMNS_TEXT " AND f.table_id = ?2" COLUMNS_TEXT_END " ORDER BY c.number";

static const char brands_text[] =
    "SELECT brand FROM findings WHERE table_id = ?1 AND number = ?2"
    " AND brand IS NOT NULL GROUP BY brand ORDER BY count(*) DESC, brand LIMIT 8";
static const char first_text[] =
    "SELECT f.row FROM findings f WHERE f.table_id = ?1 AND f.number = ?2"
    " AND EXISTS (SELECT 1 FROM ranges r WHERE r.table_id = ?1 AND r.range = f.range)"
    " ORDER BY f.range, f.id LIMIT 12";

#define BRANDS_LENGTH_MAX (1u << 20) /* bytes; eight of the longest names */

/* A column is told by three queries. */
struct column_listing {
    struct listing columns;
    struct listing brands;
    struct listing first;
    struct buffer titles; /* "Visa, JCB" */
    struct buffer names;  /* "visa, jcb" */
};

static void bind_column(struct listing *listing, const struct inventory_row *row,
                        uint64_t number)
{
    sql_bind_number(listing->query, 1, row->table_id);
    sql_bind_number(listing->query, 2, (int64_t)number);
}

static sieve_status append_brand(struct buffer *out, struct bytes brand)
{
    sieve_status status = SIEVE_OK;
    if (out->length > 0)
        status = buffer_append(out, bytes_of(", ", 2));
    return status == SIEVE_OK ? buffer_append(out, brand) : status;
}

static sieve_status take_brands(struct column_listing *listing, struct inventory_row *row,
                                uint64_t number)
{
    int has_row = 0;
    struct listing *brands = &listing->brands;
    bind_column(brands, row, number);
    listing->titles.length = 0;
    listing->names.length = 0;
    sieve_status status = listing_next(brands, &has_row);
    while (status == SIEVE_OK && has_row) {
        status = append_brand(&listing->titles, listing_brand(brands, 0));
        if (status == SIEVE_OK)
            status = append_brand(&listing->names, listing_text(brands, 0));
        if (status == SIEVE_OK)
            status = brands->status;
        if (status == SIEVE_OK)
            status = listing_next(brands, &has_row);
    }
    sql_reset(brands->query);
    row->brands = buffer_bytes(&listing->titles);
    row->brand_names = buffer_bytes(&listing->names);
    return status;
}

static int is_same(struct bytes left, struct bytes right)
{
    return left.length == right.length &&
           (left.length == 0 || memcmp(left.at, right.at, left.length) == 0);
}

/* The texts of all rows stay: their slots are not given back until the next column.  One
 * row may have several findings. */
static sieve_status take_first(struct column_listing *listing, struct inventory_row *row,
                               uint64_t number)
{
    int has_row = 0;
    struct listing *first = &listing->first;
    bind_column(first, row, number);
    sieve_status status = listing_next(first, &has_row);
    while (status == SIEVE_OK && has_row && row->first_count < INVENTORY_ROWS_MAX) {
        const struct bytes found = listing_text(first, 0);
        if (row->first_count == 0 || !is_same(found, row->first[row->first_count - 1]))
            row->first[row->first_count++] = found;
        else
            first->slot_count--;
        status =
            first->status == SIEVE_OK ? sql_step(first->query, &has_row) : first->status;
    }
    sql_reset(first->query);
    return status;
}

static sieve_status take_column(struct column_listing *listing, struct inventory_row *row)
{
    struct listing *columns = &listing->columns;
    const int is_counted = !listing_is_null(columns, 3);
    const uint64_t number = listing_number(columns, 15);
    row->table_id = (int64_t)listing_number(columns, 0);
    row->table = listing_name(columns, 1, 2);
    listing_database(columns, 16, row);
    row->rows = is_counted ? listing_number(columns, 3) : UINT64_MAX;
    row->rows_read = listing_number(columns, 4);
    row->column = listing_text(columns, 5);
    row->verdict = listing_text(columns, 6);
    row->reason = listing_text(columns, 7);
    row->values = listing_number(columns, 8);
    row->numbers = listing_number(columns, 9);
    row->luhn = listing_number(columns, 10);
    row->findings = listing_number(columns, 11);
    row->sensitive = listing_number(columns, 12);
    row->cards = listing_number(columns, 13);
    row->test_numbers = listing_number(columns, 14);
    if (row->verdict.length == 0)
        row->verdict = bytes_of_text("not judged");
    sieve_status status = take_brands(listing, row, number);
    return status == SIEVE_OK ? take_first(listing, row, number) : status;
}

static sieve_status list_columns(struct view *view, int64_t table, on_view_row tell,
                                 void *context)
{
    struct column_listing listing;
    int has_row = 0;
    buffer_init(&listing.titles, BRANDS_LENGTH_MAX);
    buffer_init(&listing.names, BRANDS_LENGTH_MAX);
    sieve_status status = listing_begin(
        view, table ? some_columns_text : all_columns_text, &listing.columns);
    sieve_status brands = listing_begin(view, brands_text, &listing.brands);
    sieve_status first = listing_begin(view, first_text, &listing.first);
    if (status == SIEVE_OK)
        status = brands != SIEVE_OK ? brands : first;
    if (status == SIEVE_OK)
        sql_bind_number(listing.columns.query, 1, view->threshold);
    if (status == SIEVE_OK && table)
        sql_bind_number(listing.columns.query, 2, table);
    while (status == SIEVE_OK) {
        struct inventory_row row = {.part = INVENTORY_COLUMN};
        status = listing_next(&listing.columns, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = take_column(&listing, &row);
        if (status == SIEVE_OK)
            status = listing_hand_on(&listing.columns, &row, tell, context);
    }
    buffer_done(&listing.titles);
    buffer_done(&listing.names);
    listing_end(&listing.brands);
    listing_end(&listing.first);
    return listing_close(&listing.columns, status);
}

sieve_status view_columns(struct view *view, on_view_row tell, void *context)
{
    return list_columns(view, 0, tell, context);
}

sieve_status view_columns_of(struct view *view, int64_t table, on_view_row tell,
                             void *context)
{
    return list_columns(view, table, tell, context);
}
