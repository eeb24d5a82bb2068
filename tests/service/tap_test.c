/* tap_test.c - deadlines of a connection, and clients that left. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/tap_inside.h"

/* One connection: what the program has of it, and what its client has. */
struct pair {
    int ours;
    int client;
};

static const struct tap_plan plan = {4096, NULL};

static struct pair open_pair(void)
{
    int both[2];
    cr_assert_eq(tap_init(), SIEVE_OK);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
    return (struct pair){both[0], both[1]};
}

static struct tap *open_tap(int descriptor)
{
    cr_assert_eq(tap_open(descriptor, &plan), 0);
    return tap_of(descriptor);
}

static ssize_t send_nothing(void *link, const void *bytes, size_t length)
{
    (void)link;
    (void)bytes;
    return (ssize_t)length;
}

/* As if it had been received. */
static void receive(int descriptor, const char *text)
{
    char bytes[256];
    const size_t length = strlen(text);
    memcpy(bytes, text, length);
    cr_assert_eq(tap_filter(descriptor, bytes, (ssize_t)length, send_nothing, NULL),
                 (ssize_t)length);
}

static uint64_t since(struct tap *tap)
{
    return atomic_load(&tap->since);
}

static void await_next_nanosecond(void)
{
    const uint64_t now = clock_now();
    while (clock_now() == now)
        continue;
}

/* ---- deadlines ------------------------------------------------------------------------
 */

Test(tap, each_request_has_a_time_of_its_own)
{
    const struct pair pair = open_pair();
    struct tap *tap = open_tap(pair.ours);
    receive(pair.ours, "GET / HTTP/1.1\r\nHo");
    const uint64_t first = since(tap);
    cr_assert_eq(atomic_load(&tap->phase), PHASE_HEAD);
    await_next_nanosecond();
    receive(pair.ours, "st:");
    cr_assert_eq(since(tap), first, "it is the same head");
    receive(pair.ours, "x\r\n\r\nGET / HTTP/1.1\r\nHo");
    cr_assert_eq(atomic_load(&tap->phase), PHASE_HEAD);
    cr_assert_gt(since(tap), first, "the next head has begun");
    receive(pair.ours, "st: x\r\nContent-Length: 3\r\n\r\na");
    cr_assert_eq(atomic_load(&tap->phase), PHASE_BODY);
    const uint64_t body = since(tap);
    await_next_nanosecond();
    receive(pair.ours, "bcPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
    cr_assert_eq(atomic_load(&tap->phase), PHASE_BODY);
    cr_assert_gt(since(tap), body, "the next body has begun");
    tap_close(pair.ours);
}

Test(tap, a_phase_never_began_before_the_one_before_it)
{
    const struct pair pair = open_pair();
    struct tap *tap = open_tap(pair.ours);
    receive(pair.ours, "GET / HTTP/1.1\r\nHo");
    const uint64_t first = since(tap);
    receive(pair.ours, "st: x\r\n\r\n");
    cr_assert_eq(atomic_load(&tap->phase), PHASE_IDLE);
    cr_assert_geq(since(tap), first, "who has just seen a head would take it for late");
    tap_close(pair.ours);
}

/* ---- clients that left ----------------------------------------------------------------
 */

static struct pair later;     /* whose descriptor becomes that of the one that left */
static int taken = -1;        /* ... it is */
static unsigned shared_polls; /* of more than one descriptor, or the first */

int __real_poll(struct pollfd *list, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *list, nfds_t count, int timeout);

/* Between the look at all and what is done about it, one is closed and its number is
 * given to another connection. */
int __wrap_poll(struct pollfd *list, nfds_t count, int timeout)
{
    const int answer = __real_poll(list, count, timeout);
    if (taken >= 0 && shared_polls++ == 0) {
        tap_close(taken);
        cr_assert_eq(dup2(later.ours, taken), taken);
        (void)open_tap(taken);
    }
    return answer;
}

/* 1 if the client's bytes come, and then no end. */
static int is_open(int descriptor, int client)
{
    char byte = 0;
    return send(client, "x", 1, MSG_NOSIGNAL) == 1 && read(descriptor, &byte, 1) == 1 &&
           recv(descriptor, &byte, 1, MSG_DONTWAIT) < 0;
}

Test(tap, lets_go_of_who_left)
{
    char byte = 0;
    const struct pair pair = open_pair();
    (void)open_tap(pair.ours);
    (void)close(pair.client);
    tap_sweep(60000, 60000);
    cr_assert_eq(read(pair.ours, &byte, 1), 0);
    tap_close(pair.ours);
}

Test(tap, leaves_who_has_the_number_of_one_that_left)
{
    const struct pair gone = open_pair();
    later = open_pair();
    (void)open_tap(gone.ours);
    (void)close(gone.client);
    taken = gone.ours;
    tap_sweep(60000, 60000);
    cr_assert_geq(shared_polls, 1u);
    cr_assert(is_open(gone.ours, later.client));
    tap_close(gone.ours);
}

/* ---- without memory -------------------------------------------------------------------
 */

static int has_memory = 1;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return has_memory ? __real_calloc(count, size) : NULL;
}

Test(tap, says_that_a_connection_is_not_followed)
{
    char byte = 0;
    const struct pair pair = open_pair();
    has_memory = 0;
    const int answer = tap_open(pair.ours, &plan);
    has_memory = 1;
    cr_assert_eq(answer, -1);
    cr_assert_null(tap_of(pair.ours));
    cr_assert_eq(read(pair.ours, &byte, 1), 0, "it reads nothing more");
}
