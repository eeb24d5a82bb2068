/* config_rows.c - the table of keys, and how each value is read. */
#include "service/config.h"

#include <stddef.h>
#include <string.h>

#include "base/number.h"

static char *text_at(struct settings *settings, const struct config_row *row)
{
    return (char *)settings + row->at;
}

static const char *set_text(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    const size_t length = strlen(value);
    if (length >= SETTING_LENGTH_MAX)
        return "it is too long";
    memcpy(text_at(settings, row), value, length + 1);
    return NULL;
}

static const char *set_file(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    return value[0] == '\0' || value[0] == '/' ? set_text(settings, row, value)
                                               : "a path begins with /";
}

static void put_number(struct settings *settings, const struct config_row *row,
                       uint64_t number)
{
    memcpy((char *)settings + row->at, &number, sizeof number);
}

static const char *set_number(struct settings *settings, const struct config_row *row,
                              const char *value)
{
    uint64_t number = 0;
    if (number_parse(value, row->most, &number) < 0)
        return "it is no number, or too large";
    put_number(settings, row, number);
    return NULL;
}

static const char *set_size(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    uint64_t number = 0;
    if (number_parse_size(value, &number) < 0 || number == 0)
        return "it is no size: 1000, 64K, 16M, 10G";
    put_number(settings, row, number);
    return NULL;
}

static const char *set_time(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    uint64_t number = 0;
    if (number_parse_time(value, &number) < 0 || number == 0 || number > row->most)
        return "it is no time: 500ms, 30s, 5m";
    put_number(settings, row, number);
    return NULL;
}

static const char *set_mode(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    uint64_t mode = 0;
    if (strlen(value) < 3 || strlen(value) > 4 ||
        strspn(value, "01234567") != strlen(value))
        return "it is no mode: 0660";
    for (; *value; value++)
        mode = mode * 8 + (uint64_t)(*value - '0');
    if (mode > 0777)
        return "it is no mode: 0660";
    put_number(settings, row, mode);
    return NULL;
}

static const char *set_flag(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    const int is_on = strcmp(value, "true") == 0 || strcmp(value, "yes") == 0;
    if (!is_on && strcmp(value, "false") != 0 && strcmp(value, "no") != 0)
        return "it is not one of true, false";
    memcpy((char *)settings + row->at, &is_on, sizeof is_on);
    return NULL;
}

static const char *add_listener(struct settings *settings, const struct config_row *row,
                                const char *value)
{
    const size_t length = strlen(value);
    (void)row;
    if (settings->listener_count == LISTENERS_MAX)
        return "there are too many of them";
    if (length == 0 || length >= SETTING_LENGTH_MAX)
        return "it is empty or too long";
    memcpy(settings->listeners[settings->listener_count++], value, length + 1);
    return NULL;
}

static void clear_listeners(struct settings *settings)
{
    settings->listener_count = 0;
}

static const char *add_network(struct settings *settings, const struct config_row *row,
                               const char *value)
{
    (void)row;
    return networks_add(&settings->allow, value) < 0
               ? "it is no network in CIDR form: 10.0.0.0/8, 2001:db8::/32"
               : NULL;
}

static void clear_networks(struct settings *settings)
{
    settings->allow.count = 0;
}

static const char *add_host(struct settings *settings, const struct config_row *row,
                            const char *value)
{
    const size_t used = strlen(settings->hosts);
    (void)row;
    if (used + strlen(value) + 2 > sizeof settings->hosts)
        return "there are too many of them";
    if (value[0] == '\0' || strpbrk(value, " ,/"))
        return "it is no name of a host";
    memcpy(settings->hosts + used, value, strlen(value));
    memcpy(settings->hosts + used + strlen(value), " ", 2);
    return NULL;
}

static void clear_hosts(struct settings *settings)
{
    settings->hosts[0] = '\0';
}

static const char *set_request_option(struct settings *settings,
                                      const struct config_row *row, const char *value)
{
    return request_option_set(&settings->options, row->key, value) < 0
               ? "it is not one of the values it takes"
               : NULL;
}

static const char *set_log_format(struct settings *settings, const struct config_row *row,
                                  const char *value)
{
    static const char *const words[] = {"json", "combined", "off"};
    (void)row;
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        if (strcmp(value, words[index]) == 0) {
            settings->log_format = (enum log_format)index;
            return NULL;
        }
    }
    return "it is not one of json, combined, off";
}

#define AT(member) .at = offsetof(struct settings, member)
#define DAY        (UINT64_C(24) * 60 * 60 * 1000)

const struct config_row config_rows[] = {
    {"listen", "ADDRESS", "where to listen: IP:PORT, [IP]:PORT or unix:PATH",
     .is_list = 1, .at_start_only = 1, .set = add_listener, .clear = clear_listeners},
    {"socket_mode", "MODE", "mode of Unix sockets", .at_start_only = 1, .set = set_mode,
     AT(socket_mode)},
    {"allow_plain", "BOOL", "listen beyond loopback without TLS", .at_start_only = 1,
     .set = set_flag, AT(allow_plain)},
    {"threads", "COUNT", "threads that serve; 0: one for each processor",
     .at_start_only = 1, .set = set_number, AT(threads), .most = 64},
    {"user", "NAME", "who to run as, when started by root", .at_start_only = 1,
     .set = set_text, AT(user)},
    {"tls_certificate", "FILE", "certificate chain (PEM)", .set = set_file,
     AT(tls_certificate)},
    {"tls_key", "FILE", "its private key (PEM)", .set = set_file, AT(tls_key)},
    {"tls_client_ca", "FILE", "who signs the certificates that clients must show (PEM)",
     .set = set_file, AT(tls_client_ca)},
    {"token_file", "FILE", "bearer tokens, one a line; one of them must be shown",
     .set = set_file, AT(token_file)},
    {"metrics_open", "BOOL", "/metrics asks for no token", .set = set_flag,
     AT(metrics_open)},
    {"allow", "NETWORK", "take requests from there only: CIDR, IPv4 or IPv6",
     .is_list = 1, .set = add_network, .clear = clear_networks},
    {"host", "NAME", "answer for these hosts only", .is_list = 1, .set = add_host,
     .clear = clear_hosts},
    {"max_body", "SIZE", "largest body as it is sent", .set = set_size, AT(max_body)},
    {"max_expanded", "SIZE", "largest body after decoding", .set = set_size,
     AT(max_expanded)},
    {"max_ratio", "COUNT", "how many times a body may expand, past 64 MiB; 0: any",
     .set = set_number, AT(max_ratio), .most = 1000000},
    {"max_memory", "SIZE", "memory of one decoder", .set = set_size, AT(max_memory)},
    {"max_decoders", "COUNT", "bodies that are decoded at the same time",
     .set = set_number, AT(max_decoders), .most = 65536},
    {"max_head", "SIZE", "largest head of a request", .at_start_only = 1, .set = set_size,
     AT(max_head)},
    {"max_connections", "COUNT", "open connections of each listener", .at_start_only = 1,
     .set = set_number, AT(max_connections), .most = 1000000},
    {"max_connections_per_address", "COUNT", "of these, from one address; 0: any",
     .at_start_only = 1, .set = set_number, AT(max_connections_per_address),
     .most = 1000000},
    {"head_timeout", "TIME", "time for the head of a request", .set = set_time,
     AT(head_timeout), .most = DAY},
    {"body_timeout", "TIME", "time for a body", .set = set_time, AT(body_timeout),
     .most = DAY},
    {"idle_timeout", "TIME", "time without a byte either way", .at_start_only = 1,
     .set = set_time, AT(idle_timeout), .most = DAY},
    {"drain_timeout", "TIME", "time for open requests when told to end", .set = set_time,
     AT(drain_timeout), .most = DAY},
    {"rate", "COUNT", "requests of one client in a second; 0: any", .set = set_number,
     AT(rate), .most = 1000000},
    {"rate_burst", "COUNT", "of these, that may come at once; 0: as many",
     .set = set_number, AT(rate_burst), .most = 1000000},
    {"style", "STYLE", "first6last4, last4, full or token", .set = set_request_option},
    {"min_confidence", "LEVEL", "low, medium or high", .set = set_request_option},
    {"brands", "LIST", "brands to look for: visa,jcb", .set = set_request_option},
    {"kinds", "LIST", "kinds to look for: pan,track2", .set = set_request_option},
    {"numbers", "HOW", "a JSON number that is masked becomes: zero or string",
     .set = set_request_option},
    {"token_key", "FILE", "key of the style token", .set = set_file, AT(token_key)},
    {"spool_directory", "DIRECTORY", "where large answers wait, encrypted",
     .set = set_file, AT(spool_directory)},
    {"page", "BOOL", "show the page at /", .set = set_flag, AT(page)},
    {"log_format", "FORMAT", "access log: json, combined or off", .set = set_log_format},
    {"log_file", "FILE", "where it goes; empty: standard output", .set = set_file,
     AT(log_file)},
    {0},
};
