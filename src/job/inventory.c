#include "job/inventory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/reason.h"
#include "job/replace.h"
#include "job/veil.h"
#include "job/view.h"
#include "job/view_inside.h"

/* One report that is being made. */
struct making {
    const struct inventory_plan *plan;
    struct inventory_outcome *outcome;
    struct view *view;
    struct inventory_run run;
    struct writer writer;
    struct safe_text ledger;
    struct safe_text title;
    char made[VIEW_TIME_MAX];
};

/* Without an engine: every long number is hidden. */
static sieve_status fail(struct inventory_outcome *outcome, const char *thing,
                         const char *reason, sieve_status status)
{
    outcome->reason = reason;
    return safe_text_set(&outcome->thing, bytes_of_text(thing), NULL) == SIEVE_OK
               ? status
               : SIEVE_E_MEMORY;
}

/* ---- telling ----------------------------------------------------------------------- */

static sieve_status tell(const struct inventory_row *row, void *context)
{
    struct inventory *inventory = context;
    return inventory->ops->row(inventory, row);
}

static sieve_status tell_all(struct making *making, struct inventory *inventory)
{
    struct view *view = making->view;
    const struct inventory_plan *plan = making->plan;
    const int is_listed =
        plan->format == INVENTORY_TEXT || plan->format == INVENTORY_HTML;
    sieve_status status = inventory->ops->begin(inventory, &making->run);
    if (status == SIEVE_OK)
        status = view_columns(view, tell, inventory);
    if (status == SIEVE_OK)
        status = view_missed(view, tell, inventory);
    if (status == SIEVE_OK)
        status = view_repairs(view, tell, inventory);
    if (status == SIEVE_OK)
        status = view_tables(view, tell, inventory);
    if (status == SIEVE_OK)
        status = view_findings(view, is_listed ? plan->style.findings_max : UINT64_MAX,
                               tell, inventory);
    return status == SIEVE_OK ? inventory->ops->end(inventory) : status;
}

static sieve_status write_report(struct making *making)
{
    static sieve_status (*const makers[])(struct writer *, const struct inventory_style *,
                                          struct inventory **) = {
        [INVENTORY_TEXT] = text_inventory_new,
        [INVENTORY_HTML] = html_inventory_new,
        [INVENTORY_CSV] = csv_inventory_new,
        [INVENTORY_SARIF] = sarif_inventory_new,
    };
    const struct inventory_plan *plan = making->plan;
    struct inventory *inventory = NULL;
    sieve_status status = SIEVE_OK;
    if (plan->format == INVENTORY_JSONL) {
        status = inventory_tell_jsonl(making->view, &making->run, &making->writer);
    } else {
        status = makers[plan->format](&making->writer, &plan->style, &inventory);
        if (status == SIEVE_OK)
            status = tell_all(making, inventory);
    }
    inventory_free(inventory);
    const sieve_status flushed = writer_flush(&making->writer);
    /* What could not be written says more than what came of it. */
    return flushed == SIEVE_OK ? status : flushed;
}

/* Writes to the descriptor and tells what went wrong. */
static sieve_status write_to(struct making *making, int descriptor, const char *name)
{
    struct inventory_outcome *outcome = making->outcome;
    sieve_status status = writer_init(&making->writer, descriptor);
    if (status != SIEVE_OK)
        return fail(outcome, name, "not enough memory", status);
    status = write_report(making);
    if (making->writer.status == SIEVE_STOPPED) {
        outcome->closed_pipe = 1;
        status = SIEVE_OK;
    } else if (making->writer.status != SIEVE_OK) {
        status = fail(outcome, name, reason_of_system(making->writer.system), status);
    } else if (status == SIEVE_E_MEMORY) {
        status = fail(outcome, making->plan->ledger, "not enough memory", status);
    } else if (status != SIEVE_OK) {
        status = fail(outcome, making->plan->ledger, view_reason(making->view), status);
    }
    writer_done(&making->writer);
    return status;
}

/* ---- where to ---------------------------------------------------------------------- */

static sieve_status fail_system(struct making *making)
{
    return fail(making->outcome, making->plan->output, reason_of_system(errno),
                SIEVE_E_IO);
}

static sieve_status write_aside(struct making *making)
{
    struct aside aside = {.directory = -1};
    if (aside_open(making->plan->output, &aside) != SIEVE_OK)
        return fail_system(making);
    sieve_status status = write_to(making, aside.descriptor, making->plan->output);
    if (status == SIEVE_OK && aside_commit(&aside) != SIEVE_OK)
        status = fail_system(making);
    aside_close(&aside);
    return status;
}

/* A terminal, a pipe, /dev/null. */
static sieve_status write_special(struct making *making)
{
    const int descriptor = open(making->plan->output, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return fail_system(making);
    sieve_status status = write_to(making, descriptor, making->plan->output);
    if (close(descriptor) < 0 && status == SIEVE_OK)
        status = fail_system(making);
    return status;
}

static sieve_status write_output(struct making *making)
{
    struct stat about;
    struct stat ledger;
    const struct inventory_plan *plan = making->plan;
    if (stat(plan->output, &about) < 0)
        return errno == ENOENT ? write_aside(making) : fail_system(making);
    if (stat(plan->ledger, &ledger) == 0 && ledger.st_dev == about.st_dev &&
        ledger.st_ino == about.st_ino)
        return fail(making->outcome, plan->output, "it is the ledger itself",
                    SIEVE_E_INVALID);
    if (S_ISDIR(about.st_mode))
        return fail(making->outcome, plan->output, "it is a directory", SIEVE_E_INVALID);
    return S_ISREG(about.st_mode) ? write_aside(making) : write_special(making);
}

/* ---- the job ----------------------------------------------------------------------- */

static sieve_status prepare(struct making *making, struct veil *veil)
{
    const struct inventory_plan *plan = making->plan;
    sieve_status status = view_run(making->view, &making->run);
    if (status != SIEVE_OK)
        return fail(making->outcome, plan->ledger, view_reason(making->view), status);
    status = veil_set(veil, &making->ledger, bytes_of_text(plan->ledger));
    if (status == SIEVE_OK)
        status =
            veil_set(veil, &making->title, bytes_of_text(plan->title ? plan->title : ""));
    if (status != SIEVE_OK)
        return fail(making->outcome, plan->ledger, "not enough memory", status);
    view_time(plan->made, making->made);
    making->run.ledger = safe_text_bytes(&making->ledger);
    making->run.title = safe_text_bytes(&making->title);
    making->run.made = bytes_of_text(making->made);
    making->outcome->findings = making->run.findings;
    making->outcome->complete = making->run.is_complete;
    return SIEVE_OK;
}

sieve_status job_inventory(const struct inventory_plan *plan, int descriptor,
                           struct inventory_outcome *outcome)
{
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct making making = {.plan = plan, .outcome = outcome};
    struct veil *veil = NULL;
    const char *reason = NULL;
    safe_text_init(&making.ledger);
    safe_text_init(&making.title);
    sieve_status status = view_open(plan->ledger, &making.view, &reason);
    if (status != SIEVE_OK) {
        status = fail(outcome, plan->ledger, reason, status);
        goto done;
    }
    status = veil_new(&options, &veil);
    if (status != SIEVE_OK)
        status = fail(outcome, plan->ledger, "not enough memory", status);
    else
        status = prepare(&making, veil);
    if (status == SIEVE_OK)
        status = plan->output ? write_output(&making)
                              : write_to(&making, descriptor, "standard output");
done:
    veil_free(veil);
    view_free(making.view);
    safe_text_done(&making.ledger);
    safe_text_done(&making.title);
    return status;
}
