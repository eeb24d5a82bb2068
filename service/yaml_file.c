#include "service/yaml_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/number.h"
#include "service/secret_file.h"

#define KEYS_MAX 2048 /* in the whole file: more than there are */

struct level {
    int is_mapping;
    int wants_key;      /* of a mapping */
    size_t index;       /* of the value that comes next */
    size_t line;        /* where it begins */
    size_t path_length; /* of what is outside of this level's own keys */
};

struct reading {
    yaml_taker take;
    void *context;
    size_t depth;
    struct level levels[YAML_DEPTH_MAX];
    char path[YAML_PATH_MAX];
    size_t path_length;
    size_t key_at; /* where in the path the last key begins */
    size_t seen_count;
    char *seen[KEYS_MAX]; /* paths of keys */
    size_t documents;
    size_t line;
};

/* ---- paths ---------------------------------------------------------------------------
 */

static const char *add_to_path(struct reading *reading, const char *word)
{
    const size_t length = strlen(word);
    const size_t dot = reading->path_length > 0;
    if (reading->path_length + dot + length + 1 > sizeof reading->path)
        return "its keys are too long";
    if (dot)
        reading->path[reading->path_length] = '.';
    memcpy(reading->path + reading->path_length + dot, word, length + 1);
    reading->path_length += dot + length;
    return NULL;
}

static void cut_path(struct reading *reading, size_t length)
{
    reading->path_length = length;
    reading->path[length] = '\0';
}

static struct level *top(struct reading *reading)
{
    return reading->depth > 0 ? &reading->levels[reading->depth - 1] : NULL;
}

static const char *note_key(struct reading *reading)
{
    for (size_t index = 0; index < reading->seen_count; index++) {
        if (strcmp(reading->seen[index], reading->path) == 0)
            return "this key stands here a second time";
    }
    if (reading->seen_count == KEYS_MAX)
        return "there are too many keys";
    reading->seen[reading->seen_count] = strdup(reading->path);
    if (!reading->seen[reading->seen_count])
        return "not enough memory";
    reading->seen_count++;
    return NULL;
}

static const char *take_key(struct reading *reading, const char *text)
{
    struct level *level = top(reading);
    cut_path(reading, level->path_length);
    reading->key_at = reading->path_length + (reading->path_length > 0);
    const char *reason = add_to_path(reading, text);
    if (!reason)
        reason = note_key(reading);
    level->wants_key = 0;
    return reason;
}

/* A value has come to its end. */
static void pass(struct reading *reading)
{
    struct level *level = top(reading);
    if (!level)
        return;
    level->wants_key = level->is_mapping;
    level->index++;
}

/* ---- events --------------------------------------------------------------------------
 */

static const char *take_scalar(struct reading *reading, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    struct level *level = top(reading);
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return "anchors and tags are not read here";
    if (strlen(text) != event->data.scalar.length)
        return "there is a NUL in it";
    if (!level)
        return "the file is no list of keys and values";
    if (level->is_mapping && level->wants_key)
        return take_key(reading, text);
    const struct yaml_value value = {reading->path,
                                     reading->path + reading->key_at,
                                     text,
                                     0,
                                     level->is_mapping ? 0 : level->index,
                                     reading->line};
    const char *reason = reading->take(reading->context, &value);
    pass(reading);
    return reason;
}

static const char *open_level(struct reading *reading, int is_mapping, int is_marked)
{
    struct level *outer = top(reading);
    if (is_marked)
        return "anchors and tags are not read here";
    if (reading->depth == YAML_DEPTH_MAX)
        return "it is nested too deep";
    if (outer && outer->is_mapping && outer->wants_key)
        return "a key is a plain word";
    if (!outer && !is_mapping)
        return "the file is no list of keys and values";
    /* A mapping in a sequence is named by its place; a text by its key alone. */
    if (outer && !outer->is_mapping) {
        char place[NUMBER_TEXT_MAX];
        (void)number_text(outer->index, place);
        cut_path(reading, outer->path_length);
        const char *reason = add_to_path(reading, place);
        if (reason)
            return reason;
    }
    reading->levels[reading->depth++] =
        (struct level){is_mapping, is_mapping, 0, reading->line, reading->path_length};
    return NULL;
}

static const char *take_empty(struct reading *reading, const struct level *level)
{
    const struct yaml_value value = {
        reading->path, reading->path + reading->key_at, NULL, level->is_mapping, 0,
        level->line};
    reading->line = level->line;
    return top(reading)->is_mapping ? reading->take(reading->context, &value)
                                    : "an item of this list is empty";
}

static const char *close_level(struct reading *reading)
{
    const struct level *inner = top(reading);
    const char *reason = NULL;
    if (!inner)
        return NULL;
    reading->depth--;
    const struct level *outer = top(reading);
    if (outer && inner->index == 0)
        reason = take_empty(reading, inner);
    if (outer)
        cut_path(reading, outer->path_length);
    pass(reading);
    return reason;
}

static const char *take_event(struct reading *reading, const yaml_event_t *event)
{
    reading->line = event->start_mark.line + 1;
    if (event->type == YAML_DOCUMENT_START_EVENT)
        return reading->documents++ > 0 ? "there is a second document" : NULL;
    if (event->type == YAML_ALIAS_EVENT)
        return "anchors and tags are not read here";
    if (event->type == YAML_SCALAR_EVENT && reading->depth == 0 &&
        event->data.scalar.length == 0)
        return NULL; /* an empty file */
    if (event->type == YAML_SCALAR_EVENT)
        return take_scalar(reading, event);
    if (event->type == YAML_MAPPING_START_EVENT)
        return open_level(reading, 1,
                          event->data.mapping_start.anchor ||
                              event->data.mapping_start.tag);
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return open_level(reading, 0,
                          event->data.sequence_start.anchor ||
                              event->data.sequence_start.tag);
    if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)
        return close_level(reading);
    return NULL;
}

static const char *parse(yaml_parser_t *parser, struct reading *reading)
{
    const char *reason = NULL;
    int has_ended = 0;
    while (!reason && !has_ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            reading->line = parser->problem_mark.line + 1;
            return "this is no YAML";
        }
        reason = take_event(reading, &event);
        has_ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return reason;
}

sieve_status yaml_bytes_read(const void *bytes, size_t length, yaml_taker take,
                             void *context, size_t *line_out, const char **reason_out)
{
    yaml_parser_t parser;
    *line_out = 0;
    *reason_out = "not enough memory";
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return SIEVE_E_MEMORY;
    if (!yaml_parser_initialize(&parser)) {
        free(reading);
        return SIEVE_E_MEMORY;
    }
    reading->take = take;
    reading->context = context;
    yaml_parser_set_input_string(&parser, bytes, length);
    *reason_out = parse(&parser, reading);
    *line_out = reading->line;
    yaml_parser_delete(&parser);
    for (size_t index = 0; index < reading->seen_count; index++)
        free(reading->seen[index]);
    free(reading);
    return *reason_out ? SIEVE_E_INVALID : SIEVE_OK;
}

/* ---- the file ------------------------------------------------------------------------
 */

sieve_status yaml_file_read(const char *path, yaml_taker take, void *context,
                            size_t *line_out, const char **reason_out)
{
    struct buffer text;
    *line_out = 0;
    buffer_init(&text, YAML_LENGTH_MAX);
    sieve_status status = secret_file_read(path, 0, &text, reason_out);
    if (status == SIEVE_OK)
        status =
            yaml_bytes_read(text.at, text.length, take, context, line_out, reason_out);
    const int system = errno;
    buffer_done(&text);
    errno = system;
    return status;
}
