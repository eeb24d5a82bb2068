#include <criterion/criterion.h>
#include <string.h>

#include "service/upstream_inside.h"

static struct upstream_plan plan_of(const char *const *addresses, size_t count)
{
    return (struct upstream_plan){
        .count = count,
        .addresses = addresses,
        .health_interval = 1000,
        .connect_timeout = 1000,
        .idle_timeout = 1000,
        .failures_max = 2,
        .down_time = 100,
        .connections_max = 4,
    };
}

static struct upstream_group *group_of(const char *const *addresses, size_t count)
{
    const struct upstream_plan plan = plan_of(addresses, count);
    struct upstream_group *group = NULL;
    const char *reason = NULL;
    cr_assert_eq(upstream_group_new(&plan, &group, &reason), SIEVE_OK, "%s", reason);
    return group;
}

Test(upstream, takes_addresses)
{
    static const char *const good[] = {"http://a",        "https://a.example:9200",
                                       "http://[::1]:80", "http://127.0.0.1:8080/",
                                       "HTTP://A",        "https://xn--wgv71a.example"};
    for (size_t row = 0; row < sizeof good / sizeof good[0]; row++) {
        struct upstream_group *group = group_of(&good[row], 1);
        struct upstream_state state;
        upstream_group_state(group, 0, &state);
        cr_assert_str_eq(state.address, good[row]);
        cr_assert(state.is_up);
        upstream_group_release(group);
    }
}

/* A request of an older reading of the configuration ends after the reload. */
Test(upstream, groups_of_one_name_count_together)
{
    static const char *const addresses[] = {"http://a", "http://b"};
    static const char *const turned[] = {"http://b", "http://a"};
    struct upstream_plan plan = plan_of(addresses, 2);
    struct upstream_group *older = NULL;
    struct upstream_group *newer = NULL;
    struct upstream_group *other = NULL;
    const char *reason = NULL;
    struct upstream_state state;
    plan.name = "logs";
    cr_assert_eq(upstream_group_new(&plan, &older, &reason), SIEVE_OK);
    atomic_fetch_add(&older->addresses[0].tally->requests, 3);
    plan.addresses = turned;
    cr_assert_eq(upstream_group_new(&plan, &newer, &reason), SIEVE_OK);
    plan.name = "orders";
    cr_assert_eq(upstream_group_new(&plan, &other, &reason), SIEVE_OK);
    atomic_fetch_add(&older->addresses[0].tally->requests, 1);
    upstream_group_release(older);
    upstream_group_state(newer, 1, &state);
    cr_assert_eq(state.requests, 4);
    upstream_group_state(newer, 0, &state);
    cr_assert_eq(state.requests, 0);
    upstream_group_state(other, 1, &state);
    cr_assert_eq(state.requests, 0);
    upstream_group_release(newer);
    upstream_group_release(other);
}

Test(upstream, refuses_what_is_no_address)
{
    static const char *const bad[] = {"",
                                      "a",
                                      "a:80",
                                      "ftp://a",
                                      "http://",
                                      "http:///x",
                                      "http://a/path",
                                      "http://a?query",
                                      "http://a#f",
                                      "http://u@a",
                                      "http://u:p@a",
                                      "http://a:99999",
                                      "http://a:x",
                                      "file:///etc/passwd",
                                      "http://a b",
                                      "unix:/run/x",
                                      "http://a\n"};
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++) {
        const struct upstream_plan plan = plan_of(&bad[row], 1);
        struct upstream_group *group = NULL;
        const char *reason = NULL;
        cr_assert_eq(upstream_group_new(&plan, &group, &reason), SIEVE_E_INVALID, "%s",
                     bad[row]);
        cr_assert_not_null(reason);
        cr_assert(!strstr(reason, "u:p"));
    }
    const struct upstream_plan none = plan_of(NULL, 0);
    struct upstream_group *group = NULL;
    const char *reason = NULL;
    cr_assert_eq(upstream_group_new(&none, &group, &reason), SIEVE_E_INVALID);
}

Test(upstream, chooses_the_first_that_is_up)
{
    static const char *const addresses[] = {"http://a", "http://b", "http://c"};
    struct upstream_group *group = group_of(addresses, 3);
    const uint64_t now = upstream_now();
    cr_assert_eq(upstream_group_choose(group, 0, now), 0u);
    cr_assert_eq(upstream_group_choose(group, 1, now), 1u);
    cr_assert_eq(upstream_group_choose(group, 7, now), 3u, "all were tried");
    upstream_address_fails(group, &group->addresses[0], now, "a test");
    cr_assert_eq(upstream_group_choose(group, 0, now), 0u, "once is not enough");
    upstream_address_fails(group, &group->addresses[0], now, "a test");
    cr_assert_eq(upstream_group_choose(group, 0, now), 1u);
    cr_assert_eq(upstream_group_choose(group, 6, now), 0u, "better than none");
    cr_assert_eq(upstream_group_choose(group, 0, now + 101), 0u, "its time is over");
    upstream_address_works(group, &group->addresses[0]);
    cr_assert_eq(upstream_group_choose(group, 0, now), 0u);
    group->addresses[0].ill = 2;
    cr_assert_eq(upstream_group_choose(group, 0, now), 1u, "its health is bad");
    for (size_t index = 0; index < 3; index++)
        group->addresses[index].ill = 2;
    cr_assert_eq(upstream_group_choose(group, 0, now), 0u, "all are: the first");
    upstream_group_release(group);
}

Test(upstream, counts_its_users)
{
    static const char *const addresses[] = {"http://a"};
    const unsigned before = upstream_groups_alive();
    struct upstream_group *group = group_of(addresses, 1);
    cr_assert_eq(upstream_group_hold(group), group);
    upstream_group_release(group);
    cr_assert_eq(upstream_groups_alive(), before + 1);
    upstream_group_release(group);
    cr_assert_eq(upstream_groups_alive(), before);
}

/* ---- heads ---------------------------------------------------------------------------
 */

static void count_field(void *context, const char *name, const char *value)
{
    unsigned *fields = context;
    (void)name;
    (void)value;
    ++*fields;
}

static void ignore_head(void *context, unsigned status, uint64_t length)
{
    (void)context;
    (void)status;
    (void)length;
}

static int feed(const char *text, unsigned *fields)
{
    static struct upstream_pool pool;
    static const struct upstream_ops ops = {count_field, ignore_head, NULL, NULL, NULL};
    struct upstream_request request = {.pool = &pool, .ops = &ops, .context = fields};
    while (*text) {
        const char *end = strchr(text, '\n');
        const size_t length = end ? (size_t)(end - text) + 1 : strlen(text);
        if (upstream_head_line(&request, text, length) < 0)
            return -1;
        text += length;
    }
    return request.head.is_over;
}

Test(upstream, reads_heads)
{
    unsigned fields = 0;
    cr_assert_eq(
        feed("HTTP/1.1 200 OK\r\nA: b\r\nC:\t d \r\nE:\r\n\r\nTrailer: 1\r\n", &fields),
        1);
    cr_assert_eq(fields, 3u);
    cr_assert_eq(feed("HTTP/1.1 103 X\r\nA: b\r\nContent-Length: x\r\n\r\n", &fields),
                 -1);
    cr_assert_eq(feed("HTTP/1.1 103 X\r\nA: b\r\n\r\n", &fields), 0);
    cr_assert_eq(fields, 3u, "those of interim heads are nobody's");
    static const char *const bad[] = {"HTTP/1.1\r\n",
                                      "HTTP/1.1 20\r\n",
                                      "HTTP/1.1 200OK\r\n",
                                      "HTTP/3.1 200 OK\r\n",
                                      "http/1.1 200 OK\r\n",
                                      " HTTP/1.1 200 OK\r\n",
                                      "HTTP/1.1  200 OK\r\n",
                                      "HTTP/1.1 200 OK\r\nA\r\n",
                                      "HTTP/1.1 200 O\001K\r\n",
                                      "HTTP/1.1 200 OK\r\n\tA: b\r\n",
                                      "HTTP/1.1 200 OK\r\nA(: b\r\n",
                                      "\r\n"};
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++)
        cr_assert_eq(feed(bad[row], &fields), -1, "%s", bad[row]);
}
