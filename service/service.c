#include "service/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fresh.h"
#include "job/key.h"
#include "service/access_log.h"
#include "service/guard.h"
#include "service/proxy.h"
#include "service/rates.h"
#include "service/routes.h"
#include "service/tls.h"
#include "service/tokens.h"
#include "service/workers.h"

/* ---- states --------------------------------------------------------------------------
 */

static void state_free(struct state *state)
{
    if (!state)
        return;
    proxies_free(state->proxies, state->settings.proxy_count);
    engine_release(state->veil);
    engine_release(state->engine);
    engines_free(state->engines);
    tokens_free(state->tokens);
    tls_free(state->tls);
    free(state);
}

void state_release(struct state *state)
{
    if (state && atomic_fetch_sub(&state->users, 1) == 1)
        state_free(state);
}

struct state *state_hold(struct state *state)
{
    atomic_fetch_add(&state->users, 1);
    return state;
}

static sieve_status make_veil(struct state *state)
{
    struct wishes wishes;
    wishes_init(&wishes);
    wishes.style = SIEVE_STYLE_FULL;
    wishes.min_confidence = SIEVE_LOW;
    return engines_take(state->engines, &wishes, &state->veil);
}

/* SIEVE_E_IO has said why in errno. */
static sieve_status fail(struct config_problem *problem, const char *key,
                         const char *reason, sieve_status status)
{
    if (status == SIEVE_E_MEMORY)
        config_blame(problem, CONFIG_NO_PLACE, NULL, "not enough memory", 0);
    else if (status != SIEVE_OK)
        config_blame(problem, CONFIG_NO_PLACE, key, reason,
                     status == SIEVE_E_IO ? errno : 0);
    return status;
}

static sieve_status read_key(struct state *state, struct config_problem *problem)
{
    const char *path = state->settings.token_key;
    const char *reason = NULL;
    struct key key = {.length = 0};
    const int is_bad = path[0] && key_read(path, &key, &reason) != SIEVE_OK;
    const sieve_status status =
        is_bad ? SIEVE_OK : engines_new(key.bytes, key.length, &state->engines);
    key_done(&key);
    return is_bad ? fail(problem, "token_key", reason, SIEVE_E_INVALID)
                  : fail(problem, NULL, "the options for masking cannot be met", status);
}

/* Made before the first request needs it, and to see that it can be. */
static sieve_status make_engines(struct state *state, struct config_problem *problem)
{
    const struct wishes *wishes = &state->settings.options.wishes;
    sieve_status status = engines_take(state->engines, wishes, &state->engine);
    if (status == SIEVE_E_INVALID && wishes->brands[0])
        return fail(problem, "brands", "one of them is no brand, or there are too many",
                    status);
    if (status == SIEVE_OK)
        status = make_veil(state);
    return fail(problem, NULL, "the options for masking cannot be met", status);
}

static void set_limits(struct service *service, struct state *state)
{
    const struct settings *settings = &state->settings;
    state->limits = (struct body_limits){
        .block = BLOCK_LENGTH_MAX,
        .length = settings->max_body,
        .expanded = settings->max_expanded,
        .ratio = settings->max_ratio,
        .memory = settings->max_memory,
        .decoders = &service->decoders,
        .decoders_max = (unsigned)settings->max_decoders,
        .spool_directory = state->settings.spool_directory,
    };
}

static sieve_status read_tls(struct state *state, struct config_problem *problem)
{
    const char *key = NULL;
    const char *reason = NULL;
    const sieve_status status = tls_new(&state->settings, &state->tls, &key, &reason);
    return fail(problem, key, reason, status);
}

static sieve_status read_tokens(struct state *state, struct config_problem *problem)
{
    const char *reason = NULL;
    const sieve_status status =
        tokens_read(state->settings.token_file, &state->tokens, &reason);
    return fail(problem, "token_file", reason, status);
}

static sieve_status read_files(struct state *state, struct config_problem *problem)
{
    const struct settings *settings = &state->settings;
    sieve_status status = read_key(state, problem);
    if (status == SIEVE_OK)
        status = make_engines(state, problem);
    if (status == SIEVE_OK && settings->token_file[0])
        status = read_tokens(state, problem);
    if (status == SIEVE_OK && settings->tls_certificate[0])
        status = read_tls(state, problem);
    if (status == SIEVE_OK && settings->proxy_count > 0)
        status = proxies_new(settings, &state->proxies, problem);
    return status;
}

sieve_status state_new(struct service *service, const struct settings *settings,
                       struct state **out, struct config_problem *problem)
{
    struct state *state = calloc(1, sizeof *state);
    config_blame(problem, CONFIG_NO_PLACE, NULL, "not enough memory", 0);
    if (!state)
        return SIEVE_E_MEMORY;
    atomic_init(&state->users, 1);
    state->settings = *settings;
    set_limits(service, state);
    sieve_status status = read_files(state, problem);
    if (status != SIEVE_OK) {
        state_free(state);
        return status;
    }
    *out = state;
    return SIEVE_OK;
}

/* ---- the service ---------------------------------------------------------------------
 */

/* As many as threads that serve; with one processor they would only be in their way. */
static sieve_status make_workers(struct service *service, const struct settings *settings)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const uint64_t most = settings->threads > 0 ? settings->threads : 64;
    if (settings->proxy_count == 0 || processors < 2)
        return SIEVE_OK;
    return workers_new(
        (unsigned)((uint64_t)processors < most ? (uint64_t)processors : most),
        &service->workers);
}

sieve_status service_init(struct service *service, const struct settings *settings,
                          struct config_problem *problem)
{
    const char *reason = NULL;
    struct timespec now;
    memset(service, 0, sizeof *service);
    pthread_mutex_init(&service->lock, NULL);
    clock_gettime(CLOCK_REALTIME, &now);
    service->began = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    config_blame(problem, CONFIG_NO_PLACE, NULL, "not enough memory", 0);
    sieve_status status = metrics_new(&service->metrics);
    if (status == SIEVE_OK)
        status = rates_new(&service->rates);
    if (status == SIEVE_OK)
        status = make_workers(service, settings);
    if (status == SIEVE_OK) {
        status = access_log_new(settings->log_file, &service->log, &reason);
        status = fail(problem, "log_file", reason, status);
    }
    if (status == SIEVE_OK)
        status = state_new(service, settings, &service->state, problem);
    if (status == SIEVE_OK)
        tls_use(service->state->tls);
    return status;
}

void service_done(struct service *service)
{
    if (!service->metrics)
        return; /* it never began */
    tls_use(NULL);
    state_release(service->state);
    workers_free(service->workers);
    rates_free(service->rates);
    access_log_free(service->log);
    metrics_free(service->metrics);
    pthread_mutex_destroy(&service->lock);
}

sieve_status service_reopen_log(struct service *service, const struct settings *settings,
                                struct config_problem *problem)
{
    const char *reason = NULL;
    const sieve_status status =
        access_log_reopen(service->log, settings->log_file, &reason);
    return fail(problem, "log_file", reason, status);
}

sieve_status service_check_log(const struct settings *settings,
                               struct config_problem *problem)
{
    const char *reason = NULL;
    const sieve_status status = access_log_check(settings->log_file, &reason);
    return fail(problem, "log_file", reason, status);
}

struct server_gauge *service_gauge(struct service *service, const char *name)
{
    const size_t place = atomic_load(&service->gauge_count);
    if (place == GAUGES_MAX)
        return NULL;
    struct server_gauge *gauge = &service->gauges[place];
    const size_t length = strnlen(name, sizeof gauge->name - 1);
    memcpy(gauge->name, name, length);
    gauge->name[length] = '\0';
    atomic_store(&service->gauge_count, place + 1);
    return gauge;
}

/* In use until state_release(). */
static struct state *service_state(struct service *service)
{
    pthread_mutex_lock(&service->lock);
    struct state *state = state_hold(service->state);
    pthread_mutex_unlock(&service->lock);
    return state;
}

void service_change(struct service *service, struct state *state)
{
    pthread_mutex_lock(&service->lock);
    struct state *old = service->state;
    service->state = state;
    tls_use(state->tls);
    pthread_mutex_unlock(&service->lock);
    state_release(old);
}

/* ---- events --------------------------------------------------------------------------
 */

struct visit *visit_begin(struct service *service, struct exchange *exchange,
                          enum asked asked)
{
    struct visit *visit = fresh(sizeof *visit);
    metrics_request(service->metrics, visit ? asked : ASKED_OTHER);
    if (!visit)
        return NULL;
    visit->service = service;
    visit->asked = asked;
    visit->state = service_state(service);
    exchange_keep(exchange, visit);
    return visit;
}

static void begin(struct exchange *exchange, void *context)
{
    const struct route *route = route_find(exchange);
    if (!visit_begin(context, exchange, route ? route->asked : ASKED_OTHER)) {
        exchange_refuse(exchange, PROBLEM_BUSY);
        return;
    }
    const enum problem problem = guard_judge(exchange, route);
    if (problem == PROBLEM_NONE && route) {
        route->begin(exchange);
        return;
    }
    exchange_refuse(exchange, problem);
    if (route && problem == PROBLEM_METHOD &&
        exchange_reply_header(exchange, "Allow", route->methods) != SIEVE_OK)
        exchange_break(exchange);
}

static void write_log(const struct exchange *exchange, const struct visit *visit)
{
    const struct state *state = visit->state;
    sieve_scanner *veil = NULL;
    if (state->settings.log_format == LOG_OFF)
        return;
    /* Without a scanner every long number is hidden. */
    if (engine_scanner(state->veil, &veil) != SIEVE_OK)
        veil = NULL;
    access_log_write(visit->service->log, state->settings.log_format, exchange, visit,
                     veil);
}

void visit_over(struct service *service, struct exchange *exchange, enum exchange_end end)
{
    struct visit *visit = visit_of(exchange);
    struct metrics *metrics = service->metrics;
    if (exchange_problem(exchange) != PROBLEM_NONE)
        metrics_refusal(metrics, (enum problem)exchange_problem(exchange));
    metrics_add(metrics, METRIC_GONE, end == EXCHANGE_GONE);
    metrics_add(metrics, METRIC_BYTES_RECEIVED, exchange_received(exchange));
    metrics_add(metrics, METRIC_BYTES_SENT, exchange_sent(exchange));
    metrics_reply(metrics, visit ? visit->asked : ASKED_OTHER, exchange_status(exchange),
                  exchange_nanoseconds(exchange));
    if (!visit)
        return;
    write_log(exchange, visit);
    exchange_keep(exchange, NULL);
    state_release(visit->state);
    free(visit);
}

static void closed(struct exchange *exchange, enum exchange_end end, void *context)
{
    visit_over(context, exchange, end);
}

void service_refused(struct service *service, unsigned problem,
                     const struct sockaddr *peer)
{
    struct state *state = service_state(service);
    metrics_refusal(service->metrics, (enum problem)problem);
    metrics_request(service->metrics, ASKED_OTHER);
    metrics_reply(service->metrics, ASKED_OTHER, problem_status((enum problem)problem),
                  0);
    if (state->settings.log_format != LOG_OFF)
        access_log_refusal(service->log, state->settings.log_format, peer, problem);
    state_release(state);
}

static void refused(unsigned problem, const struct sockaddr *peer, void *context)
{
    service_refused(context, problem, peer);
}

struct server_events service_events(struct service *service)
{
    return (struct server_events){begin, closed, refused, service};
}
