/* golden.c - runs .case files through the library.
 *
 *     golden [--update] FILE...
 *
 * A case has sections, each begun by its name on a line of its own.  What stands before
 * the first is a comment: why the case is there.
 *
 *     --OPTIONS--    confidence=low brands=visa,jcb kinds=pan,track2 style=last4 mask=X
 *                    ebcdic=1                                        (may be missing)
 *     --INPUT--      lines, with escapes \n \r \t \e \\ \xHH; joined by LF, none at the
 * end
 *     --EXPECTED--   one JSON object for each finding
 *     --MASKED--     the masked input, with escapes                  (may be missing)
 *
 * --update writes what is found back as expected.  Every case also runs as a stream of
 * small chunks, which must agree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/engine.h"

enum section {
    COMMENT,
    OPTIONS,
    INPUT,
    EXPECTED,
    MASKED,
    SECTION_COUNT
};

static const char *const heads[SECTION_COUNT] = {"", "--OPTIONS--\n", "--INPUT--\n",
                                                 "--EXPECTED--\n", "--MASKED--\n"};

#define WORDS_MAX 16

struct options {
    sieve_options options;
    char text[512];
    const char *brands[WORDS_MAX + 1];
};

/* ---- reading -------------------------------------------------------------------- */

static int read_sections(const char *path, struct text *sections)
{
    char line[8192];
    enum section section = COMMENT;
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        enum section next = section;
        for (int i = OPTIONS; i < SECTION_COUNT; i++)
            if (strcmp(line, heads[i]) == 0)
                next = (enum section)i;
        if (next == section)
            text_add_string(&sections[section], line);
        section = next;
    }
    fclose(file);
    return 1;
}

static void unescape(const struct text *section, struct text *out)
{
    size_t length = section->length;
    if (length > 0 && section->bytes[length - 1] == '\n')
        length--;
    text_add_escaped(out, (const char *)section->bytes, length);
}

static uint32_t kinds_of(char *list)
{
    uint32_t kinds = 0;
    for (char *name = list; name;) {
        char *comma = strchr(name, ',');
        if (comma)
            *comma = 0;
        for (int i = 0; i < SIEVE_KIND_COUNT; i++)
            if (strcmp(name, sieve_kind_name((sieve_kind)i)) == 0)
                kinds |= 1u << i;
        name = comma ? comma + 1 : NULL;
    }
    return kinds;
}

static void set_brands(struct options *out, char *list)
{
    size_t count = 0;
    for (char *name = list; name && count < WORDS_MAX;) {
        char *comma = strchr(name, ',');
        if (comma)
            *comma = 0;
        out->brands[count++] = name;
        name = comma ? comma + 1 : NULL;
    }
    out->options.brands = out->brands;
}

static int set_option(struct options *out, const char *name, char *value)
{
    sieve_options *options = &out->options;
    if (strcmp(name, "confidence") == 0) {
        for (int level = SIEVE_LOW; level <= SIEVE_HIGH; level++)
            if (strcmp(value, sieve_confidence_name((sieve_confidence)level)) == 0)
                options->min_confidence = (sieve_confidence)level;
    } else if (strcmp(name, "style") == 0) {
        for (int i = 0; i < SIEVE_STYLE_COUNT; i++)
            if (strcmp(value, sieve_style_name((sieve_style)i)) == 0)
                options->style = (sieve_style)i;
    } else if (strcmp(name, "mask") == 0) {
        options->mask = value[0];
    } else if (strcmp(name, "ebcdic") == 0) {
        options->ebcdic = value[0] == '1';
    } else if (strcmp(name, "kinds") == 0) {
        options->kinds = kinds_of(value);
    } else if (strcmp(name, "brands") == 0) {
        set_brands(out, value);
    } else {
        return 0;
    }
    return 1;
}

static int read_options(struct text *section, struct options *out)
{
    const sieve_options defaults = SIEVE_OPTIONS_DEFAULT;
    memset(out, 0, sizeof *out);
    out->options = defaults;
    snprintf(out->text, sizeof out->text, "%s", text_string(section));
    for (char *word = out->text + strspn(out->text, " \n"); *word;) {
        char *end = word + strcspn(word, " \n");
        char *next = end + strspn(end, " \n");
        *end = 0;
        char *value = strchr(word, '=');
        if (!value)
            return 0;
        *value++ = 0;
        if (!set_option(out, word, value))
            return 0;
        word = next;
    }
    return 1;
}

/* ---- writing -------------------------------------------------------------------- */

static void write_finding(struct text *out, const sieve_finding *finding)
{
    text_add_format(out, "{\"offset\":%llu,\"length\":%u,\"kind\":\"%s\",",
                    (unsigned long long)finding->offset, finding->length,
                    sieve_kind_name(finding->kind));
    if (finding->brand)
        text_add_format(out, "\"brand\":\"%s\",", finding->brand->name);
    text_add_format(out,
                    "\"digits\":%u,\"masked\":\"%s\",\"form\":\"%s\","
                    "\"confidence\":\"%s\"%s}\n",
                    finding->digit_count, finding->shown, sieve_form_name(finding->form),
                    sieve_confidence_name(finding->confidence),
                    finding->test_number ? ",\"test_number\":true" : "");
}

static void write_case(const char *path, struct text *sections, struct text *found,
                       struct text *masked)
{
    FILE *file = fopen(path, "w");
    if (!file)
        abort();
    for (int i = 0; i < SECTION_COUNT; i++) {
        struct text *section = i == EXPECTED ? found : &sections[i];
        if (i == MASKED && section->length > 0)
            section = masked;
        if (i != EXPECTED && section->length == 0)
            continue;
        fprintf(file, "%s%s", heads[i], text_string(section));
    }
    fclose(file);
}

/* ---- running -------------------------------------------------------------------- */

/* Findings and masked bytes as the sections of a case would hold them. */
static int run_case(const struct options *options, const struct text *input,
                    struct text *found, struct text *masked)
{
    struct engine engine = engine_open(&options->options);
    struct findings findings = {0};
    struct findings pieces = {0};
    struct text bytes = {0};
    struct text handed = {0};
    text_add(&bytes, input->bytes, input->length);
    sieve_status status = engine_mask(&engine, bytes.bytes, bytes.length, &findings);
    for (size_t i = 0; i < findings.count; i++)
        write_finding(found, &findings.at[i]);
    text_add_shown(masked, bytes.bytes, bytes.length);
    text_add_string(masked, "\n");
    if (status == SIEVE_OK)
        status = engine_stream(&engine, input->bytes, input->length,
                               (struct cut){.chunk = 3}, &pieces, &handed);
    int good =
        status == SIEVE_OK && findings_same(&findings, &pieces, 1) &&
        handed.length == bytes.length &&
        (bytes.length == 0 || memcmp(handed.bytes, bytes.bytes, bytes.length) == 0);
    findings_done(&findings);
    findings_done(&pieces);
    text_done(&bytes);
    text_done(&handed);
    engine_close(&engine);
    return good;
}

static int same_text(struct text *one, struct text *other)
{
    return strcmp(text_string(one), text_string(other)) == 0;
}

/* The escapes of the case may be written in other ways: compare what they mean. */
static int same_masked(const struct text *wanted, const struct text *masked)
{
    struct text one = {0};
    struct text other = {0};
    unescape(wanted, &one);
    unescape(masked, &other);
    int same = same_text(&one, &other);
    text_done(&one);
    text_done(&other);
    return same;
}

static int try_case(const char *path, int update)
{
    struct text sections[SECTION_COUNT] = {{0}};
    struct text input = {0};
    struct text found = {0};
    struct text masked = {0};
    struct options options;
    int good =
        read_sections(path, sections) && read_options(&sections[OPTIONS], &options);
    if (!good)
        printf("%s: not a case\n", path);
    unescape(&sections[INPUT], &input);
    if (good && !run_case(&options, &input, &found, &masked)) {
        printf("%s: the stream does not agree with the block\n", path);
        good = 0;
    }
    if (good && update) {
        write_case(path, sections, &found, &masked);
    } else if (good && !same_text(&found, &sections[EXPECTED])) {
        printf("%s: expected\n%sfound\n%s", path, text_string(&sections[EXPECTED]),
               text_string(&found));
        good = 0;
    } else if (good && sections[MASKED].length > 0 &&
               !same_masked(&sections[MASKED], &masked)) {
        printf("%s: expected masked\n%sgot\n%s", path, text_string(&sections[MASKED]),
               text_string(&masked));
        good = 0;
    }
    for (int i = 0; i < SECTION_COUNT; i++)
        text_done(&sections[i]);
    text_done(&input);
    text_done(&found);
    text_done(&masked);
    return good;
}

int main(int argc, char **argv)
{
    int update = argc > 1 && strcmp(argv[1], "--update") == 0;
    int failed = 0;
    for (int i = 1 + update; i < argc; i++)
        failed += !try_case(argv[i], update);
    printf("%d cases, %d failed\n", argc - 1 - update, failed);
    return failed != 0 || argc < 2 + update;
}
