/* locate.h - what a target is, told from its spelling. */
#ifndef SIEVE_SOURCE_LOCATE_H
#define SIEVE_SOURCE_LOCATE_H

#include "cardsieve.h"

/* 1 if it begins as the name of a database does: "sqlite:", "postgresql:", ... */
int is_database(const char *target);

/* The target without the password it may hold, to be freed by the caller. */
sieve_status database_shown(const char *target, char **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_LOCATE_H */
