/* proxy_rows.c - the tables of a proxy's keys and of its routes' keys. */
#include "service/config.h"

#include <stddef.h>
#include <string.h>

#include "service/config_values.h"
#include "service/endpoint.h"
#include "service/fields.h"
#include "service/upstream.h"

void proxy_settings_init(struct proxy_settings *proxy)
{
    memset(proxy, 0, sizeof *proxy);
    proxy->preserve_host = 1;
    proxy->health_interval = 5 * 1000;
    proxy->connect_timeout = 3 * 1000;
    proxy->upstream_timeout = 60 * 1000;
    proxy->policies = (struct policies){POLICY_MASK, POLICY_PASS, DOUBT_REFUSE};
}

/* ---- one word ------------------------------------------------------------------------
 */

static void put_word(void *target, const struct config_row *row, int place)
{
    memcpy((char *)target + row->at, &place, sizeof place);
}

_Static_assert(sizeof(enum policy) == sizeof(int), "put_word() writes an int");

static const char *set_policy(void *target, const struct config_row *row,
                              const char *value)
{
    static const char *const words[] = {"mask", "block", "alert", "pass", NULL};
    const int place = config_word_of(words, value);
    if (place < 0)
        return "it is not one of mask, block, alert, pass";
    put_word(target, row, POLICY_MASK + place);
    return NULL;
}

static const char *set_doubt(void *target, const struct config_row *row,
                             const char *value)
{
    static const char *const words[] = {"refuse", "pass", NULL};
    const int place = config_word_of(words, value);
    if (place < 0)
        return "it is not one of refuse, pass";
    put_word(target, row, DOUBT_REFUSE + place);
    return NULL;
}

static const char *set_forwarded(void *target, const struct config_row *row,
                                 const char *value)
{
    static const char *const words[] = {"both", "standard", "x", "off", NULL};
    const int place = config_word_of(words, value);
    if (place < 0)
        return "it is not one of both, standard, x, off";
    put_word(target, row, place);
    return NULL;
}

/* It stands in the log and in /metrics. */
static const char *set_name(void *target, const struct config_row *row, const char *value)
{
    if (value[0] == '\0' ||
        strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                      "_.-") != strlen(value))
        return "a name has letters, digits and _ . - only";
    return config_set_text(target, row, value);
}

static const char *set_path(void *target, const struct config_row *row, const char *value)
{
    if (value[0] != '\0' && value[0] != '/')
        return "a path begins with /";
    for (const char *at = value; *at; at++) {
        if (*at <= ' ' || *at > '~' || *at == '#')
            return "it is no path of an URL";
    }
    return config_set_text(target, row, value);
}

static const char *set_prefix(void *target, const struct config_row *row,
                              const char *value)
{
    return strpbrk(value, "?%") || strstr(value, "//") || strstr(value, "/.")
               ? "a prefix is a plain path, without ? % // and dot segments"
               : set_path(target, row, value);
}

/* ---- words of lists ------------------------------------------------------------------
 */

static const char tokens[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "0123456789!#$%&'*+-.^_`|~";

static const char *add_listener(void *target, const struct config_row *row,
                                const char *value)
{
    const char *reason = config_add_word(target, row, value);
    return reason ? reason : endpoint_objection(value);
}

static const char *add_upstream(void *target, const struct config_row *row,
                                const char *value)
{
    const char *host = strstr(value, "://");
    if (!host || strpbrk(host + 3, "/?#@\\"))
        return "an upstream is http://HOST[:PORT] or https://HOST[:PORT]";
    const char *reason = upstream_objection(value);
    return reason ? reason : config_add_word(target, row, value);
}

static const char *add_header(void *target, const struct config_row *row,
                              const char *value)
{
    if (value[0] == '\0' || strspn(value, tokens) != strlen(value))
        return "it is no name of a header";
    const char *reason = field_unexaminable(value);
    if (reason)
        return reason;
    return config_add_word(target, row, value);
}

static const char *add_method(void *target, const struct config_row *row,
                              const char *value)
{
    if (value[0] == '\0' ||
        strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != strlen(value))
        return "a method is in capital letters";
    return config_add_word(target, row, value);
}

static const char *add_type(void *target, const struct config_row *row, const char *value)
{
    const size_t type = strspn(value, tokens);
    const size_t subtype = value[type] == '/' ? strspn(value + type + 1, tokens) : 0;
    if (type == 0 || subtype == 0 || value[type + 1 + subtype] != '\0' || value[0] == '*')
        return "a media type is TYPE/SUBTYPE or TYPE/*";
    return config_add_word(target, row, value);
}

/* ---- the tables ----------------------------------------------------------------------
 */

#define WORDS      .is_list = 1, .clear = config_clear_words, .most = PROXY_WORDS_MAX
#define DAY        (UINT64_C(24) * 60 * 60 * 1000)
#define AT(member) .at = offsetof(struct proxy_settings, member)

const struct config_row proxy_rows[] = {
    {"name", "NAME", "its name in the log and in /metrics", .set = set_name, AT(name),
     .most = PROXY_NAME_MAX},
    {"listen", "ADDRESS", "where this proxy listens, as --listen", WORDS,
     .at_start_only = 1, .set = add_listener, AT(listen)},
    {"upstreams", "URL", "where it forwards to: http://HOST[:PORT], https://HOST[:PORT]",
     .is_list = 1, .clear = config_clear_words, .most = 2 * PROXY_WORDS_MAX,
     .set = add_upstream, AT(upstreams)},
    {"ca_file", "FILE", "who signs the upstreams' certificates (PEM)",
     .set = config_set_file, AT(ca_file), .most = PROXY_TEXT_MAX},
    {"client_certificate", "FILE", "certificate shown to upstreams (PEM)",
     .set = config_set_file, AT(client_certificate), .most = PROXY_TEXT_MAX},
    {"client_key", "FILE", "its private key (PEM)", .set = config_set_file,
     AT(client_key), .most = PROXY_TEXT_MAX},
    {"hosts", "NAME", "answer for these hosts only", WORDS, .set = config_add_host,
     AT(hosts)},
    {"preserve_host", "BOOL", "send the client's Host on, not the upstream's",
     .set = config_set_flag, AT(preserve_host)},
    {"forwarded", "HOW", "tell of the client: both, standard, x or off",
     .set = set_forwarded, AT(forwarded)},
    {"headers", "NAME", "a header that is examined besides; *: all", WORDS,
     .set = add_header, AT(headers)},
    {"health_path", "PATH", "asked of each upstream now and then; empty: nothing is",
     .may_be_empty = 1, .set = set_path, AT(health_path), .most = PROXY_TEXT_MAX},
    {"health_interval", "TIME", "how often", .set = config_set_time, AT(health_interval),
     .most = DAY},
    {"connect_timeout", "TIME", "time for a connection to an upstream",
     .set = config_set_time, AT(connect_timeout), .most = DAY},
    {"upstream_timeout", "TIME", "time without a byte from or to an upstream",
     .set = config_set_time, AT(upstream_timeout), .most = DAY},
    {"request", "POLICY", "of requests: mask, block, alert or pass", .set = set_policy,
     AT(policies.request)},
    {"response", "POLICY", "of responses: mask, block, alert or pass", .set = set_policy,
     AT(policies.response)},
    {"on_doubt", "HOW", "what cannot be examined: refuse or pass", .set = set_doubt,
     AT(policies.on_doubt)},
    {0},
};

#undef AT
#define AT(member) .at = offsetof(struct proxy_route_settings, member)

const struct config_row proxy_route_rows[] = {
    {"prefix", "PATH", "of paths that begin so, in whole segments", .set = set_prefix,
     AT(prefix), .most = PROXY_TEXT_MAX},
    {"methods", "METHOD", "of these methods", WORDS, .set = add_method, AT(methods)},
    {"types", "TYPE", "of messages of these media types", WORDS, .set = add_type,
     AT(types)},
    {"request", "POLICY", "of requests; else as the proxy says", .set = set_policy,
     AT(policies.request)},
    {"response", "POLICY", "of responses; else as the proxy says", .set = set_policy,
     AT(policies.response)},
    {"on_doubt", "HOW", "refuse or pass; else as the proxy says", .set = set_doubt,
     AT(policies.on_doubt)},
    {0},
};
