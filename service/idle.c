#define _GNU_SOURCE /* RTLD_NEXT */

#include "service/idle.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/epoll.h>

#include "service/real.h"
#include "service/stay.h"

#define PAUSE_MS 1 /* what is shorter is no pause */

typedef int (*wait_function)(int, struct epoll_event *, int, int);

static _Atomic(const struct idle *) current;
static wait_function real_wait;
static stay_control_function real_control;
static _Thread_local int skips_waits;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_both(void)
{
    real_wait = (wait_function)real_find("epoll_wait");
    real_control = (stay_control_function)real_find("epoll_ctl");
}

void idle_set(const struct idle *idle)
{
    atomic_store(&current, idle);
}

void idle_skip(int skips)
{
    skips_waits = skips;
}

static int wait_or_work(int descriptor, struct epoll_event *events, int capacity,
                        int patience)
{
    const struct idle *idle = atomic_load_explicit(&current, memory_order_acquire);
    if (patience != 0 && idle && idle->has_work(idle->context)) {
        const int is_due = idle->is_due(idle->context);
        const int count = is_due ? 0 : real_wait(descriptor, events, capacity, PAUSE_MS);
        if (count != 0)
            return count;
        idle->work(idle->context);
        if (!is_due && patience == PAUSE_MS)
            return 0;
    }
    return real_wait(descriptor, events, capacity, patience);
}

/* The program's own.  It is called epoll_wait() only for the linker. */
__attribute__((visibility("default"))) int
program_wait(int descriptor, struct epoll_event *events, int capacity,
             int patience) __asm__("epoll_wait");

int program_wait(int descriptor, struct epoll_event *events, int capacity, int patience)
{
    (void)pthread_once(&once, find_both);
    if (!real_wait) {
        errno = ENOSYS;
        return -1;
    }
    if (patience == 0 && skips_waits)
        return 0;
    return stay_filter(events, wait_or_work(descriptor, events, capacity, patience));
}

/* Here too, so that no program has the one without the other: each knows what the other
 * does. */
__attribute__((visibility("default"))) int
program_control(int epoll, int what, int descriptor,
                struct epoll_event *event) __asm__("epoll_ctl");

int program_control(int epoll, int what, int descriptor, struct epoll_event *event)
{
    (void)pthread_once(&once, find_both);
    if (!real_control) {
        errno = ENOSYS;
        return -1;
    }
    return stay_control(real_control, epoll, what, descriptor, event);
}
