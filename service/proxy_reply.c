/* proxy_reply.c - a proxy's reply to its client: the head and the body of the upstream's
 * response.
 */
#include "service/proxy_inside.h"

#include <strings.h>

#include "service/fields.h"

/* ---- fields --------------------------------------------------------------------------
 */

int relay_next_field(const struct relay *relay, size_t *at, const char **name,
                     const char **value)
{
    if (*at >= relay->fields.length)
        return 0;
    *name = (const char *)relay->fields.at + *at;
    *value = *name + strlen(*name) + 1;
    *at += strlen(*name) + strlen(*value) + 2;
    return 1;
}

static int is_hop(const struct relay *relay, const char *wanted)
{
    for (size_t index = 0; index < relay->hop_count; index++) {
        if (field_list_has(relay->hops[index], wanted))
            return 1;
    }
    return 0;
}

/* ---- the head of the reply -----------------------------------------------------------
 */

/* "\"x\"" gets "W/" before it: other bytes, the same meaning. */
static sieve_status add_weak(struct exchange *exchange, const char *name,
                             const char *value)
{
    char weak[256];
    if (strncmp(value, "W/", 2) == 0 || strlen(value) + 3 > sizeof weak)
        return strncmp(value, "W/", 2) == 0 ? exchange_reply_header(exchange, name, value)
                                            : SIEVE_OK;
    memcpy(weak, "W/", 2);
    memcpy(weak + 2, value, strlen(value) + 1);
    return exchange_reply_header(exchange, name, weak);
}

/* 1 if the bytes of the body may not be those of the upstream. */
static int may_differ(const struct side *side)
{
    if (side->flow == FLOW_NONE) /* of a HEAD or a 304: what would be said of the body */
        return side->policy == POLICY_MASK;
    return side->flow == FLOW_MASKED || (side->flow == FLOW_WHOLE && side->is_changed);
}

static sieve_status add_field(struct relay *relay, const char *name, const char *value)
{
    const int examines = relay->response.policy != POLICY_PASS;
    const int differs = may_differ(&relay->response);
    switch ((int)field_of(name)) {
    case FIELD_HOP:
    case FIELD_CONNECTION:
    case FIELD_UPGRADE:
    case FIELD_LENGTH:
    case FIELD_TRANSFER:
        return SIEVE_OK;
    case FIELD_DIGEST:
        return differs ? SIEVE_OK : exchange_reply_header(relay->exchange, name, value);
    case FIELD_ETAG:
        return differs ? add_weak(relay->exchange, name, value)
                       : exchange_reply_header(relay->exchange, name, value);
    case FIELD_ACCEPT_RANGES:
        return examines ? SIEVE_OK : exchange_reply_header(relay->exchange, name, value);
    case FIELD_OTHER:
        if (is_hop(relay, name))
            return SIEVE_OK;
        break;
    default:
        break;
    }
    return exchange_reply_header(relay->exchange, name, value);
}

static sieve_status add_fields(struct relay *relay)
{
    char via[PROXY_PSEUDONYM_MAX + 8];
    const char *name = NULL;
    const char *value = NULL;
    sieve_status status = SIEVE_OK;
    for (size_t at = 0;
         status == SIEVE_OK && relay_next_field(relay, &at, &name, &value);)
        status = add_field(relay, name, value);
    memcpy(via, "1.1 ", 4);
    memcpy(via + 4, relay->door->pseudonym, strlen(relay->door->pseudonym) + 1);
    if (status == SIEVE_OK)
        status = exchange_reply_header(relay->exchange, "Via", via);
    if (status == SIEVE_OK && relay->response.policy != POLICY_PASS)
        status = exchange_reply_header(relay->exchange, "Accept-Ranges", "none");
    return status;
}

/* ---- its body ------------------------------------------------------------------------
 */

static void release(void *context)
{
    relay_release(context);
}

static ssize_t read_spool(void *context, uint64_t offset, void *to, size_t capacity)
{
    const struct relay *relay = context;
    return spool_read(relay->response.spool, offset, to, capacity);
}

static ssize_t read_nothing(void *context, uint64_t offset, void *to, size_t capacity)
{
    (void)context;
    (void)offset;
    (void)to;
    (void)capacity;
    return REPLY_FAILED; /* of a HEAD, a 204, a 304: nobody asks */
}

/* What was put aside while the request went on comes first. */
static ssize_t read_spill(struct relay *relay, void *to, size_t capacity)
{
    if (!relay->is_spilling)
        return 0;
    if (!relay->is_spill_read && spool_seal(&relay->spill) != SIEVE_OK)
        return REPLY_FAILED;
    relay->is_spill_read = 1;
    const ssize_t count = spool_read(&relay->spill, relay->spill_offset, to, capacity);
    relay->spill_offset += count > 0 ? (uint64_t)count : 0;
    if (count == 0) {
        relay->is_spilling = 0;
        spool_done(&relay->spill);
    }
    return count < 0 ? REPLY_FAILED : count;
}

/* A turned side's spool goes before what was put aside. */
static ssize_t read_before(struct relay *relay, void *to, size_t capacity)
{
    const struct side *side = &relay->response;
    if (side->is_turned && side->offset < side->spool->length)
        return 0;
    return read_spill(relay, to, capacity);
}

static ssize_t read_stream(void *context, uint64_t offset, void *to, size_t capacity)
{
    struct relay *relay = context;
    struct side *side = &relay->response;
    (void)offset;
    if (relay->problem != PROBLEM_NONE)
        return REPLY_FAILED;
    ssize_t count = read_before(relay, to, capacity);
    if (count == 0)
        count = side_take(relay, side, to, capacity);
    if (relay->is_piece_late && side_waiting(side) <= QUEUE_LOW) {
        relay->is_piece_late = 0;
        upstream_go_on(relay->upstream);
    }
    if (relay->problem != PROBLEM_NONE) {
        relay->problem = response_problem(relay->problem);
        exchange_set_problem(relay->exchange, relay->problem);
    }
    if (count != 0 || side->has_ended)
        return count < 0 ? REPLY_FAILED : count;
    relay_suspend(relay);
    return REPLY_LATER;
}

/* One that the relay lives for until it was sent. */
static sieve_status reply_source(struct relay *relay, uint64_t length,
                                 ssize_t (*read)(void *, uint64_t, void *, size_t))
{
    const struct reply_source source = {read, release, relay, length};
    relay->holders++;
    const sieve_status status =
        exchange_reply_source(relay->exchange, relay->status, &source);
    if (status != SIEVE_OK)
        relay->holders--;
    return status;
}

static sieve_status reply_bytes(struct relay *relay, struct bytes bytes)
{
    relay->holders++;
    const sieve_status status =
        exchange_reply_bytes(relay->exchange, relay->status, bytes, release, relay);
    if (status != SIEVE_OK)
        relay->holders--;
    return status;
}

static sieve_status make_reply(struct relay *relay)
{
    const struct side *side = &relay->response;
    if (side->flow == FLOW_NONE)
        return reply_source(relay, side->length, read_nothing);
    if (side->flow == FLOW_WHOLE)
        return side->spool->file ? reply_source(relay, side->spool->length, read_spool)
                                 : reply_bytes(relay, buffer_bytes(&side->spool->memory));
    if (side->has_ended && !relay->is_spilling && !side->is_turned)
        return reply_bytes(relay, queue_bytes(&side->queue));
    return reply_source(relay, side_length(side), read_stream);
}

static void reply(struct relay *relay)
{
    relay->has_reply = 1;
    if (make_reply(relay) != SIEVE_OK || add_fields(relay) != SIEVE_OK)
        exchange_break(relay->exchange);
    exchange_drop_all(relay->exchange); /* it came before the request was read */
    buffer_done(&relay->fields);
    relay_resume(relay);
}

/* 1 if the reply can be made of what came so far. */
static int is_ready(const struct relay *relay)
{
    const struct side *side = &relay->response;
    if (relay->status == 0 || !(relay->request.has_ended || relay->is_done))
        return 0;
    if (side->has_ended)
        return 1;
    if (side->flow == FLOW_MASKED)
        return side_has_bytes(side) || relay->is_spilling;
    return side->flow == FLOW_RAW && (side->is_turned || side->length > SMALL_LENGTH_MAX);
}

void relay_respond(struct relay *relay)
{
    if (!relay->has_reply && relay->problem == PROBLEM_NONE && is_ready(relay))
        reply(relay);
}
