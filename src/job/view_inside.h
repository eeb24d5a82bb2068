/* view_inside.h - what the files of the view share. */
#ifndef SIEVE_JOB_VIEW_INSIDE_H
#define SIEVE_JOB_VIEW_INSIDE_H

#include "base/safe_text.h"
#include "job/veil.h"
#include "job/view.h"
#include "source/sql.h"

#define VIEW_SLOTS_MAX 16

struct view {
    struct sql *sql;
    struct veil *veil;
    const char *reason;         /* why the last call failed, or NULL: ask SQLite */
    sieve_confidence threshold; /* findings below do not count */
    int are_several;            /* databases */
    int has_repairs;
    struct safe_text target;
    struct safe_text version;
    struct safe_text options;
    struct safe_text chosen;
    struct safe_text begun;
    struct safe_text ended;
};

/* What is too large to be told from a card number keeps its first six digits. */
uint64_t view_rounded(uint64_t size);

/* Sets why, if SQLite does not know it; returns the status. */
sieve_status view_fail(struct view *view, sieve_status status);

/* One query whose rows are read with care.  The texts of a row live until the next. */
struct listing {
    struct view *view;
    struct sql_query *query;
    struct safe_text slots[VIEW_SLOTS_MAX];
    size_t slot_count;   /* of this row */
    sieve_status status; /* the first failure of this row */
};

/* To be ended in any case. */
sieve_status listing_begin(struct view *view, const char *text,
                           struct listing *out) SIEVE_MUST_CHECK;
void listing_end(struct listing *listing);

/* The next row, *has_row_out 0 past the last. */
sieve_status listing_next(struct listing *listing, int *has_row_out) SIEVE_MUST_CHECK;

/* Ends it and tells why; or hands a row on, unless it is not as it must be. */
sieve_status listing_close(struct listing *listing, sieve_status status);
sieve_status listing_hand_on(const struct listing *listing,
                             const struct inventory_row *row, on_view_row tell,
                             void *context) SIEVE_MUST_CHECK;

/* What a row holds.  What is not as it must be makes the row's status SIEVE_E_CORRUPT. */
struct bytes listing_text(struct listing *listing, int column);
uint64_t listing_number(struct listing *listing, int column); /* NULL is 0 */
uint64_t listing_size(struct listing *listing, int column);   /* in bytes, rounded */
int listing_is_null(struct listing *listing, int column);

/* "schema.name" of two columns, made safe as one. */
struct bytes listing_name(struct listing *listing, int schema, int name);

/* The database's name, and whether people are told it. */
void listing_database(struct listing *listing, int column, struct inventory_row *row);

/* What is shown of a number, and never more. */
struct bytes listing_masked(struct listing *listing, int column, sieve_kind kind);

/* "Visa" for "visa"; what is not known as it is. */
struct bytes listing_brand(struct listing *listing, int column);

/* A moment for people, in the local time: "2026-01-31 23:59:59 +0900". */
#define VIEW_TIME_MAX    40
#define VIEW_SECONDS_MAX 253402300799u /* the end of the year 9999 */
void view_time(uint64_t seconds, char out[VIEW_TIME_MAX]);

/* As view_tables(), without what was found in them. */
sieve_status view_sum_tables(struct view *view, on_view_row tell,
                             void *context) SIEVE_MUST_CHECK;

/* Parts of queries.  A finding counts if its range was read to its end; what chance
 * explains was made low when its column was judged. */
#define VIEW_SENSITIVE "('track1', 'track2', 'emv', 'security_code', 'pin_block')"
#define VIEW_CHANCE    "(f.confidence = 'low' AND f.found_confidence <> 'low')"
#define VIEW_WORTH                                                                       \
    "(CASE f.confidence WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END)"
#define VIEW_FINDINGS                                                                    \
    " FROM findings f CROSS JOIN ranges r ON r.table_id = f.table_id"                    \
    " AND r.range = f.range CROSS JOIN tables t ON t.id = f.table_id"                    \
    " LEFT JOIN columns c ON c.table_id = f.table_id AND c.number = f.number "

#endif /* SIEVE_JOB_VIEW_INSIDE_H */
