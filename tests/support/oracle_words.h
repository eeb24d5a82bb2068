/* oracle_words.h - section 5 of docs/detection.md: the words around a number. */
#ifndef TESTS_SUPPORT_ORACLE_WORDS_H
#define TESTS_SUPPORT_ORACLE_WORDS_H

#include "support/oracle_units.h"

/* One word where it stands, whole if it must stand whole. */
struct word_hit {
    size_t begin;
    size_t end;
    const struct word_row *row;
    int encoding; /* enum word_encoding */
};

struct word_hits {
    struct word_hit *at;
    size_t count;
};

/* All words of the text; abort()s when out of memory; free with word_hits_done(). */
void word_hits_find(const struct oracle_text *text, struct word_hits *out);
void word_hits_done(struct word_hits *hits);

/* Whether a longer one of `hits` holds it. */
int word_is_inner(const struct word_hits *hits, const struct word_hit *hit);

struct context {
    int raise_before; /* a card word is near, before the number */
    int raise_near;   /* a card word is near */
    int effect_near;  /* ... that is no name of a code */
    int raise_key;    /* the key, or the column, is a card word */
    int lower;        /* a lowering word counts */
    int lower_before; /* ... if of the card words only those before the number do */
};

struct context context_of(const struct oracle_text *text, const struct word_hits *hits,
                          size_t start, size_t end);

/* Whether [from, to) is nothing but characters that may stand between a key and its
 * value; *delimited if one of them is =, :, > or a full-width colon, *spaces if all
 * are spaces. */
int key_gap(const struct oracle_text *text, size_t from, size_t to, int *delimited,
            int *spaces);

/* What parts the first line of the text; zero: nothing. */
uint8_t table_parting(const struct oracle_text *text);

/* The word that heads the column `offset` stands in; NULL if there is no table. */
const struct word_row *column_word(const struct oracle_text *text,
                                   const struct word_hits *hits, size_t offset);

#endif
