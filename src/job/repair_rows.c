#include <stdlib.h>
#include <string.h>

#include "job/repair_inside.h"

#define KEY_COLUMNS_MAX 64u

/* ---- the batch --------------------------------------------------------------------- */

void repair_batch_done(struct batch *batch)
{
    for (size_t index = 0; index < batch->count; index++) {
        free(batch->candidates[index].row);
        free(batch->candidates[index].locator);
        free(batch->candidates[index].moved);
        free(batch->candidates[index].rest);
    }
    *batch = (struct batch){.count = 0};
}

static sieve_status take_candidate(const struct ledger_repair *repair, void *context)
{
    struct batch *batch = context;
    if (batch->count == BATCH_ROWS)
        return SIEVE_E_INTERNAL;
    struct candidate *candidate = &batch->candidates[batch->count++];
    *candidate = (struct candidate){.id = repair->id, .is_sent = repair->is_sent};
    candidate->row = strdup(repair->row);
    candidate->locator = strdup(repair->locator);
    candidate->moved = strdup(repair->moved);
    batch->table = repair->table;
    batch->is_sensitive = repair->is_sensitive;
    return candidate->row && candidate->locator && candidate->moved ? SIEVE_OK
                                                                    : SIEVE_E_MEMORY;
}

struct sweep_table *repair_table_of(const struct repairing *repairing, int64_t table)
{
    for (size_t index = 0; index < repairing->sweep->table_count; index++) {
        if (repairing->sweep->tables[index].id == table)
            return &repairing->sweep->tables[index];
    }
    return NULL;
}

sieve_status repair_take_batch(struct repairing *repairing, int64_t after,
                               struct database_error *error)
{
    struct batch *batch = &repairing->batch;
    repair_batch_done(batch);
    sieve_status status =
        ledger_repairs_next(repairing->ledger, after, BATCH_ROWS, take_candidate, batch);
    if (status != SIEVE_OK || batch->count == 0)
        return status;
    repairing->table = repair_table_of(repairing, batch->table);
    repairing->allowed = NULL;
    if (!repairing->table) /* it is gone, or was not asked for this time */
        return SIEVE_OK;
    return repairing->repair->ops->examine(repairing->repair, repairing->table->table,
                                           &repairing->allowed, error);
}

/* ---- the name of a row ---------------------------------------------------------------
 */

static size_t key_columns(const struct table *table)
{
    size_t count = 0;
    for (size_t column = 0; column < table->column_count; column++)
        count += table->columns[column].is_key;
    return count;
}

static unsigned hex_value(const unsigned char *at)
{
    unsigned value = 0;
    for (size_t index = 0; index < 4; index++) {
        const unsigned char byte = at[index];
        const unsigned digit = byte <= '9'   ? byte - (unsigned)'0'
                               : byte <= 'F' ? byte - (unsigned)'A' + 10
                                             : byte - (unsigned)'a' + 10;
        value = value << 4 | (digit & 15);
    }
    return value;
}

/* One escape behind its backslash; *at is moved past it. */
static sieve_status take_escape(const unsigned char **at, struct buffer *out)
{
    static const char letters[] = "nrtbf";
    static const char meanings[] = "\n\r\t\b\f";
    const char *letter = strchr(letters, **at);
    if (**at == 'u') { /* only of control characters: others stand as they are */
        const unsigned value = hex_value(*at + 1);
        const unsigned char byte = (unsigned char)value;
        *at += 5;
        return value < 0x80 ? buffer_append(out, bytes_of(&byte, 1)) : SIEVE_E_CORRUPT;
    }
    const char byte = letter ? meanings[letter - letters] : (char)**at;
    ++*at;
    return buffer_append(out, bytes_of(&byte, 1));
}

/* A string of our own JSON, behind its opening quote. */
static sieve_status take_string(const unsigned char **at, struct buffer *out)
{
    sieve_status status = SIEVE_OK;
    while (**at != '"' && **at != '\0' && status == SIEVE_OK) {
        if (**at == '\\') {
            ++*at;
            status = take_escape(at, out);
        } else {
            status = buffer_append(out, bytes_of(*at, 1));
            ++*at;
        }
    }
    if (**at == '"')
        ++*at;
    return status;
}

/* The values of a key from the JSON that a ledger has of it: {"id":"42"}.  *count_out is
 * 0 if they are not all there: a value was hidden, cut, or is NULL or of bytes. */
static sieve_status take_key(struct repairing *repairing, const char *row,
                             struct bytes values[KEY_COLUMNS_MAX], size_t *count_out)
{
    const unsigned char *at = (const unsigned char *)row;
    struct buffer *out = &repairing->key;
    size_t ends[KEY_COLUMNS_MAX];
    const size_t wanted = key_columns(repairing->table->table);
    size_t count = 0;
    sieve_status status = SIEVE_OK;
    *count_out = 0;
    buffer_clear(out);
    if (wanted == 0 || wanted > KEY_COLUMNS_MAX)
        return SIEVE_OK;
    while ((*at == '{' || *at == ',') && status == SIEVE_OK && at[1] == '"') {
        const size_t begin = out->length;
        at += 2;
        status = take_string(&at, out); /* the name */
        out->length = begin;
        if (status != SIEVE_OK || count == wanted || at[0] != ':' || at[1] != '"')
            return status == SIEVE_E_CORRUPT ? SIEVE_OK : status;
        at += 2;
        status = take_string(&at, out);
        ends[count++] = out->length;
    }
    if (status != SIEVE_OK || count != wanted)
        return status == SIEVE_E_CORRUPT ? SIEVE_OK : status;
    for (size_t index = 0; index < count; index++) {
        const size_t begin = index > 0 ? ends[index - 1] : 0;
        /* An empty value is a value. */
        values[index] = ends[index] > begin
                            ? bytes_of(out->at + begin, ends[index] - begin)
                            : bytes_of("", 0);
    }
    *count_out = count;
    return SIEVE_OK;
}

/* The row's key as the ledger has it. */
static sieve_status name_row(struct repairing *repairing, const struct repair_row *row)
{
    const struct sweep *sweep = repairing->sweep;
    const struct table *table = repairing->table->table;
    const char *locator = table->locator ? table->locator : sweep->database->ops->locator;
    const struct row as_read = {.cells = row->cells, .locator = row->locator};
    shelf_clear(&repairing->shelf);
    sieve_status status = shelf_add(&repairing->shelf, table, &as_read);
    if (status == SIEVE_OK)
        status = shelf_row(&repairing->shelf, 0, table, locator ? locator : "row",
                           sweep->run->veil, &repairing->name);
    return status == SIEVE_OK ? buffer_append(&repairing->name, bytes_of("", 1)) : status;
}

/* ---- seeing ------------------------------------------------------------------------ */

/* One row that is looked for. */
struct seeing {
    struct repairing *repairing;
    struct candidate *candidate;
    on_judged tell;
    int is_named; /* it must have the name that the ledger knows */
    int is_again; /* it is told also if it is clean */
    enum seen seen;
    struct database_error *error;
};

static sieve_status take_row(const struct repair_row *row, void *context)
{
    struct seeing *seeing = context;
    struct repairing *repairing = seeing->repairing;
    const struct judged *judged = NULL;
    sieve_status status = SIEVE_OK;
    if (seeing->is_named) {
        status = name_row(repairing, row);
        if (status != SIEVE_OK)
            return status;
        if (strcmp((const char *)repairing->name.at, seeing->candidate->row) != 0)
            return SIEVE_OK; /* another row lies there now */
    }
    status =
        judge_row(repairing->judge, repairing->table, repairing->allowed, row, &judged);
    if (status != SIEVE_OK)
        return status;
    const int is_clean = judged->findings == 0 && !judged->obstacle;
    seeing->seen = is_clean ? SEEN_CLEAN : SEEN_FOUND;
    if (is_clean && !seeing->is_again)
        return SIEVE_OK;
    return seeing->tell(repairing, seeing->candidate, row, judged, seeing->error);
}

static sieve_status look_at(struct seeing *seeing, const struct repair_place *place)
{
    struct repair *repair = seeing->repairing->repair;
    return repair->ops->fetch(repair, seeing->repairing->table->table, place, take_row,
                              seeing, seeing->error);
}

/* A locator in which something was hidden names no row. */
static int is_locator(const char *locator)
{
    return locator[0] != '\0' && !strpbrk(locator, "*#Xx");
}

/* By its key, wherever it lies now.  A key without a locator beside it does not tell
 * whether a number was hidden in it, but for the mask. */
static sieve_status look_by_key(struct seeing *seeing)
{
    struct repairing *repairing = seeing->repairing;
    struct bytes values[KEY_COLUMNS_MAX];
    struct repair_place place = {.key = values};
    seeing->is_named = 0;
    sieve_status status =
        take_key(repairing, seeing->candidate->row, values, &place.key_count);
    const int is_hidden = seeing->candidate->locator[0] == '\0' &&
                          strstr(seeing->candidate->row, "**") != NULL;
    if (status == SIEVE_OK && place.key_count > 0 && !is_hidden)
        return look_at(seeing, &place);
    if (status != SIEVE_OK)
        return status;
    if (is_hidden || !is_locator(seeing->candidate->locator))
        seeing->seen = SEEN_HIDDEN;
    else if (repairing->repair->ops->rows_move)
        seeing->seen = SEEN_LOST;
    return SIEVE_OK;
}

static sieve_status look(struct seeing *seeing)
{
    const struct candidate *candidate = seeing->candidate;
    struct repair_place place = {.locator = candidate->lies_at};
    sieve_status status = judge_begin(seeing->repairing->judge, candidate->id);
    *seeing->error = (struct database_error){.reason = NULL};
    seeing->seen = SEEN_GONE;
    if (status != SIEVE_OK)
        return status;
    if (candidate->lies_at[0] != '\0')
        return look_at(seeing, &place);
    if (candidate->is_sent && is_locator(candidate->moved)) {
        place.locator = candidate->moved;
        status = look_at(seeing, &place);
    }
    if (status == SIEVE_OK && seeing->seen == SEEN_GONE &&
        is_locator(candidate->locator)) {
        place.locator = candidate->locator;
        seeing->is_named = !seeing->is_again;
        status = look_at(seeing, &place);
    }
    return status == SIEVE_OK && seeing->seen == SEEN_GONE ? look_by_key(seeing) : status;
}

sieve_status repair_see(struct repairing *repairing, struct candidate *candidate,
                        on_judged tell, enum seen *out, struct database_error *error)
{
    struct seeing seeing = {
        .repairing = repairing, .candidate = candidate, .tell = tell, .error = error};
    candidate->lies_at[0] = '\0';
    sieve_status status = look(&seeing);
    *out = seeing.seen;
    return status;
}

sieve_status repair_see_again(struct repairing *repairing, struct candidate *candidate,
                              on_judged tell, enum seen *out,
                              struct database_error *error)
{
    struct seeing seeing = {.repairing = repairing,
                            .candidate = candidate,
                            .tell = tell,
                            .is_again = 1,
                            .error = error};
    sieve_status status = look(&seeing);
    *out = seeing.seen;
    return status;
}

/* ---- what stays -------------------------------------------------------------------- */

sieve_status repair_put_reason(struct repairing *repairing, const struct judged *judged,
                               const char *obstacle)
{
    struct buffer *text = &repairing->text;
    struct safe_text about;
    text->length = 0;
    sieve_status status = SIEVE_OK;
    safe_text_init(&about);
    if (judged) {
        status = buffer_append(
            text, bytes_of_text(repairing->table->column_names[judged->column]));
        if (status == SIEVE_OK)
            status = buffer_append(text, bytes_of(": ", 2));
    }
    if (status == SIEVE_OK)
        status = buffer_append(text, bytes_of_text(obstacle));
    if (status == SIEVE_OK && judged && judged->about) {
        status =
            veil_set(repairing->sweep->run->veil, &about, bytes_of_text(judged->about));
        if (status == SIEVE_OK)
            status = buffer_append(text, bytes_of(" (", 2));
        if (status == SIEVE_OK)
            status = buffer_append(text, safe_text_bytes(&about));
        if (status == SIEVE_OK)
            status = buffer_append(text, bytes_of(")", 1));
    }
    safe_text_done(&about);
    return status == SIEVE_OK ? buffer_append(text, bytes_of("", 1)) : status;
}

sieve_status repair_note_unseen(struct repairing *repairing,
                                const struct candidate *candidate, enum seen seen)
{
    enum repair_state state = STATE_CHANGED;
    if (seen == SEEN_HIDDEN)
        return repair_leave(repairing, candidate, NULL,
                            "its key holds a number, so that nothing else names it");
    if (seen == SEEN_LOST)
        return repair_leave(repairing, candidate, NULL,
                            "it lies elsewhere now and has no key: scan again");
    if (seen == SEEN_CLEAN && candidate->is_sent)
        state = STATE_UPDATED;
    return ledger_repair_state(repairing->ledger, candidate->id, state, NULL, NULL);
}

sieve_status repair_leave(struct repairing *repairing, const struct candidate *candidate,
                          const struct judged *judged, const char *obstacle)
{
    sieve_status status = repair_put_reason(repairing, judged, obstacle);
    return status == SIEVE_OK
               ? ledger_repair_state(repairing->ledger, candidate->id, STATE_LEFT,
                                     (const char *)repairing->text.at, NULL)
               : status;
}
