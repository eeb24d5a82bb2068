#include "service/body_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "pipeline/mask.h"
#include "pipeline/scan.h"

/* Digits in a name that would be taken for a number. */
#define NAME_DIGITS_MAX 4u

struct parts_stage {
    struct stage base;
    struct parts_plan plan;
    struct multipart multipart;
    struct unwrap_plan unwrap;
    struct part_head head;
    struct quoted quoted;
    struct stage *part;   /* its steps; NULL between parts */
    int has_bytes;        /* there were some, of parts or not */
    int is_given_up;      /* the rest of the part cannot be examined */
    size_t prefix_length; /* bytes put before the content as its context */
    size_t to_drop;       /* ... that are still to come out again */
    char prefix[PART_NAME_MAX + 1];
};

static struct parts_stage *parts_of(void *context)
{
    return context;
}

/* ---- where the parts' output goes ----------------------------------------------------
 */

/* A step on the way out of a part: behind the mask it drops the context that was put
 * before the content; behind all it keeps the part's end from being that of the body. */
struct joint {
    struct stage base; /* next: NULL in the last one */
    struct parts_stage *parts;
};

static sieve_status joint_write(struct stage *self, struct bytes chunk)
{
    struct parts_stage *parts = ((struct joint *)self)->parts;
    if (!self->next)
        return stage_write(parts->base.next, chunk);
    const size_t count = chunk.length < parts->to_drop ? chunk.length : parts->to_drop;
    parts->to_drop -= count;
    chunk = bytes_from(chunk, count);
    return chunk.length > 0 ? stage_write(self->next, chunk) : SIEVE_OK;
}

static sieve_status joint_finish(struct stage *self)
{
    return self->next ? stage_finish(self->next) : SIEVE_OK;
}

static void joint_free(struct stage *self)
{
    stage_free(self->next);
    free(self);
}

static const struct stage_ops joint_ops = {
    .name = "joint",
    .write = joint_write,
    .finish = joint_finish,
    .free = joint_free,
};

static sieve_status joint_new(struct parts_stage *parts, struct stage *next,
                              struct stage **out)
{
    struct joint *joint = calloc(1, sizeof *joint);
    if (!joint)
        return SIEVE_E_MEMORY;
    *joint = (struct joint){.base = {&joint_ops, next}, .parts = parts};
    *out = &joint->base;
    return SIEVE_OK;
}

/* ---- findings of a scan --------------------------------------------------------------
 */

/* Offsets count from the part's own first byte. */
static struct piece without_prefix(const struct parts_stage *parts,
                                   const struct piece *piece)
{
    const uint64_t length = parts->prefix_length;
    const uint64_t hidden = piece->begin < length ? length - piece->begin : 0;
    return (struct piece){
        .bytes = piece->bytes + hidden,
        .begin = piece->begin + hidden - length,
        .end = piece->end - length,
        .from = piece->from < length ? 0 : piece->from - length,
        .to = piece->to < length ? 0 : piece->to - length,
    };
}

static void see_begin(const struct piece *piece, void *context)
{
    const struct parts_stage *parts = context;
    const struct piece own = without_prefix(parts, piece);
    if (parts->plan.listener.on_begin)
        parts->plan.listener.on_begin(&own, parts->plan.listener.context);
}

static sieve_next see_finding(const sieve_finding *finding, void *context)
{
    const struct parts_stage *parts = context;
    const struct body_listener *listener = &parts->plan.listener;
    sieve_finding own = *finding;
    own.offset -= parts->prefix_length;
    return listener->on_finding(&own, listener->context);
}

static sieve_status see_end(const struct piece *piece, void *context)
{
    const struct parts_stage *parts = context;
    const struct body_listener *listener = &parts->plan.listener;
    const struct piece own = without_prefix(parts, piece);
    return listener->on_end ? listener->on_end(&own, listener->context) : SIEVE_OK;
}

static void tell_part(const struct parts_stage *parts, int is_head)
{
    const struct body_plan *body = parts->plan.body;
    if (body->on_part)
        body->on_part(&parts->head, is_head, body->listener.context);
}

/* ---- one part ------------------------------------------------------------------------
 */

static enum content content_of(const struct parts_stage *parts)
{
    enum content content = CONTENT_BYTES;
    if (parts->head.type[0])
        (void)content_of_type(parts->head.type, &content);
    return content;
}

/* The name of a field before its value, as in a form.  A file has a first line that may
 * name its columns. */
static void set_prefix(struct parts_stage *parts)
{
    size_t digits = 0;
    const size_t length = strlen(parts->head.name);
    for (size_t index = 0; index < length; index++) {
        const unsigned char byte = (unsigned char)parts->head.name[index];
        digits += byte >= '0' && byte <= '9';
        parts->prefix[index] = (char)(byte < ' ' ? '_' : byte);
    }
    parts->prefix[length] = '=';
    parts->prefix_length = length + 1;
    if (length == 0 || digits > NAME_DIGITS_MAX || parts->head.filename[0] ||
        content_of(parts) == CONTENT_JSON)
        parts->prefix_length = 0;
    parts->to_drop = parts->prefix_length;
}

/* The step behind the mask, if one is needed, before `*first`. */
static sieve_status put_before(struct parts_stage *parts, struct stage **first)
{
    if (content_of(parts) == CONTENT_JSON)
        return json_stage_new(&parts->plan.body->json, parts->plan.content, *first,
                              first);
    return parts->prefix_length > 0 ? joint_new(parts, *first, first) : SIEVE_OK;
}

static sieve_status make_mask(struct parts_stage *parts, struct stage *sink,
                              struct stage **out)
{
    const struct body_listener *listener = &parts->plan.listener;
    struct stage *first = sink;
    struct stage *mask = NULL;
    sieve_status status = put_before(parts, &first);
    if (status == SIEVE_OK)
        status = mask_stage_new(parts->plan.body->scanner, listener->on_finding,
                                listener->context, first, &mask);
    if (status == SIEVE_OK && parts->prefix_length > 0)
        status = stage_write(mask, bytes_of(parts->prefix, parts->prefix_length));
    if (status == SIEVE_OK) {
        *out = mask;
        return SIEVE_OK;
    }
    if (first != sink)
        first->next = NULL; /* the caller keeps what it lent us */
    else if (mask)
        mask->next = NULL;
    stage_free(mask ? mask : first != sink ? first : NULL);
    return status;
}

static sieve_status make_leaf(void *context, struct stage *sink, struct stage **out)
{
    struct parts_stage *parts = parts_of(context);
    if (parts->plan.body->masks)
        return make_mask(parts, sink, out);
    sieve_status status =
        window_write(parts->plan.window, bytes_of(parts->prefix, parts->prefix_length));
    return status == SIEVE_OK ? scan_stage_new(parts->plan.window, out) : status;
}

/* A scan looks at its bytes as they are, all the same. */
static sieve_status refuse_part(struct parts_stage *parts, const char *reason)
{
    if (parts->plan.body->masks) {
        parts->plan.notes->error = (sieve_error){SIEVE_E_LIMIT, reason, NULL, 0, 0};
        parts->plan.notes->opaque = reason;
        return SIEVE_E_LIMIT;
    }
    if (!*parts->plan.unexamined)
        *parts->plan.unexamined = reason;
    return SIEVE_OK;
}

static sieve_status start_part(struct parts_stage *parts)
{
    const struct window_sink window = {see_begin, see_finding, see_end, parts};
    struct stage *joint = NULL;
    sieve_status status = SIEVE_OK;
    memset(parts->plan.notes, 0, sizeof *parts->plan.notes);
    set_prefix(parts);
    tell_part(parts, 0);
    if (parts->head.hidden)
        status = refuse_part(parts, parts->head.hidden);
    else if (parts->head.is_quoted && content_of(parts) == CONTENT_JSON)
        status = refuse_part(parts, "JSON in quoted-printable"); /* 0 may end a line */
    if (status != SIEVE_OK)
        return status;
    parts->quoted = (struct quoted){0, 0};
    if (parts->plan.body->masks)
        status = joint_new(parts, NULL, &joint);
    else
        window_start(parts->plan.window, &window, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    if (status == SIEVE_OK)
        status = unwrap_stage_new(&parts->unwrap, joint, &parts->part);
    if (status != SIEVE_OK)
        stage_free(joint);
    return status;
}

/* A scan tells of a part that it could not see to its end, and goes on. */
static sieve_status judge(struct parts_stage *parts, sieve_status status)
{
    const struct unwrap_notes *notes = parts->plan.notes;
    if (status == SIEVE_OK || parts->plan.body->masks || notes->error.status == SIEVE_OK)
        return status;
    if (!*parts->plan.unexamined)
        *parts->plan.unexamined = notes->error.what;
    parts->is_given_up = 1;
    return window_finish(parts->plan.window);
}

/* ---- what the body is made of --------------------------------------------------------
 */

static sieve_status take_head(void *context, void *bytes, size_t length)
{
    struct parts_stage *parts = parts_of(context);
    const struct body_listener *listener = &parts->plan.listener;
    const struct bytes head = bytes_of(bytes, length);
    const struct piece piece = {bytes, 0, length, 0, length};
    sieve_scanner *scanner = parts->plan.body->scanner;
    sieve_status status = SIEVE_OK;
    parts->prefix_length = 0;
    part_head_read(head, &parts->head);
    if (parts->plan.body->masks) {
        status =
            sieve_mask(scanner, bytes, length, listener->on_finding, listener->context);
        return status == SIEVE_OK ? stage_write(parts->base.next, head) : status;
    }
    tell_part(parts, 1);
    see_begin(&piece, parts);
    status = sieve_scan(scanner, bytes, length, see_finding, parts);
    return status == SIEVE_OK ? see_end(&piece, parts) : status;
}

static sieve_status take_content(void *context, struct bytes bytes)
{
    struct parts_stage *parts = parts_of(context);
    sieve_status status = SIEVE_OK;
    if (!parts->part && !parts->is_given_up)
        status = start_part(parts);
    if (status == SIEVE_OK && parts->head.is_quoted &&
        !quoted_is_text(&parts->quoted, bytes))
        status = refuse_part(parts, "quoted-printable that is no text");
    if (status == SIEVE_OK && !parts->is_given_up)
        status = judge(parts, stage_write(parts->part, bytes));
    return status;
}

static sieve_status end_part(void *context)
{
    struct parts_stage *parts = parts_of(context);
    sieve_status status = SIEVE_OK;
    if (parts->part && !parts->is_given_up)
        status = judge(parts, stage_finish(parts->part));
    if (parts->plan.notes->opaque && !*parts->plan.unexamined)
        *parts->plan.unexamined = parts->plan.notes->opaque;
    stage_free(parts->part);
    parts->part = NULL;
    parts->is_given_up = 0;
    memset(&parts->head, 0, sizeof parts->head);
    return status;
}

/* ---- the step ------------------------------------------------------------------------
 */

static const char *damage_of(const struct multipart *multipart)
{
    return multipart->has_begun ? "the head of a part is too long"
                                : "a multipart body without its boundary";
}

static sieve_status parts_write(struct stage *self, struct bytes chunk)
{
    struct parts_stage *parts = parts_of(self);
    sieve_status status = multipart_write(&parts->multipart, chunk);
    sieve_error *error = &parts->plan.notes->error;
    if (status == SIEVE_E_CORRUPT && error->status == SIEVE_OK)
        *error = (sieve_error){status, damage_of(&parts->multipart), NULL, 0, 0};
    parts->has_bytes = 1;
    return status;
}

static sieve_status parts_finish(struct stage *self)
{
    struct parts_stage *parts = parts_of(self);
    sieve_status status = multipart_finish(&parts->multipart);
    sieve_error *error = &parts->plan.notes->error;
    if (status == SIEVE_E_CORRUPT && error->status == SIEVE_OK)
        *error = (sieve_error){status, damage_of(&parts->multipart), NULL, 0, 0};
    if (status == SIEVE_OK && parts->has_bytes && !parts->multipart.has_begun)
        status = refuse_part(parts, damage_of(&parts->multipart));
    return status == SIEVE_OK && self->next ? stage_finish(self->next) : status;
}

static void parts_free(struct stage *self)
{
    struct parts_stage *parts = parts_of(self);
    stage_free(parts->part);
    stage_free(self->next);
    multipart_done(&parts->multipart);
    wipe_free(parts, sizeof *parts);
}

static const struct stage_ops parts_stage_ops = {
    .name = "parts",
    .write = parts_write,
    .finish = parts_finish,
    .free = parts_free,
};

sieve_status parts_stage_new(const struct parts_plan *plan, struct stage *next,
                             struct stage **out)
{
    struct parts_stage *parts = calloc(1, sizeof *parts);
    if (!parts)
        return SIEVE_E_MEMORY;
    const struct multipart_events events = {take_head, take_content, end_part, parts,
                                            plan->body->masks};
    const struct body_limits *limits = plan->body->limits;
    parts->base = (struct stage){&parts_stage_ops, next};
    parts->plan = *plan;
    parts->unwrap = (struct unwrap_plan){
        .leaf = make_leaf,
        .context = parts,
        .encode = plan->body->masks,
        .refuses_opaque = plan->body->masks,
        .total = limits->expanded,
        .ratio = limits->ratio,
        .gate = plan->gate,
        .beside = plan->beside,
        .taken = plan->taken,
        .notes = plan->notes,
    };
    multipart_init(&parts->multipart, plan->boundary, &events);
    *out = &parts->base;
    return SIEVE_OK;
}
