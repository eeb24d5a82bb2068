#include <string.h>

#include "source/sqlite_repair.h"

/* ---- the guard --------------------------------------------------------------------- */

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* One character of a number in a pattern of GLOB: itself if the mask shows it, else the
 * kind that it is of. */
static sieve_status put_glob(struct buffer *out, const struct region *region,
                             struct bytes was, struct bytes is)
{
    const int is_shown = !region->is_sensitive && was.length == is.length &&
                         memcmp(was.at, is.at, was.length) == 0;
    if (was.length == 3 && was.at[0] == 0xEF && was.at[1] == 0xBC && was.at[2] >= 0x90 &&
        was.at[2] <= 0x99) /* a full-width digit */
        return is_shown ? buffer_append(out, was) : sqlite_put(out, "[０-９]");
    if (was.length == 1 && is_digit(was.at[0]))
        return is_shown ? buffer_append(out, was) : sqlite_put(out, "[0-9]");
    if (was.length == 1 && (was.at[0] == '-' || was.at[0] == ' ' || was.at[0] == '.'))
        return buffer_append(out, was);
    return sqlite_put(out, "?");
}

static sieve_status put_hex_glob(struct buffer *out, const struct region *region,
                                 unsigned char was, unsigned char is)
{
    if (!is_digit(was))
        return sqlite_put(out, "??");
    if (region->is_sensitive || was != is)
        return sqlite_put(out, "3[0-9]");
    return repair_append_hex(out, "", bytes_of(&was, 1), "");
}

/* 'pattern' of one region, which is so many characters long. */
static sieve_status put_pattern(const struct change *change, struct bytes cell,
                                const struct region *region, enum sqlite_handle handle,
                                uint64_t *count_out, struct buffer *out)
{
    sieve_status status = sqlite_put(out, "'");
    size_t at = region->offset;
    const size_t end = region->offset + region->length;
    *count_out = 0;
    while (at < end && status == SIEVE_OK) {
        const size_t length = handle == SQLITE_BY_CHARACTERS
                                  ? utf8_length(cell.at + at, cell.length - at)
                                  : 1;
        if (handle == SQLITE_BY_CHARACTERS || handle == SQLITE_DIGITS)
            status = put_glob(out, region, bytes_of(cell.at + at, length),
                              bytes_of(change->masked.at + at, length));
        else
            status = put_hex_glob(out, region, cell.at[at], change->masked.at[at]);
        at += length;
        ++*count_out;
    }
    return status == SIEVE_OK ? sqlite_put(out, "'") : status;
}

/* " AND substr(column,12,16) GLOB '411111[0-9]...1111'" */
static sieve_status put_region(const char *name, const struct change *change,
                               struct bytes cell, const struct region *region,
                               enum sqlite_handle handle, struct buffer *out)
{
    struct buffer pattern;
    uint64_t count = 0;
    const int is_hex = handle == SQLITE_BY_BYTES || handle == SQLITE_BYTES;
    uint64_t from = region->offset;
    buffer_init(&pattern, REPAIR_UPDATE_MAX);
    sieve_status status = put_pattern(change, cell, region, handle, &count, &pattern);
    if (handle == SQLITE_BY_CHARACTERS) {
        from = 0;
        for (size_t at = 0; at < region->offset; from++)
            at += utf8_length(cell.at + at, cell.length - at);
    }
    if (status == SIEVE_OK)
        status = sqlite_put(out, is_hex ? " AND hex(substr(" : " AND substr(");
    if (status == SIEVE_OK)
        status = sqlite_put_column(out, name, handle);
    if (status == SIEVE_OK)
        status = sqlite_put(out, ",");
    if (status == SIEVE_OK)
        status = sqlite_put_number(out, from + 1);
    if (status == SIEVE_OK)
        status = sqlite_put(out, ",");
    if (status == SIEVE_OK)
        status = sqlite_put_number(out, count);
    if (status == SIEVE_OK)
        status = sqlite_put(out, is_hex ? ")) GLOB " : ") GLOB ");
    if (status == SIEVE_OK)
        status = buffer_append(out, buffer_bytes(&pattern));
    buffer_done(&pattern);
    return status;
}

/* A number that is not whole has other digits in the file: its type says enough. */
static int has_own_text(enum sqlite_handle handle, struct bytes cell)
{
    if (handle != SQLITE_DIGITS)
        return 1;
    for (size_t index = 0; index < cell.length; index++) {
        if (!is_digit(cell.at[index]) && cell.at[index] != '-')
            return 0;
    }
    return 1;
}

static sieve_status put_length(const char *name, enum sqlite_handle handle,
                               struct bytes cell, struct buffer *out)
{
    uint64_t count = cell.length;
    if (handle == SQLITE_BY_CHARACTERS) {
        count = 0;
        for (size_t at = 0; at < cell.length; count++)
            at += utf8_length(cell.at + at, cell.length - at);
    }
    sieve_status status = sqlite_put(out, " AND length(");
    if (status == SIEVE_OK)
        status = sqlite_put_column(out, name, handle);
    if (status == SIEVE_OK)
        status = sqlite_put(out, ")=");
    return status == SIEVE_OK ? sqlite_put_number(out, count) : status;
}

static sieve_status put_cell_guard(const char *name, const struct repair_row *row,
                                   const struct change *change, struct buffer *out)
{
    const enum sqlite_handle handle = sqlite_handle_of(row, change->column);
    const struct bytes cell = row->cells[change->column].bytes;
    static const char *const types[] = {
        [SQLITE_BY_CHARACTERS] = ")='text'",
        [SQLITE_BY_BYTES] = ")='text'",
        [SQLITE_BYTES] = ")='blob'",
        [SQLITE_DIGITS] = ") IN ('integer','real')",
    };
    sieve_status status = sqlite_put(out, " AND typeof(");
    if (status == SIEVE_OK)
        status = sql_append_name(out, name);
    if (status == SIEVE_OK)
        status = sqlite_put(out, types[handle]);
    if (status == SIEVE_OK && handle != SQLITE_DIGITS)
        status = put_length(name, handle, cell, out);
    for (size_t index = 0; index < change->region_count && status == SIEVE_OK; index++) {
        if (has_own_text(handle, cell))
            status = put_region(name, change, cell, &change->regions[index], handle, out);
    }
    return status;
}

/* ---- which row --------------------------------------------------------------------- */

/* A value of a key as a literal. */
static sieve_status put_key(const struct repair_row *row, size_t column,
                            struct buffer *out)
{
    const struct bytes value = row->cells[column].bytes;
    if (!value.at)
        return sqlite_put(out, " IS NULL");
    sieve_status status = sqlite_put(out, "=");
    if (status != SIEVE_OK)
        return status;
    if (row->numbers[column])
        return buffer_append(out, value);
    if (row->cells[column].is_binary)
        return repair_append_hex(out, "x'", value, "'");
    if (sqlite_is_clean(value))
        return buffer_append_quoted(out, value, '\'');
    return repair_append_hex(out, "CAST(x'", value, "' AS TEXT)");
}

static sieve_status put_row(const struct table *table, const struct repair_row *row,
                            struct buffer *out)
{
    sieve_status status = SIEVE_OK;
    const char *between = "";
    if (row->locator) {
        status = sqlite_put(out, sqlite_rowid_name(table));
        if (status == SIEVE_OK)
            status = sqlite_put(out, "=");
        return status == SIEVE_OK ? sqlite_put(out, row->locator) : status;
    }
    for (size_t index = 0; index < table->column_count && status == SIEVE_OK; index++) {
        if (!table->columns[index].is_key)
            continue;
        status = sqlite_put(out, between);
        if (status == SIEVE_OK)
            status = sql_append_name(out, table->columns[index].name);
        if (status == SIEVE_OK)
            status = put_key(row, index, out);
        between = " AND ";
    }
    return status;
}

sieve_status sqlite_append_guard(const struct repair_update *update, struct buffer *out)
{
    const struct table *table = update->table->table;
    sieve_status status = sqlite_put(out, " WHERE ");
    if (status == SIEVE_OK)
        status = put_row(table, update->row, out);
    for (size_t index = 0; index < update->count && status == SIEVE_OK; index++)
        status = put_cell_guard(table->columns[update->changes[index].column].name,
                                update->row, &update->changes[index], out);
    return status;
}
