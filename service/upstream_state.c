/* upstream_state.c - which addresses are up.  A change is said on standard error: that an
 * upstream is down is known there before somebody asks why.
 */
#include "service/upstream_inside.h"

#include <stdio.h>

static int is_up(const struct upstream_group *group, size_t index, uint64_t now)
{
    const struct upstream_address *address = &group->addresses[index];
    return atomic_load_explicit(&address->down_until, memory_order_relaxed) <= now &&
           atomic_load_explicit(&address->ill, memory_order_relaxed) <
               group->plan.failures_max;
}

size_t upstream_group_choose(const struct upstream_group *group, uint64_t tried,
                             uint64_t now)
{
    size_t last_hope = group->count;
    for (size_t index = 0; index < group->count; index++) {
        if (tried >> index & 1)
            continue;
        if (is_up(group, index, now))
            return index;
        if (last_hope == group->count)
            last_hope = index;
    }
    return last_hope;
}

/* `reason` is of what was seen last. */
static void tell_change(const struct upstream_group *group,
                        struct upstream_address *address, const char *reason)
{
    const unsigned most = group->plan.failures_max;
    const int is_down =
        atomic_load_explicit(&address->failures, memory_order_relaxed) >= most ||
        atomic_load_explicit(&address->ill, memory_order_relaxed) >= most;
    if (atomic_exchange_explicit(&address->is_told_down, is_down, memory_order_relaxed) ==
        is_down)
        return;
    (void)fprintf(stderr, "cardsieved: upstream %s is %s%s%s\n", address->shown,
                  is_down ? "down" : "up again", is_down ? ": " : "",
                  is_down ? reason : "");
}

void upstream_address_works(const struct upstream_group *group,
                            struct upstream_address *address)
{
    if (atomic_load_explicit(&address->failures, memory_order_relaxed) == 0)
        return; /* as always: nobody else's cache is disturbed */
    atomic_store_explicit(&address->failures, 0, memory_order_relaxed);
    atomic_store_explicit(&address->down_until, 0, memory_order_relaxed);
    tell_change(group, address, NULL);
}

void upstream_address_fails(const struct upstream_group *group,
                            struct upstream_address *address, uint64_t now,
                            const char *reason)
{
    const unsigned failures =
        atomic_fetch_add_explicit(&address->failures, 1, memory_order_relaxed) + 1;
    if (failures < group->plan.failures_max)
        return;
    atomic_store_explicit(&address->down_until, now + group->plan.down_time,
                          memory_order_relaxed);
    tell_change(group, address, reason);
}

void upstream_address_is_well(const struct upstream_group *group,
                              struct upstream_address *address)
{
    upstream_address_works(group, address);
    atomic_store_explicit(&address->ill, 0, memory_order_relaxed);
    tell_change(group, address, NULL);
}

void upstream_address_is_ill(const struct upstream_group *group,
                             struct upstream_address *address, const char *reason)
{
    if (atomic_load_explicit(&address->ill, memory_order_relaxed) <
        group->plan.failures_max)
        atomic_fetch_add_explicit(&address->ill, 1, memory_order_relaxed);
    tell_change(group, address, reason);
}

void upstream_group_state(const struct upstream_group *group, size_t index,
                          struct upstream_state *out)
{
    const struct upstream_address *address = &group->addresses[index];
    const struct upstream_tally *tally = address->tally;
    *out = (struct upstream_state){
        .address = address->text,
        .is_up = is_up(group, index, upstream_now()),
        .requests = atomic_load_explicit(&tally->requests, memory_order_relaxed),
        .failures = atomic_load_explicit(&tally->failures, memory_order_relaxed),
        .connections = atomic_load_explicit(&tally->connections, memory_order_relaxed),
    };
}
