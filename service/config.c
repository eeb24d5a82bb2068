#include "service/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/yaml_file.h"

/* ---- keys ----------------------------------------------------------------------------
 */

const char config_no_key[] = "there is no such key";

static const struct config_row *find_row(const struct config_row *rows, const char *key)
{
    for (const struct config_row *row = rows; row->key; row++) {
        if (strcmp(row->key, key) == 0)
            return row;
    }
    return NULL;
}

/* Keys that stand in a list of their own, behind their places. */
struct nest {
    const char *name;
    size_t most;
    const char *limit;
};
static const struct nest proxies_nest = {"proxies", PROXIES_MAX,
                                         "there are 8 proxies at most"};
static const struct nest routes_nest = {"routes", PROXY_ROUTES_MAX,
                                        "a proxy has 32 routes at most"};
_Static_assert(PROXIES_MAX == 8 && PROXY_ROUTES_MAX == 32, "as these say");

/* Takes "NAME.PLACE." off the front of *path: its place, or CONFIG_NO_PLACE if something
 * else stands there; NULL, or a reason. */
static const char *take_place(const char **path, const struct nest *nest, size_t *out)
{
    const size_t length = strlen(nest->name);
    size_t place = 0;
    size_t digits = 0;
    *out = CONFIG_NO_PLACE;
    if (strncmp(*path, nest->name, length) != 0 ||
        ((*path)[length] != '.' && (*path)[length] != '\0'))
        return NULL;
    const char *at = *path + length + ((*path)[length] == '.');
    while (at[digits] >= '0' && at[digits] <= '9' && digits < 9)
        place = place * 10 + (size_t)(at[digits++] - '0');
    if (digits == 0)
        return "it is a list, whose items have the keys";
    if ((digits > 1 && at[0] == '0') || at[digits] != '.')
        return config_no_key;
    if (place >= nest->most)
        return nest->limit;
    *path = at + digits + 1;
    *out = place;
    return NULL;
}

const char *config_find(const char *path, struct config_key *out)
{
    struct config_key key = {NULL, CONFIG_NO_PLACE, CONFIG_NO_PLACE};
    const char *reason = take_place(&path, &proxies_nest, &key.proxy);
    if (!reason && key.proxy != CONFIG_NO_PLACE)
        reason = take_place(&path, &routes_nest, &key.route);
    *out = key;
    if (reason)
        return reason;
    key.row = find_row(key.proxy == CONFIG_NO_PLACE   ? config_rows
                       : key.route == CONFIG_NO_PLACE ? proxy_rows
                                                      : proxy_route_rows,
                       path);
    if (!key.row)
        return config_no_key;
    *out = key;
    return NULL;
}

static void config_key_text(const struct config_key *key, char out[CONFIG_KEY_MAX])
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
    int is_file;
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

static const char *refuse(struct source *source, const struct config_key *key,
                          const char *reason)
{
    config_key_text(key, source->problem->key);
    return reason;
}

/* What of the key another source said is no more; what the value is put into. */
static void *begin(struct source *source, const struct config_key *key)
{
    void *target = config_target(source->settings, key);
    unsigned char *was_set = mark_of(&source->was_set, key);
    if (key->row->is_list && !*was_set)
        key->row->clear(target, key->row);
    *was_set = 1;
    if (!source->is_file)
        config_override(source->lines, key);
    return target;
}

/* What is there and empty was meant to say something: a list of who may come, a file of
 * tokens.  Taken as not given, it would let everybody in. */
static const char is_empty[] = "it is empty";

static const char *set(struct source *source, const struct config_key *key,
                       const char *value)
{
    const char *reason = key->row->set(begin(source, key), key->row, value);
    if (!reason && value[0] == '\0' && !key->row->may_be_empty)
        reason = is_empty;
    return reason ? refuse(source, key, reason) : NULL;
}

/* A list without items. */
static const char *set_none(struct source *source, const struct config_key *key)
{
    if (!key->row->may_be_empty)
        return refuse(source, key, is_empty);
    (void)begin(source, key);
    return NULL;
}

/* ---- the file ------------------------------------------------------------------------
 */

static int is_nest(const struct config_key *key, const char *path)
{
    char text[CONFIG_KEY_MAX];
    if (key->proxy == CONFIG_NO_PLACE)
        return strcmp(path, proxies_nest.name) == 0;
    (void)snprintf(text, sizeof text, "%s.%zu.%s", proxies_nest.name, key->proxy,
                   routes_nest.name);
    return strcmp(path, text) == 0;
}

/* `proxies: []`, `routes: []`.  A proxy that has no more than that is there too. */
static const char *take_no_places(struct source *source, const struct config_key *key,
                                  const struct yaml_value *value)
{
    if (key->proxy == CONFIG_NO_PLACE)
        return NULL;
    (void)config_target(source->settings, key);
    config_note(source->lines, key, 0, value->line);
    return NULL;
}

static const char *take_value(void *context, const struct yaml_value *value)
{
    struct source *source = context;
    struct config_key key;
    const char *reason = config_find(value->path, &key);
    if (!value->text && !value->is_mapping && is_nest(&key, value->path))
        return take_no_places(source, &key, value);
    if (reason)
        return reason;
    if (value->is_mapping)
        return refuse(source, &key, "it has no keys of its own");
    if ((value->index > 0 || !value->text) && !key.row->is_list)
        return refuse(source, &key, "this key takes one value");
    config_note(source->lines, &key, value->index, value->line);
    return value->text ? set(source, &key, value->text) : set_none(source, &key);
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

/* A list's variable holds words between blanks; without one it is an empty list. */
static const char *set_words(struct source *source, const struct config_key *key,
                             const char *value)
{
    const char *reason = NULL;
    if (value[strspn(value, " \t")] == '\0')
        return set_none(source, key);
    while (!reason && *(value += strspn(value, " \t"))) {
        char word[SETTING_LENGTH_MAX];
        const size_t length = strcspn(value, " \t");
        if (length >= sizeof word)
            return refuse(source, key, "it is too long");
        memcpy(word, value, length);
        word[length] = '\0';
        reason = set(source, key, word);
        value += length;
    }
    return reason;
}

/* Nobody changes the environment while the program runs. */
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

static void begin_source(struct source *source, int is_file)
{
    source->is_file = is_file;
    memset(&source->was_set, 0, sizeof source->was_set);
}

static sieve_status read_all(const char *file, const struct config_typed *typed,
                             struct source *source)
{
    sieve_status status = SIEVE_OK;
    begin_source(source, 1);
    if (file)
        status = read_file(file, source);
    begin_source(source, 0);
    if (status == SIEVE_OK)
        status = read_environment(source);
    begin_source(source, 0);
    return status == SIEVE_OK ? read_typed(typed, source) : status;
}

sieve_status config_read(const char *file, const struct config_typed *typed,
                         struct settings *out, struct config_lines *lines,
                         struct config_problem *problem)
{
    *problem = (struct config_problem){.reason = "not enough memory"};
    lines->file = file;
    lines->count = 0;
    struct source *source = calloc(1, sizeof *source);
    if (!source)
        return SIEVE_E_MEMORY;
    source->settings = out;
    source->problem = problem;
    source->lines = lines;
    settings_init(out);
    sieve_status status = read_all(file, typed, source);
    free(source);
    if (status != SIEVE_OK)
        return status;
    status = config_check(out, problem);
    if (status != SIEVE_OK)
        config_locate(lines, problem);
    return status;
}
