#include "job/spot.h"

#include <assert.h>

#include "job/excerpt.h"
#include "job/lines.h"

#define EXCERPT_CAPACITY_MAX 4096

void spotter_init(struct spotter *spotter, const struct spot_options *options,
                  sieve_status (*tell)(const struct sighting *sighting, void *context),
                  void *context)
{
    *spotter = (struct spotter){.options = *options, .tell = tell, .context = context};
    buffer_init(&spotter->excerpt, EXCERPT_CAPACITY_MAX);
    converter_init(&spotter->converter);
}

void spotter_done(struct spotter *spotter)
{
    buffer_done(&spotter->excerpt);
    converter_done(&spotter->converter);
}

void spotter_start(struct spotter *spotter, uint64_t from)
{
    spotter->counted_to = from;
    spotter->lines = 0;
    spotter->line_start = from;
    spotter->has_line_start = from == 0;
    spotter->pending_count = 0;
    spotter->status = SIEVE_OK;
}

/* Counts the lines of [counted_to, offset), which must be in memory. */
static void count_to(struct spotter *spotter, uint64_t offset)
{
    struct bytes bytes = bytes_of(spotter->bytes + (spotter->counted_to - spotter->begin),
                                  (size_t)(offset - spotter->counted_to));
    size_t count = lines_count(bytes);
    if (count > 0) {
        spotter->line_start = spotter->counted_to + lines_last(bytes) + 1;
        spotter->has_line_start = 1;
        spotter->lines += count;
    }
    spotter->counted_to = offset;
}

static void find_place(struct spotter *spotter, struct sighting *sighting)
{
    uint64_t offset = sighting->finding->offset;
    if (offset > spotter->counted_to)
        count_to(spotter, offset);
    sighting->line = spotter->lines + 1;
    sighting->column = spotter->has_line_start ? offset - spotter->line_start + 1 : 0;
}

/* Tells all that waits; nothing behind `known_to` has been judged yet. */
static sieve_status tell_pending(struct spotter *spotter, uint64_t known_to)
{
    const struct surroundings around = {
        .bytes = spotter->bytes,
        .begin = spotter->begin,
        .from = spotter->seen_from,
        .to = known_to,
        .findings = spotter->pending,
        .count = spotter->pending_count,
        .converter = &spotter->converter,
        .strict = spotter->options.strict,
    };
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < spotter->pending_count; index++) {
        struct sighting sighting = {.finding = &spotter->pending[index]};
        if (spotter->options.lines)
            find_place(spotter, &sighting);
        if (spotter->options.excerpts)
            status = excerpt_make(&around, index, &spotter->excerpt, &sighting);
        if (status == SIEVE_OK)
            status = spotter->tell(&sighting, spotter->context);
        if (status != SIEVE_OK)
            break;
    }
    spotter->pending_count = 0;
    spotter->seen_from = known_to;
    return status;
}

void spotter_on_begin(const struct piece *piece, void *context)
{
    struct spotter *spotter = context;
    spotter->bytes = piece->bytes;
    spotter->begin = piece->begin;
    spotter->end = piece->end;
    spotter->seen_from = piece->from;
}

sieve_next spotter_on_finding(const sieve_finding *finding, void *context)
{
    struct spotter *spotter = context;
    if (spotter->pending_count == SPOT_PENDING_MAX) {
        const sieve_finding *last = &spotter->pending[SPOT_PENDING_MAX - 1];
        spotter->status = tell_pending(spotter, last->offset + last->length);
        if (spotter->status != SIEVE_OK)
            return SIEVE_STOP;
    }
    spotter->pending[spotter->pending_count++] = *finding;
    return SIEVE_CONTINUE;
}

sieve_status spotter_on_end(const struct piece *piece, void *context)
{
    struct spotter *spotter = context;
    sieve_status status = tell_pending(spotter, piece->to);
    if (status == SIEVE_OK && spotter->options.lines && piece->to > spotter->counted_to)
        count_to(spotter, piece->to);
    return status;
}
