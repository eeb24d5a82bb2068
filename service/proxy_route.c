#include "service/proxy_route.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/config_values.h"
#include "service/media_type.h"

/* ---- the path ------------------------------------------------------------------------
 */

/* Each percent form becomes its byte, in place.  A form that is none, or that hides a
 * control character, stays as it is. */
static void undo_forms(char *path)
{
    char *to = strchr(path, '%');
    for (const char *at = to; at && *at; to++) {
        const int high = at[0] == '%' ? number_hex_digit((unsigned char)at[1]) : -1;
        const int low = high >= 0 ? number_hex_digit((unsigned char)at[2]) : -1;
        const int byte = high * 16 + low;
        const int is_form = low >= 0 && byte > ' ' && byte < 0x7F;
        *to = is_form ? (char)byte : *at;
        at += is_form ? 3 : 1;
    }
    if (to)
        *to = '\0';
}

/* As some servers do: a backslash is a slash, and a ; ends a segment's name. */
static void undo_habits(char *path)
{
    char *to = path;
    int is_named = 1;
    for (const char *at = path; *at; at++) {
        const char byte = *at == '\\' ? '/' : *at;
        is_named = byte == '/' || (is_named && byte != ';');
        *to = byte;
        to += is_named;
    }
    *to = '\0';
}

/* `path` ends with a slash: takes the segment before it off, or leaves the root. */
static size_t go_up(const char *path, size_t length)
{
    if (length > 1)
        length--;
    while (length > 1 && path[length - 1] != '/')
        length--;
    return length;
}

/* A slash was met, or the end: what is behind the last slash may mean nothing. */
static size_t end_segment(const char *path, size_t length)
{
    size_t begin = length;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    if (length - begin == 1 && path[begin] == '.')
        return begin;
    if (length - begin == 2 && path[begin] == '.' && path[begin + 1] == '.')
        return go_up(path, begin);
    return length;
}

/* Takes empty segments out, and dot segments if they are resolved, in place. */
static void tidy(char *path, int resolves_dots)
{
    size_t length = 0;
    for (const char *at = path; *at; at++) {
        if (*at != '/') {
            path[length++] = *at;
            continue;
        }
        if (resolves_dots)
            length = end_segment(path, length);
        if (length == 0 || path[length - 1] != '/')
            path[length++] = '/';
    }
    if (resolves_dots)
        length = end_segment(path, length);
    path[length] = '\0';
}

static int copy_path(const char *target, char out[ROUTE_PATH_MAX])
{
    const size_t length = strcspn(target, "?");
    if (length >= ROUTE_PATH_MAX)
        return -1;
    memcpy(out, target, length);
    out[length] = '\0';
    return 0;
}

int route_path(const char *target, char out[ROUTE_PATH_MAX])
{
    if (copy_path(target, out) < 0)
        return -1;
    undo_forms(out);
    tidy(out, 1);
    return 0;
}

/* ---- readings ------------------------------------------------------------------------
 */

/* How much of what a path is written in a server undoes, is not known here. */
struct reading {
    unsigned forms; /* how often percent forms are undone */
    int resolves_dots;
    int is_generous; /* undoes habits, too, and takes letters in any case */
};

static const struct reading readings[] = {{1, 1, 0}, {1, 0, 0}, {3, 1, 1}, {3, 0, 1}};

#define READINGS (sizeof readings / sizeof readings[0])

/* 1 if the readings of the path are the same, but for the case of letters. */
static int is_plain(const char *target)
{
    char before = '\0';
    for (; *target && *target != '?'; before = *target++) {
        if (strchr("%;\\", *target) != NULL ||
            (before == '/' && (*target == '/' || *target == '.')))
            return 0;
    }
    return 1;
}

static int read_path(const char *target, const struct reading *reading,
                     char out[ROUTE_PATH_MAX])
{
    if (copy_path(target, out) < 0)
        return -1;
    for (unsigned count = 0; count < reading->forms; count++)
        undo_forms(out);
    if (reading->is_generous)
        undo_habits(out);
    tidy(out, reading->resolves_dots);
    return 0;
}

static int has_prefix(const char *path, const char *prefix, int is_generous)
{
    const size_t length = strlen(prefix);
    if ((is_generous ? strncasecmp : strncmp)(path, prefix, length) != 0)
        return 0;
    return length == 0 || prefix[length - 1] == '/' || path[length] == '\0' ||
           path[length] == '/';
}

/* ---- lists ---------------------------------------------------------------------------
 */

static int has_method(const char *methods, const char *method, int in_any_case)
{
    const size_t length = strlen(method);
    size_t word = 0;
    while ((word = config_next_word(&methods)) > 0) {
        if (word == length &&
            (in_any_case ? strncasecmp : strncmp)(methods, method, length) == 0)
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

/* What the routes are compared with. */
struct asked {
    const char *path; /* NULL: it fits no prefix */
    int is_generous;
    const char *method;
    int in_any_case; /* the method */
};

static int fits(const struct proxy_route_settings *route, const struct asked *asked)
{
    if (route->prefix[0] &&
        (!asked->path || !has_prefix(asked->path, route->prefix, asked->is_generous)))
        return 0;
    return !route->methods[0] ||
           has_method(route->methods, asked->method, asked->in_any_case);
}

static void add_reading(const struct proxy_settings *proxy, const struct asked *asked,
                        struct route_readings *out)
{
    uint32_t routes = 0;
    for (size_t index = 0; index < proxy->route_count; index++)
        routes |= (uint32_t)fits(&proxy->routes[index], asked) << index;
    for (size_t index = 0; index < out->count; index++) {
        if (out->routes[index] == routes)
            return;
    }
    out->routes[out->count++] = routes;
}

static int has_small_letter(const char *method)
{
    return strpbrk(method, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

void proxy_routes(const struct proxy_settings *proxy, const char *target,
                  const char *method, struct route_readings *out)
{
    static_assert(PROXY_ROUTES_MAX <= 32, "a bit for each route");
    static_assert(READINGS * 2 <= ROUTE_READINGS_MAX, "a method is read in two ways");
    char buffer[ROUTE_PATH_MAX];
    const size_t step = is_plain(target) ? READINGS - 1 : 1; /* the first and the last */
    const int cases = has_small_letter(method) ? 2 : 1;
    *out = (struct route_readings){.count = proxy->route_count == 0};
    for (size_t way = 0; way < READINGS && proxy->route_count > 0; way += step) {
        const struct reading *reading = &readings[way];
        const char *path = read_path(target, reading, buffer) == 0 ? buffer : NULL;
        for (int in_any_case = 0; in_any_case < cases; in_any_case++)
            add_reading(proxy,
                        &(struct asked){path, reading->is_generous, method, in_any_case},
                        out);
    }
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

static void add_stricter(struct policies *to, const struct policies *other)
{
    to->request = stricter(to->request, other->request);
    to->response = stricter(to->response, other->response);
    if (other->on_doubt == DOUBT_REFUSE)
        to->on_doubt = DOUBT_REFUSE;
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
        if (route->types[0])
            add_stricter(out, &own);
        else
            *out = own; /* nothing behind it is reached */
    }
}

static int can_be_read(const char *type)
{
    struct media_type read;
    return !type || media_type_read(type, &read) != MEDIA_UNREADABLE;
}

static void policies_of(const struct proxy_settings *proxy, uint32_t routes,
                        const char *type, struct policies *out)
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

void proxy_policies(const struct proxy_settings *proxy,
                    const struct route_readings *found, const char *type,
                    struct policies *out)
{
    policies_of(proxy, found->routes[0], type, out);
    for (size_t index = 1; index < found->count; index++) {
        struct policies other;
        policies_of(proxy, found->routes[index], type, &other);
        add_stricter(out, &other);
    }
}

static int may_examine(const struct proxy_settings *proxy, uint32_t routes)
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

int proxy_may_examine(const struct proxy_settings *proxy,
                      const struct route_readings *found)
{
    for (size_t index = 0; index < found->count; index++) {
        if (may_examine(proxy, found->routes[index]))
            return 1;
    }
    return 0;
}
