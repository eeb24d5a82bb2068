#define _GNU_SOURCE /* RTLD_NEXT */

#include "service/tap.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "service/ahead.h"
#include "service/wire.h"

#define DESCRIPTORS_MAX (1u << 20)

enum phase {
    PHASE_IDLE,
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_REST /* of a head or a body that nobody reads */
};

/* One connection.  The sweep touches only the atomics, under the lock of its life. */
struct tap {
    struct tap_plan plan;
    struct stay stay;
    struct wire wire;
    struct ahead ahead;
    enum problem pending; /* what the next call refuses */
    int has_ended;        /* was refused */
    int is_doomed;        /* ... once the client has said something */
    enum problem told;    /* what was refused */
    int rest_phase;       /* what PHASE_REST interrupts */
    uint64_t rest_since;  /* nanoseconds */
    atomic_int phase;
    atomic_uint_fast64_t since; /* nanoseconds; when the phase began */
    atomic_int is_late;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* open, close, sweep */
static _Atomic(struct tap *) *taps;
static size_t tap_count;
static atomic_int highest;

typedef ssize_t (*recv_function)(int, void *, size_t, int);
static recv_function real_recv;

static void find_recv(void)
{
    union {
        void *object;
        recv_function function;
    } found = {dlsym(RTLD_NEXT, "recv")};
    real_recv = found.function;
}

static pthread_once_t found_once = PTHREAD_ONCE_INIT;

sieve_status tap_init(void)
{
    struct rlimit limit;
    (void)pthread_once(&found_once, find_recv);
    if (taps)
        return SIEVE_OK;
    if (!real_recv || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return SIEVE_E_IO;
    tap_count =
        limit.rlim_cur < DESCRIPTORS_MAX ? (size_t)limit.rlim_cur : DESCRIPTORS_MAX;
    taps = calloc(tap_count, sizeof *taps);
    return taps ? SIEVE_OK : SIEVE_E_MEMORY;
}

static struct tap *tap_of(int descriptor)
{
    if (!taps || descriptor < 0 || (size_t)descriptor >= tap_count)
        return NULL;
    return atomic_load_explicit(&taps[descriptor], memory_order_acquire);
}

void tap_open(int descriptor, const struct tap_plan *plan)
{
    struct tap *tap = calloc(1, sizeof *tap);
    if (!taps || descriptor < 0 || (size_t)descriptor >= tap_count || !tap) {
        free(tap);
        (void)shutdown(descriptor, SHUT_RD); /* not followed, so not served */
        return;
    }
    tap->plan = *plan;
    wire_start(&tap->wire, plan->head_max);
    pthread_mutex_lock(&lock);
    atomic_store_explicit(&taps[descriptor], tap, memory_order_release);
    if (descriptor > atomic_load(&highest))
        atomic_store(&highest, descriptor);
    pthread_mutex_unlock(&lock);
}

void tap_close(int descriptor)
{
    if (!tap_of(descriptor))
        return;
    pthread_mutex_lock(&lock);
    struct tap *tap = atomic_exchange(&taps[descriptor], NULL);
    pthread_mutex_unlock(&lock);
    ahead_done(&tap->ahead);
    free(tap);
}

void tap_condemn(int descriptor, enum problem problem)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap)
        return;
    tap->pending = problem;
    (void)shutdown(descriptor, SHUT_RD); /* wakes who waits for bytes */
}

void tap_doom(int descriptor, enum problem problem)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap)
        return;
    tap->pending = problem;
    tap->is_doomed = 1;
    atomic_store_explicit(&tap->since, clock_now(), memory_order_relaxed);
    atomic_store_explicit(&tap->phase, PHASE_HEAD, memory_order_relaxed);
}

void tap_rest(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap || atomic_load_explicit(&tap->phase, memory_order_relaxed) == PHASE_IDLE)
        return;
    tap->rest_phase = atomic_exchange(&tap->phase, PHASE_REST);
    tap->rest_since = clock_now();
}

void tap_go_on(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap || atomic_load_explicit(&tap->phase, memory_order_relaxed) != PHASE_REST)
        return;
    atomic_fetch_add(&tap->since, clock_now() - tap->rest_since);
    atomic_store(&tap->phase, tap->rest_phase);
}

enum problem tap_told(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap)
        return PROBLEM_NONE;
    const enum problem told = tap->told;
    tap->told = PROBLEM_NONE;
    return told;
}

int tap_has(int descriptor, const void *session)
{
    const struct tap *tap = tap_of(descriptor);
    return tap && tap->plan.session == session;
}

struct stay *tap_stay(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    return tap ? &tap->stay : NULL;
}

/* ---- deadlines -----------------------------------------------------------------------
 */

static int is_late(const struct tap *tap, uint64_t at, uint64_t head_timeout,
                   uint64_t body_timeout)
{
    const int phase = atomic_load(&tap->phase); /* since is set before it */
    const uint64_t since = atomic_load_explicit(&tap->since, memory_order_relaxed);
    const uint64_t patience = phase == PHASE_HEAD ? head_timeout : body_timeout;
    return (phase == PHASE_HEAD || phase == PHASE_BODY) && at > since &&
           (at - since) / 1000000u > patience;
}

static void sweep_late(uint64_t head_timeout, uint64_t body_timeout)
{
    const uint64_t at = clock_now();
    const int last = atomic_load(&highest);
    for (int descriptor = 0; descriptor <= last; descriptor++) {
        if (!tap_of(descriptor))
            continue;
        pthread_mutex_lock(&lock);
        struct tap *tap = tap_of(descriptor);
        if (tap && is_late(tap, at, head_timeout, body_timeout) &&
            !atomic_exchange(&tap->is_late, 1))
            (void)shutdown(descriptor, SHUT_RD); /* wakes who waits for bytes */
        pthread_mutex_unlock(&lock);
    }
}

/* ---- clients that left ---------------------------------------------------------------
 */

/* When bytes and the end come together, libmicrohttpd takes the bytes and is never told
 * of the end: it waits for one event more, which shutdown() makes.  That one can be lost
 * in the same way, if bytes are still being read, so each sweep makes another. */
static void wake(int descriptor)
{
    pthread_mutex_lock(&lock);
    if (tap_of(descriptor))
        (void)shutdown(descriptor, SHUT_RD);
    pthread_mutex_unlock(&lock);
}

/* Who is open; by the sweep's thread only. */
static struct pollfd *list_open(size_t *count_out)
{
    static struct pollfd *list;
    static size_t capacity;
    const size_t wanted = (size_t)atomic_load(&highest) + 1;
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
        if (list[index].revents & (POLLRDHUP | POLLHUP | POLLERR))
            wake(list[index].fd);
    }
}

void tap_sweep(uint64_t head_timeout, uint64_t body_timeout)
{
    sweep_late(head_timeout, body_timeout);
    sweep_gone();
}

static void note_phase(struct tap *tap)
{
    const int phase = wire_is_idle(&tap->wire) ? PHASE_IDLE
                      : tap->wire.is_head_over ? PHASE_BODY
                                               : PHASE_HEAD;
    if (phase == atomic_load_explicit(&tap->phase, memory_order_relaxed))
        return;
    atomic_store_explicit(&tap->since, phase == PHASE_IDLE ? 0 : clock_now(),
                          memory_order_relaxed);
    atomic_store_explicit(&tap->phase, phase, memory_order_relaxed);
}

/* ---- bytes ---------------------------------------------------------------------------
 */

static void tell(enum problem problem,
                 ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    char reply[PROBLEM_REPLY_MAX];
    const size_t length = problem_write_reply(problem, reply);
    if (length > 0)
        (void)send_bytes(link, reply, length);
}

/* What still waits to be read would make the system reset the connection, and the answer
 * be lost. */
static void drop_rest(int descriptor)
{
    char dropped[16384];
    for (int turn = 0; turn < 16; turn++) {
        if (real_recv(descriptor, dropped, sizeof dropped, MSG_DONTWAIT) <= 0)
            break;
    }
    memset(dropped, 0, sizeof dropped);
    (void)shutdown(descriptor, SHUT_WR);
}

static ssize_t refuse(struct tap *tap, int descriptor, enum problem problem,
                      ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    if (!tap->has_ended)
        tell(problem, send_bytes, link);
    drop_rest(descriptor);
    tap->pending = PROBLEM_NONE;
    tap->told = tap->has_ended ? PROBLEM_NONE : problem;
    tap->has_ended = 1;
    atomic_store(&tap->phase, PHASE_IDLE);
    errno = ECONNRESET;
    return -1;
}

ssize_t tap_filter(int descriptor, void *bytes, ssize_t count,
                   ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    struct tap *tap = tap_of(descriptor);
    enum problem problem = PROBLEM_NONE;
    if (!tap)
        return count;
    const int is_late = atomic_load_explicit(&tap->is_late, memory_order_relaxed);
    if (is_late && tap->pending == PROBLEM_NONE)
        return refuse(tap, descriptor, PROBLEM_TIMEOUT, send_bytes, link);
    if (tap->is_doomed && count < 0 && !is_late)
        return count;
    if (tap->pending != PROBLEM_NONE)
        return refuse(tap, descriptor, tap->pending, send_bytes, link);
    if (count <= 0)
        return count;
    const size_t passed = wire_follow(&tap->wire, bytes, (size_t)count, &problem);
    note_phase(tap);
    if (problem == PROBLEM_NONE)
        return count;
    memset((char *)bytes + passed, 0, (size_t)count - passed);
    if (passed == 0)
        return refuse(tap, descriptor, problem, send_bytes, link);
    /* A whole request before it is answered first; then this wakes who reads. */
    tap->pending = problem;
    (void)shutdown(descriptor, SHUT_RD);
    return (ssize_t)passed;
}

static ssize_t send_plain(void *link, const void *bytes, size_t length)
{
    return send(*(const int *)link, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* As recv(), but for what is known to come to nothing. */
static ssize_t receive_now(struct tap *tap, int descriptor, void *bytes, size_t length,
                           int flags)
{
    errno = EAGAIN;
    if (tap->stay.is_dry)
        return -1;
    return stay_note(&tap->stay, real_recv(descriptor, bytes, length, flags), length);
}

/* What was received ahead, and more if that is not enough; as recv().  libmicrohttpd
 * takes less than it asked for as word that it must wait for an event, which may have
 * come while there still was something ahead: so less is only given if there was no more
 * just now. */
static ssize_t receive(struct tap *tap, int descriptor, void *bytes, size_t length,
                       int flags)
{
    struct ahead *ahead = &tap->ahead;
    const size_t taken = ahead_take(ahead, bytes, length);
    if (taken == length)
        return (ssize_t)taken;
    unsigned char *const rest = (unsigned char *)bytes + taken;
    void *room = ahead_room(ahead, wire_body_left(&tap->wire) - taken);
    const ssize_t count = receive_now(tap, descriptor, room ? room : rest,
                                      room ? AHEAD_LENGTH : length - taken, flags);
    if (count <= 0)
        return taken > 0 ? (ssize_t)taken : count;
    if (!room) {
        ahead->is_wanted = (size_t)count == length - taken;
        return (ssize_t)taken + count;
    }
    ahead_fill(ahead, (size_t)count);
    return (ssize_t)(taken + ahead_take(ahead, rest, length - taken));
}

/* The program's own, which libmicrohttpd calls.  It is called recv() only for the linker:
 * the C library's headers have an inline function of that name. */
__attribute__((visibility("default"))) ssize_t
program_recv(int descriptor, void *bytes, size_t length, int flags) __asm__("recv");

ssize_t program_recv(int descriptor, void *bytes, size_t length, int flags)
{
    (void)pthread_once(&found_once, find_recv);
    struct tap *tap = tap_of(descriptor);
    if (!tap || tap->plan.session)
        return real_recv(descriptor, bytes, length, flags);
    const ssize_t count = receive(tap, descriptor, bytes, length, flags);
    const int system = errno;
    const ssize_t passed = tap_filter(descriptor, bytes, count, send_plain, &descriptor);
    if (count < 0 && passed == count && errno != ECONNRESET)
        errno = system;
    return passed;
}
