#include "service/body_raw.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "job/cards.h"

/* Bytes of findings that wait; what is more is told at once, be it in the content or
 * not. */
#define HELD_MAX (1u << 20)

struct raw_stage {
    struct stage base;
    struct http_body *body;
    struct window *window;
    struct buffer held; /* of findings, one behind the other */
};

/* ---- what is in the content ----------------------------------------------------------
 */

/* Codes and the like have no number that tells them apart: one stands for all of them. */
static void set_key(const sieve_finding *finding, uint64_t key[2])
{
    const int has_number = cards_has_number(finding);
    key[0] = has_number ? finding->card[0] : (uint64_t)finding->kind;
    key[1] = has_number ? finding->card[1] : 0;
}

sieve_status raw_see_content(struct http_body *body, const sieve_finding *finding)
{
    uint64_t key[2];
    uint64_t ordinal = 0;
    sieve_status status = SIEVE_OK;
    if (!body->in_content)
        status = cards_new(&body->in_content);
    set_key(finding, key);
    return status == SIEVE_OK ? cards_ordinal(body->in_content, key, &ordinal) : status;
}

/* `count` of them were in the content. */
static sieve_status ask_content(struct http_body *body, const sieve_finding *finding,
                                uint64_t count, int *is_there_out)
{
    uint64_t key[2];
    uint64_t ordinal = 0;
    *is_there_out = 0;
    if (count == 0)
        return SIEVE_OK;
    set_key(finding, key);
    sieve_status status = cards_ordinal(body->in_content, key, &ordinal);
    *is_there_out = ordinal > 0 && ordinal <= count;
    return status;
}

/* ---- what is beside it ---------------------------------------------------------------
 */

/* Its bytes are gone, so no lines are counted up to it. */
static sieve_status tell(struct http_body *body, const sieve_finding *finding)
{
    static const unsigned char nothing[1];
    const uint64_t at = finding->offset;
    const struct beside_place place = {"br data", 1, at};
    const struct piece piece = {nothing, at, at, at, at};
    const struct beside *beside = &body->beside;
    beside->on_begin(&place, beside->context);
    beside->sink.on_begin(&piece, beside->sink.context);
    const sieve_next next = beside->sink.on_finding(finding, beside->sink.context);
    sieve_status status = beside->sink.on_end(&piece, beside->sink.context);
    beside->on_end(beside->context);
    return next == SIEVE_STOP && status == SIEVE_OK ? SIEVE_STOPPED : status;
}

static sieve_next hold(const sieve_finding *finding, void *context)
{
    struct raw_stage *raw = context;
    sieve_status status = buffer_append(&raw->held, bytes_of(finding, sizeof *finding));
    if (status == SIEVE_E_LIMIT)
        status = tell(raw->body, finding);
    return status == SIEVE_OK ? SIEVE_CONTINUE : SIEVE_STOP;
}

static sieve_status tell_held(struct raw_stage *raw)
{
    struct http_body *body = raw->body;
    int is_estimate = 0;
    const uint64_t count =
        body->in_content ? cards_count(body->in_content, &is_estimate) : 0;
    sieve_status status = SIEVE_OK;
    for (size_t at = 0; at < raw->held.length && status == SIEVE_OK;
         at += sizeof(sieve_finding)) {
        sieve_finding finding;
        int is_there = 0;
        memcpy(&finding, raw->held.at + at, sizeof finding);
        status = ask_content(body, &finding, count, &is_there);
        if (status == SIEVE_OK && !is_there)
            status = tell(body, &finding);
    }
    return status;
}

/* ---- the step ------------------------------------------------------------------------
 */

static sieve_status raw_write(struct stage *self, struct bytes chunk)
{
    sieve_status status = window_write(((struct raw_stage *)self)->window, chunk);
    return status == SIEVE_OK ? stage_write(self->next, chunk) : status;
}

static sieve_status raw_finish(struct stage *self)
{
    struct raw_stage *raw = (struct raw_stage *)self;
    sieve_status status = stage_finish(self->next);
    if (status == SIEVE_OK)
        status = window_finish(raw->window);
    return status == SIEVE_OK ? tell_held(raw) : status;
}

static void raw_free(struct stage *self)
{
    struct raw_stage *raw = (struct raw_stage *)self;
    stage_free(self->next);
    window_free(raw->window);
    buffer_done(&raw->held);
    free(raw);
}

static const struct stage_ops raw_stage_ops = {
    .name = "raw",
    .write = raw_write,
    .finish = raw_finish,
    .free = raw_free,
};

sieve_status raw_stage_new(struct http_body *body, struct stage *next, struct stage **out)
{
    struct raw_stage *raw = malloc(sizeof *raw);
    if (!raw)
        return SIEVE_E_MEMORY;
    const struct window_sink sink = {NULL, hold, NULL, raw};
    raw->base = (struct stage){&raw_stage_ops, next};
    raw->body = body;
    buffer_init(&raw->held, HELD_MAX);
    sieve_status status = window_new(body->plan.scanner, &raw->window);
    if (status != SIEVE_OK) {
        free(raw);
        return status;
    }
    window_start(raw->window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    body->has_raw = 1;
    *out = &raw->base;
    return SIEVE_OK;
}
