#include <criterion/criterion.h>
#include <string.h>

#include "source/pgnames.h"
#include "source/pgtable.h"

static struct buffer sql;

static const char *taken(void)
{
    static char text[1024];
    cr_assert_lt(sql.length, sizeof text);
    memcpy(text, sql.at, sql.length);
    text[sql.length] = '\0';
    buffer_done(&sql);
    return text;
}

static void start(void)
{
    buffer_init(&sql, 1u << 20);
}

TestSuite(pgtable, .init = start);

Test(pgtable, names_are_quoted)
{
    cr_assert_eq(pgname_append(&sql, "Order \"x\"; drop"), SIEVE_OK);
    cr_expect_str_eq(taken(), "\"Order \"\"x\"\"; drop\"");
    cr_assert_eq(pgname_append(&sql, "\"\""), SIEVE_OK);
    cr_expect_str_eq(taken(), "\"\"\"\"\"\"");
    cr_assert_eq(pgname_append(&sql, "注文"), SIEVE_OK);
    cr_expect_str_eq(taken(), "\"注文\"");
}

Test(pgtable, literals_are_quoted)
{
    cr_assert_eq(pgliteral_append(&sql, "it's \\ here''"), SIEVE_OK);
    cr_expect_str_eq(taken(), "'it''s \\ here'''''");
}

static struct column columns[] = {
    {.name = "id"}, {.name = "A \"b\""}, {.name = "sum"}, {.name = "out"}};
static uint8_t decodings[] = {PGDECODE_INT8, PGDECODE_CAST, PGDECODE_MONEY,
                              PGDECODE_NONE};

static struct pgtable made(void)
{
    return (struct pgtable){
        .table = {.schema = "s",
                  .name = "t",
                  .columns = columns,
                  .column_count = 4,
                  .range_count = 3},
        .oid = 16400,
        .filenode = 16401,
        .blocks_per_range = 8,
        .columns = columns,
        .decodings = decodings,
        .has_ctid = 1,
    };
}

#define SELECT                                                                           \
    "COPY (SELECT ctid,\"id\",\"A \"\"b\"\"\"::pg_catalog.text,"                         \
    "\"sum\"::pg_catalog.numeric FROM ONLY \"s\".\"t\""
#define END ") TO STDOUT (FORMAT binary);"

Test(pgtable, ranges)
{
    struct pgtable table = made();
    struct pgspan span = pgtable_span(&table, 0);
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), SELECT " WHERE ctid>='(0,0)' AND ctid<'(8,0)'" END);
    span = pgtable_span(&table, 2);
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), SELECT " WHERE ctid>='(16,0)'" END);
    table.table.range_count = 1;
    span = pgtable_span(&table, 0);
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), SELECT END);
    /* One row. */
    span = (struct pgspan){7, 8, 3};
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), SELECT " WHERE ctid='(7,3)'" END);
}

Test(pgtable, parts_of_what_has_no_places)
{
    struct pgtable table = made();
    const struct pgspan span = {5, 7, 0};
    const struct pgspan rest = {7, PGSPAN_OPEN, 0};
    table.has_ctid = 0;
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(),
                     "COPY (SELECT \"id\",\"A \"\"b\"\"\"::pg_catalog.text,"
                     "\"sum\"::pg_catalog.numeric FROM (SELECT \"id\",\"A \"\"b\"\"\","
                     "\"sum\" FROM ONLY \"s\".\"t\" OFFSET 5 LIMIT 2) s" END);
    table.from = "(SELECT 1) s";
    cr_assert_eq(pgtable_append_copy(&table, &rest, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), "COPY (SELECT \"id\",\"A \"\"b\"\"\"::pg_catalog.text,"
                              "\"sum\"::pg_catalog.numeric FROM (SELECT * FROM "
                              "(SELECT 1) s OFFSET 7) s" END);
}

Test(pgtable, counts_and_checks)
{
    struct pgtable table = made();
    cr_assert_eq(pgtable_append_count(&table, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), "COPY (SELECT pg_catalog.count(*)::pg_catalog.int8"
                              " FROM ONLY \"s\".\"t\"" END);
    cr_assert_eq(pgtable_append_check(&table, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), "SELECT 1/(pg_catalog.pg_relation_filenode(16400)=16401)"
                              "::pg_catalog.int4;");
}

Test(pgtable, a_table_without_columns_still_has_rows)
{
    struct pgtable table = made();
    table.table.column_count = 0;
    table.table.range_count = 1;
    table.has_ctid = 0;
    const struct pgspan span = pgtable_span(&table, 0);
    cr_assert_eq(pgtable_append_copy(&table, &span, &sql), SIEVE_OK);
    cr_expect_str_eq(taken(), "COPY (SELECT  FROM ONLY \"s\".\"t\"" END);
}
