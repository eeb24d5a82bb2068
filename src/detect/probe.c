#include "detect/probe.h"

#include <stdlib.h>
#include <string.h>

#include "detect/probe_window.h"
#include "detect/words.h"

#define KNOWN_BONUS   9u /* a window known already may be so much more ordinary */
#define ORDINARY      8u /* added for what stands in words of other kinds too */
#define ORDINARY_BITS 16u

/* A spelling and where the second byte of its window stands in it. */
struct entry {
    uint32_t literal;
    uint16_t window;
    uint16_t offset;
};

/* Two chip tags that no run of digits gives away: see frame.h. */
static const struct window chip_windows[] = {
    {{0, '9', 'f', '1', 'f'}, {ANY, OWN, FOLDS, OWN, FOLDS}},
    {{0, '9', 'f', '2', '0'}, {ANY, OWN, FOLDS, OWN, OWN}},
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
    uint64_t ordinary[(1u << ORDINARY_BITS) / 64]; /* hashes of windows in other words */
    uint8_t frequencies[256];                      /* of bytes: window_frequency() */
    size_t entry_count;
    struct entry entries[];
};

struct spelling {
    const uint8_t *bytes;
    const uint8_t *folds;
    size_t length;
    bool token; /* must be a whole word */
};

static struct spelling spelling_of(const struct pattern_set *patterns, size_t literal)
{
    const struct word_literal *row = &patterns->literals[literal];
    return (struct spelling){patterns->literal_bytes + row->offset,
                             patterns->literal_folds + row->offset, row->length,
                             patterns->words[row->word].match == MATCH_TOKEN};
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

/* The window whose second byte is the spelling's byte `offset`.  The looser, the more
 * spellings share it: its first byte may be any, its last whatever ends a word. */
static struct window window_of(const struct spelling *spelling, size_t offset, bool loose)
{
    struct window window = {0};
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        size_t at = offset + i; /* one more than where the byte stands */
        bool own = at >= 1 && at <= spelling->length;
        uint8_t byte = own ? spelling->bytes[at - 1] : 0;
        bool middle = i >= 1 && i <= PROBE_OWN;
        uint8_t place = ANY;
        if (i > PROBE_OWN && (own ? loose && byte < 0x80 && window_ends(byte)
                                  : at > spelling->length && spelling->token))
            place = ENDS;
        else if (own && (middle || !loose))
            place = window_parts(byte) ? PARTS : spelling->folds[at - 1] ? FOLDS : OWN;
        window.places[i] = place;
        window.bytes[i] = place == PARTS ? '_' : place <= FOLDS ? byte : 0;
    }
    return window;
}

static uint32_t hash_of(const uint8_t bytes[PROBE_LENGTH])
{
    uint64_t key = 0;
    for (size_t i = 0; i < PROBE_LENGTH; i++)
        key = key << 8 | bytes[i];
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> (64 - ORDINARY_BITS));
}

/* What stands in names of other things is ordinary: "numbe" in "order number". */
static void note_ordinary(struct probe_index *index)
{
    const struct pattern_set *patterns = index->patterns;
    for (size_t i = 0; i < patterns->literal_count; i++) {
        uint8_t effect = patterns->words[patterns->literals[i].word].effect;
        if (effect == WORD_CODE || effect == WORD_PIN)
            continue;
        struct spelling spelling = spelling_of(patterns, i);
        for (size_t at = 0; at + PROBE_LENGTH <= spelling.length; at++) {
            uint32_t hash = hash_of(spelling.bytes + at);
            index->ordinary[hash / 64] |= 1ull << (hash % 64);
        }
    }
}

/* How often a window stands in ordinary text, roughly, as a logarithm.  The middle of a
 * spelling is where its parts meet, which says more than a part alone. */
static unsigned cost_of(const struct probe_index *index, const struct spelling *spelling,
                        size_t offset, const struct window *window)
{
    unsigned cost = 0;
    bool own = true;
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        static const uint8_t costs[] = {[PARTS] = 12, [ENDS] = 13, [ANY] = 15};
        bool here = window->places[i] <= FOLDS;
        own &= here;
        cost += here ? index->frequencies[window->bytes[i]] : costs[window->places[i]];
    }
    /* %82, %E3 and their like begin half of all kana. */
    if (window->bytes[1] == '%' &&
        (window->bytes[2] == '8' || window->bytes[2] == '9' || window->bytes[3] == '3'))
        cost += 2 * ORDINARY;
    bool high = spelling->bytes[0] >= 0x80;
    if (high && window->bytes[1] < 0x80)
        cost += ORDINARY; /* half a character */
    uint32_t hash = hash_of(window->bytes);
    if (own && index->ordinary[hash / 64] >> (hash % 64) & 1u)
        cost += ORDINARY;
    size_t twice = 2 * offset + PROBE_OWN;
    size_t away =
        twice > spelling->length ? twice - spelling->length : spelling->length - twice;
    return cost + (away / 2 < 4 ? (unsigned)away / 2 : 4);
}

static bool same_window(const struct window *left, const struct window *right)
{
    return memcmp(left, right, sizeof *left) == 0;
}

static size_t known_window(const struct probe_index *index, const struct window *window)
{
    uint32_t hash = probe_hash(&index->tables, window->bytes + 1);
    for (size_t i = index->first[hash]; i > 0; i = index->next[i - 1])
        if (same_window(&index->windows[i - 1], window))
            return i - 1;
    return WINDOWS_MAX;
}

static size_t add_window(struct probe_index *index, const struct window *window)
{
    size_t added = index->window_count++;
    uint32_t hash = probe_hash(&index->tables, window->bytes + 1);
    index->windows[added] = *window;
    index->next[added] = index->first[hash];
    index->first[hash] = (uint8_t)(added + 1);
    return added;
}

/* How much of a spelling is asked for from an escape on that begins a window; 0: it has
 * none. */
static size_t escape_reach(const struct spelling *spelling)
{
    size_t reach = 0;
    for (size_t i = 0; i + PROBE_OWN <= spelling->length; i++) {
        if (spelling->bytes[i] != '%' && spelling->bytes[i] != '\\')
            continue;
        if (i + PROBE_ESCAPE <= spelling->length)
            return PROBE_ESCAPE;
        reach = PROBE_OWN; /* so near its end that there is no more */
    }
    return reach;
}

static void note_escape(struct probe_tables *tables, const struct spelling *spelling,
                        size_t offset)
{
    const uint8_t *bytes = spelling->bytes + offset;
    if (spelling->length - offset >= PROBE_ESCAPE) {
        uint32_t hash = probe_escape_hash(bytes);
        tables->escapes[hash / 64] |= 1ull << (hash % 64);
    } else {
        uint32_t hash = probe_hash(tables, bytes);
        tables->short_escapes[hash / 64] |= 1ull << (hash % 64);
    }
}

/* The window of a spelling: the rarest, but one known already if it is nearly as rare.
 * WINDOWS_MAX: it has none. */
static size_t choose_window(struct probe_index *index, const struct spelling *spelling,
                            size_t *offset_out)
{
    size_t best = WINDOWS_MAX;
    struct window chosen = {0};
    unsigned least = ~0u;
    size_t reach = escape_reach(spelling);
    for (size_t i = 0; i < 2 * spelling->length; i++) {
        size_t at = i / 2;
        if (at + (reach ? reach : PROBE_OWN) > spelling->length)
            break;
        struct window window = window_of(spelling, at, i % 2 != 0);
        if ((reach > 0) != window_is_escape(&window))
            continue;
        size_t known = known_window(index, &window);
        unsigned cost = cost_of(index, spelling, at, &window);
        cost += known == WINDOWS_MAX ? KNOWN_BONUS : 0;
        if (cost >= least)
            continue;
        least = cost;
        best = known;
        chosen = window;
        *offset_out = at;
    }
    if (least == ~0u || best != WINDOWS_MAX || index->window_count == WINDOWS_MAX)
        return best;
    return add_window(index, &chosen);
}

/* ---- the sieve's tables ---------------------------------------------------------------
 */

static void put_window(struct probe_tables *tables, const struct window *window,
                       unsigned bucket)
{
    uint8_t bit = (uint8_t)(1u << bucket);
    for (size_t i = 0; i < PROBE_LENGTH; i++) {
        bool few = window->places[i] <= FOLDS;
        unsigned step = few ? 0x20 : 1;
        unsigned last = few ? window->bytes[i] | 0x20u : 255;
        for (unsigned byte = few ? window->bytes[i] & ~0x20u : 0; byte <= last;
             byte += step) {
            if (!window_may_hold(window, i, byte))
                continue;
            tables->low[i][byte & 15] |= bit;
            tables->high[i][byte >> 4] |= bit;
            tables->exact[i][byte] |= bit;
        }
    }
}

static void fill_tables(struct probe_index *index)
{
    uint8_t buckets[WINDOWS_MAX];
    windows_sort(index->windows, index->window_count, buckets);
    for (size_t i = 0; i < index->window_count; i++) {
        const struct window *window = &index->windows[i];
        if (window_is_escape(window))
            continue; /* noted by what follows it: note_escape() */
        put_window(&index->tables, window, buckets[i]);
        uint32_t hash = probe_hash(&index->tables, window->bytes + 1);
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

static void chain_entries(struct probe_index *index)
{
    qsort(index->entries, index->entry_count, sizeof *index->entries, compare_entries);
    size_t entry = 0;
    for (size_t window = 0; window <= WINDOWS_MAX; window++) {
        index->from[window] = (uint16_t)entry;
        while (entry < index->entry_count && index->entries[entry].window == window)
            entry++;
    }
    index->from[WINDOWS_MAX + 1] = (uint16_t)index->entry_count;
}

/* Too many names: every byte may begin a window, and all spellings are tried. */
static void open_tables(struct probe_index *index)
{
    memset(index->tables.low, 0xFF, sizeof index->tables.low);
    memset(index->tables.high, 0xFF, sizeof index->tables.high);
    memset(index->tables.exact, 0xFF, sizeof index->tables.exact);
    memset(index->tables.map, 0xFF, sizeof index->tables.map);
    memset(index->tables.escapes, 0xFF, sizeof index->tables.escapes);
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
    window_fold(index->tables.folded);
    bool crowded = false;
    for (unsigned byte = 0; byte < 256; byte++)
        index->frequencies[byte] = (uint8_t)window_frequency((uint8_t)byte);
    note_ordinary(index);
    for (size_t i = 0; i < sizeof chip_windows / sizeof *chip_windows; i++)
        add_window(index, &chip_windows[i]);
    for (size_t i = 0; i < patterns->literal_count; i++) {
        if (!probe_covers(patterns, i))
            continue;
        struct spelling spelling = spelling_of(patterns, i);
        size_t offset = 0;
        size_t window = choose_window(index, &spelling, &offset);
        crowded |= window == WINDOWS_MAX;
        if (window != WINDOWS_MAX && window_is_escape(&index->windows[window]))
            note_escape(&index->tables, &spelling, offset);
        index->entries[index->entry_count++] =
            (struct entry){(uint32_t)i, (uint16_t)window, (uint16_t)offset};
    }
    chain_entries(index);
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
    if (view->length - at < PROBE_OWN)
        return;
    const uint8_t *bytes = view->bytes + at;
    for (size_t i = index->first[probe_hash(&index->tables, bytes)]; i > 0;
         i = index->next[i - 1]) {
        const struct window *window = &index->windows[i - 1];
        bool own = true;
        for (size_t j = 0; j < PROBE_OWN; j++)
            own &= window_may_hold(window, j + 1, bytes[j]);
        if (own)
            try_window(index, i - 1, view, at, on_name, context);
    }
    try_window(index, WINDOWS_MAX, view, at, on_name, context);
}
