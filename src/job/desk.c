#include "job/desk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "job/cards.h"

/* Numbers whose place in memory is fetched ahead. */
#define EXPECT_AHEAD 12

/* Bytes of the bits for ordinals: there are no more than CARDS_EXACT_MAX in a run. */
#define TOLD_LENGTH_MAX (4u << 20)

struct desk {
    pthread_mutex_t lock;
    struct outlet output;
    struct outlet errors;
    struct cards *cards;
    uint64_t cards_before;   /* of an earlier run */
    uint64_t cards_of_files; /* before the sweep */
    uint64_t cards_told;     /* of the sweep */
    struct buffer told;      /* a bit for each ordinal */
    int is_sweep;
    sieve_status status; /* the first failure */
    void (*before_write)(void *context);
    void *context;
    struct headway headway;
    struct tally tally;
};

sieve_status desk_new(const struct outlet *output, const struct outlet *errors,
                      struct desk **out)
{
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        return SIEVE_E_MEMORY;
    sieve_status status = cards_new(&desk->cards);
    if (status != SIEVE_OK) {
        free(desk);
        return status;
    }
    if (pthread_mutex_init(&desk->lock, NULL) != 0) {
        cards_free(desk->cards);
        free(desk);
        return SIEVE_E_MEMORY;
    }
    desk->output = *output;
    desk->errors = *errors;
    tally_init(&desk->tally);
    buffer_init(&desk->told, TOLD_LENGTH_MAX);
    *out = desk;
    return SIEVE_OK;
}

void desk_free(struct desk *desk)
{
    if (!desk)
        return;
    tally_done(&desk->tally);
    buffer_done(&desk->told);
    cards_free(desk->cards);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

struct headway *desk_headway(struct desk *desk)
{
    return &desk->headway;
}

void desk_before_write(struct desk *desk, void (*call)(void *context), void *context)
{
    desk->before_write = call;
    desk->context = context;
}

const struct tally *desk_tally(const struct desk *desk)
{
    return &desk->tally;
}

static sieve_status enter(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    return desk->status;
}

static sieve_status leave(struct desk *desk, sieve_status status)
{
    if (desk->status == SIEVE_OK)
        desk->status = status;
    pthread_mutex_unlock(&desk->lock);
    return status;
}

static sieve_status flush(struct desk *desk, const struct outlet *outlet)
{
    if (!outlet->report || outlet->writer->length == 0)
        return SIEVE_OK;
    if (desk->before_write)
        desk->before_write(desk->context);
    return writer_flush(outlet->writer);
}

static sieve_status write_finding(struct desk *desk, const struct place *place,
                                  struct sighting *sighting)
{
    sieve_status status = SIEVE_OK;
    if (cards_has_number(sighting->finding))
        status = cards_ordinal(desk->cards, sighting->finding->card, &sighting->card);
    if (status == SIEVE_OK && desk->output.report)
        status = desk->output.report->ops->finding(desk->output.report, place, sighting);
    return status;
}

sieve_status desk_findings(struct desk *desk, const struct place *place,
                           struct spool *spool, uint64_t line_base, uint64_t line_start)
{
    struct sighting sighting;
    sieve_finding finding;
    size_t cursor = 0;
    if (spool->count == 0)
        return SIEVE_OK;
    sieve_status status = enter(desk);
    while (status == SIEVE_OK && spool_next(spool, &cursor, &sighting, &finding)) {
        if (sighting.line > 0 && sighting.column == 0)
            sighting.column = finding.offset - line_start + 1;
        if (sighting.line > 0)
            sighting.line += line_base;
        status = write_finding(desk, place, &sighting);
    }
    if (status == SIEVE_OK)
        status = flush(desk, &desk->output);
    spool_clear(spool);
    return leave(desk, status);
}

sieve_status desk_cards(struct desk *desk, const uint64_t (*cards)[2], size_t count)
{
    sieve_status status = enter(desk);
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        uint64_t ordinal = 0;
        if (index + EXPECT_AHEAD < count)
            cards_expect(desk->cards, cards[index + EXPECT_AHEAD]);
        status = cards_ordinal(desk->cards, cards[index], &ordinal);
    }
    return leave(desk, status);
}

sieve_status desk_ordinal(struct desk *desk, const sieve_finding *finding, uint64_t *out)
{
    *out = 0;
    if (!cards_has_number(finding))
        return SIEVE_OK;
    sieve_status status = enter(desk);
    if (status == SIEVE_OK)
        status = cards_ordinal(desk->cards, finding->card, out);
    if (*out > 0)
        *out += desk->cards_before;
    return leave(desk, status);
}

void desk_sweep_begins(struct desk *desk, uint64_t cards_before)
{
    (void)enter(desk);
    desk->is_sweep = 1;
    desk->cards_before = cards_before;
    desk->cards_of_files = cards_count(desk->cards, &desk->tally.cards_estimated);
    (void)leave(desk, SIEVE_OK);
}

sieve_status desk_card_told(struct desk *desk, uint64_t ordinal)
{
    if (ordinal <= (desk->cards_before ? 0 : desk->cards_of_files) ||
        ordinal / 8 >= TOLD_LENGTH_MAX)
        return SIEVE_OK;
    sieve_status status = enter(desk);
    struct buffer *told = &desk->told;
    const size_t at = (size_t)(ordinal / 8);
    if (status == SIEVE_OK && at >= told->length) {
        status = buffer_reserve(told, at + 1 - told->length);
        if (status == SIEVE_OK) {
            memset(told->at + told->length, 0, at + 1 - told->length);
            told->length = at + 1;
        }
    }
    if (status == SIEVE_OK) {
        const unsigned bit = 1u << (ordinal % 8);
        desk->cards_told += !(told->at[at] & bit);
        told->at[at] = (unsigned char)(told->at[at] | bit);
    }
    return leave(desk, status);
}

sieve_status desk_sighting(struct desk *desk, const struct place *place,
                           const struct sighting *sighting)
{
    sieve_status status = enter(desk);
    if (status == SIEVE_OK && desk->output.report) {
        if (desk->before_write)
            desk->before_write(desk->context);
        status = desk->output.report->ops->finding(desk->output.report, place, sighting);
    }
    return leave(desk, status);
}

sieve_status desk_table(struct desk *desk, const struct place *place,
                        const struct table_entry *entry, const struct count *count)
{
    struct report *report = desk->output.report;
    sieve_status status = enter(desk);
    desk->tally.tables++;
    desk->tally.rows += entry->rows_read;
    if (entry->is_plan)
        desk->tally.plan_bytes += entry->bytes;
    else
        desk->tally.bytes += entry->bytes;
    if (status == SIEVE_OK)
        status = tally_add(&desk->tally, count, place->table);
    if (status == SIEVE_OK && report && report->ops->table)
        status = report->ops->table(report, place, entry);
    if (status == SIEVE_OK)
        status = flush(desk, &desk->output);
    return leave(desk, status);
}

void desk_plan(struct desk *desk, uint64_t rate)
{
    (void)enter(desk);
    desk->tally.plan_rate = rate;
    (void)leave(desk, SIEVE_OK);
}

void desk_sweep(struct desk *desk, uint64_t databases, uint64_t snapshots, int is_plan)
{
    (void)enter(desk);
    desk->tally.databases += databases;
    if (snapshots > desk->tally.snapshots)
        desk->tally.snapshots = snapshots;
    desk->tally.is_plan |= is_plan;
    (void)leave(desk, SIEVE_OK);
}

static sieve_status tell_unexamined(struct desk *desk, const struct outlet *outlet,
                                    const struct place *place, const char *reason)
{
    if (!outlet->report)
        return SIEVE_OK;
    sieve_status status = outlet->report->ops->unexamined(outlet->report, place, reason);
    return status == SIEVE_OK ? flush(desk, outlet) : status;
}

sieve_status desk_unexamined(struct desk *desk, const struct place *place,
                             const char *reason, int is_named)
{
    sieve_status status = enter(desk);
    tally_unexamined(&desk->tally, reason);
    if (status == SIEVE_OK)
        status = tell_unexamined(desk, &desk->output, place, reason);
    /* Nobody may be listening there; that ends nothing. */
    if (is_named || !desk->output.report)
        (void)!tell_unexamined(desk, &desk->errors, place, reason);
    return leave(desk, status);
}

sieve_status desk_item(struct desk *desk, struct bytes name, const struct count *count,
                       uint64_t bytes)
{
    sieve_status status = enter(desk);
    desk->tally.items++;
    desk->tally.bytes += bytes;
    if (status == SIEVE_OK)
        status = tally_add(&desk->tally, count, name);
    headway_add(&desk->headway.items, 1);
    return leave(desk, status);
}

void desk_skipped(struct desk *desk, enum skip why)
{
    (void)enter(desk);
    switch (why) {
    case SKIP_LINK:
        desk->tally.skipped_links++;
        break;
    case SKIP_SPECIAL:
        desk->tally.skipped_special++;
        break;
    case SKIP_SYSTEM:
        desk->tally.skipped_systems++;
        break;
    case SKIP_NAME:
        desk->tally.skipped_names++;
        break;
    }
    (void)leave(desk, SIEVE_OK);
}

sieve_status desk_close(struct desk *desk, uint64_t targets, uint64_t nanoseconds,
                        int interrupted)
{
    sieve_status status = enter(desk);
    struct tally *tally = &desk->tally;
    tally->targets = targets;
    tally->nanoseconds = nanoseconds;
    tally->interrupted = interrupted;
    tally->cards = cards_count(desk->cards, &tally->cards_estimated);
    /* Numbers that chance explains are not among those of a sweep. */
    if (desk->is_sweep && !tally->cards_estimated)
        tally->cards = desk->cards_of_files + desk->cards_told;
    tally->cards_estimated |= desk->cards_before > 0;
    if (status == SIEVE_OK && desk->output.report)
        status = desk->output.report->ops->summary(desk->output.report, tally);
    if (status == SIEVE_OK)
        status = flush(desk, &desk->output);
    return leave(desk, status);
}
