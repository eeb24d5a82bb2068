/* names.h - what the name of a column says of what is in it. */
#ifndef SIEVE_JOB_NAMES_H
#define SIEVE_JOB_NAMES_H

#include <stdint.h>

#include "cardsieve.h"

enum name_effect {
    NAME_SILENT,
    NAME_RAISES, /* card data */
    NAME_LOWERS  /* something else */
};

/* What a name says it is a name of, as far as cards go. */
enum name_about {
    ABOUT_NOTHING,
    ABOUT_CARD, /* its number */
    ABOUT_HOLDER,
    ABOUT_EXPIRY,
    ABOUT_CODE,
    ABOUT_PIN,
    ABOUT_COUNT
};

/* How a name changes what is judged. */
struct name_meaning {
    enum name_effect effect;
    enum name_about about;
    char *prefix;      /* the name as a key, "card_no:"; owned; NULL if it is silent */
    uint8_t for_codes; /* 1: it changes how short numbers are judged too */
    uint8_t is_weak;   /* 1: it makes codes of them if a card word is near */
};

/* "the expiry date": for people; NULL of ABOUT_NOTHING. */
const char *name_about_text(enum name_about about);

/* The key of a weak name with a card word near it, as in a row that has a card's column;
 * to be freed. */
sieve_status name_near_card(const char *name, char **out) SIEVE_MUST_CHECK;

/* `scanner` finds everything, at the lowest confidence.  The prefix is to be freed. */
sieve_status name_judge(sieve_scanner *scanner, const char *name,
                        struct name_meaning *out) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_NAMES_H */
