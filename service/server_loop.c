/* server_loop.c - threads of our own that run libmicrohttpd and the requests to upstreams
 * in one epoll loop, so that all events of an exchange come from one thread.
 *
 * libmicrohttpd has an epoll descriptor of its own, and so has the pool; both are in the
 * loop's.  A suspended connection is in neither: its client's leaving would not be seen
 * before it is resumed.  So each connection is in the loop's epoll too, edge-triggered,
 * and only for its end.
 */
#define _GNU_SOURCE /* EPOLLRDHUP in all C libraries */

#include "service/server_inside.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "service/idle.h"
#include "service/upstream.h"

#define EVENTS_MAX 64
/* Turns without a look at the loop's own epoll, as long as there is work. */
#define TURNS_MAX 8
/* Calls in a row for more of a body: libmicrohttpd reads once in each. */
#define PARTS_MAX 8
/* libmicrohttpd closes a connection one call after the one that saw its end, and does not
 * ask for that call. */
#define CLEAN_MS 10

/* ---- connections ---------------------------------------------------------------------
 */

static int watch(const struct server_loop *loop, int descriptor, uint32_t events,
                 void *mark)
{
    struct epoll_event event = {.events = events, .data = {.ptr = mark}};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event);
}

struct link *link_new(struct server_loop *loop, int descriptor)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        return NULL;
    link->loop = loop;
    link->descriptor = descriptor;
    if (watch(loop, descriptor, EPOLLRDHUP | EPOLLET, link) < 0) {
        free(link);
        return NULL;
    }
    return link;
}

void link_free(struct link *link)
{
    if (link)
        (void)epoll_ctl(link->loop->epoll, EPOLL_CTL_DEL, link->descriptor, NULL);
    free(link);
}

static void insert(struct link *link)
{
    link->previous = NULL;
    link->next = link->loop->waiting;
    if (link->next)
        link->next->previous = link;
    link->loop->waiting = link;
}

static void take_out(struct link *link)
{
    if (link->previous)
        link->previous->next = link->next;
    else
        link->loop->waiting = link->next;
    if (link->next)
        link->next->previous = link->previous;
}

/* Who said that nothing more comes may still have sent all of a body that waits to be
 * read; who has sent it all and then says so does not wait for an answer. */
static int is_left(const struct link *link)
{
    return link->is_gone || (link->is_half && link->exchange->has_ended);
}

void exchange_suspend(struct exchange *exchange)
{
    struct link *link = exchange->link;
    exchange->is_suspended = 1;
    link->exchange = exchange;
    insert(link);
    tap_rest(link->descriptor);
    stay_rest(link->descriptor);
    link->loop->has_gone |= is_left(link);
    MHD_suspend_connection(exchange->connection);
}

void exchange_resume(struct exchange *exchange)
{
    if (!exchange->is_suspended)
        return;
    exchange->is_suspended = 0;
    tap_go_on(exchange->link->descriptor);
    stay_go_on(exchange->link->descriptor);
    exchange->loop->has_resumed = 1;
    take_out(exchange->link);
    exchange->link->exchange = NULL;
    MHD_resume_connection(exchange->connection);
}

void exchange_read_on(struct exchange *exchange)
{
    exchange->loop->reads_on = 1;
}

struct upstream_pool *exchange_pool(const struct exchange *exchange)
{
    return exchange->loop->pool;
}

static void abandon(struct exchange *exchange)
{
    exchange->is_abandoned = 1;
    exchange->is_cut = 1;
    exchange_resume(exchange);
}

static void let_go(struct server_loop *loop)
{
    struct link *next = loop->waiting;
    loop->has_gone = 0;
    while (next) {
        struct link *link = next;
        next = link->next;
        if (is_left(link))
            abandon(link->exchange);
    }
}

static void see_end(struct link *link, uint32_t events)
{
    link->is_half = 1;
    if (events & (EPOLLHUP | EPOLLERR))
        link->is_gone = 1;
    if (link->exchange && is_left(link))
        abandon(link->exchange);
}

/* ---- the loop ------------------------------------------------------------------------
 */

struct due {
    int daemon;
    int pool;
    int cleans; /* nothing has happened: libmicrohttpd is called to let go of the dead */
};

static void quiesce(struct server_loop *loop)
{
    if (!loop->is_deaf && atomic_load(&loop->is_quiesced))
        loop_go_deaf(loop);
}

static void see_wake(struct server_loop *loop)
{
    uint64_t count = 0;
    (void)!read(loop->wake, &count, sizeof count);
    loop_take_arrivals(loop);
    quiesce(loop);
}

static void wait_for_events(struct server_loop *loop, int timeout, struct due *due)
{
    struct epoll_event events[EVENTS_MAX];
    const int count = epoll_wait(loop->epoll, events, EVENTS_MAX, timeout);
    due->daemon = due->pool = count <= 0; /* some time is up */
    due->cleans = due->cleans && count <= 0;
    for (int index = 0; index < count; index++) {
        void *mark = events[index].data.ptr;
        if (mark == loop)
            see_wake(loop);
        else if (mark == loop->server)
            loop_accept(loop);
        else if (mark == loop->daemon)
            due->daemon = 1;
        else if (mark == loop->pool)
            due->pool = 1;
        else
            see_end(mark, events[index].events);
    }
    if (loop->has_gone)
        let_go(loop);
}

/* Milliseconds until the first of both has something to do; -1: they only wait. */
static int next_timeout(struct server_loop *loop, struct due *due)
{
    MHD_UNSIGNED_LONG_LONG until = 0;
    const int has_more = loop_see_notices(loop);
    int timeout = upstream_pool_timeout(loop->pool);
    due->pool = timeout == 0;
    due->daemon = loop->has_resumed;
    if (due->daemon || has_more)
        return 0;
    if (MHD_get_timeout(loop->daemon, &until) != MHD_YES)
        return timeout;
    due->daemon = until == 0;
    if (timeout < 0 || until < (unsigned)timeout)
        timeout = until > 60000 ? 60000 : (int)until;
    return timeout;
}

static void run_both(struct server_loop *loop, const struct due *due)
{
    /* Answers from upstreams first: they wake exchanges, which are served next. */
    if (due->pool)
        upstream_pool_run(loop->pool);
    if (!due->daemon && !loop->has_resumed)
        return;
    loop->has_resumed = 0;
    loop->is_dirty = !due->cleans;
    for (int part = 0; part < PARTS_MAX; part++) {
        loop->reads_on = 0;
        (void)MHD_run(loop->daemon);
        if (!loop->reads_on)
            break;
        idle_skip(1); /* there is more to read where it just did */
    }
    idle_skip(0);
}

static void *run_loop(void *context)
{
    struct server_loop *loop = context;
    struct due due = {1, 1, 0};
    while (!atomic_load(&loop->is_stopping)) {
        int timeout = 0;
        run_both(loop, &due);
        for (int turn = 0; turn < TURNS_MAX; turn++) {
            timeout = next_timeout(loop, &due);
            if (timeout != 0)
                break;
            run_both(loop, &due);
            due.cleans = 0;
        }
        timeout = loop_listen_again(loop, timeout);
        due.cleans = loop->is_dirty || loop->has_closed;
        if (loop->is_dirty && (timeout < 0 || timeout > CLEAN_MS))
            timeout = CLEAN_MS;
        wait_for_events(loop, loop->has_closed ? 0 : timeout, &due);
        due.pool |= timeout == 0;
        due.daemon |= timeout == 0 || loop->has_closed;
        loop->has_closed = 0;
    }
    return NULL;
}

/* ---- its life ------------------------------------------------------------------------
 */

void loop_wake(const struct server_loop *loop)
{
    const uint64_t one = 1;
    (void)!write(loop->wake, &one, sizeof one);
}

sieve_status loop_init(struct server_loop *loop)
{
    const sieve_status status = upstream_pool_new(&loop->pool);
    if (status != SIEVE_OK)
        return status;
    (void)pthread_mutex_init(&loop->lock, NULL);
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll < 0 || loop->wake < 0)
        return SIEVE_E_IO;
    return SIEVE_OK;
}

static int watch_all(struct server_loop *loop)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!info || watch(loop, info->epoll_fd, EPOLLIN, loop->daemon) < 0)
        return -1;
    if (watch(loop, upstream_pool_descriptor(loop->pool), EPOLLIN, loop->pool) < 0 ||
        watch(loop, loop->wake, EPOLLIN, loop) < 0)
        return -1;
    return loop_listen(loop);
}

sieve_status loop_start(struct server_loop *loop)
{
    sigset_t all;
    sigset_t before;
    if (watch_all(loop) < 0)
        return SIEVE_E_IO;
    /* Signals are for the thread that started this one. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failure = pthread_create(&loop->thread, NULL, run_loop, loop);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    loop->is_running = failure == 0;
    return failure == 0 ? SIEVE_OK : SIEVE_E_MEMORY;
}

void loop_quiesce(struct server_loop *loop)
{
    atomic_store(&loop->is_quiesced, 1);
    loop_wake(loop);
}

void loop_stop(struct server_loop *loop)
{
    if (!loop->is_running)
        return;
    atomic_store(&loop->is_stopping, 1);
    loop_wake(loop);
    (void)pthread_join(loop->thread, NULL);
    loop->is_running = 0;
}

void loop_done(struct server_loop *loop)
{
    while (loop->arrival_count > 0)
        (void)close(loop->arrivals[--loop->arrival_count].descriptor);
    /* libmicrohttpd ends the program if one is still suspended. */
    while (loop->waiting) {
        loop->waiting->exchange->is_cut = 1;
        exchange_resume(loop->waiting->exchange);
    }
    if (loop->daemon)
        MHD_stop_daemon(loop->daemon);
    upstream_pool_free(loop->pool);
    if (loop->pool && loop->epoll >= 0)
        (void)close(loop->epoll);
    if (loop->pool && loop->wake >= 0)
        (void)close(loop->wake);
    if (loop->pool)
        (void)pthread_mutex_destroy(&loop->lock);
}
