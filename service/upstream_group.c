/* upstream_group.c - the addresses of a proxy, and what is known of their health. */
#include "service/upstream_inside.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#include "base/hide.h"

uint64_t upstream_now(void)
{
    return clock_now() / 1000000u;
}

/* ---- addresses -----------------------------------------------------------------------
 */

static int has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    const int is_there = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return is_there;
}

static int is_part(CURLU *url, CURLUPart part, const char *wanted)
{
    char *text = NULL;
    const int is_same =
        curl_url_get(url, part, &text, 0) == CURLUE_OK && strcmp(text, wanted) == 0;
    curl_free(text);
    return is_same;
}

/* libcurl takes one slash or three as well. */
static int has_two_slashes(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon && strncmp(colon, "://", 3) == 0 && colon[3] != '/';
}

static const char *judge_url(CURLU *url, const char *text)
{
    const CURLUcode code = has_two_slashes(text) ? curl_url_set(url, CURLUPART_URL, text,
                                                                CURLU_DISALLOW_USER)
                                                 : CURLUE_MALFORMED_INPUT;
    if (code == CURLUE_BAD_PORT_NUMBER || is_part(url, CURLUPART_PORT, "0"))
        return "the port of an upstream is a number from 1 to 65535";
    if (code != CURLUE_OK)
        return "an upstream is http://HOST[:PORT] or https://HOST[:PORT]";
    if (!is_part(url, CURLUPART_SCHEME, "http") &&
        !is_part(url, CURLUPART_SCHEME, "https"))
        return "an upstream is reached by http:// or https://";
    if (!is_part(url, CURLUPART_PATH, "/") || has_part(url, CURLUPART_QUERY) ||
        has_part(url, CURLUPART_FRAGMENT))
        return "an upstream has no path: requests keep their own";
    return NULL;
}

/* The host may be a name that somebody made of a number; an address is none. */
static void hide_in_host(char *text)
{
    char *host = strstr(text, "://");
    unsigned char four[4];
    if (!host || host[3] == '[')
        return;
    host += 3;
    const size_t length = strcspn(host, ":/");
    const char behind = host[length];
    host[length] = '\0';
    const int is_address = inet_pton(AF_INET, host, four) == 1;
    host[length] = behind;
    if (!is_address)
        hide_long_numbers((unsigned char *)host, length);
}

static sieve_status set_address(struct upstream_address *address, const char *name,
                                const char *text, const char **reason_out)
{
    address->tally = upstream_tally_hold(name, text);
    address->text = strdup(text);
    address->shown = strdup(text);
    address->url = curl_url();
    if (!address->tally || !address->text || !address->shown || !address->url)
        return SIEVE_E_MEMORY;
    hide_in_host(address->shown);
    const char *reason = judge_url(address->url, text);
    if (!reason)
        return SIEVE_OK;
    *reason_out = reason;
    return SIEVE_E_INVALID;
}

const char *upstream_objection(const char *address)
{
    CURLU *url = upstream_curl_init() < 0 ? NULL : curl_url();
    const char *reason = url ? judge_url(url, address) : "not enough memory";
    curl_url_cleanup(url);
    return reason;
}

/* ---- groups --------------------------------------------------------------------------
 */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static int curl_failed;

static void init_curl(void)
{
    curl_failed = upstream_memory_init() < 0;
}

int upstream_curl_init(void)
{
    (void)pthread_once(&curl_once, init_curl);
    return curl_failed ? -1 : 0;
}

static void group_free(struct upstream_group *group)
{
    for (size_t index = 0; group->addresses && index < group->count; index++) {
        upstream_tally_release(group->addresses[index].tally);
        free(group->addresses[index].text);
        free(group->addresses[index].shown);
        curl_url_cleanup(group->addresses[index].url);
    }
    free(group->addresses);
    free(group->authorities);
    free(group->certificate);
    free(group->key);
    free(group->health_path);
    free(group);
}

static sieve_status copy_texts(struct upstream_group *group,
                               const struct upstream_plan *plan)
{
    group->authorities = strdup(plan->authorities ? plan->authorities : "");
    group->certificate = strdup(plan->certificate ? plan->certificate : "");
    group->key = strdup(plan->key ? plan->key : "");
    group->health_path = strdup(plan->health_path ? plan->health_path : "");
    return group->authorities && group->certificate && group->key && group->health_path
               ? SIEVE_OK
               : SIEVE_E_MEMORY;
}

static sieve_status fill(struct upstream_group *group, const struct upstream_plan *plan,
                         const char **reason_out)
{
    static atomic_uint_fast64_t serials;
    group->serial = atomic_fetch_add(&serials, 1) + 1;
    atomic_init(&group->users, 1);
    group->plan = *plan;
    group->plan.name = NULL; /* the caller's */
    group->plan.addresses = NULL;
    group->count = plan->count;
    group->addresses = calloc(plan->count, sizeof *group->addresses);
    if (!group->addresses)
        return SIEVE_E_MEMORY;
    sieve_status status = copy_texts(group, plan);
    for (size_t index = 0; index < plan->count && status == SIEVE_OK; index++)
        status = set_address(&group->addresses[index], plan->name ? plan->name : "",
                             plan->addresses[index], reason_out);
    return status;
}

sieve_status upstream_group_new(const struct upstream_plan *plan,
                                struct upstream_group **out, const char **reason_out)
{
    *reason_out = "not enough memory";
    if (upstream_curl_init() < 0)
        return SIEVE_E_MEMORY;
    if (plan->count == 0 || plan->count > UPSTREAM_ADDRESSES_MAX) {
        *reason_out = "a proxy has 1 to 64 upstreams";
        return SIEVE_E_INVALID;
    }
    struct upstream_group *group = calloc(1, sizeof *group);
    if (!group)
        return SIEVE_E_MEMORY;
    const sieve_status status = fill(group, plan, reason_out);
    if (status != SIEVE_OK) {
        group_free(group);
        return status;
    }
    upstream_health_add(group);
    *out = group;
    return SIEVE_OK;
}

struct upstream_group *upstream_group_hold(struct upstream_group *group)
{
    atomic_fetch_add(&group->users, 1);
    return group;
}

void upstream_group_release(struct upstream_group *group)
{
    if (!group || atomic_fetch_sub(&group->users, 1) != 1)
        return;
    upstream_health_remove(group);
    group_free(group);
}

size_t upstream_group_count(const struct upstream_group *group)
{
    return group->count;
}
