/* fuzz_rows.c - a user's own tables: whatever they hold, a status and a line number; and
 * what is accepted can be used.
 *
 * The first byte chooses the table. */
#include <stdlib.h>
#include <string.h>

#include "cardsieve.h"
#include "fuzz/fuzz.h"

static const char *const names[] = {"ranges.tsv",       "brands.tsv", "words.tsv",
                                    "lookalikes.tsv",   "rules.tsv",  "separators.tsv",
                                    "test_numbers.tsv", "unknown.tsv"};

static const char text[] = "card 4111111111111111, cvv=123; 5555 5555 5555 4444\n"
                           "69123456789 house-77 order 30569309025904\n";

static size_t count_lines(const uint8_t *data, size_t size)
{
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    return lines;
}

static void use_ruleset(const sieve_ruleset *ruleset)
{
    char copy[sizeof text];
    sieve_scanner *scanner = NULL;
    memcpy(copy, text, sizeof text);
    if (sieve_scanner_new(ruleset, &scanner) != SIEVE_OK ||
        sieve_mask(scanner, copy, sizeof text - 1, NULL, NULL) != SIEVE_OK)
        abort();
    for (size_t i = 0; sieve_ruleset_brand(ruleset, i); i++)
        if (!sieve_ruleset_brand(ruleset, i)->name)
            abort();
    sieve_scanner_free(scanner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_ruleset *ruleset = NULL;
    sieve_error error;
    if (size == 0)
        return 0;
    const char *name = names[data[0] % (sizeof names / sizeof names[0])];
    char *copy = malloc(size); /* of the exact size: no NUL to lean on */
    if (!copy)
        abort();
    memcpy(copy, data + 1, size - 1);
    const sieve_table table = {name, copy, size - 1};
    options.tables = &table;
    options.table_count = 1;
    memset(&error, 0, sizeof error);
    sieve_status status = sieve_ruleset_new(&options, &ruleset, &error);
    if (status == SIEVE_OK)
        use_ruleset(ruleset);
    else if (status == SIEVE_E_PATTERN &&
             (!error.what || !error.table || strcmp(error.table, name) != 0 ||
              error.offset > count_lines(data + 1, size - 1)))
        abort();
    sieve_ruleset_free(ruleset);
    free(copy);
    return 0;
}
