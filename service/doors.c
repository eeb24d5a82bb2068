#include "service/doors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/config_values.h"
#include "service/endpoint.h"
#include "service/listener.h"
#include "service/notify.h"

/* What is done with each name; 0, or -1 with a problem. */
struct work {
    const struct settings *settings;
    struct doors *doors; /* NULL: it is only looked at */
    struct config_problem *problem;
    size_t count;
    struct endpoint endpoints[DOORS_MAX]; /* that were named so far */
};

/* One name; `item` is its place in the list. */
struct place {
    size_t proxy;
    size_t item;
    const char *name;
};

static int blame(const struct work *work, const struct place *place, const char *reason,
                 int system)
{
    struct config_problem *problem = work->problem;
    config_blame(problem, place->proxy, "listen", reason, system);
    problem->item = place->item;
    (void)snprintf(problem->value, sizeof problem->value, "%s", place->name);
    return -1;
}

static int judge_reach(const struct work *work, const struct place *place, int is_local)
{
    const struct settings *settings = work->settings;
    if (is_local || settings->tls_certificate[0] || settings->allow_plain)
        return 0;
    return blame(work, place,
                 "an address beyond loopback needs TLS, or allow_plain: true", 0);
}

static void add(struct doors *doors, int descriptor, size_t proxy, const char *name)
{
    struct door *door = &doors->doors[doors->count++];
    *door = (struct door){.descriptor = descriptor, .proxy = proxy};
    if (strncmp(name, "unix:", 5) == 0)
        memcpy(door->unix_path, name + 5, strlen(name + 5) + 1);
}

/* The name's endpoint, added to the others. */
static int take_name(struct work *work, const struct place *place)
{
    struct endpoint *endpoint = &work->endpoints[work->count];
    const char *reason = endpoint_read(place->name, endpoint);
    if (reason)
        return blame(work, place, reason, 0);
    for (size_t index = 0; index < work->count; index++) {
        if (endpoint_clashes(&work->endpoints[index], endpoint))
            return blame(work, place, "another listener has this address", 0);
    }
    work->count++;
    return judge_reach(work, place, address_is_local(&endpoint->address.any));
}

static int work_on(struct work *work, const struct place *place)
{
    const struct endpoint *endpoint = &work->endpoints[work->count];
    if (take_name(work, place) < 0)
        return -1;
    const char *reason = endpoint_obstacle(endpoint);
    if (reason)
        return blame(work, place, reason, errno);
    if (!work->doors)
        return 0;
    const int descriptor =
        listener_open(endpoint, (mode_t)work->settings->socket_mode, &reason);
    if (descriptor < 0)
        return blame(work, place, reason, errno);
    add(work->doors, descriptor, place->proxy, place->name);
    return 0;
}

static int work_on_service(struct work *work)
{
    int status = 0;
    for (size_t index = 0; index < work->settings->listener_count && status == 0;
         index++) {
        const struct place place = {DOOR_OF_SERVICE, index,
                                    work->settings->listeners[index]};
        status = work_on(work, &place);
    }
    return status;
}

static int work_on_proxy(struct work *work, size_t proxy)
{
    const char *words = work->settings->proxies[proxy].listen;
    size_t item = 0;
    int status = 0;
    for (size_t length; status == 0 && (length = config_next_word(&words)) > 0;
         words += length) {
        char name[PROXY_WORDS_MAX];
        memcpy(name, words, length);
        name[length] = '\0';
        const struct place place = {proxy, item++, name};
        status = work_on(work, &place);
    }
    return status;
}

static int work_on_proxies(struct work *work)
{
    int status = 0;
    for (size_t proxy = 0; proxy < work->settings->proxy_count && status == 0; proxy++)
        status = work_on_proxy(work, proxy);
    return status;
}

/* What systemd handed over. */
static int take_given(struct work *work, int given)
{
    const struct place place = {DOOR_OF_SERVICE, 0, ""};
    if (given < 0 || given > LISTENERS_MAX)
        return blame(work, &place, "what was handed over are no listening sockets", 0);
    int status = 0;
    for (int index = 0; index < given && status == 0; index++) {
        add(work->doors, 3 + index, DOOR_OF_SERVICE, "");
        status = judge_reach(work, &place, listener_is_local(3 + index));
    }
    return status;
}

int doors_open(const struct settings *settings, struct doors *doors,
               struct config_problem *problem)
{
    struct work work = {.settings = settings, .doors = doors, .problem = problem};
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
        /* First the path: once nobody listens at it, it may be a successor's. */
        if (door->unix_path[0])
            (void)unlink(door->unix_path);
        if (door->descriptor >= 0)
            (void)close(door->descriptor);
    }
    doors->count = 0;
}

int doors_check(const struct settings *settings, struct config_problem *problem)
{
    struct work work = {.settings = settings, .problem = problem};
    *problem = (struct config_problem){.reason = NULL};
    const int status = work_on_service(&work);
    return status == 0 ? work_on_proxies(&work) : status;
}
