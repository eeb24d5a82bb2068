/* fuzz_head.c - a line of a request's head at the proxy: a path is compared as what it
 * means, however it is written; a text that is not looked at has nothing to be found; a
 * list has a name if, and only if, it stands there as a word.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/coding.h"
#include "service/fields.h"
#include "service/proxy_inside.h"

#define TEXT_MAX 2000

/* ---- paths ---------------------------------------------------------------------------
 */

static void claim_same_path(const char *before, const char *target, const char *wanted)
{
    char longer[TEXT_MAX + 16];
    char path[ROUTE_PATH_MAX];
    const size_t length = strlen(before);
    memcpy(longer, before, length);
    memcpy(longer + length, target, strlen(target) + 1);
    if (route_path(longer, path) < 0 || strcmp(path, wanted) != 0)
        abort();
}

static void try_path(const char *text)
{
    char path[ROUTE_PATH_MAX];
    if (text[0] != '/')
        return;
    if (route_path(text, path) < 0 || path[0] != '/')
        abort();
    if (strstr(path, "//") || strstr(path, "/./") || strstr(path, "/../"))
        abort();
    claim_same_path("/.", text, path);
    claim_same_path("/x/..", text, path);
    claim_same_path("/%2E", text, path);
    claim_same_path("/", text, path);
}

/* ---- what is looked at ---------------------------------------------------------------
 */

static sieve_next see_finding(const sieve_finding *finding, void *context)
{
    (void)finding;
    *(int *)context = 1;
    return SIEVE_STOP;
}

static sieve_scanner *make_scanner(void)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    static sieve_ruleset *ruleset; /* reachable as long as the program runs */
    static sieve_scanner *scanner;
    options.min_confidence = SIEVE_LOW;
    if (!scanner && (sieve_ruleset_new(&options, &ruleset, NULL) != SIEVE_OK ||
                     sieve_scanner_new(ruleset, &scanner) != SIEVE_OK))
        abort();
    return scanner;
}

static void try_glance(const char *text)
{
    int is_found = 0;
    if (text[0] == '\0' || !head_is_harmless(text))
        return;
    if (sieve_scan(make_scanner(), text, strlen(text), see_finding, &is_found) !=
            SIEVE_OK ||
        is_found)
        abort();
}

/* ---- lists ---------------------------------------------------------------------------
 */

/* The slow truth. */
static int has_word(const char *list, const char *name)
{
    char words[TEXT_MAX + 2];
    char *rest = NULL;
    memcpy(words, list, strlen(list) + 1);
    for (char *word = strtok_r(words, " \t,", &rest); word;
         word = strtok_r(NULL, " \t,", &rest)) {
        if (strlen(word) == strlen(name) && field_list_has(word, name))
            return 1;
    }
    return 0;
}

static void try_list(const char *text)
{
    const struct codec *codings[CODINGS_MAX];
    size_t count = 0;
    if (field_list_has(text, "gzip") != has_word(text, "gzip"))
        abort();
    if (coding_add(text, codings, &count) == 0 && count > CODINGS_MAX)
        abort();
    (void)field_of(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX + 1];
    const size_t length = size < TEXT_MAX ? size : TEXT_MAX;
    if (length > 0)
        memcpy(text, data, length);
    text[length] = '\0';
    try_path(text);
    try_glance(text);
    try_list(text);
    return 0;
}
