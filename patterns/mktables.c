/* mktables.c - the tables of this folder as C, at build time.
 *
 *     mktables OUT.c TABLE.tsv...
 *
 * Reads them with the reader that also reads a user's own tables, checks what concerns
 * several tables at once, compiles the words, and writes one file of constants.  Whatever
 * is wrong ends the build with the file, the line and the reason.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/engine.h"
#include "mkcheck.h"
#include "patterns/rows.h"

#define TABLES_MAX       16
#define TABLE_LENGTH_MAX (1u << 20) /* bytes */

/* ---- reading --------------------------------------------------------------------- */

static int read_table(const char *path, sieve_table *out)
{
    char *text = malloc(TABLE_LENGTH_MAX);
    FILE *file = fopen(path, "rb");
    if (!file || !text) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(text);
        if (file)
            fclose(file);
        return 0;
    }
    size_t length = fread(text, 1, TABLE_LENGTH_MAX, file);
    int whole = !ferror(file) && length < TABLE_LENGTH_MAX;
    fclose(file);
    if (!whole)
        fprintf(stderr, "%s: cannot be read, or is too long\n", path);
    *out = (sieve_table){path, text, length};
    return whole;
}

/* ---- values ---------------------------------------------------------------------- */

static void put_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\' || byte == '?')
            fprintf(out, "\\%03o", byte);
        else
            fputc(byte, out);
    }
    fputs("\", ", out);
}

static void put_bytes(FILE *out, const char *type, const char *name, const void *bytes,
                      size_t length)
{
    const unsigned char *at = bytes;
    fprintf(out, "static const %s %s[] = {", type, name);
    for (size_t i = 0; i < length; i++)
        fprintf(out, "%s%u,", i % 32 == 0 ? "\n" : "", at[i]);
    fputs("\n};\n\n", out);
}

static void put_encoding(FILE *out, const struct separator_bytes *bytes)
{
    fputs("{{", out);
    for (size_t i = 0; i < SEPARATOR_BYTES_MAX; i++)
        fprintf(out, "%u, ", bytes->bytes[i]);
    fprintf(out, "}, %u}, ", bytes->length);
}

/* ---- tables ---------------------------------------------------------------------- */

static void put_brands(FILE *out, const struct pattern_set *set)
{
    fputs("static const struct brand_row brands[] = {\n", out);
    for (size_t i = 0; i < set->brand_count; i++) {
        const struct brand_row *row = &set->brands[i];
        fputs("{{", out);
        put_text(out, row->id.name);
        put_text(out, row->id.title);
        fputs("}, {", out);
        for (size_t k = 0; k < BRAND_GROUPINGS_MAX; k++) {
            fputc('{', out);
            for (size_t group = 0; group <= GROUPING_GROUPS_MAX; group++)
                fprintf(out, "%u,", row->groupings[k][group]);
            fputs("},", out);
        }
        fprintf(out, "}, %u},\n", row->grouping_count);
    }
    fputs("};\n\nstatic const struct range_row ranges[] = {\n", out);
    for (size_t i = 0; i < set->range_count; i++) {
        const struct range_row *row = &set->ranges[i];
        fprintf(out, "{%lluu, %lluu, %uu, %u, %u, %u, %u, ",
                (unsigned long long)row->first, (unsigned long long)row->last,
                row->length_mask, row->brand, row->prefix_length, row->luhn, row->tier);
        put_text(out, row->source);
        fputs("},\n", out);
    }
    fputs("};\n\n", out);
}

static void put_separators(FILE *out, const struct pattern_set *set)
{
    fputs("static const struct separator_row separators[] = {\n", out);
    for (size_t i = 0; i < set->separator_count; i++) {
        const struct separator_row *row = &set->separators[i];
        fputc('{', out);
        put_text(out, row->name);
        fprintf(out, "%uu, %u, ", row->code_point, row->joint);
        put_encoding(out, &row->utf8);
        put_encoding(out, &row->cp932);
        put_encoding(out, &row->euc_jp);
        put_encoding(out, &row->jis);
        put_encoding(out, &row->ebcdic);
        fputs("},\n", out);
    }
    fputs("};\n\nstatic const struct entity_row entities[] = {\n", out);
    for (size_t i = 0; i < set->entity_count; i++) {
        fputc('{', out);
        put_text(out, set->entities[i].name);
        fprintf(out, "%uu},\n", set->entities[i].code_point);
    }
    fputs("};\n\n", out);
}

static void put_words(FILE *out, const struct pattern_set *set)
{
    fputs("static const struct word_row words[] = {\n", out);
    for (size_t i = 0; i < set->word_count; i++) {
        const struct word_row *row = &set->words[i];
        fputc('{', out);
        put_text(out, row->text);
        put_text(out, row->tag);
        fprintf(out, "%u, %u, %u, %u, ", row->effect, row->match, row->weak,
                row->key_only);
        put_text(out, row->reason);
        put_text(out, row->key_reason);
        put_text(out, row->column_reason);
        fputs("},\n", out);
    }
    fputs("};\n\nstatic const struct word_literal literals[] = {\n", out);
    for (size_t i = 0; i < set->literal_count; i++) {
        const struct word_literal *row = &set->literals[i];
        fprintf(out, "{%u, %u, %u, %u},\n", row->offset, row->length, row->word,
                row->encoding);
    }
    fputs("};\n\n", out);
    put_bytes(out, "uint8_t", "literal_bytes", set->literal_bytes, set->literal_length);
    put_bytes(out, "uint8_t", "literal_folds", set->literal_folds, set->literal_length);
}

static void put_lookalikes(FILE *out, const struct pattern_set *set)
{
    fputs("static const struct lookalike_row lookalikes[] = {\n", out);
    for (size_t i = 0; i < set->lookalike_count; i++) {
        const struct lookalike_row *row = &set->lookalikes[i];
        fputc('{', out);
        put_text(out, row->name);
        put_text(out, row->title_en);
        put_text(out, row->title_ja);
        fprintf(out, "%uu, {", row->length_mask);
        for (size_t k = 0; k < LOOKALIKE_PREFIXES_MAX; k++)
            fprintf(out, "{%lluu, %lluu, %u}, ",
                    (unsigned long long)row->prefixes[k].first,
                    (unsigned long long)row->prefixes[k].last, row->prefixes[k].length);
        fprintf(out, "}, %u, %u, %u, %u, %d, %u},\n", row->prefix_count, row->check,
                row->date, row->zeros, row->before, row->hard);
    }
    fputs("};\n\nstatic const struct test_number test_numbers[] = {\n", out);
    for (size_t i = 0; i < set->test_number_count; i++) {
        const struct test_number *row = &set->test_numbers[i];
        fprintf(out, "{%lluu, %u, %u, %u, ", (unsigned long long)row->value, row->digits,
                row->luhn_valid, row->brand);
        put_text(out, row->publisher);
        fputs("},\n", out);
    }
    fputs("};\n\n", out);
}

static void put_forms(FILE *out, const struct pattern_set *set)
{
    fputs("static const struct form_row forms[] = {\n", out);
    for (size_t i = 0; i < set->form_count; i++) {
        fputc('{', out);
        put_text(out, set->forms[i].name);
        put_text(out, set->forms[i].title_en);
        put_text(out, set->forms[i].title_ja);
        put_text(out, set->forms[i].note);
        fputs("},\n", out);
    }
    fputs("};\n\nstatic const struct reason_row reasons[] = {\n", out);
    for (size_t i = 0; i < set->reason_count; i++) {
        fputc('{', out);
        put_text(out, set->reasons[i].word);
        put_text(out, set->reasons[i].sentence_en);
        put_text(out, set->reasons[i].sentence_ja);
        fputs("},\n", out);
    }
    fputs("};\n\n", out);
}

static void put_set(FILE *out, const struct pattern_set *set)
{
    static const char *const lists[] = {"brand",     "range",       "separator", "entity",
                                        "word",      "literal",     "form",      "reason",
                                        "lookalike", "test_number", NULL};
    fputs("const struct pattern_set builtin_patterns = {\n", out);
    for (size_t i = 0; lists[i]; i++) {
        int is_entity = strcmp(lists[i], "entity") == 0;
        const char *name = is_entity ? "entitie" : lists[i];
        fprintf(out, ".%ss = %ss, .%s_count = sizeof %ss / sizeof %ss[0],\n", name, name,
                lists[i], name, name);
    }
    fprintf(out,
            ".literal_bytes = literal_bytes, .literal_folds = literal_folds,\n"
            ".literal_length = %zu,\n",
            set->literal_length);
    fputs(".words_database = words_database,\n"
          ".words_database_length = sizeof words_database,\n};\n",
          out);
}

static int write_tables(const char *path, const struct pattern_set *set)
{
    char *database = NULL;
    size_t length = 0;
    if (engine_serialize_words(set, &database, &length) != SIEVE_OK) {
        fputs("words.tsv: the words could not be compiled\n", stderr);
        return 0;
    }
    FILE *out = fopen(path, "w");
    if (!out) {
        fprintf(stderr, "%s: cannot be written\n", path);
        free(database);
        return 0;
    }
    fputs("/* Made by mktables from the tables in patterns/. */\n"
          "#include \"patterns/patterns.h\"\n\n",
          out);
    put_brands(out, set);
    put_separators(out, set);
    put_words(out, set);
    put_lookalikes(out, set);
    put_forms(out, set);
    put_bytes(out, "_Alignas(64) unsigned char", "words_database", database, length);
    put_set(out, set);
    free(database);
    int failed = ferror(out);
    return fclose(out) == 0 && !failed;
}

int main(int argc, char **argv)
{
    sieve_table tables[TABLES_MAX];
    sieve_error error = {.status = SIEVE_OK};
    struct pattern_set *set = NULL;
    int table_count = 0;
    int done = 0;
    if (argc < 3 || argc - 2 > TABLES_MAX) {
        fputs("usage: mktables OUT.c TABLE.tsv...\n", stderr);
        return 2;
    }
    while (table_count < argc - 2) {
        if (!read_table(argv[table_count + 2], &tables[table_count]))
            return 1;
        table_count++;
    }
    if (patterns_merge(NULL, tables, (size_t)table_count, &set, &error) != SIEVE_OK)
        fprintf(stderr, "%s:%llu: %s\n", error.table ? error.table : "mktables",
                (unsigned long long)error.offset, error.what);
    else
        done = check_tables(set) && write_tables(argv[1], set);
    patterns_free(set);
    while (table_count > 0) {
        /* read_table() allocated it; the table only lends it on as constant. */
        union {
            const char *lent;
            char *owned;
        } text = {.lent = tables[--table_count].text};
        free(text.owned);
    }
    return done ? 0 : 1;
}
