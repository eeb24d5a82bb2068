/* named.h - what a stable word of reports and options stands for: "pan", "high". */
#ifndef SIEVE_REPORT_NAMED_H
#define SIEVE_REPORT_NAMED_H

#include "base/bytes.h"
#include "cardsieve.h"

/* 1, or 0 if the word is none of them: then *out stays as it is. */
int named_kind(struct bytes name, sieve_kind *out);
int named_form(struct bytes name, sieve_form *out);
int named_confidence(struct bytes name, sieve_confidence *out); /* from SIEVE_LOW on */
int named_style(struct bytes name, sieve_style *out);

/* The brand of that name; NULL if the rules have none. */
const sieve_brand *named_brand(const sieve_ruleset *ruleset, const char *name);

/* Parts a list of words where it stands: they are the finding's reasons from now on. */
void named_reasons(char *words, sieve_finding *finding);

#endif /* SIEVE_REPORT_NAMED_H */
