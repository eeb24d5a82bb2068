#include "service/guard.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/rates.h"
#include "service/service.h"
#include "service/tls.h"
#include "service/tokens.h"

/* ---- framing -------------------------------------------------------------------------
 */

static int is_plain_number(const char *text)
{
    uint64_t number = 0;
    return number_parse(text, UINT64_MAX, &number) == 0;
}

static enum problem judge_framing(const struct exchange *exchange)
{
    const unsigned lengths = exchange_header_count(exchange, "Content-Length");
    const unsigned transfers = exchange_header_count(exchange, "Transfer-Encoding");
    const char *version = exchange_version(exchange);
    if (lengths > 1 || transfers > 1 || (lengths > 0 && transfers > 0) ||
        exchange_header_count(exchange, "Host") > 1)
        return PROBLEM_FRAMING;
    if (lengths > 0 && !is_plain_number(exchange_header(exchange, "Content-Length")))
        return PROBLEM_FRAMING;
    if (transfers > 0 && strcmp(version, "HTTP/1.0") == 0)
        return PROBLEM_FRAMING;
    if (transfers > 0 &&
        strcasecmp(exchange_header(exchange, "Transfer-Encoding"), "chunked") != 0)
        return PROBLEM_TRANSFER;
    return PROBLEM_NONE;
}

/* ---- who and where to ----------------------------------------------------------------
 */

/* "name" or "name:port" of the list's "name, name". */
static int is_our_host(const char *hosts, const char *host)
{
    const char *colon = strrchr(host, ':');
    const char *bracket = strrchr(host, ']');
    const size_t length =
        colon && (!bracket || colon > bracket) ? (size_t)(colon - host) : strlen(host);
    while (*hosts) {
        hosts += strspn(hosts, ", ");
        const size_t word = strcspn(hosts, ", ");
        if (word == length && word > 0 && strncasecmp(hosts, host, length) == 0)
            return 1;
        hosts += word;
    }
    return 0;
}

static enum problem judge_head(const struct exchange *exchange, const char *hosts)
{
    const char *expect = exchange_header(exchange, "Expect");
    const char *host = exchange_header(exchange, "Host");
    const char *version = exchange_version(exchange);
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return PROBLEM_VERSION;
    if (strlen(exchange_target(exchange)) > TARGET_LENGTH_MAX)
        return PROBLEM_URI_TOO_LONG;
    if (expect && strcasecmp(expect, "100-continue") != 0)
        return PROBLEM_EXPECTATION;
    if (hosts[0] && (!host || !is_our_host(hosts, host)))
        return PROBLEM_MISDIRECTED;
    return judge_framing(exchange);
}

static int may_come_from(const struct settings *settings, const struct sockaddr *peer)
{
    return settings->allow.count == 0 || peer->sa_family == AF_UNIX ||
           networks_have(&settings->allow, peer);
}

static int is_certified(const struct exchange *exchange, const struct state *state)
{
    return !state->tls || !tls_authorities(state->tls) ||
           tls_is_certified(state->tls, exchange_session(exchange));
}

/* Each that is configured must be met. */
static int is_known(const struct exchange *exchange, const struct state *state)
{
    if (!is_certified(exchange, state))
        return 0;
    if (!state->tokens)
        return 1;
    return exchange_header_count(exchange, "Authorization") == 1 &&
           tokens_know(state->tokens, exchange_header(exchange, "Authorization"));
}

static int may_come_now(const struct exchange *exchange, const struct visit *visit)
{
    const struct settings *settings = &visit->state->settings;
    return settings->rate == 0 ||
           rates_allow(visit->service->rates, exchange_peer(exchange), settings->rate,
                       settings->rate_burst);
}

static int asks(enum route_access access, const struct settings *settings)
{
    return access == ROUTE_ASKS || (access == ROUTE_WATCHES && !settings->metrics_open);
}

enum problem guard_judge(const struct exchange *exchange, const struct route *route)
{
    const struct visit *visit = visit_of(exchange);
    const struct settings *settings = &visit->state->settings;
    if (!may_come_from(settings, exchange_peer(exchange)))
        return PROBLEM_FORBIDDEN;
    const enum problem problem = judge_head(exchange, settings->hosts);
    if (problem != PROBLEM_NONE)
        return problem;
    const enum route_access access = route ? route->access : ROUTE_ASKS;
    if (access == ROUTE_ASKS && !may_come_now(exchange, visit))
        return PROBLEM_TOO_MANY;
    if (asks(access, settings) && !is_known(exchange, visit->state))
        return PROBLEM_UNAUTHORIZED;
    if (!route)
        return PROBLEM_NOT_FOUND;
    if (!route_takes(route, exchange))
        return PROBLEM_METHOD;
    if (access == ROUTE_ASKS && atomic_load(&visit->service->is_draining))
        return PROBLEM_DRAINING;
    return PROBLEM_NONE;
}

enum problem guard_judge_proxy(const struct exchange *exchange, const char *hosts)
{
    const struct visit *visit = visit_of(exchange);
    if (!may_come_from(&visit->state->settings, exchange_peer(exchange)))
        return PROBLEM_FORBIDDEN;
    const enum problem problem = judge_head(exchange, hosts);
    if (problem != PROBLEM_NONE)
        return problem;
    if (!may_come_now(exchange, visit))
        return PROBLEM_TOO_MANY;
    if (!is_certified(exchange, visit->state))
        return PROBLEM_UNAUTHORIZED;
    return atomic_load(&visit->service->is_draining) ? PROBLEM_DRAINING : PROBLEM_NONE;
}
