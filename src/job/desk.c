#include "job/desk.h"

#include <pthread.h>
#include <stdlib.h>

#include "job/cards.h"

struct desk {
    pthread_mutex_t lock;
    struct report *report;
    struct writer *writer;
    struct cards *cards;
    sieve_status status; /* the first failure */
    void (*before_write)(void *context);
    void *context;
    struct desk_watch watch;
    struct tally tally;
};

sieve_status desk_new(struct report *report, struct writer *writer, struct desk **out)
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
    desk->report = report;
    desk->writer = writer;
    tally_init(&desk->tally);
    *out = desk;
    return SIEVE_OK;
}

void desk_free(struct desk *desk)
{
    if (!desk)
        return;
    tally_done(&desk->tally);
    cards_free(desk->cards);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

struct desk_watch *desk_watch(struct desk *desk)
{
    return &desk->watch;
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

static sieve_status flush(struct desk *desk)
{
    if (!desk->report || desk->writer->length == 0)
        return SIEVE_OK;
    if (desk->before_write)
        desk->before_write(desk->context);
    return writer_flush(desk->writer);
}

static sieve_status write_finding(struct desk *desk, const struct place *place,
                                  struct sighting *sighting)
{
    sieve_status status = SIEVE_OK;
    if (cards_has_number(sighting->finding))
        status = cards_ordinal(desk->cards, sighting->finding->card, &sighting->card);
    if (status == SIEVE_OK && desk->report)
        status = desk->report->ops->finding(desk->report, place, sighting);
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
        status = flush(desk);
    spool_clear(spool);
    return leave(desk, status);
}

sieve_status desk_cards(struct desk *desk, const uint64_t (*cards)[2], size_t count)
{
    sieve_status status = enter(desk);
    for (size_t index = 0; index < count && status == SIEVE_OK; index++) {
        uint64_t ordinal = 0;
        status = cards_ordinal(desk->cards, cards[index], &ordinal);
    }
    return leave(desk, status);
}

sieve_status desk_unexamined(struct desk *desk, const struct place *place,
                             const char *reason)
{
    sieve_status status = enter(desk);
    tally_unexamined(&desk->tally, reason);
    if (status == SIEVE_OK && desk->report)
        status = desk->report->ops->unexamined(desk->report, place, reason);
    if (status == SIEVE_OK)
        status = flush(desk);
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
    atomic_fetch_add_explicit(&desk->watch.items, 1, memory_order_relaxed);
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
    if (status == SIEVE_OK && desk->report)
        status = desk->report->ops->summary(desk->report, tally);
    if (status == SIEVE_OK)
        status = flush(desk);
    return leave(desk, status);
}
