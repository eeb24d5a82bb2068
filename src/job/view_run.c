#include "job/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job/view_inside.h"
#include "report/named.h"

/* ---- the run ----------------------------------------------------------------------- */

#define OPTIONS_LENGTH_MAX 1024

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
    size_t length = 0;
    if (options.length <= sizeof head - 1 ||
        memcmp(options.at, head, sizeof head - 1) != 0)
        return 0;
    options = bytes_from(options, sizeof head - 1);
    while (length < options.length && options.at[length] >= 'a' &&
           options.at[length] <= 'z')
        length++;
    return named_confidence(bytes_of(options.at, length), out);
}

/* "table shop.*, column memo" */
static sieve_status add_choice(struct safe_text *chosen, struct bytes kind,
                               struct bytes pattern)
{
    const struct bytes parts[] = {bytes_of(", ", chosen->buffer.length > 0 ? 2 : 0), kind,
                                  bytes_of(" ", 1), pattern};
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
        if (status == SIEVE_OK)
            status = buffer_append(&chosen->buffer, parts[index]);
    }
    return status;
}

/* ", kinds 3, ebcdic 0, visa, jcb" behind the confidence: all kinds and all brands if
 * none is named. */
static sieve_status choose_kinds(struct safe_text *chosen, struct bytes options)
{
    static const char head[] = ", kinds ";
    char text[OPTIONS_LENGTH_MAX];
    sieve_status status = SIEVE_OK;
    uint64_t kinds = 0;
    (void)snprintf(text, sizeof text, "%.*s",
                   options.length < sizeof text ? (int)options.length : 0,
                   options.length > 0 ? (const char *)options.at : "");
    const char *at = strstr(text, head);
    for (at = at ? at + sizeof head - 1 : ""; *at >= '0' && *at <= '9'; at++)
        kinds = (kinds * 10 + (uint64_t)(*at - '0')) & UINT32_MAX;
    for (unsigned kind = 0; kind < SIEVE_KIND_COUNT; kind++) {
        if (status == SIEVE_OK && (kinds >> kind & 1))
            status = add_choice(chosen, bytes_of_text("kind"),
                                bytes_of_text(sieve_kind_name((sieve_kind)kind)));
    }
    at = strstr(at, ", ");
    at = at ? strstr(at + 2, ", ") : NULL;
    return status == SIEVE_OK && at
               ? add_choice(chosen, bytes_of_text("brand"), bytes_of_text(at + 2))
               : status;
}

static sieve_status take_run(struct listing *listing, struct inventory_run *out)
{
    struct view *view = listing->view;
    sieve_status status = keep(&view->target, listing_text(listing, 0));
    if (status == SIEVE_OK)
        status = keep(&view->options, listing_text(listing, 1));
    if (status == SIEVE_OK)
        status = keep(&view->version, listing_text(listing, 2));
    if (status == SIEVE_OK)
        status = choose_kinds(&view->chosen, safe_text_bytes(&view->options));
    out->begun_at = listing_number(listing, 3);
    out->snapshots = listing_number(listing, 4);
    out->ended_at = listing_number(listing, 5);
    out->is_resumed = listing_number(listing, 6) != 0;
    out->databases = listing_number(listing, 7);
    out->databases_unread = listing_number(listing, 8);
    view->are_several = out->databases > 1;
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
    return view_fail(view, status);
}

static sieve_status take_choice(struct listing *listing, struct inventory_run *out)
{
    (void)out;
    sieve_status status = add_choice(&listing->view->chosen, listing_text(listing, 0),
                                     listing_text(listing, 1));
    return status == SIEVE_OK ? listing->status : status;
}

static sieve_status take_findings(struct listing *listing, struct inventory_run *out)
{
    const uint64_t count = listing_number(listing, 3);
    sieve_kind kind = SIEVE_KIND_PAN;
    if (!named_kind(bytes_of_text(sql_text(listing->query, 0)), &kind))
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
    const uint64_t cards = listing_number(listing, 0);
    const uint64_t shown = listing_number(listing, 3);
    out->cards = out->is_resumed ? shown : cards;
    out->columns_found = listing_number(listing, 1);
    out->cards_estimated =
        (out->is_resumed && cards > shown) || listing_number(listing, 2) > 0;
    return listing->status;
}

static sieve_status take_repairs(struct listing *listing, struct inventory_run *out)
{
    out->has_repairs = 1;
    out->repairs = (struct inventory_repairs){
        .updated = listing_number(listing, 0),
        .changed = listing_number(listing, 1),
        .left = listing_number(listing, 2),
        .pending = listing_number(listing, 3),
    };
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
    out->bytes = view_rounded(out->bytes + row->bytes);
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
    " (SELECT max(finished) FROM ranges), EXISTS (SELECT 1 FROM snapshots"
    " GROUP BY database HAVING count(*) > 1), (SELECT count(*) FROM databases),"
    " (SELECT count(*) FROM databases WHERE reason IS NOT NULL) FROM run";
static const char choices_text[] = "SELECT kind, pattern FROM choices ORDER BY number";
/* In groups, so that each step is worth many findings. */
static const char findings_text[] =
    "SELECT kind, brand, counts, count(*), total(test_number) FROM (SELECT f.kind AS "
    "kind,"
    " f.brand AS brand, " VIEW_WORTH
    " >= ?1 AS counts, f.test_number <> 0 AS test_number" VIEW_FINDINGS
    " WHERE " VIEW_WORTH " >= ?1 OR " VIEW_CHANCE ")"
    " GROUP BY kind, brand, counts ORDER BY kind, brand, counts";
static const char cards_text[] =
    "SELECT count(DISTINCT card), count(DISTINCT place),"
    " total(card IS NULL AND kind = 'pan'),"
    " count(DISTINCT CASE WHEN card IS NOT NULL THEN masked END)"
    " FROM (SELECT f.card AS card, f.kind AS kind, f.masked AS masked,"
    " f.table_id * 65536 + f.number AS place" VIEW_FINDINGS " WHERE " VIEW_WORTH
    " >= ?1)";
static const char repairs_text[] =
    "SELECT total(state IN ('updated', 'follows')), total(state = 'changed'),"
    " total(state = 'left'), total(state IN ('pending', 'sent')) FROM repairs";
static const char unread_text[] =
    "SELECT left_out, count(*) FROM columns WHERE left_out IS NOT NULL"
    " GROUP BY left_out ORDER BY 2 DESC, 1";

sieve_status view_run(struct view *view, struct inventory_run *out)
{
    uint64_t count = 0;
    *out = (struct inventory_run){.snapshots = 0};
    buffer_clear(&view->chosen.buffer);
    sieve_status status = each(view, run_text, 0, take_run, out, &count);
    if (status == SIEVE_OK && count != 1)
        status = view_fail(view, SIEVE_E_CORRUPT);
    if (status == SIEVE_OK)
        status = each(view, choices_text, 0, take_choice, out, &count);
    if (status == SIEVE_OK)
        status = each(view, findings_text, 1, take_findings, out, &count);
    if (status == SIEVE_OK)
        status = each(view, cards_text, 1, take_cards, out, &count);
    if (status == SIEVE_OK)
        status = each(view, unread_text, 0, take_unread, out, &count);
    if (status == SIEVE_OK && view->has_repairs)
        status = each(view, repairs_text, 0, take_repairs, out, &count);
    if (status == SIEVE_OK)
        status = view_sum_tables(view, add_table, out);
    qsort(out->brands, out->brand_count, sizeof out->brands[0], compare_brands);
    out->chosen = safe_text_bytes(&view->chosen);
    out->is_complete = out->databases > 0 && out->databases_unread == 0 &&
                       out->tables_incomplete == 0 && !out->is_sample;
    return status;
}
