#include "pipeline/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/wipe.h"

/* How far back from the end of the held bytes a border is first looked for.  What
 * lies behind it is moved to the front and judged with the next piece. */
#define BORDER_SEARCH     1024u
#define BORDER_SEARCH_MAX 4096u
#define LINE_SEARCH       16384u

/* A full read fits behind the history, the foresight and some of the search. */
#define WINDOW_CAPACITY (READ_LENGTH + SIEVE_BEFORE + SIEVE_AFTER + 8 * BORDER_SEARCH)

struct window {
    sieve_scanner *scanner;
    struct window_sink sink;
    uint64_t begin; /* offset of bytes[0] in the item */
    uint64_t from;  /* nothing before it is left to tell */
    uint64_t until;
    size_t length; /* bytes held */
    size_t head_length;
    int head_is_set; /* the item's first bytes were put aside */
    unsigned char head[SIEVE_HEAD];
    unsigned char bytes[WINDOW_CAPACITY];
};

sieve_status window_new(sieve_scanner *scanner, struct window **out)
{
    struct window *window = malloc(sizeof *window);
    if (!window)
        return SIEVE_E_MEMORY;
    window->scanner = scanner;
    window->length = 0;
    window->head_length = 0;
    *out = window;
    return SIEVE_OK;
}

void window_free(struct window *window)
{
    wipe_free(window, sizeof *window);
}

void window_start(struct window *window, const struct window_sink *sink, uint64_t begin,
                  uint64_t from, uint64_t until, struct bytes head)
{
    window->sink = *sink;
    window->begin = begin;
    window->from = from;
    window->until = until;
    window->length = 0;
    window->head_is_set = begin > 0;
    window->head_length = head.length < SIEVE_HEAD ? head.length : SIEVE_HEAD;
    if (window->head_length > 0)
        memcpy(window->head, head.at, window->head_length);
}

uint64_t window_end(const struct window *window)
{
    return window->begin + window->length;
}

int window_is_full(const struct window *window)
{
    return window->until < UINT64_MAX &&
           window_end(window) >= window->until + SIEVE_AFTER;
}

/* The last border in [start, limit), or `limit` if there is none. */
static uint64_t last_border(const struct window *window, uint64_t start, uint64_t limit)
{
    uint64_t last = limit;
    uint64_t at = start;
    while (at < limit) {
        size_t length = (size_t)(limit - at);
        size_t index = sieve_border(window->bytes + (at - window->begin), length);
        if (index >= length)
            break;
        last = at + index;
        at = last + 1;
    }
    return last;
}

/* Behind the last line feed of [start, limit), or `limit` if there is none. */
static uint64_t last_line(const struct window *window, uint64_t start, uint64_t limit)
{
    for (uint64_t at = limit; at > start; at--) {
        if (window->bytes[at - 1 - window->begin] == '\n')
            return at;
    }
    return limit;
}

/* Where a piece may end: at the last border before `limit`.  Bytes without one end at
 * a line, bytes without lines anywhere; both are told apart only by two numbers that
 * share digits across that very place. */
static uint64_t piece_end(const struct window *window, uint64_t limit)
{
    const uint64_t nearest = window->from + (limit - window->from) / 2;
    for (uint64_t reach = BORDER_SEARCH; reach <= BORDER_SEARCH_MAX; reach *= 4) {
        uint64_t start = limit - nearest > reach ? limit - reach : nearest;
        uint64_t border = last_border(window, start, limit);
        if (border < limit)
            return border;
        if (start == nearest)
            break;
    }
    uint64_t start = limit - nearest > LINE_SEARCH ? limit - LINE_SEARCH : nearest;
    return last_line(window, start, limit);
}

/* Tells of [from, to). */
static sieve_status judge_piece(struct window *window, uint64_t to, int at_end)
{
    const int in_place = !window->head_is_set;
    const size_t held = window->length < SIEVE_HEAD ? window->length : SIEVE_HEAD;
    const sieve_part part = {
        .bytes = window->bytes,
        .begin = window->begin,
        .end = window_end(window),
        .from = window->from,
        .to = to,
        .head = in_place ? window->bytes : window->head,
        .head_length = in_place ? held : window->head_length,
        .at_end = at_end,
    };
    const struct piece piece = {window->bytes, part.begin, part.end, part.from, to};
    const struct window_sink *sink = &window->sink;
    if (sink->on_begin)
        sink->on_begin(&piece, sink->context);
    sieve_status status =
        sieve_scan_part(window->scanner, &part, sink->on_finding, sink->context);
    if (status == SIEVE_OK && sink->on_end)
        status = sink->on_end(&piece, sink->context);
    window->from = to;
    return status;
}

/* Moves what the next piece still needs to the front. */
static void slide(struct window *window)
{
    if (!window->head_is_set) {
        window->head_length = window->length < SIEVE_HEAD ? window->length : SIEVE_HEAD;
        memcpy(window->head, window->bytes, window->head_length);
        window->head_is_set = 1;
    }
    if (window->from - window->begin <= SIEVE_BEFORE)
        return;
    size_t past = (size_t)(window->from - SIEVE_BEFORE - window->begin);
    memmove(window->bytes, window->bytes + past, window->length - past);
    window->begin += past;
    window->length -= past;
}

/* Judges all that can be judged without knowing what comes next. */
static sieve_status advance(struct window *window)
{
    uint64_t end = window_end(window);
    if (window->from >= window->until || end < window->from + SIEVE_AFTER + BORDER_SEARCH)
        return SIEVE_OK;
    uint64_t limit = end - SIEVE_AFTER;
    uint64_t to = limit >= window->until ? window->until : piece_end(window, limit);
    sieve_status status = judge_piece(window, to, 0);
    if (status == SIEVE_OK)
        slide(window);
    return status;
}

sieve_status window_room(struct window *window, void **at_out, size_t *capacity_out)
{
    assert(window->length < WINDOW_CAPACITY);
    size_t capacity = WINDOW_CAPACITY - window->length;
    *at_out = window->bytes + window->length;
    *capacity_out = capacity < READ_LENGTH ? capacity : READ_LENGTH;
    return SIEVE_OK;
}

sieve_status window_commit(struct window *window, size_t length)
{
    window->length += length;
    if (WINDOW_CAPACITY - window->length >= READ_LENGTH / 2)
        return SIEVE_OK;
    return advance(window);
}

sieve_status window_write(struct window *window, struct bytes chunk)
{
    while (chunk.length > 0) {
        void *at = NULL;
        size_t capacity = 0;
        sieve_status status = window_room(window, &at, &capacity);
        if (status != SIEVE_OK)
            return status;
        size_t count = chunk.length < capacity ? chunk.length : capacity;
        memcpy(at, chunk.at, count);
        status = window_commit(window, count);
        if (status != SIEVE_OK)
            return status;
        chunk = bytes_from(chunk, count);
    }
    return SIEVE_OK;
}

sieve_status window_finish(struct window *window)
{
    sieve_status status = SIEVE_OK;
    uint64_t end = window_end(window);
    if (window_is_full(window)) {
        if (window->from < window->until)
            status = judge_piece(window, window->until, 0);
    } else if (window->from < end) {
        uint64_t to = end < window->until ? end : window->until;
        if (window->from < to)
            status = judge_piece(window, to, 1);
    }
    return status;
}
