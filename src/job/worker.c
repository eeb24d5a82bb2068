#include "job/worker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "job/cards.h"
#include "job/share.h"

/* ---- what the window tells -------------------------------------------------------- */

static void tell_headway(struct worker *worker, uint64_t bytes)
{
    struct headway *headway = desk_headway(worker->run->desk);
    uint64_t news = worker->count.findings - worker->told_findings;
    worker->told_findings = worker->count.findings;
    headway_add(&headway->bytes, bytes);
    if (news > 0)
        headway_add(&headway->findings, news);
}

sieve_status worker_hand_in_cards(struct worker *worker)
{
    const uint64_t(*cards)[2] = (const uint64_t(*)[2])worker->cards;
    size_t count = worker->card_count;
    worker->card_count = 0;
    return count > 0 ? desk_cards(worker->run->desk, cards, count) : SIEVE_OK;
}

/* For a run that shows no single findings. */
static sieve_next count_only(const sieve_finding *finding, void *context)
{
    struct worker *worker = context;
    count_finding(&worker->count, finding);
    if (!cards_has_number(finding))
        return SIEVE_CONTINUE;
    if (worker->card_count == WORKER_CARDS_MAX) {
        worker->status = worker_hand_in_cards(worker);
        if (worker->status != SIEVE_OK)
            return SIEVE_STOP;
    }
    memcpy(worker->cards[worker->card_count++], finding->card, sizeof finding->card);
    return SIEVE_CONTINUE;
}

static sieve_status counted_piece(const struct piece *piece, void *context)
{
    tell_headway(context, piece->to - piece->from);
    return SIEVE_OK;
}

static void begin_piece(const struct piece *piece, void *context)
{
    spotter_on_begin(piece, &((struct worker *)context)->spotter);
}

static sieve_next spot(const sieve_finding *finding, void *context)
{
    struct worker *worker = context;
    count_finding(&worker->count, finding);
    sieve_next next = spotter_on_finding(finding, &worker->spotter);
    if (next == SIEVE_STOP)
        worker->status = worker->spotter.status;
    return next;
}

static sieve_status end_piece(const struct piece *piece, void *context)
{
    struct worker *worker = context;
    tell_headway(worker, piece->to - piece->from);
    sieve_status status = spotter_on_end(piece, &worker->spotter);
    if (worker->status == SIEVE_OK)
        worker->status = status;
    return status;
}

static sieve_status write_spool(struct worker *worker)
{
    const struct place *place = NULL;
    if (worker->spool.count == 0)
        return SIEVE_OK;
    if (worker->share)
        return share_write(worker->share, worker);
    sieve_status status = worker_place(worker, &place);
    if (status != SIEVE_OK)
        return status;
    return desk_findings(worker->run->desk, place, &worker->spool, 0, 0);
}

static sieve_status keep_sighting(const struct sighting *sighting, void *context)
{
    struct worker *worker = context;
    sieve_status status = spool_add(&worker->spool, sighting);
    if (status != SIEVE_E_LIMIT)
        return status;
    status = write_spool(worker);
    return status == SIEVE_OK ? spool_add(&worker->spool, sighting) : status;
}

/* ---- beside the content ------------------------------------------------------------ */

static void begin_beside(const struct beside_place *place, void *context)
{
    struct worker *worker = context;
    worker->beside_place = *place;
    spotter_start(&worker->beside_spotter, 0);
}

static sieve_status keep_beside(const struct sighting *sighting, void *context)
{
    struct worker *worker = context;
    struct sighting own = *sighting;
    own.beside = worker->beside_place.what;
    own.member = worker->beside_place.member;
    return keep_sighting(&own, worker);
}

static void begin_beside_piece(const struct piece *piece, void *context)
{
    spotter_on_begin(piece, &((struct worker *)context)->beside_spotter);
}

static sieve_next spot_beside(const sieve_finding *finding, void *context)
{
    struct worker *worker = context;
    count_finding(&worker->count, finding);
    sieve_next next = spotter_on_finding(finding, &worker->beside_spotter);
    if (next == SIEVE_STOP)
        worker->status = worker->beside_spotter.status;
    return next;
}

static sieve_status end_beside_piece(const struct piece *piece, void *context)
{
    struct worker *worker = context;
    sieve_status status = spotter_on_end(piece, &worker->beside_spotter);
    if (worker->status == SIEVE_OK)
        worker->status = status;
    return status;
}

/* ---- life ------------------------------------------------------------------------- */

static void listen(struct worker *worker)
{
    const struct scan_plan *plan = worker->run->plan;
    const sieve_options *options = &plan->options;
    const struct spot_options spot_options = {
        .lines = 1,
        .excerpts = plan->format == FORMAT_TEXT,
        .strict =
            options->brands || options->kinds || options->min_confidence == SIEVE_HIGH,
    };
    spotter_init(&worker->spotter, &spot_options, keep_sighting, worker);
    spotter_init(&worker->beside_spotter, &spot_options, keep_beside, worker);
    worker->beside.context = worker;
    if (plan->summary_only || plan->quiet) {
        worker->sink = (struct window_sink){NULL, count_only, counted_piece, worker};
        worker->beside.sink = (struct window_sink){NULL, count_only, NULL, worker};
        return;
    }
    worker->sink = (struct window_sink){begin_piece, spot, end_piece, worker};
    worker->beside.on_begin = begin_beside;
    worker->beside.sink =
        (struct window_sink){begin_beside_piece, spot_beside, end_beside_piece, worker};
}

void worker_init(struct worker *worker, const struct run *run)
{
    memset(worker, 0, sizeof *worker);
    worker->run = run;
    safe_text_init(&worker->place.target);
    spool_init(&worker->spool);
    listen(worker);
}

sieve_status worker_make_ready(struct worker *worker)
{
    sieve_status status = SIEVE_OK;
    if (!worker->scanner) {
        status = sieve_scanner_new(worker->run->ruleset, &worker->scanner);
        if (status == SIEVE_OK && worker->run->plan->statistics)
            sieve_scanner_measure(worker->scanner, 1);
    }
    if (status == SIEVE_OK && !worker->window)
        status = window_new(worker->scanner, &worker->window);
    worker->beside.scanner = worker->scanner;
    return status;
}

void worker_done(struct worker *worker)
{
    spotter_done(&worker->spotter);
    spotter_done(&worker->beside_spotter);
    spool_done(&worker->spool);
    safe_text_done(&worker->place.target);
    wipe_free(worker->raw, worker->raw ? READ_LENGTH : 0);
    window_free(worker->window);
    beside_done(&worker->beside);
    sieve_scanner_free(worker->scanner);
}

/* ---- one item --------------------------------------------------------------------- */

void worker_start(struct worker *worker, const struct find *find)
{
    worker->find = find;
    worker->has_place = 0;
    worker->place.coding_count = 0;
    worker->told_findings = 0;
    worker->status = SIEVE_OK;
    count_clear(&worker->count);
    spool_clear(&worker->spool);
}

sieve_status worker_place(struct worker *worker, const struct place **out)
{
    if (!worker->has_place) {
        sieve_status status =
            veil_find(worker->run->veil, &worker->place.target, worker->find);
        if (status != SIEVE_OK)
            return status;
        worker->has_place = 1;
    }
    *out = &worker->place;
    return SIEVE_OK;
}

sieve_status worker_unexamined(struct worker *worker, const char *reason)
{
    const struct place *place = NULL;
    sieve_status status = write_spool(worker);
    if (status == SIEVE_OK)
        status = worker_place(worker, &place);
    return status == SIEVE_OK ? desk_unexamined(worker->run->desk, place, reason,
                                                !worker->find->directory)
                              : status;
}

sieve_status worker_end(struct worker *worker, uint64_t bytes)
{
    struct bytes name = {NULL, 0};
    const struct place *place = NULL;
    sieve_status status = write_spool(worker);
    if (status == SIEVE_OK)
        status = worker_hand_in_cards(worker);
    if (status == SIEVE_OK && worker->count.findings > 0) {
        status = worker_place(worker, &place);
        if (status == SIEVE_OK)
            name = safe_text_bytes(&place->target);
    }
    return status == SIEVE_OK ? desk_item(worker->run->desk, name, &worker->count, bytes)
                              : status;
}

sieve_status run_missed(const struct run *run, const struct find *find,
                        const char *reason)
{
    struct place place = {.coding_count = 0};
    safe_text_init(&place.target);
    sieve_status status = veil_find(run->veil, &place.target, find);
    if (status == SIEVE_OK)
        status = desk_unexamined(run->desk, &place, reason, !find->directory);
    safe_text_done(&place.target);
    return status;
}
