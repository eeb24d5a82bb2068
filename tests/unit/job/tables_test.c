#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job/rules.h"

static char directory[] = "/tmp/tables_test.XXXXXX";
static struct safe_text thing;
static const char *reason;

static void enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
    safe_text_init(&thing);
}

static void leave(void)
{
    safe_text_done(&thing);
    unlink("words.tsv");
    unlink("brands.tsv");
    unlink("README");
    cr_assert_eq(chdir("/"), 0);
    rmdir(directory);
}

TestSuite(tables, .init = enter, .fini = leave);

static void put(const char *name, const char *text)
{
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

Test(tables, all_of_a_directory_in_order)
{
    struct tables tables;
    put("words.tsv", "# words\n");
    put("brands.tsv", "# brands\n");
    put("README", "not a table");
    cr_assert_eq(tables_read(directory, &tables, &thing, &reason), SIEVE_OK);
    cr_assert_eq(tables.count, 2);
    cr_assert_str_eq(tables.rows[0].name, "brands.tsv");
    cr_assert_str_eq(tables.rows[1].name, "words.tsv");
    cr_assert_eq(tables.rows[1].length, 8);
    cr_assert_arr_eq(tables.rows[1].text, "# words\n", 8);
    tables_done(&tables);
}

Test(tables, none_is_told)
{
    struct tables tables;
    cr_assert_neq(tables_read(directory, &tables, &thing, &reason), SIEVE_OK);
    cr_assert_str_eq(reason, "there is no table (NAME.tsv) in it");
    cr_assert_neq(tables_read("/nowhere", &tables, &thing, &reason), SIEVE_OK);
    cr_assert_str_eq(reason, "no such file or directory");
}

Test(tables, a_bad_row_is_told_with_file_and_line)
{
    struct rules rules;
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    put("words.tsv", "# a comment\nthis is no row\n");
    cr_assert_neq(rules_make(&options, directory, &rules, &thing, &reason), SIEVE_OK);
    struct bytes told = safe_text_bytes(&thing);
    static const char end[] = "/words.tsv:2";
    cr_assert_gt(told.length, sizeof end);
    cr_assert_arr_eq(told.at + told.length - (sizeof end - 1), end, sizeof end - 1);
}
