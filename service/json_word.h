/* json_word.h - words that stand where JSON has a value: what the mask made of a number.
 */
#ifndef SIEVE_SERVICE_JSON_WORD_H
#define SIEVE_SERVICE_JSON_WORD_H

#include "base/bytes.h"

/* 1 for the characters of a number, masked or not, and of true, false and null. */
int json_is_word_byte(unsigned char byte);

/* 1 if it is a number of which the mask hid digits, with a sign, a fraction or an
 * exponent if it had them.  `with_letters`: the mask writes letters. */
int json_word_is_masked(struct bytes word, int with_letters);

#endif /* SIEVE_SERVICE_JSON_WORD_H */
