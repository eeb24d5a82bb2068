/* texts.c - random texts in which nearly everything is nearly a card number. */
#include "support/texts.h"

#include "support/texts_pieces.h"

typedef void (*piece)(struct text *text, struct dice *dice);

/* ---- all ------------------------------------------------------------------------ */

static const piece raw_pieces[] = {
    add_digits,       add_separator,    add_separator,    add_break, add_sign,
    add_sign,         add_letters,      add_masks,        add_word,  add_key,
    add_hex,          add_uuid,         add_japanese,     add_noise, add_plain_number,
    add_plain_number, add_plain_number, add_mixed_number,
};

struct sort {
    unsigned bit;
    piece pieces[4];
    size_t count;
};

static const struct sort sorts_of_pieces[] = {
    {TEXTS_ESCAPES,
     {add_dressed_number, add_half_escaped, add_half_escaped, add_escape},
     4},
    {TEXTS_FOREIGN, {add_dressed_number, add_utf16, add_jis}, 3},
    {TEXTS_FRAMES, {add_track, add_tag}, 2},
    {TEXTS_CODES, {add_code, add_key}, 2},
    {TEXTS_EBCDIC, {add_ebcdic_number}, 1},
    {TEXTS_SERIES, {add_series}, 1},
    {TEXTS_COVER, {add_cover}, 1},
    {TEXTS_DIGESTS, {add_digest}, 1},
};

static void add_special(struct text *text, struct dice *dice, unsigned sorts)
{
    const struct sort *wanted[sizeof sorts_of_pieces / sizeof sorts_of_pieces[0]];
    size_t count = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (sorts & sorts_of_pieces[i].bit)
            wanted[count++] = &sorts_of_pieces[i];
    if (count == 0)
        return;
    const struct sort *sort = wanted[dice_below(dice, count)];
    sort->pieces[dice_below(dice, sort->count)](text, dice);
}

/* No joint is among them: no chain goes over from one piece to the next. */
static const char *const partings[] = {"/ ", "\n", ", ", "\t", "\" ", "; ", " | "};
#define PARTING_COUNT (sizeof partings / sizeof partings[0])

void texts_make(struct text *text, uint64_t seed, unsigned sorts, size_t about)
{
    struct dice dice = {seed};
    text_clear(text);
    if ((sorts & TEXTS_CODES) && dice_once_in(&dice, 8))
        add_table(text, &dice);
    while (text->length < about) {
        if (sorts & TEXTS_RECODED)
            add_nested(text, &dice);
        else if (dice_once_in(&dice, 3))
            add_special(text, &dice, sorts);
        else if (sorts & TEXTS_RAW)
            raw_pieces[dice_below(&dice, sizeof raw_pieces / sizeof raw_pieces[0])](
                text, &dice);
        else
            add_separator(text, &dice);
        if (sorts & TEXTS_APART)
            text_add_string(text, partings[dice_below(&dice, PARTING_COUNT)]);
    }
}

void texts_log(struct text *text, uint64_t seed, size_t length)
{
    struct dice dice = {seed};
    text_clear(text);
    while (text->length < length) {
        text_add_format(
            text, "2026-%02u-%02uT%02u:%02u:%02uZ app[%u] GET /item?id=%u ",
            (unsigned)dice_between(&dice, 1, 12), (unsigned)dice_between(&dice, 1, 28),
            (unsigned)dice_below(&dice, 24), (unsigned)dice_below(&dice, 60),
            (unsigned)dice_below(&dice, 60), (unsigned)dice_below(&dice, 9999),
            (unsigned)dice_below(&dice, 1000000));
        if (dice_once_in(&dice, 3))
            add_uuid(text, &dice);
        if (dice_once_in(&dice, 4))
            raw_pieces[dice_below(&dice, sizeof raw_pieces / sizeof raw_pieces[0])](
                text, &dice);
        if (dice_once_in(&dice, 4)) {
            text_add_string(text, ", ");
            add_special(text, &dice, TEXTS_ALL & ~(unsigned)TEXTS_SERIES);
        }
        text_add_byte(text, '\n');
    }
    text->length = length;
}
