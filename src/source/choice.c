#include "source/choice.h"

#include <string.h>

/* The dot that parts schema and name, or NULL. */
static const char *parting_dot(const char *pattern)
{
    int is_quoted = 0;
    for (; *pattern; pattern++) {
        if (*pattern == '"')
            is_quoted = !is_quoted;
        else if (*pattern == '.' && !is_quoted)
            return pattern;
    }
    return NULL;
}

/* One character of a pattern, its quotes undone. */
struct mark {
    unsigned char byte;
    int is_any_text;
    int is_any_character;
    int is_exact;
    const char *behind; /* what follows it */
    int is_quoted;      /* ... begins inside of quotes */
};

static int read_mark(const char *at, const char *end, int is_quoted, struct mark *out)
{
    for (; at < end && *at == '"'; at++) {
        if (is_quoted && at + 1 < end && at[1] == '"') {
            at++; /* "" inside of quotes is a quote */
            break;
        }
        is_quoted = !is_quoted;
    }
    if (at >= end)
        return 0;
    *out = (struct mark){
        .byte = (unsigned char)*at,
        .is_any_text = !is_quoted && *at == '*',
        .is_any_character = !is_quoted && *at == '?',
        .is_exact = is_quoted,
        .behind = at + 1,
        .is_quoted = is_quoted,
    };
    return 1;
}

static unsigned char lowered(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}

static size_t character_length(const char *name)
{
    size_t length = 1;
    while (((unsigned char)name[length] & 0xC0) == 0x80)
        length++;
    return length;
}

static int is_same(const struct mark *mark, unsigned char byte)
{
    return mark->is_exact ? mark->byte == byte : lowered(mark->byte) == lowered(byte);
}

/* The part of a pattern in [at, end) against a whole name. */
static int part_matches(const char *at, const char *end, const char *name)
{
    const char *retry = NULL; /* behind the last `*`, and where its text ends then */
    const char *retry_name = NULL;
    int retry_quoted = 0;
    int is_quoted = 0;
    struct mark mark;
    for (;;) {
        const int has_mark = read_mark(at, end, is_quoted, &mark);
        if (!has_mark && *name == '\0')
            return 1;
        if (has_mark && mark.is_any_text) {
            retry = at = mark.behind;
            retry_quoted = is_quoted = mark.is_quoted;
            retry_name = name;
        } else if (has_mark && *name &&
                   (mark.is_any_character || is_same(&mark, (unsigned char)*name))) {
            at = mark.behind;
            is_quoted = mark.is_quoted;
            name += mark.is_any_character ? character_length(name) : 1;
        } else if (retry && *retry_name) {
            at = retry;
            is_quoted = retry_quoted;
            name = ++retry_name;
        } else {
            return 0;
        }
    }
}

int pattern_matches(const char *pattern, const char *schema, const char *name)
{
    const char *dot = parting_dot(pattern);
    if (dot && !part_matches(pattern, dot, schema ? schema : "main"))
        return 0;
    const char *at = dot ? dot + 1 : pattern;
    return part_matches(at, at + strlen(at), name);
}

static int any_matches(const char *const *patterns, size_t count, const char *schema,
                       const char *name)
{
    for (size_t index = 0; index < count; index++) {
        if (pattern_matches(patterns[index], schema, name))
            return 1;
    }
    return 0;
}

int choice_takes_table(const struct choice *choice, const char *schema, const char *name)
{
    const char *in = schema ? schema : "main";
    if (choice->schema_count > 0 &&
        !any_matches(choice->schemas, choice->schema_count, NULL, in))
        return 0;
    if (choice->table_count > 0 &&
        !any_matches(choice->tables, choice->table_count, schema, name))
        return 0;
    return !any_matches(choice->excluded, choice->excluded_count, schema, name);
}

int choice_takes_column(const struct choice *choice, const char *name)
{
    return choice->column_count == 0 ||
           any_matches(choice->columns, choice->column_count, NULL, name);
}

static int has_column(const struct table *table, const char *pattern)
{
    for (size_t index = 0; index < table->column_count; index++) {
        if (pattern_matches(pattern, NULL, table->columns[index].name))
            return 1;
    }
    return 0;
}

int choice_takes_database(const struct choice *choice, const char *name)
{
    return choice->database_count == 0 ||
           any_matches(choice->databases, choice->database_count, NULL, name);
}

static void match_table(const struct choice *choice, const struct table *table,
                        struct choice_matches *matches)
{
    const char *schema = table->schema ? table->schema : "main";
    for (size_t index = 0; index < choice->schema_count; index++)
        matches->schemas[index] |=
            (unsigned char)pattern_matches(choice->schemas[index], NULL, schema);
    for (size_t index = 0; index < choice->table_count; index++)
        matches->tables[index] |= (unsigned char)pattern_matches(
            choice->tables[index], table->schema, table->name);
    for (size_t index = 0; index < choice->column_count; index++)
        if (!matches->columns[index])
            matches->columns[index] =
                (unsigned char)has_column(table, choice->columns[index]);
}

void choice_match(const struct choice *choice, const struct table *tables, size_t count,
                  int schemas_are_databases, struct choice_matches *matches)
{
    for (size_t at = 0; at < count; at++) {
        const char *schema = tables[at].schema;
        match_table(choice, &tables[at], matches);
        for (size_t index = 0; schemas_are_databases && index < choice->database_count;
             index++)
            matches->databases[index] |= (unsigned char)pattern_matches(
                choice->databases[index], NULL, schema ? schema : "");
    }
}

static const char *first_unmarked(const char *const *patterns, size_t count,
                                  const unsigned char *marks)
{
    for (size_t index = 0; index < count; index++) {
        if (!marks[index])
            return patterns[index];
    }
    return NULL;
}

const char *choice_unmatched(const struct choice *choice,
                             const struct choice_matches *matches)
{
    const char *found =
        first_unmarked(choice->databases, choice->database_count, matches->databases);
    if (!found)
        found = first_unmarked(choice->schemas, choice->schema_count, matches->schemas);
    if (!found)
        found = first_unmarked(choice->tables, choice->table_count, matches->tables);
    if (!found)
        found = first_unmarked(choice->columns, choice->column_count, matches->columns);
    return found;
}
