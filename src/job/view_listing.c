#include "job/view_inside.h"

#include <time.h>

#include "base/limits.h"
#include "patterns/patterns.h"

#define SHOWN_FIRST  6u
#define SHOWN_LAST   4u
#define SHORT_NUMBER 14u /* digits: below, only the last are shown */
/* A number of so few digits is no card's. */
#define NUMBER_MAX      UINT64_C(99999999999)
#define SIZE_NUMBER_MAX UINT64_C(9000000000000000000)
/* Sizes are exact below, and have six digits and zeros above. */
#define SIZE_EXACT        UINT64_C(100000000000)
#define SIZE_FIRST        UINT64_C(1000000)
#define NAME_CAPACITY_MAX (2u * NAME_LENGTH_MAX)

/* ---- queries ----------------------------------------------------------------------- */

sieve_status listing_begin(struct view *view, const char *text, struct listing *out)
{
    *out = (struct listing){.view = view};
    for (size_t index = 0; index < VIEW_SLOTS_MAX; index++)
        safe_text_init(&out->slots[index]);
    view->reason = NULL;
    return sql_prepare(view->sql, bytes_of_text(text), &out->query);
}

void listing_end(struct listing *listing)
{
    sql_done(listing->query);
    for (size_t index = 0; index < VIEW_SLOTS_MAX; index++)
        safe_text_done(&listing->slots[index]);
}

sieve_status listing_next(struct listing *listing, int *has_row_out)
{
    listing->slot_count = 0;
    listing->status = SIEVE_OK;
    return sql_step(listing->query, has_row_out);
}

sieve_status listing_close(struct listing *listing, sieve_status status)
{
    struct view *view = listing->view;
    listing_end(listing);
    return view_fail(view, status);
}

sieve_status listing_hand_on(const struct listing *listing,
                             const struct inventory_row *row, on_view_row tell,
                             void *context)
{
    return listing->status == SIEVE_OK ? tell(row, context) : listing->status;
}

/* ---- values ------------------------------------------------------------------------ */

static void spoil(struct listing *listing, sieve_status status)
{
    if (listing->status == SIEVE_OK)
        listing->status = status;
}

static struct bytes make_safe(struct listing *listing, struct bytes raw)
{
    if (listing->slot_count >= VIEW_SLOTS_MAX) {
        spoil(listing, SIEVE_E_INTERNAL);
        return bytes_of(NULL, 0);
    }
    struct safe_text *slot = &listing->slots[listing->slot_count++];
    const sieve_status status = veil_set(listing->view->veil, slot, raw);
    if (status != SIEVE_OK) {
        spoil(listing, status);
        return bytes_of(NULL, 0);
    }
    return safe_text_bytes(slot);
}

struct bytes listing_text(struct listing *listing, int column)
{
    const enum sql_kind kind = sql_kind(listing->query, column);
    if (kind == SQL_NULL)
        return bytes_of(NULL, 0);
    if (kind != SQL_TEXT) {
        spoil(listing, SIEVE_E_CORRUPT);
        return bytes_of(NULL, 0);
    }
    return make_safe(listing, sql_bytes(listing->query, column));
}

static uint64_t number_to(struct listing *listing, int column, uint64_t most)
{
    const enum sql_kind kind = sql_kind(listing->query, column);
    if (kind == SQL_NULL)
        return 0;
    if (kind == SQL_REAL) { /* total() */
        const double real = sql_real(listing->query, column);
        if (real >= 0 && real <= (double)most)
            return (uint64_t)real;
    } else if (kind == SQL_INTEGER && sql_number(listing->query, column) >= 0 &&
               (uint64_t)sql_number(listing->query, column) <= most) {
        return (uint64_t)sql_number(listing->query, column);
    }
    spoil(listing, SIEVE_E_CORRUPT);
    return 0;
}

uint64_t listing_number(struct listing *listing, int column)
{
    return number_to(listing, column, NUMBER_MAX);
}

uint64_t listing_size(struct listing *listing, int column)
{
    return view_rounded(number_to(listing, column, SIZE_NUMBER_MAX));
}

uint64_t view_rounded(uint64_t size)
{
    uint64_t unit = 1;
    if (size < SIZE_EXACT)
        return size;
    while (size / unit >= SIZE_FIRST)
        unit *= 10;
    return size - size % unit;
}

int listing_is_null(struct listing *listing, int column)
{
    return sql_kind(listing->query, column) == SQL_NULL;
}

/* Each part alone, then both: a number may be in a part that the other one hides. */
struct bytes listing_name(struct listing *listing, int schema, int name)
{
    struct buffer joined;
    struct bytes made = bytes_of(NULL, 0);
    const struct bytes parts[] = {listing_text(listing, schema),
                                  listing_text(listing, name)};
    sieve_status status = SIEVE_OK;
    buffer_init(&joined, NAME_CAPACITY_MAX);
    if (listing_is_null(listing, name))
        status = SIEVE_E_CORRUPT;
    if (status == SIEVE_OK && !listing_is_null(listing, schema)) {
        status = buffer_append(&joined, parts[0]);
        if (status == SIEVE_OK)
            status = buffer_append(&joined, bytes_of(".", 1));
    }
    if (status == SIEVE_OK)
        status = buffer_append(&joined, parts[1]);
    if (status == SIEVE_OK)
        made = make_safe(listing, buffer_bytes(&joined));
    else
        spoil(listing, status);
    buffer_done(&joined);
    return made;
}

void listing_database(struct listing *listing, int column, struct inventory_row *row)
{
    row->database = listing_text(listing, column);
    row->is_one_of_several = listing->view->are_several && row->database.length > 0;
}

/* ---- words ------------------------------------------------------------------------- */

struct bytes listing_brand(struct listing *listing, int column)
{
    const char *name = sql_text(listing->query, column);
    for (size_t index = 0; index < builtin_patterns.brand_count; index++) {
        if (strcmp(builtin_patterns.brands[index].id.name, name) == 0)
            return bytes_of_text(builtin_patterns.brands[index].id.title);
    }
    return listing_text(listing, column);
}

/* ---- masked numbers ---------------------------------------------------------------- */

static int is_shown(size_t index, size_t count, sieve_kind kind)
{
    if (sieve_kind_is_sensitive(kind))
        return 0;
    return index + SHOWN_LAST >= count || (count >= SHORT_NUMBER && index < SHOWN_FIRST);
}

/* The ledger keeps no more than may be shown; who edited it may have put in more. */
struct bytes listing_masked(struct listing *listing, int column, sieve_kind kind)
{
    struct bytes raw = sql_bytes(listing->query, column);
    char shown[SIEVE_SHOWN_MAX];
    if (raw.length == 0 || raw.length >= sizeof shown ||
        sql_kind(listing->query, column) != SQL_TEXT) {
        spoil(listing, SIEVE_E_CORRUPT);
        return bytes_of(NULL, 0);
    }
    for (size_t index = 0; index < raw.length; index++) {
        const unsigned char byte = raw.at[index];
        const int is_digit = byte >= '0' && byte <= '9';
        const int is_letter =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        shown[index] = '*';
        if ((is_digit && is_shown(index, raw.length, kind)) ||
            (is_letter && kind == SIEVE_KIND_RULE))
            shown[index] = (char)byte;
    }
    return make_safe(listing, bytes_of(shown, raw.length));
}

/* ---- times ------------------------------------------------------------------------- */

void view_time(uint64_t seconds, char out[VIEW_TIME_MAX])
{
    struct tm parts;
    const time_t moment = (time_t)seconds;
    if (seconds == 0 || seconds > VIEW_SECONDS_MAX || !localtime_r(&moment, &parts) ||
        strftime(out, VIEW_TIME_MAX, "%Y-%m-%d %H:%M:%S %z", &parts) == 0)
        out[0] = '\0';
}
