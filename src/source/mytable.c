#include "source/mytable.h"

#include "source/myborder.h"
#include "source/myfield.h"

int mytable_takes(const struct mytable *table, size_t column)
{
    return !table->columns[column].left_out;
}

static void put_column(const struct mytable *table, size_t index,
                       struct statement *statement)
{
    const char *name = table->columns[index].name;
    if (table->expressions) {
        statement_put(statement, table->expressions[index]);
        return;
    }
    switch ((int)table->types[index].form) {
    case MYFORM_BITS:
        statement_put_name(statement, name);
        statement_put(statement, "+0");
        break;
    case MYFORM_WIDE:
        statement_put(statement, "CONVERT(");
        statement_put_name(statement, name);
        statement_put(statement, " USING utf8mb4)");
        break;
    case MYFORM_FLOAT:
        statement_put(statement, "IF(ABS(");
        statement_put_name(statement, name);
        statement_put(statement, ")<1e19,CAST(CAST(");
        statement_put_name(statement, name);
        statement_put(statement, " AS DECIMAL(30,4)) AS CHAR),CAST(");
        statement_put_name(statement, name);
        statement_put(statement, " AS CHAR))");
        break;
    default:
        statement_put_name(statement, name);
        break;
    }
}

void mytable_put_from(const struct mytable *table, const struct mypart *part, int by_key,
                      struct statement *statement)
{
    statement_put(statement, " FROM ");
    if (table->from) {
        statement_put(statement, table->from);
        return;
    }
    statement_put_name(statement, table->table.schema);
    statement_put(statement, ".");
    statement_put_name(statement, table->table.name);
    if (part && part->name) {
        statement_put(statement, " PARTITION (");
        statement_put_name(statement, part->name);
        statement_put(statement, ")");
    }
    if (table->is_versioned)
        statement_put(statement, " FOR SYSTEM_TIME ALL");
    if (by_key) {
        statement_put(statement, " FORCE INDEX (");
        statement_put_name(statement, table->key.name);
        statement_put(statement, ")");
    }
}

static void put_range(const struct mytable *table, uint64_t range,
                      struct statement *statement)
{
    size_t index = 0;
    while (index + 1 < table->part_count && range > table->parts[index].border_count)
        range -= table->parts[index++].border_count + 1;
    const struct mypart *part = &table->parts[index];
    mytable_put_from(table, part, part->border_count > 0, statement);
    if (part->border_count == 0)
        return;
    statement_put(statement, " WHERE ");
    if (range > 0)
        myborder_put(table, part->borders[range - 1], 0, statement);
    if (range > 0 && range < part->border_count)
        statement_put(statement, " AND ");
    if (range < part->border_count)
        myborder_put(table, part->borders[range], 1, statement);
}

size_t mytable_column(const struct mytable *table, struct bytes name)
{
    size_t index = 0;
    while (index < table->table.column_count &&
           !myfield_is(name, table->columns[index].name))
        index++;
    return index;
}

void mytable_put_columns(const struct mytable *table, struct statement *statement)
{
    const char *between = "";
    for (size_t index = 0; index < table->table.column_count; index++) {
        if (!mytable_takes(table, index))
            continue;
        statement_put(statement, between);
        put_column(table, index, statement);
        between = ",";
    }
    if (*between == '\0')
        statement_put(statement, "1"); /* rows are counted all the same */
}

void mytable_put_select(const struct mytable *table, uint64_t range,
                        struct statement *statement)
{
    statement_put(statement, "SELECT ");
    mytable_put_columns(table, statement);
    if (table->part_count > 0)
        put_range(table, range, statement);
    else
        mytable_put_from(table, NULL, 0, statement);
}

void mytable_put_count(const struct mytable *table, struct statement *statement)
{
    statement_put(statement, "SELECT count(*)");
    mytable_put_from(table, NULL, 0, statement);
}
