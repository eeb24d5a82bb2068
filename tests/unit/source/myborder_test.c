/* Where ranges of a key begin: between two rows, and never a card number. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "source/myborder.h"

static struct column columns[] = {{.name = "a`b"}, {.name = "c"}};
static struct mytype types[2];
static struct mytable table;

static void make_table(enum myorder first, enum myorder second, size_t count)
{
    types[0] = (struct mytype){.order = first, .is_utf8 = 1};
    types[1] = (struct mytype){.order = second, .is_utf8 = 1};
    table = (struct mytable){.columns = columns, .types = types};
    table.table = (struct table){.columns = columns, .column_count = 2};
    table.key = (struct mykey){.name = "PRIMARY", .count = count, .columns = {0, 1}};
}

static struct myvalue value_of(size_t column, const char *text)
{
    struct myvalue value;
    myvalue_read(&table, column, bytes_of_text(text), &value);
    return value;
}

/* The border of a key of one column, "" if there is none. */
static const char *between(const char *first, const char *last, int attempt)
{
    static char border[MYBORDER_LENGTH_MAX];
    const struct myvalue low[] = {value_of(0, first)};
    const struct myvalue high[] = {value_of(0, last)};
    if (!myborder_between(&table, low, high, attempt, border))
        return "";
    cr_assert(myborder_fits(&table, border, strlen(border)), "%s", border);
    return border;
}

Test(myborder, numbers_are_parted_where_they_are_round)
{
    make_table(MYORDER_SIGNED, MYORDER_NONE, 1);
    cr_assert_str_eq(between("1", "1000", 0), "i512");
    cr_assert_str_eq(between("-5", "7", 0), "i0");
    cr_assert_str_eq(between("6", "7", 0), "i7");
    cr_assert_str_eq(between("7", "7", 0), "");
    cr_assert_str_eq(between("-9223372036854775808", "-9223372036854775807", 0), "");
    make_table(MYORDER_UNSIGNED, MYORDER_NONE, 1);
    cr_assert_str_eq(between("1", "3", 0), "i2");
    make_table(MYORDER_DAYS, MYORDER_NONE, 1);
    cr_assert_str_eq(between("737790", "737791", 0), "d737791");
}

Test(myborder, texts_are_parted_by_one_character)
{
    make_table(MYORDER_TEXT, MYORDER_NONE, 1);
    cr_assert_str_eq(between("ORD-1", "ORD-9", 0), "t4f52442d35");
    cr_assert_str_eq(between("ORD-1", "ORD-9", 1), "t4f52442d39");
    cr_assert_str_eq(between("a", "ab", 0), "t6135");
    cr_assert_str_eq(between("same", "same", 0), "");
    make_table(MYORDER_BYTES, MYORDER_NONE, 1);
    cr_assert_str_eq(between("\x01\x02", "\x01\x06", 0), "b0104");
}

Test(myborder, no_border_holds_a_number)
{
    make_table(MYORDER_TEXT, MYORDER_NONE, 1);
    cr_assert_str_eq(between("4111111111111111-1", "4111111111111111-9", 0), "");
    cr_assert_str_eq(between("41111111111", "41111111118", 0), "");
    cr_assert_str_eq(between("4111110", "4222222", 0), "t3432");
    make_table(MYORDER_SIGNED, MYORDER_NONE, 1);
    cr_assert_str_eq(between("4111111111111110", "4111111111111111", 0), "");
    make_table(MYORDER_SIGNED, MYORDER_SIGNED, 2);
    char border[MYBORDER_LENGTH_MAX];
    const struct myvalue low[] = {value_of(0, "4111111111111111"), value_of(1, "1")};
    const struct myvalue high[] = {value_of(0, "4111111111111111"), value_of(1, "9")};
    cr_assert(!myborder_between(&table, low, high, 0, border));
}

Test(myborder, a_border_lies_behind_the_first_and_not_behind_the_last)
{
    make_table(MYORDER_SIGNED, MYORDER_NONE, 1);
    srand(7);
    for (int round = 0; round < 20000; round++) {
        char texts[2][32];
        long long numbers[2];
        for (int side = 0; side < 2; side++)
            numbers[side] = ((long long)rand() << (rand() % 33)) - (rand() % 2) * 5000000;
        if (numbers[0] == numbers[1])
            continue;
        const int low = numbers[0] > numbers[1];
        for (int side = 0; side < 2; side++)
            (void)snprintf(texts[side], sizeof texts[side], "%lld", numbers[side]);
        const char *border = between(texts[low], texts[!low], 0);
        if (*border == '\0')
            continue;
        const long long at = strtoll(border + 1, NULL, 10);
        cr_assert(at > numbers[low] && at <= numbers[!low], "%s %s %s", texts[low],
                  border, texts[!low]);
    }
}

static const char *condition(const char *border, int is_before)
{
    static char text[1024];
    struct statement statement;
    statement_init(&statement);
    myborder_put(&table, border, is_before, &statement);
    cr_assert_eq(statement.status, SIEVE_OK);
    cr_assert_lt(statement.text.length, sizeof text);
    memcpy(text, statement.text.at, statement.text.length);
    text[statement.text.length] = '\0';
    statement_done(&statement);
    return text;
}

Test(myborder, conditions_are_those_that_an_index_is_used_for)
{
    make_table(MYORDER_SIGNED, MYORDER_TEXT, 2);
    cr_assert_str_eq(condition("i5", 0), "(`a``b`>=5)");
    cr_assert_str_eq(condition("i5", 1), "(`a``b`<5)");
    cr_assert_str_eq(condition("i-5,t41", 0),
                     "(`a``b`>-5 OR (`a``b`=-5 AND (`c`>=_utf8mb4 X'41')))");
    cr_assert_str_eq(condition("i-5,t41", 1),
                     "(`a``b`<-5 OR (`a``b`=-5 AND (`c`<_utf8mb4 X'41')))");
    make_table(MYORDER_DAYS, MYORDER_BYTES, 2);
    cr_assert_str_eq(condition("d9,b00ff", 0),
                     "(`a``b`>FROM_DAYS(9) OR (`a``b`=FROM_DAYS(9) AND (`c`>=X'00ff')))");
}

Test(myborder, only_what_was_written_here_is_a_border)
{
    static const char *const wrong[] = {"",       "i",    "x5",        "i5,", "i5,t4",
                                        "5",      "i5;",  "i5 OR 1",   "t41", "i5,i6",
                                        "i5,tZZ", "i--5", "i5,t41,t41"};
    make_table(MYORDER_SIGNED, MYORDER_TEXT, 2);
    cr_assert(myborder_fits(&table, "i5", 2));
    cr_assert(myborder_fits(&table, "i-5,t41ff", 9));
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++)
        cr_assert(!myborder_fits(&table, wrong[index], strlen(wrong[index])), "%s",
                  wrong[index]);
}
