#define _GNU_SOURCE /* RTLD_NEXT */

#include "service/tap_inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/wipe.h"
#include "service/real.h"

#define DESCRIPTORS_MAX (1u << 20)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* open, close, sweep */
static _Atomic(struct tap *) *taps;
static size_t tap_count;
static atomic_int highest;

typedef ssize_t (*recv_function)(int, void *, size_t, int);
typedef ssize_t (*send_function)(int, const void *, size_t, int);
static recv_function real_recv;
static send_function real_send;

static void find_real(void)
{
    real_recv = (recv_function)real_find("recv");
    real_send = (send_function)real_find("send");
}

static pthread_once_t found_once = PTHREAD_ONCE_INIT;

sieve_status tap_init(void)
{
    struct rlimit limit;
    (void)pthread_once(&found_once, find_real);
    if (taps)
        return SIEVE_OK;
    if (!real_recv || !real_send || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return SIEVE_E_IO;
    tap_count =
        limit.rlim_cur < DESCRIPTORS_MAX ? (size_t)limit.rlim_cur : DESCRIPTORS_MAX;
    taps = calloc(tap_count, sizeof *taps);
    return taps ? SIEVE_OK : SIEVE_E_MEMORY;
}

struct tap *tap_of(int descriptor)
{
    if (!taps || descriptor < 0 || (size_t)descriptor >= tap_count)
        return NULL;
    return atomic_load_explicit(&taps[descriptor], memory_order_acquire);
}

struct tap *tap_hold(int descriptor)
{
    pthread_mutex_lock(&lock);
    struct tap *tap = tap_of(descriptor);
    if (!tap)
        pthread_mutex_unlock(&lock);
    return tap;
}

void tap_let_go(void)
{
    pthread_mutex_unlock(&lock);
}

int tap_highest(void)
{
    return atomic_load(&highest);
}

int tap_open(int descriptor, const struct tap_plan *plan)
{
    struct tap *tap = calloc(1, sizeof *tap);
    if (!taps || descriptor < 0 || (size_t)descriptor >= tap_count || !tap) {
        free(tap);
        (void)shutdown(descriptor, SHUT_RD); /* not followed, so not served */
        return -1;
    }
    tap->plan = *plan;
    atomic_init(&tap->phase, plan->session ? PHASE_GREETING : PHASE_IDLE);
    atomic_init(&tap->since, clock_now());
    wire_start(&tap->wire, plan->head_max);
    pthread_mutex_lock(&lock);
    atomic_store_explicit(&taps[descriptor], tap, memory_order_release);
    if (descriptor > atomic_load(&highest))
        atomic_store(&highest, descriptor);
    pthread_mutex_unlock(&lock);
    return 0;
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

void tap_greet(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    int phase = PHASE_GREETING;
    if (tap)
        (void)atomic_compare_exchange_strong(&tap->phase, &phase, PHASE_IDLE);
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
    atomic_store_explicit(&tap->phase, PHASE_HEAD, memory_order_release);
}

void tap_pardon(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    if (tap)
        tap->pending = PROBLEM_NONE;
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

void tap_set_bare(int descriptor, int is_bare)
{
    struct tap *tap = tap_of(descriptor);
    if (tap)
        tap->bare = is_bare ? BARE_AWAITS : BARE_NOT;
}

enum problem tap_told(int descriptor)
{
    struct tap *tap = tap_of(descriptor);
    if (!tap)
        return PROBLEM_NONE;
    const enum problem told = tap->told;
    const int is_greeting = atomic_load(&tap->phase) == PHASE_GREETING;
    tap->told = PROBLEM_NONE;
    /* Before the handshake is over nobody can be told anything; it counts all the same.
     */
    return is_greeting && atomic_load(&tap->is_late) ? PROBLEM_TIMEOUT : told;
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

/* The sweep looks at the phase and then at its begin, which so never goes back: it may be
 * that of the next one by then. */
static void note_phase(struct tap *tap)
{
    const int phase = wire_is_idle(&tap->wire) ? PHASE_IDLE
                      : tap->wire.is_head_over ? PHASE_BODY
                                               : PHASE_HEAD;
    if (phase == atomic_load_explicit(&tap->phase, memory_order_relaxed) &&
        tap->requests == tap->wire.requests)
        return;
    tap->requests = tap->wire.requests;
    if (phase != PHASE_IDLE)
        atomic_store_explicit(&tap->since, clock_now(), memory_order_relaxed);
    atomic_store_explicit(&tap->phase, phase, memory_order_release);
}

/* ---- bytes ---------------------------------------------------------------------------
 */

static void tell(const struct tap *tap, enum problem problem,
                 ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    char reply[PROBLEM_REPLY_MAX];
    const size_t length = problem_write_reply(problem, tap->wire.is_head_method, reply);
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
    wipe(dropped, sizeof dropped);
    (void)shutdown(descriptor, SHUT_WR);
}

static ssize_t refuse(struct tap *tap, int descriptor, enum problem problem,
                      ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    if (!tap->has_ended)
        tell(tap, problem, send_bytes, link);
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
    if (tap->is_doomed && count > 0) /* was it a HEAD? */
        (void)wire_follow(&tap->wire, bytes, (size_t)count, &problem);
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

ssize_t tap_send(int descriptor, const void *bytes, size_t length,
                 ssize_t (*send_bytes)(void *, const void *, size_t), void *link)
{
    struct tap *tap = tap_of(descriptor);
    return tap && tap->bare != BARE_NOT
               ? bare_send(&tap->bare, bytes, length, send_bytes, link)
               : send_bytes(link, bytes, length);
}

struct plain {
    int descriptor;
    int flags;
};

static ssize_t send_plain(void *link, const void *bytes, size_t length)
{
    const struct plain *plain = link;
    return real_send(plain->descriptor, bytes, length, plain->flags);
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

/* The program's own, which libmicrohttpd calls.  They are called recv() and send() only
 * for the linker: the C library's headers have inline functions of such names. */
__attribute__((visibility("default"))) ssize_t
program_recv(int descriptor, void *bytes, size_t length, int flags) __asm__("recv");
__attribute__((visibility("default"))) ssize_t
program_send(int descriptor, const void *bytes, size_t length, int flags) __asm__("send");

ssize_t program_recv(int descriptor, void *bytes, size_t length, int flags)
{
    (void)pthread_once(&found_once, find_real);
    struct tap *tap = tap_of(descriptor);
    if (!tap || tap->plan.session)
        return real_recv(descriptor, bytes, length, flags);
    const ssize_t count = receive(tap, descriptor, bytes, length, flags);
    const int system = errno;
    struct plain plain = {descriptor, MSG_NOSIGNAL | MSG_DONTWAIT};
    const ssize_t passed = tap_filter(descriptor, bytes, count, send_plain, &plain);
    if (count < 0 && passed == count && errno != ECONNRESET)
        errno = system;
    return passed;
}

ssize_t program_send(int descriptor, const void *bytes, size_t length, int flags)
{
    struct plain plain = {descriptor, flags};
    (void)pthread_once(&found_once, find_real);
    return tap_has(descriptor, NULL)
               ? tap_send(descriptor, bytes, length, send_plain, &plain)
               : real_send(descriptor, bytes, length, flags);
}
