#include "job/view_inside.h"

#define BRANDS_LENGTH_MAX (1u << 20) /* bytes; eight of the longest names */

/* ---- queries ----------------------------------------------------------------------- */

/* Sums over the findings of a column, or of a key inside of its values. */
#define SUMS                                                                             \
    " count(*) AS findings, total(f.kind IN " VIEW_SENSITIVE ") AS sensitive,"           \
    " count(DISTINCT f.card) AS cards,"                                                  \
    " count(DISTINCT CASE WHEN f.card IS NOT NULL THEN f.masked END) AS shown,"          \
    " total(f.card IS NULL AND f.kind = 'pan') AS unknown,"                              \
    " total(f.test_number <> 0) AS tests, min(" VIEW_CHANCE ") AS is_chance"
#define COUNTS     " (" VIEW_WORTH " >= ?1 OR " VIEW_CHANCE ")"
#define SUMS_TAKEN " g.findings, g.sensitive, g.cards, g.shown, g.unknown, g.tests"

#define COLUMNS_TEXT                                                                     \
    "SELECT t.id, t.schema, t.name, t.database, t.rows,"                                 \
    " (SELECT total(r.rows) FROM ranges r WHERE r.table_id = t.id),"                     \
    " (SELECT count(DISTINCT r.snapshot) FROM ranges r WHERE r.table_id = t.id),"        \
    " c.number, c.name, c.verdict, c.reason, c.\"values\", c.numbers, c.luhn,"           \
    " min(c.\"distinct\", c.sketched)," SUMS_TAKEN                                       \
    " FROM (SELECT f.table_id AS table_id, f.number AS number," SUMS VIEW_FINDINGS       \
    " WHERE" COUNTS
#define COLUMNS_TEXT_END                                                                 \
    " GROUP BY f.table_id, f.number) g CROSS JOIN tables t ON t.id = g.table_id"         \
    " JOIN columns c ON c.table_id = g.table_id AND c.number = g.number"

/* Where the sums of a place begin in a row. */
#define OF_COLUMN 8
#define OF_KEY    0

static const char all_columns_text[] = COLUMNS_TEXT COLUMNS_TEXT_END
    " ORDER BY g.sensitive > 0 DESC, g.is_chance, g.findings DESC, t.id, c.number";
static const char some_columns_text[] =
    COLUMNS_TEXT " AND f.table_id = ?2" COLUMNS_TEXT_END " ORDER BY c.number";
static const char keys_text[] =
    "SELECT g.key, k.verdict, k.reason, k.\"values\", k.numbers, k.luhn, 0," SUMS_TAKEN
    " FROM (SELECT f.key AS key," SUMS VIEW_FINDINGS " WHERE f.table_id = ?2"
    " AND f.number = ?3 AND f.key IS NOT NULL AND" COUNTS " GROUP BY f.key) g"
    " LEFT JOIN keys k ON k.table_id = ?2 AND k.number = ?3 AND k.key = g.key"
    " ORDER BY g.sensitive > 0 DESC, g.is_chance, g.findings DESC, g.key";

/* Without a key (NULL) it is all of the column's. */
static const char brands_text[] =
    "SELECT brand FROM findings WHERE table_id = ?1 AND number = ?2"
    " AND (?3 IS NULL OR key = ?3) AND brand IS NOT NULL"
    " GROUP BY brand ORDER BY count(*) DESC, brand LIMIT 8";
static const char first_text[] =
    "SELECT f.row FROM findings f WHERE f.table_id = ?1 AND f.number = ?2"
    " AND (?3 IS NULL OR f.key = ?3) AND EXISTS (SELECT 1 FROM ranges r"
    " WHERE r.table_id = ?1 AND r.range = f.range) GROUP BY f.row"
    " ORDER BY max(f.kind IN " VIEW_SENSITIVE ") DESC, min(f.range), min(f.id) LIMIT 3";

/* A column and its keys are told by several queries. */
struct column_listing {
    struct view *view;
    struct listing columns;
    struct listing keys;
    struct listing brands;
    struct listing first;
    struct buffer titles; /* "Visa, JCB" */
    struct buffer names;  /* "visa, jcb" */
    on_view_row tell;
    void *context;
};

/* ---- one column, or one key of it -------------------------------------------------- */

/* `key` NULL: the whole column. */
static void bind_place(struct listing *listing, const struct inventory_row *row,
                       uint64_t number, struct listing *key)
{
    sql_bind_number(listing->query, 1, row->table_id);
    sql_bind_number(listing->query, 2, (int64_t)number);
    if (key)
        sql_bind_bytes(listing->query, 3, sql_bytes(key->query, OF_KEY));
    else
        sql_bind_text(listing->query, 3, NULL);
}

static sieve_status append_brand(struct buffer *out, struct bytes brand)
{
    sieve_status status = SIEVE_OK;
    if (out->length > 0)
        status = buffer_append(out, bytes_of(", ", 2));
    return status == SIEVE_OK ? buffer_append(out, brand) : status;
}

static sieve_status take_brands(struct column_listing *listing, struct inventory_row *row)
{
    int has_row = 0;
    struct listing *brands = &listing->brands;
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

/* The texts of all rows stay: their slots are not given back until the next place. */
static sieve_status take_first(struct column_listing *listing, struct inventory_row *row)
{
    int has_row = 0;
    struct listing *first = &listing->first;
    sieve_status status = listing_next(first, &has_row);
    while (status == SIEVE_OK && has_row && row->first_count < INVENTORY_ROWS_MAX) {
        row->first[row->first_count++] = listing_text(first, 0);
        status =
            first->status == SIEVE_OK ? sql_step(first->query, &has_row) : first->status;
    }
    sql_reset(first->query);
    return status;
}

/* Ordinals are those of one run: where there were several, equal digits as they are
 * shown are the fewest cards that there may be. */
static void take_sums(struct listing *from, int at, int is_one_run,
                      struct inventory_row *row)
{
    row->verdict = listing_text(from, at + 1);
    row->reason = listing_text(from, at + 2);
    row->values = listing_number(from, at + 3);
    row->numbers = listing_number(from, at + 4);
    row->luhn = listing_number(from, at + 5);
    row->distinct_values = listing_number(from, at + 6);
    row->findings = listing_number(from, at + 7);
    row->sensitive = listing_number(from, at + 8);
    const uint64_t cards = listing_number(from, at + 9);
    const uint64_t shown = listing_number(from, at + 10);
    row->cards = is_one_run ? cards : shown;
    row->cards_least =
        (!is_one_run && cards > shown) || listing_number(from, at + 11) > 0;
    row->test_numbers = listing_number(from, at + 12);
    if (row->verdict.length == 0)
        row->verdict = bytes_of_text("not judged");
}

static sieve_status tell_place(struct column_listing *listing, struct listing *from,
                               struct inventory_row *row)
{
    sieve_status status = take_brands(listing, row);
    if (status == SIEVE_OK)
        status = take_first(listing, row);
    if (status != SIEVE_OK)
        return status;
    return listing_hand_on(from, row, listing->tell, listing->context);
}

static sieve_status tell_keys(struct column_listing *listing,
                              const struct inventory_row *column, uint64_t number,
                              int is_one_run)
{
    struct listing *keys = &listing->keys;
    int has_row = 0;
    sql_bind_number(keys->query, 1, listing->view->threshold);
    sql_bind_number(keys->query, 2, column->table_id);
    sql_bind_number(keys->query, 3, (int64_t)number);
    sieve_status status = listing_next(keys, &has_row);
    while (status == SIEVE_OK && has_row) {
        struct inventory_row row = {
            .part = INVENTORY_COLUMN,
            .table_id = column->table_id,
            .database = column->database,
            .is_one_of_several = column->is_one_of_several,
            .table = column->table,
            .column = column->column,
            .rows = column->rows,
            .rows_read = column->rows_read,
        };
        row.key = listing_text(keys, OF_KEY);
        take_sums(keys, OF_KEY, is_one_run, &row);
        bind_place(&listing->brands, &row, number, keys);
        bind_place(&listing->first, &row, number, keys);
        status = tell_place(listing, keys, &row);
        if (status == SIEVE_OK)
            status = listing_next(keys, &has_row);
    }
    sql_reset(keys->query);
    return status;
}

static sieve_status tell_column(struct column_listing *listing)
{
    struct listing *columns = &listing->columns;
    struct inventory_row row = {.part = INVENTORY_COLUMN};
    const int is_counted = !listing_is_null(columns, 4);
    const int is_one_run = listing_number(columns, 6) < 2;
    const uint64_t number = listing_number(columns, 7);
    row.table_id = (int64_t)listing_number(columns, 0);
    row.table = listing_name(columns, 1, 2);
    listing_database(columns, 3, &row);
    row.rows = is_counted ? listing_number(columns, 4) : UINT64_MAX;
    row.rows_read = listing_number(columns, 5);
    row.column = listing_text(columns, OF_COLUMN);
    take_sums(columns, OF_COLUMN, is_one_run, &row);
    bind_place(&listing->brands, &row, number, NULL);
    bind_place(&listing->first, &row, number, NULL);
    sieve_status status = tell_place(listing, columns, &row);
    return status == SIEVE_OK ? tell_keys(listing, &row, number, is_one_run) : status;
}

/* ---- all --------------------------------------------------------------------------- */

static sieve_status begin(struct column_listing *listing, const char *text)
{
    sieve_status status = listing_begin(listing->view, text, &listing->columns);
    sieve_status keys = listing_begin(listing->view, keys_text, &listing->keys);
    sieve_status brands = listing_begin(listing->view, brands_text, &listing->brands);
    sieve_status first = listing_begin(listing->view, first_text, &listing->first);
    buffer_init(&listing->titles, BRANDS_LENGTH_MAX);
    buffer_init(&listing->names, BRANDS_LENGTH_MAX);
    if (status == SIEVE_OK)
        status = keys != SIEVE_OK ? keys : brands != SIEVE_OK ? brands : first;
    return status;
}

static sieve_status list_columns(struct view *view, int64_t table, on_view_row tell,
                                 void *context)
{
    struct column_listing listing = {.view = view, .tell = tell, .context = context};
    int has_row = 0;
    sieve_status status = begin(&listing, table ? some_columns_text : all_columns_text);
    if (status == SIEVE_OK)
        sql_bind_number(listing.columns.query, 1, view->threshold);
    if (status == SIEVE_OK && table)
        sql_bind_number(listing.columns.query, 2, table);
    while (status == SIEVE_OK) {
        status = listing_next(&listing.columns, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = tell_column(&listing);
    }
    buffer_done(&listing.titles);
    buffer_done(&listing.names);
    listing_end(&listing.keys);
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
