#include "service/proxy_route.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/config_values.h"
#include "service/media_type.h"

/* ---- the path ------------------------------------------------------------------------
 */

/* The byte at `at`, and in *length_out how many it is written in.  A form that is none,
 * or that hides a control character, stays as it is. */
static char next_byte(const char *at, size_t *length_out)
{
    const int high = at[0] == '%' ? number_hex_digit((unsigned char)at[1]) : -1;
    const int low = high >= 0 ? number_hex_digit((unsigned char)at[2]) : -1;
    const int byte = high * 16 + low;
    const int is_form = low >= 0 && byte > ' ' && byte < 0x7F;
    *length_out = is_form ? 3 : 1;
    return is_form ? (char)byte : *at;
}

/* `out` ends with a slash: takes the segment before it off, or leaves the root. */
static size_t go_up(const char *out, size_t length)
{
    if (length > 1)
        length--;
    while (length > 1 && out[length - 1] != '/')
        length--;
    return length;
}

/* A slash was met, or the end: what is behind the last slash may mean nothing. */
static size_t end_segment(const char *out, size_t length)
{
    size_t begin = length;
    while (begin > 0 && out[begin - 1] != '/')
        begin--;
    if (length - begin == 1 && out[begin] == '.')
        return begin;
    if (length - begin == 2 && out[begin] == '.' && out[begin + 1] == '.')
        return go_up(out, begin);
    return length;
}

int route_path(const char *target, char out[ROUTE_PATH_MAX])
{
    size_t length = 0;
    for (const char *at = target; *at && *at != '?';) {
        size_t taken = 0;
        const char byte = next_byte(at, &taken);
        at += taken;
        if (length + 1 >= ROUTE_PATH_MAX)
            return -1;
        if (byte != '/') {
            out[length++] = byte;
            continue;
        }
        length = end_segment(out, length);
        if (length == 0 || out[length - 1] != '/')
            out[length++] = '/';
    }
    length = end_segment(out, length);
    out[length] = '\0';
    return 0;
}

static int has_prefix(const char *path, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (strncmp(path, prefix, length) != 0)
        return 0;
    return length == 0 || prefix[length - 1] == '/' || path[length] == '\0' ||
           path[length] == '/';
}

/* ---- lists ---------------------------------------------------------------------------
 */

static int has_method(const char *methods, const char *method)
{
    const size_t length = strlen(method);
    size_t word = 0;
    while ((word = config_next_word(&methods)) > 0) {
        if (word == length && memcmp(methods, method, length) == 0)
            return 1;
        methods += word;
    }
    return 0;
}

static int fits_type(const char *wanted, size_t wanted_length, const char *type,
                     size_t length)
{
    if (wanted_length >= 2 && memcmp(wanted + wanted_length - 2, "/*", 2) == 0)
        return length >= wanted_length - 1 &&
               strncasecmp(wanted, type, wanted_length - 1) == 0;
    return length == wanted_length && strncasecmp(wanted, type, length) == 0;
}

static int has_type(const char *types, const char *type)
{
    if (!type)
        return 0;
    type += strspn(type, " \t");
    const size_t length = strcspn(type, "; \t,");
    size_t word = 0;
    while ((word = config_next_word(&types)) > 0) {
        if (fits_type(types, word, type, length))
            return 1;
        types += word;
    }
    return 0;
}

/* ---- the choice ----------------------------------------------------------------------
 */

/* `path` NULL: it fits no prefix. */
static int fits(const struct proxy_route_settings *route, const char *path,
                const char *method)
{
    if (route->prefix[0] && (!path || !has_prefix(path, route->prefix)))
        return 0;
    return !route->methods[0] || has_method(route->methods, method);
}

uint32_t proxy_routes(const struct proxy_settings *proxy, const char *target,
                      const char *method)
{
    static_assert(PROXY_ROUTES_MAX <= 32, "a bit for each route");
    char buffer[ROUTE_PATH_MAX];
    const char *path = NULL;
    uint32_t routes = 0;
    if (proxy->route_count > 0 && route_path(target, buffer) == 0)
        path = buffer;
    for (size_t index = 0; index < proxy->route_count; index++)
        routes |= (uint32_t)fits(&proxy->routes[index], path, method) << index;
    return routes;
}

static struct policies inherit(const struct policies *route, const struct policies *proxy)
{
    return (struct policies){
        route->request == POLICY_INHERITED ? proxy->request : route->request,
        route->response == POLICY_INHERITED ? proxy->response : route->response,
        route->on_doubt == DOUBT_INHERITED ? proxy->on_doubt : route->on_doubt,
    };
}

/* The stricter of two policies: what looks, and holds back more. */
static enum policy stricter(enum policy one, enum policy other)
{
    static const int weights[] = {
        [POLICY_MASK] = 2, [POLICY_BLOCK] = 3, [POLICY_ALERT] = 1, [POLICY_PASS] = 0};
    return weights[one] >= weights[other] ? one : other;
}

/* Of a message whose type cannot be read: it may be any of those that routes name. */
static void strictest(const struct proxy_settings *proxy, uint32_t routes,
                      struct policies *out)
{
    *out = proxy->policies;
    for (size_t index = proxy->route_count; index-- > 0;) {
        const struct proxy_route_settings *route = &proxy->routes[index];
        if (!(routes >> index & 1))
            continue;
        const struct policies own = inherit(&route->policies, &proxy->policies);
        if (!route->types[0]) {
            *out = own; /* nothing behind it is reached */
            continue;
        }
        out->request = stricter(out->request, own.request);
        out->response = stricter(out->response, own.response);
        if (own.on_doubt == DOUBT_REFUSE)
            out->on_doubt = DOUBT_REFUSE;
    }
}

static int can_be_read(const char *type)
{
    struct media_type read;
    return !type || media_type_read(type, &read) != MEDIA_UNREADABLE;
}

void proxy_policies(const struct proxy_settings *proxy, uint32_t routes, const char *type,
                    struct policies *out)
{
    if (routes && !can_be_read(type)) {
        strictest(proxy, routes, out);
        return;
    }
    *out = proxy->policies;
    for (size_t index = 0; index < proxy->route_count; index++) {
        const struct proxy_route_settings *route = &proxy->routes[index];
        if ((routes >> index & 1) && (!route->types[0] || has_type(route->types, type))) {
            *out = inherit(&route->policies, &proxy->policies);
            return;
        }
    }
}

int proxy_may_examine(const struct proxy_settings *proxy, uint32_t routes)
{
    for (size_t index = 0; index < proxy->route_count; index++) {
        const struct proxy_route_settings *route = &proxy->routes[index];
        if (!(routes >> index & 1))
            continue;
        if (inherit(&route->policies, &proxy->policies).response != POLICY_PASS)
            return 1;
        if (!route->types[0])
            return 0; /* nothing behind it is reached */
    }
    return proxy->policies.response != POLICY_PASS;
}
