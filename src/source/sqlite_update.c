#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "source/sqlite_repair.h"

/* Terms in one chain of ||: SQLite builds no deeper expression than 1,000. */
#define CHAIN_MAX 64u

sieve_status sqlite_put_number(struct buffer *out, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    return buffer_append(out, bytes_of(text, number_text(number, text)));
}

/* ---- what kind of value ------------------------------------------------------------ */

int sqlite_is_clean(struct bytes text)
{
    for (size_t at = 0; at < text.length;) {
        const unsigned char lead = text.at[at];
        const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead == 0 || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4 ||
            length > text.length - at)
            return 0;
        for (size_t index = 1; index < length; index++) {
            if ((text.at[at + index] & 0xC0) != 0x80)
                return 0;
        }
        at += length;
    }
    return 1;
}

enum sqlite_handle sqlite_handle_of(const struct repair_row *row, size_t column)
{
    if (row->numbers[column])
        return SQLITE_DIGITS;
    if (row->cells[column].is_binary)
        return SQLITE_BYTES;
    return sqlite_is_clean(row->cells[column].bytes) ? SQLITE_BY_CHARACTERS
                                                     : SQLITE_BY_BYTES;
}

/* The column, as what it is taken apart as.  A real number that is whole has its digits
 * as an integer only. */
sieve_status sqlite_put_column(struct buffer *out, const char *name,
                               enum sqlite_handle handle)
{
    static const char *const casts[] = {
        [SQLITE_BY_CHARACTERS] = NULL,
        [SQLITE_BY_BYTES] = " AS BLOB)",
        [SQLITE_BYTES] = NULL,
        [SQLITE_DIGITS] = " AS INTEGER)",
    };
    sieve_status status = sqlite_put(out, casts[handle] ? "CAST(" : "");
    if (status == SIEVE_OK)
        status = sql_append_name(out, name);
    return status == SIEVE_OK && casts[handle] ? sqlite_put(out, casts[handle]) : status;
}

/* ---- the value --------------------------------------------------------------------- */

/* A chain of terms that || joins, in groups. */
struct chain {
    struct buffer *out;
    size_t count;
    unsigned unit; /* bytes or characters that a position counts */
};

static sieve_status begin_term(struct chain *chain)
{
    const char *between = chain->count == 0               ? "("
                          : chain->count % CHAIN_MAX == 0 ? ")||("
                                                          : "||";
    chain->count++;
    return sqlite_put(chain->out, between);
}

/* substr(column, from, count), counted from 0; a count of UINT64_MAX: all the rest. */
static sieve_status put_rest(struct chain *chain, const char *name,
                             enum sqlite_handle handle, uint64_t from, uint64_t count)
{
    sieve_status status = begin_term(chain);
    if (status == SIEVE_OK)
        status = sqlite_put(chain->out, "substr(");
    if (status == SIEVE_OK)
        status = sqlite_put_column(chain->out, name, handle);
    if (status == SIEVE_OK)
        status = sqlite_put(chain->out, ",");
    if (status == SIEVE_OK)
        status = sqlite_put_number(chain->out, from * chain->unit + 1);
    if (status == SIEVE_OK && count != UINT64_MAX) {
        status = sqlite_put(chain->out, ",");
        if (status == SIEVE_OK)
            status = sqlite_put_number(chain->out, count * chain->unit);
    }
    return status == SIEVE_OK ? sqlite_put(chain->out, ")") : status;
}

static sieve_status put_text(struct chain *chain, enum sqlite_handle handle,
                             struct bytes text)
{
    sieve_status status = begin_term(chain);
    if (status != SIEVE_OK)
        return status;
    return handle == SQLITE_BY_CHARACTERS
               ? buffer_append_quoted(chain->out, text, '\'')
               : repair_append_hex(chain->out, "x'", text, "'");
}

static sieve_status put_chain(struct chain *chain, const char *name,
                              enum sqlite_handle handle,
                              const struct character_edit *pieces, size_t count)
{
    uint64_t at = 0;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        const struct character_edit *piece = &pieces[index];
        if (piece->from > at)
            status = put_rest(chain, name, handle, at, piece->from - at);
        if (status == SIEVE_OK)
            status = put_text(chain, handle, piece->text);
        at = piece->from + piece->count;
    }
    if (status == SIEVE_OK)
        status = put_rest(chain, name, handle, at, UINT64_MAX);
    return status == SIEVE_OK ? sqlite_put(chain->out, ")") : status;
}

/* In a file of UTF-16 what || joins is cut to whole pairs of bytes. */
static size_t pair_length(const unsigned char *at, size_t left)
{
    (void)at;
    return left < 2 ? left : 2;
}

static sieve_status put_masked(const struct sqlite_repair *repair,
                               const struct repair_update *update,
                               const struct change *change, struct buffer *out)
{
    const char *name = update->table->table->columns[change->column].name;
    const enum sqlite_handle handle = sqlite_handle_of(update->row, change->column);
    const int in_pairs = repair->is_utf16 && handle != SQLITE_BY_CHARACTERS;
    struct chain chain = {.out = out, .unit = in_pairs ? 2 : 1};
    struct character_edit *pieces = calloc(change->edit_count, sizeof pieces[0]);
    if (!pieces)
        return SIEVE_E_MEMORY;
    const size_t count =
        edits_as_pieces(change, update->row->cells[change->column].bytes,
                        in_pairs                         ? pair_length
                        : handle == SQLITE_BY_CHARACTERS ? utf8_length
                                                         : repair_byte_length,
                        pieces);
    sieve_status status = sqlite_put(out, handle == SQLITE_BY_CHARACTERS ? "" : "CAST(");
    if (status == SIEVE_OK)
        status = put_chain(&chain, name, handle, pieces, count);
    if (status == SIEVE_OK && handle != SQLITE_BY_CHARACTERS)
        status = sqlite_put(out, handle == SQLITE_BYTES ? " AS BLOB)" : " AS TEXT)");
    free(pieces);
    return status;
}

sieve_status sqlite_append_value(const struct sqlite_repair *repair,
                                 const struct repair_update *update,
                                 const struct change *change, struct buffer *out)
{
    switch (change->kind) {
    case CHANGE_NULL:
        return sqlite_put(out, "NULL");
    case CHANGE_ZERO:
        return sqlite_put(out, "0");
    case CHANGE_EMPTY:
        return sqlite_put(out,
                          update->row->cells[change->column].is_binary ? "x''" : "''");
    case CHANGE_MASK:
        break;
    }
    return put_masked(repair, update, change, out);
}

sieve_status sqlite_append_update(struct repair *self, const struct repair_update *update,
                                  struct buffer *out)
{
    const struct table *of = update->table->table;
    const struct sqlite_repair *repair = (const struct sqlite_repair *)self;
    sieve_status status = sqlite_put(out, "UPDATE main.");
    if (status == SIEVE_OK)
        status = sql_append_name(out, of->name);
    for (size_t index = 0; index < update->count && status == SIEVE_OK; index++) {
        const struct change *change = &update->changes[index];
        status = sqlite_put(out, index == 0 ? " SET " : ", ");
        if (status == SIEVE_OK)
            status = sql_append_name(out, of->columns[change->column].name);
        if (status == SIEVE_OK)
            status = sqlite_put(out, "=");
        if (status == SIEVE_OK)
            status = sqlite_append_value(repair, update, change, out);
    }
    return status == SIEVE_OK ? sqlite_append_guard(update, out) : status;
}
