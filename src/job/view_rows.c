#include <string.h>

#include "job/view_inside.h"

/* What ends a listing: the row's own trouble, or what it was told to. */
static sieve_status hand_on(struct listing *listing, const struct inventory_row *row,
                            on_view_row tell, void *context)
{
    return listing->status == SIEVE_OK ? tell(row, context) : listing->status;
}

static sieve_status end(struct view *view, struct listing *listing, sieve_status status)
{
    listing_end(listing);
    if (status == SIEVE_E_CORRUPT || status == SIEVE_E_LIMIT)
        view->reason = "it is damaged, or somebody edited it";
    return status;
}

/* ---- tables ------------------------------------------------------------------------ */

#define TABLES_TEXT                                                                      \
    "SELECT t.id, t.schema, t.name, t.rows, t.ranges, t.finished, t.reason,"             \
    " (SELECT total(r.rows) FROM ranges r WHERE r.table_id = t.id),"                     \
    " (SELECT total(r.bytes) FROM ranges r WHERE r.table_id = t.id),"                    \
    " (SELECT count(*) FROM ranges r WHERE r.table_id = t.id),"                          \
    " (SELECT count(*) FROM columns c WHERE c.table_id = t.id"                           \
    " AND c.left_out IS NOT NULL)"

static const char not_to_its_end[] = "it was not read to its end";
static const char not_those[] = "the rows that were read are not those it has";

/* What says that it is complete must add up too. */
static void take_table(struct listing *listing, struct inventory_row *row)
{
    const int is_finished = !listing_is_null(listing, 5);
    const int is_counted = !listing_is_null(listing, 3);
    row->table_id = (int64_t)listing_number(listing, 0);
    row->table = listing_name(listing, 1, 2);
    row->rows = is_counted ? listing_number(listing, 3) : UINT64_MAX;
    row->reason = listing_text(listing, 6);
    row->rows_read = listing_number(listing, 7);
    row->bytes = listing_number(listing, 8);
    row->ranges = listing_number(listing, 4);
    row->columns_unread = listing_number(listing, 10);
    row->is_complete = is_finished && is_counted && row->reason.length == 0 &&
                       row->rows == row->rows_read &&
                       listing_number(listing, 9) >= row->ranges;
    if (row->is_complete || row->reason.length > 0)
        return;
    row->reason = bytes_of_text(is_finished ? not_those : not_to_its_end);
}

static sieve_status list_tables(struct view *view, const char *text, int has_findings,
                                on_view_row tell, void *context)
{
    struct listing listing;
    int has_row = 0;
    sieve_status status = listing_begin(view, text, &listing);
    if (status == SIEVE_OK && has_findings)
        sql_bind_number(listing.query, 1, view->threshold);
    while (status == SIEVE_OK) {
        struct inventory_row row = {.part = INVENTORY_TABLE};
        status = listing_next(&listing, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        take_table(&listing, &row);
        if (has_findings) {
            row.findings = listing_number(&listing, 11);
            row.sensitive = listing_number(&listing, 12);
        }
        status = hand_on(&listing, &row, tell, context);
    }
    return end(view, &listing, status);
}

sieve_status view_sum_tables(struct view *view, on_view_row tell, void *context)
{
    return list_tables(view, TABLES_TEXT " FROM tables t ORDER BY t.id", 0, tell,
                       context);
}

sieve_status view_tables(struct view *view, on_view_row tell, void *context)
{
    static const char text[] = TABLES_TEXT
        ", coalesce(g.findings, 0), coalesce(g.sensitive, 0) FROM tables t"
        " LEFT JOIN (SELECT f.table_id AS table_id, count(*) AS findings,"
        " total(f.kind IN " VIEW_SENSITIVE ") AS sensitive" VIEW_FINDINGS
        " WHERE " VIEW_WORTH " >= ?1 GROUP BY f.table_id) g ON g.table_id = t.id"
        " ORDER BY t.id";
    return list_tables(view, text, 1, tell, context);
}

/* ---- what was not examined --------------------------------------------------------- */

struct missing {
    on_view_row tell;
    void *context;
};

static sieve_status tell_missed(const struct inventory_row *table, void *context)
{
    const struct missing *missing = context;
    if (table->is_complete)
        return SIEVE_OK;
    const struct inventory_row row = {
        .part = INVENTORY_MISSED,
        .table_id = table->table_id,
        .table = table->table,
        .reason = table->reason,
    };
    return missing->tell(&row, missing->context);
}

sieve_status view_missed(struct view *view, on_view_row tell, void *context)
{
    struct missing missing = {tell, context};
    return view_sum_tables(view, tell_missed, &missing);
}

/* ---- columns ----------------------------------------------------------------------- */

#define COLUMNS_TEXT                                                                     \
    "SELECT t.id, t.schema, t.name, t.rows,"                                             \
    " (SELECT total(r.rows) FROM ranges r WHERE r.table_id = t.id), c.name, c.verdict,"  \
    " c.reason, c.\"values\", c.numbers, c.luhn, g.findings, g.sensitive, g.cards,"      \
    " g.tests, g.number FROM (SELECT f.table_id AS table_id, f.number AS number,"        \
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
            status = hand_on(&listing.columns, &row, tell, context);
    }
    buffer_done(&listing.titles);
    buffer_done(&listing.names);
    listing_end(&listing.brands);
    listing_end(&listing.first);
    return end(view, &listing.columns, status);
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

/* ---- findings ---------------------------------------------------------------------- */

static const char findings_text[] =
    "SELECT t.id, t.schema, t.name, c.name, f.row, f.kind, f.brand, f.masked,"
    " " VIEW_WORTH ", f.form, f.reasons, f.offset, f.length, f.digits, f.card,"
    " f.test_number" VIEW_FINDINGS " WHERE " VIEW_WORTH " >= ?1"
    " AND (f.kind IN " VIEW_SENSITIVE
    ") = ?2 ORDER BY f.table_id, f.range, f.id LIMIT ?3";

static void take_finding(struct listing *listing, struct inventory_row *row)
{
    row->part = INVENTORY_FINDING;
    row->table_id = (int64_t)listing_number(listing, 0);
    row->table = listing_name(listing, 1, 2);
    row->column = listing_text(listing, 3);
    row->row = listing_text(listing, 4);
    row->brand = listing_brand(listing, 6);
    row->brand_name = listing_text(listing, 6);
    row->confidence = (sieve_confidence)listing_number(listing, 8);
    row->form = listing_text(listing, 9);
    row->reasons = listing_text(listing, 10);
    row->offset = listing_number(listing, 11);
    row->length = listing_number(listing, 12);
    row->digits = listing_number(listing, 13);
    row->card = listing_number(listing, 14);
    row->test_number = listing_number(listing, 15) != 0;
    if (!view_kind_of(sql_text(listing->query, 5), &row->kind) ||
        !view_form_is_known(sql_text(listing->query, 9)))
        listing->status = SIEVE_E_CORRUPT;
    row->masked = listing_masked(listing, 7, row->kind);
}

static sieve_status list_findings(struct view *view, int are_sensitive, uint64_t most,
                                  on_view_row tell, void *context, uint64_t *told_out)
{
    struct listing listing;
    int has_row = 0;
    *told_out = 0;
    sieve_status status = listing_begin(view, findings_text, &listing);
    if (status == SIEVE_OK) {
        sql_bind_number(listing.query, 1, view->threshold);
        sql_bind_number(listing.query, 2, are_sensitive);
        sql_bind_number(listing.query, 3, most > INT64_MAX ? INT64_MAX : (int64_t)most);
    }
    while (status == SIEVE_OK) {
        struct inventory_row row = {.part = INVENTORY_FINDING};
        status = listing_next(&listing, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        take_finding(&listing, &row);
        status = hand_on(&listing, &row, tell, context);
        ++*told_out;
    }
    return end(view, &listing, status);
}

sieve_status view_findings(struct view *view, uint64_t most, on_view_row tell,
                           void *context)
{
    uint64_t told = 0;
    sieve_status status = list_findings(view, 1, most, tell, context, &told);
    if (status == SIEVE_OK && told < most)
        status = list_findings(view, 0, most - told, tell, context, &told);
    return status;
}
