/* quiet.c - only what was not examined, one line each: for standard error. */
#include "report/report.h"

#include <stdlib.h>

#include "base/visible.h"

struct quiet_report {
    struct report base;
    struct writer *writer;
    struct buffer scratch;
};

static sieve_status quiet_finding(struct report *self, const struct place *place,
                                  const struct sighting *sighting)
{
    (void)self;
    (void)place;
    (void)sighting;
    return SIEVE_OK;
}

/* Nothing at all of an empty one. */
static sieve_status put_part(struct quiet_report *quiet, const char *before,
                             struct bytes part)
{
    quiet->scratch.length = 0;
    if (part.length == 0)
        return SIEVE_OK;
    sieve_status status = visible_append(&quiet->scratch, part);
    if (status != SIEVE_OK)
        return status;
    writer_text(quiet->writer, before);
    writer_put(quiet->writer, buffer_bytes(&quiet->scratch));
    return SIEVE_OK;
}

static sieve_status quiet_unexamined(struct report *self, const struct place *place,
                                     const char *reason)
{
    struct quiet_report *quiet = (struct quiet_report *)self;
    quiet->scratch.length = 0;
    sieve_status status =
        visible_append(&quiet->scratch, safe_text_bytes(&place->target));
    if (status != SIEVE_OK)
        return status;
    writer_text(quiet->writer, "cardsieve: ");
    writer_put(quiet->writer, buffer_bytes(&quiet->scratch));
    for (size_t index = 0; index < place->coding_count; index++) {
        writer_text(quiet->writer, "|");
        writer_text(quiet->writer, place->codings[index]);
    }
    if (place->is_one_of_several)
        status = put_part(quiet, ": ", place->database);
    if (status == SIEVE_OK)
        status = put_part(quiet, ": ", place->table);
    if (status == SIEVE_OK)
        status = put_part(quiet, ".", place->field);
    if (status == SIEVE_OK)
        status = put_part(quiet, " ", place->row);
    if (status != SIEVE_OK)
        return status;
    writer_text(quiet->writer, ": not examined: ");
    writer_text(quiet->writer, reason);
    writer_text(quiet->writer, "\n");
    return quiet->writer->status;
}

static sieve_status quiet_summary(struct report *self, const struct tally *tally)
{
    (void)self;
    (void)tally;
    return SIEVE_OK;
}

static void quiet_free(struct report *self)
{
    buffer_done(&((struct quiet_report *)self)->scratch);
    free(self);
}

static const struct report_ops quiet_report_ops = {
    .name = "quiet",
    .finding = quiet_finding,
    .unexamined = quiet_unexamined,
    .summary = quiet_summary,
    .free = quiet_free,
};

sieve_status quiet_report_new(struct writer *writer, struct report **out)
{
    struct quiet_report *quiet = calloc(1, sizeof *quiet);
    if (!quiet)
        return SIEVE_E_MEMORY;
    quiet->base.ops = &quiet_report_ops;
    quiet->writer = writer;
    buffer_init(&quiet->scratch, 8 * NAME_LENGTH_MAX);
    *out = &quiet->base;
    return SIEVE_OK;
}
