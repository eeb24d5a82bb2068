/* dress.h - characters in the ways they are written in bytes: the tests' own way round
 * section 1 of docs/detection.md. */
#ifndef TESTS_SUPPORT_DRESS_H
#define TESTS_SUPPORT_DRESS_H

#include "cardsieve.h"
#include "support/dice.h"
#include "support/text.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_CP932,
    CHARSET_EUC_JP,
    CHARSET_COUNT
};

enum writing {
    WRITE_PLAIN,
    WRITE_PERCENT,
    WRITE_JSON,
    WRITE_HTML,
    WRITE_HTML_HEX,
    WRITE_QP,
    WRITE_HEX_JOINED,
    WRITE_HEX_LED,
    WRITE_HEX_SPACED,
    WRITE_UTF16LE,
    WRITE_UTF16BE,
    WRITE_JIS,
    WRITE_EBCDIC,
    WRITE_COUNT
};

struct dress {
    enum writing writing;
    enum charset charset; /* of full-width digits and of separators beyond ASCII */
    int wide;             /* full-width digits */
};

/* Zero if this dress has no such character; nothing is added then. */
int dress_digit(struct text *text, struct dress dress, char digit);
int dress_code(struct text *text, struct dress dress, uint32_t code);

/* `digits` in groups (sizes end with 0) with `separator` (a code point; 0: nothing)
 * between.  JIS gets its escapes around it.  Zero if something has no such form. */
int dress_number(struct text *text, struct dress dress, const char *digits,
                 const uint8_t *sizes, uint32_t separator);

/* Any dress but EBCDIC. */
struct dress dress_any(struct dice *dice);

/* The form a number in this dress is reported in. */
sieve_form dress_form(struct dress dress);

#endif
