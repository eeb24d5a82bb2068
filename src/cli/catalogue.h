/* catalogue.h - what is looked for, as a list for people. */
#ifndef SIEVE_CLI_CATALOGUE_H
#define SIEVE_CLI_CATALOGUE_H

#include "base/writer.h"

struct pattern_set;

/* The sections, for messages: "brands, words, ..." */
#define CATALOGUE_SECTIONS "brands, separators, forms, words, lookalikes, tests, rules"

/* Writes one section, or all if `section` is NULL.  0 if there is no such section. */
int catalogue_write(const struct pattern_set *patterns, const char *section,
                    struct writer *writer);

#endif /* SIEVE_CLI_CATALOGUE_H */
