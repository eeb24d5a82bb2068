/* mkpage.c - the page and the interface's description as C, at build time.
 *
 *     mkpage OUT.c VERSION TEXTS.tsv BRANDS.tsv FILE...
 *
 * A FILE's name says what is done with it: page.html is written once in each language,
 * with the texts in place of {{key}}; all .js become one script; the rest is taken as it
 * is.  {{version}} is the version, "{{brands}}" the names of all.  What a brand is called
 * is the text "brand-NAME".  Whatever is wrong ends the build with its reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define FILE_LENGTH_MAX (1u << 20) /* bytes, of any file that is read or made */
#define TEXTS_MAX       256
#define LANGUAGES       2

static const char *const languages[LANGUAGES] = {"en", "ja"};

struct text {
    const char *prefix; /* of the key */
    const char *key;
    const char *said[LANGUAGES];
};

struct texts {
    const char *version;
    size_t count;
    struct text rows[TEXTS_MAX];
};

static _Noreturn void fail(const char *where, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", where, why);
    exit(1);
}

/* Appends a whole file; what ends it is its NUL when `buffer` becomes text. */
static void take_file(const char *path, struct buffer *buffer)
{
    unsigned char block[4096];
    FILE *file = fopen(path, "rbe");
    size_t count = 0;
    if (!file)
        fail(path, "cannot be read");
    while ((count = fread(block, 1, sizeof block, file)) > 0) {
        if (buffer_append(buffer, bytes_of(block, count)) != SIEVE_OK)
            fail(path, "is too long");
    }
    if (ferror(file))
        fail(path, "cannot be read");
    (void)fclose(file);
}

static void put(struct buffer *buffer, const char *text)
{
    if (buffer_append(buffer, bytes_of_text(text)) != SIEVE_OK)
        fail("mkpage", "not enough memory");
}

static char *text_of(struct buffer *buffer)
{
    if (buffer_append(buffer, bytes_of("", 1)) != SIEVE_OK)
        fail("mkpage", "not enough memory");
    return (char *)buffer->at;
}

/* ---- texts ----------------------------------------------------------------------- */

static struct text *add_text(const char *path, const char *line, struct texts *texts)
{
    if (strpbrk(line, "<>&\"\\"))
        fail(path, "a text has a character that HTML or JSON would have to escape");
    if (texts->count == TEXTS_MAX)
        fail(path, "there are too many texts");
    return &texts->rows[texts->count++];
}

/* Ends the field at its tab; what is behind it.  The last one is ended already. */
static char *cut_field(const char *path, char *field)
{
    char *tab = strchr(field, '\t');
    if (!tab || tab == field || tab[1] == '\0')
        fail(path, "a row is cut short");
    *tab = '\0';
    return tab + 1;
}

/* key, English, Japanese */
static void read_text(const char *path, char *line, struct texts *texts)
{
    struct text *row = add_text(path, line, texts);
    char *english = cut_field(path, line);
    char *japanese = cut_field(path, english);
    if (strchr(japanese, '\t'))
        fail(path, "a row has too many fields");
    *row = (struct text){"", line, {english, japanese}};
}

/* name, title, and what does not matter here; the first row names the columns */
static void read_brand(const char *path, char *line, struct texts *texts)
{
    if (strncmp(line, "name\t", 5) == 0)
        return;
    struct text *row = add_text(path, line, texts);
    char *title = cut_field(path, line);
    (void)cut_field(path, title);
    *row = (struct text){"brand-", line, {title, title}};
}

static void read_rows(const char *path, struct buffer *buffer,
                      void (*read_row)(const char *path, char *line, struct texts *texts),
                      struct texts *texts)
{
    take_file(path, buffer);
    for (char *line = text_of(buffer); *line;) {
        char *end = strchr(line, '\n');
        if (!end)
            fail(path, "the last line has no end");
        *end = '\0';
        if (*line && *line != '#')
            read_row(path, line, texts);
        line = end + 1;
    }
}

/* What the page's script reads: {"en":{"key":"text",...},...}. */
static void put_texts(struct buffer *out, const struct texts *texts)
{
    for (size_t language = 0; language < LANGUAGES; language++) {
        put(out, language == 0 ? "{\"" : ",\"");
        put(out, languages[language]);
        put(out, "\":{");
        for (size_t index = 0; index < texts->count; index++) {
            put(out, index == 0 ? "\"" : ",\"");
            put(out, texts->rows[index].prefix);
            put(out, texts->rows[index].key);
            put(out, "\":\"");
            put(out, texts->rows[index].said[language]);
            put(out, "\"");
        }
        put(out, "}");
    }
    put(out, "}");
}

/* Names in place of one name between quotes. */
static void put_brands(struct buffer *out, const struct texts *texts)
{
    int is_first = 1;
    for (size_t index = 0; index < texts->count; index++) {
        if (texts->rows[index].prefix[0] == '\0')
            continue;
        put(out, is_first ? "" : "\",\"");
        put(out, texts->rows[index].key);
        is_first = 0;
    }
}

static int is_key(const char *key, const char *text, size_t length)
{
    return strlen(key) == length && memcmp(key, text, length) == 0;
}

static void put_value(struct buffer *out, const struct texts *texts, size_t language,
                      const char *key, size_t length)
{
    if (is_key("texts", key, length)) {
        put_texts(out, texts);
        return;
    }
    if (is_key("brands", key, length)) {
        put_brands(out, texts);
        return;
    }
    if (is_key("lang", key, length)) {
        put(out, languages[language]);
        return;
    }
    if (is_key("version", key, length)) {
        put(out, texts->version);
        return;
    }
    for (size_t index = 0; index < texts->count; index++) {
        if (is_key(texts->rows[index].key, key, length)) {
            put(out, texts->rows[index].said[language]);
            return;
        }
    }
    fail(key, "there is no text of that name");
}

/* Puts values in place of {{key}}. */
static void fill_in(struct buffer *out, const char *text, const struct texts *texts,
                    size_t language)
{
    const char *mark = NULL;
    for (; (mark = strstr(text, "{{")) != NULL; text = strstr(mark, "}}") + 2) {
        const char *key = mark + 2;
        const char *end = strstr(key, "}}");
        if (!end || buffer_append(out, bytes_of(text, (size_t)(mark - text))) != SIEVE_OK)
            fail(key, "a place is not ended");
        put_value(out, texts, language, key, (size_t)(end - key));
    }
    put(out, text);
}

/* ---- out ------------------------------------------------------------------------- */

static void put_document(FILE *out, const char *name, struct buffer *buffer)
{
    const struct bytes bytes = buffer_bytes(buffer);
    if (memchr(bytes.at, '\0', bytes.length))
        fail(name, "it is text, and has a NUL");
    (void)fprintf(out, "const char document_%s[] = {", name);
    for (size_t at = 0; at < bytes.length; at++)
        (void)fprintf(out, "%s%d,", at % 24 == 0 ? "\n" : "", (signed char)bytes.at[at]);
    (void)fputs("0\n};\n\n", out);
    buffer_done(buffer);
}

static int ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) &&
           strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static void put_plain(FILE *out, const char *name, const char *path,
                      const struct texts *texts, size_t language)
{
    struct buffer from;
    struct buffer to;
    buffer_init(&from, FILE_LENGTH_MAX);
    buffer_init(&to, FILE_LENGTH_MAX);
    take_file(path, &from);
    fill_in(&to, text_of(&from), texts, language);
    put_document(out, name, &to);
    buffer_done(&from);
}

/* Several files, one scope. */
static void put_script(FILE *out, char **paths, int count)
{
    struct buffer script;
    buffer_init(&script, FILE_LENGTH_MAX);
    put(&script, "'use strict';\n(() => {\n");
    for (int index = 0; index < count; index++) {
        if (ends_with(paths[index], ".js"))
            take_file(paths[index], &script);
    }
    put(&script, "})();\n");
    put_document(out, "script", &script);
}

static void put_all(FILE *out, char **paths, int count, const struct texts *texts)
{
    (void)fputs("#include \"service/documents.h\"\n\n", out);
    for (int index = 0; index < count; index++) {
        const char *path = paths[index];
        if (ends_with(path, ".html")) {
            put_plain(out, "page_en", path, texts, 0);
            put_plain(out, "page_ja", path, texts, 1);
        } else if (ends_with(path, ".css")) {
            put_plain(out, "look", path, texts, 0);
        } else if (ends_with(path, ".json")) {
            put_plain(out, "openapi", path, texts, 0);
        } else if (!ends_with(path, ".js")) {
            fail(path, "a file of a kind that is not known");
        }
    }
    put_script(out, paths, count);
}

int main(int count, char **arguments)
{
    static struct texts texts;
    struct buffer rows;
    struct buffer brands;
    if (count < 6)
        fail("mkpage", "OUT.c VERSION TEXTS.tsv BRANDS.tsv FILE...");
    texts.version = arguments[2];
    buffer_init(&rows, FILE_LENGTH_MAX);
    buffer_init(&brands, FILE_LENGTH_MAX);
    read_rows(arguments[3], &rows, read_text, &texts);
    read_rows(arguments[4], &brands, read_brand, &texts);
    FILE *out = fopen(arguments[1], "we");
    if (!out)
        fail(arguments[1], "cannot be written");
    put_all(out, arguments + 5, count - 5, &texts);
    const int has_failed = ferror(out) != 0;
    if (fclose(out) != 0 || has_failed)
        fail(arguments[1], "cannot be written");
    buffer_done(&rows);
    buffer_done(&brands);
    return 0;
}
