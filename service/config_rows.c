/* config_rows.c - the table of keys, and how each value is read. */
#include "service/config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "service/config_values.h"
#include "service/endpoint.h"

/* "none": a daemon of proxies only. */
static const char *add_listener(void *target, const struct config_row *row,
                                const char *value)
{
    struct settings *settings = target;
    const size_t length = strlen(value);
    (void)row;
    if (strcmp(value, "none") == 0)
        return settings->listener_count > 0 ? "none stands alone" : NULL;
    if (settings->listener_count == LISTENERS_MAX)
        return "there are too many of them";
    if (length == 0 || length >= SETTING_LENGTH_MAX)
        return "it is empty or too long";
    memcpy(settings->listeners[settings->listener_count++], value, length + 1);
    return endpoint_objection(value);
}

static void clear_listeners(void *target, const struct config_row *row)
{
    struct settings *settings = target;
    (void)row;
    settings->listener_count = 0;
}

static const char *add_network(void *target, const struct config_row *row,
                               const char *value)
{
    struct settings *settings = target;
    (void)row;
    return networks_add(&settings->allow, value) < 0
               ? "it is no network in CIDR form: 10.0.0.0/8, 2001:db8::/32"
               : NULL;
}

static void clear_networks(void *target, const struct config_row *row)
{
    struct settings *settings = target;
    (void)row;
    settings->allow.count = 0;
}

static const char *set_request_option(void *target, const struct config_row *row,
                                      const char *value)
{
    struct settings *settings = target;
    return request_option_set(&settings->options, row->key, value) < 0
               ? "it is not one of the values it takes"
               : NULL;
}

/* "visa,jcb", or one by one. */
static const char *add_brands(void *target, const struct config_row *row,
                              const char *value)
{
    const struct wishes *wishes = &((struct settings *)target)->options.wishes;
    char all[2 * OPTION_LENGTH_MAX];
    const int length = snprintf(all, sizeof all, "%s%s%s", wishes->brands,
                                wishes->brands[0] ? "," : "", value);
    if (length < 0 || (size_t)length >= sizeof wishes->brands)
        return "there are too many of them";
    return set_request_option(target, row, all);
}

static void clear_brands(void *target, const struct config_row *row)
{
    struct wishes *wishes = &((struct settings *)target)->options.wishes;
    (void)row;
    memset(wishes->brands, 0, sizeof wishes->brands);
}

static const char *add_kinds(void *target, const struct config_row *row,
                             const char *value)
{
    struct wishes *wishes = &((struct settings *)target)->options.wishes;
    const uint32_t others = wishes->kinds;
    const char *reason = set_request_option(target, row, value);
    wishes->kinds |= others;
    return reason;
}

static void clear_kinds(void *target, const struct config_row *row)
{
    struct wishes *wishes = &((struct settings *)target)->options.wishes;
    (void)row;
    wishes->kinds = 0;
}

static const char *set_log_format(void *target, const struct config_row *row,
                                  const char *value)
{
    static const char *const words[] = {"json", "combined", "off", NULL};
    struct settings *settings = target;
    const int place = config_word_of(words, value);
    (void)row;
    if (place < 0)
        return "it is not one of json, combined, off";
    settings->log_format = (enum log_format)place;
    return NULL;
}

#define AT(member) .at = offsetof(struct settings, member)
#define DAY        (UINT64_C(24) * 60 * 60 * 1000)

const struct config_row config_rows[] = {
    {"listen", "ADDRESS", "where to listen: IP:PORT, [IP]:PORT, unix:PATH, or none",
     .is_list = 1, .at_start_only = 1, .set = add_listener, .clear = clear_listeners},
    {"socket_mode", "MODE", "mode of Unix sockets", .at_start_only = 1,
     .set = config_set_mode, AT(socket_mode)},
    {"allow_plain", "BOOL", "listen beyond loopback without TLS", .at_start_only = 1,
     .set = config_set_flag, AT(allow_plain)},
    {"threads", "COUNT", "threads that serve; 0: one for each processor",
     .at_start_only = 1, .set = config_set_number, AT(threads), .most = 64},
    {"user", "NAME", "who to run as, when started by root", .at_start_only = 1,
     .set = config_set_text, AT(user)},
    {"tls_certificate", "FILE", "certificate chain (PEM)", .set = config_set_file,
     AT(tls_certificate)},
    {"tls_key", "FILE", "its private key (PEM)", .set = config_set_file, AT(tls_key)},
    {"tls_client_ca", "FILE", "who signs the certificates that clients must show (PEM)",
     .set = config_set_file, AT(tls_client_ca)},
    {"token_file", "FILE", "bearer tokens, one a line; one of them must be shown",
     .set = config_set_file, AT(token_file)},
    {"metrics_open", "BOOL", "/metrics asks for no token", .set = config_set_flag,
     AT(metrics_open)},
    {"allow", "NETWORK", "take requests from there only: CIDR, IPv4 or IPv6",
     .is_list = 1, .set = add_network, .clear = clear_networks},
    {"host", "NAME", "answer for these hosts only", .is_list = 1, .set = config_add_host,
     .clear = config_clear_words, AT(hosts)},
    {"max_body", "SIZE", "largest body as it is sent", .set = config_set_size,
     AT(max_body)},
    {"max_expanded", "SIZE", "largest body after decoding", .set = config_set_size,
     AT(max_expanded)},
    {"max_ratio", "COUNT", "how many times a body may expand, past 64 MiB; 0: any",
     .set = config_set_number, AT(max_ratio), .most = 1000000},
    {"max_memory", "SIZE", "memory of one decoder", .set = config_set_size,
     AT(max_memory)},
    {"max_decoders", "COUNT", "bodies that are decoded at the same time",
     .set = config_set_number, AT(max_decoders), .most = 65536},
    {"max_streamed", "SIZE", "memory of all requests that proxies stream",
     .set = config_set_size, AT(max_streamed)},
    {"max_head", "SIZE", "largest head of a request", .at_start_only = 1,
     .set = config_set_size, AT(max_head)},
    {"max_connections", "COUNT", "open connections of each listener", .at_start_only = 1,
     .set = config_set_number, AT(max_connections), .most = 1000000},
    {"max_connections_per_address", "COUNT", "of these, from one address; 0: any",
     .at_start_only = 1, .set = config_set_number, AT(max_connections_per_address),
     .most = 1000000},
    {"head_timeout", "TIME", "time for the head of a request", .set = config_set_time,
     AT(head_timeout), .most = DAY},
    {"body_timeout", "TIME", "time for a body", .set = config_set_time, AT(body_timeout),
     .most = DAY},
    {"idle_timeout", "TIME", "time without a byte either way", .at_start_only = 1,
     .set = config_set_time, AT(idle_timeout), .most = DAY},
    {"drain_timeout", "TIME", "time for open requests when told to end",
     .set = config_set_time, AT(drain_timeout), .most = DAY},
    {"rate", "COUNT", "requests of one client in a second; 0: any",
     .set = config_set_number, AT(rate), .most = 1000000},
    {"rate_burst", "COUNT", "of these, that may come at once; 0: as many",
     .set = config_set_number, AT(rate_burst), .most = 1000000},
    {"style", "STYLE", "first6last4, last4, full or token", .set = set_request_option},
    {"min_confidence", "LEVEL", "low, medium or high", .set = set_request_option},
    {"brands", "LIST", "brands to look for: visa,jcb", .is_list = 1, .may_be_empty = 1,
     .set = add_brands, .clear = clear_brands},
    {"kinds", "LIST", "kinds to look for: pan,track2", .is_list = 1, .may_be_empty = 1,
     .set = add_kinds, .clear = clear_kinds},
    {"numbers", "HOW", "a JSON number that is masked becomes: zero or string",
     .set = set_request_option},
    {"token_key", "FILE", "key of the style token", .set = config_set_file,
     AT(token_key)},
    {"spool_directory", "DIRECTORY", "where large answers wait, encrypted",
     .set = config_set_file, AT(spool_directory)},
    {"page", "BOOL", "show the page at /", .set = config_set_flag, AT(page)},
    {"log_format", "FORMAT", "access log: json, combined or off", .set = set_log_format},
    {"log_file", "FILE", "where it goes; empty: standard output", .may_be_empty = 1,
     .set = config_set_file, AT(log_file)},
    {0},
};
