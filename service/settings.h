/* settings.h - what the configuration says; plain values with their defaults. */
#ifndef SIEVE_SERVICE_SETTINGS_H
#define SIEVE_SERVICE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "service/network.h"
#include "service/proxy_settings.h"
#include "service/wishes.h"

#define SETTING_LENGTH_MAX 1024 /* bytes of a text, with its end */
#define LISTENERS_MAX      16

enum log_format {
    LOG_JSON,
    LOG_COMBINED,
    LOG_OFF
};

struct settings {
    /* where it listens: read at the start only */
    size_t listener_count;
    char listeners[LISTENERS_MAX][SETTING_LENGTH_MAX]; /* "127.0.0.1:8474", "unix:..." */
    uint64_t socket_mode;                              /* of Unix sockets */
    int allow_plain;                                   /* beyond loopback without TLS */
    uint64_t threads;                                  /* 0: one for each processor */
    char user[SETTING_LENGTH_MAX];

    /* TLS */
    char tls_certificate[SETTING_LENGTH_MAX];
    char tls_key[SETTING_LENGTH_MAX];
    char tls_client_ca[SETTING_LENGTH_MAX];

    /* access */
    char token_file[SETTING_LENGTH_MAX];
    struct networks allow;          /* empty: anybody who can connect */
    int metrics_open;               /* /metrics asks for no token */
    char hosts[SETTING_LENGTH_MAX]; /* names this service answers for; "": any */

    /* limits */
    uint64_t max_body;
    uint64_t max_expanded;
    uint64_t max_ratio;
    uint64_t max_memory; /* of one decoder */
    uint64_t max_head;
    uint64_t max_connections;
    uint64_t max_connections_per_address;
    uint64_t max_decoders;
    uint64_t max_streamed; /* bytes of memory for all streamed requests */
    uint64_t head_timeout; /* milliseconds */
    uint64_t body_timeout;
    uint64_t idle_timeout;
    uint64_t drain_timeout;
    uint64_t rate; /* requests of one client in a second; 0: any */
    uint64_t rate_burst;

    /* what is done */
    struct request_options options;
    char token_key[SETTING_LENGTH_MAX]; /* file of the style `token` */
    char spool_directory[SETTING_LENGTH_MAX];
    int page; /* the page is shown */

    /* the log */
    enum log_format log_format;
    char log_file[SETTING_LENGTH_MAX]; /* "": standard output */

    /* the proxies */
    size_t proxy_count;
    struct proxy_settings proxies[PROXIES_MAX];
};

void settings_init(struct settings *settings);

/* What a proxy is called: by its own name, or by its place in the list. */
void proxy_name(const struct settings *settings, size_t place, char out[PROXY_NAME_MAX]);

#endif /* SIEVE_SERVICE_SETTINGS_H */
