/* locate.h - what a target is, told from its spelling. */
#ifndef SIEVE_SOURCE_LOCATE_H
#define SIEVE_SOURCE_LOCATE_H

/* 1 if it begins as the name of a database does: "sqlite:", "postgresql:", ... */
int is_database(const char *target);

#endif /* SIEVE_SOURCE_LOCATE_H */
