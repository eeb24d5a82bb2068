#include "job/cells.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/grow.h"
#include "base/number.h"
#include "base/wipe.h"
#include "job/meaning.h"

/* A judgement looks for words at most so far back, over any number of lines. */
#define APART 256u
/* Bytes of one column in a block, with all that parts its cells. */
#define LANE_LENGTH_MAX (64u << 20)
#define SLOTS_FIRST     64u
/* Bytes of the shortest card number. */
#define DIGITS_MIN 11u
/* Line ends between two cells. */
#define BORDERS 4u

/* Where a cell lies. */
struct slot {
    uint32_t begin;  /* of its prefix */
    uint32_t before; /* bytes of it */
    uint32_t length; /* bytes of the value */
    uint64_t row;
};

/* A cell that must be judged once more, alone, from an offset on. */
struct doubt {
    size_t slot;
    size_t from; /* in the slot */
};

struct lane {
    const char *prefix;
    size_t
        prefixed_from; /* shorter cells without a word go without: it changes nothing */
    size_t dull_below; /* shorter cells hold a code at most */
    int is_weak;
    int is_alone;
    size_t prefix_length;
    struct buffer bytes;
    struct slot *slots;
    size_t slot_count;
    size_t slot_capacity;
    struct cell_watch watch;
};

struct cells {
    sieve_scanner *scanner;
    const struct tier_table *tiers;
    struct cell_taker taker;
    struct lane *lanes;
    size_t lane_count;
    size_t bytes;
    /* What is judged now. */
    struct lane *lane;
    size_t slot;    /* that the last finding was in: they come in order */
    uint64_t alone; /* row of a cell that is judged alone */
    struct bytes alone_value;
    size_t alone_from; /* only what begins here or later is told */
    struct doubt *doubts;
    size_t doubt_count;
    size_t doubt_capacity;
    sieve_status status;
};

/* ---- life ------------------------------------------------------------------------- */

sieve_status cells_new(sieve_scanner *scanner, const struct tier_table *tiers,
                       const struct cell_column *columns, size_t count,
                       const struct cell_taker *taker, struct cells **out)
{
    struct cells *cells = calloc(1, sizeof *cells);
    if (!cells)
        return SIEVE_E_MEMORY;
    cells->lanes = calloc(count ? count : 1, sizeof cells->lanes[0]);
    if (!cells->lanes) {
        free(cells);
        return SIEVE_E_MEMORY;
    }
    cells->scanner = scanner;
    cells->tiers = tiers;
    cells->taker = *taker;
    cells->lane_count = count;
    for (size_t index = 0; index < count; index++) {
        struct lane *lane = &cells->lanes[index];
        lane->prefix = columns[index].prefix;
        lane->prefixed_from = columns[index].for_codes ? 0 : DIGITS_MIN;
        lane->is_weak = columns[index].is_weak;
        lane->is_alone = columns[index].is_alone;
        if (!lane->is_alone && !columns[index].for_codes && !lane->is_weak)
            lane->dull_below = DIGITS_MIN;
        lane->prefix_length = lane->prefix ? strlen(lane->prefix) : 0;
        buffer_init(&lane->bytes, LANE_LENGTH_MAX);
    }
    *out = cells;
    return SIEVE_OK;
}

void cells_free(struct cells *cells)
{
    if (!cells)
        return;
    for (size_t index = 0; index < cells->lane_count; index++) {
        buffer_done(&cells->lanes[index].bytes);
        free(cells->lanes[index].slots);
        cell_watch_done(&cells->lanes[index].watch);
    }
    free(cells->lanes);
    free(cells->doubts);
    free(cells);
}

int cells_are_full(const struct cells *cells, uint64_t rows)
{
    return cells->bytes >= CELLS_BYTES_FULL || rows >= CELLS_ROWS_FULL;
}

struct cell_watch *cells_watch(struct cells *cells, size_t column)
{
    return &cells->lanes[column].watch;
}

/* ---- what is found ----------------------------------------------------------------- */

/* The cell's value is behind `before` bytes. */
static sieve_next tell_at(struct cells *cells, const sieve_finding *finding,
                          size_t before, struct bytes value, uint64_t row)
{
    struct lane *lane = cells->lane;
    sieve_finding moved = *finding;
    if (finding->offset + finding->length <= before)
        return SIEVE_CONTINUE; /* the column's name; the schema tells of it */
    if (finding->offset < before) {
        moved.offset = before;
        moved.length -= (uint32_t)(before - finding->offset);
    }
    moved.offset -= before;
    cell_watch_finding(&lane->watch);
    cells->status = cells->taker.tell((size_t)(lane - cells->lanes), row, value, &moved,
                                      cells->taker.context);
    return cells->status == SIEVE_OK ? SIEVE_CONTINUE : SIEVE_STOP;
}

/* A code may be one only because of a card word in a cell before: all else ends at a
 * border.  The cell is judged once more, alone, from there on. */
static int is_doubtful(const struct cells *cells, const sieve_finding *finding)
{
    const struct doubt *last = &cells->doubts[cells->doubt_count];
    if (cells->doubt_count > 0 && last[-1].slot == cells->slot)
        return 1;
    return !cells->lane->is_weak && (finding->kind == SIEVE_KIND_SECURITY_CODE ||
                                     finding->kind == SIEVE_KIND_PIN_BLOCK);
}

static sieve_next add_doubt(struct cells *cells, size_t from)
{
    if (cells->doubt_count > 0 &&
        cells->doubts[cells->doubt_count - 1].slot == cells->slot)
        return SIEVE_CONTINUE;
    struct doubt *doubts = grown(cells->doubts, cells->doubt_count,
                                 &cells->doubt_capacity, 16, sizeof doubts[0]);
    if (!doubts) {
        cells->status = SIEVE_E_MEMORY;
        return SIEVE_STOP;
    }
    cells->doubts = doubts;
    cells->doubts[cells->doubt_count++] = (struct doubt){cells->slot, from};
    return SIEVE_CONTINUE;
}

static struct bytes value_of(const struct lane *lane, const struct slot *slot)
{
    return bytes_of(lane->bytes.at + slot->begin + slot->before, slot->length);
}

static sieve_next tell_in_batch(const sieve_finding *finding, void *context)
{
    struct cells *cells = context;
    const struct lane *lane = cells->lane;
    while (cells->slot + 1 < lane->slot_count &&
           lane->slots[cells->slot + 1].begin <= finding->offset)
        cells->slot++;
    const struct slot *slot = &lane->slots[cells->slot];
    sieve_finding inside = *finding;
    inside.offset -= slot->begin;
    if (is_doubtful(cells, finding))
        return add_doubt(cells, (size_t)inside.offset);
    return tell_at(cells, &inside, slot->before, value_of(lane, slot), slot->row);
}

static sieve_next tell_alone(const sieve_finding *finding, void *context)
{
    struct cells *cells = context;
    if (finding->offset < cells->alone_from)
        return SIEVE_CONTINUE;
    return tell_at(cells, finding, cells->lane->prefix_length, cells->alone_value,
                   cells->alone);
}

/* A judgement that was stopped was stopped by who is told. */
static sieve_status settle(const struct cells *cells, sieve_status status)
{
    return status == SIEVE_STOPPED ? cells->status : status;
}

/* ---- a cell alone ------------------------------------------------------------------ */

static sieve_status scan_with_prefix(struct cells *cells, struct bytes value)
{
    const sieve_stream_sink sink = {tell_alone, NULL, cells};
    sieve_stream *stream = NULL;
    sieve_status status = sieve_stream_new(cells->scanner, &sink, &stream);
    if (status != SIEVE_OK)
        return status;
    status = sieve_stream_write(stream, cells->lane->prefix, cells->lane->prefix_length);
    if (status == SIEVE_OK)
        status = sieve_stream_write(stream, value.at, value.length);
    if (status == SIEVE_OK)
        status = sieve_stream_finish(stream);
    sieve_stream_free(stream);
    return status;
}

static sieve_status scan_alone(struct cells *cells, struct lane *lane, uint64_t row,
                               struct bytes value, size_t from)
{
    cells->lane = lane;
    cells->alone = row;
    cells->alone_value = value;
    cells->alone_from = from;
    sieve_status status = lane->prefix ? scan_with_prefix(cells, value)
                                       : sieve_scan(cells->scanner, value.at,
                                                    value.length, tell_alone, cells);
    return settle(cells, status);
}

/* ---- a batch ----------------------------------------------------------------------- */

static sieve_status settle_doubts(struct cells *cells, struct lane *lane)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < cells->doubt_count && status == SIEVE_OK; index++) {
        const struct doubt *doubt = &cells->doubts[index];
        const struct slot *slot = &lane->slots[doubt->slot];
        const struct bytes value = value_of(lane, slot);
        /* Without its name it was too short to need it. */
        const size_t missing = lane->prefix_length - slot->before;
        status = scan_alone(cells, lane, slot->row, value, doubt->from + missing);
    }
    cells->doubt_count = 0;
    return status;
}

static sieve_status scan_batch(struct cells *cells, struct lane *lane)
{
    cells->lane = lane;
    cells->slot = 0;
    sieve_status status = sieve_scan(cells->scanner, lane->bytes.at, lane->bytes.length,
                                     tell_in_batch, cells);
    status = settle(cells, status);
    if (status == SIEVE_OK)
        status = settle_doubts(cells, lane);
    wipe(lane->bytes.at, lane->bytes.length);
    lane->bytes.length = 0;
    lane->slot_count = 0;
    return status;
}

sieve_status cells_judge(struct cells *cells)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < cells->lane_count && status == SIEVE_OK; index++) {
        if (cells->lanes[index].slot_count > 0)
            status = scan_batch(cells, &cells->lanes[index]);
    }
    cells->bytes = 0;
    return status;
}

/* ---- a cell in the batch ----------------------------------------------------------- */

static sieve_status add_slot(struct lane *lane, uint64_t row, size_t before,
                             size_t length)
{
    struct slot *slots = grown(lane->slots, lane->slot_count, &lane->slot_capacity,
                               SLOTS_FIRST, sizeof slots[0]);
    if (!slots)
        return SIEVE_E_MEMORY;
    lane->slots = slots;
    lane->slots[lane->slot_count++] = (struct slot){
        (uint32_t)lane->bytes.length, (uint32_t)before, (uint32_t)length, row};
    return SIEVE_OK;
}

/* Two line ends, zeros, two line ends: no number, word, key or escape crosses it.  The
 * next cell begins at an even offset, as a cell alone does.  The lane has room. */
static void part(struct lane *lane, size_t apart)
{
    unsigned char *at = lane->bytes.at + lane->bytes.length;
    const size_t zeros = apart + ((lane->bytes.length + apart) & 1);
    memcpy(at, "\n\n\0\0\0", 5);
    if (zeros > 3)
        memset(at + 2, 0, zeros);
    memcpy(at + 2 + zeros, "\n\n", 2);
    lane->bytes.length += zeros + BORDERS;
}

static sieve_status lay(struct cells *cells, struct lane *lane, uint64_t row,
                        struct bytes value, unsigned meanings)
{
    const int has_words = (meanings & (MEANS_LETTER | MEANS_CODED)) != 0;
    const size_t apart = lane->is_weak ? APART : 2;
    const int is_plain = value.length < lane->prefixed_from && !has_words;
    const size_t before = is_plain ? 0 : lane->prefix_length;
    const size_t length = lane->bytes.length;
    sieve_status status =
        buffer_reserve(&lane->bytes, apart + BORDERS + 1 + before + value.length);
    if (status != SIEVE_OK)
        return status;
    part(lane, apart);
    status = add_slot(lane, row, before, value.length);
    if (status != SIEVE_OK)
        return status;
    unsigned char *at = lane->bytes.at + lane->bytes.length;
    if (before > 0)
        memcpy(at, lane->prefix, before);
    memcpy(at + before, value.at, value.length);
    lane->bytes.length += before + value.length;
    cells->bytes += lane->bytes.length - length;
    return SIEVE_OK;
}

/* 1 if nothing is to be found in it: too few bytes for a card number, and of digits and
 * letters, which a code needs both, not both. */
static int is_dull(const struct lane *lane, struct bytes value, unsigned meanings)
{
    const unsigned both = MEANS_DIGIT | MEANS_LETTER;
    return value.length < lane->dull_below && (meanings & both) != both &&
           !(meanings & (MEANS_CODED | MEANS_CONTROL));
}

sieve_status cells_add(struct cells *cells, size_t column, uint64_t row,
                       struct bytes value)
{
    struct lane *lane = &cells->lanes[column];
    cell_watch_any(&lane->watch, value);
    if (value.length == 0)
        return SIEVE_OK;
    const unsigned meanings = meanings_of(value);
    if (is_dull(lane, value, meanings))
        return SIEVE_OK;
    sieve_status status = cell_watch_value(&lane->watch, value, meanings, cells->tiers);
    if (status != SIEVE_OK)
        return status;
    if (value.length > CELL_LENGTH_BATCHED || lane->is_alone)
        return scan_alone(cells, lane, row, value, 0);
    /* Its first line may name columns of its own.  And where a zero ends it decides which
     * half of a UTF-16 digit is the first. */
    if ((meanings & MEANS_CONTROL) &&
        (may_have_header(value) || memchr(value.at, 0, value.length)))
        return scan_alone(cells, lane, row, value, 0);
    return lay(cells, lane, row, value, meanings);
}

/* Too few digits for a card number. */
#define NUMBER_DULL 10000000000

sieve_status cells_add_number(struct cells *cells, size_t column, uint64_t row,
                              int64_t number)
{
    struct lane *lane = &cells->lanes[column];
    char text[NUMBER_TEXT_MAX];
    if (lane->dull_below > 0 && number >= 0 && number < NUMBER_DULL) {
        cell_watch_any(&lane->watch, bytes_of(&number, sizeof number));
        return SIEVE_OK;
    }
    const size_t length = number_signed_text(number, text);
    return cells_add(cells, column, row, bytes_of(text, length));
}
