#include <criterion/criterion.h>

#include "source/repair.h"

static size_t one(const unsigned char *at, size_t left)
{
    (void)at;
    (void)left;
    return 1;
}

Test(repair, counts_edits_in_characters)
{
    static const char cell[] = "番号４１１１です";
    static const char masked[] = "番号４＊＊１です";
    struct change change = {.masked = bytes_of_text(masked)};
    struct edit edits[8];
    struct character_edit out[8];
    /* The bytes that differ: the last two of each sign. */
    for (size_t at = 0; cell[at]; at++) {
        if (cell[at] != masked[at])
            edits[change.edit_count++] = (struct edit){at, 1, bytes_of(masked + at, 1)};
    }
    change.edits = edits;
    cr_assert_eq(edits_as_pieces(&change, bytes_of_text(cell), utf8_length, out), 1);
    cr_expect_eq(out[0].from, 3);
    cr_expect_eq(out[0].count, 2);
    cr_expect_eq(out[0].text.length, 6);
    cr_expect_arr_eq(out[0].text.at, "＊＊", 6);
}

Test(repair, keeps_what_is_put_in_where_it_is_put)
{
    static const char masked[] = "[41**11]";
    const struct edit edits[] = {{1, 0, bytes_of_text("\"")},
                                 {3, 2, bytes_of_text("**")},
                                 {7, 0, bytes_of_text("\"")}};
    const struct change change = {
        .edits = edits, .edit_count = 3, .masked = bytes_of_text(masked)};
    struct character_edit out[3];
    cr_assert_eq(edits_as_pieces(&change, bytes_of_text("[411111]"), one, out), 3);
    cr_expect_eq(out[0].from, 1);
    cr_expect_eq(out[0].count, 0);
    cr_expect_eq(out[1].from, 3);
    cr_expect_eq(out[1].count, 2);
    cr_expect_eq(out[2].from, 7);
    cr_expect_eq(out[2].count, 0);
}

Test(repair, widens_an_edit_to_whole_units)
{
    static const unsigned char cell[] = {'4', 0, '1', 0, '1', 0};
    static const unsigned char masked[] = {'4', 0, '*', 0, '1', 0};
    const struct edit edit = {2, 1, bytes_of(masked + 2, 1)};
    const struct change change = {
        .edits = &edit, .edit_count = 1, .masked = bytes_of(masked, sizeof masked)};
    struct character_edit out[1];
    cr_assert_eq(edits_as_pieces(&change, bytes_of(cell, sizeof cell), one, out), 1);
    cr_expect_eq(out[0].from, 2);
    cr_expect_eq(out[0].text.length, 1);
}
