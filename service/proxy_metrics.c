/* proxy_metrics.c - what /metrics tells of the upstreams. */
#include "service/proxy.h"

#include <string.h>

#include "service/exposition.h"
#include "service/upstream.h"

/* What was counted before the last reload, too: a new reading of the configuration has
 * groups of its own, that begin at 0. */
static struct upstream_state state_of(const struct proxy *proxy, size_t index)
{
    const struct upstream_state *before = &proxy->before[index];
    struct upstream_state state;
    upstream_group_state(proxy->group, index, &state);
    state.requests += before->requests;
    state.failures += before->failures;
    state.connections += before->connections;
    return state;
}

static void inherit(struct proxy *proxy, const struct proxy *older)
{
    const size_t count = upstream_group_count(proxy->group);
    const size_t older_count = upstream_group_count(older->group);
    for (size_t index = 0; index < count; index++) {
        struct upstream_state own;
        upstream_group_state(proxy->group, index, &own);
        for (size_t place = 0; place < older_count; place++) {
            const struct upstream_state state = state_of(older, place);
            if (strcmp(state.address, own.address) != 0)
                continue;
            proxy->before[index] = state;
            proxy->before[index].address = NULL; /* it goes with its group */
        }
    }
}

void proxies_inherit(struct proxy *proxies, size_t count, const struct proxy *older,
                     size_t older_count)
{
    for (size_t place = 0; place < count; place++) {
        for (size_t index = 0; index < older_count; index++) {
            if (strcmp(proxies[place].name, older[index].name) == 0)
                inherit(&proxies[place], &older[index]);
        }
    }
}

/* ---- the page ------------------------------------------------------------------------
 */

static uint64_t requests_of(const struct upstream_state *state)
{
    return state->requests;
}

static uint64_t failures_of(const struct upstream_state *state)
{
    return state->failures;
}

static uint64_t connections_of(const struct upstream_state *state)
{
    return state->connections;
}

static uint64_t health_of(const struct upstream_state *state)
{
    return state->is_up != 0;
}

static const struct row {
    const char *family;
    enum exposition_type type;
    const char *help;
    uint64_t (*value)(const struct upstream_state *state);
} rows[] = {
    {"cardsieve_upstream_up", EXPOSITION_GAUGE,
     "1 if requests go to that address of a proxy, 0 while it is left out.", health_of},
    {"cardsieve_upstream_requests", EXPOSITION_COUNTER,
     "Requests that were sent to that address.", requests_of},
    {"cardsieve_upstream_failures", EXPOSITION_COUNTER,
     "Of these, what failed; and connections that could not be made.", failures_of},
    {"cardsieve_upstream_connections", EXPOSITION_COUNTER,
     "Connections that were opened to that address.", connections_of},
};

static void tell(struct exposition *page, const struct row *row,
                 const struct proxy *proxies, size_t count)
{
    exposition_family(page, row->family, row->type, row->help);
    for (size_t place = 0; place < count; place++) {
        const size_t addresses = upstream_group_count(proxies[place].group);
        for (size_t index = 0; index < addresses; index++) {
            const struct upstream_state state = state_of(&proxies[place], index);
            const struct label labels[] = {{"proxy", proxies[place].name},
                                           {"address", state.address}};
            exposition_sample(page, labels, 2, row->value(&state));
        }
    }
}

void proxies_tell(const struct proxy *proxies, size_t count, struct exposition *page)
{
    for (size_t index = 0; index < sizeof rows / sizeof rows[0] && count > 0; index++)
        tell(page, &rows[index], proxies, count);
}
