#include "service/daemon.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/reason.h"
#include "service/access_log.h"
#include "service/doors.h"
#include "service/listener.h"
#include "service/notify.h"
#include "service/proxy.h"
#include "service/rights.h"
#include "service/server.h"
#include "service/service.h"
#include "service/tap.h"
#include "service/tls.h"

#define DRAIN_STEP_MS 20
#define SWEEP_MS      500 /* between two looks for who is late */

struct run {
    const struct arguments *arguments;
    const struct settings *began;     /* what it began with */
    const struct config_lines *lines; /* of these settings */
    struct service service;
    struct doors doors;
    struct server *servers[DOORS_MAX];        /* of each door */
    struct proxy_door proxy_doors[DOORS_MAX]; /* of those that are proxies' */
};

static void say(const char *key, const char *reason, int system)
{
    struct config_problem problem;
    config_blame(&problem, CONFIG_NO_PLACE, key, reason, system);
    problem_print(&problem);
}

/* With its place in the file. */
static void tell(const struct config_lines *lines, struct config_problem *problem)
{
    config_locate(lines, problem);
    problem_print(problem);
}

/* ---- signals -------------------------------------------------------------------------
 */

static void fill_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

void daemon_block_signals(void)
{
    sigset_t set;
    fill_signals(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* The next signal, or 0 after so long. */
static int await_signal(uint64_t milliseconds)
{
    sigset_t set;
    fill_signals(&set);
    const struct timespec patience = {(time_t)(milliseconds / 1000),
                                      (long)(milliseconds % 1000) * 1000000};
    for (;;) {
        const int number = sigtimedwait(&set, NULL, &patience);
        if (number > 0)
            return number;
        if (errno != EINTR)
            return 0;
    }
}

/* ---- serving -------------------------------------------------------------------------
 */

static unsigned thread_count(const struct settings *settings)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->threads > 0)
        return (unsigned)settings->threads;
    return processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
}

/* A proxy's door has events of its own. */
static sieve_status choose_events(struct run *run, const struct settings *settings,
                                  size_t index, struct server_plan *plan)
{
    const size_t proxy = run->doors.doors[index].proxy;
    struct proxy_door *door = &run->proxy_doors[index];
    plan->events = service_events(&run->service);
    if (proxy == DOOR_OF_SERVICE)
        return SIEVE_OK;
    sieve_status status = proxy_door_init(door, &run->service, settings, proxy);
    if (status == SIEVE_OK)
        plan->events = proxy_events(door);
    return status;
}

static void say_unserved(const struct run *run, size_t proxy, const char *name)
{
    struct config_problem problem;
    config_blame(&problem, proxy, "listen", "it cannot be served", errno);
    (void)snprintf(problem.value, sizeof problem.value, "%s", name);
    tell(run->lines, &problem);
}

static int serve_all(struct run *run, const struct settings *settings)
{
    struct server_tls tls = {tls_retriever(), NULL, TLS_PRIORITIES};
    struct server_plan plan = {
        .threads = thread_count(settings),
        .connections = (unsigned)settings->max_connections,
        .connections_per_address = (unsigned)settings->max_connections_per_address,
        .idle_seconds = (unsigned)((settings->idle_timeout + 999) / 1000),
        .head_length = (size_t)settings->max_head,
        .tls = run->service.state->tls ? &tls : NULL,
    };
    if (plan.tls)
        tls.client_authorities = tls_authorities(run->service.state->tls);
    for (size_t index = 0; index < run->doors.count; index++) {
        struct door *door = &run->doors.doors[index];
        char name[LISTENER_NAME_MAX];
        listener_name(door->descriptor, name);
        plan.gauge = service_gauge(&run->service, name);
        if (choose_events(run, settings, index, &plan) != SIEVE_OK) {
            say(NULL, "there are no random numbers", errno);
            return -1;
        }
        if (server_start(&plan, door->descriptor, &run->servers[index]) != SIEVE_OK) {
            say_unserved(run, door->proxy, name);
            return -1;
        }
        door->descriptor = -1; /* the server's now */
    }
    return 0;
}

/* ---- what the system gives -----------------------------------------------------------
 */

/* A body's memory is used again by the next one: to give it back to the system and fetch
 * it anew, page by page, takes longer than to mask it. */
static void keep_memory(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, ALLOCATION_MAPPED_MIN);
    (void)mallopt(M_TRIM_THRESHOLD, FREE_MEMORY_KEPT_MAX);
}

static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* ---- reload and drain ----------------------------------------------------------------
 */

static int reload(struct run *run)
{
    static struct settings settings;
    static struct config_lines lines;
    struct config_problem problem;
    struct state *state = NULL;
    if (config_read(run->arguments->file, &run->arguments->typed, &settings, &lines,
                    &problem) != SIEVE_OK) {
        problem_print(&problem);
        return -1;
    }
    const char *fixed[CONFIG_FIXED_MAX];
    const size_t count = config_fixed_differences(run->began, &settings, fixed);
    config_keep_tls(&run->service.state->settings, &settings);
    if (state_new(&run->service, &settings, &state, &problem) != SIEVE_OK ||
        service_reopen_log(&run->service, &settings, &problem) != SIEVE_OK) {
        state_release(state);
        tell(&lines, &problem);
        return -1;
    }
    service_change(&run->service, state);
    for (size_t index = 0; index < count; index++)
        say(fixed[index], "this change needs a restart; all others are in force", 0);
    return 0;
}

static void reload_and_tell(struct run *run)
{
    notify_reloading();
    const int is_bad = reload(run) < 0;
    if (is_bad)
        say(NULL, "the configuration in force stays", 0);
    metrics_add(run->service.metrics, is_bad ? METRIC_RELOADS_FAILED : METRIC_RELOADS, 1);
    notify_ready();
}

static void sweep(const struct run *run)
{
    const struct settings *settings = &run->service.state->settings;
    tap_sweep(settings->head_timeout, settings->body_timeout);
}

static unsigned open_exchanges(const struct run *run)
{
    unsigned count = 0;
    for (size_t index = 0; index < run->doors.count; index++)
        count += server_exchanges(run->servers[index]);
    return count;
}

/* What is open is answered, if it takes no longer than it may, and until told a second
 * time.  The listeners stay open meanwhile, so that /readyz can say no. */
static void drain(struct run *run)
{
    uint64_t left = run->service.state->settings.drain_timeout;
    atomic_store(&run->service.is_draining, 1);
    notify_stopping();
    for (size_t index = 0; index < run->doors.count; index++)
        server_wind_down(run->servers[index]);
    while (open_exchanges(run) > 0 && left > DRAIN_STEP_MS) {
        const int number = await_signal(DRAIN_STEP_MS);
        if (number == SIGTERM || number == SIGINT)
            break;
        sweep(run);
        notify_alive();
        left -= DRAIN_STEP_MS;
    }
    for (size_t index = 0; index < run->doors.count; index++)
        server_quiesce(run->servers[index]);
}

static void wait_until_told(struct run *run)
{
    const uint64_t watchdog = notify_watchdog();
    for (;;) {
        const int number =
            await_signal(watchdog > 0 && watchdog < SWEEP_MS ? watchdog : SWEEP_MS);
        if (number == SIGHUP)
            reload_and_tell(run);
        else if (number > 0)
            return;
        sweep(run);
        if (watchdog > 0)
            notify_alive();
    }
}

/* ---- one run -------------------------------------------------------------------------
 */

/* No log is opened: who checks may be another than who will write it. */
static int check(const struct settings *settings, struct config_problem *problem)
{
    static struct service service;
    struct state *state = NULL;
    const int is_fine = doors_check(settings, problem) == 0 &&
                        rights_check(settings, problem) == 0 &&
                        rights_change(settings, problem) == 0 &&
                        state_new(&service, settings, &state, problem) == SIEVE_OK &&
                        service_check_log(settings, problem) == SIEVE_OK;
    state_release(state);
    return is_fine ? 0 : -1;
}

int daemon_check(const struct settings *settings, const struct config_lines *lines)
{
    struct config_problem problem;
    if (rights_are_roots(settings, &problem))
        problem_print(&problem);
    if (check(settings, &problem) == 0)
        return 0;
    tell(lines, &problem);
    return 2;
}

static int start(struct run *run, const struct settings *settings)
{
    struct config_problem problem;
    if (tap_init() != SIEVE_OK) {
        say(NULL, "there is no memory for connections", 0);
        return -1;
    }
    if (doors_open(settings, &run->doors, &problem) < 0 ||
        rights_change(settings, &problem) < 0) {
        tell(run->lines, &problem);
        return -1;
    }
    rights_harden(); /* once more: a change of user undoes some of it */
    if (service_init(&run->service, settings, &problem) != SIEVE_OK) {
        tell(run->lines, &problem);
        return -1;
    }
    return serve_all(run, settings);
}

static void end(struct run *run)
{
    for (size_t index = 0; index < run->doors.count; index++)
        server_stop(run->servers[index]);
    doors_close(&run->doors);
    service_done(&run->service);
}

static void say_ports(const struct run *run)
{
    for (size_t index = 0; index < run->doors.count; index++) {
        const size_t proxy = run->doors.doors[index].proxy;
        const unsigned port = server_port(run->servers[index]);
        if (proxy == DOOR_OF_SERVICE)
            (void)fprintf(stderr, "cardsieved: listening, port %u\n", port);
        else
            (void)fprintf(stderr, "cardsieved: proxy %zu: listening, port %u\n", proxy,
                          port);
    }
}

int daemon_run(const struct arguments *arguments, const struct settings *settings,
               const struct config_lines *lines)
{
    static struct run run;
    struct config_problem warning;
    run.arguments = arguments;
    run.began = settings;
    run.lines = lines;
    rights_harden();
    keep_memory();
    raise_descriptors();
    if (rights_are_roots(settings, &warning))
        problem_print(&warning);
    const int has_started = start(&run, settings) == 0;
    if (has_started) {
        say_ports(&run);
        notify_ready();
        wait_until_told(&run);
        drain(&run);
    }
    end(&run);
    return has_started ? 0 : 2;
}
