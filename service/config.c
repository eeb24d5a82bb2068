#include "service/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "service/yaml_file.h"

#define VARIABLE_MAX 64
#define ROWS_MAX     64

const struct config_row *config_find(const char *key)
{
    for (const struct config_row *row = config_rows; row->key; row++) {
        if (strcmp(row->key, key) == 0)
            return row;
    }
    return NULL;
}

/* One of: file, environment, command line.  A list of one replaces that of the other. */
struct source {
    struct settings *settings;
    struct config_problem *problem;
    unsigned char was_set[ROWS_MAX];
};

static const char *set(struct source *source, const struct config_row *row,
                       const char *value)
{
    const size_t place = (size_t)(row - config_rows);
    if (row->is_list && !source->was_set[place])
        row->clear(source->settings);
    source->was_set[place] = 1;
    const char *reason = row->set(source->settings, row, value);
    if (reason)
        source->problem->key = row->key;
    return reason;
}

/* ---- the file ------------------------------------------------------------------------
 */

static const char *take_value(void *context, const struct yaml_value *value)
{
    struct source *source = context;
    const struct config_row *row = config_find(value->path);
    if (!row)
        return "there is no such key";
    if (value->index > 0 && !row->is_list)
        return "this key takes one value";
    return set(source, row, value->text);
}

static sieve_status read_file(const char *file, struct settings *settings,
                              struct config_problem *problem)
{
    struct source source = {.settings = settings, .problem = problem};
    sieve_status status =
        yaml_file_read(file, take_value, &source, &problem->line, &problem->reason);
    if (status != SIEVE_OK) {
        problem->file = file;
        problem->system = status == SIEVE_E_IO ? errno : 0;
    }
    return status;
}

/* ---- the environment -----------------------------------------------------------------
 */

static void name_variable(const struct config_row *row, char out[VARIABLE_MAX])
{
    static const char prefix[] = "CARDSIEVED_";
    size_t length = sizeof prefix - 1;
    memcpy(out, prefix, length);
    for (const char *at = row->key; *at && length + 1 < VARIABLE_MAX; at++)
        out[length++] = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    out[length] = '\0';
}

/* A list's variable holds words between blanks. */
static const char *set_words(struct source *source, const struct config_row *row,
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
        reason = set(source, row, word);
        value += length;
    }
    return reason;
}

/* Runs before the first thread does. */
static sieve_status read_environment(struct settings *settings,
                                     struct config_problem *problem)
{
    struct source source = {.settings = settings, .problem = problem};
    for (const struct config_row *row = config_rows; row->key; row++) {
        char name[VARIABLE_MAX];
        name_variable(row, name);
        const char *value = getenv(name); // NOLINT(concurrency-mt-unsafe)
        if (!value)
            continue;
        problem->reason =
            row->is_list ? set_words(&source, row, value) : set(&source, row, value);
        if (problem->reason)
            return SIEVE_E_INVALID;
    }
    return SIEVE_OK;
}

/* ---- all together --------------------------------------------------------------------
 */

static sieve_status read_typed(const struct config_typed *typed,
                               struct settings *settings, struct config_problem *problem)
{
    struct source source = {.settings = settings, .problem = problem};
    for (size_t index = 0; index < typed->count; index++) {
        problem->reason =
            set(&source, typed->pairs[index].row, typed->pairs[index].value);
        if (problem->reason)
            return SIEVE_E_INVALID;
    }
    return SIEVE_OK;
}

struct rule {
    int is_broken;
    const char *key;
    const char *reason;
};

static sieve_status check(const struct settings *settings, struct config_problem *problem)
{
    const int has_certificate = settings->tls_certificate[0] != '\0';
    const struct rule rules[] = {
        {settings->listener_count == 0, "listen", "there is nothing to listen on"},
        {has_certificate != (settings->tls_key[0] != '\0'), "tls_certificate",
         "a certificate and its key come together"},
        {settings->tls_client_ca[0] && !has_certificate, "tls_client_ca",
         "clients show certificates only over TLS"},
        {settings->options.wishes.style == SIEVE_STYLE_TOKEN && !settings->token_key[0],
         "style", "the style token needs a token_key"},
        {settings->max_head < 1024 || settings->max_head > 65536, "max_head",
         "it is 1K to 64K"},
        {settings->max_connections == 0, "max_connections", "none could be served"},
        {settings->max_decoders == 0, "max_decoders", "none could be decoded"},
        {settings->idle_timeout < 1000, "idle_timeout", "it is at least 1s"},
        {settings->spool_directory[0] == '\0', "spool_directory", "it is empty"},
    };
    for (size_t index = 0; index < sizeof rules / sizeof rules[0]; index++) {
        if (rules[index].is_broken) {
            problem->key = rules[index].key;
            problem->reason = rules[index].reason;
            return SIEVE_E_INVALID;
        }
    }
    return SIEVE_OK;
}

sieve_status config_read(const char *file, const struct config_typed *typed,
                         struct settings *out, struct config_problem *problem)
{
    sieve_status status = SIEVE_OK;
    *problem = (struct config_problem){.reason = NULL};
    settings_init(out);
    if (file)
        status = read_file(file, out, problem);
    if (status == SIEVE_OK)
        status = read_environment(out, problem);
    if (status == SIEVE_OK)
        status = read_typed(typed, out, problem);
    return status == SIEVE_OK ? check(out, problem) : status;
}

const char *config_fixed_difference(const struct settings *before,
                                    const struct settings *after)
{
    if (before->listener_count != after->listener_count ||
        memcmp(before->listeners, after->listeners,
               before->listener_count * sizeof before->listeners[0]) != 0)
        return "listen";
    if ((before->tls_certificate[0] != '\0') != (after->tls_certificate[0] != '\0'))
        return "tls_certificate";
    if ((before->tls_client_ca[0] != '\0') != (after->tls_client_ca[0] != '\0'))
        return "tls_client_ca";
    for (const struct config_row *row = config_rows; row->key; row++) {
        const char *left = (const char *)before + row->at;
        const char *right = (const char *)after + row->at;
        if (!row->at_start_only || row->is_list)
            continue;
        if (strcmp(row->key, "user") == 0 ? strcmp(left, right) != 0
            : strcmp(row->key, "allow_plain") == 0
                ? before->allow_plain != after->allow_plain
                : memcmp(left, right, sizeof(uint64_t)) != 0)
            return row->key;
    }
    return NULL;
}
