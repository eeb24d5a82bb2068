#include "detect/token.h"

#include <nettle/hmac.h>
#include <string.h>

#include "patterns/patterns.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWYZ";
#define ALPHABET_LENGTH 25u

void token_letters(const void *key, size_t key_length, const uint8_t *digits,
                   size_t count, char *letters)
{
    uint8_t text[PAN_DIGITS_MAX];
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct hmac_sha256_ctx hmac;
    for (size_t i = 0; i < count; i++)
        text[i] = digits[i] + '0';
    hmac_sha256_set_key(&hmac, key_length, key);
    hmac_sha256_update(&hmac, count, text);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    /* The digest as one long number, written to the base of the alphabet. */
    for (size_t i = 0; i < count; i++) {
        unsigned rest = 0;
        for (size_t j = 0; j < sizeof digest; j++) {
            unsigned value = rest << 8 | digest[j];
            digest[j] = (uint8_t)(value / ALPHABET_LENGTH);
            rest = value % ALPHABET_LENGTH;
        }
        letters[i] = alphabet[rest];
    }
    letters[count] = '\0';
    explicit_bzero(&hmac, sizeof hmac);
    explicit_bzero(text, sizeof text);
}

static inline uint64_t rotate(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline __attribute__((always_inline)) void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

void token_card(const uint64_t key[2], const uint8_t *digits, size_t count,
                uint64_t out[2])
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du ^ 0xEE,
                     key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    uint64_t number = 0; /* 19 digits and fewer: one word, and the count beside it */
    for (size_t i = 0; i < count; i++)
        number = number * 10 + digits[i];
    const uint64_t words[] = {number, (uint64_t)count << 56};
    for (size_t i = 0; i < 2; i++) {
        v[3] ^= words[i];
        sip_round(v);
        sip_round(v);
        v[0] ^= words[i];
    }
    for (size_t half = 0; half < 2; half++) { /* as SipHash gives 128 bits */
        v[half == 0 ? 2 : 1] ^= half == 0 ? 0xEE : 0xDD;
        sip_round(v);
        sip_round(v);
        sip_round(v);
        sip_round(v);
        out[half] = v[0] ^ v[1] ^ v[2] ^ v[3];
    }
}
