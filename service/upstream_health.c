/* upstream_health.c - asks addresses for their health now and then.
 *
 * One pool of all does it, whichever comes first; when it goes, the next that comes.
 */
#include "service/upstream_inside.h"

#include <stdlib.h>

#define LOOK_MS      500u  /* between two looks for groups that are new */
#define REST_MS      2000u /* ... while there is none at all */
#define GROUPS_MAX   64u   /* that are asked in one turn */
#define PATIENCE_MIN 1000u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct upstream_group *groups; /* under the lock, as is ... */
static struct upstream_pool *owner;
static atomic_uint alive;

/* One question on its way. */
struct probe {
    struct upstream_request *request;
    struct upstream_group *group;
    size_t address;
    unsigned status;
};

/* ---- groups --------------------------------------------------------------------------
 */

void upstream_health_add(struct upstream_group *group)
{
    atomic_fetch_add(&alive, 1);
    if (!group->health_path[0])
        return;
    pthread_mutex_lock(&lock);
    group->next = groups;
    groups = group;
    pthread_mutex_unlock(&lock);
}

void upstream_health_remove(struct upstream_group *group)
{
    atomic_fetch_sub(&alive, 1);
    if (!group->health_path[0])
        return;
    pthread_mutex_lock(&lock);
    struct upstream_group **link = &groups;
    while (*link && *link != group)
        link = &(*link)->next;
    if (*link)
        *link = group->next;
    pthread_mutex_unlock(&lock);
}

unsigned upstream_groups_alive(void)
{
    return atomic_load_explicit(&alive, memory_order_relaxed);
}

/* ---- one question --------------------------------------------------------------------
 */

static void ignore_field(void *context, const char *name, const char *value)
{
    (void)context;
    (void)name;
    (void)value;
}

static void see_status(void *context, unsigned status, uint64_t length)
{
    struct probe *probe = context;
    (void)length;
    probe->status = status;
}

static int drop_piece(void *context, struct bytes piece)
{
    (void)context;
    (void)piece;
    return 0;
}

static void probe_free(struct probe *probe)
{
    atomic_store(&probe->group->addresses[probe->address].is_asked, 0);
    upstream_cancel(probe->request);
    upstream_group_release(probe->group);
    free(probe);
}

static void see_answer(void *context, enum upstream_end end)
{
    struct probe *probe = context;
    struct upstream_address *address = &probe->group->addresses[probe->address];
    if (end != UPSTREAM_COMPLETE)
        upstream_address_is_ill(probe->group, address, "it does not answer health_path");
    else if (probe->status >= 200 && probe->status < 400)
        upstream_address_is_well(probe->group, address);
    else
        upstream_address_is_ill(probe->group, address,
                                "its answer to health_path is an error");
    probe_free(probe);
}

static void ask(struct upstream_pool *pool, struct upstream_group *group, size_t index)
{
    static const struct upstream_ops ops = {ignore_field, see_status, drop_piece, NULL,
                                            see_answer};
    static const struct upstream_field fields[] = {{"User-Agent", "cardsieved"}};
    struct upstream_call call = {.method = "GET",
                                 .target = group->health_path,
                                 .field_count = 1,
                                 .fields = fields,
                                 .ops = &ops};
    if (atomic_exchange(&group->addresses[index].is_asked, 1))
        return;
    struct probe *probe = calloc(1, sizeof *probe);
    if (probe) {
        call.context = probe;
        probe->group = group;
        probe->address = index;
        if (upstream_start_at(pool, group, index, &call, &probe->request) == SIEVE_OK) {
            (void)upstream_group_hold(group);
            return;
        }
    }
    free(probe);
    atomic_store(&group->addresses[index].is_asked, 0);
}

/* ---- when ----------------------------------------------------------------------------
 */

/* 0 if it is just being freed. */
static int hold_if_alive(struct upstream_group *group)
{
    unsigned users = atomic_load(&group->users);
    while (users > 0) {
        if (atomic_compare_exchange_weak(&group->users, &users, users + 1))
            return 1;
    }
    return 0;
}

/* Those whose time has come, in use by the caller. */
static size_t choose_due(struct upstream_pool *pool, struct upstream_group **due)
{
    size_t count = 0;
    pthread_mutex_lock(&lock);
    if (!owner)
        owner = pool;
    pool->is_prober = owner == pool;
    pool->health =
        pool->is_prober ? pool->now + (groups ? LOOK_MS : REST_MS) : UINT64_MAX;
    for (struct upstream_group *group = pool->is_prober ? groups : NULL; group;
         group = group->next) {
        if (group->next_check <= pool->now && count < GROUPS_MAX &&
            hold_if_alive(group)) {
            group->next_check = pool->now + group->plan.health_interval;
            due[count++] = group;
        }
        if (group->next_check < pool->health)
            pool->health = group->next_check;
    }
    pthread_mutex_unlock(&lock);
    return count;
}

void upstream_health_run(struct upstream_pool *pool)
{
    struct upstream_group *due[GROUPS_MAX];
    if (pool->health > pool->now)
        return;
    const size_t count = choose_due(pool, due);
    for (size_t index = 0; index < count; index++) {
        for (size_t address = 0; address < due[index]->count; address++)
            ask(pool, due[index], address);
        upstream_group_release(due[index]);
    }
}

/* Questions of that list that nobody will hear the answer of. */
static void forget(struct upstream_request *list)
{
    while (list) {
        struct upstream_request *request = list;
        list = request->next;
        if (request->only_address)
            probe_free(request->context);
    }
}

void upstream_health_leave(struct upstream_pool *pool)
{
    pthread_mutex_lock(&lock);
    if (owner == pool)
        owner = NULL;
    pthread_mutex_unlock(&lock);
    forget(pool->fresh);
    forget(pool->active);
}

uint64_t upstream_health_patience(const struct upstream_group *group)
{
    const struct upstream_plan *plan = &group->plan;
    const uint64_t patience =
        plan->health_interval < PATIENCE_MIN ? PATIENCE_MIN : plan->health_interval;
    return patience < plan->idle_timeout ? patience : plan->idle_timeout;
}
