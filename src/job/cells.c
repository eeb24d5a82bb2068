#include "job/cells.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/wipe.h"

/* A judgement looks for words at most so far back, over any number of lines. */
#define APART 256u
/* Bytes of one column in a block, with all that parts its cells. */
#define LANE_LENGTH_MAX (64u << 20)
#define SLOTS_FIRST     64u
/* Bytes of the shortest card number. */
#define DIGITS_MIN 11u

/* Where a cell lies. */
struct slot {
    size_t begin;  /* of its prefix */
    size_t before; /* bytes of it */
    uint64_t row;
};

struct lane {
    const char *prefix;
    size_t
        prefixed_from; /* shorter cells without a word go without: it changes nothing */
    int is_weak;
    size_t prefix_length;
    struct buffer bytes;
    struct slot *slots;
    size_t slot_count;
    size_t slot_capacity;
    struct cell_counts counts;
};

struct cells {
    sieve_scanner *scanner;
    on_cell tell;
    void *context;
    struct lane *lanes;
    size_t lane_count;
    size_t bytes;
    unsigned char meanings[256]; /* of each byte */
    /* What is judged now. */
    struct lane *lane;
    size_t slot;           /* that the last finding was in: they come in order */
    const uint64_t *alone; /* row of a cell that is judged alone, or NULL */
    sieve_status status;
};

/* ---- bytes ------------------------------------------------------------------------ */

/* What the bytes of a cell may mean to a judgement. */
#define BYTE_DIGIT 1u
#define BYTE_WORD  2u /* a letter, or a byte of an escape or of no ASCII */
#define BYTE_KEY   4u /* may part a name from its value */
#define BYTE_FIELD 8u /* parts fields of a header */
#define BYTE_LINE  16u
#define BYTE_ZERO  32u
#define BYTE_OTHER 64u

static unsigned char meaning_of(unsigned char byte)
{
    if (byte >= '0' && byte <= '9')
        return BYTE_DIGIT;
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
        return BYTE_WORD;
    if (byte >= 0x80 || byte == '%' || byte == '\\' || byte == 0x1B)
        return BYTE_WORD | BYTE_KEY;
    switch (byte) {
    case '=':
    case ':':
    case '>':
        return BYTE_KEY;
    case ',':
    case '\t':
    case ';':
        return BYTE_FIELD;
    case '\n':
        return BYTE_LINE;
    case '\0':
        return BYTE_ZERO;
    default:
        return BYTE_OTHER;
    }
}

/* ---- life ------------------------------------------------------------------------- */

sieve_status cells_new(sieve_scanner *scanner, const struct cell_column *columns,
                       size_t count, on_cell tell, void *context, struct cells **out)
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
    cells->tell = tell;
    cells->context = context;
    cells->lane_count = count;
    for (unsigned byte = 0; byte < 256; byte++)
        cells->meanings[byte] = meaning_of((unsigned char)byte);
    for (size_t index = 0; index < count; index++) {
        struct lane *lane = &cells->lanes[index];
        lane->prefix = columns[index].prefix;
        lane->prefixed_from = columns[index].for_codes ? 0 : DIGITS_MIN;
        lane->is_weak = columns[index].is_weak;
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
    }
    free(cells->lanes);
    free(cells);
}

int cells_are_full(const struct cells *cells, uint64_t rows)
{
    return cells->bytes >= CELLS_BYTES_FULL || rows >= CELLS_ROWS_FULL;
}

struct cell_counts cells_take_counts(struct cells *cells, size_t column)
{
    const struct cell_counts counts = cells->lanes[column].counts;
    cells->lanes[column].counts = (struct cell_counts){.values = 0};
    return counts;
}

/* ---- what is found ----------------------------------------------------------------- */

/* The cell's value is behind `value` bytes. */
static sieve_next tell_at(struct cells *cells, const sieve_finding *finding, size_t value,
                          uint64_t row)
{
    struct lane *lane = cells->lane;
    sieve_finding moved = *finding;
    if (finding->offset + finding->length <= value)
        return SIEVE_CONTINUE; /* the column's name; the schema tells of it */
    if (finding->offset < value) {
        moved.offset = value;
        moved.length -= (uint32_t)(value - finding->offset);
    }
    moved.offset -= value;
    lane->counts.findings++;
    cells->status =
        cells->tell((size_t)(lane - cells->lanes), row, &moved, cells->context);
    return cells->status == SIEVE_OK ? SIEVE_CONTINUE : SIEVE_STOP;
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
    return tell_at(cells, &inside, slot->before, slot->row);
}

static sieve_next tell_alone(const sieve_finding *finding, void *context)
{
    struct cells *cells = context;
    return tell_at(cells, finding, cells->lane->prefix_length, *cells->alone);
}

/* A judgement that was stopped was stopped by who is told. */
static sieve_status settle(const struct cells *cells, sieve_status status)
{
    return status == SIEVE_STOPPED ? cells->status : status;
}

static sieve_status scan_batch(struct cells *cells, struct lane *lane)
{
    cells->lane = lane;
    cells->slot = 0;
    sieve_status status = sieve_scan(cells->scanner, lane->bytes.at, lane->bytes.length,
                                     tell_in_batch, cells);
    status = settle(cells, status);
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
                               struct bytes value)
{
    cells->lane = lane;
    cells->alone = &row;
    sieve_status status = lane->prefix ? scan_with_prefix(cells, value)
                                       : sieve_scan(cells->scanner, value.at,
                                                    value.length, tell_alone, cells);
    cells->alone = NULL;
    return settle(cells, status);
}

/* ---- a cell in the batch ----------------------------------------------------------- */

/* All that any of its bytes may mean. */
static unsigned meanings_of(const struct cells *cells, struct bytes value)
{
    unsigned meanings = 0;
    for (size_t index = 0; index < value.length; index++)
        meanings |= cells->meanings[value.at[index]];
    return meanings;
}

static sieve_status add_slot(struct lane *lane, uint64_t row, size_t before)
{
    if (lane->slot_count == lane->slot_capacity) {
        const size_t capacity =
            lane->slot_capacity ? 2 * lane->slot_capacity : SLOTS_FIRST;
        struct slot *slots = realloc(lane->slots, capacity * sizeof slots[0]);
        if (!slots)
            return SIEVE_E_MEMORY;
        lane->slots = slots;
        lane->slot_capacity = capacity;
    }
    lane->slots[lane->slot_count++] = (struct slot){lane->bytes.length, before, row};
    return SIEVE_OK;
}

/* Two line ends, zeros, two line ends: no number, word, key or escape crosses it.  The
 * next cell begins at an even offset, as a cell alone does. */
static sieve_status part(struct lane *lane, size_t apart)
{
    static const char border[2] = {'\n', '\n'};
    sieve_status status = buffer_reserve(&lane->bytes, apart + 2 * sizeof border + 1);
    if (status == SIEVE_OK)
        status = buffer_append(&lane->bytes, bytes_of(border, sizeof border));
    if (status != SIEVE_OK)
        return status;
    const size_t zeros = apart + ((lane->bytes.length + apart) & 1);
    memset(lane->bytes.at + lane->bytes.length, 0, zeros);
    lane->bytes.length += zeros;
    return buffer_append(&lane->bytes, bytes_of(border, sizeof border));
}

static sieve_status append(struct lane *lane, uint64_t row, struct bytes value,
                           unsigned meanings)
{
    const unsigned code = BYTE_WORD | BYTE_KEY;
    const size_t apart = lane->is_weak || (meanings & code) == code ? APART : 2;
    const int is_plain = value.length < lane->prefixed_from && !(meanings & BYTE_WORD);
    const size_t before = is_plain ? 0 : lane->prefix_length;
    sieve_status status = part(lane, apart);
    if (status == SIEVE_OK)
        status = add_slot(lane, row, before);
    if (status == SIEVE_OK && before > 0)
        status = buffer_append(&lane->bytes, bytes_of(lane->prefix, before));
    if (status == SIEVE_OK)
        status = buffer_append(&lane->bytes, value);
    return status;
}

static void count_number(struct lane *lane, unsigned meanings, struct bytes value)
{
    unsigned sum = 0;
    if (meanings != BYTE_DIGIT || value.length < 12 || value.length > 19)
        return;
    for (size_t index = 0; index < value.length; index++) {
        unsigned digit = value.at[value.length - 1 - index] - (unsigned)'0';
        if (index % 2 == 1)
            digit = digit < 5 ? 2 * digit : 2 * digit - 9;
        sum += digit;
    }
    lane->counts.numbers++;
    lane->counts.luhn += sum % 10 == 0;
}

sieve_status cells_add(struct cells *cells, size_t column, uint64_t row,
                       struct bytes value)
{
    struct lane *lane = &cells->lanes[column];
    lane->counts.values++;
    lane->counts.bytes += value.length;
    if (value.length == 0)
        return SIEVE_OK;
    if (value.length > CELL_LENGTH_BATCHED)
        return scan_alone(cells, lane, row, value);
    const unsigned meanings = meanings_of(cells, value);
    const unsigned header = BYTE_FIELD | BYTE_LINE | BYTE_WORD;
    /* Its first line may name columns of its own; behind a key it is none.  And where
     * it ends decides which half of a UTF-16 digit is the first. */
    if ((!lane->prefix && (meanings & header) == header) || (meanings & BYTE_ZERO))
        return scan_alone(cells, lane, row, value);
    count_number(lane, meanings, value);
    const size_t length = lane->bytes.length;
    sieve_status status = append(lane, row, value, meanings);
    cells->bytes += lane->bytes.length - length;
    return status;
}
