/* upstream.c - requests: from their start to their end, over as many addresses as it
 * takes.
 */
#include "service/upstream_inside.h"

#include <stdlib.h>

#include "base/reason.h"
#include "base/wipe.h"

#define SPARE_MAX 64u /* handles that wait for the next request */

/* ---- lists ---------------------------------------------------------------------------
 */

static void insert(struct upstream_request **list, struct upstream_request *request)
{
    request->previous = NULL;
    request->next = *list;
    if (*list)
        (*list)->previous = request;
    *list = request;
}

static void take_out(struct upstream_request **list, struct upstream_request *request)
{
    if (request->previous)
        request->previous->next = request->next;
    else
        *list = request->next;
    if (request->next)
        request->next->previous = request->previous;
    request->previous = request->next = NULL;
}

static void take_out_going(struct upstream_request *request)
{
    struct upstream_request **link = &request->pool->going;
    if (!request->is_going)
        return;
    while (*link != request)
        link = &(*link)->going;
    *link = request->going;
    request->is_going = 0;
}

/* ---- handles -------------------------------------------------------------------------
 */

static struct upstream_request *take_spare(struct upstream_pool *pool)
{
    struct upstream_request *request = pool->spare;
    if (!request)
        return upstream_request_new(pool);
    take_out(&pool->spare, request);
    pool->spare_count--;
    return request;
}

/* Back among the spare ones, with nothing left of its request. */
static void recycle(struct upstream_request *request)
{
    struct upstream_pool *pool = request->pool;
    upstream_group_release(request->group);
    request->group = NULL;
    request->phase = UPSTREAM_SPARE;
    if (pool->spare_count >= SPARE_MAX || request->words_capacity > UPSTREAM_WORDS_KEPT) {
        upstream_request_free(request);
        return;
    }
    wipe(request->words, request->words_length);
    request->words_length = 0;
    insert(&pool->spare, request);
    pool->spare_count++;
}

static void clear(struct upstream_request *request)
{
    request->tried = 0;
    request->descriptor = -1;
    request->head = (struct upstream_head){0};
    request->is_sent = request->is_new_connection = request->is_starved = 0;
    request->is_full = request->is_empty = 0;
    request->is_stopped = request->is_broken = request->is_spent = 0;
}

/* ---- start ---------------------------------------------------------------------------
 */

static void count_connections(struct upstream_pool *pool,
                              const struct upstream_group *group)
{
    const unsigned wanted = group->plan.connections_max * upstream_groups_alive();
    if (wanted == pool->connections_max)
        return;
    pool->connections_max = wanted;
    (void)curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)wanted);
}

sieve_status upstream_start_at(struct upstream_pool *pool, struct upstream_group *group,
                               size_t address, const struct upstream_call *call,
                               struct upstream_request **out)
{
    struct upstream_request *request = take_spare(pool);
    if (!request)
        return SIEVE_E_MEMORY;
    request->group = upstream_group_hold(group);
    clear(request);
    request->only_address = address < group->count;
    request->address =
        request->only_address ? address : upstream_group_choose(group, 0, upstream_now());
    request->patience = request->only_address ? upstream_health_patience(group)
                                              : group->plan.idle_timeout;
    const sieve_status status = upstream_request_prepare(request, call);
    if (status != SIEVE_OK) {
        recycle(request);
        return status;
    }
    count_connections(pool, group);
    request->phase = UPSTREAM_FRESH;
    insert(&pool->fresh, request);
    *out = request;
    return SIEVE_OK;
}

sieve_status upstream_start(struct upstream_pool *pool, struct upstream_group *group,
                            const struct upstream_call *call,
                            struct upstream_request **out)
{
    return upstream_start_at(pool, group, SIZE_MAX, call, out);
}

/* Hands it to libcurl. */
static void add(struct upstream_request *request)
{
    struct upstream_pool *pool = request->pool;
    const uint64_t end = pool->now + request->patience;
    struct upstream_address *address = &request->group->addresses[request->address];
    request->tried |= UINT64_C(1) << request->address;
    request->last = pool->now;
    request->phase = UPSTREAM_ACTIVE;
    insert(&pool->active, request);
    if (end < pool->look)
        pool->look = end;
    atomic_fetch_add_explicit(&address->tally->requests, 1, memory_order_relaxed);
    if (curl_multi_add_handle(pool->multi, request->easy) != CURLM_OK)
        upstream_request_ended(request, CURLE_OUT_OF_MEMORY);
}

void upstream_add_fresh(struct upstream_pool *pool)
{
    struct upstream_request *request = NULL;
    while ((request = pool->fresh) != NULL) {
        take_out(&pool->fresh, request);
        add(request);
    }
}

/* ---- end -----------------------------------------------------------------------------
 */

static void leave_curl(struct upstream_request *request)
{
    struct upstream_pool *pool = request->pool;
    take_out(&pool->active, request);
    take_out_going(request);
    (void)curl_multi_remove_handle(pool->multi, request->easy);
    upstream_socket_left(request);
}

static enum upstream_end end_of(const struct upstream_request *request, CURLcode result)
{
    if (request->is_stopped)
        return UPSTREAM_STOPPED;
    if (result == CURLE_OK && request->head.is_over && !request->is_broken)
        return UPSTREAM_COMPLETE;
    if (request->is_sent)
        return UPSTREAM_BROKEN;
    if (request->is_starved)
        return UPSTREAM_STARVED;
    return result == CURLE_OPERATION_TIMEDOUT ? UPSTREAM_SLOW : UPSTREAM_UNREACHABLE;
}

static void finish(struct upstream_request *request, enum upstream_end end)
{
    struct upstream_address *address = &request->group->addresses[request->address];
    if (end != UPSTREAM_COMPLETE && end != UPSTREAM_STOPPED && end != UPSTREAM_STARVED)
        atomic_fetch_add_explicit(&address->tally->failures, 1, memory_order_relaxed);
    request->phase = UPSTREAM_DONE;
    request->ops->done(request->context, end);
}

/* Why no connection was made, in constant words. */
static const char *reason_of(const struct upstream_request *request, CURLcode result)
{
    static const struct {
        CURLcode code;
        const char *words;
    } reasons[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "its name is not known"},
        {CURLE_OPERATION_TIMEDOUT, "it takes no connection in time"},
        {CURLE_PEER_FAILED_VERIFICATION, "its certificate is not trusted"},
        {CURLE_SSL_CONNECT_ERROR, "TLS cannot be agreed on with it"},
    };
    long error = 0;
    for (size_t index = 0; index < sizeof reasons / sizeof reasons[0]; index++) {
        if (reasons[index].code == result)
            return reasons[index].words;
    }
    if (curl_easy_getinfo(request->easy, CURLINFO_OS_ERRNO, &error) == CURLE_OK &&
        error != 0)
        return reason_of_system((int)error);
    return "no connection can be made";
}

/* The next address, as no byte has gone to this one; 0 if there is none. */
static int try_next(struct upstream_request *request, CURLcode result)
{
    struct upstream_group *group = request->group;
    struct upstream_address *address = &group->addresses[request->address];
    upstream_address_fails(group, address, request->pool->now,
                           reason_of(request, result));
    if (request->only_address)
        return 0;
    const size_t next = upstream_group_choose(group, request->tried, request->pool->now);
    if (next == group->count)
        return 0;
    atomic_fetch_add_explicit(&address->tally->failures, 1, memory_order_relaxed);
    request->address = next;
    if (upstream_request_aim(request) < 0)
        return 0;
    request->phase = UPSTREAM_FRESH;
    insert(&request->pool->fresh, request);
    return 1;
}

void upstream_request_ended(struct upstream_request *request, CURLcode result)
{
    if (request->phase != UPSTREAM_ACTIVE)
        return;
    leave_curl(request);
    const enum upstream_end end = end_of(request, result);
    if (!request->is_sent && end != UPSTREAM_STOPPED && end != UPSTREAM_STARVED &&
        try_next(request, result))
        return;
    finish(request, end);
}

void upstream_request_late(struct upstream_request *request)
{
    leave_curl(request);
    finish(request, UPSTREAM_SLOW);
}

void upstream_go_on(struct upstream_request *request)
{
    if (request->phase != UPSTREAM_ACTIVE || request->is_going)
        return;
    request->is_going = 1;
    request->going = request->pool->going;
    request->pool->going = request;
}

void upstream_cancel(struct upstream_request *request)
{
    if (!request)
        return;
    struct upstream_pool *pool = request->pool;
    if (request->phase == UPSTREAM_FRESH)
        take_out(&pool->fresh, request);
    if (request->phase == UPSTREAM_ACTIVE && pool->is_in_curl) {
        take_out(&pool->active, request);
        take_out_going(request);
        request->phase = UPSTREAM_DEAD;
        insert(&pool->dead, request);
        return;
    }
    if (request->phase == UPSTREAM_ACTIVE)
        leave_curl(request);
    recycle(request);
}

void upstream_bury(struct upstream_pool *pool)
{
    struct upstream_request *request = NULL;
    while ((request = pool->dead) != NULL) {
        take_out(&pool->dead, request);
        (void)curl_multi_remove_handle(pool->multi, request->easy);
        upstream_socket_left(request);
        recycle(request);
    }
}

void upstream_cancel_all(struct upstream_pool *pool)
{
    while (pool->fresh)
        upstream_cancel(pool->fresh);
    while (pool->active)
        upstream_cancel(pool->active);
    upstream_bury(pool);
    while (pool->spare) {
        struct upstream_request *request = pool->spare;
        take_out(&pool->spare, request);
        upstream_request_free(request);
    }
}
