/* luhn.h - the check digit of numbers that are made here (ISO/IEC 7812-1, annex B). */
#ifndef SIEVE_JOB_LUHN_H
#define SIEVE_JOB_LUHN_H

#include <stddef.h>

/* 0 if the last of these ASCII digits is the right check digit. */
unsigned luhn_rest(const char *digits, size_t length);

/* Makes the last digit the right one. */
void luhn_complete(char *digits, size_t length);

#endif /* SIEVE_JOB_LUHN_H */
