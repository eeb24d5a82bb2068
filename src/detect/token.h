/* token.h - keyed hashes of a card number. */
#ifndef SIEVE_DETECT_TOKEN_H
#define SIEVE_DETECT_TOKEN_H

#include <stddef.h>
#include <stdint.h>

/* `count` capital letters (never X, which is a mask) from the HMAC-SHA-256 of the digits
 * as ASCII text (PCI DSS 3.5.1.1), and a NUL. */
void token_letters(const void *key, size_t key_length, const uint8_t *digits,
                   size_t count, char *letters);

/* SipHash-2-4 of the digits, 128 bits, under a key of 16 bytes: to tell equal numbers, in
 * memory. */
void token_card(const uint64_t key[2], const uint8_t *digits, size_t count,
                uint64_t out[2]);

#endif /* SIEVE_DETECT_TOKEN_H */
