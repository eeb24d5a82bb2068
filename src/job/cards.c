#include "job/cards.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/wipe.h"
#include "job/sketch.h"

#define FIRST_CAPACITY 1024u /* slots; a power of two */
#define REGISTER_BITS  14u
#define REGISTER_COUNT (1u << REGISTER_BITS)

struct cards {
    uint64_t *keys; /* open addressing; 0 is a free slot */
    uint32_t *ordinals;
    size_t capacity; /* slots, a power of two, at most two thirds full */
    uint32_t count;
    int is_full;                             /* the estimate counts from here on */
    unsigned char registers[REGISTER_COUNT]; /* longest row of zeros seen, plus one */
};

sieve_status cards_new(struct cards **out)
{
    struct cards *cards = calloc(1, sizeof *cards);
    if (!cards)
        return SIEVE_E_MEMORY;
    *out = cards;
    return SIEVE_OK;
}

void cards_free(struct cards *cards)
{
    if (!cards)
        return;
    wipe_free(cards->keys, cards->capacity * sizeof cards->keys[0]);
    wipe_free(cards->ordinals, cards->capacity * sizeof cards->ordinals[0]);
    wipe_free(cards, sizeof *cards);
}

int cards_has_number(const sieve_finding *finding)
{
    switch (finding->kind) {
    case SIEVE_KIND_PAN:
    case SIEVE_KIND_TRACK1:
    case SIEVE_KIND_TRACK2:
    case SIEVE_KIND_EMV:
        return (finding->card[0] | finding->card[1]) != 0;
    case SIEVE_KIND_SECURITY_CODE:
    case SIEVE_KIND_PIN_BLOCK:
    case SIEVE_KIND_RULE:
        break;
    }
    return 0;
}

/* Both halves count; never 0, which means a free slot. */
static uint64_t key_of(const uint64_t card[2])
{
    uint64_t key = (card[0] ^ (card[1] << 32 | card[1] >> 32)) * 0x9E3779B97F4A7C15u;
    key ^= key >> 29;
    return key ? key : 1;
}

static void estimate_add(struct cards *cards, uint64_t key)
{
    sketch_add(cards->registers, REGISTER_BITS, key);
}

void cards_expect(const struct cards *cards, const uint64_t card[2])
{
#if defined(__GNUC__)
    if (cards->capacity > 0)
        __builtin_prefetch(&cards->keys[key_of(card) & (cards->capacity - 1)]);
#else
    (void)cards;
    (void)card;
#endif
}

static size_t slot_of(const uint64_t *keys, size_t capacity, uint64_t key)
{
    size_t slot = (size_t)key & (capacity - 1);
    while (keys[slot] != 0 && keys[slot] != key)
        slot = (slot + 1) & (capacity - 1);
    return slot;
}

static sieve_status grow(struct cards *cards)
{
    size_t capacity = cards->capacity ? cards->capacity * 2 : FIRST_CAPACITY;
    uint64_t *keys = calloc(capacity, sizeof keys[0]);
    uint32_t *ordinals = calloc(capacity, sizeof ordinals[0]);
    if (!keys || !ordinals) {
        free(keys);
        free(ordinals);
        return SIEVE_E_MEMORY;
    }
    for (size_t index = 0; index < cards->capacity; index++) {
        if (cards->keys[index] == 0)
            continue;
        size_t slot = slot_of(keys, capacity, cards->keys[index]);
        keys[slot] = cards->keys[index];
        ordinals[slot] = cards->ordinals[index];
    }
    wipe_free(cards->keys, cards->capacity * sizeof keys[0]);
    wipe_free(cards->ordinals, cards->capacity * sizeof ordinals[0]);
    cards->keys = keys;
    cards->ordinals = ordinals;
    cards->capacity = capacity;
    return SIEVE_OK;
}

/* The estimate begins with all that were told apart. */
static void begin_estimate(struct cards *cards)
{
    for (size_t index = 0; index < cards->capacity; index++) {
        if (cards->keys[index] != 0)
            estimate_add(cards, cards->keys[index]);
    }
    cards->is_full = 1;
}

sieve_status cards_ordinal(struct cards *cards, const uint64_t card[2], uint64_t *out)
{
    uint64_t key = key_of(card);
    if (!cards->is_full && (size_t)cards->count * 3 >= cards->capacity * 2) {
        sieve_status status = grow(cards);
        if (status != SIEVE_OK)
            return status;
    }
    size_t slot = slot_of(cards->keys, cards->capacity, key);
    if (cards->keys[slot] == key) {
        *out = cards->ordinals[slot];
        return SIEVE_OK;
    }
    *out = 0;
    if (cards->count == CARDS_EXACT_MAX && !cards->is_full)
        begin_estimate(cards);
    if (cards->is_full) {
        estimate_add(cards, key);
        return SIEVE_OK;
    }
    cards->keys[slot] = key;
    cards->ordinals[slot] = ++cards->count;
    *out = cards->count;
    return SIEVE_OK;
}

uint64_t cards_count(const struct cards *cards, int *estimated_out)
{
    *estimated_out = cards->is_full;
    if (!cards->is_full)
        return cards->count;
    uint64_t about = sketch_count(cards->registers, REGISTER_BITS);
    return about > cards->count ? about : cards->count;
}
