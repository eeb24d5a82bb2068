/* A user's own tables: what they add, change and take away, and errors with their line.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "unit/detect/cases.h"

#define RANGES "brand\tfirst\tlast\tlengths\tluhn\ttier\tsource\n"
#define BRANDS "name\ttitle\tgroupings\tsource\n"
#define WORDS  "text\teffect\ttag\tmatch\tstrength\tplace\tsource\n"
#define LOOKALIKES                                                                       \
    "name\tlengths\tprefixes\tcheck\tdate\tzeros\tbefore\thard\ttitle_en\ttitle_ja\n"
#define RULES "name\texpression\tconfidence\ttitle\n"

static sieve_table table(const char *name, const char *text)
{
    return (sieve_table){name, text, strlen(text)};
}

static void check_with(const sieve_table *tables, size_t count,
                       const struct found_case *cases, size_t case_count)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.tables = tables;
    options.table_count = count;
    check_found(cases, case_count, &options);
}

Test(table, house_cards_of_11_digits)
{
    const sieve_table tables[] = {
        table("brands.tsv", BRANDS "house\tOur house card\t4-4-3\tours\n"),
        table("ranges.tsv", RANGES "house\t6912\t6913\t11\tno\tA\tours\n"),
    };
    static const struct found_case cases[] = {
        {"card 69121234567", "5+11 pan medium ascii house"},
        {"card=69121234567", "5+11 pan medium ascii house"},
        {"card 6912-1234-567", "5+13 pan medium ascii house"},
        {"69121234567", ""},
        {"card 69141234567", ""},
        {"4111111111111111", "0+16 pan high ascii visa"},
        {"5A0669128034365F", "4+12 emv high ascii house"},
        {"571269128034365D27121010000000000000000F", "4+36 emv high ascii house"},
    };
    check_with(tables, 2, cases, sizeof cases / sizeof cases[0]);
}

Test(table, the_order_of_tables_does_not_matter)
{
    const sieve_table tables[] = {
        table("ranges.tsv", RANGES "house\t6912\t6912\t16\tyes\tA\tours\n"),
        table("brands.tsv", BRANDS "house\tOur house card\t8-8\tours\n"),
    };
    static const struct found_case cases[] = {
        {"6912000000000005", ""},
        {"6912000000000004", "0+16 pan high ascii house"},
        {"69120000 00000004", "0+17 pan high ascii house"},
    };
    check_with(tables, 2, cases, sizeof cases / sizeof cases[0]);
}

Test(table, own_words)
{
    const sieve_table tables[] = {
        table("words.tsv", WORDS "kundenkarte\traise\tcard\t\t\t\tours\n"
                                 "paket\tlower\tslip\t\t\t\tours\n"
                                 "geheim\tcode\tcode\t\t\t\tours\n"),
    };
    static const struct found_case cases[] = {
        {"Kundenkarte 411 111111 1111111", "12+18 pan medium ascii visa"},
        {"paket=4539148803436467", ""},
        {"geheim=123", "7+3 security_code high ascii -"},
    };
    check_with(tables, 1, cases, sizeof cases / sizeof cases[0]);
}

Test(table, own_look_alikes)
{
    const sieve_table tables[] = {
        table("lookalikes.tsv",
              LOOKALIKES "waon\t16\t4539\tluhn\t\t\t\tyes\ta point card\tcard\n"),
    };
    static const struct found_case cases[] = {
        {"4539148803436467", ""},
        {"4111111111111111", "0+16 pan high ascii visa"},
    };
    check_with(tables, 1, cases, sizeof cases / sizeof cases[0]);
}

Test(table, own_rules)
{
    const sieve_table tables[] = {
        table("rules.tsv", RULES "ticket\tTK-[0-9]{6}\thigh\tA ticket\n"),
    };
    static const struct found_case cases[] = {
        {"see TK-123456 and 4111111111111111",
         "4+9 rule high ascii -; 18+16 pan high ascii visa"},
        {"see TK-12345", ""},
    };
    check_with(tables, 1, cases, sizeof cases / sizeof cases[0]);
}

Test(table, rows_can_be_taken_away)
{
    const sieve_table tables[] = {
        table("ranges.tsv", RANGES "-visa\t4\t4\t16\n"),
    };
    static const struct found_case cases[] = {
        {"4539148803436467", ""},
        {"5555555555554444", "0+16 pan high ascii mastercard"},
    };
    check_with(tables, 1, cases, sizeof cases / sizeof cases[0]);
}

static void refused(const char *name, const char *text, uint64_t line)
{
    const sieve_table one = table(name, text);
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_ruleset *ruleset = NULL;
    sieve_error error;
    memset(&error, 0, sizeof error);
    options.tables = &one;
    options.table_count = 1;
    sieve_status status = sieve_ruleset_new(&options, &ruleset, &error);
    cr_expect_eq(status, SIEVE_E_PATTERN, "%s: %s", text, sieve_status_name(status));
    cr_expect_null(ruleset);
    cr_expect(error.table && strcmp(error.table, name) == 0, "%s", text);
    cr_expect(error.what && error.what[0], "%s", text);
    cr_expect_eq(error.offset, line, "%s: line %llu", text,
                 (unsigned long long)error.offset);
    sieve_ruleset_free(ruleset);
}

Test(table, bad_rows_name_their_line)
{
    refused("ranges.tsv", RANGES "visa\tx\t4\t16\tyes\tA\tours\n", 2);
    refused("ranges.tsv",
            RANGES "visa\t4\t4\t16\tyes\tA\tours\nvisa\t5\t4\t16\tyes\tA\t\n", 3);
    refused("ranges.tsv", RANGES "visa\t4\t4\t25\tyes\tA\tours\n", 2);
    refused("ranges.tsv", RANGES "visa\t4\t4\t16\tmaybe\tA\tours\n", 2);
    refused("ranges.tsv", RANGES "visa\t4\t4\t16\tyes\tD\tours\n", 2);
    refused("ranges.tsv", RANGES "nobody\t4\t4\t16\tyes\tA\tours\n", 2);
    refused("ranges.tsv", "# a comment\n\n" RANGES "visa\t4\n", 4);
    refused("brands.tsv", BRANDS "House Card\tx\t4-4\tours\n", 2);
    refused("brands.tsv", BRANDS "house\tx\t4-x\tours\n", 2);
    refused("words.tsv", WORDS "karte\tshout\tcard\t\t\t\t\n", 2);
    refused("lookalikes.tsv", LOOKALIKES "waon\t16\tx\tluhn\t\t\t\tyes\ta\tb\n", 2);
    refused("lookalikes.tsv", LOOKALIKES "waon\t16\t4539\tmagic\t\t\t\tyes\ta\tb\n", 2);
    refused("rules.tsv", RULES "ticket\t(unclosed\thigh\tTicket\n", 2);
    refused("rules.tsv", RULES "ticket\tx*\thigh\tTicket\n", 2);
    refused("separators.tsv", "name\tcode_point\tclass\tutf8\nx\tU+0041\tspace\t41\n", 0);
    refused("unknown.tsv", "a\tb\n", 0);
    refused("ranges.tsv", "brand\tfirst\n", 1);
}

/* What stands in a table may be a card number: it is never quoted. */
Test(table, errors_quote_nothing)
{
    const sieve_table one =
        table("ranges.tsv", RANGES "4111111111111111\t4111111111111111\tx\ty\n");
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_ruleset *ruleset = NULL;
    sieve_error error;
    options.tables = &one;
    options.table_count = 1;
    cr_assert_eq(sieve_ruleset_new(&options, &ruleset, &error), SIEVE_E_PATTERN);
    cr_assert_null(strstr(error.what, "4111"));
}
