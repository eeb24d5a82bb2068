/* proxy_metrics.c - what /metrics tells of the upstreams. */
#include "service/proxy.h"

#include "service/exposition.h"
#include "service/upstream.h"

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
            struct upstream_state state;
            upstream_group_state(proxies[place].group, index, &state);
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
