#include <string.h>

#include "source/pgnames.h"
#include "source/pgrepair.h"

#define ANSWERS_MAX 256u /* conditions and unique keys that are tried at once */

/* What is tried: one row with its changes. */
struct attempt {
    struct pgrepair *repair;
    const struct repair_update *update;
    struct buffer *sql;
    size_t checks;  /* the first answers are of these */
    size_t lengths; /* up to these, of lengths */
    size_t answers; /* all */
    /* What came of it. */
    int is_there;
    int is_refused;
    int is_shorter;
    int has_twin;
};

/* The row as it will be, under its columns' names. */
static sieve_status put_row(const struct attempt *attempt)
{
    const struct table *table = attempt->update->table->table;
    struct buffer *sql = attempt->sql;
    sieve_status status = pgtext_append(sql, "(SELECT ");
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        const struct change *change =
            repair_change_of(attempt->update->changes, attempt->update->count, column);
        if (column > 0)
            status = pgtext_append(sql, ",");
        if (status == SIEVE_OK && change) {
            status = pgtext_append(sql, "(");
            if (status == SIEVE_OK)
                status =
                    pgupdate_append_value(attempt->repair, attempt->update, change, sql);
            if (status == SIEVE_OK)
                status = pgtext_append(sql, ")::");
            if (status == SIEVE_OK)
                status = pgtext_append(sql, table->columns[column].type);
            if (status == SIEVE_OK)
                status = pgtext_append(sql, " AS ");
        }
        if (status == SIEVE_OK)
            status = pgname_append(sql, table->columns[column].name);
    }
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " FROM ");
    if (status == SIEVE_OK)
        status = pgupdate_append_from(table, sql);
    if (status == SIEVE_OK)
        status = pgupdate_append_guard(attempt->update->row, sql);
    return status == SIEVE_OK ? pgtext_append(sql, " OFFSET 0) cardsieve_new") : status;
}

static sieve_status put_check(const struct attempt *attempt, const char *check)
{
    struct buffer *sql = attempt->sql;
    sieve_status status = pgtext_append(sql, ",((");
    if (status == SIEVE_OK)
        status = pgtext_append(sql, check);
    return status == SIEVE_OK
               ? pgtext_append(sql, ") IS NOT FALSE)::pg_catalog.int4::pg_catalog.int8")
               : status;
}

/* A value of several parts must not become shorter: two keys in it would be one. */
static sieve_status put_length(const struct attempt *attempt, const struct change *change)
{
    const struct repair_update *update = attempt->update;
    struct buffer *sql = attempt->sql;
    size_t length = update->row->cells[change->column].bytes.length;
    for (size_t index = 0; index < change->edit_count; index++)
        length += change->edits[index].text.length - change->edits[index].length;
    sieve_status status = pgtext_append(sql, ",(octet_length(cardsieve_new.");
    if (status == SIEVE_OK)
        status = pgname_append(sql, update->table->table->columns[change->column].name);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, "::pg_catalog.text)>=");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, length);
    return status == SIEVE_OK ? pgtext_append(sql, ")::pg_catalog.int4::pg_catalog.int8")
                              : status;
}

static int has_parts(const struct attempt *attempt, const struct change *change)
{
    return change->kind == CHANGE_MASK &&
           (attempt->update->table->columns[change->column].way == REPAIR_JSON ||
            attempt->repair->examined.values[change->column] == PGVALUE_OTHER);
}

/* How many rows have already what a unique key would get.  What is of a type of others
 * is compared as text: its operators are in no schema that is looked into. */
static sieve_status put_twins(const struct attempt *attempt,
                              const struct repair_unique *unique)
{
    const struct table *table = attempt->update->table->table;
    struct buffer *sql = attempt->sql;
    sieve_status status = pgtext_append(sql, ",(SELECT count(*) FROM ");
    if (status == SIEVE_OK)
        status = pgupdate_append_from(table, sql);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, " cardsieve_old WHERE ");
    for (size_t index = 0; index < unique->column_count && status == SIEVE_OK; index++) {
        const size_t column = unique->columns[index];
        const char *cast = attempt->repair->examined.values[column] == PGVALUE_OTHER
                               ? "::pg_catalog.text"
                               : "";
        const char *const parts[] = {index > 0 ? " AND cardsieve_old." : "cardsieve_old.",
                                     NULL,
                                     cast,
                                     "=cardsieve_new.",
                                     NULL,
                                     cast};
        for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
            if (status == SIEVE_OK)
                status = parts[part] ? pgtext_append(sql, parts[part])
                                     : pgname_append(sql, table->columns[column].name);
        }
    }
    return status == SIEVE_OK ? pgtext_append(sql, ")") : status;
}

static sieve_status put_question(struct attempt *attempt)
{
    const struct pgexamined *examined = &attempt->repair->examined;
    sieve_status status = pgtext_append(attempt->sql, "COPY (SELECT 1::pg_catalog.int8");
    attempt->answers = 1;
    for (size_t index = 0; index < examined->check_count && status == SIEVE_OK; index++) {
        if (attempt->answers == ANSWERS_MAX)
            break;
        status = put_check(attempt, examined->checks[index]);
        attempt->answers++;
    }
    attempt->checks = attempt->answers;
    for (size_t index = 0; index < attempt->update->count && status == SIEVE_OK;
         index++) {
        const struct change *change = &attempt->update->changes[index];
        if (!has_parts(attempt, change) || attempt->answers == ANSWERS_MAX)
            continue;
        status = put_length(attempt, change);
        attempt->answers++;
    }
    attempt->lengths = attempt->answers;
    for (size_t index = 0; index < examined->table.unique_count && status == SIEVE_OK;
         index++) {
        const struct repair_unique *unique = &examined->table.uniques[index];
        if (!repair_changes_unique(attempt->update->changes, attempt->update->count,
                                   unique) ||
            attempt->answers == ANSWERS_MAX)
            continue;
        status = put_twins(attempt, unique);
        attempt->answers++;
    }
    if (status == SIEVE_OK)
        status = pgtext_append(attempt->sql, " FROM ");
    if (status == SIEVE_OK)
        status = put_row(attempt);
    return status == SIEVE_OK
               ? pgtext_append(attempt->sql, ") TO STDOUT (FORMAT binary);")
               : status;
}

static sieve_status take_answers(const struct bytes *fields, void *context)
{
    struct attempt *attempt = context;
    attempt->is_there = 1;
    for (size_t index = 1; index < attempt->answers; index++) {
        if (index < attempt->checks)
            attempt->is_refused |= pgbinary_int8(fields[index]) == 0;
        else if (index < attempt->lengths)
            attempt->is_shorter |= pgbinary_int8(fields[index]) == 0;
        else
            attempt->has_twin |= pgbinary_int8(fields[index]) != 0;
    }
    return SIEVE_OK;
}

static const char *obstacle_of(const struct attempt *attempt)
{
    if (!attempt->is_there)
        return "somebody changed it just now";
    if (attempt->is_refused)
        return PGREFUSED_BY_CHECK;
    if (attempt->is_shorter)
        return "it would lose something: two keys in it become one";
    if (attempt->has_twin)
        return REPAIR_HAS_TWIN;
    return NULL;
}

sieve_status pgtry(struct repair *self, const struct repair_update *update,
                   const char **obstacle_out, struct database_error *error)
{
    struct pgrepair *repair = (struct pgrepair *)self;
    struct bytes fields[ANSWERS_MAX];
    struct attempt attempt = {
        .repair = repair, .update = update, .sql = &repair->session.sql};
    *obstacle_out = NULL;
    *error = (struct database_error){.reason = "out of memory"};
    if (update->table->table->kind == TABLE_LARGE)
        return SIEVE_OK;
    sieve_status status = pgsession_begin_ask(&repair->session, 0);
    if (status == SIEVE_OK)
        status = put_question(&attempt);
    const struct pgtaker taker = {fields, attempt.answers, take_answers, &attempt};
    if (status == SIEVE_OK)
        status = pgsession_ask(&repair->session, 0, &taker, error);
    if (status == SIEVE_OK) {
        *obstacle_out = obstacle_of(&attempt);
        return SIEVE_OK;
    }
    if (status != SIEVE_E_IO || error->is_lost)
        return status;
    /* The server refused: the transaction is over, and what it said is the obstacle. */
    pgrepair_explain(self, error);
    *obstacle_out = error->reason;
    repair->is_open = 0;
    return pgrepair_begin(self, error);
}
