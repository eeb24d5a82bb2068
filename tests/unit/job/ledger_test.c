#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/columns.h"
#include "job/ledger.h"
#include "job/view.h"

static char folder[] = "/tmp/ledger-XXXXXX";
static char path[64];
static sieve_ruleset *ruleset;

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/ledger", folder);
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
}

static void drop_folder(void)
{
    sieve_ruleset_free(ruleset);
    unlink(path);
    rmdir(folder);
}

static struct ledger *create(void)
{
    struct ledger *ledger = NULL;
    const char *reason = NULL;
    cr_assert_eq(ledger_create(path, "sqlite:x", "options", &ledger, &reason), SIEVE_OK,
                 "%s", reason);
    cr_assert_eq(ledger_begin_snapshot(ledger, NULL), SIEVE_OK);
    return ledger;
}

static struct ledger *resume(void)
{
    struct ledger *ledger = NULL;
    const char *reason = NULL;
    cr_assert_eq(ledger_resume(path, NULL, "options", &ledger, &reason), SIEVE_OK, "%s",
                 reason);
    cr_assert_eq(ledger_begin_snapshot(ledger, NULL), SIEVE_OK);
    return ledger;
}

static int64_t enter(struct ledger *ledger, const char *name, const char *cut)
{
    const struct ledger_table table = {NULL, NULL, name, cut, 3, 100};
    int64_t id = 0;
    cr_assert_eq(ledger_table(ledger, &table, &id), SIEVE_OK);
    cr_assert_eq(ledger_column(ledger, id, 0, "memo", "TEXT", NULL), SIEVE_OK);
    return id;
}

static struct ledger_finding some_finding(void)
{
    struct ledger_finding found = {
        .column = 0,
        .row = "{\"id\":\"42\"}",
        .locator = "42",
        .card = 7,
        .finding =
            {
                .offset = 5,
                .length = 19,
                .digit_count = 16,
                .kind = SIEVE_KIND_PAN,
                .confidence = SIEVE_HIGH,
                .form = SIEVE_FORM_CP932,
                .brand = sieve_ruleset_brand(ruleset, 0),
                .shown = "411111******1111",
                .reason_count = 2,
                .reasons = {"range", "luhn"},
            },
    };
    return found;
}

static void add_range(struct ledger *ledger, int64_t table, uint64_t number, int is_ended)
{
    const struct ledger_range range = {
        .table = table, .range = number, .rows = 10, .bytes = 100};
    const struct ledger_finding found = some_finding();
    const struct cell_counts counts = {.values = 10,
                                       .bytes = 100,
                                       .numbers = 4,
                                       .luhn = 1,
                                       .tier_a = 1,
                                       .sketched = 10,
                                       .distinct = 8 + number};
    const struct ledger_key_counts key = {0, "card.number", counts};
    const struct ledger_counts all = {&counts, 1, &key, 1};
    cr_assert_eq(ledger_add(ledger, &range, &found), SIEVE_OK);
    if (is_ended)
        cr_assert_eq(ledger_end_range(ledger, &range, &all), SIEVE_OK);
}

static sieve_status count(const struct ledger_finding *found, void *context)
{
    const struct ledger_finding expected = some_finding();
    cr_expect_str_eq(found->row, expected.row);
    cr_expect_str_eq(found->locator, expected.locator);
    cr_expect_eq(found->card, 7);
    cr_expect_eq(found->finding.offset, 5);
    cr_expect_eq(found->finding.length, 19);
    cr_expect_eq(found->finding.kind, SIEVE_KIND_PAN);
    cr_expect_eq(found->finding.form, SIEVE_FORM_CP932);
    cr_expect_eq(found->finding.confidence, SIEVE_HIGH);
    cr_expect_eq(found->finding.brand, expected.finding.brand);
    cr_expect_str_eq(found->finding.shown, expected.finding.shown);
    cr_expect_eq(found->finding.reason_count, 2);
    cr_expect_str_eq(found->finding.reasons[1], "luhn");
    cr_expect_null(found->finding.rule);
    ++*(unsigned *)context;
    return SIEVE_OK;
}

static unsigned findings(struct ledger *ledger, int64_t table)
{
    unsigned found = 0;
    cr_assert_eq(ledger_findings(ledger, table, ruleset, count, &found), SIEVE_OK);
    return found;
}

Test(ledger, keeps_what_was_ended, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    struct stat about;
    unsigned char done[3] = {0};
    struct ledger_sums sums;
    uint64_t rows = 0;
    uint64_t bytes = 0;
    int64_t table = enter(ledger, "orders", "cut");
    add_range(ledger, table, 0, 1);
    add_range(ledger, table, 1, 0);
    add_range(ledger, table, 2, 1);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);

    ledger = resume();
    cr_expect_eq(ledger_snapshots(ledger), 2);
    cr_assert_eq(enter(ledger, "orders", "cut"), table);
    cr_assert_eq(ledger_done(ledger, table, done, 3), SIEVE_OK);
    cr_expect(done[0] && !done[1] && done[2]);
    cr_expect_eq(findings(ledger, table), 2);
    cr_assert_eq(ledger_sums(ledger, table, &rows, &bytes), SIEVE_OK);
    cr_expect_eq(rows, 20);
    cr_expect_eq(bytes, 200);
    const struct ledger_place place = {table, 0, NULL};
    cr_assert_eq(ledger_sums_of(ledger, &place, &sums), SIEVE_OK);
    cr_expect_eq(sums.counts.values, 20);
    cr_expect_eq(sums.counts.luhn, 2);
    cr_expect_eq(sums.counts.findings, 2);
    cr_expect_eq(sums.cards, 1);
    cr_expect_eq(sums.counts.tier_a, 2);
    /* Runs cannot be added up: the most that one has seen. */
    cr_expect_eq(sums.counts.distinct, 10);
    cr_expect_not(sums.distinct_least);
    cr_expect_not(sums.cards_least);
    struct buffer rows_shown;
    buffer_init(&rows_shown, 4096);
    cr_assert_eq(ledger_first_rows(ledger, &place, 3, &rows_shown), SIEVE_OK);
    cr_expect_eq(rows_shown.length, 13);
    cr_expect_arr_eq(rows_shown.at, "[{\"id\":\"42\"}]", 13);
    buffer_done(&rows_shown);
    /* Of two tables that look the same each is its own. */
    cr_expect_neq(enter(ledger, "orders", "cut"), table);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, begins_anew_what_was_cut_anew, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    unsigned char done[3] = {0};
    int64_t table = enter(ledger, "orders", "cut");
    add_range(ledger, table, 0, 1);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    ledger = resume();
    cr_assert_eq(enter(ledger, "orders", "otherwise"), table);
    cr_assert_eq(ledger_done(ledger, table, done, 3), SIEVE_OK);
    cr_expect_not(done[0]);
    cr_expect_eq(findings(ledger, table), 0);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, drops_a_range, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    const struct ledger_range range = {.table = table, .range = 1};
    add_range(ledger, table, 0, 1);
    add_range(ledger, table, 1, 0);
    cr_assert_eq(ledger_drop_range(ledger, &range), SIEVE_OK);
    cr_expect_eq(findings(ledger, table), 1);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, refuses_what_is_not_its_own, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    const char *reason = NULL;
    char *target = NULL;
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    cr_expect_neq(ledger_create(path, "t", "o", &ledger, &reason), SIEVE_OK);
    cr_expect_str_eq(reason, "it exists; --resume goes on with it");
    cr_expect_neq(ledger_resume(path, "sqlite:y", "options", &ledger, &reason), SIEVE_OK);
    cr_expect_str_eq(reason, "it is of another target");
    cr_expect_neq(ledger_resume(path, NULL, "others", &ledger, &reason), SIEVE_OK);
    cr_expect_str_eq(reason, "it was begun with other options");
    cr_assert_eq(ledger_target(path, &target, &reason), SIEVE_OK);
    cr_expect_str_eq(target, "sqlite:x");
    free(target);
    FILE *file = fopen(path, "w");
    fputs("something else", file);
    fclose(file);
    cr_expect_neq(ledger_resume(path, NULL, "options", &ledger, &reason), SIEVE_OK);
    cr_expect_neq(ledger_resume("/nowhere/x", NULL, "options", &ledger, &reason),
                  SIEVE_OK);
}

static struct ledger_finding finding_under(const char *key, int is_whole, uint64_t card)
{
    struct ledger_finding found = some_finding();
    found.key = key;
    found.is_whole = is_whole;
    found.card = card;
    return found;
}

static void add_found(struct ledger *ledger, int64_t table, uint64_t number,
                      const struct ledger_finding *found, size_t count)
{
    const struct ledger_range range = {.table = table, .range = number, .rows = count};
    const struct cell_counts counts = {.values = count, .sketched = count / 2};
    const struct ledger_counts all = {&counts, 1, NULL, 0};
    for (size_t index = 0; index < count; index++)
        cr_assert_eq(ledger_add(ledger, &range, &found[index]), SIEVE_OK);
    cr_assert_eq(ledger_end_range(ledger, &range, &all), SIEVE_OK);
}

/* How many findings are low with the reason for it, and how many are not. */
static sieve_status count_low(const struct ledger_finding *found, void *context)
{
    unsigned *counts = context;
    const sieve_finding *finding = &found->finding;
    const int is_low = finding->confidence == SIEVE_LOW;
    cr_expect_eq(is_low, strcmp(finding->reasons[finding->reason_count - 1],
                                COLUMN_CHANCE_REASON) == 0);
    counts[is_low]++;
    return SIEVE_OK;
}

static void expect_low(struct ledger *ledger, int64_t table, unsigned low, unsigned other)
{
    unsigned counts[2] = {0, 0};
    cr_assert_eq(ledger_findings(ledger, table, ruleset, count_low, counts), SIEVE_OK);
    cr_expect_eq(counts[1], low);
    cr_expect_eq(counts[0], other);
}

Test(ledger, lowers_what_chance_explains, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    struct ledger_finding found[6] = {
        finding_under(NULL, 1, 1),    finding_under(NULL, 0, 2),
        finding_under("a.id", 1, 3),  finding_under("a.id", 1, 3),
        finding_under("a.pan", 1, 4), finding_under(NULL, 1, 5),
    };
    found[5].finding.test_number = 1;
    add_found(ledger, table, 0, found, 6);
    struct ledger_place place = {table, 0, NULL};
    struct ledger_verdict verdict = {
        .verdict = "v", .reason = "r", .has_findings = 1, .is_chance = 1};
    expect_low(ledger, table, 0, 6);
    cr_assert_eq(ledger_judge(ledger, &place, &verdict), SIEVE_OK);
    expect_low(ledger, table, 1, 5);
    place.key = "a.id";
    cr_assert_eq(ledger_judge(ledger, &place, &verdict), SIEVE_OK);
    expect_low(ledger, table, 3, 3);
    /* More was read and the verdict changed: they are what they were. */
    verdict.is_chance = 0;
    cr_assert_eq(ledger_judge(ledger, &place, &verdict), SIEVE_OK);
    expect_low(ledger, table, 1, 5);

    struct ledger_sums sums;
    cr_assert_eq(ledger_sums_of(ledger, &place, &sums), SIEVE_OK);
    cr_expect_eq(sums.counts.findings, 2);
    cr_expect_eq(sums.cards, 1);
    place.key = NULL;
    cr_assert_eq(ledger_sums_of(ledger, &place, &sums), SIEVE_OK);
    cr_expect_eq(sums.counts.findings, 6);
    cr_expect_eq(sums.cards, 5);
    /* Half of the values were not looked at for that. */
    cr_expect(sums.distinct_least);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, keys_of_a_column, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    const struct ledger_finding found[] = {finding_under("b", 1, 1),
                                           finding_under("a", 1, 1)};
    struct buffer keys;
    buffer_init(&keys, 4096);
    add_range(ledger, table, 0, 1); /* counts "card.number" */
    add_found(ledger, table, 1, found, 2);
    cr_assert_eq(ledger_keys(ledger, table, 0, 1, &keys), SIEVE_OK);
    cr_expect_eq(keys.length, 4);
    cr_expect_arr_eq(keys.at, "a\0b\0", 4);
    cr_assert_eq(ledger_keys(ledger, table, 0, 0, &keys), SIEVE_OK);
    cr_expect_str_eq((const char *)keys.at, "card.number");
    buffer_done(&keys);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, cards_of_several_runs_are_at_least_so_many, .init = make_folder,
     .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    struct ledger_finding found = finding_under(NULL, 0, 1);
    struct ledger_sums sums;
    add_found(ledger, table, 0, &found, 1);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    ledger = resume();
    cr_assert_eq(enter(ledger, "orders", NULL), table);
    /* The same number again, under an ordinal of this run. */
    found.card = 2;
    add_found(ledger, table, 1, &found, 1);
    const struct ledger_place place = {table, 0, NULL};
    cr_assert_eq(ledger_sums_of(ledger, &place, &sums), SIEVE_OK);
    cr_expect_eq(sums.cards, 1);
    cr_expect(sums.cards_least);
    cr_expect(sums.distinct_least);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, sensitive_data_comes_first, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    struct ledger_finding found[3] = {
        finding_under(NULL, 0, 1), finding_under(NULL, 0, 0), finding_under(NULL, 0, 2)};
    struct buffer rows;
    const struct ledger_place place = {table, 0, NULL};
    found[1].row = "{\"id\":\"7\"}";
    found[1].finding.kind = SIEVE_KIND_SECURITY_CODE;
    add_found(ledger, table, 0, found, 3);
    buffer_init(&rows, 4096);
    cr_assert_eq(ledger_first_rows(ledger, &place, 2, &rows), SIEVE_OK);
    cr_assert_eq(buffer_append(&rows, bytes_of("", 1)), SIEVE_OK);
    cr_expect_str_eq((const char *)rows.at, "[{\"id\":\"7\"},{\"id\":\"42\"}]");
    buffer_done(&rows);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, keys_that_are_silent, .init = make_folder, .fini = drop_folder)
{
    struct ledger *ledger = create();
    int64_t table = enter(ledger, "orders", NULL);
    const struct ledger_range range = {.table = table, .rows = 1};
    const struct cell_counts column = {.values = 1};
    const struct ledger_key_counts keys[] = {
        {0, "few", {.numbers = 19, .luhn = 19, .tier_a = 19}},
        {0, "found", {.numbers = 20, .luhn = 20, .tier_a = 20}},
        {0, "ids", {.numbers = 20, .luhn = 18, .tier_a = 17}},
        {0, "silent", {.numbers = 20, .luhn = 18, .tier_a = 18}},
    };
    const struct ledger_counts counts = {&column, 1, keys, 4};
    const struct ledger_finding found = finding_under("found", 1, 1);
    struct buffer out;
    buffer_init(&out, 4096);
    cr_assert_eq(ledger_add(ledger, &range, &found), SIEVE_OK);
    cr_assert_eq(ledger_end_range(ledger, &range, &counts), SIEVE_OK);
    cr_assert_eq(ledger_silent_keys(ledger, table, 0, 20, &out), SIEVE_OK);
    cr_expect_eq(out.length, 7);
    cr_expect_str_eq((const char *)out.at, "silent");
    buffer_done(&out);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
}

Test(ledger, names_databases_until_they_are_read, .init = make_folder,
     .fini = drop_folder)
{
    struct ledger *ledger = create();
    struct view *view = NULL;
    struct inventory_run run;
    const char *reason = NULL;
    cr_assert_eq(ledger_database(ledger, "shop", "it was not read to its end"), SIEVE_OK);
    cr_assert_eq(ledger_database(ledger, "mail", "no permission"), SIEVE_OK);
    cr_assert_eq(ledger_database(ledger, "shop", NULL), SIEVE_OK);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    cr_assert_eq(view_open(path, &view, &reason), SIEVE_OK, "%s", reason);
    /* The options of these tests are none that a sweep writes. */
    cr_expect_eq(view_run(view, &run), SIEVE_E_CORRUPT);
    cr_expect_str_eq(view_reason(view), "it is damaged, or somebody edited it");
    view_free(view);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(ledger_create(path, "t", "confidence low", &ledger, &reason), SIEVE_OK);
    cr_assert_eq(ledger_database(ledger, "shop", NULL), SIEVE_OK);
    cr_assert_eq(ledger_database(ledger, "mail", "no permission"), SIEVE_OK);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    cr_assert_eq(view_open(path, &view, &reason), SIEVE_OK, "%s", reason);
    cr_assert_eq(view_run(view, &run), SIEVE_OK, "%s", view_reason(view));
    cr_expect_eq(run.databases, 2);
    cr_expect_eq(run.databases_unread, 1);
    cr_expect_eq(run.threshold, SIEVE_LOW);
    cr_expect_not(run.is_complete);
    view_free(view);
    cr_assert_eq(ledger_resume(path, NULL, NULL, &ledger, &reason), SIEVE_OK);
    cr_assert_eq(ledger_database(ledger, "mail", NULL), SIEVE_OK);
    cr_assert_eq(ledger_close(ledger), SIEVE_OK);
    cr_assert_eq(view_open(path, &view, &reason), SIEVE_OK, "%s", reason);
    cr_assert_eq(view_run(view, &run), SIEVE_OK, "%s", view_reason(view));
    cr_expect(run.is_complete);
    view_free(view);
}
