/* probe.h - where the name of a security code or PIN stands, found without the engine.
 *
 * Every spelling of every such name has one window: five bytes in a row that are rare in
 * ordinary text and that other spellings share if they can.  The three in the middle are
 * the spelling's own; the first and the last may stand beside it, where anything may be,
 * or behind a word anything that ends it.  The sieve looks for windows, 64 bytes at once;
 * here what it proposes is held against the spellings.
 */
#ifndef SIEVE_DETECT_PROBE_H
#define SIEVE_DETECT_PROBE_H

#include <string.h>

#include "detect/unit.h"

#define PROBE_LENGTH   5u
#define PROBE_OWN      3u /* bytes of a window that are the spelling's for certain */
#define PROBE_BUCKETS  8u
#define PROBE_MAP_BITS 12u

/* Bytes of a spelling from an escape on that are asked for: \uHHHH or two of %HH. */
#define PROBE_ESCAPE 6u

/* Buckets of windows whose second byte is not ASCII; the others' is. */
#define PROBE_HIGH_BUCKETS 0xC0u

/* Windows whose second byte is a percent sign or a backslash stand in `escapes` alone.
 * A window is told by its second byte.  A byte b may be the i-th of a window if
 * low[i][b & 15] and high[i][b >> 4] share a bit with the others. */
struct probe_tables {
    uint8_t low[PROBE_LENGTH][16];
    uint8_t high[PROBE_LENGTH][16];
    uint8_t exact[PROBE_LENGTH][256]; /* the same by whole bytes: lets less pass */
    uint8_t folded[256]; /* a letter's small form; one for all bytes that part words */
    uint64_t map[(1u << PROBE_MAP_BITS) / 64]; /* of windows' own three bytes */
    /* Of escapes that begin a window: of PROBE_ESCAPE bytes, or of PROBE_OWN of those
     * that are followed by fewer. */
    uint64_t escapes[(1u << PROBE_MAP_BITS) / 64];
    uint64_t short_escapes[(1u << PROBE_MAP_BITS) / 64];
};

struct probe_index;

/* NULL on no memory.  `patterns` must outlive the index. */
struct probe_index *probe_index_new(const struct pattern_set *patterns);
void probe_index_free(struct probe_index *index);

const struct probe_tables *probe_index_tables(const struct probe_index *index);

/* The names of these encodings are looked for, and no others. */
bool probe_covers(const struct pattern_set *patterns, size_t literal);

typedef void (*on_probe_name)(const struct word_row *word, size_t end, void *context);

/* Tells of every name, as a whole token if it must be one, whose window has its second
 * byte at `at`. */
void probe_names(const struct probe_index *index, const struct view *view, size_t at,
                 on_probe_name on_name, void *context);

/* Of three bytes, without regard to case and to which byte parts words. */
static inline uint32_t probe_hash(const struct probe_tables *tables, const uint8_t *bytes)
{
    const uint32_t key = (uint32_t)tables->folded[bytes[0]] << 16 |
                         (uint32_t)tables->folded[bytes[1]] << 8 |
                         tables->folded[bytes[2]];
    return (key * 0x9E3779B1u) >> (32 - PROBE_MAP_BITS);
}

/* True if the second byte of a window may be here: the sieve's last question. */
static inline bool probe_may_be(const struct probe_tables *tables, const uint8_t *bytes)
{
    uint32_t hash = probe_hash(tables, bytes);
    return tables->map[hash / 64] >> (hash % 64) & 1u;
}

static inline uint32_t probe_escape_hash(const uint8_t *bytes)
{
    uint32_t first;
    uint16_t last;
    memcpy(&first, bytes, sizeof first);
    memcpy(&last, bytes + sizeof first, sizeof last);
    const uint64_t key = ((uint64_t)first << 16 | last) | 0x202020202020u;
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - PROBE_MAP_BITS));
}

/* The same for a window that begins an escape, with `left` bytes to read. */
static inline bool probe_may_be_escape(const struct probe_tables *tables,
                                       const uint8_t *bytes, size_t left)
{
    if (left < PROBE_OWN)
        return false;
    uint32_t hash = probe_hash(tables, bytes);
    if (tables->short_escapes[hash / 64] >> (hash % 64) & 1u)
        return true;
    if (left < PROBE_ESCAPE)
        return false;
    hash = probe_escape_hash(bytes);
    return tables->escapes[hash / 64] >> (hash % 64) & 1u;
}

#endif /* SIEVE_DETECT_PROBE_H */
