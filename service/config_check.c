/* config_check.c - whether the configuration's values fit together. */
#include "service/config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/config_values.h"
#include "service/limits.h"

struct rule {
    int is_broken;
    const char *key;
    const char *reason;
};

/* The first rule that is broken; NULL. */
static const struct rule *find_broken(const struct rule *rules, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if (rules[index].is_broken)
            return &rules[index];
    }
    return NULL;
}

const char *config_spool_reason(const struct settings *settings)
{
    const char *directory = settings->spool_directory;
    struct stat about;
    if (directory[0] == '\0')
        return "it is empty";
    if (stat(directory, &about) != 0 || !S_ISDIR(about.st_mode))
        return "there is no such directory";
    return faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0
               ? NULL
               : "it cannot be written to";
}

/* ---- the service ---------------------------------------------------------------------
 */

static sieve_status check_service(const struct settings *settings,
                                  struct config_problem *problem)
{
    const int has_certificate = settings->tls_certificate[0] != '\0';
    const char *spool_reason = config_spool_reason(settings);
    const struct rule rules[] = {
        {settings->listener_count == 0 && settings->proxy_count == 0, "listen",
         "there is nothing to listen on"},
        {has_certificate != (settings->tls_key[0] != '\0'),
         has_certificate ? "tls_certificate" : "tls_key",
         "a certificate and its key come together"},
        {settings->tls_client_ca[0] && !has_certificate, "tls_client_ca",
         "clients show certificates only over TLS"},
        {settings->options.wishes.style == SIEVE_STYLE_TOKEN && !settings->token_key[0],
         "style", "the style token needs a token_key"},
        {settings->max_head < 1024 || settings->max_head > 65536, "max_head",
         "it is 1K to 64K"},
        {settings->max_connections == 0, "max_connections", "none could be served"},
        {settings->max_decoders == 0, "max_decoders", "none could be decoded"},
        {settings->max_streamed < STREAM_MEMORY, "max_streamed",
         "it is at least 2304K, or none could be streamed"},
        {settings->idle_timeout < 1000, "idle_timeout", "it is at least 1s"},
        {spool_reason != NULL, "spool_directory", spool_reason},
    };
    const struct rule *broken = find_broken(rules, sizeof rules / sizeof rules[0]);
    if (!broken)
        return SIEVE_OK;
    config_blame(problem, CONFIG_NO_PLACE, broken->key, broken->reason, 0);
    return SIEVE_E_INVALID;
}

/* ---- proxies -------------------------------------------------------------------------
 */

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (size_t length; (length = config_next_word(&text)) > 0; text += length)
        count++;
    return count;
}

/* The one that another has without being given one, too. */
static int has_name_twice(const struct settings *settings, size_t place)
{
    char other[PROXY_NAME_MAX];
    const char *name = settings->proxies[place].name;
    for (size_t index = 0; index < settings->proxy_count && name[0]; index++) {
        proxy_name(settings, index, other);
        if (index != place && strcmp(name, other) == 0)
            return 1;
    }
    return 0;
}

static int has_word_twice(const char *text)
{
    for (size_t length; (length = config_next_word(&text)) > 0; text += length) {
        const char *rest = text + length;
        for (size_t other; (other = config_next_word(&rest)) > 0; rest += other) {
            if (other == length && memcmp(text, rest, length) == 0)
                return 1;
        }
    }
    return 0;
}

static sieve_status check_proxy(const struct settings *settings, size_t place,
                                struct config_problem *problem)
{
    const struct proxy_settings *proxy = &settings->proxies[place];
    const int has_certificate = proxy->client_certificate[0] != '\0';
    const struct rule rules[] = {
        {proxy->listen[0] == '\0', "listen", "a proxy needs something to listen on"},
        {count_words(proxy->listen) > PROXY_LISTENERS_MAX, "listen",
         "there are too many of them"},
        {proxy->upstreams[0] == '\0', "upstreams", "a proxy needs an upstream"},
        {count_words(proxy->upstreams) > PROXY_UPSTREAMS_MAX, "upstreams",
         "there are too many of them"},
        {has_word_twice(proxy->upstreams), "upstreams", "one stands there twice"},
        {has_certificate != (proxy->client_key[0] != '\0'),
         has_certificate ? "client_certificate" : "client_key",
         "a certificate and its key come together"},
        {proxy->health_interval < 100, "health_interval", "it is at least 100ms"},
        {has_name_twice(settings, place), "name", "another proxy has that name"},
    };
    const struct rule *broken = find_broken(rules, sizeof rules / sizeof rules[0]);
    if (!broken)
        return SIEVE_OK;
    config_blame(problem, place, broken->key, broken->reason, 0);
    return SIEVE_E_INVALID;
}

sieve_status config_check(const struct settings *settings, struct config_problem *problem)
{
    sieve_status status = check_service(settings, problem);
    for (size_t place = 0; place < settings->proxy_count && status == SIEVE_OK; place++)
        status = check_proxy(settings, place, problem);
    return status;
}

/* ---- what needs a restart ------------------------------------------------------------
 */

static int proxies_differ(const struct settings *before, const struct settings *after)
{
    if (before->proxy_count != after->proxy_count)
        return 1;
    for (size_t place = 0; place < before->proxy_count; place++) {
        if (strcmp(before->proxies[place].listen, after->proxies[place].listen) != 0)
            return 1;
    }
    return 0;
}

static int has_changed(const char *before, const char *after)
{
    return (before[0] != '\0') != (after[0] != '\0');
}

static int rows_differ(const struct config_row *row, const struct settings *before,
                       const struct settings *after)
{
    const char *left = (const char *)before + row->at;
    const char *right = (const char *)after + row->at;
    if (strcmp(row->key, "user") == 0)
        return strcmp(left, right) != 0;
    if (strcmp(row->key, "allow_plain") == 0)
        return before->allow_plain != after->allow_plain;
    return memcmp(left, right, sizeof(uint64_t)) != 0;
}

size_t config_fixed_differences(const struct settings *before,
                                const struct settings *after,
                                const char *keys[CONFIG_FIXED_MAX])
{
    const struct rule rules[] = {
        {before->listener_count != after->listener_count ||
             memcmp(before->listeners, after->listeners,
                    before->listener_count * sizeof before->listeners[0]) != 0,
         "listen", NULL},
        {proxies_differ(before, after), "proxies", NULL},
        {has_changed(before->tls_certificate, after->tls_certificate), "tls_certificate",
         NULL},
        {has_changed(before->tls_client_ca, after->tls_client_ca), "tls_client_ca", NULL},
    };
    size_t count = 0;
    for (size_t index = 0; index < sizeof rules / sizeof rules[0]; index++) {
        if (rules[index].is_broken)
            keys[count++] = rules[index].key;
    }
    for (const struct config_row *row = config_rows; row->key; row++) {
        if (row->at_start_only && !row->is_list && count < CONFIG_FIXED_MAX &&
            rows_differ(row, before, after))
            keys[count++] = row->key;
    }
    return count;
}

void config_keep_tls(const struct settings *before, struct settings *after)
{
    const int is_other = has_changed(before->tls_certificate, after->tls_certificate);
    if (is_other) {
        memcpy(after->tls_certificate, before->tls_certificate,
               sizeof after->tls_certificate);
        memcpy(after->tls_key, before->tls_key, sizeof after->tls_key);
    }
    if (is_other || has_changed(before->tls_client_ca, after->tls_client_ca))
        memcpy(after->tls_client_ca, before->tls_client_ca, sizeof after->tls_client_ca);
}
