#include "service/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/yaml_file.h"

/* ---- keys ----------------------------------------------------------------------------
 */

static const struct config_row *find_row(const struct config_row *rows, const char *key)
{
    for (const struct config_row *row = rows; row->key; row++) {
        if (strcmp(row->key, key) == 0)
            return row;
    }
    return NULL;
}

/* Takes "NAME.PLACE." off the front: what is behind it; NULL. */
static const char *take_place(const char *path, const char *name, size_t most,
                              size_t *place_out)
{
    const size_t length = strlen(name);
    size_t place = 0;
    size_t digits = 0;
    if (strncmp(path, name, length) != 0 || path[length] != '.')
        return NULL;
    path += length + 1;
    while (path[digits] >= '0' && path[digits] <= '9' && digits < 3)
        place = place * 10 + (size_t)(path[digits++] - '0');
    if (digits == 0 || (digits > 1 && path[0] == '0') || place >= most ||
        path[digits] != '.')
        return NULL;
    *place_out = place;
    return path + digits + 1;
}

int config_find(const char *path, struct config_key *out)
{
    struct config_key key = {NULL, CONFIG_NO_PLACE, CONFIG_NO_PLACE};
    const char *rest = take_place(path, "proxies", PROXIES_MAX, &key.proxy);
    if (!rest) {
        key.row = find_row(config_rows, path);
    } else {
        const char *inner = take_place(rest, "routes", PROXY_ROUTES_MAX, &key.route);
        key.row = inner ? find_row(proxy_route_rows, inner) : find_row(proxy_rows, rest);
    }
    if (!key.row)
        return -1;
    *out = key;
    return 0;
}

void config_key_text(const struct config_key *key, char out[CONFIG_KEY_MAX])
{
    if (key->proxy == CONFIG_NO_PLACE)
        (void)snprintf(out, CONFIG_KEY_MAX, "%s", key->row->key);
    else if (key->route == CONFIG_NO_PLACE)
        (void)snprintf(out, CONFIG_KEY_MAX, "proxies.%zu.%s", key->proxy, key->row->key);
    else
        (void)snprintf(out, CONFIG_KEY_MAX, "proxies.%zu.routes.%zu.%s", key->proxy,
                       key->route, key->row->key);
}

/* A place that is spoken of is there. */
void *config_target(struct settings *settings, const struct config_key *key)
{
    if (key->proxy == CONFIG_NO_PLACE)
        return settings;
    struct proxy_settings *proxy = &settings->proxies[key->proxy];
    if (settings->proxy_count <= key->proxy)
        settings->proxy_count = key->proxy + 1;
    if (key->route == CONFIG_NO_PLACE)
        return proxy;
    if (proxy->route_count <= key->route)
        proxy->route_count = key->route + 1;
    return &proxy->routes[key->route];
}

/* ---- one of: file, environment, command line -----------------------------------------
 */

/* A list of one replaces that of the other: which are those that were set? */
struct was_set {
    unsigned char top[CONFIG_ROWS_MAX];
    unsigned char proxies[PROXIES_MAX][CONFIG_ROWS_MAX];
    unsigned char routes[PROXIES_MAX][PROXY_ROUTES_MAX][CONFIG_ROWS_MAX];
};

struct source {
    struct settings *settings;
    struct config_problem *problem;
    struct config_lines *lines;
    struct was_set was_set;
};

static unsigned char *mark_of(struct was_set *was_set, const struct config_key *key)
{
    if (key->proxy == CONFIG_NO_PLACE)
        return &was_set->top[key->row - config_rows];
    if (key->route == CONFIG_NO_PLACE)
        return &was_set->proxies[key->proxy][key->row - proxy_rows];
    return &was_set->routes[key->proxy][key->route][key->row - proxy_route_rows];
}

static const char *set(struct source *source, const struct config_key *key,
                       const char *value)
{
    void *target = config_target(source->settings, key);
    unsigned char *was_set = mark_of(&source->was_set, key);
    if (key->row->is_list && !*was_set)
        key->row->clear(target, key->row);
    *was_set = 1;
    const char *reason = key->row->set(target, key->row, value);
    if (reason)
        config_key_text(key, source->problem->key);
    return reason;
}

/* ---- the file ------------------------------------------------------------------------
 */

static void note_line(struct config_lines *lines, const struct config_key *key,
                      size_t line)
{
    size_t *place = key->proxy == CONFIG_NO_PLACE ? &lines->top[key->row - config_rows]
                                                  : &lines->proxies[key->proxy];
    if (*place == 0)
        *place = line;
}

static const char *take_value(void *context, const struct yaml_value *value)
{
    struct source *source = context;
    struct config_key key;
    if (config_find(value->path, &key) < 0)
        return "there is no such key";
    if (value->index > 0 && !key.row->is_list)
        return "this key takes one value";
    note_line(source->lines, &key, value->line);
    return set(source, &key, value->text);
}

static sieve_status read_file(const char *file, struct source *source)
{
    struct config_problem *problem = source->problem;
    sieve_status status =
        yaml_file_read(file, take_value, source, &problem->line, &problem->reason);
    if (status != SIEVE_OK) {
        problem->file = file;
        problem->system = status == SIEVE_E_IO ? errno : 0;
    }
    return status;
}

/* ---- the environment -----------------------------------------------------------------
 */

static void name_variable(const struct config_key *key, char out[CONFIG_KEY_MAX])
{
    static const char prefix[] = "CARDSIEVED_";
    char text[CONFIG_KEY_MAX];
    size_t length = sizeof prefix - 1;
    config_key_text(key, text);
    memcpy(out, prefix, length);
    for (const char *at = text; *at && length + 1 < CONFIG_KEY_MAX; at++)
        out[length++] = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A')
                        : *at == '.'             ? '_'
                                                 : *at;
    out[length] = '\0';
}

/* A list's variable holds words between blanks. */
static const char *set_words(struct source *source, const struct config_key *key,
                             const char *value)
{
    const char *reason = NULL;
    while (!reason && *(value += strspn(value, " \t"))) {
        char word[SETTING_LENGTH_MAX];
        const size_t length = strcspn(value, " \t");
        if (length >= sizeof word)
            return "it is too long";
        memcpy(word, value, length);
        word[length] = '\0';
        reason = set(source, key, word);
        value += length;
    }
    return reason;
}

/* Runs before the first thread does. */
static const char *read_variables(struct source *source, const struct config_row *rows,
                                  size_t proxy, size_t route)
{
    const char *reason = NULL;
    for (const struct config_row *row = rows; row->key && !reason; row++) {
        const struct config_key key = {row, proxy, route};
        char name[CONFIG_KEY_MAX];
        name_variable(&key, name);
        const char *value = getenv(name); // NOLINT(concurrency-mt-unsafe)
        if (value)
            reason =
                row->is_list ? set_words(source, &key, value) : set(source, &key, value);
    }
    return reason;
}

static const char *read_proxy_variables(struct source *source, size_t proxy)
{
    const char *reason = read_variables(source, proxy_rows, proxy, CONFIG_NO_PLACE);
    for (size_t route = 0; route < PROXY_ROUTES_MAX && !reason; route++)
        reason = read_variables(source, proxy_route_rows, proxy, route);
    return reason;
}

static sieve_status read_environment(struct source *source)
{
    const char *reason =
        read_variables(source, config_rows, CONFIG_NO_PLACE, CONFIG_NO_PLACE);
    for (size_t proxy = 0; proxy < PROXIES_MAX && !reason; proxy++)
        reason = read_proxy_variables(source, proxy);
    source->problem->reason = reason;
    return reason ? SIEVE_E_INVALID : SIEVE_OK;
}

/* ---- all together --------------------------------------------------------------------
 */

static sieve_status read_typed(const struct config_typed *typed, struct source *source)
{
    for (size_t index = 0; index < typed->count; index++) {
        source->problem->reason =
            set(source, &typed->pairs[index].key, typed->pairs[index].value);
        if (source->problem->reason)
            return SIEVE_E_INVALID;
    }
    return SIEVE_OK;
}

static void begin_source(struct source *source)
{
    memset(&source->was_set, 0, sizeof source->was_set);
}

sieve_status config_read(const char *file, const struct config_typed *typed,
                         struct settings *out, struct config_problem *problem)
{
    sieve_status status = SIEVE_OK;
    *problem = (struct config_problem){.reason = "not enough memory"};
    struct config_lines lines = {{0}, {0}};
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return SIEVE_E_MEMORY;
    source->settings = out;
    source->problem = problem;
    source->lines = &lines;
    settings_init(out);
    if (file)
        status = read_file(file, source);
    begin_source(source);
    if (status == SIEVE_OK)
        status = read_environment(source);
    begin_source(source);
    if (status == SIEVE_OK)
        status = read_typed(typed, source);
    free(source);
    return status == SIEVE_OK ? config_check(out, file, &lines, problem) : status;
}
