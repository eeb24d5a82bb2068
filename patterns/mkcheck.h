/* mkcheck.h - what must hold between the tables, told at build time. */
#ifndef SIEVE_PATTERNS_MKCHECK_H
#define SIEVE_PATTERNS_MKCHECK_H

#include "patterns/patterns.h"

/* 1 if all holds; else says on standard error what does not. */
int check_tables(const struct pattern_set *set);

#endif /* SIEVE_PATTERNS_MKCHECK_H */
