/* rules.h - the compiled patterns of a run, the user's own among them. */
#ifndef SIEVE_JOB_RULES_H
#define SIEVE_JOB_RULES_H

#include "job/tables.h"

struct rules {
    struct tables tables;
    sieve_options options; /* as asked, with the tables */
    sieve_ruleset *ruleset;
};

/* `directory` may be NULL.  On failure *reason_out is a constant and `thing` says what
 * it is about ("brands.tsv:12"). */
sieve_status rules_make(const sieve_options *options, const char *directory,
                        struct rules *out, struct safe_text *thing,
                        const char **reason_out) SIEVE_MUST_CHECK;

/* 1 if there are expressions, which may match anything. */
int rules_have_expressions(const struct rules *rules);

void rules_done(struct rules *rules);

#endif /* SIEVE_JOB_RULES_H */
