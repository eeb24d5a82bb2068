/* The two ends of the scale: nothing but cards, and nothing at all. */
#include "corpus.h"

#include <string.h>

void cards_row(struct corpus *corpus)
{
    uint32_t roll = dice_below(&corpus->dice, 10);
    corpus_put_card(corpus, roll < 6 ? CARD_BARE : roll < 9 ? CARD_SPACES : CARD_HYPHENS);
    text_char(&corpus->text, '\n');
}

void binary_row(struct corpus *corpus)
{
    struct text *text = &corpus->text;
    text_reserve(text, 4096);
    for (int i = 0; i < 512; i++) {
        uint64_t value = dice_next(&corpus->dice);
        for (int shift = 0; shift < 64; shift += 8)
            text->at[text->length++] = (char)(unsigned char)(value >> shift);
    }
}
