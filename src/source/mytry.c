#include "source/myrepair.h"

#include "source/myfield.h"

/* Runs the statement for one number.  What the server refuses is not tried: the repair
 * itself will tell. */
static sieve_status count(struct myrepair *repair, uint64_t otherwise, uint64_t *out,
                          struct database_error *error)
{
    const struct mytaker taker = {1, myfield_take_number, out};
    *out = otherwise;
    sieve_status status = mylink_run(repair->link, &repair->statement, &taker, error);
    return status == SIEVE_E_IO && !error->is_lost ? SIEVE_OK : status;
}

/* (SELECT the columns, those that change as they will be, FROM the row) */
static void put_new_row(struct myrepair *repair, const struct repair_update *update)
{
    struct statement *statement = &repair->statement;
    statement_put(statement, "(SELECT ");
    for (size_t index = 0; index < repair->from->table.column_count; index++) {
        const struct change *change =
            repair_change_of(update->changes, update->count, index);
        statement_put(statement, index > 0 ? "," : "");
        if (change)
            myupdate_put_value(repair, update->row, change, 1, statement);
        statement_put(statement, change ? " AS " : "");
        statement_put_name(statement, repair->from->columns[index].name);
    }
    statement_put(statement, " FROM ");
    myupdate_put_table(repair, statement);
    myupdate_put_guard(repair, update, statement);
    statement_put(statement, ")");
}

static sieve_status try_guard(struct myrepair *repair, const struct repair_update *update,
                              const char **obstacle_out, struct database_error *error)
{
    uint64_t rows = 0;
    statement_begin(&repair->statement);
    statement_put(&repair->statement, "SELECT count(*) FROM ");
    myupdate_put_table(repair, &repair->statement);
    myupdate_put_guard(repair, update, &repair->statement);
    sieve_status status = count(repair, 0, &rows, error);
    if (status == SIEVE_OK && rows != 1)
        *obstacle_out = "its row cannot be told from others without its number";
    return status;
}

static sieve_status try_condition(struct myrepair *repair,
                                  const struct repair_update *update,
                                  const char *condition, const char **obstacle_out,
                                  struct database_error *error)
{
    uint64_t rows = 0;
    statement_begin(&repair->statement);
    statement_put(&repair->statement, "SELECT count(*) FROM ");
    put_new_row(repair, update);
    statement_put(&repair->statement, " s WHERE NOT (");
    statement_put(&repair->statement, condition);
    statement_put(&repair->statement, ")");
    sieve_status status = count(repair, 0, &rows, error);
    if (status == SIEVE_OK && rows > 0)
        *obstacle_out = "a CHECK condition does not allow the masked value";
    return status;
}

static sieve_status try_unique(struct myrepair *repair,
                               const struct repair_update *update,
                               const struct repair_unique *unique,
                               const char **obstacle_out, struct database_error *error)
{
    struct statement *statement = &repair->statement;
    uint64_t twins = 0;
    if (!repair_changes_unique(update->changes, update->count, unique))
        return SIEVE_OK;
    statement_begin(statement);
    statement_put(statement, "SELECT count(*) FROM ");
    myupdate_put_table(repair, statement);
    statement_put(statement, " a JOIN ");
    put_new_row(repair, update);
    statement_put(statement, " n ON 1=1");
    for (size_t index = 0; index < unique->column_count; index++) {
        const char *name = repair->from->columns[unique->columns[index]].name;
        statement_put(statement, " AND a.");
        statement_put_name(statement, name);
        statement_put(statement, "=n.");
        statement_put_name(statement, name);
    }
    sieve_status status = count(repair, 0, &twins, error);
    if (status == SIEVE_OK && twins > 0)
        *obstacle_out = REPAIR_HAS_TWIN;
    return status;
}

sieve_status mycheck(struct repair *self, const struct repair_update *update,
                     const char **obstacle_out, struct database_error *error)
{
    struct myrepair *repair = (struct myrepair *)self;
    *obstacle_out = NULL;
    sieve_status status = try_guard(repair, update, obstacle_out, error);
    for (size_t index = 0; index < repair->expression_count; index++)
        if (status == SIEVE_OK && !*obstacle_out)
            status = try_condition(repair, update, repair->expressions[index],
                                   obstacle_out, error);
    for (size_t index = 0; index < repair->examined.unique_count; index++)
        if (status == SIEVE_OK && !*obstacle_out)
            status = try_unique(repair, update, &repair->examined.uniques[index],
                                obstacle_out, error);
    return status == SIEVE_OK ? SIEVE_OK : myrepair_fail(repair, status, error);
}
