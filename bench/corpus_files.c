/* A tree of small files as a shop's repository has them: source code, settings
 * and data. */
#include "corpus.h"
#include "words.h"

/* Sizes in bytes at equal shares of the files: the median is 4 KiB. */
static const uint32_t sizes[] = {180,  420,  800,  1400,  2100,  3000, 4096,
                                 5300, 7000, 9600, 14000, 24000, 48000};
#define SIZE_COUNT (sizeof sizes / sizeof *sizes)

static uint32_t choose_size(struct dice *dice)
{
    uint32_t size = sizes[dice_below(dice, SIZE_COUNT)];
    return size - size / 8 + dice_below(dice, size / 4);
}

static void put_call(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_string(text, "    ");
    text_string(text, word(dice, &words_code_name));
    text_string(text, " = ");
    text_string(text, word(dice, &words_code_name));
    text_char(text, '_');
    text_string(text, word(dice, &words_code_name));
    text_char(text, '(');
    text_string(text, word(dice, &words_code_name));
    text_string(text, ", ");
    text_number(text, dice_below(dice, 256));
    text_string(text, ");\n");
}

static void put_code(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    switch (dice_below(dice, 6)) {
    case 0:
        text_string(text, "    // ");
        text_string(text, word(dice, &words_comment));
        text_char(text, '\n');
        break;
    case 1:
        text_string(text, "    if (");
        text_string(text, word(dice, &words_code_name));
        text_string(text, " < 0x");
        text_hex(text, dice, 4);
        text_string(text, ")\n        return ");
        text_number(text, dice_below(dice, 20));
        text_string(text, ";\n");
        break;
    default:
        put_call(corpus);
    }
}

static void put_setting(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_string(text, word(dice, &words_code_name));
    text_char(text, '.');
    text_string(text, word(dice, &words_code_name));
    text_string(text, ": ");
    if (dice_once_in(dice, 4))
        text_trace(text, dice, 40);
    else
        text_number(text, dice_below(dice, 65536));
    text_char(text, '\n');
}

static void put_record(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_string(text, "  {\"id\": ");
    text_number(text, dice_below(dice, 1000000));
    text_string(text, ", \"name\": \"");
    text_string(text, word(dice, &words_goods));
    text_string(text, "\", \"jan\": \"");
    text_jan(text, dice);
    text_string(text, "\"},\n");
}

static void put_fixture_card(struct corpus *corpus)
{
    text_string(&corpus->text, "  test_card = \"");
    corpus_put_card(corpus, (enum card_writing)dice_below(&corpus->dice, 3));
    text_string(&corpus->text, "\"\n");
}

void small_file_row(struct corpus *corpus)
{
    static void (*const lines[])(struct corpus *) = {put_code, put_code, put_setting,
                                                     put_record};
    struct text *text = &corpus->text;
    size_t end = text->length + choose_size(&corpus->dice);
    void (*put_line)(struct corpus *) = lines[dice_below(&corpus->dice, 4)];
    if (corpus_card_due(corpus))
        put_fixture_card(corpus);
    while (text->length < end)
        put_line(corpus);
}
