/* stream.c - a body that arrives in pieces.
 *
 * A number is one only when what stands behind it has been seen, so the last bytes wait:
 * SIEVE_AFTER of them, or, when a line has ended, none but those of a number that may
 * wrap to the next line.  Bytes that were handed on stay in the buffer, unmasked, as long
 * as something behind them may still be judged by them.
 *
 *   | looked at already | settled, to be handed on | waits |  room  |
 *   0                 handed                    settled   filled  capacity
 */
#include <stdlib.h>
#include <string.h>

#include "detect/context.h"
#include "detect/recoded.h"
#include "detect/scanner.h"

#define ROOM_LENGTH (128u << 10)
#define CAPACITY    (SIEVE_BEFORE + SIEVE_AFTER + ROOM_LENGTH)

struct sieve_stream {
    sieve_scanner *scanner;
    sieve_stream_sink sink;
    struct body body;
    uint8_t *bytes;
    uint8_t *masked; /* what is handed on where digits are hidden; made when needed */
    uint64_t base;   /* of bytes[0] in the body */
    size_t handed;
    size_t settled;
    size_t filled;
    bool ended;
    sieve_status failed; /* the first failure, kept */
};

sieve_status sieve_stream_new(sieve_scanner *scanner, const sieve_stream_sink *sink,
                              sieve_stream **out)
{
    if (!scanner || !sink || !out)
        return SIEVE_E_INVALID;
    sieve_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return SIEVE_E_MEMORY;
    stream->bytes = malloc(CAPACITY);
    if (!stream->bytes) {
        free(stream);
        return SIEVE_E_MEMORY;
    }
    stream->scanner = scanner;
    stream->sink = *sink;
    body_begin(&stream->body, sink->on_finding, sink->context);
    stream->body.masking = sink->on_bytes != NULL;
    *out = stream;
    return SIEVE_OK;
}

static void wipe(void *bytes, size_t length)
{
    if (!bytes)
        return;
    memset(bytes, 0, length);
    __asm__ __volatile__("" : : "r"(bytes) : "memory"); /* not to be optimised away */
}

void sieve_stream_free(sieve_stream *stream)
{
    if (!stream)
        return;
    body_done(&stream->body);
    wipe(stream->bytes, CAPACITY);
    free(stream->bytes);
    free(stream->masked);
    wipe(stream, sizeof *stream);
    free(stream);
}

/* ---- how far is it settled ----------------------------------------------------------
 */

/* The begin of the chain of digits and joints that ends the line before `line_end`, read
 * in one mode; `line_end` if there is no digit in it. */
static size_t open_chain(const struct view *view, enum mode mode, size_t line_end)
{
    size_t begin = line_end;
    size_t digits = 0;
    if (begin > 0 && view->bytes[begin - 1] == '\r')
        begin--;
    if (mode == MODE_QP && begin > 0 && view->bytes[begin - 1] == '=')
        begin--; /* a soft break: as if the line went on */
    while (digits <= PAN_DIGITS_MAX) {
        struct unit unit = unit_before(view, mode, begin);
        if (unit.kind != UNIT_DIGIT && !unit_is_joint(unit) && unit.kind != UNIT_SOFT &&
            unit.kind != UNIT_WRAP)
            break;
        digits += unit.kind == UNIT_DIGIT;
        begin -= unit.length;
    }
    return digits > 0 ? recoded_run_begin(view, mode, begin) : line_end;
}

/* The groups are the first ones of some brand's grouping that has more. */
static bool grouped_so_far(const struct pattern_set *patterns,
                           const struct sequence *sequence)
{
    uint8_t sizes[SEQUENCE_DIGITS_MAX + 1] = {1};
    size_t groups = 1;
    for (size_t i = 1; i < sequence->count; i++) {
        groups += sequence->joint[i] != JOINED;
        sizes[groups - 1]++;
    }
    if (groups >= GROUPING_GROUPS_MAX)
        return false;
    for (size_t brand = 0; brand < patterns->brand_count; brand++)
        for (size_t i = 0; i < patterns->brands[brand].grouping_count; i++) {
            const uint8_t *grouping = patterns->brands[brand].groupings[i];
            if (memcmp(grouping, sizes, groups) == 0 && grouping[groups] != 0)
                return true;
        }
    return false;
}

/* True if a number from `start` may go on behind the line's end at `line_end`: some range
 * fits, and it is grouped so far or stands beside a card word. */
static bool may_wrap(sieve_stream *stream, const struct view *view, enum mode mode,
                     size_t start, size_t line_end)
{
    const sieve_ruleset *rules = stream->scanner->rules;
    struct sequence sequence;
    /* As if the line were the end of the bytes. */
    struct view line = {view->bytes, line_end, view->base, view->lexicon};
    sequence_read(&line, mode, start, &sequence);
    bool soft = mode == MODE_QP && line_end > 0 &&
                (view->bytes[line_end - 1] == '=' ||
                 (view->bytes[line_end - 1] == '\r' && line_end > 1 &&
                  view->bytes[line_end - 2] == '='));
    if (soft) /* the group itself may go on */
        return sequence.count <= PAN_DIGITS_MAX;
    if (sequence.count > PAN_DIGITS_MAX - 1u)
        return false;
    if (!number_may_continue(rules->numbers, sequence.digits, sequence.count))
        return false;
    if (grouped_so_far(rules->patterns, &sequence))
        return true;
    struct word_hits *words = &stream->scanner->words;
    uint64_t number = view->base + start;
    uint64_t from =
        number > view->base + CONTEXT_BEFORE ? number - CONTEXT_BEFORE : view->base;
    words_forget(words);
    bool failed = words_look(words, view, from, view->base + line_end) != SIEVE_OK;
    bool near = context_any_raise(words);
    const struct word_row *column = header_column(&stream->body.header, view, start);
    near |= column && column->effect != WORD_LOWER;
    words_forget(words);
    return failed || near;
}

/* The first start on the line from which a number may go on behind its end. */
static size_t first_open(sieve_stream *stream, const struct view *view, size_t line_end)
{
    size_t first = line_end;
    for (enum mode mode = MODE_RAW; mode <= MODE_QP; mode++)
        for (size_t at = open_chain(view, mode, line_end); at < first; at++)
            if (sequence_may_start(view, mode, at) &&
                may_wrap(stream, view, mode, at, line_end))
                first = at;
    return first;
}

/* How much a settlement may take for granted of what comes next. */
enum settlement {
    SETTLE_SURE,  /* anything may come */
    SETTLE_PAUSE, /* nothing for a while: a line that ended is the end of its number too
                   */
    SETTLE_END    /* nothing */
};

/* What a pause lets go of 16-bit text: all of it, if it ends with a line. */
static size_t settled_wide_line(const struct view *view, size_t end, size_t floor)
{
    const size_t behind = view->length - end;
    return behind == 0 || (behind == 1 && view->bytes[end] == 0) ? view->length : floor;
}

/* Everything before a line's end is settled, but for a number that may wrap. */
static size_t settled_line(sieve_stream *stream, const struct view *view, size_t floor,
                           enum settlement settlement)
{
    size_t end = view->length;
    while (end > floor && view->bytes[end - 1] != '\n')
        end--;
    if (end <= floor)
        return floor;
    size_t line_end = end - 1;
    if (line_end > 0 && view->bytes[line_end - 1] == 0) /* 16-bit text */
        return settlement == SETTLE_PAUSE ? settled_wide_line(view, end, floor) : floor;
    if (settlement == SETTLE_PAUSE && end == view->length)
        return end;
    size_t open = first_open(stream, view, line_end);
    if (open == line_end)
        return end;
    return open > floor ? open : floor;
}

/* All starts before the answer can be judged by the bytes at hand. */
static size_t settle_limit(sieve_stream *stream, const struct view *view,
                           enum settlement settlement)
{
    if (settlement == SETTLE_END)
        return stream->filled;
    size_t limit = stream->settled;
    if (stream->filled > limit + SIEVE_AFTER)
        limit = stream->filled - SIEVE_AFTER;
    if (!stream->sink.on_bytes) /* nobody waits for the bytes */
        return limit;
    return settled_line(stream, view, limit, settlement);
}

/* The head is read once its line, or all of SIEVE_HEAD, is there. */
static sieve_status read_head(sieve_stream *stream, bool at_end, bool *wait_out)
{
    *wait_out = false;
    if (stream->body.header_known)
        return SIEVE_OK;
    size_t length = stream->filled < SIEVE_HEAD ? stream->filled : SIEVE_HEAD;
    bool known = at_end || length == SIEVE_HEAD || memchr(stream->bytes, '\n', length);
    *wait_out = !known;
    if (!known)
        return SIEVE_OK;
    return body_read_head(&stream->body, stream->scanner, stream->bytes, length);
}

/* ---- handing on
 * ------------------------------------------------------------------------ */

static sieve_status hand_on(sieve_stream *stream)
{
    size_t length = stream->settled - stream->handed;
    if (!stream->sink.on_bytes || length == 0) {
        stream->handed = stream->settled;
        return SIEVE_OK;
    }
    const uint8_t *from = stream->bytes + stream->handed;
    uint64_t until = stream->base + stream->settled;
    if (mask_is_due(&stream->body.hides, until)) {
        if (!stream->masked)
            stream->masked = malloc(CAPACITY);
        if (!stream->masked)
            return SIEVE_E_MEMORY;
        memcpy(stream->masked, from, length);
        mask_apply(&stream->body.hides, stream->masked, stream->base + stream->handed,
                   until);
        from = stream->masked;
    }
    stream->handed = stream->settled;
    stream->scanner->busy = true;
    sieve_status status = stream->sink.on_bytes(from, length, stream->sink.context);
    stream->scanner->busy = false;
    return status;
}

/* A digit's unit may begin before the limit and end behind it: it is handed on whole. */
static size_t whole_hides(const sieve_stream *stream, size_t limit)
{
    const struct hide_list *hides = &stream->body.hides;
    for (size_t i = 0; i < hides->count; i++) {
        size_t at = (size_t)(hides->items[i].at - stream->base);
        if (at < limit && at + hides->items[i].length > limit)
            return at;
    }
    return limit;
}

static sieve_status settle(sieve_stream *stream, enum settlement settlement)
{
    bool wait = false;
    sieve_status status = read_head(stream, settlement == SETTLE_END, &wait);
    if (status != SIEVE_OK || wait)
        return status;
    struct view view = {stream->bytes, stream->filled, stream->base,
                        stream->scanner->rules->lexicon};
    size_t limit = settle_limit(stream, &view, settlement);
    if (limit > stream->settled) {
        status = body_scan(&stream->body, stream->scanner, &view,
                           stream->base + stream->settled, stream->base + limit);
        if (status != SIEVE_OK)
            return status;
        stream->settled = limit;
    }
    size_t settled = stream->settled;
    stream->settled = whole_hides(stream, settled);
    status = hand_on(stream);
    stream->settled = settled;
    return status;
}

/* Moves what is still needed to the front. */
static void make_room(sieve_stream *stream)
{
    size_t keep = stream->handed < stream->settled ? stream->handed : stream->settled;
    size_t drop = keep > SIEVE_BEFORE ? keep - SIEVE_BEFORE : 0;
    if (drop == 0 || CAPACITY - stream->filled > ROOM_LENGTH / 2)
        return;
    memmove(stream->bytes, stream->bytes + drop, stream->filled - drop);
    stream->base += drop;
    stream->handed -= drop;
    stream->settled -= drop;
    stream->filled -= drop;
}

static sieve_status check(const sieve_stream *stream)
{
    if (!stream)
        return SIEVE_E_INVALID;
    if (stream->failed != SIEVE_OK)
        return SIEVE_E_STATE;
    return stream->ended || stream->scanner->busy ? SIEVE_E_STATE : SIEVE_OK;
}

sieve_status sieve_stream_room(sieve_stream *stream, void **bytes_out,
                               size_t *capacity_out)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && (!bytes_out || !capacity_out))
        status = SIEVE_E_INVALID;
    if (status != SIEVE_OK)
        return status;
    make_room(stream);
    *bytes_out = stream->bytes + stream->filled;
    *capacity_out = CAPACITY - stream->filled;
    return SIEVE_OK;
}

sieve_status sieve_stream_commit(sieve_stream *stream, size_t length)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && length > CAPACITY - stream->filled)
        status = SIEVE_E_INVALID;
    if (status != SIEVE_OK || length == 0)
        return status;
    stream->filled += length;
    status = settle(stream, SETTLE_SURE);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}

sieve_status sieve_stream_write(sieve_stream *stream, const void *bytes, size_t length)
{
    sieve_status status = check(stream);
    if (status == SIEVE_OK && !bytes && length > 0)
        status = SIEVE_E_INVALID;
    const uint8_t *from = bytes;
    while (status == SIEVE_OK && length > 0) {
        void *room = NULL;
        size_t capacity = 0;
        status = sieve_stream_room(stream, &room, &capacity);
        if (status != SIEVE_OK)
            break;
        size_t part = length < capacity ? length : capacity;
        memcpy(room, from, part);
        status = sieve_stream_commit(stream, part);
        from += part;
        length -= part;
    }
    return status;
}

size_t sieve_stream_held(const sieve_stream *stream)
{
    return stream ? stream->filled - stream->handed : 0;
}

static sieve_status settle_now(sieve_stream *stream, enum settlement settlement)
{
    sieve_status status = check(stream);
    if (status != SIEVE_OK)
        return status;
    status = settle(stream, settlement);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}

sieve_status sieve_stream_pause(sieve_stream *stream)
{
    return settle_now(stream, SETTLE_PAUSE);
}

sieve_status sieve_stream_flush(sieve_stream *stream)
{
    return settle_now(stream, SETTLE_END);
}

sieve_status sieve_stream_finish(sieve_stream *stream)
{
    sieve_status status = check(stream);
    if (status != SIEVE_OK)
        return status;
    stream->ended = true;
    status = settle(stream, SETTLE_END);
    if (status == SIEVE_OK)
        status = body_finish(&stream->body, stream->scanner);
    if (status != SIEVE_OK)
        stream->failed = status;
    return status;
}
