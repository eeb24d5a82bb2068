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

extern const struct words words_surname, words_given, words_surname_kana,
    words_given_kana, words_town, words_goods, words_sentence, words_subject,
    words_ascii_name, words_domain, words_agent, words_path, words_referer, words_query,
    words_code_name, words_comment, words_message;

const char *word(struct dice *dice, const struct words *words);

#endif
