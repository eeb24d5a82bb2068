/* names.h - what the name of a column says of what is in it. */
#ifndef SIEVE_JOB_NAMES_H
#define SIEVE_JOB_NAMES_H

#include "cardsieve.h"

enum name_effect {
    NAME_SILENT,
    NAME_RAISES, /* card data */
    NAME_LOWERS  /* something else */
};

/* Tells whether the name of a column changes how a number or a code in it is judged.
 * `scanner` finds everything, at the lowest confidence.  *prefix_out, to be freed, is the
 * name as a key, or NULL if it is silent. */
sieve_status name_prefix(sieve_scanner *scanner, const char *name,
                         enum name_effect *effect_out,
                         char **prefix_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_NAMES_H */
