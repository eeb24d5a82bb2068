#include "job/view.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/ledger_open.h"
#include "job/view_inside.h"

/* Of an SQLite file: its header, and where the application's number is in it. */
#define HEADER_LENGTH      100
#define HEADER_APPLICATION 68

static const char not_a_ledger[] = "it is no ledger of this program";
static const char not_as_written[] = "it is damaged, or somebody edited it";

const char *view_reason(const struct view *view)
{
    return view->reason ? view->reason : sql_reason(view->sql);
}

/* Sets why, if SQLite does not know. */
static sieve_status fail(struct view *view, sieve_status status)
{
    if (status == SIEVE_E_CORRUPT || status == SIEVE_E_LIMIT)
        view->reason = not_as_written;
    else if (status == SIEVE_E_MEMORY)
        view->reason = "not enough memory";
    return status;
}

/* ---- opening ----------------------------------------------------------------------- */

/* Tables and nothing that only looks like one: a view could be endless. */
static sieve_status check(struct view *view)
{
    int64_t is_ledger = 0;
    int64_t tables = 0;
    sieve_status status = sql_read_number(
        view->sql,
        "SELECT count(*) FROM pragma_application_id a, pragma_user_version v"
        " WHERE a.application_id = " LEDGER_APPLICATION
        " AND v.user_version = " LEDGER_LAYOUT,
        &is_ledger);
    if (status == SIEVE_OK)
        status = sql_read_number(
            view->sql,
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' AND name IN ('run', 'snapshots',"
            " 'tables', 'columns', 'ranges', 'findings')",
            &tables);
    if (status == SIEVE_OK && (is_ledger != 1 || tables != 6)) {
        view->reason = not_a_ledger;
        return SIEVE_E_CORRUPT;
    }
    return status;
}

/* All that follows sees one moment. */
static sieve_status open_sql(struct view *view, const char *path, const char **reason_out)
{
    sieve_status status = sql_open(path, SQL_READ_EDITED, &view->sql, reason_out);
    if (status != SIEVE_OK)
        return status;
    status = sql_run(view->sql, "BEGIN");
    if (status == SIEVE_OK)
        status = check(view);
    if (status != SIEVE_OK)
        *reason_out = view_reason(view);
    return status;
}

/* 1 if the file's own header says that it is a ledger: any other is none of ours to
 * write to. */
static int has_our_header(const char *path)
{
    unsigned char header[HEADER_LENGTH];
    char number[16];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return 0;
    const ssize_t count = read(descriptor, header, sizeof header);
    close(descriptor);
    if (count != (ssize_t)sizeof header)
        return 0;
    const unsigned char *at = header + HEADER_APPLICATION;
    (void)snprintf(number, sizeof number, "%lu",
                   (unsigned long)at[0] << 24 | (unsigned long)at[1] << 16 |
                       (unsigned long)at[2] << 8 | (unsigned long)at[3]);
    return strcmp(number, LEDGER_APPLICATION) == 0;
}

/* What a kill left unfinished is undone by who opens it to write. */
static void finish_kill(const char *path)
{
    struct sql *sql = NULL;
    const char *reason = NULL;
    int64_t ignored = 0;
    if (sql_open(path, SQL_WRITE, &sql, &reason) == SIEVE_OK)
        (void)!sql_read_number(sql, "SELECT count(*) FROM sqlite_schema", &ignored);
    sql_close(sql);
}

/* 1 if that may have mended it. */
static int was_unfinished(const char *path)
{
    char journal[PATH_MAX];
    struct stat about;
    const int length = snprintf(journal, sizeof journal, "%s-journal", path);
    if (length < 0 || (size_t)length >= sizeof journal || stat(journal, &about) < 0 ||
        !has_our_header(path))
        return 0;
    finish_kill(path);
    return 1;
}

static sieve_status view_new(struct view **out)
{
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct view *view = calloc(1, sizeof *view);
    if (!view)
        return SIEVE_E_MEMORY;
    safe_text_init(&view->target);
    safe_text_init(&view->version);
    safe_text_init(&view->options);
    safe_text_init(&view->begun);
    safe_text_init(&view->ended);
    if (veil_new(&options, &view->veil) != SIEVE_OK) {
        view_free(view);
        return SIEVE_E_MEMORY;
    }
    *out = view;
    return SIEVE_OK;
}

sieve_status view_open(const char *path, struct view **out, const char **reason_out)
{
    struct view *view = NULL;
    *reason_out = "not enough memory";
    sieve_status status = view_new(&view);
    if (status != SIEVE_OK)
        return status;
    status = open_sql(view, path, reason_out);
    if (status == SIEVE_E_IO && was_unfinished(path)) {
        sql_close(view->sql);
        view->sql = NULL;
        view->reason = NULL;
        status = open_sql(view, path, reason_out);
    }
    if (status != SIEVE_OK) {
        view_free(view);
        return status;
    }
    *out = view;
    return SIEVE_OK;
}

void view_free(struct view *view)
{
    if (!view)
        return;
    sql_close(view->sql);
    veil_free(view->veil);
    safe_text_done(&view->target);
    safe_text_done(&view->version);
    safe_text_done(&view->options);
    safe_text_done(&view->begun);
    safe_text_done(&view->ended);
    free(view);
}

/* ---- the run ----------------------------------------------------------------------- */

static sieve_status keep(struct safe_text *to, struct bytes safe)
{
    buffer_clear(&to->buffer);
    return buffer_append(&to->buffer, safe);
}

static sieve_status keep_time(struct safe_text *to, uint64_t seconds)
{
    char text[VIEW_TIME_MAX];
    view_time(seconds, text);
    return keep(to, bytes_of_text(text));
}

/* "confidence medium, ..." */
static int threshold_of(struct bytes options, sieve_confidence *out)
{
    static const char head[] = "confidence ";
    char level[16];
    size_t length = 0;
    if (options.length <= sizeof head - 1 ||
        memcmp(options.at, head, sizeof head - 1) != 0)
        return 0;
    options = bytes_from(options, sizeof head - 1);
    while (length < options.length && length + 1 < sizeof level &&
           options.at[length] >= 'a' && options.at[length] <= 'z') {
        level[length] = (char)options.at[length];
        length++;
    }
    level[length] = '\0';
    return view_confidence_of(level, out);
}

static sieve_status take_run(struct listing *listing, struct inventory_run *out)
{
    struct view *view = listing->view;
    sieve_status status = keep(&view->target, listing_text(listing, 0));
    if (status == SIEVE_OK)
        status = keep(&view->options, listing_text(listing, 1));
    if (status == SIEVE_OK)
        status = keep(&view->version, listing_text(listing, 2));
    out->begun_at = listing_number(listing, 3);
    out->snapshots = listing_number(listing, 4);
    out->ended_at = listing_number(listing, 5);
    if (status == SIEVE_OK)
        status = keep_time(&view->begun, out->begun_at);
    if (status == SIEVE_OK)
        status = keep_time(&view->ended, out->ended_at);
    if (status == SIEVE_OK)
        status = listing->status;
    if (status == SIEVE_OK &&
        (out->begun_at > VIEW_SECONDS_MAX || out->ended_at > VIEW_SECONDS_MAX ||
         !threshold_of(safe_text_bytes(&view->options), &view->threshold)))
        status = SIEVE_E_CORRUPT;
    out->target = safe_text_bytes(&view->target);
    out->options = safe_text_bytes(&view->options);
    out->threshold = view->threshold;
    out->version = safe_text_bytes(&view->version);
    out->begun = safe_text_bytes(&view->begun);
    out->ended = safe_text_bytes(&view->ended);
    return status;
}

/* Runs a query and hands each of its rows on. */
static sieve_status each(struct view *view, const char *text, int has_threshold,
                         sieve_status (*take)(struct listing *listing,
                                              struct inventory_run *out),
                         struct inventory_run *out, uint64_t *count_out)
{
    struct listing listing;
    int has_row = 1;
    sieve_status status = listing_begin(view, text, &listing);
    if (status == SIEVE_OK && has_threshold)
        sql_bind_number(listing.query, 1, view->threshold);
    *count_out = 0;
    while (status == SIEVE_OK) {
        status = listing_next(&listing, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = take(&listing, out);
        ++*count_out;
    }
    listing_end(&listing);
    return fail(view, status);
}

static sieve_status take_findings(struct listing *listing, struct inventory_run *out)
{
    const uint64_t count = listing_number(listing, 3);
    sieve_kind kind = SIEVE_KIND_PAN;
    if (!view_kind_of(sql_text(listing->query, 0), &kind))
        return SIEVE_E_CORRUPT;
    if (listing_number(listing, 2) == 0) {
        out->chance += count;
        return listing->status;
    }
    out->findings += count;
    out->by_kind[kind] += count;
    out->sensitive += sieve_kind_is_sensitive(kind) ? count : 0;
    out->test_numbers += listing_number(listing, 4);
    const struct bytes brand = listing_brand(listing, 1);
    size_t index = 0;
    while (index < out->brand_count && index < INVENTORY_BRANDS_MAX - 1 &&
           (strlen(out->brands[index].title) != brand.length ||
            memcmp(out->brands[index].title, brand.at ? brand.at : (const void *)"",
                   brand.length) != 0))
        index++;
    if (index == out->brand_count) {
        out->brand_count++;
        (void)snprintf(out->brands[index].title, sizeof out->brands[index].title, "%.*s",
                       brand.length < 63 ? (int)brand.length : 63,
                       brand.at ? (const char *)brand.at : "");
    } else if (out->brand_count == INVENTORY_BRANDS_MAX && index + 1 == out->brand_count)
        (void)snprintf(out->brands[index].title, sizeof out->brands[index].title, "...");
    out->brands[index].findings += count;
    return listing->status;
}

static sieve_status take_cards(struct listing *listing, struct inventory_run *out)
{
    out->cards = listing_number(listing, 0);
    out->columns_found = listing_number(listing, 1);
    out->cards_estimated = out->snapshots > 1 || listing_number(listing, 2) > 0;
    return listing->status;
}

static sieve_status take_unread(struct listing *listing, struct inventory_run *out)
{
    const struct bytes reason = listing_text(listing, 0);
    const uint64_t columns = listing_number(listing, 1);
    out->columns_unread += columns;
    if (out->unread_count == INVENTORY_UNREAD_MAX || reason.length == 0)
        return listing->status;
    struct inventory_unread *unread = &out->unread[out->unread_count++];
    (void)snprintf(unread->reason, sizeof unread->reason, "%.*s",
                   reason.length < 127 ? (int)reason.length : 127,
                   (const char *)reason.at);
    unread->columns = columns;
    return listing->status;
}

static int compare_brands(const void *left, const void *right)
{
    const struct inventory_brand *one = left;
    const struct inventory_brand *two = right;
    if (one->findings != two->findings)
        return one->findings < two->findings ? 1 : -1;
    return strcmp(one->title, two->title);
}

static sieve_status add_table(const struct inventory_row *row, void *context)
{
    struct inventory_run *out = context;
    static const char sample[] = "only a sample of it was read";
    out->tables++;
    out->tables_incomplete += !row->is_complete;
    out->rows_read += row->rows_read;
    out->bytes += row->bytes;
    if (row->rows == UINT64_MAX || out->rows == UINT64_MAX)
        out->rows = UINT64_MAX;
    else
        out->rows += row->rows;
    out->is_sample |= row->reason.length == sizeof sample - 1 &&
                      memcmp(row->reason.at, sample, sizeof sample - 1) == 0;
    return SIEVE_OK;
}

static const char run_text[] =
    "SELECT target, options, version, started, (SELECT count(*) FROM snapshots),"
    " (SELECT max(finished) FROM ranges) FROM run";
/* In groups, so that each step is worth many findings. */
static const char findings_text[] =
    "SELECT kind, brand, counts, count(*), total(test_number) FROM (SELECT f.kind AS "
    "kind,"
    " f.brand AS brand, " VIEW_WORTH
    " >= ?1 AS counts, f.test_number <> 0 AS test_number" VIEW_FINDINGS
    " WHERE " VIEW_WORTH " >= ?1 OR " VIEW_CHANCE ")"
    " GROUP BY kind, brand, counts ORDER BY kind, brand, counts";
static const char cards_text[] =
    "SELECT count(DISTINCT card), count(DISTINCT place), total(card IS NULL AND kind = "
    "'pan') FROM"
    " (SELECT f.card AS card, f.kind AS kind, f.table_id * 65536 + f.number AS "
    "place" VIEW_FINDINGS " WHERE " VIEW_WORTH " >= ?1)";
static const char unread_text[] =
    "SELECT left_out, count(*) FROM columns WHERE left_out IS NOT NULL"
    " GROUP BY left_out ORDER BY 2 DESC, 1";

sieve_status view_run(struct view *view, struct inventory_run *out)
{
    uint64_t count = 0;
    *out = (struct inventory_run){.snapshots = 0};
    sieve_status status = each(view, run_text, 0, take_run, out, &count);
    if (status == SIEVE_OK && count != 1)
        status = fail(view, SIEVE_E_CORRUPT);
    if (status == SIEVE_OK)
        status = each(view, findings_text, 1, take_findings, out, &count);
    if (status == SIEVE_OK)
        status = each(view, cards_text, 1, take_cards, out, &count);
    if (status == SIEVE_OK)
        status = each(view, unread_text, 0, take_unread, out, &count);
    if (status == SIEVE_OK)
        status = view_sum_tables(view, add_table, out);
    qsort(out->brands, out->brand_count, sizeof out->brands[0], compare_brands);
    out->is_complete = out->tables > 0 && out->tables_incomplete == 0 && !out->is_sample;
    return status;
}
