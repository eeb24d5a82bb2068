/* words.h - names, places, goods and sentences of a Japanese shop, in UTF-8.
 *
 * Only characters that UTF-8 and CP932 both have and that every converter maps
 * alike.  People and shops are invented; domains are reserved for examples. */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include "dice.h"

struct words {
    const char *const *at;
    uint32_t count;
};

extern const struct words WORDS_SURNAME, WORDS_GIVEN, WORDS_SURNAME_KANA,
    WORDS_GIVEN_KANA, WORDS_TOWN, WORDS_GOODS, WORDS_SENTENCE, WORDS_SUBJECT,
    WORDS_ASCII_NAME, WORDS_DOMAIN, WORDS_AGENT, WORDS_PATH, WORDS_REFERER, WORDS_QUERY,
    WORDS_CODE_NAME, WORDS_COMMENT, WORDS_MESSAGE;

const char *word(struct dice *dice, const struct words *words);

#endif
