#include "job/item.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/reason.h"
#include "codec/guard.h"
#include "codec/unwrap.h"
#include "job/pool.h"
#include "pipeline/scan.h"

const char *item_reason(sieve_status status, int system)
{
    const sieve_error error = {status, NULL, NULL, 0, status == SIEVE_E_IO ? system : 0};
    return reason_of_error(&error);
}

/* Where the reading of an item stands. */
struct reading {
    struct worker *worker;
    struct file file;
    const char *reason;   /* why it was not examined to its end; NULL if it was */
    int is_shared;        /* it was handed over, and in */
    sieve_status failure; /* why the run cannot go on */
};

/* What a status means: a reason for the item, or the end of the run. */
static void note(struct reading *reading, sieve_status status)
{
    const int system = errno;
    if (reading->worker->status != SIEVE_OK)
        reading->failure = reading->worker->status;
    else if (status == SIEVE_STOPPED || status == SIEVE_E_MEMORY)
        reading->failure = status;
    else if (!reading->reason)
        reading->reason = item_reason(status, system);
}

/* Reads once, straight into the window. */
static sieve_status fill_window(struct reading *reading, size_t *length_out)
{
    void *at = NULL;
    size_t capacity = 0;
    sieve_status status = window_room(reading->worker->window, &at, &capacity);
    if (status == SIEVE_OK)
        status = file_read(&reading->file, at, capacity, length_out);
    if (status != SIEVE_OK || *length_out == 0)
        return status;
    return window_commit(reading->worker->window, *length_out);
}

/* The item has ended, or what there is of it. */
static void finish_window(struct reading *reading)
{
    sieve_status status = window_finish(reading->worker->window);
    if (status != SIEVE_OK)
        note(reading, status);
    if (!reading->reason && file_has_shrunk(&reading->file))
        reading->reason = "it became shorter while it was read";
}

static void read_plain(struct reading *reading)
{
    size_t length = 1;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && length > 0)
        status = fill_window(reading, &length);
    if (status != SIEVE_OK)
        note(reading, status);
    if (status == SIEVE_OK || status == SIEVE_E_IO || status == SIEVE_STOPPED)
        finish_window(reading);
}

/* ---- coded items ------------------------------------------------------------------- */

static sieve_status make_scan(void *context, struct stage *sink, struct stage **out)
{
    (void)sink; /* a scan has none */
    return scan_stage_new(((struct worker *)context)->window, out);
}

/* One decoder of all workers may need much memory at a time; a second one of the same
 * item would wait for ever. */
static int enter_gate(void *context)
{
    struct worker *worker = context;
    if (worker->has_gate)
        return 0;
    pthread_mutex_lock(worker->run->gate);
    worker->has_gate = 1;
    return 1;
}

static void leave_gate(void *context)
{
    struct worker *worker = context;
    worker->has_gate = 0;
    pthread_mutex_unlock(worker->run->gate);
}

/* Feeds `first` and then the rest of the file into the pipeline. */
static sieve_status feed(struct reading *reading, struct stage *stage, struct bytes first)
{
    sieve_status status = stage_write(stage, first);
    while (status == SIEVE_OK) {
        size_t length = 0;
        status = file_read(&reading->file, reading->worker->raw, READ_LENGTH, &length);
        if (status != SIEVE_OK || length == 0)
            break;
        status = stage_write(stage, bytes_of(reading->worker->raw, length));
    }
    return status == SIEVE_OK ? stage_finish(stage) : status;
}

static void take_notes(struct reading *reading, const struct unwrap_notes *notes)
{
    struct place *place = &reading->worker->place;
    place->coding_count = notes->coding_count;
    memcpy(place->codings, notes->codings, sizeof place->codings);
    if (notes->error.status != SIEVE_OK)
        reading->reason = reason_of_error(&notes->error);
    else if (notes->opaque)
        reading->reason = notes->opaque;
}

/* Damage and limits are the item's; everything else is told as for any item. */
static void settle(struct reading *reading, sieve_status status,
                   const struct unwrap_notes *notes)
{
    take_notes(reading, notes);
    if (status != SIEVE_OK && notes->error.status == SIEVE_OK)
        note(reading, status);
    if (status == SIEVE_OK || status == SIEVE_E_CORRUPT)
        return;
    /* What came out before it broke off has not been judged to its end. */
    if (reading->worker->status == SIEVE_OK)
        finish_window(reading);
}

static void read_coded(struct reading *reading, struct bytes first)
{
    const struct expansion *expansion = &reading->worker->run->plan->expansion;
    struct unwrap_notes notes = {.coding_count = 0};
    const struct gate gate = {
        .memory = expansion->memory,
        .enter = enter_gate,
        .leave = leave_gate,
        .context = reading->worker,
    };
    const struct unwrap_plan plan = {
        .leaf = make_scan,
        .context = reading->worker,
        .total = expansion->total,
        .ratio = expansion->ratio,
        .gate = &gate,
        .beside = &reading->worker->beside,
        .taken = &reading->file.taken,
        .notes = &notes,
    };
    struct stage *stage = NULL;
    sieve_status status = unwrap_stage_new(&plan, NULL, &stage);
    if (status == SIEVE_OK)
        status = feed(reading, stage, first);
    settle(reading, status, &notes);
    stage_free(stage);
}

/* ---- any item ---------------------------------------------------------------------- */

/* The first bytes lie in the window, which a coded item needs for what comes out. */
static sieve_status move_to_raw(struct worker *worker, struct bytes *first)
{
    if (!worker->raw)
        worker->raw = malloc(READ_LENGTH);
    if (!worker->raw)
        return SIEVE_E_MEMORY;
    memcpy(worker->raw, first->at, first->length);
    first->at = worker->raw;
    return SIEVE_OK;
}

/* Reads the beginning, to see what it is. */
static sieve_status read_first(struct reading *reading, struct bytes *out)
{
    void *at = NULL;
    size_t capacity = 0;
    sieve_status status = window_room(reading->worker->window, &at, &capacity);
    *out = bytes_of(at, 0);
    /* A stream may give its first bytes one by one. */
    while (status == SIEVE_OK && out->length < SNIFF_LENGTH) {
        size_t length = 0;
        status = file_read(&reading->file, (char *)at + out->length,
                           capacity - out->length, &length);
        if (status != SIEVE_OK || length == 0)
            break;
        out->length += length;
    }
    return status;
}

/* 1 if other workers helped, and all of it is done. */
static int read_together(struct reading *reading, struct bytes first)
{
    const struct file *file = &reading->file;
    if (!reading->worker->pool || file->may_be_short ||
        (uint64_t)file->about.st_size < SHARED_LENGTH_MIN || first.length < SIEVE_HEAD)
        return 0;
    sieve_status status = pool_share(reading->worker, file, first);
    if (status == SIEVE_E_STATE)
        return 0;
    reading->failure = status;
    reading->is_shared = 1;
    return 1;
}

/* 1 if the plain way does not do. */
static int is_wrapped(struct bytes first)
{
    int wants_more = 0;
    return codec_sniff(first, &wants_more) != NULL ||
           container_sniff(first, &wants_more) != CONTAINER_NONE;
}

static void read_item(struct reading *reading)
{
    struct worker *worker = reading->worker;
    struct bytes first;
    sieve_status status = read_first(reading, &first);
    if (status == SIEVE_OK && is_wrapped(first)) {
        status = move_to_raw(worker, &first);
        if (status == SIEVE_OK)
            read_coded(reading, first);
    } else if (status == SIEVE_OK && !codec_opaque(first) &&
               read_together(reading, first)) {
        return;
    } else {
        const char *opaque = codec_opaque(first);
        sieve_status committed = window_commit(worker->window, first.length);
        status = status == SIEVE_OK ? committed : status;
        if (status == SIEVE_OK)
            read_plain(reading);
        else if (status == SIEVE_E_IO || status == SIEVE_STOPPED)
            finish_window(reading);
        if (!reading->reason)
            reading->reason = opaque;
    }
    if (status != SIEVE_OK)
        note(reading, status);
}

static sieve_status end_item(struct reading *reading)
{
    struct worker *worker = reading->worker;
    sieve_status status = SIEVE_OK;
    if (reading->failure == SIEVE_STOPPED && !reading->reason)
        reading->reason = "interrupted";
    if (reading->reason)
        status = worker_unexamined(worker, reading->reason);
    if (status == SIEVE_OK)
        status = worker_end(worker, window_end(worker->window));
    return reading->failure != SIEVE_OK ? reading->failure : status;
}

sieve_status item_scan(struct worker *worker, const struct find *find)
{
    struct reading reading = {.worker = worker};
    const char *reason = NULL;
    worker_start(worker, find);
    sieve_status status = worker_make_ready(worker);
    if (status == SIEVE_OK)
        status = file_open(find, worker->run->plan->walk.follow, worker->run->stop,
                           &reading.file, &reason);
    if (status != SIEVE_OK)
        return status == SIEVE_E_IO ? worker_unexamined(worker, reason) : status;
    if (file_is(&reading.file, &worker->run->output)) {
        file_close(&reading.file);
        return worker_unexamined(worker, "it is where this scan writes to");
    }
    spotter_start(&worker->spotter, 0);
    window_start(worker->window, &worker->sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    read_item(&reading);
    if (reading.is_shared)
        return reading.failure;
    file_close(&reading.file);
    return end_item(&reading);
}
