#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "source/pgnames.h"
#include "source/pgrepair.h"

/* More pieces than these are joined instead of laid over each other, in groups: the
 * server builds no expression of any depth. */
#define OVERLAYS_MAX 8u
#define CHAIN_MAX    64u

/* ---- pieces ------------------------------------------------------------------------ */

/* How one cell is written. */
struct writing {
    const struct pgrepair *repair;
    const struct column *column;
    enum pgvalue value;
    struct buffer *out;
};

static sieve_status put_column(const struct writing *writing)
{
    sieve_status status = pgname_append(writing->out, writing->column->name);
    return status == SIEVE_OK && writing->value != PGVALUE_TEXT &&
                   writing->value != PGVALUE_BYTES
               ? pgtext_append(writing->out, "::pg_catalog.text")
               : status;
}

static int is_ascii(struct bytes text)
{
    for (size_t index = 0; index < text.length; index++) {
        if (text.at[index] >= 0x80)
            return 0;
    }
    return 1;
}

/* What takes the place of a piece.  A statement is UTF-8, whatever the server keeps. */
static sieve_status put_text(const struct writing *writing, struct bytes text)
{
    const char *encoding = pglink_encoding(writing->repair->session.link);
    struct buffer *out = writing->out;
    if (writing->value == PGVALUE_BYTES)
        return repair_append_hex(out, "'\\x", text, "'::pg_catalog.bytea");
    if (is_ascii(text) || strcmp(encoding, "UTF8") == 0)
        return buffer_append_quoted(out, text, '\'');
    sieve_status status =
        repair_append_hex(out, "pg_catalog.convert_from('\\x", text, "',");
    if (status == SIEVE_OK)
        status = pgliteral_append(out, encoding);
    return status == SIEVE_OK ? pgtext_append(out, ")") : status;
}

/* overlay(overlay(column placing '***' from 20 for 3) placing '***' from 4 for 3) */
static sieve_status put_overlays(const struct writing *writing,
                                 const struct character_edit *pieces, size_t count)
{
    struct buffer *out = writing->out;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++)
        status = pgtext_append(out, "overlay(");
    if (status == SIEVE_OK)
        status = put_column(writing);
    for (size_t index = count; index > 0 && status == SIEVE_OK; index--) {
        const struct character_edit *piece = &pieces[index - 1];
        status = pgtext_append(out, " placing ");
        if (status == SIEVE_OK)
            status = put_text(writing, piece->text);
        if (status == SIEVE_OK)
            status = pgtext_append(out, " from ");
        if (status == SIEVE_OK)
            status = pgnumber_append(out, piece->from + 1);
        if (status == SIEVE_OK)
            status = pgtext_append(out, " for ");
        if (status == SIEVE_OK)
            status = pgnumber_append(out, piece->count);
        if (status == SIEVE_OK)
            status = pgtext_append(out, ")");
    }
    return status;
}

static sieve_status begin_term(const struct writing *writing, size_t *count)
{
    const char *between = *count == 0 ? "(" : *count % CHAIN_MAX == 0 ? ")||(" : "||";
    ++*count;
    return pgtext_append(writing->out, between);
}

/* substr(column,from,count), counted from 0; a count of UINT64_MAX: all the rest. */
static sieve_status put_rest(const struct writing *writing, uint64_t from, uint64_t count)
{
    struct buffer *out = writing->out;
    sieve_status status = pgtext_append(out, "substr(");
    if (status == SIEVE_OK)
        status = put_column(writing);
    if (status == SIEVE_OK)
        status = pgtext_append(out, ",");
    if (status == SIEVE_OK)
        status = pgnumber_append(out, from + 1);
    if (status == SIEVE_OK && count != UINT64_MAX) {
        status = pgtext_append(out, ",");
        if (status == SIEVE_OK)
            status = pgnumber_append(out, count);
    }
    return status == SIEVE_OK ? pgtext_append(out, ")") : status;
}

static sieve_status put_chain(const struct writing *writing,
                              const struct character_edit *pieces, size_t count)
{
    uint64_t at = 0;
    size_t terms = 0;
    sieve_status status = pgtext_append(writing->out, "(");
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        const struct character_edit *piece = &pieces[index];
        if (piece->from > at) {
            status = begin_term(writing, &terms);
            if (status == SIEVE_OK)
                status = put_rest(writing, at, piece->from - at);
        }
        if (status == SIEVE_OK)
            status = begin_term(writing, &terms);
        if (status == SIEVE_OK)
            status = put_text(writing, piece->text);
        at = piece->from + piece->count;
    }
    if (status == SIEVE_OK)
        status = begin_term(writing, &terms);
    if (status == SIEVE_OK)
        status = put_rest(writing, at, UINT64_MAX);
    return status == SIEVE_OK ? pgtext_append(writing->out, "))") : status;
}

static sieve_status put_masked(const struct writing *writing,
                               const struct repair_update *update,
                               const struct change *change)
{
    const struct bytes cell = update->row->cells[change->column].bytes;
    struct character_edit *pieces = calloc(change->edit_count, sizeof pieces[0]);
    if (!pieces)
        return SIEVE_E_MEMORY;
    const size_t count = edits_as_pieces(
        change, cell,
        writing->value == PGVALUE_BYTES ? repair_byte_length : writing->repair->length_of,
        pieces);
    sieve_status status = count <= OVERLAYS_MAX ? put_overlays(writing, pieces, count)
                                                : put_chain(writing, pieces, count);
    free(pieces);
    if (status != SIEVE_OK || writing->value == PGVALUE_TEXT ||
        writing->value == PGVALUE_BYTES)
        return status;
    status = pgtext_append(writing->out, "::");
    return status == SIEVE_OK ? pgtext_append(writing->out, writing->column->type)
                              : status;
}

sieve_status pgupdate_append_value(const struct pgrepair *repair,
                                   const struct repair_update *update,
                                   const struct change *change, struct buffer *out)
{
    const struct writing writing = {
        .repair = repair,
        .column = &update->table->table->columns[change->column],
        .value = (enum pgvalue)repair->examined.values[change->column],
        .out = out,
    };
    switch (change->kind) {
    case CHANGE_NULL:
        return pgtext_append(out, "NULL");
    case CHANGE_ZERO:
        return pgtext_append(out, "0");
    case CHANGE_EMPTY:
        return pgtext_append(out, "''");
    case CHANGE_MASK:
        break;
    }
    return put_masked(&writing, update, change);
}

/* ---- large objects ----------------------------------------------------------------- */

static int is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The bytes of a number as a pattern of their hexadecimal digits: those that the mask
 * shows as they are, the others of their kind. */
static sieve_status put_pattern(const struct change *change, struct bytes cell,
                                const struct region *region, struct buffer *out)
{
    sieve_status status = pgtext_append(out, "'^");
    for (size_t index = 0; index < region->length && status == SIEVE_OK; index++) {
        const size_t at = region->offset + index;
        if (!is_digit(cell.at[at]))
            status = pgtext_append(out, "..");
        else if (region->is_sensitive || cell.at[at] != change->masked.at[at])
            status = pgtext_append(out, "3[0-9]");
        else
            status = repair_append_hex(out, "", bytes_of(&cell.at[at], 1), "");
    }
    return status == SIEVE_OK ? pgtext_append(out, "$'") : status;
}

/* A part of a large object begins at `start`. */
static sieve_status put_object(const struct repair_row *row, uint64_t offset,
                               struct buffer *out)
{
    uint64_t start = 0;
    char number[NUMBER_TEXT_MAX];
    const struct bytes text = row->cells[1].bytes;
    if (text.length >= sizeof number)
        return SIEVE_E_CORRUPT;
    memcpy(number, text.at, text.length);
    number[text.length] = '\0';
    if (number_parse(number, INT64_MAX, &start) < 0)
        return SIEVE_E_CORRUPT;
    sieve_status status = buffer_append(out, row->cells[0].bytes);
    if (status == SIEVE_OK)
        status = pgtext_append(out, ",");
    return status == SIEVE_OK ? pgnumber_append(out, start + offset) : status;
}

/* Each edit is a call of lo_put(); they are made one after the other, or none is. */
static sieve_status put_large(const struct repair_update *update, struct buffer *out)
{
    const struct change *change = &update->changes[0];
    const struct bytes cell = update->row->cells[change->column].bytes;
    sieve_status status = pgtext_append(out, "SELECT CASE WHEN ROW(");
    for (size_t index = 0; index < change->edit_count && status == SIEVE_OK; index++) {
        const struct edit *edit = &change->edits[index];
        status = pgtext_append(out, index > 0 ? "),lo_put(" : "lo_put(");
        if (status == SIEVE_OK)
            status = put_object(update->row, edit->offset, out);
        if (status == SIEVE_OK)
            status = repair_append_hex(out, ",'\\x", edit->text, "'::pg_catalog.bytea");
    }
    if (status == SIEVE_OK)
        status = pgtext_append(out, ")) IS NULL THEN NULL::pg_catalog.tid END AS ctid");
    for (size_t index = 0; index < change->region_count && status == SIEVE_OK; index++) {
        const struct region *region = &change->regions[index];
        status = pgtext_append(out, index > 0 ? " AND encode(lo_get("
                                              : " WHERE encode(lo_get(");
        if (status == SIEVE_OK)
            status = put_object(update->row, region->offset, out);
        if (status == SIEVE_OK)
            status = pgtext_append(out, ",");
        if (status == SIEVE_OK)
            status = pgnumber_append(out, region->length);
        if (status == SIEVE_OK)
            status = pgtext_append(out, "),'hex')~");
        if (status == SIEVE_OK)
            status = put_pattern(change, cell, region, out);
    }
    return status;
}

/* ---- the statement ----------------------------------------------------------------- */

sieve_status pgupdate_append_from(const struct table *table, struct buffer *out)
{
    sieve_status status = pgtext_append(out, "ONLY ");
    if (status == SIEVE_OK)
        status = pgname_append(out, table->schema);
    if (status == SIEVE_OK)
        status = pgtext_append(out, ".");
    return status == SIEVE_OK ? pgname_append(out, table->name) : status;
}

sieve_status pgupdate_append_guard(const struct repair_row *row, struct buffer *out)
{
    sieve_status status = pgtext_append(out, " WHERE ctid='");
    if (status == SIEVE_OK)
        status = pgtext_append(out, row->locator);
    if (status == SIEVE_OK)
        status = pgtext_append(out, "' AND xmin='");
    if (status == SIEVE_OK)
        status = pgtext_append(out, row->version);
    return status == SIEVE_OK ? pgtext_append(out, "'") : status;
}

sieve_status pgupdate_append(struct repair *self, const struct repair_update *update,
                             struct buffer *out)
{
    const struct pgrepair *repair = (const struct pgrepair *)self;
    const struct table *table = update->table->table;
    if (table->kind == TABLE_LARGE)
        return put_large(update, out);
    sieve_status status = pgtext_append(out, "UPDATE ");
    if (status == SIEVE_OK)
        status = pgupdate_append_from(table, out);
    for (size_t index = 0; index < update->count && status == SIEVE_OK; index++) {
        const struct change *change = &update->changes[index];
        status = pgtext_append(out, index == 0 ? " SET " : ", ");
        if (status == SIEVE_OK)
            status = pgname_append(out, table->columns[change->column].name);
        if (status == SIEVE_OK)
            status = pgtext_append(out, "=");
        if (status == SIEVE_OK)
            status = pgupdate_append_value(repair, update, change, out);
    }
    if (status == SIEVE_OK)
        status = pgupdate_append_guard(update->row, out);
    return status == SIEVE_OK ? pgtext_append(out, " RETURNING ctid") : status;
}
