#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "source/pgnames.h"
#include "source/pgrepair.h"

#define FACTS_MAX 4096u /* notes, unique keys and conditions of one table */

/* ---- asking ------------------------------------------------------------------------ */

#define FACT_FIELDS 5

static struct pgrepair *repair_of(struct repair *self)
{
    return (struct pgrepair *)self;
}

typedef sieve_status (*on_fact)(const struct bytes *fields, void *context);

/* A query of one COPY; @ in it is the table's oid. */
static sieve_status ask(struct pgrepair *repair, const char *query, size_t field_count,
                        on_fact tell, struct database_error *error)
{
    struct bytes fields[FACT_FIELDS];
    const struct pgtaker taker = {fields, field_count, tell, repair};
    struct buffer *sql = &repair->session.sql;
    sieve_status status = pgsession_begin_ask(&repair->session, 0);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, "COPY (");
    for (const char *at = query; *at && status == SIEVE_OK;) {
        const size_t length = strcspn(at, "@");
        status = buffer_append(sql, bytes_of(at, length));
        at += length;
        if (*at == '@' && status == SIEVE_OK) {
            status = pgtext_append(sql, repair->examined.oid);
            at++;
        }
    }
    if (status == SIEVE_OK)
        status = pgtext_append(sql, ") TO STDOUT (FORMAT binary);");
    return status == SIEVE_OK ? pgsession_ask(&repair->session, 0, &taker, error)
                              : status;
}

static size_t find_column(const struct pgexamined *examined, struct bytes name)
{
    const struct table *table = examined->table.table;
    size_t index = 0;
    while (index < table->column_count &&
           (strlen(table->columns[index].name) != name.length ||
            memcmp(table->columns[index].name, name.at, name.length) != 0))
        index++;
    return index;
}

static int is(struct bytes text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* ---- columns ----------------------------------------------------------------------- */

static const char columns_sql[] =
    "WITH RECURSIVE layer(oid,base) AS (SELECT oid,typbasetype FROM pg_type"
    " WHERE typtype='d' UNION ALL SELECT l.oid,t.typbasetype FROM layer l"
    " JOIN pg_type t ON t.oid=l.base WHERE t.typtype='d')"
    "SELECT a.attname::text,"
    "(a.attnotnull OR EXISTS(SELECT FROM pg_type d WHERE d.oid=a.atttypid"
    " AND d.typnotnull))::int4::int8,"
    "CASE WHEN to_jsonb(a)->>'attgenerated'='s' THEN 'generated'"
    " WHEN a.attidentity='a' THEN 'identity' WHEN t.typtype='e' THEN 'enum'"
    " WHEN t.typcategory='N' THEN 'number'"
    " WHEN t.typtype IN ('r','m') THEN 'numbers'"
    " WHEN t.typcategory='A' AND e.typcategory='N' THEN 'numbers'"
    " WHEN t.typname IN ('json','jsonb') THEN 'json' ELSE 'text' END,"
    "CASE WHEN t.typnamespace<>'pg_catalog'::regnamespace THEN 'other'"
    " WHEN t.typname='bytea' THEN 'bytes'"
    " WHEN t.typname IN ('text','varchar') AND t.oid=a.atttypid THEN 'text'"
    " ELSE 'cast' END,"
    "(SELECT conname::text FROM pg_constraint k WHERE k.contype='f'"
    " AND k.conrelid=a.attrelid AND a.attnum=ANY(k.conkey) ORDER BY conname LIMIT 1)"
    " FROM pg_attribute a"
    " LEFT JOIN layer l ON l.oid=a.atttypid AND NOT EXISTS"
    "(SELECT FROM pg_type d WHERE d.oid=l.base AND d.typtype='d')"
    " JOIN pg_type t ON t.oid=coalesce(l.base,a.atttypid)"
    " LEFT JOIN pg_type e ON e.oid=t.typelem"
    " WHERE a.attrelid=@ AND a.attnum>0 AND NOT a.attisdropped";

enum {
    COLUMN_NAME,
    COLUMN_NOT_NULL,
    COLUMN_WAY,
    COLUMN_VALUE,
    COLUMN_KEY
};

static void set_way(struct repair_column *column, struct bytes way)
{
    if (is(way, "generated")) {
        column->obstacle = "it is computed from other columns";
        column->follows = 1;
    } else if (is(way, "identity")) {
        column->obstacle = "it is an identity that is always generated";
    } else if (is(way, "enum")) {
        column->obstacle = "it is a label of an enum type: ALTER TYPE changes it";
    } else if (is(way, "number")) {
        column->way = REPAIR_NUMBER;
    } else if (is(way, "numbers")) {
        column->way = REPAIR_NUMBERS;
    } else if (is(way, "json")) {
        column->way = REPAIR_JSON;
    }
}

static sieve_status tell_column(const struct bytes *fields, void *context)
{
    struct pgrepair *repair = context;
    struct pgexamined *examined = &repair->examined;
    const size_t index = find_column(examined, fields[COLUMN_NAME]);
    if (index == examined->table.table->column_count)
        return SIEVE_OK;
    struct repair_column *column = &examined->columns[index];
    column->is_nullable = pgbinary_int8(fields[COLUMN_NOT_NULL]) == 0;
    set_way(column, fields[COLUMN_WAY]);
    examined->values[index] = is(fields[COLUMN_VALUE], "bytes")   ? PGVALUE_BYTES
                              : is(fields[COLUMN_VALUE], "text")  ? PGVALUE_TEXT
                              : is(fields[COLUMN_VALUE], "other") ? PGVALUE_OTHER
                                                                  : PGVALUE_CAST;
    if (!fields[COLUMN_KEY].at || column->obstacle)
        return SIEVE_OK;
    column->obstacle = "a foreign key holds it to another table";
    column->about = pgcatalog_keep(&examined->memory, fields[COLUMN_KEY]);
    column->follows = 1;
    return column->about ? SIEVE_OK : SIEVE_E_MEMORY;
}

/* ---- what depends on it ------------------------------------------------------------ */

static sieve_status add_note(struct pgexamined *examined, const char *what,
                             struct bytes name)
{
    if (examined->table.note_count == FACTS_MAX)
        return SIEVE_OK;
    const char *kept = pgcatalog_keep(&examined->memory, name);
    if (!kept)
        return SIEVE_E_MEMORY;
    examined->notes[examined->table.note_count++] = (struct repair_note){what, kept};
    return SIEVE_OK;
}

static const char children_sql[] =
    "SELECT a.attname::text,k.conname::text,(k.confupdtype='c')::int4::int8"
    " FROM pg_constraint k JOIN pg_attribute a ON a.attrelid=k.confrelid"
    " AND a.attnum=ANY(k.confkey) WHERE k.contype='f' AND k.confrelid=@";

static sieve_status tell_child(const struct bytes *fields, void *context)
{
    struct pgexamined *examined = &((struct pgrepair *)context)->examined;
    const size_t index = find_column(examined, fields[0]);
    if (index == examined->table.table->column_count)
        return SIEVE_OK;
    if (pgbinary_int8(fields[2]) != 0)
        return add_note(examined, "is a foreign key that changes rows along", fields[1]);
    struct repair_column *column = &examined->columns[index];
    column->obstacle = "another table refers to it by a foreign key";
    column->about = pgcatalog_keep(&examined->memory, fields[1]);
    column->follows = 0;
    return column->about ? SIEVE_OK : SIEVE_E_MEMORY;
}

static const char triggers_sql[] =
    "SELECT tgname::text FROM pg_trigger WHERE tgrelid=@ AND NOT tgisinternal"
    " AND tgtype&16<>0 AND tgenabled<>'D' ORDER BY tgname";

static sieve_status tell_trigger(const struct bytes *fields, void *context)
{
    return add_note(&((struct pgrepair *)context)->examined, "is a trigger that fires",
                    fields[0]);
}

static const char table_sql[] =
    "SELECT c.relkind::text,EXISTS(SELECT FROM pg_rewrite r WHERE r.ev_class=c.oid"
    " AND r.ev_type='2' AND r.ev_enabled<>'D')::int4::int8 FROM pg_class c"
    " WHERE c.oid=@";

static sieve_status tell_table(const struct bytes *fields, void *context)
{
    struct pgexamined *examined = &((struct pgrepair *)context)->examined;
    if (is(fields[0], "m"))
        examined->table.obstacle =
            "it is a materialised view: REFRESH it once its tables are repaired";
    else if (is(fields[0], "f"))
        examined->table.obstacle = "it is a foreign table: repair it where its rows are";
    else if (pgbinary_int8(fields[1]) != 0)
        examined->table.obstacle = "a rule rewrites its updates";
    return SIEVE_OK;
}

/* ---- what values must be ----------------------------------------------------------- */

static const char checks_sql[] =
    "SELECT pg_get_expr(conbin,conrelid) FROM pg_constraint WHERE conrelid=@"
    " AND contype='c' UNION ALL SELECT d FROM"
    " (SELECT pg_get_partition_constraintdef(@) AS d) p WHERE d IS NOT NULL";

static sieve_status tell_check(const struct bytes *fields, void *context)
{
    struct pgexamined *examined = &((struct pgrepair *)context)->examined;
    if (!fields[0].at || examined->check_count == FACTS_MAX)
        return SIEVE_OK;
    const char *kept = pgcatalog_keep(&examined->memory, fields[0]);
    if (!kept)
        return SIEVE_E_MEMORY;
    examined->checks[examined->check_count++] = kept;
    return SIEVE_OK;
}

static const char uniques_sql[] =
    "SELECT i.indexrelid::int8,x.relname::text,a.attname::text FROM pg_index i"
    " JOIN pg_class x ON x.oid=i.indexrelid"
    " CROSS JOIN LATERAL unnest((i.indkey::int2[])[0:i.indnkeyatts-1])"
    " WITH ORDINALITY k(attnum,place)"
    " JOIN pg_attribute a ON a.attrelid=i.indrelid AND a.attnum=k.attnum"
    " WHERE i.indrelid=@ AND i.indisunique AND i.indexprs IS NULL AND i.indpred IS NULL"
    " ORDER BY i.indexrelid,k.place";

#define UNIQUE_COLUMNS_MAX 32u /* INDEX_MAX_KEYS of a server that was not built anew */

static sieve_status begin_unique(struct pgexamined *examined, struct bytes name)
{
    struct repair_unique *unique = &examined->uniques[examined->table.unique_count];
    unique->name = pgcatalog_keep(&examined->memory, name);
    unique->columns =
        pgcatalog_take(&examined->memory, UNIQUE_COLUMNS_MAX * sizeof unique->columns[0]);
    examined->table.unique_count++;
    return unique->name && unique->columns ? SIEVE_OK : SIEVE_E_MEMORY;
}

static sieve_status tell_unique(const struct bytes *fields, void *context)
{
    struct pgexamined *examined = &((struct pgrepair *)context)->examined;
    struct repair_table *table = &examined->table;
    const size_t index = find_column(examined, fields[2]);
    if (index == table->table->column_count)
        return SIEVE_OK;
    if (table->unique_count == 0 ||
        !is(fields[1], examined->uniques[table->unique_count - 1].name)) {
        if (table->unique_count == FACTS_MAX)
            return SIEVE_OK;
        sieve_status status = begin_unique(examined, fields[1]);
        if (status != SIEVE_OK)
            return status;
    }
    struct repair_unique *unique = &examined->uniques[table->unique_count - 1];
    if (unique->column_count == UNIQUE_COLUMNS_MAX)
        return SIEVE_OK;
    size_t *columns;
    memcpy(&columns, &unique->columns, sizeof(void *)); /* ours, lent out as constant */
    columns[unique->column_count++] = index;
    examined->columns[index].is_unique = 1;
    return SIEVE_OK;
}

/* ---- examining --------------------------------------------------------------------- */

static const char *obstacle_of(const struct pgtable *table)
{
    switch (table->table.kind) {
    case TABLE_ROWS:
        return table->has_ctid ? NULL : "its rows have no place to be named by";
    case TABLE_LARGE:
        return NULL;
    case TABLE_STATISTICS:
        return "ANALYZE makes it anew once the rows are repaired";
    case TABLE_TEXTS:
        return "it is a comment or a definition: change it by hand";
    case TABLE_ACTIVITY:
        return "it is a statement that ran: pg_stat_statements_reset() forgets it";
    case TABLE_LOG:
        return "it is the server's log: mask its files";
    case TABLE_FREED:
        break;
    }
    return "it holds no rows of its own";
}

void pgexamined_done(struct pgexamined *examined)
{
    pgcatalog_done(&examined->memory);
    *examined = (struct pgexamined){.oid = NULL};
}

static sieve_status make_room(struct pgexamined *examined, const struct pgtable *from,
                              const struct table *table)
{
    char number[NUMBER_TEXT_MAX];
    struct pgcatalog *memory = &examined->memory;
    pgexamined_done(examined);
    examined->oid =
        pgcatalog_keep(memory, bytes_of(number, number_text(from->oid, number)));
    examined->columns =
        pgcatalog_take(memory, (table->column_count + 1) * sizeof examined->columns[0]);
    examined->values = pgcatalog_take(memory, table->column_count + 1);
    examined->notes = pgcatalog_take(memory, FACTS_MAX * sizeof examined->notes[0]);
    examined->uniques = pgcatalog_take(memory, FACTS_MAX * sizeof examined->uniques[0]);
    examined->checks = pgcatalog_take(memory, FACTS_MAX * sizeof examined->checks[0]);
    examined->table = (struct repair_table){
        .table = table,
        .obstacle = obstacle_of(from),
        .columns = examined->columns,
        .notes = examined->notes,
        .uniques = examined->uniques,
    };
    return examined->oid && examined->columns && examined->values && examined->notes &&
                   examined->uniques && examined->checks
               ? SIEVE_OK
               : SIEVE_E_MEMORY;
}

sieve_status pgexamine(struct repair *self, const struct table *table,
                       const struct repair_table **out, struct database_error *error)
{
    static const struct {
        const char *query;
        size_t field_count;
        on_fact tell;
    } facts[] = {
        {table_sql, 2, tell_table},    {columns_sql, 5, tell_column},
        {children_sql, 3, tell_child}, {triggers_sql, 1, tell_trigger},
        {checks_sql, 1, tell_check},   {uniques_sql, 3, tell_unique},
    };
    struct pgrepair *repair = repair_of(self);
    struct pgexamined *examined = &repair->examined;
    const struct pgtable *from = repair->find(repair->database, table);
    const int was_open = repair->is_open;
    *error = (struct database_error){.reason = "out of memory"};
    *out = &examined->table;
    if (examined->table.table == table)
        return SIEVE_OK;
    sieve_status status = make_room(examined, from, table);
    if (status != SIEVE_OK)
        return status;
    if (examined->table.obstacle || table->kind == TABLE_LARGE) {
        memset(examined->values, PGVALUE_BYTES, table->column_count);
        return SIEVE_OK;
    }
    if (!repair->length_of)
        examined->table.obstacle = "where characters end in its encoding is not known";
    if (!was_open)
        status = pgrepair_begin(self, error);
    for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++) {
        if (status == SIEVE_OK)
            status = ask(repair, facts[index].query, facts[index].field_count,
                         facts[index].tell, error);
    }
    if (status == SIEVE_OK && !was_open)
        status = self->ops->end(self, 1, error);
    if (status != SIEVE_OK) {
        repair->is_open = 0;
        examined->table.table = NULL;
    }
    return status;
}
