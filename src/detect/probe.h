/* probe.h - where the name of a security code or PIN stands, found without the engine.
 *
 * Every spelling of every such name has one window: four bytes in a row (three, of a name
 * that has no more) that are rare in ordinary text and shared by as many spellings as
 * may be.  The sieve looks for windows, 64 bytes at once; here what it proposes is held
 * against the spellings.
 */
#ifndef SIEVE_DETECT_PROBE_H
#define SIEVE_DETECT_PROBE_H

#include "detect/unit.h"

#define PROBE_LENGTH   4u
#define PROBE_BUCKETS  8u
#define PROBE_MAP_BITS 12u

/* A byte b may be the i-th of a window if low[i][b & 15] and high[i][b >> 4] share a bit
 * with the others. */
struct probe_tables {
    uint8_t low[PROBE_LENGTH][16];
    uint8_t high[PROBE_LENGTH][16];
    uint8_t exact[PROBE_LENGTH][256]; /* the same by whole bytes: lets less pass */
    uint64_t map[(1u << PROBE_MAP_BITS) / 64]; /* of windows' first three bytes */
};

struct probe_index;

/* NULL on no memory.  `patterns` must outlive the index. */
struct probe_index *probe_index_new(const struct pattern_set *patterns);
void probe_index_free(struct probe_index *index);

const struct probe_tables *probe_index_tables(const struct probe_index *index);

/* The names of these encodings are looked for, and no others. */
bool probe_covers(const struct pattern_set *patterns, size_t literal);

typedef void (*on_probe_name)(const struct word_row *word, size_t end, void *context);

/* Tells of every name, as a whole token if it must be one, that has its window at `at`.
 */
void probe_names(const struct probe_index *index, const struct view *view, size_t at,
                 on_probe_name on_name, void *context);

static inline uint32_t probe_hash(const uint8_t *bytes)
{
    uint32_t key =
        (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
    return ((key | 0x202020u) * 0x9E3779B1u) >> (32 - PROBE_MAP_BITS);
}

/* True if a window may begin here: the sieve's last question. */
static inline bool probe_may_begin(const struct probe_tables *tables,
                                   const uint8_t *bytes)
{
    uint32_t hash = probe_hash(bytes);
    return tables->map[hash / 64] >> (hash % 64) & 1u;
}

#endif /* SIEVE_DETECT_PROBE_H */
