/* proxy_settings.h - what the configuration says of one proxy; plain values.
 *
 * A list is a text with a blank behind each word; see config_next_word().
 */
#ifndef SIEVE_SERVICE_PROXY_SETTINGS_H
#define SIEVE_SERVICE_PROXY_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#define PROXIES_MAX         8
#define PROXY_ROUTES_MAX    32
#define PROXY_LISTENERS_MAX 4
#define PROXY_UPSTREAMS_MAX 16
#define PROXY_NAME_MAX      33  /* bytes of a name, with its end */
#define PROXY_TEXT_MAX      256 /* bytes of a path, with its end */
#define PROXY_WORDS_MAX     512 /* bytes of a list, with its end */

/* What is done about card data. */
enum policy {
    POLICY_INHERITED, /* of a route: what the proxy says */
    POLICY_MASK,
    POLICY_BLOCK,
    POLICY_ALERT,
    POLICY_PASS
};

/* What is done about what cannot be examined. */
enum doubt_policy {
    DOUBT_INHERITED,
    DOUBT_REFUSE,
    DOUBT_PASS
};

enum forwarded {
    FORWARDED_BOTH,
    FORWARDED_STANDARD,
    FORWARDED_X,
    FORWARDED_OFF
};

struct policies {
    enum policy request;
    enum policy response;
    enum doubt_policy on_doubt;
};

/* Which messages have policies of their own. */
struct proxy_route_settings {
    char prefix[PROXY_TEXT_MAX]; /* of the path, whole segments; "": any */
    char methods[PROXY_WORDS_MAX];
    char types[PROXY_WORDS_MAX]; /* media types; a star is any subtype */
    struct policies policies;
};

struct proxy_settings {
    char name[PROXY_NAME_MAX];    /* "": its place in the list */
    char listen[PROXY_WORDS_MAX]; /* read at the start only */
    char upstreams[2 * PROXY_WORDS_MAX];
    char ca_file[PROXY_TEXT_MAX];
    char client_certificate[PROXY_TEXT_MAX];
    char client_key[PROXY_TEXT_MAX];
    char hosts[PROXY_WORDS_MAX];
    int preserve_host;
    enum forwarded forwarded;
    char headers[PROXY_WORDS_MAX]; /* examined besides; "*": all */
    char health_path[PROXY_TEXT_MAX];
    uint64_t health_interval; /* milliseconds */
    uint64_t connect_timeout;
    uint64_t upstream_timeout;
    struct policies policies;
    size_t route_count;
    struct proxy_route_settings routes[PROXY_ROUTES_MAX];
};

void proxy_settings_init(struct proxy_settings *proxy);

#endif /* SIEVE_SERVICE_PROXY_SETTINGS_H */
