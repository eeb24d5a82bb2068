#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/inventory.h"

typedef sieve_status (*maker)(struct writer *writer, const struct inventory_style *style,
                              struct inventory **out);

static const maker makers[] = {text_inventory_new, html_inventory_new, csv_inventory_new,
                               sarif_inventory_new};
#define MAKER_COUNT (sizeof makers / sizeof makers[0])

static char text[65536];

/* Tells a run, its rows, and the end; what was written lies in `text`. */
static void tell(maker make, enum language language, const struct inventory_run *run,
                 const struct inventory_row *rows, size_t count, uint64_t most)
{
    const struct inventory_style style = {language, most};
    struct inventory *inventory = NULL;
    struct writer writer;
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert_eq(writer_init(&writer, fileno(file)), SIEVE_OK);
    cr_assert_eq(make(&writer, &style, &inventory), SIEVE_OK);
    cr_assert_eq(inventory->ops->begin(inventory, run), SIEVE_OK);
    for (size_t index = 0; index < count; index++)
        cr_assert_eq(inventory->ops->row(inventory, &rows[index]), SIEVE_OK);
    cr_assert_eq(inventory->ops->end(inventory), SIEVE_OK);
    cr_assert_eq(writer_flush(&writer), SIEVE_OK);
    inventory_free(inventory);
    writer_done(&writer);
    const ssize_t length = pread(fileno(file), text, sizeof text - 1, 0);
    cr_assert_gt(length, 0);
    text[length] = '\0';
    fclose(file);
}

static struct inventory_run some_run(void)
{
    return (struct inventory_run){
        .target = bytes_of_text("sqlite:shop.db"),
        .version = bytes_of_text("1.0.0"),
        .threshold = SIEVE_MEDIUM,
        .snapshots = 1,
        .databases = 1,
        .tables = 2,
        .rows = 10,
        .rows_read = 10,
        .is_complete = 1,
    };
}

static struct inventory_row some_finding(void)
{
    return (struct inventory_row){
        .part = INVENTORY_FINDING,
        .table = bytes_of_text("orders"),
        .column = bytes_of_text("memo"),
        .row = bytes_of_text("{\"id\":\"42\"}"),
        .kind = SIEVE_KIND_PAN,
        .confidence = SIEVE_HIGH,
        .brand = bytes_of_text("Visa"),
        .masked = bytes_of_text("411111******1111"),
        .form = bytes_of_text("ascii"),
        .reasons = bytes_of_text("range luhn"),
    };
}

#define HAS(part)     cr_expect(strstr(text, part), "no '%s' in: %s", part, text)
#define HAS_NOT(part) cr_expect(!strstr(text, part), "'%s' in: %s", part, text)

Test(inventory, is_clean_only_if_all_was_read_and_nothing_found)
{
    struct inventory_run run = some_run();
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("\nCOMPLETE: ");
    HAS("No card data was found.");
    run.is_complete = 0;
    run.tables_incomplete = 1;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("INCOMPLETE: Of 2 tables, 1 were not read");
    HAS_NOT("No card data was found.");
    run.is_sample = 1;
    tell(html_inventory_new, LANGUAGE_JA, &run, NULL, 0, 0);
    HAS("抽出検査のみ・不完全");
    HAS_NOT("class=\"state good\"");
    HAS_NOT(">カード情報は見つかりませんでした。<");
    run = some_run();
    run.findings = 1;
    tell(html_inventory_new, LANGUAGE_JA, &run, NULL, 0, 0);
    HAS(">完全<");
    HAS_NOT("class=\"state good\"");
    HAS("カード情報が見つかりました。");
    run.is_complete = 0;
    run.databases = 3;
    run.databases_unread = 2;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("INCOMPLETE: Of 3 databases, 2 were not read");
    run.databases = run.databases_unread = 0;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("INCOMPLETE: The ledger tells of no database");
}

Test(inventory, names_the_rules_of_what_may_never_be_kept)
{
    struct inventory_run run = some_run();
    run.findings = 2;
    run.sensitive = 1;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("3.3.1 (3.3.1.1 full track");
    HAS("--delete-sad");
    tell(html_inventory_new, LANGUAGE_JA, &run, NULL, 0, 0);
    HAS("非保持化");
    run.sensitive = 0;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS_NOT("3.3.1.1");
    HAS_NOT("--delete-sad");
    run.test_numbers = 2;
    tell(text_inventory_new, LANGUAGE_EN, &run, NULL, 0, 0);
    HAS("Only published test numbers were found.");
}

Test(inventory, lists_no_more_than_was_asked_for)
{
    struct inventory_run run = some_run();
    const struct inventory_row rows[] = {some_finding(), some_finding(), some_finding()};
    run.findings = 1003;
    tell(text_inventory_new, LANGUAGE_EN, &run, rows, 3, 2);
    HAS("2 findings are listed here, and there are 1,001 more");
    tell(html_inventory_new, LANGUAGE_JA, &run, rows, 3, 2);
    HAS("ここには 2 件を示しました。ほかに 1,001 件あります");
    tell(csv_inventory_new, LANGUAGE_EN, &run, rows, 3, 2);
    size_t lines = 0;
    for (const char *at = text; (at = strstr(at, "\"finding\"")) != NULL; at++)
        lines++;
    cr_expect_eq(lines, 3);
}

Test(inventory, gives_each_finding_its_level)
{
    static const struct {
        sieve_kind kind;
        sieve_confidence confidence;
        int test_number;
        const char *level;
    } cases[] = {
        {SIEVE_KIND_PAN, SIEVE_HIGH, 0, "\"error\""},
        {SIEVE_KIND_PAN, SIEVE_HIGH, 1, "\"warning\""},
        {SIEVE_KIND_PAN, SIEVE_MEDIUM, 0, "\"warning\""},
        {SIEVE_KIND_PAN, SIEVE_MEDIUM, 1, "\"note\""},
        {SIEVE_KIND_PAN, SIEVE_LOW, 0, "\"note\""},
        {SIEVE_KIND_TRACK2, SIEVE_LOW, 0, "\"error\""},
        {SIEVE_KIND_SECURITY_CODE, SIEVE_MEDIUM, 1, "\"error\""},
    };
    struct inventory_run run = some_run();
    run.findings = 1;
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct inventory_row row = some_finding();
        row.kind = cases[index].kind;
        row.confidence = cases[index].confidence;
        row.test_number = cases[index].test_number;
        tell(sarif_inventory_new, LANGUAGE_EN, &run, &row, 1, 0);
        const char *result = strstr(text, "\"results\"");
        cr_assert_not_null(result);
        const char *level = strstr(result, "\"level\":");
        cr_assert_not_null(level);
        cr_expect_eq(strncmp(level + 8, cases[index].level, strlen(cases[index].level)),
                     0, "case %zu: %.20s", index, level);
    }
}

Test(inventory, passes_on_that_nobody_reads_any_more)
{
    struct inventory_run run = some_run();
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    for (size_t index = 0; index < MAKER_COUNT; index++) {
        const struct inventory_style style = {LANGUAGE_EN, 1000000};
        struct inventory *inventory = NULL;
        struct writer writer;
        const struct inventory_row row = some_finding();
        sieve_status status = SIEVE_OK;
        cr_assert_eq(writer_init(&writer, ends[1]), SIEVE_OK);
        cr_assert_eq(makers[index](&writer, &style, &inventory), SIEVE_OK);
        status = inventory->ops->begin(inventory, &run);
        for (unsigned count = 0; count < 10000 && status == SIEVE_OK; count++)
            status = inventory->ops->row(inventory, &row);
        cr_expect_eq(status, SIEVE_STOPPED);
        inventory_free(inventory);
        writer_done(&writer);
    }
    close(ends[1]);
}
