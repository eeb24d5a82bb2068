/* How: the lowest and the highest key of a part are looked up, a border is chosen between
 * them, the server's own estimate for ranges of an index tells how many rows lie on each
 * side, and what is too much is parted again.  All of it goes down the index a few times
 * and reads no rows. */
#include "source/mycut.h"

#include <stdlib.h>

#include "base/number.h"
#include "source/myborder.h"

#define RANGE_BYTES (8u << 20) /* of one range if nobody says */
#define RANGES_MAX  4096u      /* of one part */
#define STEPS_SPARE 64u        /* that part less than was hoped */

/* Deepest stack: each step halves what is left of it, or comes to an end. */
#define SEGMENTS_MAX 256u

/* Rows that lie between two borders; each has some. */
struct segment {
    struct myvalue *first; /* of the key of the first row, and of the last */
    struct myvalue *last;
    const char *begin; /* NULL: the part's own */
    const char *end;
    uint64_t rows; /* about */
};

struct cutting {
    struct mycatalog *catalog;
    struct mylink *link;
    struct statement *statement;
    struct database_error *error;
    struct mytable *table;
    struct mypart *part;
    uint64_t rows_wanted; /* in a range */
    struct segment *segments;
    size_t segment_count;
    uint64_t rows_since; /* the last border that was kept */
    size_t capacity;     /* of the part's borders */
};

/* ---- looking at the index ---------------------------------------------------------- */

static void put_between(struct cutting *cutting, const char *begin, const char *end)
{
    struct statement *statement = cutting->statement;
    mytable_put_from(cutting->table, cutting->part, 1, statement);
    statement_put(statement, " WHERE ");
    if (!begin && !end)
        statement_put(statement, "1=1");
    if (begin)
        myborder_put(cutting->table, begin, 0, statement);
    if (begin && end)
        statement_put(statement, " AND ");
    if (end)
        myborder_put(cutting->table, end, 1, statement);
}

struct edge {
    struct cutting *cutting;
    struct myvalue *values;
    int is_found;
};

static sieve_status take_edge(const struct bytes *fields, void *context)
{
    struct edge *edge = context;
    edge->is_found = 1;
    for (size_t index = 0; index < edge->cutting->table->key.count; index++)
        myvalue_read(edge->cutting->table, index, fields[index], &edge->values[index]);
    return SIEVE_OK;
}

/* The key of the first or the last row between two borders; NULL if there is none. */
static sieve_status read_edge(struct cutting *cutting, const char *begin, const char *end,
                              int is_last, struct myvalue **out)
{
    struct statement *statement = cutting->statement;
    const struct mykey *key = &cutting->table->key;
    struct edge edge = {.cutting = cutting};
    const struct mytaker taker = {key->count, take_edge, &edge};
    *out = NULL;
    edge.values = calloc(key->count, sizeof *edge.values);
    if (!edge.values)
        return SIEVE_E_MEMORY;
    statement_begin(statement);
    for (size_t index = 0; index < key->count; index++) {
        statement_put(statement, index == 0 ? "SELECT " : ",");
        myvalue_put(cutting->table, index, statement);
    }
    put_between(cutting, begin, end);
    for (size_t index = 0; index < key->count; index++) {
        statement_put(statement, index == 0 ? " ORDER BY " : ",");
        statement_put_name(statement, cutting->table->columns[key->columns[index]].name);
        statement_put(statement, is_last ? " DESC" : "");
    }
    statement_put(statement, " LIMIT 1");
    sieve_status status = mylink_run(cutting->link, statement, &taker, cutting->error);
    if (status == SIEVE_OK && edge.is_found)
        *out = edge.values;
    else
        free(edge.values);
    return status;
}

/* id, select_type, table, [partitions,] type, possible_keys, key, key_len, ref, rows,
 * [filtered,] Extra: the last two or three columns. */
#define EXPLAIN_MARIADB_FIELDS 10u
#define EXPLAIN_MARIADB_ROWS   8u
#define EXPLAIN_MYSQL_FIELDS   12u
#define EXPLAIN_MYSQL_ROWS     9u

struct estimate {
    size_t field;
    uint64_t rows;
};

static sieve_status take_estimate(const struct bytes *fields, void *context)
{
    struct estimate *estimate = context;
    const struct bytes field = fields[estimate->field];
    if (field.at && number_parse((const char *)field.at, UINT64_MAX, &estimate->rows) < 0)
        return SIEVE_E_CORRUPT;
    return SIEVE_OK;
}

static sieve_status estimate_rows(struct cutting *cutting, const char *begin,
                                  const char *end, uint64_t *out)
{
    const int is_mariadb = mylink_is_mariadb(cutting->link);
    struct estimate estimate = {is_mariadb ? EXPLAIN_MARIADB_ROWS : EXPLAIN_MYSQL_ROWS,
                                0};
    const struct mytaker taker = {is_mariadb ? EXPLAIN_MARIADB_FIELDS
                                             : EXPLAIN_MYSQL_FIELDS,
                                  take_estimate, &estimate};
    struct statement *statement = cutting->statement;
    const struct mykey *key = &cutting->table->key;
    statement_begin(statement);
    statement_put(statement, "EXPLAIN SELECT ");
    statement_put_name(statement, cutting->table->columns[key->columns[0]].name);
    put_between(cutting, begin, end);
    sieve_status status = mylink_run(cutting->link, statement, &taker, cutting->error);
    *out = estimate.rows;
    return status;
}

/* ---- parting ----------------------------------------------------------------------- */

static void segment_done(struct segment *segment)
{
    free(segment->first);
    free(segment->last);
    *segment = (struct segment){.rows = 0};
}

/* Tries one border.  *is_parted_out is 1 if there are rows on both sides of it; then
 * `segment` is what lies before and `behind` what lies behind it. */
static sieve_status try_border(struct cutting *cutting, struct segment *segment,
                               const char *border, struct segment *behind,
                               int *is_parted_out)
{
    struct myvalue *last = NULL;
    struct myvalue *first = NULL;
    uint64_t rows = 0;
    *is_parted_out = 0;
    const char *kept = mycatalog_keep(cutting->catalog, bytes_of_text(border));
    if (!kept)
        return SIEVE_E_MEMORY;
    sieve_status status = read_edge(cutting, segment->begin, kept, 1, &last);
    if (status == SIEVE_OK && last)
        status = read_edge(cutting, kept, segment->end, 0, &first);
    if (status == SIEVE_OK && first)
        status = estimate_rows(cutting, segment->begin, kept, &rows);
    if (status != SIEVE_OK || !first) {
        free(first);
        free(last);
        return status;
    }
    *behind = (struct segment){first, segment->last, kept, segment->end, 0};
    segment->last = last;
    segment->end = kept;
    segment->rows = rows;
    *is_parted_out = 1;
    return estimate_rows(cutting, kept, behind->end, &behind->rows);
}

static sieve_status part_segment(struct cutting *cutting, struct segment *segment,
                                 struct segment *behind, int *is_parted_out)
{
    char border[MYBORDER_LENGTH_MAX];
    sieve_status status = SIEVE_OK;
    *is_parted_out = 0;
    for (int attempt = 0; attempt < 2 && status == SIEVE_OK && !*is_parted_out; attempt++)
        if (myborder_between(cutting->table, segment->first, segment->last, attempt,
                             border))
            status = try_border(cutting, segment, border, behind, is_parted_out);
    return status;
}

/* Keeps the end of a segment as a border, unless the next one fits into the range too. */
static sieve_status end_segment(struct cutting *cutting, const struct segment *segment,
                                const struct segment *next)
{
    struct mypart *part = cutting->part;
    cutting->rows_since += segment->rows;
    if (!next || cutting->rows_since + next->rows <= cutting->rows_wanted * 5 / 4)
        return SIEVE_OK;
    if (part->border_count == cutting->capacity) {
        const size_t capacity = cutting->capacity ? 2 * cutting->capacity : 16;
        const char **borders =
            mycatalog_take(cutting->catalog, capacity * sizeof *borders);
        if (!borders)
            return SIEVE_E_MEMORY;
        for (size_t index = 0; index < part->border_count; index++)
            borders[index] = part->borders[index];
        part->borders = borders;
        cutting->capacity = capacity;
    }
    part->borders[part->border_count++] = segment->end;
    cutting->rows_since = 0;
    return SIEVE_OK;
}

/* The stack's top is what comes first in the order of the key. */
static sieve_status part_all(struct cutting *cutting, uint64_t steps)
{
    sieve_status status = SIEVE_OK;
    while (cutting->segment_count > 0 && status == SIEVE_OK) {
        struct segment *top = &cutting->segments[cutting->segment_count - 1];
        struct segment behind = {.rows = 0};
        int is_parted = 0;
        if (top->rows > cutting->rows_wanted * 5 / 4 && steps > 0 &&
            cutting->segment_count < SEGMENTS_MAX) {
            steps--;
            status = part_segment(cutting, top, &behind, &is_parted);
        }
        if (is_parted) {
            top[1] = *top;
            top[0] = behind;
            cutting->segment_count++;
        } else if (status == SIEVE_OK) {
            status =
                end_segment(cutting, top, cutting->segment_count > 1 ? top - 1 : NULL);
            segment_done(top);
            cutting->segment_count--;
        }
    }
    return status;
}

static sieve_status cut_part(struct cutting *cutting, uint64_t range_bytes)
{
    struct mypart *part = cutting->part;
    uint64_t ranges = part->bytes / range_bytes;
    if (ranges > RANGES_MAX)
        ranges = RANGES_MAX;
    if (ranges < 2 || part->rows < ranges)
        return SIEVE_OK;
    cutting->rows_wanted = part->rows / ranges;
    cutting->rows_since = 0;
    cutting->capacity = 0;
    cutting->segment_count = 1;
    struct segment *all = &cutting->segments[0];
    *all = (struct segment){.rows = part->rows};
    sieve_status status = read_edge(cutting, NULL, NULL, 0, &all->first);
    if (status == SIEVE_OK && all->first)
        status = read_edge(cutting, NULL, NULL, 1, &all->last);
    if (status == SIEVE_OK && all->first && all->last)
        status = part_all(cutting, 4 * ranges + STEPS_SPARE);
    for (size_t index = 0; index < cutting->segment_count; index++)
        segment_done(&cutting->segments[index]);
    return status;
}

/* ---- telling ----------------------------------------------------------------------- */

static sieve_status tell_cut(struct mycatalog *catalog, struct mytable *table,
                             struct statement *text)
{
    uint64_t ranges = 0;
    statement_begin(text);
    statement_put(text, table->key.is_ordered ? "key" : "whole");
    for (size_t index = 0; index < table->part_count; index++) {
        const struct mypart *part = &table->parts[index];
        ranges += part->border_count + 1;
        statement_put(text, "/");
        if (part->name)
            statement_put_name(text, part->name);
        for (size_t border = 0; border < part->border_count; border++) {
            statement_put(text, " ");
            statement_put(text, part->borders[border]);
        }
    }
    if (text->status != SIEVE_OK)
        return text->status;
    table->table.range_count = ranges;
    table->table.cut = mycatalog_keep(catalog, buffer_bytes(&text->text));
    return table->table.cut ? SIEVE_OK : SIEVE_E_MEMORY;
}

/* A table that cannot be looked at now is one range, and reading it will tell why. */
static sieve_status cut_table(struct cutting *cutting, uint64_t range_bytes)
{
    struct mytable *table = cutting->table;
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < table->part_count && status == SIEVE_OK; index++) {
        cutting->part = &table->parts[index];
        if (table->key.is_ordered && !table->table.unreadable)
            status = cut_part(cutting, range_bytes);
        if (status == SIEVE_E_IO && !cutting->error->is_lost) {
            cutting->part->border_count = 0;
            status = SIEVE_OK;
        }
    }
    return status == SIEVE_OK ? tell_cut(cutting->catalog, table, cutting->statement)
                              : status;
}

sieve_status mycut_all(struct mycatalog *catalog, struct mylink *link,
                       struct statement *statement, struct database_error *error)
{
    struct cutting cutting = {
        .catalog = catalog, .link = link, .statement = statement, .error = error};
    const uint64_t wanted = catalog->choice->range_bytes;
    sieve_status status = SIEVE_OK;
    cutting.segments = calloc(SEGMENTS_MAX + 1, sizeof *cutting.segments);
    if (!cutting.segments)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < catalog->count && status == SIEVE_OK; index++) {
        cutting.table = &catalog->tables[index];
        status = cut_table(&cutting, wanted ? wanted : RANGE_BYTES);
    }
    free(cutting.segments);
    return status;
}
