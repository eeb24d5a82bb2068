#include "service/layers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

#define PERCENT        "%25"
#define PERCENT_LENGTH 3u

/* The text below a layer, and where each of its bytes stands in the text. */
struct below {
    size_t length;
    unsigned char *at;
    uint32_t *places;
};

static int is_percent(const unsigned char *at, size_t left)
{
    return left >= PERCENT_LENGTH && memcmp(at, PERCENT, PERCENT_LENGTH) == 0;
}

static int has_layer(const unsigned char *at, size_t length)
{
    const unsigned char *end = at + length;
    while (at < end && (at = memchr(at, '%', (size_t)(end - at))) != NULL) {
        if (is_percent(at, (size_t)(end - at)))
            return 1;
        at++;
    }
    return 0;
}

/* Each encoded percent sign becomes one: of its three bytes, the first one's place. */
static void peel(struct below *below)
{
    size_t to = 0;
    for (size_t from = 0; from < below->length; to++) {
        const int is_encoded = is_percent(below->at + from, below->length - from);
        below->at[to] = below->at[from];
        below->places[to] = below->places[from];
        from += is_encoded ? PERCENT_LENGTH : 1;
    }
    below->length = to;
}

static sieve_status mask_each(sieve_scanner *scanner, unsigned char *at,
                              struct below *below, sieve_on_finding on_finding,
                              void *context)
{
    sieve_status status = SIEVE_OK;
    for (unsigned layer = 0;
         layer < LAYERS_MAX && status == SIEVE_OK && has_layer(below->at, below->length);
         layer++) {
        peel(below);
        status = sieve_mask(scanner, below->at, below->length, on_finding, context);
        for (size_t index = 0; index < below->length && status == SIEVE_OK; index++)
            at[below->places[index]] = below->at[index];
    }
    return status;
}

sieve_status layers_mask_below(sieve_scanner *scanner, unsigned char *at, size_t length,
                               sieve_on_finding on_finding, void *context)
{
    if (!has_layer(at, length))
        return SIEVE_OK;
    if (length > UINT32_MAX)
        return SIEVE_E_LIMIT;
    struct below below = {length, malloc(length), malloc(length * sizeof(uint32_t))};
    sieve_status status = SIEVE_E_MEMORY;
    if (below.at && below.places) {
        memcpy(below.at, at, length);
        for (size_t index = 0; index < length; index++)
            below.places[index] = (uint32_t)index;
        status = mask_each(scanner, at, &below, on_finding, context);
    }
    wipe_free(below.at, below.at ? length : 0);
    free(below.places);
    return status;
}

sieve_status layers_mask(sieve_scanner *scanner, unsigned char *at, size_t length,
                         sieve_on_finding on_finding, void *context)
{
    sieve_status status = sieve_mask(scanner, at, length, on_finding, context);
    return status == SIEVE_OK
               ? layers_mask_below(scanner, at, length, on_finding, context)
               : status;
}
