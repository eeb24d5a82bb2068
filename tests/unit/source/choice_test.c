#include <criterion/criterion.h>

#include "source/choice.h"
#include "source/locate.h"

Test(choice, patterns)
{
    static const struct {
        const char *pattern;
        const char *schema;
        const char *name;
        int matches;
    } rows[] = {
        {"orders", NULL, "orders", 1},
        {"ORDERS", NULL, "orders", 1},
        {"orders", NULL, "order", 0},
        {"order*", NULL, "orders", 1},
        {"*", NULL, "", 1},
        {"*s", NULL, "orders", 1},
        {"o*d*s", NULL, "orders", 1},
        {"o*x*s", NULL, "orders", 0},
        {"order?", NULL, "orders", 1},
        {"order?", NULL, "order", 0},
        {"?", NULL, "客", 1},
        {"??", NULL, "客", 0},
        {"顧客", NULL, "顧客", 1},
        {"\"Orders\"", NULL, "orders", 0},
        {"\"Orders\"", NULL, "Orders", 1},
        {"\"a*\"", NULL, "ab", 0},
        {"\"a*\"", NULL, "a*", 1},
        {"\"a\"*", NULL, "ab", 1},
        {"\"Order \"\"x\"\"; drop\"", NULL, "Order \"x\"; drop", 1},
        {"main.orders", NULL, "orders", 1},
        {"public.orders", NULL, "orders", 0},
        {"public.orders", "public", "orders", 1},
        {"shop*.orders", "shop2", "orders", 1},
        {"\"a.b\"", NULL, "a.b", 1},
        {"*.*", "any", "thing", 1},
        {"", NULL, "", 1},
        {"", NULL, "x", 0},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++)
        cr_expect_eq(
            pattern_matches(rows[index].pattern, rows[index].schema, rows[index].name),
            rows[index].matches, "%s %s", rows[index].pattern, rows[index].name);
}

Test(choice, tables_and_columns)
{
    static const char *const tables[] = {"dtb_*"};
    static const char *const excluded[] = {"dtb_session"};
    static const char *const columns[] = {"card*"};
    const struct choice choice = {
        .tables = tables,
        .table_count = 1,
        .excluded = excluded,
        .excluded_count = 1,
        .columns = columns,
        .column_count = 1,
    };
    const struct column column = {.name = "card_no"};
    const struct table table = {
        .name = "dtb_order", .columns = &column, .column_count = 1};
    cr_expect(choice_takes_table(&choice, NULL, "dtb_order"));
    cr_expect_not(choice_takes_table(&choice, NULL, "dtb_session"));
    cr_expect_not(choice_takes_table(&choice, NULL, "mtb_order"));
    cr_expect(choice_takes_column(&choice, "card_no"));
    cr_expect_not(choice_takes_column(&choice, "note"));
    struct choice_matches matches = {.tables = {0}};
    cr_expect_str_eq(choice_unmatched(&choice, &matches), "dtb_*");
    choice_match(&choice, &table, 1, 0, &matches);
    cr_expect_null(choice_unmatched(&choice, &matches));
}

Test(choice, databases)
{
    static const char *const databases[] = {"shop*", "none"};
    const struct choice choice = {.databases = databases, .database_count = 2};
    const struct table table = {.schema = "shop_2", .name = "orders"};
    struct choice_matches matches = {.tables = {0}};
    cr_expect(choice_takes_database(&choice, "shop_1"));
    cr_expect_not(choice_takes_database(&choice, "mail"));
    choice_match(&choice, &table, 1, 0, &matches);
    cr_expect_str_eq(choice_unmatched(&choice, &matches), "shop*");
    /* Where schemas are what is called a database. */
    choice_match(&choice, &table, 1, 1, &matches);
    cr_expect_str_eq(choice_unmatched(&choice, &matches), "none");
}

Test(locate, what_is_shown_holds_no_password)
{
    static const char *const rows[][2] = {
        {"postgresql://u:secret@host/db", "postgresql://u@host/db"},
        {"postgresql://u:p@ss@host:5432/db?x=1", "postgresql://u@host:5432/db?x=1"},
        {"postgresql://host/db?password=secret&x=1",
         "postgresql://host/db?password=&x=1"},
        {"postgresql://host/db?x=1&password=secret",
         "postgresql://host/db?x=1&password="},
        {"postgresql://host:5432/a@b", "postgresql://host:5432/a@b"},
        {"mysql://:secret@host", "mysql://@host"},
        {"sqlite:/srv/a:b@c/password=x.db", "sqlite:/srv/a:b@c/password=x.db"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        char *shown = NULL;
        cr_assert_eq(database_shown(rows[index][0], &shown), SIEVE_OK);
        cr_expect_str_eq(shown, rows[index][1]);
        free(shown);
    }
    cr_expect(is_database("sqlite:x"));
    cr_expect_not(is_database("./sqlite:x"));
    cr_expect_not(is_database("sqlite"));
}
