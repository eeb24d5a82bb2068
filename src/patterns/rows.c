/* rows.c - the text of a table into fields, row by row. */
#include "patterns/rows.h"

#include <string.h>

#include "patterns/builder.h"
#include "patterns/row_kinds.h"
#include "patterns/utf8.h"

#define LINE_LENGTH_MAX 4096u /* bytes; no row of ours comes near */

/* Where the reading of one table stands. */
struct reader {
    const struct row_kind *kind;
    const sieve_table *table;
    struct text rest;
    uint64_t line;
    size_t column_count;                 /* of the header; 0: not read yet */
    size_t column_field[ROW_FIELDS_MAX]; /* header column -> index in kind->columns */
};

static void fill_error(sieve_error *error, sieve_status status, const char *what,
                       const char *table, uint64_t line)
{
    if (error)
        *error = (sieve_error){status, what, table, line, 0};
}

/* "ranges.tsv" of "DIR/ranges.tsv". */
static const char *base_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

static const struct row_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < row_kind_count; i++) {
        if (strcmp(row_kinds[i].table, base_name(name)) == 0)
            return &row_kinds[i];
    }
    return NULL;
}

static size_t kind_column_count(const struct row_kind *kind)
{
    size_t count = 0;
    while (count < ROW_FIELDS_MAX && kind->columns[count].name)
        count++;
    return count;
}

/* ---- lines ----------------------------------------------------------------------- */

static const char *line_fault(struct text line)
{
    if (line.length > LINE_LENGTH_MAX)
        return "the line is too long";
    for (size_t offset = 0; offset < line.length;) {
        uint32_t code_point = 0;
        size_t width = utf8_decode(line.at + offset, line.length - offset, &code_point);
        if (width == 0)
            return "the line is not UTF-8";
        if ((code_point < 0x20 && code_point != '\t') || code_point == 0x7F)
            return "the line has a control character";
        offset += width;
    }
    return NULL;
}

static struct text next_line(struct reader *reader)
{
    struct text line = text_cut(&reader->rest, '\n');
    reader->line++;
    if (line.length > 0 && line.at[line.length - 1] == '\r')
        line.length--;
    return line;
}

static void skip_byte_order_mark(struct text *text)
{
    if (text->length >= 3 && memcmp(text->at, "\xEF\xBB\xBF", 3) == 0) {
        text->at += 3;
        text->length -= 3;
    }
}

/* ---- header ---------------------------------------------------------------------- */

static const char *take_header_field(struct reader *reader, struct text name)
{
    size_t count = kind_column_count(reader->kind);
    size_t field = 0;
    while (field < count && !text_equals(name, reader->kind->columns[field].name))
        field++;
    if (field == count)
        return "the first line names a column that this table does not have";
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->column_field[i] == field)
            return "the first line names a column twice";
    }
    reader->column_field[reader->column_count++] = field;
    return NULL;
}

static const char *take_header(struct reader *reader, struct text line)
{
    struct text rest = line;
    size_t needed = 0;
    do {
        const char *what = take_header_field(reader, text_cut(&rest, '\t'));
        if (what)
            return what;
    } while (rest.length > 0);
    for (size_t i = 0; i < reader->column_count; i++)
        needed += reader->kind->columns[reader->column_field[i]].need != COLUMN_OPTIONAL;
    for (size_t i = 0; i < kind_column_count(reader->kind); i++)
        needed -= reader->kind->columns[i].need != COLUMN_OPTIONAL;
    return needed == 0 ? NULL : "the first line lacks a column that this table needs";
}

/* ---- rows ------------------------------------------------------------------------ */

static const char *split_row(const struct reader *reader, struct text line,
                             struct row *row)
{
    struct text rest = line;
    row->removes = line.at[0] == '-';
    if (row->removes)
        text_cut(&rest, '-');
    for (size_t i = 0; i == 0 || rest.length > 0; i++) {
        if (i == reader->column_count)
            return "the row has more fields than the table has columns";
        row->fields[reader->column_field[i]] = text_cut(&rest, '\t');
    }
    for (size_t i = 0; i < kind_column_count(reader->kind); i++) {
        enum column_need need = reader->kind->columns[i].need;
        int needed = need == COLUMN_KEY || (need == COLUMN_REQUIRED && !row->removes);
        if (needed && row->fields[i].length == 0)
            return "a field of the row is empty that must not be";
    }
    return NULL;
}

static sieve_status take_row(const struct reader *reader, struct text line,
                             struct pattern_builder *builder, sieve_error *error)
{
    struct row row = {.table = reader->table->name, .line = reader->line};
    for (size_t i = 0; i < ROW_FIELDS_MAX; i++)
        row.fields[i].at = line.at;
    sieve_status status = SIEVE_OK;
    row.what = split_row(reader, line, &row);
    if (row.what)
        status = SIEVE_E_PATTERN;
    else if (reader->kind->take)
        status = reader->kind->take(&row, builder);
    if (status == SIEVE_E_LIMIT) {
        row.what = "the table has too many rows";
        status = SIEVE_E_PATTERN;
    }
    if (status == SIEVE_E_PATTERN)
        fill_error(error, status, row.what, row.table, row.line);
    else if (status != SIEVE_OK)
        fill_error(error, status, "out of memory", NULL, 0);
    return status;
}

static sieve_status take_line(struct reader *reader, struct text line,
                              struct pattern_builder *builder, sieve_error *error)
{
    const char *what = line_fault(line);
    if (!what && (line.length == 0 || line.at[0] == '#'))
        return SIEVE_OK;
    if (!what && reader->column_count > 0)
        return take_row(reader, line, builder, error);
    if (!what)
        what = take_header(reader, line);
    if (!what)
        return SIEVE_OK;
    fill_error(error, SIEVE_E_PATTERN, what, reader->table->name, reader->line);
    return SIEVE_E_PATTERN;
}

static sieve_status rows_parse(const sieve_table *table, struct pattern_builder *builder,
                               sieve_error *error)
{
    struct reader reader = {.kind = find_kind(table->name), .table = table};
    const char *what = NULL;
    if (!reader.kind)
        what = "there is no table of this name";
    else if (reader.kind->fixed && !builder->from_nothing)
        what = "this table is part of the build and cannot be changed";
    if (what) {
        fill_error(error, SIEVE_E_PATTERN, what, table->name, 0);
        return SIEVE_E_PATTERN;
    }
    reader.rest = (struct text){table->text ? table->text : "", table->length};
    skip_byte_order_mark(&reader.rest);
    while (reader.rest.length > 0) {
        struct text line = next_line(&reader);
        sieve_status status = take_line(&reader, line, builder, error);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

/* ---- all tables ------------------------------------------------------------------ */

/* Unknown names are read first, so that they are refused before anything else. */
static sieve_status parse_all(const sieve_table *tables, size_t table_count,
                              struct pattern_builder *builder, sieve_error *error)
{
    for (size_t k = 0; k <= row_kind_count; k++) {
        const struct row_kind *kind = k == 0 ? NULL : &row_kinds[k - 1];
        for (size_t i = 0; i < table_count; i++) {
            if (find_kind(tables[i].name) != kind)
                continue;
            sieve_status status = rows_parse(&tables[i], builder, error);
            if (status != SIEVE_OK)
                return status;
        }
    }
    return SIEVE_OK;
}

sieve_status patterns_merge(const struct pattern_set *base, const sieve_table *tables,
                            size_t table_count, struct pattern_set **out,
                            sieve_error *error)
{
    struct pattern_builder *builder = builder_new(base);
    sieve_status status = builder ? SIEVE_OK : SIEVE_E_MEMORY;
    if (status == SIEVE_OK)
        status = parse_all(tables, table_count, builder, error);
    if (status == SIEVE_E_PATTERN) {
        builder_free(builder);
        return status;
    }
    if (status == SIEVE_OK)
        status = builder_finish(builder, base);
    if (status == SIEVE_OK) {
        *out = &builder->set;
        return SIEVE_OK;
    }
    builder_free(builder);
    if (status == SIEVE_E_LIMIT) {
        fill_error(error, SIEVE_E_PATTERN, "too many words", "words.tsv", 0);
        return SIEVE_E_PATTERN;
    }
    fill_error(error, status, "out of memory", NULL, 0);
    return status;
}
