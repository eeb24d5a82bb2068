#include "service/doors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/config_values.h"
#include "service/listener.h"
#include "service/notify.h"

/* What is done with each name; 0, or -1 with a reason and errno. */
struct work {
    const struct settings *settings;
    struct doors *doors; /* NULL: it is only looked at */
    struct config_problem *problem;
};

static int blame(struct config_problem *problem, size_t proxy, const char *reason,
                 int system)
{
    if (proxy == DOOR_OF_SERVICE)
        (void)snprintf(problem->key, sizeof problem->key, "listen");
    else
        (void)snprintf(problem->key, sizeof problem->key, "proxies.%zu.listen", proxy);
    problem->reason = reason;
    problem->system = system;
    return -1;
}

static int judge_reach(const struct work *work, size_t proxy, int is_local)
{
    const struct settings *settings = work->settings;
    if (is_local || settings->tls_certificate[0] || settings->allow_plain)
        return 0;
    return blame(work->problem, proxy,
                 "an address beyond loopback needs TLS, or allow_plain: true", 0);
}

static void add(struct doors *doors, int descriptor, size_t proxy, const char *name)
{
    struct door *door = &doors->doors[doors->count++];
    *door = (struct door){.descriptor = descriptor, .proxy = proxy};
    if (strncmp(name, "unix:", 5) == 0)
        memcpy(door->unix_path, name + 5, strlen(name + 5) + 1);
}

static int work_on(const struct work *work, size_t proxy, const char *name)
{
    const char *reason = NULL;
    int is_local = 0;
    if (!work->doors)
        return listener_check(name, &is_local, &reason) < 0
                   ? blame(work->problem, proxy, reason, 0)
                   : judge_reach(work, proxy, is_local);
    const int descriptor = listener_open(name, work->settings, &is_local, &reason);
    if (descriptor < 0)
        return blame(work->problem, proxy, reason, errno);
    add(work->doors, descriptor, proxy, name);
    return judge_reach(work, proxy, is_local);
}

static int work_on_service(const struct work *work)
{
    int status = 0;
    for (size_t index = 0; index < work->settings->listener_count && status == 0; index++)
        status = work_on(work, DOOR_OF_SERVICE, work->settings->listeners[index]);
    return status;
}

static int work_on_proxy(const struct work *work, size_t proxy)
{
    const char *words = work->settings->proxies[proxy].listen;
    int status = 0;
    for (size_t length; status == 0 && (length = config_next_word(&words)) > 0;
         words += length) {
        char name[PROXY_WORDS_MAX];
        memcpy(name, words, length);
        name[length] = '\0';
        status = work_on(work, proxy, name);
    }
    return status;
}

static int work_on_proxies(const struct work *work)
{
    int status = 0;
    for (size_t proxy = 0; proxy < work->settings->proxy_count && status == 0; proxy++)
        status = work_on_proxy(work, proxy);
    return status;
}

/* What systemd handed over. */
static int take_given(const struct work *work, int given)
{
    if (given < 0 || given > LISTENERS_MAX)
        return blame(work->problem, DOOR_OF_SERVICE,
                     "what was handed over are no listening sockets", 0);
    int status = 0;
    for (int index = 0; index < given && status == 0; index++) {
        add(work->doors, 3 + index, DOOR_OF_SERVICE, "");
        status = judge_reach(work, DOOR_OF_SERVICE, listener_is_local(3 + index));
    }
    return status;
}

int doors_open(const struct settings *settings, struct doors *doors,
               struct config_problem *problem)
{
    const struct work work = {settings, doors, problem};
    *problem = (struct config_problem){.reason = NULL};
    doors->count = 0;
    const int given = notify_descriptors();
    const int status = given == 0 ? work_on_service(&work) : take_given(&work, given);
    return status == 0 ? work_on_proxies(&work) : status;
}

void doors_close(struct doors *doors)
{
    for (size_t index = 0; index < doors->count; index++) {
        struct door *door = &doors->doors[index];
        if (door->descriptor >= 0)
            (void)close(door->descriptor);
        if (door->unix_path[0])
            (void)unlink(door->unix_path);
    }
    doors->count = 0;
}

int doors_check(const struct settings *settings, struct config_problem *problem)
{
    const struct work work = {settings, NULL, problem};
    *problem = (struct config_problem){.reason = NULL};
    const int status = work_on_service(&work);
    return status == 0 ? work_on_proxies(&work) : status;
}
