/* Every row of patterns/examples.tsv, through the public interface. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cardsieve.h"

#define FIELDS_MAX 7
#define TEXT_MAX   4096
#define TOLD_MAX   50

enum {
    ROW,
    EXPECT,
    TEXT,
    KIND,
    BRAND,
    FORM,
    CONFIDENCE
};

struct example {
    const char *fields[FIELDS_MAX];
    unsigned long line;
    unsigned char text[TEXT_MAX];
    size_t length;
};

struct seen {
    const struct example *example;
    int medium; /* fitting findings of medium confidence and above */
    int low;
    int exact; /* of these, with the confidence that the row tells */
};

static int fits(const char *wanted, const char *got)
{
    return !*wanted || (got && strcmp(wanted, got) == 0);
}

static sieve_next take(const sieve_finding *finding, void *context)
{
    struct seen *seen = context;
    const char *const *fields = seen->example->fields;
    const char *brand = finding->brand ? finding->brand->name : NULL;
    if (!fits(fields[KIND], sieve_kind_name(finding->kind)) ||
        !fits(fields[BRAND], brand) ||
        !fits(fields[FORM], sieve_form_name(finding->form)))
        return SIEVE_CONTINUE;
    seen->medium += finding->confidence >= SIEVE_MEDIUM;
    seen->low += finding->confidence == SIEVE_LOW;
    seen->exact += fits(fields[CONFIDENCE], sieve_confidence_name(finding->confidence));
    return SIEVE_CONTINUE;
}

static size_t unescape(const char *from, unsigned char *to)
{
    unsigned char *begin = to;
    while (*from) {
        unsigned byte = 0;
        if (*from != '\\') {
            *to++ = (unsigned char)*from++;
        } else if (from[1] == 'x' && sscanf(from + 2, "%2x", &byte) == 1) {
            *to++ = (unsigned char)byte;
            from += 4;
        } else {
            *to++ = from[1] == 'n'   ? '\n'
                    : from[1] == 'r' ? '\r'
                    : from[1] == 't' ? '\t'
                                     : (unsigned char)from[1];
            from += 2;
        }
    }
    return (size_t)(to - begin);
}

static void split(char *line, struct example *example)
{
    for (size_t i = 0; i < FIELDS_MAX; i++) {
        char *tab = strchr(line, '\t');
        example->fields[i] = line;
        line += tab ? (size_t)(tab - line) + 1 : strlen(line);
        if (tab)
            *tab = '\0';
    }
    example->length = unescape(example->fields[TEXT], example->text);
}

/* NULL if the engine says what the row says. */
static const char *fault_of(const struct example *example, sieve_scanner *scanner)
{
    struct seen seen = {.example = example};
    const char *expect = example->fields[EXPECT];
    sieve_status status =
        sieve_scan(scanner, example->text, example->length, take, &seen);
    cr_assert_eq(status, SIEVE_OK, "line %lu", example->line);
    if (strcmp(expect, "found") == 0)
        return !seen.medium ? (seen.low ? "only low" : "not found")
               : seen.exact ? NULL
                            : "another confidence";
    if (strcmp(expect, "low") == 0)
        return seen.medium ? "not low" : seen.low ? NULL : "not found at low";
    cr_assert_str_eq(expect, "not", "line %lu", example->line);
    return seen.medium || seen.low ? "found" : NULL;
}

struct session {
    sieve_ruleset *ruleset;
    sieve_scanner *scanner;
};

static struct session session_of(int ebcdic)
{
    struct session session;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    options.ebcdic = (uint8_t)ebcdic;
    cr_assert_eq(sieve_ruleset_new(&options, &session.ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(session.ruleset, &session.scanner), SIEVE_OK);
    return session;
}

static void session_done(struct session *session)
{
    sieve_scanner_free(session->scanner);
    sieve_ruleset_free(session->ruleset);
}

Test(examples, are_judged_as_they_say)
{
    static char line[4 * TEXT_MAX];
    static struct example example;
    char path[4096];
    snprintf(path, sizeof path, "%s/patterns/examples.tsv", getenv("SOURCE_DIR"));
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    struct session plain = session_of(0);
    struct session ebcdic = session_of(1);
    unsigned long count = 0;
    unsigned long bad = 0;
    for (unsigned long number = 1; fgets(line, sizeof line, file); number++) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#' || strncmp(line, "row\t", 4) == 0)
            continue;
        example.line = number;
        split(line, &example);
        int is_ebcdic = strcmp(example.fields[FORM], "ebcdic") == 0 ||
                        strcmp(example.fields[ROW], "form:ebcdic") == 0;
        const char *fault =
            fault_of(&example, is_ebcdic ? ebcdic.scanner : plain.scanner);
        count++;
        if (fault && ++bad <= TOLD_MAX)
            fprintf(stderr, "patterns/examples.tsv:%lu: %s: should be %s, is %s\n",
                    number, example.fields[ROW], example.fields[EXPECT], fault);
    }
    fclose(file);
    session_done(&plain);
    session_done(&ebcdic);
    cr_expect_eq(bad, 0, "%lu of %lu examples are not judged as they say", bad, count);
    cr_expect_gt(count, 1000);
}
