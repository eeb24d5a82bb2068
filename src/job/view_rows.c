#include "job/columns.h"
#include "job/view_inside.h"
#include "report/named.h"

/* ---- tables ------------------------------------------------------------------------ */

#define TABLES_TEXT                                                                      \
    "SELECT t.id, t.schema, t.name, t.rows, t.ranges, t.finished, t.reason,"             \
    " (SELECT total(r.rows) FROM ranges r WHERE r.table_id = t.id),"                     \
    " (SELECT total(r.bytes) FROM ranges r WHERE r.table_id = t.id),"                    \
    " (SELECT count(*) FROM ranges r WHERE r.table_id = t.id),"                          \
    " (SELECT count(*) FROM columns c WHERE c.table_id = t.id"                           \
    " AND c.left_out IS NOT NULL), t.database,"                                          \
    " (SELECT count(*) FROM unexamined u WHERE u.table_id = t.id)"

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
    row->bytes = listing_size(listing, 8);
    row->ranges = listing_number(listing, 4);
    row->columns_unread = listing_number(listing, 10);
    listing_database(listing, 11, row);
    row->is_complete = is_finished && is_counted && row->reason.length == 0 &&
                       listing_number(listing, 12) == 0 && row->rows == row->rows_read &&
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
            row.findings = listing_number(&listing, 13);
            row.sensitive = listing_number(&listing, 14);
        }
        status = listing_hand_on(&listing, &row, tell, context);
    }
    return listing_close(&listing, status);
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
        .database = table->database,
        .is_one_of_several = table->is_one_of_several,
        .table = table->table,
        .reason = table->reason,
    };
    return missing->tell(&row, missing->context);
}

static const char databases_text[] =
    "SELECT name, reason FROM databases WHERE reason IS NOT NULL AND name <> ''"
    " ORDER BY name";
static const char values_text[] =
    "SELECT t.id, t.schema, t.name, t.database, c.name, u.row, u.reason"
    " FROM unexamined u CROSS JOIN ranges r ON r.table_id = u.table_id"
    " AND r.range = u.range CROSS JOIN tables t ON t.id = u.table_id"
    " LEFT JOIN columns c ON c.table_id = u.table_id AND c.number = u.number"
    " ORDER BY u.table_id, u.range, u.id";

static void take_unread(struct listing *listing, struct inventory_row *row)
{
    row->part = INVENTORY_MISSED;
    row->database = listing_text(listing, 0);
    row->is_one_of_several = 1;
    row->reason = listing_text(listing, 1);
}

static void take_value(struct listing *listing, struct inventory_row *row)
{
    row->part = INVENTORY_MISSED;
    row->table_id = (int64_t)listing_number(listing, 0);
    row->table = listing_name(listing, 1, 2);
    listing_database(listing, 3, row);
    row->column = listing_text(listing, 4);
    row->row = listing_text(listing, 5);
    row->reason = listing_text(listing, 6);
}

/* Each row of a query. */
static sieve_status list_rows(struct view *view, const char *text,
                              void (*take)(struct listing *, struct inventory_row *),
                              on_view_row tell, void *context)
{
    struct listing listing;
    int has_row = 0;
    sieve_status status = listing_begin(view, text, &listing);
    while (status == SIEVE_OK) {
        struct inventory_row row = {.rows = 0};
        status = listing_next(&listing, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        take(&listing, &row);
        status = listing_hand_on(&listing, &row, tell, context);
    }
    return listing_close(&listing, status);
}

sieve_status view_missed(struct view *view, on_view_row tell, void *context)
{
    struct missing missing = {tell, context};
    sieve_status status = list_rows(view, databases_text, take_unread, tell, context);
    if (status == SIEVE_OK)
        status = view_sum_tables(view, tell_missed, &missing);
    return status == SIEVE_OK ? list_rows(view, values_text, take_value, tell, context)
                              : status;
}

/* ---- repairs ----------------------------------------------------------------------- */

/* What is left first, and of it what may never be kept. */
static const char repairs_text[] =
    "SELECT t.id, t.schema, t.name, t.database, p.state, p.reason, count(*),"
    " total(p.findings), total(p.sensitive), p.row, min(p.id) FROM repairs p"
    " CROSS JOIN tables t ON t.id = p.table_id GROUP BY p.state, p.table_id, p.reason"
    " ORDER BY p.state <> 'left', p.state, total(p.sensitive) > 0 DESC, t.id";

static void take_repair(struct listing *listing, struct inventory_row *row)
{
    row->part = INVENTORY_REPAIR;
    row->table_id = (int64_t)listing_number(listing, 0);
    row->table = listing_name(listing, 1, 2);
    listing_database(listing, 3, row);
    row->state = listing_text(listing, 4);
    row->reason = listing_text(listing, 5);
    row->rows = listing_number(listing, 6);
    row->findings = listing_number(listing, 7);
    row->sensitive = listing_number(listing, 8);
    row->row = listing_text(listing, 9);
}

sieve_status view_repairs(struct view *view, on_view_row tell, void *context)
{
    return view->has_repairs ? list_rows(view, repairs_text, take_repair, tell, context)
                             : SIEVE_OK;
}

/* ---- findings ---------------------------------------------------------------------- */

static const char findings_text[] =
    "SELECT t.id, t.schema, t.name, c.name, f.row, f.kind, f.brand, f.masked,"
    " " VIEW_WORTH ", f.form, f.reasons || CASE WHEN " VIEW_CHANCE
    " THEN ' " COLUMN_CHANCE_REASON "' ELSE '' END, f.offset, f.length, f.digits, f.card,"
    " f.test_number, t.database, f.key" VIEW_FINDINGS " WHERE " VIEW_WORTH " >= ?1"
    " AND (f.kind IN " VIEW_SENSITIVE
    ") = ?2 ORDER BY f.table_id, f.range, f.id LIMIT ?3";

static void take_finding(struct listing *listing, struct inventory_row *row)
{
    sieve_form form;
    row->part = INVENTORY_FINDING;
    row->table_id = (int64_t)listing_number(listing, 0);
    row->table = listing_name(listing, 1, 2);
    listing_database(listing, 16, row);
    row->column = listing_text(listing, 3);
    row->key = listing_text(listing, 17);
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
    if (!named_kind(bytes_of_text(sql_text(listing->query, 5)), &row->kind) ||
        !named_form(bytes_of_text(sql_text(listing->query, 9)), &form))
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
        status = listing_hand_on(&listing, &row, tell, context);
        ++*told_out;
    }
    return listing_close(&listing, status);
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
