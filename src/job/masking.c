#include "job/masking.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "pipeline/mask.h"
#include "pipeline/output.h"
#include "pipeline/scan.h"

#define DRAIN_MAX UINT64_C(1000000000) /* nanoseconds */

/* One thread: a second large decoder of the same file is too much. */
static int enter_gate(void *context)
{
    struct masking *masking = context;
    if (masking->has_gate)
        return 0;
    masking->has_gate = 1;
    return 1;
}

static void leave_gate(void *context)
{
    ((struct masking *)context)->has_gate = 0;
}

sieve_status masking_init(struct masking *masking, const struct mask_plan *plan,
                          const sieve_ruleset *ruleset, const struct stop *stop)
{
    memset(masking, 0, sizeof *masking);
    masking->plan = plan;
    masking->stop = stop;
    masking->gate =
        (struct gate){plan->expansion.memory, enter_gate, leave_gate, masking, NULL};
    sieve_status status = sieve_scanner_new(ruleset, &masking->scanner);
    masking->beside.scanner = masking->scanner;
    return status;
}

void masking_done(struct masking *masking)
{
    window_free(masking->window);
    beside_done(&masking->beside);
    sieve_scanner_free(masking->scanner);
}

static sieve_next count_masked(const sieve_finding *finding, void *context)
{
    (void)finding;
    ((struct masking *)context)->findings++;
    headway_add(&((struct masking *)context)->headway.findings, 1);
    return SIEVE_CONTINUE;
}

static sieve_next count_one(const sieve_finding *finding, void *context)
{
    (void)finding;
    ((struct masking *)context)->findings++;
    return SIEVE_CONTINUE;
}

/* What is beside the content is not coded again: so it is gone, and `sink` counts it. */
static struct unwrap_plan unwrap_plan_of(struct masking *masking, const struct file *file,
                                         const struct window_sink *sink)
{
    const struct expansion *expansion = &masking->plan->expansion;
    memset(&masking->notes, 0, sizeof masking->notes);
    masking->findings = 0;
    masking->leaf = NULL;
    masking->beside.sink = *sink;
    return (struct unwrap_plan){
        .context = masking,
        .total = expansion->total,
        .ratio = expansion->ratio,
        .gate = &masking->gate,
        .beside = &masking->beside,
        .taken = &file->taken,
        .notes = &masking->notes,
    };
}

/* ---- the pump ---------------------------------------------------------------------- */

static size_t held(const struct masking *masking)
{
    return masking->leaf ? mask_stage_held(masking->leaf) : 0;
}

/* The input has been quiet for long enough. */
static sieve_status let_go(struct masking *masking, struct writer *writer)
{
    sieve_status status = masking->plan->flush_unfinished
                              ? mask_stage_flush(masking->leaf)
                              : mask_stage_pause(masking->leaf);
    return status == SIEVE_OK ? writer_flush(writer) : status;
}

/* Waits for input.  What has settled leaves before, a line that is held back too long in
 * the meantime too. */
static sieve_status await(struct masking *masking, struct file *file,
                          struct writer *writer)
{
    int is_ready = 0;
    sieve_status now = file_wait(file, 0, &is_ready);
    if (now == SIEVE_OK && !is_ready)
        now = writer_flush(writer);
    if (now != SIEVE_OK)
        return now;
    int patience = held(masking) > 0 ? masking->plan->flush_after : -1;
    while (!is_ready) {
        sieve_status status = file_wait(file, patience, &is_ready);
        if (status == SIEVE_OK && !is_ready)
            status = let_go(masking, writer);
        if (status != SIEVE_OK)
            return status;
        patience = -1; /* what is left waits for more */
    }
    return SIEVE_OK;
}

/* One read, into the pipeline's own memory. */
static sieve_status pump(struct stage *stage, struct file *file, size_t *length_out)
{
    void *at = NULL;
    size_t capacity = 0;
    sieve_status status = stage->ops->room(stage, &at, &capacity);
    if (status == SIEVE_OK)
        status = file_read(file, at, capacity, length_out);
    if (status != SIEVE_OK || *length_out == 0)
        return status;
    return stage->ops->commit(stage, *length_out);
}

static sieve_status pump_all(struct masking *masking, struct stage *stage,
                             struct file *file, struct writer *writer)
{
    sieve_status status = SIEVE_OK;
    size_t length = 1;
    while (status == SIEVE_OK && length > 0) {
        if (!file->is_regular)
            status = await(masking, file, writer);
        if (status == SIEVE_OK)
            status = pump(stage, file, &length);
        headway_add(&masking->headway.bytes, length);
    }
    return status;
}

/* Asked to stop: what its writers had already handed over is not lost, such as the last
 * lines of a web server that ends its loggers.  One that goes on writing is not followed
 * for long. */
static sieve_status drain(struct masking *masking, struct stage *stage, struct file *file)
{
    const struct stop *stop = file->stop;
    const uint64_t deadline = clock_now() + DRAIN_MAX;
    sieve_status status = SIEVE_OK;
    size_t length = 1;
    file->stop = NULL;
    while (length > 0 && clock_now() < deadline) {
        int is_ready = 0;
        status = file_wait(file, 0, &is_ready);
        if (status == SIEVE_OK && is_ready)
            status = pump(stage, file, &length);
        if (status != SIEVE_OK || !is_ready)
            break;
        headway_add(&masking->headway.bytes, length);
    }
    file->stop = stop;
    return status;
}

/* ---- masking ----------------------------------------------------------------------- */

static sieve_status make_mask(void *context, struct stage *sink, struct stage **out)
{
    struct masking *masking = context;
    sieve_status status =
        mask_stage_new(masking->scanner, count_masked, masking, sink, out);
    if (status == SIEVE_OK)
        masking->leaf = *out;
    return status;
}

static sieve_status make_pipeline(const struct unwrap_plan *plan, struct writer *writer,
                                  struct stage **out)
{
    struct stage *output = NULL;
    sieve_status status = output_stage_new(writer, &output);
    if (status != SIEVE_OK)
        return status;
    status = unwrap_stage_new(plan, output, out);
    if (status != SIEVE_OK)
        stage_free(output);
    return status;
}

sieve_status masking_run(struct masking *masking, struct file *file,
                         struct writer *writer)
{
    const struct window_sink sink = {NULL, count_masked, NULL, masking};
    struct unwrap_plan plan = unwrap_plan_of(masking, file, &sink);
    struct stage *stage = NULL;
    plan.leaf = make_mask;
    plan.encode = 1;
    plan.refuses_opaque = 1;
    sieve_status status = make_pipeline(&plan, writer, &stage);
    if (status != SIEVE_OK)
        return status;
    status = pump_all(masking, stage, file, writer);
    const int was_stopped = status == SIEVE_STOPPED && writer->status == SIEVE_OK;
    if (was_stopped)
        status = file->is_regular ? SIEVE_OK : drain(masking, stage, file);
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    stage_free(stage);
    masking->leaf = NULL;
    return status == SIEVE_OK && was_stopped ? SIEVE_STOPPED : status;
}

/* ---- looking again ----------------------------------------------------------------- */

static sieve_status make_scan(void *context, struct stage *sink, struct stage **out)
{
    (void)sink; /* a scan has none */
    return scan_stage_new(((struct masking *)context)->window, out);
}

static sieve_status look_again(struct masking *masking, struct file *file)
{
    const struct window_sink sink = {NULL, count_one, NULL, masking};
    struct unwrap_plan plan = unwrap_plan_of(masking, file, &sink);
    struct stage *stage = NULL;
    size_t length = 1;
    plan.leaf = make_scan;
    window_start(masking->window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    sieve_status status = unwrap_stage_new(&plan, NULL, &stage);
    while (status == SIEVE_OK && length > 0)
        status = pump(stage, file, &length);
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    stage_free(stage);
    return status;
}

sieve_status masking_verify(struct masking *masking, int descriptor, int *is_clean_out)
{
    const uint64_t findings = masking->findings;
    struct file file = {.descriptor = descriptor, .is_regular = 1, .may_be_short = 1};
    sieve_status status = SIEVE_OK;
    file.stop = masking->stop;
    if (!masking->window)
        status = window_new(masking->scanner, &masking->window);
    if (status == SIEVE_OK && lseek(descriptor, 0, SEEK_SET) < 0)
        status = SIEVE_E_IO;
    if (status == SIEVE_OK)
        status = look_again(masking, &file);
    *is_clean_out = status == SIEVE_OK && masking->findings == 0;
    masking->findings = findings;
    return status;
}
