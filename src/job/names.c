#include "job/names.h"

#include <stdlib.h>
#include <string.h>

/* Leading digits of numbers that are judged in as many ways: of every tier, of none,
 * and what only looks like one.  The rest is made here, so that none stands in print. */
static const struct {
    const char *prefix;
    size_t length;
} probes[] = {
    {"453271", 16}, {"355904", 16}, {"4916", 13},   {"3096", 16},   {"3501", 16},
    {"213107", 15}, {"630417", 16}, {"620517", 15}, {"490271", 13},
};
static const char *const codes[] = {"739", "7391", "04129BF7A6CD583E"};

#define PROBE_COUNT (sizeof probes / sizeof probes[0])
#define CODE_COUNT  (sizeof codes / sizeof codes[0])
#define PROBE_MAX   20

static void make_probe(size_t index, char out[PROBE_MAX])
{
    static const char filler[] = "8264915370638";
    const size_t length = probes[index].length;
    const size_t prefix = strlen(probes[index].prefix);
    unsigned sum = 0;
    memcpy(out, probes[index].prefix, prefix);
    memcpy(out + prefix, filler, length - prefix);
    out[length - 1] = '0';
    out[length] = '\0';
    for (size_t at = 0; at < length; at++) {
        unsigned digit = (unsigned)(out[length - 1 - at] - '0') * (at % 2 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    out[length - 1] = (char)('0' + (10 - sum % 10) % 10);
}

struct verdict {
    size_t count;
    unsigned confidence; /* of all together */
};

static sieve_next judge_probe(const sieve_finding *finding, void *context)
{
    struct verdict *verdict = context;
    verdict->count++;
    verdict->confidence += (unsigned)finding->confidence + 8u * (unsigned)finding->kind;
    return SIEVE_CONTINUE;
}

static sieve_status compare_probe(sieve_scanner *scanner, const char *text, size_t key,
                                  enum name_effect *out)
{
    struct verdict with = {0, 0};
    struct verdict without = {0, 0};
    const size_t length = strlen(text);
    sieve_status status = sieve_scan(scanner, text, length, judge_probe, &with);
    if (status == SIEVE_OK)
        status = sieve_scan(scanner, text + key, length - key, judge_probe, &without);
    if (with.confidence > without.confidence)
        *out = NAME_RAISES;
    else if (with.confidence < without.confidence || with.count != without.count)
        *out = NAME_LOWERS;
    return status;
}

sieve_status name_prefix(sieve_scanner *scanner, const char *name,
                         enum name_effect *effect_out, char **prefix_out)
{
    const size_t key = strlen(name) + 1;
    char *text = malloc(key + PROBE_MAX);
    sieve_status status = text ? SIEVE_OK : SIEVE_E_MEMORY;
    *prefix_out = NULL;
    *effect_out = NAME_SILENT;
    for (size_t index = 0; index < PROBE_COUNT + CODE_COUNT; index++) {
        if (status != SIEVE_OK || *effect_out != NAME_SILENT)
            break;
        memcpy(text, name, key - 1);
        text[key - 1] = '=';
        if (index < PROBE_COUNT)
            make_probe(index, text + key);
        else
            memcpy(text + key, codes[index - PROBE_COUNT],
                   strlen(codes[index - PROBE_COUNT]) + 1);
        status = compare_probe(scanner, text, key, effect_out);
    }
    if (status == SIEVE_OK && *effect_out != NAME_SILENT) {
        text[key] = '\0';
        *prefix_out = text;
        return SIEVE_OK;
    }
    free(text);
    return status;
}
