/* texts_recoded.c - query strings inside query strings, as logs have them. */
#include <string.h>

#include "support/card.h"
#include "support/texts_pieces.h"

/* A percent sign, encoded no time to four times more. */
static void add_percent_sign(struct text *text, struct dice *dice)
{
    text_add_byte(text, '%');
    for (size_t layers = dice_below(dice, 5); layers > 0; layers--)
        text_add_string(text, "25");
}

static void add_recoded(struct text *text, struct dice *dice)
{
    static const char *const joints[] = {"20", "20", "2D", "2d", "2B", "2E", "2e"};
    static const char *const others[] = {"22", "3D", "3A", "26", "7B", "A7", "80",
                                         "31", "25", "2A", "0A", "2F", "B0", "9"};
    add_percent_sign(text, dice);
    if (dice_once_in(dice, 2))
        text_add_string(text, joints[dice_below(dice, sizeof joints / sizeof *joints)]);
    else if (dice_once_in(dice, 4))
        text_add_format(text, "%02X", (unsigned)dice_below(dice, 256));
    else
        text_add_string(text, others[dice_below(dice, sizeof others / sizeof *others)]);
}

/* A number in groups, parted by one recoded separator or by several. */
static void add_parted_number(struct text *text, struct dice *dice)
{
    static const char *const joints[] = {"20", "2D", "2B", "2E", "20", "7C"};
    char digits[CARD_CAPACITY];
    uint8_t sizes[GROUPING_GROUPS_MAX + 1];
    const struct range_row *row = NULL;
    const char *joint = joints[dice_below(dice, sizeof joints / sizeof *joints)];
    size_t layers = dice_between(dice, 1, 3);
    any_number(dice, digits, &row);
    any_grouping(dice, row, strlen(digits), sizes);
    const char *at = digits;
    for (size_t group = 0; sizes[group] != 0; group++) {
        if (group > 0) {
            text_add_byte(text, '%');
            for (size_t i = dice_once_in(dice, 8) ? 0 : layers; i > 0; i--)
                text_add_string(text, "25");
            text_add_string(text, joint);
        }
        text_add(text, at, sizes[group]);
        at += sizes[group];
    }
}

void add_nested(struct text *text, struct dice *dice)
{
    static void (*const pieces[])(struct text *, struct dice *) = {
        add_recoded,       add_recoded, add_recoded, add_recoded,      add_recoded,
        add_parted_number, add_digits,  add_word,    add_plain_number, add_plain_number,
        add_letters,       add_sign,    add_escape,  add_half_escaped, add_mixed_number,
    };
    pieces[dice_below(dice, sizeof pieces / sizeof *pieces)](text, dice);
}
