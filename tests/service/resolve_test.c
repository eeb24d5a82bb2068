/* resolve_test.c - an upstream's name that nobody knows in time: the thread that asks for
 * it serves others meanwhile.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "service/upstream.h"

#define CEILING_SECONDS 30

/* ---- a resolver that waits until it is told to go on ----------------------------------
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_changed = PTHREAD_COND_INITIALIZER;
static int is_asked; /* under the lock, as are ... */
static int is_released;
static atomic_int has_answered;

/* libcurl finds it before the C library's. */
__attribute__((visibility("default"))) int getaddrinfo(const char *name,
                                                       const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **out)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!name || strcmp(name, "slow.invalid") != 0)
        return real(name, service, hints, out);
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += CEILING_SECONDS;
    pthread_mutex_lock(&lock);
    is_asked = 1;
    pthread_cond_broadcast(&has_changed);
    while (!is_released && pthread_cond_timedwait(&has_changed, &lock, &end) == 0)
        continue;
    pthread_mutex_unlock(&lock);
    atomic_store(&has_answered, 1);
    return EAI_AGAIN;
}

static void await_question(void)
{
    pthread_mutex_lock(&lock);
    while (!is_asked)
        pthread_cond_wait(&has_changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void release(void)
{
    pthread_mutex_lock(&lock);
    is_released = 1;
    pthread_cond_broadcast(&has_changed);
    pthread_mutex_unlock(&lock);
}

/* ---- a request ------------------------------------------------------------------------
 */

static int is_done;
static enum upstream_end end_seen;

static void see_done(void *context, enum upstream_end end)
{
    (void)context;
    is_done = 1;
    end_seen = end;
}

static const struct upstream_ops ops = {.done = see_done};

static struct upstream_group *group_of(const char *address, uint64_t connect_timeout)
{
    const struct upstream_plan plan = {
        .count = 1,
        .addresses = &address,
        .connect_timeout = connect_timeout,
        .idle_timeout = 60 * 1000,
        .failures_max = 3,
        .down_time = 1000,
        .connections_max = 4,
    };
    struct upstream_group *group = NULL;
    const char *reason = NULL;
    cr_assert_eq(upstream_group_new(&plan, &group, &reason), SIEVE_OK, "%s", reason);
    return group;
}

static struct upstream_request *start(struct upstream_pool *pool,
                                      struct upstream_group *group)
{
    const struct upstream_call call = {.method = "GET", .target = "/", .ops = &ops};
    struct upstream_request *request = NULL;
    cr_assert_eq(upstream_start(pool, group, &call, &request), SIEVE_OK);
    return request;
}

static void turn(struct upstream_pool *pool)
{
    struct pollfd events = {upstream_pool_descriptor(pool), POLLIN, 0};
    const int timeout = upstream_pool_timeout(pool);
    (void)poll(&events, 1, timeout < 0 || timeout > 20 ? 20 : timeout);
    upstream_pool_run(pool);
}

Test(resolve, ends_at_its_time)
{
    struct upstream_pool *pool = NULL;
    struct upstream_group *group = group_of("http://slow.invalid", 50);
    const uint64_t latest = clock_now() + CEILING_SECONDS * UINT64_C(1000000000);
    cr_assert_eq(upstream_pool_new(&pool), SIEVE_OK);
    struct upstream_request *request = start(pool, group);
    while (!is_done && clock_now() < latest)
        turn(pool);
    cr_assert(is_done);
    cr_assert(!atomic_load(&has_answered), "the thread waited for the resolver");
    cr_assert_eq(end_seen, UPSTREAM_SLOW);
    upstream_cancel(request);
    upstream_pool_free(pool);
    upstream_group_release(group);
    release();
}

Test(resolve, can_be_cancelled)
{
    struct upstream_pool *pool = NULL;
    struct upstream_group *group = group_of("http://slow.invalid", 60 * 1000);
    cr_assert_eq(upstream_pool_new(&pool), SIEVE_OK);
    struct upstream_request *request = start(pool, group);
    turn(pool);
    await_question();
    upstream_cancel(request);
    cr_assert(!atomic_load(&has_answered), "the thread waited for the resolver");
    (void)start(pool, group);
    turn(pool);
    upstream_pool_free(pool);
    cr_assert(!atomic_load(&has_answered), "the end waited for the resolver");
    upstream_group_release(group);
    release();
}
