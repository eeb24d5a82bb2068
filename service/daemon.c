#define _GNU_SOURCE /* initgroups */

#include "service/daemon.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/reason.h"
#include "service/access_log.h"
#include "service/listener.h"
#include "service/notify.h"
#include "service/server.h"
#include "service/service.h"
#include "service/tap.h"
#include "service/tls.h"

#define DRAIN_STEP_MS 20
#define SWEEP_MS      500 /* between two looks for who is late */

struct run {
    const struct arguments *arguments;
    struct service service;
    size_t count;
    int descriptors[LISTENERS_MAX];
    char unix_paths[LISTENERS_MAX][SETTING_LENGTH_MAX]; /* that are ours to remove */
    struct server *servers[LISTENERS_MAX];
};

static void say(const char *key, const char *reason, int system)
{
    const struct config_problem problem = {NULL, 0, key, reason, system};
    problem_print(&problem);
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

/* ---- listening -----------------------------------------------------------------------
 */

static int is_fit(const struct settings *settings, int is_local)
{
    return is_local || settings->tls_certificate[0] || settings->allow_plain;
}

static const char wide[] = "an address beyond loopback needs TLS, or allow_plain: true";

static int listen_all(struct run *run, const struct settings *settings)
{
    const char *reason = NULL;
    for (size_t index = 0; index < settings->listener_count; index++) {
        const char *name = settings->listeners[index];
        int is_local = 0;
        const int descriptor = listener_open(name, settings, &is_local, &reason);
        if (descriptor < 0) {
            say("listen", reason, errno);
            return -1;
        }
        if (strncmp(name, "unix:", 5) == 0)
            memcpy(run->unix_paths[run->count], name + 5, strlen(name + 5) + 1);
        run->descriptors[run->count++] = descriptor;
        if (!is_fit(settings, is_local)) {
            say("listen", wide, 0);
            return -1;
        }
    }
    return 0;
}

/* What systemd handed over goes before the configuration's own listeners. */
static int take_listeners(struct run *run, const struct settings *settings)
{
    const int given = notify_descriptors();
    if (given == 0)
        return listen_all(run, settings);
    if (given < 0 || given > LISTENERS_MAX) {
        say("listen", "what was handed over are no listening sockets", 0);
        return -1;
    }
    for (int index = 0; index < given; index++) {
        run->descriptors[run->count++] = 3 + index;
        if (!is_fit(settings, listener_is_local(3 + index))) {
            say("listen", wide, 0);
            return -1;
        }
    }
    return 0;
}

static unsigned thread_count(const struct settings *settings)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->threads > 0)
        return (unsigned)settings->threads;
    return processors < 1 ? 1 : processors > 64 ? 64 : (unsigned)processors;
}

static int serve_all(struct run *run, const struct settings *settings)
{
    struct server_tls tls = {tls_retriever(), NULL, TLS_PRIORITIES};
    struct server_plan plan = {
        .events = service_events(&run->service),
        .threads = thread_count(settings),
        .connections = (unsigned)settings->max_connections,
        .connections_per_address = (unsigned)settings->max_connections_per_address,
        .idle_seconds = (unsigned)((settings->idle_timeout + 999) / 1000),
        .head_length = (size_t)settings->max_head,
        .tls = run->service.state->tls ? &tls : NULL,
    };
    if (plan.tls)
        tls.client_authorities = tls_authorities(run->service.state->tls);
    for (size_t index = 0; index < run->count; index++) {
        char name[LISTENER_NAME_MAX];
        listener_name(run->descriptors[index], name);
        plan.gauge = service_gauge(&run->service, name);
        if (server_start(&plan, run->descriptors[index], &run->servers[index]) !=
            SIEVE_OK) {
            say(NULL, "a listener cannot be served", errno);
            return -1;
        }
        run->descriptors[index] = -1; /* the server's now */
    }
    return 0;
}

/* ---- who it runs as ------------------------------------------------------------------
 */

static void harden(void)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
}

static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int become(const char *name)
{
    if (name[0] == '\0' || geteuid() != 0)
        return 0;
    const struct passwd *user = getpwnam(name); // NOLINT(concurrency-mt-unsafe)
    if (!user) {
        say("user", "there is no such user", 0);
        return -1;
    }
    if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0) {
        say("user", "it cannot become that user", errno);
        return -1;
    }
    return 0;
}

/* ---- reload and drain ----------------------------------------------------------------
 */

static int reload(struct run *run)
{
    static struct settings settings;
    struct config_problem problem;
    struct state *state = NULL;
    const char *reason = NULL;
    if (config_read(run->arguments->file, &run->arguments->typed, &settings, &problem) !=
        SIEVE_OK) {
        problem_print(&problem);
        return -1;
    }
    const char *fixed = config_fixed_difference(&run->service.state->settings, &settings);
    if (state_new(&run->service, &settings, &state, &reason) != SIEVE_OK ||
        access_log_reopen(run->service.log, settings.log_file, &reason) != SIEVE_OK) {
        state_release(state);
        say(NULL, reason, 0);
        return -1;
    }
    service_change(&run->service, state);
    if (fixed)
        say(fixed, "this change needs a restart; all others are in force", 0);
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
    for (size_t index = 0; index < run->count; index++)
        count += server_exchanges(run->servers[index]);
    return count;
}

/* What is open is answered, if it takes no longer than it may.  The listeners stay open
 * meanwhile, so that /readyz can say no. */
static void drain(struct run *run)
{
    uint64_t left = run->service.state->settings.drain_timeout;
    atomic_store(&run->service.is_draining, 1);
    notify_stopping();
    for (size_t index = 0; index < run->count; index++)
        server_wind_down(run->servers[index]);
    while (open_exchanges(run) > 0 && left > DRAIN_STEP_MS) {
        const struct timespec step = {0, DRAIN_STEP_MS * 1000000};
        (void)nanosleep(&step, NULL);
        sweep(run);
        left -= DRAIN_STEP_MS;
    }
    for (size_t index = 0; index < run->count; index++)
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

static int check_listeners(const struct settings *settings)
{
    const char *reason = NULL;
    for (size_t index = 0; index < settings->listener_count; index++) {
        int is_local = 0;
        if (listener_check(settings->listeners[index], &is_local, &reason) < 0) {
            say("listen", reason, 0);
            return -1;
        }
        if (!is_fit(settings, is_local)) {
            say("listen", wide, 0);
            return -1;
        }
    }
    return 0;
}

int daemon_check(const struct settings *settings)
{
    static struct service service;
    const char *reason = NULL;
    if (check_listeners(settings) < 0)
        return 2;
    const int is_bad = service_init(&service, settings, &reason) != SIEVE_OK;
    if (is_bad)
        say(NULL, reason, 0);
    service_done(&service);
    return is_bad ? 2 : 0;
}

static int start(struct run *run, const struct settings *settings)
{
    const char *reason = NULL;
    if (tap_init() != SIEVE_OK) {
        say(NULL, "there is no memory for connections", 0);
        return -1;
    }
    if (take_listeners(run, settings) < 0 || become(settings->user) < 0)
        return -1;
    harden(); /* once more: a change of user undoes some of it */
    if (service_init(&run->service, settings, &reason) != SIEVE_OK) {
        say(NULL, reason, 0);
        return -1;
    }
    return serve_all(run, settings);
}

static void end(struct run *run)
{
    for (size_t index = 0; index < run->count; index++) {
        server_stop(run->servers[index]);
        if (run->descriptors[index] >= 0)
            (void)close(run->descriptors[index]);
        if (run->unix_paths[index][0])
            (void)unlink(run->unix_paths[index]);
    }
    service_done(&run->service);
}

int daemon_run(const struct arguments *arguments, const struct settings *settings)
{
    static struct run run;
    run.arguments = arguments;
    harden();
    raise_descriptors();
    const int has_started = start(&run, settings) == 0;
    if (has_started) {
        for (size_t index = 0; index < run.count; index++)
            fprintf(stderr, "cardsieved: listening, port %u\n",
                    server_port(run.servers[index]));
        notify_ready();
        wait_until_told(&run);
        drain(&run);
    }
    end(&run);
    return has_started ? 0 : 2;
}
