/* proxy_state.c - the proxies of one reading of the configuration, and their doors. */
#define _GNU_SOURCE /* memmem */

#include "service/proxy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/number.h"
#include "service/config_values.h"
#include "service/secret_file.h"
#include "service/upstream.h"

#define FAILURES_MAX    3
#define DOWN_TIME       (10u * 1000) /* milliseconds */
#define IDLE_UPSTREAMS  64           /* connections that one thread keeps */
#define ADDRESSES_BYTES (sizeof(((struct proxy_settings *)NULL)->upstreams))

/* Cuts "http://a http://b " in place. */
static size_t cut_words(char *text, const char *words[PROXY_UPSTREAMS_MAX])
{
    size_t count = 0;
    for (char *at = text; *at && count < PROXY_UPSTREAMS_MAX; count++) {
        char *end = at + strcspn(at, " ");
        words[count] = at;
        at = end + (*end == ' ');
        *end = '\0';
    }
    return count;
}

static sieve_status make_group(const struct proxy_settings *settings, const char *name,
                               struct upstream_group **out, const char **reason_out)
{
    const char *addresses[PROXY_UPSTREAMS_MAX];
    char text[ADDRESSES_BYTES];
    memcpy(text, settings->upstreams, sizeof text);
    const struct upstream_plan plan = {
        .name = name,
        .count = cut_words(text, addresses),
        .addresses = addresses,
        .authorities = settings->ca_file,
        .certificate = settings->client_certificate,
        .key = settings->client_key,
        .health_path = settings->health_path,
        .health_interval = settings->health_interval,
        .connect_timeout = settings->connect_timeout,
        .idle_timeout = settings->upstream_timeout,
        .failures_max = FAILURES_MAX,
        .down_time = DOWN_TIME,
        .connections_max = IDLE_UPSTREAMS,
    };
    return upstream_group_new(&plan, out, reason_out);
}

/* libcurl reads them when it needs them: too late to say what is wrong. */
static sieve_status check_file(size_t place, const char *key, const char *path,
                               int is_secret, struct config_problem *problem)
{
    struct buffer text;
    const char *reason = NULL;
    if (path[0] == '\0')
        return SIEVE_OK;
    buffer_init(&text, SECRET_LENGTH_MAX);
    sieve_status status = secret_file_read(path, is_secret, &text, &reason);
    const int system = status == SIEVE_E_IO ? errno : 0;
    if (status == SIEVE_OK && !memmem(text.at, text.length, "-----BEGIN ", 11)) {
        reason = "there is no PEM in it";
        status = SIEVE_E_INVALID;
    }
    buffer_done(&text);
    if (status != SIEVE_OK)
        config_blame(problem, place, key, reason, system);
    return status;
}

static sieve_status check_files(const struct proxy_settings *settings, size_t place,
                                struct config_problem *problem)
{
    sieve_status status = check_file(place, "ca_file", settings->ca_file, 0, problem);
    if (status == SIEVE_OK)
        status = check_file(place, "client_certificate", settings->client_certificate, 0,
                            problem);
    return status == SIEVE_OK
               ? check_file(place, "client_key", settings->client_key, 1, problem)
               : status;
}

static int has_star(const char *words)
{
    size_t length = 0;
    while ((length = config_next_word(&words)) > 0) {
        if (length == 1 && *words == '*')
            return 1;
        words += length;
    }
    return 0;
}

static sieve_status make_proxy(const struct settings *settings, size_t place,
                               struct proxy *proxy, struct config_problem *problem)
{
    const char *reason = NULL;
    proxy->settings = &settings->proxies[place];
    proxy->examines_all = has_star(proxy->settings->headers);
    proxy_name(settings, place, proxy->name);
    sieve_status status = check_files(proxy->settings, place, problem);
    if (status != SIEVE_OK)
        return status;
    status = make_group(proxy->settings, proxy->name, &proxy->group, &reason);
    if (status != SIEVE_OK)
        config_blame(problem, place, "upstreams", reason, 0);
    return status;
}

sieve_status proxies_new(const struct settings *settings, struct proxy **out,
                         struct config_problem *problem)
{
    sieve_status status = SIEVE_OK;
    struct proxy *proxies = calloc(settings->proxy_count, sizeof *proxies);
    if (!proxies)
        return SIEVE_E_MEMORY;
    for (size_t place = 0; place < settings->proxy_count && status == SIEVE_OK; place++)
        status = make_proxy(settings, place, &proxies[place], problem);
    if (status != SIEVE_OK) {
        proxies_free(proxies, settings->proxy_count);
        return status;
    }
    *out = proxies;
    return SIEVE_OK;
}

void proxies_free(struct proxy *proxies, size_t count)
{
    if (!proxies)
        return;
    for (size_t place = 0; place < count; place++)
        upstream_group_release(proxies[place].group);
    free(proxies);
}

sieve_status proxy_door_init(struct proxy_door *door, struct service *service,
                             const struct settings *first, size_t place)
{
    unsigned char random[6];
    char text[2 * sizeof random + 1];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return SIEVE_E_IO;
    number_hex(random, sizeof random, text);
    /* Letters only: it goes through other people's masks. */
    for (char *at = text; *at; at++)
        *at = *at >= '0' && *at <= '9' ? (char)(*at - '0' + 'g') : *at;
    *door = (struct proxy_door){.service = service, .first = first, .place = place};
    (void)snprintf(door->pseudonym, sizeof door->pseudonym, "cardsieved-%s", text);
    return SIEVE_OK;
}

/* The proxy that listens there; PROXIES_MAX if none does. */
static size_t find_listener(const struct settings *settings, const char *listen)
{
    for (size_t place = 0; place < settings->proxy_count; place++) {
        if (strcmp(settings->proxies[place].listen, listen) == 0)
            return place;
    }
    return PROXIES_MAX;
}

static int have_same_name(const struct settings *one, const struct settings *other,
                          size_t place)
{
    char name[PROXY_NAME_MAX];
    char other_name[PROXY_NAME_MAX];
    proxy_name(one, place, name);
    proxy_name(other, place, other_name);
    return strcmp(name, other_name) == 0;
}

/* By what it listens on: what came for one proxy never goes to another's upstreams. */
size_t proxy_door_place(const struct proxy_door *door, const struct settings *now)
{
    const char *listen = door->first->proxies[door->place].listen;
    const size_t place = door->place;
    if (place < now->proxy_count && strcmp(now->proxies[place].listen, listen) == 0)
        return place;
    const size_t moved = find_listener(now, listen);
    if (moved < PROXIES_MAX || place >= now->proxy_count)
        return moved;
    /* The same proxy with another address, which waits for a restart. */
    return have_same_name(door->first, now, place) &&
                   find_listener(door->first, now->proxies[place].listen) == PROXIES_MAX
               ? place
               : PROXIES_MAX;
}
