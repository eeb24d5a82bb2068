/* texts_pieces.h - the inside of texts: one function for each sort of piece. */
#ifndef TESTS_SUPPORT_TEXTS_PIECES_H
#define TESTS_SUPPORT_TEXTS_PIECES_H

#include "patterns/patterns.h"
#include "support/dice.h"
#include "support/text.h"

uint32_t any_separator(struct dice *dice);
void any_number(struct dice *dice, char *digits, const struct range_row **row);
void any_grouping(struct dice *dice, const struct range_row *row, size_t length,
                  uint8_t *sizes);

void add_digits(struct text *text, struct dice *dice);
void add_separator(struct text *text, struct dice *dice);
void add_break(struct text *text, struct dice *dice);
void add_sign(struct text *text, struct dice *dice);
void add_letters(struct text *text, struct dice *dice);
void add_masks(struct text *text, struct dice *dice);
void add_japanese(struct text *text, struct dice *dice);
void add_word(struct text *text, struct dice *dice);
void add_key(struct text *text, struct dice *dice);
void add_hex(struct text *text, struct dice *dice);
void add_uuid(struct text *text, struct dice *dice);
void add_noise(struct text *text, struct dice *dice);
void add_plain_number(struct text *text, struct dice *dice);
void add_mixed_number(struct text *text, struct dice *dice);
void add_dressed_number(struct text *text, struct dice *dice);
void add_ebcdic_number(struct text *text, struct dice *dice);
void add_half_escaped(struct text *text, struct dice *dice);
void add_escape(struct text *text, struct dice *dice);
void add_utf16(struct text *text, struct dice *dice);
void add_jis(struct text *text, struct dice *dice);
void add_track(struct text *text, struct dice *dice);
void add_digest(struct text *text, struct dice *dice);
void add_tag(struct text *text, struct dice *dice);
void add_code(struct text *text, struct dice *dice);
void add_series(struct text *text, struct dice *dice);
void add_cover(struct text *text, struct dice *dice);
void add_table(struct text *text, struct dice *dice);

/* One more piece of a query string inside a query string. */
void add_nested(struct text *text, struct dice *dice);

#endif
