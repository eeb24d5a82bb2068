/* tap_sweep.c - clients that are late, and those that left. */
#define _GNU_SOURCE /* POLLRDHUP */

#include "service/tap_inside.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"

#define GONE (POLLRDHUP | POLLHUP | POLLERR)

/* ---- deadlines -----------------------------------------------------------------------
 */

static int is_late(const struct tap *tap, uint64_t at, uint64_t head_timeout,
                   uint64_t body_timeout)
{
    const int phase = atomic_load(&tap->phase); /* since is set before it */
    const uint64_t since = atomic_load_explicit(&tap->since, memory_order_relaxed);
    const uint64_t patience = phase == PHASE_BODY ? body_timeout : head_timeout;
    return phase != PHASE_IDLE && phase != PHASE_REST && at > since &&
           (at - since) / 1000000u > patience;
}

static void sweep_late(uint64_t head_timeout, uint64_t body_timeout)
{
    const uint64_t at = clock_now();
    const int last = tap_highest();
    for (int descriptor = 0; descriptor <= last; descriptor++) {
        struct tap *tap = tap_of(descriptor) ? tap_hold(descriptor) : NULL;
        if (!tap)
            continue;
        if (is_late(tap, at, head_timeout, body_timeout) &&
            !atomic_exchange(&tap->is_late, 1))
            (void)shutdown(descriptor, SHUT_RD); /* wakes who waits for bytes */
        tap_let_go();
    }
}

/* ---- clients that left ---------------------------------------------------------------
 */

/* When bytes and the end come together, libmicrohttpd takes the bytes and is never told
 * of the end: it waits for one event more, which shutdown() makes.  That one can be lost
 * in the same way, if bytes are still being read, so each sweep makes another. */
static void wake(int descriptor)
{
    struct pollfd now = {descriptor, POLLRDHUP, 0};
    if (!tap_hold(descriptor))
        return;
    /* Once more: it may be another's connection by now. */
    if (poll(&now, 1, 0) > 0 && (now.revents & GONE))
        (void)shutdown(descriptor, SHUT_RD);
    tap_let_go();
}

/* Who is open; by the sweep's thread only. */
static struct pollfd *list_open(size_t *count_out)
{
    static struct pollfd *list;
    static size_t capacity;
    const size_t wanted = (size_t)tap_highest() + 1;
    size_t count = 0;
    if (wanted > capacity) {
        struct pollfd *larger = realloc(list, 2 * wanted * sizeof *list);
        if (!larger)
            return NULL;
        list = larger;
        capacity = 2 * wanted;
    }
    for (size_t descriptor = 0; descriptor < wanted; descriptor++) {
        if (tap_of((int)descriptor))
            list[count++] = (struct pollfd){(int)descriptor, POLLRDHUP, 0};
    }
    *count_out = count;
    return list;
}

static void sweep_gone(void)
{
    size_t count = 0;
    struct pollfd *list = list_open(&count);
    if (!list || poll(list, count, 0) <= 0)
        return;
    for (size_t index = 0; index < count; index++) {
        if (list[index].revents & GONE)
            wake(list[index].fd);
    }
}

void tap_sweep(uint64_t head_timeout, uint64_t body_timeout)
{
    sweep_late(head_timeout, body_timeout);
    sweep_gone();
}
