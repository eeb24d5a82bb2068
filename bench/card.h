/* card.h - card numbers made for the corpora, and numbers that must not be one.
 *
 * No number here belongs to anybody on purpose: prefix from a table, the rest
 * from dice, the last digit by Luhn. */
#ifndef BENCH_CARD_H
#define BENCH_CARD_H

#include "dice.h"
#include "text.h"

#define CARD_DIGITS_MAX 19

struct card {
    char digits[CARD_DIGITS_MAX];
    unsigned count;
    const char *groups; /* how it is printed: one character a group, '4' '6' '5' */
};

enum card_writing {
    CARD_BARE,
    CARD_SPACES,
    CARD_HYPHENS,
    CARD_PLUSES,     /* a form body: 4111+1111+... */
    CARD_PERCENT_20, /* a query: 4111%201111%20... */
    CARD_WIDE        /* full-width digits in UTF-8, no separators */
};

struct card card_make(struct dice *dice);
void text_card(struct text *text, const struct card *card, enum card_writing writing);

/* The digit that makes digits[0..count] pass Luhn when it stands last. */
unsigned luhn_digit(const char *digits, unsigned count);

/* A reference number of a payment company: as many digits as a card, often in a
 * brand's range, so that it costs a scanner its full work; never a right check
 * digit, so that the count of cards in a corpus stays exact. */
void text_reference(struct text *text, struct dice *dice, unsigned count);

/* 13 digits of a Japanese article, with its own right check digit. */
void text_jan(struct text *text, struct dice *dice);

/* `count` hex digits; where chance made them all decimal, not a card. */
void text_trace(struct text *text, struct dice *dice, unsigned count);

#endif
