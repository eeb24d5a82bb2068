/* upstream_pool.c - one thread's connections: what libcurl waits for, in an epoll.
 *
 * libcurl takes a connection out of what it watches after each request, and puts it back
 * for the next.  Here it stays in the epoll meanwhile: if it becomes readable while it is
 * idle, its server has closed it or says what nobody asked for.  libcurl would take that
 * for the answer to the next request: so a closed socket is put in its place.
 */
#define _GNU_SOURCE /* dup3 */

#include "service/upstream_inside.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 64

/* ---- descriptors ---------------------------------------------------------------------
 */

static struct upstream_socket *socket_at(struct upstream_pool *pool, int descriptor)
{
    const size_t wanted = (size_t)descriptor + 1;
    if (wanted > pool->socket_count) {
        const size_t count = 2 * wanted;
        struct upstream_socket *larger =
            realloc(pool->sockets, count * sizeof *pool->sockets);
        if (!larger)
            return NULL;
        memset(larger + pool->socket_count, 0,
               (count - pool->socket_count) * sizeof *larger);
        pool->sockets = larger;
        pool->socket_count = count;
    }
    return &pool->sockets[descriptor];
}

int upstream_socket_opened(struct upstream_pool *pool, int descriptor)
{
    struct upstream_socket *entry = socket_at(pool, descriptor);
    if (!entry)
        return -1;
    *entry = (struct upstream_socket){.is_connection = 1};
    return 0;
}

void upstream_socket_closed(struct upstream_pool *pool, int descriptor)
{
    if ((size_t)descriptor < pool->socket_count)
        pool->sockets[descriptor] = (struct upstream_socket){0};
}

static int watch(const struct upstream_pool *pool, struct upstream_socket *entry,
                 int descriptor, uint32_t events)
{
    struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
    const int what = entry->watched == 0 ? EPOLL_CTL_ADD
                     : events == 0       ? EPOLL_CTL_DEL
                                         : EPOLL_CTL_MOD;
    if (events == entry->watched)
        return 0;
    if (epoll_ctl(pool->epoll, what, descriptor, &event) < 0 && events != 0)
        return -1;
    entry->watched = events;
    return 0;
}

/* libcurl finds a connection there that its server has closed, and makes another. */
static void replace(const struct upstream_pool *pool, int descriptor)
{
    (void)watch(pool, &pool->sockets[descriptor], descriptor, 0);
    (void)dup3(pool->closed, descriptor, O_CLOEXEC);
}

/* One that was not connected libcurl has closed without a word: its number may be another
 * thread's connection by now, and is left alone. */
void upstream_socket_left(const struct upstream_request *request)
{
    struct upstream_pool *pool = request->pool;
    const int descriptor = request->descriptor;
    if (descriptor < 0 || (size_t)descriptor >= pool->socket_count ||
        pool->sockets[descriptor].request != request)
        return;
    if (!request->is_sent) {
        upstream_socket_closed(pool, descriptor);
        return;
    }
    pool->sockets[descriptor].request = NULL;
    if (request->is_spent)
        replace(pool, descriptor);
    else
        (void)watch(pool, &pool->sockets[descriptor], descriptor, EPOLLIN);
}

/* libcurl wants to know of other events, or of none. */
static int see_wish(CURL *easy, curl_socket_t descriptor, int what, void *context,
                    void *unused)
{
    struct upstream_pool *pool = context;
    struct upstream_socket *entry = socket_at(pool, descriptor);
    void *request = NULL;
    (void)unused;
    if (!entry)
        return -1;
    entry->is_wanted = what != CURL_POLL_REMOVE;
    if (entry->is_wanted) {
        const uint32_t events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                                (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
        entry->request = request;
        entry->request->descriptor = descriptor;
        return watch(pool, entry, descriptor, events);
    }
    if (entry->is_connection && entry->request && !entry->request->is_sent) {
        upstream_socket_closed(pool, descriptor); /* as in upstream_socket_left() */
        return 0;
    }
    if (entry->is_connection)
        return watch(pool, entry, descriptor, entry->watched & (uint32_t)EPOLLIN);
    /* Others libcurl closes without a word. */
    entry->request = NULL;
    return watch(pool, entry, descriptor, 0);
}

static int see_time(CURLM *multi, long milliseconds, void *context)
{
    struct upstream_pool *pool = context;
    (void)multi;
    pool->deadline =
        milliseconds < 0 ? UINT64_MAX : upstream_now() + (uint64_t)milliseconds;
    return 0;
}

/* ---- events --------------------------------------------------------------------------
 */

static void act(struct upstream_pool *pool, int descriptor, int what)
{
    int running = 0;
    pool->is_in_curl = 1;
    (void)curl_multi_socket_action(pool->multi, descriptor, what, &running);
    pool->is_in_curl = 0;
}

/* 1 if one of the paused requests may be on any connection: one that is paused before
 * libcurl has once waited for it is not told of. */
static int has_unplaced(const struct upstream_pool *pool)
{
    for (const struct upstream_request *each = pool->active; each; each = each->next) {
        if (each->descriptor < 0 && (each->is_full || each->is_empty))
            return 1;
    }
    return 0;
}

static void see_event(struct upstream_pool *pool, int descriptor, uint32_t events)
{
    struct upstream_socket *entry = &pool->sockets[descriptor];
    int what = 0;
    /* Closed, perhaps because of an event before this one: the number may be another
     * thread's connection by now. */
    if (entry->watched == 0) {
        (void)epoll_ctl(pool->epoll, EPOLL_CTL_DEL, descriptor, NULL);
        return;
    }
    if (!entry->is_wanted) {
        (void)watch(pool, entry, descriptor, 0);
        /* Idle; otherwise its request is paused. */
        if (!entry->request && !has_unplaced(pool))
            replace(pool, descriptor);
        return;
    }
    if (entry->request)
        entry->request->last = pool->now;
    if (events & (EPOLLIN | EPOLLHUP))
        what |= CURL_CSELECT_IN;
    if (events & EPOLLOUT)
        what |= CURL_CSELECT_OUT;
    if (events & EPOLLERR)
        what |= CURL_CSELECT_ERR;
    act(pool, descriptor, what);
}

static void take_events(struct upstream_pool *pool)
{
    struct epoll_event events[EVENTS_MAX];
    const int count = epoll_wait(pool->epoll, events, EVENTS_MAX, 0);
    for (int index = 0; index < count; index++)
        see_event(pool, events[index].data.fd, events[index].events);
}

static void resume_waiting(struct upstream_pool *pool)
{
    size_t count = 0;
    for (const struct upstream_request *each = pool->going; each; each = each->going)
        count++;
    /* One at a time: each may cancel others, or be told to go on once more. */
    for (; count > 0 && pool->going; count--) {
        struct upstream_request *request = pool->going;
        pool->going = request->going;
        request->is_going = 0;
        request->is_full = request->is_empty = 0;
        request->last = pool->now;
        pool->is_in_curl = 1;
        (void)curl_easy_pause(request->easy, CURLPAUSE_CONT);
        pool->is_in_curl = 0;
    }
}

static void take_results(struct upstream_pool *pool)
{
    const CURLMsg *message = NULL;
    int left = 0;
    while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
        void *request = NULL;
        const CURLcode result = message->data.result;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
        upstream_request_ended(request, result);
    }
}

/* Ends who has heard nothing for too long; when the next may be. */
static void look_at_idle(struct upstream_pool *pool)
{
    struct upstream_request *next = pool->active;
    pool->look = UINT64_MAX;
    while (next) {
        struct upstream_request *request = next;
        next = request->next;
        const int is_ours = request->is_full || request->is_empty || !request->is_sent;
        const uint64_t end = (is_ours ? pool->now : request->last) + request->patience;
        if (end <= pool->now) {
            upstream_request_late(request);
            next = pool->active; /* any of them may be gone */
            pool->look = UINT64_MAX;
        } else if (end < pool->look) {
            pool->look = end;
        }
    }
}

void upstream_pool_run(struct upstream_pool *pool)
{
    if (pool->is_running)
        return;
    pool->is_running = 1;
    pool->now = upstream_now();
    take_events(pool);
    upstream_add_fresh(pool);
    resume_waiting(pool);
    if (pool->deadline <= pool->now) {
        pool->deadline = UINT64_MAX; /* libcurl says it again if need be */
        act(pool, CURL_SOCKET_TIMEOUT, 0);
    }
    take_results(pool);
    if (pool->look <= pool->now)
        look_at_idle(pool);
    upstream_health_run(pool);
    upstream_bury(pool);
    pool->is_running = 0;
}

int upstream_pool_timeout(const struct upstream_pool *pool)
{
    const uint64_t now = upstream_now();
    uint64_t end = pool->deadline < pool->look ? pool->deadline : pool->look;
    if (pool->fresh || pool->going || pool->dead)
        return 0;
    if (pool->health < end)
        end = pool->health;
    if (end == UINT64_MAX)
        return -1;
    if (end <= now)
        return 0;
    return end - now > 60000 ? 60000 : (int)(end - now);
}

int upstream_pool_descriptor(const struct upstream_pool *pool)
{
    return pool->epoll;
}

/* ---- its life ------------------------------------------------------------------------
 */

static int set_up(struct upstream_pool *pool)
{
    CURLM *multi = pool->multi;
    int failed = 0;
    failed |= curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, see_wish) != CURLM_OK;
    failed |= curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, pool) != CURLM_OK;
    failed |= curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, see_time) != CURLM_OK;
    failed |= curl_multi_setopt(multi, CURLMOPT_TIMERDATA, pool) != CURLM_OK;
    failed |=
        curl_multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) != CURLM_OK;
    return failed ? -1 : 0;
}

static int closed_socket(void)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
        return -1;
    (void)close(pair[1]);
    return pair[0];
}

sieve_status upstream_pool_new(struct upstream_pool **out)
{
    if (upstream_curl_init() < 0)
        return SIEVE_E_MEMORY;
    struct upstream_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return SIEVE_E_MEMORY;
    pool->deadline = pool->look = UINT64_MAX;
    pool->now = upstream_now();
    pool->epoll = epoll_create1(EPOLL_CLOEXEC);
    pool->multi = curl_multi_init();
    pool->closed = closed_socket();
    if (pool->epoll < 0 || pool->closed < 0 || !pool->multi || set_up(pool) < 0) {
        upstream_pool_free(pool);
        return SIEVE_E_MEMORY;
    }
    *out = pool;
    return SIEVE_OK;
}

void upstream_pool_free(struct upstream_pool *pool)
{
    if (!pool)
        return;
    upstream_health_leave(pool);
    upstream_cancel_all(pool);
    if (pool->multi)
        (void)curl_multi_cleanup(pool->multi);
    if (pool->epoll >= 0)
        (void)close(pool->epoll);
    if (pool->closed >= 0)
        (void)close(pool->closed);
    free(pool->sockets);
    free(pool);
}
