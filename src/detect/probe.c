#include "detect/probe.h"

#include <stdlib.h>
#include <string.h>

#include "detect/words.h"

#define WINDOWS_MAX 128u

/* Letters are held in lower case; folds[i]: either case may stand there. */
struct window {
    uint8_t bytes[PROBE_LENGTH];
    uint8_t folds[PROBE_LENGTH];
    uint8_t length; /* 3 or 4 */
};

/* A spelling and where its window stands in it. */
struct entry {
    uint32_t literal;
    uint16_t window;
    uint16_t offset;
};

/* Two chip tags that no run of digits gives away: see frame.h. */
static const struct window chip_windows[] = {
    {{'9', 'f', '1', 'f'}, {0, 1, 0, 1}, 4},
    {{'9', 'f', '2', '0'}, {0, 1, 0, 0}, 4},
};

struct probe_index {
    const struct pattern_set *patterns;
    struct probe_tables tables;
    struct window windows[WINDOWS_MAX];
    size_t window_count;
    /* Windows by hash: first[hash] - 1, then next[window] - 1, until 0. */
    uint8_t first[1u << PROBE_MAP_BITS];
    uint8_t next[WINDOWS_MAX];
    uint16_t from[WINDOWS_MAX + 2]; /* the entries of a window, those without one last */
    size_t entry_count;
    struct entry entries[];
};

struct spelling {
    const uint8_t *bytes;
    const uint8_t *folds;
    size_t length;
};

static struct spelling spelling_of(const struct pattern_set *patterns, size_t literal)
{
    uint32_t offset = patterns->literals[literal].offset;
    return (struct spelling){patterns->literal_bytes + offset,
                             patterns->literal_folds + offset,
                             patterns->literals[literal].length};
}

bool probe_covers(const struct pattern_set *patterns, size_t literal)
{
    const struct word_literal *row = &patterns->literals[literal];
    uint8_t effect = patterns->words[row->word].effect;
    if (effect != WORD_CODE && effect != WORD_PIN)
        return false;
    return row->encoding == WORD_BYTES || row->encoding == WORD_CP932 ||
           row->encoding == WORD_EUC_JP || row->encoding == WORD_JSON ||
           row->encoding == WORD_PERCENT_UTF8;
}

/* How often a byte stands in ordinary text, roughly, as a logarithm. */
static unsigned frequency(uint8_t byte)
{
    static const char by_frequency[] = "etaoinsrhldcumfpgwybvkxjqz";
    if (byte == 0 || byte == 0xE3 || byte == ' ' || byte == '%' || byte == '\\')
        return 12;
    if (byte >= 0x80 && byte <= 0x83)
        return 11;
    if (byte >= 0x80)
        return 8;
    const char *letter = strchr(by_frequency, byte | 0x20);
    return letter ? 10 - (unsigned)(letter - by_frequency) / 4 : 9;
}

static bool window_stands(const struct window *window, const struct spelling *spelling,
                          size_t at)
{
    return at + window->length <= spelling->length &&
           memcmp(window->bytes, spelling->bytes + at, window->length) == 0 &&
           memcmp(window->folds, spelling->folds + at, window->length) == 0;
}

/* A window known already that the spelling has, or WINDOWS_MAX. */
static size_t find_window(const struct probe_index *index,
                          const struct spelling *spelling, size_t *offset_out)
{
    for (size_t i = 0; i < index->window_count; i++) {
        for (size_t at = 0; at < spelling->length; at++) {
            if (!window_stands(&index->windows[i], spelling, at))
                continue;
            *offset_out = at;
            return i;
        }
    }
    return WINDOWS_MAX;
}

static size_t rarest_window(const struct spelling *spelling, size_t length)
{
    size_t best = 0;
    unsigned least = ~0u;
    for (size_t at = 0; at + length <= spelling->length; at++) {
        unsigned sum = 0;
        for (size_t i = 0; i < length; i++)
            sum += frequency(spelling->bytes[at + i]);
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    return best;
}

static size_t add_window(struct probe_index *index, const struct spelling *spelling,
                         size_t *offset_out)
{
    size_t length = spelling->length < PROBE_LENGTH ? spelling->length : PROBE_LENGTH;
    if (index->window_count == WINDOWS_MAX || length < PROBE_LENGTH - 1)
        return WINDOWS_MAX;
    struct window *window = &index->windows[index->window_count];
    *offset_out = rarest_window(spelling, length);
    memcpy(window->bytes, spelling->bytes + *offset_out, length);
    memcpy(window->folds, spelling->folds + *offset_out, length);
    window->length = (uint8_t)length;
    return index->window_count++;
}

/* ---- the sieve's tables ---------------------------------------------------------------
 */

static unsigned bits_of(const uint8_t table[16], uint8_t bit)
{
    unsigned count = 0;
    for (unsigned i = 0; i < 16; i++)
        count += (table[i] & bit) != 0;
    return count;
}

static void put_window(struct probe_tables *tables, const struct window *window,
                       unsigned bucket)
{
    uint8_t bit = (uint8_t)(1u << bucket);
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        if (i >= window->length) { /* anything */
            for (size_t j = 0; j < 16; j++) {
                tables->low[i][j] |= bit;
                tables->high[i][j] |= bit;
            }
            for (size_t j = 0; j < 256; j++)
                tables->exact[i][j] |= bit;
            continue;
        }
        uint8_t byte = window->bytes[i];
        tables->low[i][byte & 15] |= bit;
        tables->high[i][byte >> 4] |= bit;
        tables->exact[i][byte] |= bit;
        if (!window->folds[i])
            continue;
        /* The other case differs in the high half alone. */
        tables->high[i][(byte ^ 0x20) >> 4] |= bit;
        tables->exact[i][byte ^ 0x20] |= bit;
    }
}

/* How many of all four-byte strings a bucket lets pass. */
static double openness(const struct probe_tables *tables, unsigned bucket)
{
    double product = 1;
    for (size_t i = 0; i < PROBE_LENGTH; i++)
        product *= bits_of(tables->low[i], (uint8_t)(1u << bucket)) *
                   bits_of(tables->high[i], (uint8_t)(1u << bucket));
    return product;
}

/* Each window goes where it opens its bucket least. */
static void fill_tables(struct probe_index *index)
{
    for (size_t i = 0; i < index->window_count; i++) {
        const struct window *window = &index->windows[i];
        unsigned best = 0;
        double least = 0;
        for (unsigned bucket = 0; bucket < PROBE_BUCKETS; bucket++) {
            struct probe_tables trial = index->tables;
            double before = openness(&trial, bucket);
            put_window(&trial, window, bucket);
            double more = openness(&trial, bucket) - before;
            if (bucket == 0 || more < least) {
                least = more;
                best = bucket;
            }
        }
        put_window(&index->tables, window, best);
        uint32_t hash = probe_hash(window->bytes);
        index->tables.map[hash / 64] |= 1ull << (hash % 64);
    }
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->window != b->window)
        return a->window < b->window ? -1 : 1;
    return (a->literal > b->literal) - (a->literal < b->literal);
}

static void chain_windows(struct probe_index *index)
{
    qsort(index->entries, index->entry_count, sizeof *index->entries, compare_entries);
    size_t entry = 0;
    for (size_t window = 0; window <= WINDOWS_MAX; window++) {
        index->from[window] = (uint16_t)entry;
        while (entry < index->entry_count && index->entries[entry].window == window)
            entry++;
    }
    index->from[WINDOWS_MAX + 1] = (uint16_t)index->entry_count;
    for (size_t i = 0; i < index->window_count; i++) {
        uint32_t hash = probe_hash(index->windows[i].bytes);
        index->next[i] = index->first[hash];
        index->first[hash] = (uint8_t)(i + 1);
    }
}

/* Too many names: every byte may begin a window, and all spellings are tried. */
static void open_tables(struct probe_index *index)
{
    memset(index->tables.low, 0xFF, sizeof index->tables.low);
    memset(index->tables.high, 0xFF, sizeof index->tables.high);
    memset(index->tables.exact, 0xFF, sizeof index->tables.exact);
    memset(index->tables.map, 0xFF, sizeof index->tables.map);
}

struct probe_index *probe_index_new(const struct pattern_set *patterns)
{
    size_t count = 0;
    for (size_t i = 0; i < patterns->literal_count; i++)
        count += probe_covers(patterns, i);
    struct probe_index *index = calloc(1, sizeof *index + count * sizeof(struct entry));
    if (!index)
        return NULL;
    index->patterns = patterns;
    bool crowded = false;
    for (size_t i = 0; i < sizeof chip_windows / sizeof *chip_windows; i++)
        index->windows[index->window_count++] = chip_windows[i];
    for (size_t i = 0; i < patterns->literal_count; i++) {
        if (!probe_covers(patterns, i))
            continue;
        struct spelling spelling = spelling_of(patterns, i);
        size_t offset = 0;
        size_t window = find_window(index, &spelling, &offset);
        if (window == WINDOWS_MAX)
            window = add_window(index, &spelling, &offset);
        crowded |= window == WINDOWS_MAX;
        index->entries[index->entry_count++] =
            (struct entry){(uint32_t)i, (uint16_t)window, (uint16_t)offset};
    }
    chain_windows(index);
    if (crowded)
        open_tables(index);
    else
        fill_tables(index);
    return index;
}

void probe_index_free(struct probe_index *index)
{
    free(index);
}

const struct probe_tables *probe_index_tables(const struct probe_index *index)
{
    return &index->tables;
}

/* ---- looking
 * ---------------------------------------------------------------------------- */

static bool folded_equal(const uint8_t *bytes, const uint8_t *wanted,
                         const uint8_t *folds, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = folds[i] ? bytes[i] | 0x20 : bytes[i];
        if (byte != wanted[i])
            return false;
    }
    return true;
}

static void try_entry(const struct probe_index *index, const struct entry *entry,
                      const struct view *view, size_t at, on_probe_name on_name,
                      void *context)
{
    struct spelling spelling = spelling_of(index->patterns, entry->literal);
    if (at < entry->offset || at - entry->offset + spelling.length > view->length)
        return;
    size_t begin = at - entry->offset;
    if (!folded_equal(view->bytes + begin, spelling.bytes, spelling.folds,
                      spelling.length))
        return;
    const struct word_literal *literal = &index->patterns->literals[entry->literal];
    const struct word_row *word = &index->patterns->words[literal->word];
    size_t end = begin + spelling.length;
    if (word->match == MATCH_SUBSTRING || word_is_token(view, begin, end, literal))
        on_name(word, end, context);
}

static void try_window(const struct probe_index *index, size_t window,
                       const struct view *view, size_t at, on_probe_name on_name,
                       void *context)
{
    for (size_t i = index->from[window]; i < index->from[window + 1]; i++)
        try_entry(index, &index->entries[i], view, at, on_name, context);
}

void probe_names(const struct probe_index *index, const struct view *view, size_t at,
                 on_probe_name on_name, void *context)
{
    if (view->length - at < PROBE_LENGTH - 1)
        return;
    const uint8_t *bytes = view->bytes + at;
    for (size_t i = index->first[probe_hash(bytes)]; i > 0; i = index->next[i - 1]) {
        const struct window *window = &index->windows[i - 1];
        if (view->length - at >= window->length &&
            folded_equal(bytes, window->bytes, window->folds, window->length))
            try_window(index, i - 1, view, at, on_name, context);
    }
    try_window(index, WINDOWS_MAX, view, at, on_name, context);
}
