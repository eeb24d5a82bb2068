/* server_accept.c - who serves a new connection: the thread that has the fewest.
 *
 * One thread wakes up for what comes to the listening socket, takes it, and hands
 * it over if another has less to do: left to themselves, the first to wake up would take
 * almost all.
 */
#define _GNU_SOURCE /* accept4 */

#include "service/server_inside.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/trouble.h"

#define ACCEPTED_MAX 16 /* in one turn */
/* Without descriptors for new connections it listens again after so long. */
#define FULL_MS 100

static struct server_loop *choose(struct server_loop *loop)
{
    struct server_loop *best = loop;
    unsigned least = atomic_load_explicit(&loop->load, memory_order_relaxed);
    for (unsigned index = 0; index < loop->server->loop_count; index++) {
        struct server_loop *other = &loop->server->loops[index];
        const unsigned load = atomic_load_explicit(&other->load, memory_order_relaxed);
        if (load < least) {
            best = other;
            least = load;
        }
    }
    return best;
}

/* libmicrohttpd closes what it does not take, also after it has told of its begin; then
 * it tells of its end, too. */
static void serve_arrival(struct server_loop *loop, const struct arrival *arrival)
{
    loop->has_opened = 0;
    if (MHD_add_connection(loop->daemon, arrival->descriptor,
                           (const struct sockaddr *)&arrival->peer,
                           arrival->length) != MHD_YES &&
        !loop->has_opened)
        atomic_fetch_sub_explicit(&loop->load, 1, memory_order_relaxed);
    loop->has_resumed = 1;
}

static int hand_over(struct server_loop *loop, const struct arrival *arrival)
{
    pthread_mutex_lock(&loop->lock);
    const int has_room = loop->arrival_count < ARRIVALS_MAX;
    if (has_room)
        loop->arrivals[loop->arrival_count++] = *arrival;
    pthread_mutex_unlock(&loop->lock);
    if (has_room)
        loop_wake(loop);
    return has_room;
}

static void place(struct server_loop *loop, const struct arrival *arrival)
{
    struct server_loop *chosen = choose(loop);
    atomic_fetch_add_explicit(&chosen->load, 1, memory_order_relaxed);
    if (chosen != loop && hand_over(chosen, arrival))
        return;
    if (chosen != loop) {
        atomic_fetch_sub_explicit(&chosen->load, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&loop->load, 1, memory_order_relaxed);
    }
    serve_arrival(loop, arrival);
}

void loop_take_arrivals(struct server_loop *loop)
{
    struct arrival arrivals[ARRIVALS_MAX];
    pthread_mutex_lock(&loop->lock);
    const size_t count = loop->arrival_count;
    for (size_t index = 0; index < count; index++)
        arrivals[index] = loop->arrivals[index];
    loop->arrival_count = 0;
    pthread_mutex_unlock(&loop->lock);
    for (size_t index = 0; index < count; index++)
        serve_arrival(loop, &arrivals[index]);
}

int loop_listen(struct server_loop *loop)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE,
                                .data = {.ptr = loop->server}};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, atomic_load(&loop->server->listening),
                  &event) < 0)
        return -1;
    loop->full_until = 0;
    return 0;
}

static void stop_listening(const struct server_loop *loop)
{
    (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, atomic_load(&loop->server->listening),
                    NULL);
}

/* It would be told of the same connection again at once. */
static void pause_listening(struct server_loop *loop, int error)
{
    loop->full_until = clock_now() / 1000000 + FULL_MS;
    stop_listening(loop);
    trouble_note(TROUBLE_DESCRIPTORS, 1, error);
}

int loop_listen_again(struct server_loop *loop, int timeout)
{
    if (loop->full_until == 0)
        return timeout;
    const uint64_t now = clock_now() / 1000000;
    if (now >= loop->full_until && loop_listen(loop) == 0)
        return timeout;
    const int left = now < loop->full_until ? (int)(loop->full_until - now) : FULL_MS;
    return timeout < 0 || timeout > left ? left : timeout;
}

void loop_accept(struct server_loop *loop)
{
    for (int count = 0; count < ACCEPTED_MAX && !loop->is_deaf; count++) {
        struct arrival arrival = {.length = sizeof arrival.peer};
        arrival.descriptor = accept4(atomic_load(&loop->server->listening),
                                     (struct sockaddr *)&arrival.peer, &arrival.length,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (arrival.descriptor >= 0) {
            place(loop, &arrival);
        } else if (errno == EAGAIN) {
            return;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
                   errno == ENOBUFS) {
            pause_listening(loop, errno);
            return;
        }
    }
}

/* The last of the threads closes it: until then another may be about to take from it. */
void loop_go_deaf(struct server_loop *loop)
{
    struct server *server = loop->server;
    loop->is_deaf = 1;
    loop->full_until = 0;
    stop_listening(loop);
    if (atomic_fetch_sub(&server->listeners, 1) == 1)
        (void)close(atomic_exchange(&server->listening, -1));
}
