#include <stdlib.h>

#include "source/myrepair.h"

static void put_hex(struct statement *statement, const char *open, struct bytes bytes)
{
    if (statement->status == SIEVE_OK)
        statement->status = repair_append_hex(&statement->text, open, bytes, "'");
}

static const char *name_of(const struct mytable *table, size_t column)
{
    return table->columns[column].name;
}

static void put_text(struct statement *statement, const char *before, const char *name,
                     const char *behind)
{
    statement_put(statement, before);
    statement_put_name(statement, name);
    statement_put(statement, behind);
}

/* ---- values ------------------------------------------------------------------------ */

/* The column in the bytes in which it was read. */
static void put_bytes_of(const struct mytable *table, size_t column,
                         struct statement *statement)
{
    const char *name = name_of(table, column);
    switch ((int)table->types[column].form) {
    case MYFORM_WIDE:
        put_text(statement, "CAST(CONVERT(", name, " USING utf8mb4) AS BINARY)");
        break;
    default:
        put_text(statement, "CAST(", name, " AS BINARY)");
        break;
    }
}

/* The bytes from `from` on, so many or, if that is SIZE_MAX, all. */
static void put_part(const struct mytable *table, size_t column, size_t from,
                     size_t count, struct statement *statement)
{
    statement_put(statement, "SUBSTR(");
    put_bytes_of(table, column, statement);
    statement_put(statement, ",");
    statement_put_number(statement, from + 1);
    if (count != SIZE_MAX) {
        statement_put(statement, ",");
        statement_put_number(statement, count);
    }
    statement_put(statement, ")");
}

static void put_pieces(const struct mytable *table, const struct change *change,
                       const struct character_edit *pieces, size_t count,
                       struct statement *statement)
{
    uint64_t at = 0;
    statement_put(statement, "CONCAT(");
    for (size_t index = 0; index < count; index++) {
        const struct character_edit *piece = &pieces[index];
        if (piece->from > at) {
            put_part(table, change->column, (size_t)at, (size_t)(piece->from - at),
                     statement);
            statement_put(statement, ",");
        }
        put_hex(statement, "X'", piece->text);
        statement_put(statement, ",");
        at = piece->from + piece->count;
    }
    put_part(table, change->column, (size_t)at, SIZE_MAX, statement);
    statement_put(statement, ")");
}

/* Bytes that become text keep what they are, and the server looks whether they can be. */
static void put_masked(const struct mytable *table, const struct repair_row *row,
                       const struct change *change, int as_text,
                       struct statement *statement)
{
    const struct mytype *type = &table->types[change->column];
    const int is_converted = type->charset && (as_text || type->form == MYFORM_WIDE);
    struct character_edit *pieces = calloc(change->edit_count + 1, sizeof pieces[0]);
    if (!pieces) {
        statement->status = SIEVE_E_MEMORY;
        return;
    }
    const size_t count = edits_as_pieces(change, row->cells[change->column].bytes,
                                         repair_byte_length, pieces);
    statement_put(statement, is_converted ? "CONVERT(" : "");
    put_pieces(table, change, pieces, count, statement);
    if (is_converted) {
        statement_put(statement, " USING ");
        statement_put(statement, type->form == MYFORM_WIDE ? "utf8mb4" : type->charset);
        statement_put(statement, ")");
    }
    free(pieces);
}

void myupdate_put_value(const struct myrepair *repair, const struct repair_row *row,
                        const struct change *change, int as_text,
                        struct statement *statement)
{
    switch (change->kind) {
    case CHANGE_NULL:
        statement_put(statement, "NULL");
        break;
    case CHANGE_ZERO:
        statement_put(statement, "0");
        break;
    case CHANGE_EMPTY:
        statement_put(statement, "''");
        break;
    case CHANGE_MASK:
        put_masked(repair->from, row, change, as_text, statement);
        break;
    }
}

/* ---- the guard --------------------------------------------------------------------- */

static int is_plain(struct bytes value)
{
    for (size_t index = 0; index < value.length; index++)
        if (value.at[index] < 0x20 || value.at[index] > 0x7E)
            return 0;
    return 1;
}

void myupdate_put_key(const struct mytable *table, size_t column, struct bytes value,
                      int is_told, struct statement *statement)
{
    const struct mytype *type = &table->types[column];
    const int is_binary = type->form == MYFORM_BYTES;
    statement_put_name(statement, name_of(table, column));
    statement_put(statement, "=");
    if (!is_binary && is_plain(value)) {
        if (statement->status == SIEVE_OK)
            statement->status = buffer_append_quoted(&statement->text, value, '\'');
        return;
    }
    statement_put(statement, is_binary ? "" : "_");
    if (!is_binary)
        statement_put(statement, is_told || type->form == MYFORM_WIDE || !type->charset
                                     ? "utf8mb4"
                                     : type->charset);
    put_hex(statement, is_binary ? "X'" : " X'", value);
}

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* HEX() of a region against a pattern: a digit that the mask shows as it is, another as
 * any digit, and what is no digit as anything. */
static void put_region(const struct mytable *table, const struct change *change,
                       struct bytes cell, const struct region *region,
                       struct statement *statement)
{
    statement_put(statement, " AND HEX(");
    put_part(table, change->column, region->offset, region->length, statement);
    statement_put(statement, ") RLIKE '^");
    for (size_t at = region->offset; at < region->offset + region->length; at++) {
        const unsigned char was = cell.at[at];
        if (!is_digit(was))
            statement_put(statement, "..");
        else if (region->is_sensitive || was != change->masked.at[at])
            statement_put(statement, "3[0-9]");
        else if (statement->status == SIEVE_OK)
            statement->status =
                repair_append_hex(&statement->text, "", bytes_of(&was, 1), "");
    }
    statement_put(statement, "$'");
}

static int is_whole(struct bytes cell)
{
    for (size_t index = 0; index < cell.length; index++)
        if (!is_digit(cell.at[index]) && cell.at[index] != '-')
            return 0;
    return cell.length > 0;
}

/* A whole number by the digits that the mask shows; of another that it is as long as a
 * card's: its text need not be the one that was read. */
static void put_number_guard(const struct mytable *table, const struct change *change,
                             struct bytes cell, struct statement *statement)
{
    const char *name = name_of(table, change->column);
    size_t index = 0;
    if (!is_whole(cell) || change->masked.length != cell.length) {
        put_text(statement, " AND ABS(", name, ")>=1e11");
        return;
    }
    put_text(statement, " AND CAST(CAST(", name,
             "+0 AS DECIMAL(65,0)) AS CHAR) RLIKE '^");
    for (size_t at = 0; at < cell.length; at++) {
        while (index < change->region_count &&
               at >= change->regions[index].offset + change->regions[index].length)
            index++;
        const int is_inside =
            index < change->region_count && at >= change->regions[index].offset;
        const int is_shown = is_inside && !change->regions[index].is_sensitive &&
                             cell.at[at] == change->masked.at[at];
        if (!is_digit(cell.at[at]))
            statement_put(statement, "-");
        else if (is_shown)
            statement_put_bytes(statement, bytes_of(cell.at + at, 1));
        else
            statement_put(statement, "[0-9]");
    }
    statement_put(statement, "$'");
}

static void put_cell_guard(const struct mytable *table, const struct repair_row *row,
                           const struct change *change, struct statement *statement)
{
    const struct bytes cell = row->cells[change->column].bytes;
    if (row->numbers[change->column]) {
        put_number_guard(table, change, cell, statement);
        return;
    }
    statement_put(statement, " AND LENGTH(");
    put_bytes_of(table, change->column, statement);
    statement_put(statement, ")=");
    statement_put_number(statement, cell.length);
    for (size_t index = 0; index < change->region_count; index++)
        put_region(table, change, cell, &change->regions[index], statement);
}

void myupdate_put_guard(const struct myrepair *repair, const struct repair_update *update,
                        struct statement *statement)
{
    const struct mytable *table = repair->from;
    const char *between = " WHERE ";
    for (size_t index = 0; index < table->table.column_count; index++) {
        if (!table->columns[index].is_key)
            continue;
        statement_put(statement, between);
        myupdate_put_key(table, index, update->row->cells[index].bytes, 0, statement);
        between = " AND ";
    }
    for (size_t index = 0; index < update->count; index++)
        put_cell_guard(table, update->row, &update->changes[index], statement);
}

/* ---- the statement ----------------------------------------------------------------- */

void myupdate_put_table(const struct myrepair *repair, struct statement *statement)
{
    statement_put_name(statement, repair->from->table.schema);
    statement_put(statement, ".");
    statement_put_name(statement, repair->from->table.name);
}

sieve_status myupdate_append(struct repair *self, const struct repair_update *update,
                             struct buffer *out)
{
    struct myrepair *repair = (struct myrepair *)self;
    struct statement *statement = &repair->statement;
    statement_begin(statement);
    statement_put(statement, "UPDATE ");
    myupdate_put_table(repair, statement);
    for (size_t index = 0; index < update->count; index++) {
        const struct change *change = &update->changes[index];
        statement_put(statement, index == 0 ? " SET " : ",");
        statement_put_name(statement, name_of(repair->from, change->column));
        statement_put(statement, "=");
        myupdate_put_value(repair, update->row, change, 0, statement);
    }
    myupdate_put_guard(repair, update, statement);
    return statement->status == SIEVE_OK
               ? buffer_append(out, buffer_bytes(&statement->text))
               : statement->status;
}
