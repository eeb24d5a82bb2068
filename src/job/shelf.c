#include "job/shelf.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/number.h"
#include "base/visible.h"

/* Bytes of all keys of a block. */
#define SHELF_LENGTH_MAX (256u << 20)
/* Bytes of a key's value that are kept, and how many of these are shown: a number that
 * is cut at the end of the first is not among the second. */
#define KEY_KEPT  2048u
#define KEY_SHOWN 256u

/* A row is its locator with NUL, and of each column of its key this and its bytes. */
struct record {
    size_t length;
    uint8_t is_binary;
    uint8_t is_null;
    uint8_t is_cut;
    uint8_t is_number;
};

void shelf_init(struct shelf *shelf)
{
    *shelf = (struct shelf){.count = 0};
    buffer_init(&shelf->bytes, SHELF_LENGTH_MAX);
    safe_text_init(&shelf->safe);
    safe_text_init(&shelf->locator);
}

void shelf_done(struct shelf *shelf)
{
    buffer_done(&shelf->bytes);
    safe_text_done(&shelf->safe);
    safe_text_done(&shelf->locator);
    free(shelf->begins);
    shelf->begins = NULL;
    shelf->capacity = 0;
}

void shelf_clear(struct shelf *shelf)
{
    buffer_clear(&shelf->bytes);
    shelf->count = 0;
}

/* There is room. */
static void put(struct buffer *bytes, const void *at, size_t length)
{
    if (at && length > 0)
        memcpy(bytes->at + bytes->length, at, length);
    bytes->length += length;
}

static size_t kept_length(const struct cell *cell)
{
    return cell->bytes.length < KEY_KEPT ? cell->bytes.length : KEY_KEPT;
}

static void put_cell(struct buffer *bytes, const struct cell *cell)
{
    if (cell->is_number) {
        const struct record number = {.length = sizeof cell->number, .is_number = 1};
        put(bytes, &number, sizeof number);
        put(bytes, &cell->number, sizeof cell->number);
        return;
    }
    const struct record record = {
        .length = kept_length(cell),
        .is_binary = cell->is_binary,
        .is_null = cell->bytes.at == NULL,
        .is_cut = cell->bytes.length > KEY_KEPT,
    };
    put(bytes, &record, sizeof record);
    put(bytes, cell->bytes.at, record.length);
}

static sieve_status begin_row(struct shelf *shelf)
{
    size_t *begins =
        grown(shelf->begins, shelf->count, &shelf->capacity, 1024, sizeof begins[0]);
    if (!begins)
        return SIEVE_E_MEMORY;
    shelf->begins = begins;
    shelf->begins[shelf->count++] = shelf->bytes.length;
    return SIEVE_OK;
}

sieve_status shelf_add(struct shelf *shelf, const struct table *table,
                       const struct row *row)
{
    const char *locator = row->locator ? row->locator : "";
    const size_t length = strlen(locator) + 1;
    size_t room = length;
    for (size_t index = 0; index < table->column_count; index++) {
        if (table->columns[index].is_key)
            room += sizeof(struct record) + sizeof row->cells[index].number +
                    kept_length(&row->cells[index]);
    }
    sieve_status status = begin_row(shelf);
    if (status == SIEVE_OK)
        status = buffer_reserve(&shelf->bytes, room);
    if (status != SIEVE_OK)
        return status;
    put(&shelf->bytes, locator, length);
    for (size_t index = 0; index < table->column_count; index++) {
        if (table->columns[index].is_key)
            put_cell(&shelf->bytes, &row->cells[index]);
    }
    return SIEVE_OK;
}

const char *shelf_locator(const struct shelf *shelf)
{
    return (const char *)shelf->locator.buffer.at;
}

static sieve_status set_locator(struct shelf *shelf, const char *locator,
                                struct veil *veil)
{
    sieve_status status = veil_set(veil, &shelf->locator, bytes_of_text(locator));
    return status == SIEVE_OK ? buffer_append(&shelf->locator.buffer, bytes_of("", 1))
                              : status;
}

/* ---- as JSON ----------------------------------------------------------------------- */

static struct bytes shown_part(struct bytes bytes)
{
    size_t length = bytes.length;
    if (length > KEY_SHOWN) {
        length = KEY_SHOWN;
        while (length > 0 && (bytes.at[length] & 0xC0) == 0x80)
            length--;
    }
    return bytes_of(bytes.at, length);
}

static sieve_status put_hex(struct buffer *out, struct bytes bytes)
{
    sieve_status status = buffer_append(out, bytes_of("\"x'", 3));
    if (status == SIEVE_OK)
        status = buffer_append_hex(out, bytes);
    return status == SIEVE_OK ? buffer_append(out, bytes_of("'\"", 2)) : status;
}

/* "name": in front of a value. */
static sieve_status put_name(struct shelf *shelf, const char *name, struct veil *veil,
                             struct buffer *out)
{
    sieve_status status =
        buffer_append(out, bytes_of(out->length > 1 ? "," : "", out->length > 1));
    if (status == SIEVE_OK)
        status = veil_set(veil, &shelf->safe, bytes_of_text(name));
    if (status == SIEVE_OK)
        status = json_append_string(out, shown_part(safe_text_bytes(&shelf->safe)));
    return status == SIEVE_OK ? buffer_append(out, bytes_of(":", 1)) : status;
}

/* *hidden_out is set if what is shown does not name the row. */
static sieve_status put_value(struct shelf *shelf, const struct record *record,
                              struct bytes raw, struct veil *veil, struct buffer *out,
                              int *hidden_out)
{
    char text[NUMBER_TEXT_MAX];
    int64_t number;
    if (record->is_null) { /* there may be more rows with none */
        *hidden_out = 1;
        return buffer_append(out, bytes_of("null", 4));
    }
    if (record->is_number) {
        memcpy(&number, raw.at, sizeof number);
        raw = bytes_of(text, number_signed_text(number, text));
    }
    sieve_status status = veil_set(veil, &shelf->safe, raw);
    if (status != SIEVE_OK)
        return status;
    struct bytes safe = safe_text_bytes(&shelf->safe);
    *hidden_out |= record->is_cut || raw.length > KEY_SHOWN ||
                   safe.length != raw.length ||
                   (raw.length > 0 && memcmp(safe.at, raw.at, raw.length) != 0);
    return record->is_binary ? put_hex(out, bytes_of(safe.at, safe.length < KEY_SHOWN / 2
                                                                  ? safe.length
                                                                  : KEY_SHOWN / 2))
                             : json_append_string(out, shown_part(safe));
}

sieve_status shelf_row(struct shelf *shelf, size_t index, const struct table *table,
                       const char *locator, struct veil *veil, struct buffer *out)
{
    const char *where = (const char *)shelf->bytes.at + shelf->begins[index];
    size_t at = shelf->begins[index] + strlen(where) + 1;
    int is_hidden = 0;
    out->length = 0;
    sieve_status status = set_locator(shelf, where, veil);
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of("{", 1));
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        struct record record;
        if (!table->columns[column].is_key)
            continue;
        memcpy(&record, shelf->bytes.at + at, sizeof record);
        at += sizeof record;
        status = put_name(shelf, table->columns[column].name, veil, out);
        if (status == SIEVE_OK)
            status =
                put_value(shelf, &record, bytes_of(shelf->bytes.at + at, record.length),
                          veil, out, &is_hidden);
        at += record.length;
    }
    if (status == SIEVE_OK && (is_hidden || out->length == 1) && where[0] != '\0') {
        status = put_name(shelf, locator, veil, out);
        if (status == SIEVE_OK)
            status = json_append_string(out, bytes_of_text(shelf_locator(shelf)));
    }
    return status == SIEVE_OK ? buffer_append(out, bytes_of("}", 1)) : status;
}
