#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "source/pgnames.h"
#include "source/pgrepair.h"

static sieve_status make_room(struct pgrepair *repair, size_t count)
{
    if (repair->fields && count <= repair->capacity)
        return SIEVE_OK;
    free(repair->fields);
    free(repair->cells);
    free(repair->numbers);
    repair->capacity = 0;
    repair->fields = calloc(count + 2, sizeof repair->fields[0]);
    repair->cells = calloc(count + 1, sizeof repair->cells[0]);
    repair->numbers = calloc(count + 1, sizeof repair->numbers[0]);
    if (!repair->fields || !repair->cells || !repair->numbers)
        return SIEVE_E_MEMORY;
    repair->capacity = count;
    return SIEVE_OK;
}

static sieve_status put_key(const struct table *table, const struct repair_place *place,
                            struct buffer *sql)
{
    size_t number = 0;
    sieve_status status = SIEVE_OK;
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        if (!table->columns[column].is_key || number == place->key_count)
            continue;
        status = pgtext_append(sql, number > 0 ? " AND " : " WHERE ");
        if (status == SIEVE_OK)
            status = pgname_append(sql, table->columns[column].name);
        if (status == SIEVE_OK)
            status = pgtext_append(sql, "=");
        if (status == SIEVE_OK)
            status = buffer_append_quoted(sql, place->key[number++], '\'');
    }
    return status;
}

static sieve_status put_large(const struct repair_place *place, struct buffer *sql)
{
    sieve_status status = pgtext_append(sql, "(SELECT ");
    if (place->key_count != 2)
        return SIEVE_E_STATE;
    if (status == SIEVE_OK)
        status = buffer_append_quoted(sql, place->key[0], '\'');
    if (status == SIEVE_OK)
        status = pgtext_append(sql, "::pg_catalog.oid AS loid,");
    if (status == SIEVE_OK)
        status = buffer_append_quoted(sql, place->key[1], '\'');
    return status == SIEVE_OK ? pgtext_append(sql, "::pg_catalog.int8 AS start) s")
                              : status;
}

/* A large object's part by its number and where it begins; all else by a condition. */
static sieve_status put_fetch(struct pgrepair *repair, const struct pgtable *from,
                              const struct repair_place *place)
{
    struct buffer *sql = &repair->session.sql;
    sieve_status status =
        pgtext_append(sql, from->has_ctid ? "COPY (SELECT xmin::pg_catalog.text,"
                                          : "COPY (SELECT NULL::pg_catalog.text,");
    if (status == SIEVE_OK)
        status = pgtable_append_columns(from, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " FROM ");
    if (status == SIEVE_OK)
        status = from->has_ctid ? pgupdate_append_from(&from->table, sql)
                                : put_large(place, sql);
    if (status == SIEVE_OK && place->locator) {
        status = pgtext_append(sql, " WHERE ctid=");
        if (status == SIEVE_OK)
            status = pgliteral_append(sql, place->locator);
    } else if (status == SIEVE_OK && from->has_ctid) {
        status = put_key(&from->table, place, sql);
    }
    return status == SIEVE_OK ? pgtext_append(sql, ") TO STDOUT (FORMAT binary);")
                              : status;
}

/* A row that waits until the COPY has ended. */
struct waiting {
    struct pgrepair *repair;
    size_t field_count;
    size_t rows;
};

static sieve_status keep_row(const struct bytes *fields, void *context)
{
    struct waiting *waiting = context;
    struct pgrepair *repair = waiting->repair;
    sieve_status status = SIEVE_OK;
    size_t length = 0;
    if (waiting->rows++ > 0)
        return SIEVE_E_STATE; /* a key names one row */
    for (size_t index = 0; index < waiting->field_count; index++)
        length += fields[index].length;
    buffer_clear(&repair->row);
    status = buffer_reserve(&repair->row, length + 1);
    for (size_t index = 0; index < waiting->field_count && status == SIEVE_OK; index++) {
        const unsigned char *at = repair->row.at + repair->row.length;
        status = buffer_append(&repair->row, fields[index]);
        if (fields[index].at)
            repair->fields[index] = bytes_of(at, fields[index].length);
    }
    return status;
}

/* Makes cells of fields; of numbers their text. */
static sieve_status make_cells(struct pgrepair *repair, const struct pgtable *from,
                               const struct bytes *fields)
{
    size_t room = 0;
    size_t field = 0;
    for (size_t column = 0; column < from->table.column_count; column++) {
        if (from->decodings[column] != PGDECODE_NONE)
            room +=
                pgbinary_room((enum pgdecoding)from->decodings[column], fields[field++]);
    }
    buffer_clear(&repair->text);
    sieve_status status = buffer_reserve(&repair->text, room + 1);
    if (status != SIEVE_OK)
        return status;
    char *at = (char *)repair->text.at;
    field = 0;
    for (size_t column = 0; column < from->table.column_count; column++) {
        const enum pgdecoding decoding = (enum pgdecoding)from->decodings[column];
        struct cell *cell = &repair->cells[column];
        *cell = (struct cell){.is_binary = decoding == PGDECODE_BYTES};
        repair->numbers[column] = 0;
        if (decoding == PGDECODE_NONE)
            continue;
        const struct bytes value = fields[field++];
        if (!value.at)
            continue;
        cell->bytes =
            decoding >= PGDECODE_JSONB ? pgbinary_text(decoding, value, at) : value;
        if (cell->bytes.at == (unsigned char *)at)
            at += cell->bytes.length;
        repair->numbers[column] = decoding >= PGDECODE_MONEY && decoding != PGDECODE_UUID;
    }
    return SIEVE_OK;
}

static sieve_status tell(struct pgrepair *repair, const struct pgtable *from,
                         on_repair_row tell_row, void *context)
{
    const struct bytes *fields = repair->fields;
    char locator[PGLOCATOR_MAX];
    char version[NUMBER_TEXT_MAX] = "";
    sieve_status status = SIEVE_OK;
    if (fields[0].at && fields[0].length < sizeof version)
        memcpy(version, fields[0].at, fields[0].length);
    if (from->has_ctid)
        status = pgbinary_locator(fields[1], locator);
    if (status == SIEVE_OK)
        status = make_cells(repair, from, fields + 1 + from->has_ctid);
    const struct repair_row row = {repair->cells, repair->numbers,
                                   from->has_ctid ? locator : NULL,
                                   from->has_ctid ? version : NULL};
    return status == SIEVE_OK ? tell_row(&row, context) : status;
}

sieve_status pgfetch(struct repair *self, const struct table *table,
                     const struct repair_place *place, on_repair_row tell_row,
                     void *context, struct database_error *error)
{
    struct pgrepair *repair = (struct pgrepair *)self;
    const struct pgtable *from = repair->find(repair->database, table);
    struct waiting waiting = {.repair = repair, .field_count = 1 + from->has_ctid};
    *error = (struct database_error){.reason = "out of memory"};
    for (size_t column = 0; column < table->column_count; column++)
        waiting.field_count += from->decodings[column] != PGDECODE_NONE;
    sieve_status status = make_room(repair, waiting.field_count);
    if (status != SIEVE_OK)
        return status;
    memset(repair->fields, 0, (repair->capacity + 2) * sizeof repair->fields[0]);
    struct bytes *parted = calloc(waiting.field_count, sizeof parted[0]);
    if (!parted)
        return SIEVE_E_MEMORY;
    const struct pgtaker taker = {parted, waiting.field_count, keep_row, &waiting};
    status = pgsession_begin_ask(&repair->session, 1);
    if (status == SIEVE_OK)
        status = put_fetch(repair, from, place);
    if (status == SIEVE_OK)
        status = pgsession_ask(&repair->session, 1, &taker, error);
    free(parted);
    if (status == SIEVE_E_IO)
        pgrepair_explain(self, error);
    if (status != SIEVE_OK)
        repair->is_open = 0;
    return status == SIEVE_OK && waiting.rows > 0 ? tell(repair, from, tell_row, context)
                                                  : status;
}
