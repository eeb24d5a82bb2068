#include "job/names.h"

#include <stdlib.h>
#include <string.h>

#include "job/luhn.h"

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

/* So near that it makes a code of what has a weak name. */
static const char near_word[] = "credit card\n\n";

#define PROBE_COUNT (sizeof probes / sizeof probes[0])
#define CODE_COUNT  (sizeof codes / sizeof codes[0])
#define PROBE_MAX   20

static void make_probe(size_t index, char out[PROBE_MAX])
{
    static const char filler[] = "8264915370638";
    const size_t length = probes[index].length;
    const size_t prefix = strlen(probes[index].prefix);
    memcpy(out, probes[index].prefix, prefix);
    memcpy(out + prefix, filler, length - prefix);
    out[length] = '\0';
    luhn_complete(out, length);
}

struct verdict {
    size_t count;
    unsigned confidence; /* of all together */
    enum name_about about;
};

const char *name_about_text(enum name_about about)
{
    static const char *const texts[ABOUT_COUNT] = {
        [ABOUT_NOTHING] = NULL,           [ABOUT_CARD] = "a card number",
        [ABOUT_HOLDER] = "the holder",    [ABOUT_EXPIRY] = "the expiry date",
        [ABOUT_CODE] = "a security code", [ABOUT_PIN] = "a PIN",
    };
    return texts[about];
}

/* What the engine took the key for. */
static enum name_about about_of(const sieve_finding *finding)
{
    static const struct {
        const char *reason;
        enum name_about about;
    } rows[] = {
        {"key:card", ABOUT_CARD},
        {"key:holder", ABOUT_HOLDER},
        {"key:expiry", ABOUT_EXPIRY},
    };
    if (finding->kind == SIEVE_KIND_SECURITY_CODE)
        return ABOUT_CODE;
    if (finding->kind == SIEVE_KIND_PIN_BLOCK)
        return ABOUT_PIN;
    for (size_t reason = 0; reason < finding->reason_count; reason++) {
        for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
            if (strcmp(finding->reasons[reason], rows[row].reason) == 0)
                return rows[row].about;
        }
    }
    return ABOUT_NOTHING;
}

static sieve_next judge_probe(const sieve_finding *finding, void *context)
{
    struct verdict *verdict = context;
    const enum name_about about = about_of(finding);
    if (about != ABOUT_NOTHING)
        verdict->about = about;
    verdict->count++;
    verdict->confidence += (unsigned)finding->confidence + 8u * (unsigned)finding->kind;
    return SIEVE_CONTINUE;
}

static sieve_status compare_probe(sieve_scanner *scanner, const char *text, size_t key,
                                  enum name_effect *out, enum name_about *about)
{
    struct verdict with = {.count = 0};
    struct verdict without = {.count = 0};
    const size_t length = strlen(text);
    sieve_status status = sieve_scan(scanner, text, length, judge_probe, &with);
    if (status == SIEVE_OK)
        status = sieve_scan(scanner, text + key, length - key, judge_probe, &without);
    if (with.confidence > without.confidence)
        *out = NAME_RAISES;
    else if (with.confidence < without.confidence || with.count != without.count)
        *out = NAME_LOWERS;
    if (with.about != ABOUT_NOTHING && *about == ABOUT_NOTHING)
        *about = with.about;
    return status;
}

/* The name as a key in front of each thing in turn; `text` has room. */
static sieve_status judge_all(sieve_scanner *scanner, char *text, size_t key,
                              struct name_meaning *out)
{
    sieve_status status = SIEVE_OK;
    for (size_t index = 0; index < PROBE_COUNT && status == SIEVE_OK; index++) {
        make_probe(index, text + key);
        if (out->effect == NAME_SILENT)
            status = compare_probe(scanner, text, key, &out->effect, &out->about);
    }
    for (size_t index = 0; index < CODE_COUNT && status == SIEVE_OK; index++) {
        enum name_effect effect = NAME_SILENT;
        memcpy(text + key, codes[index], strlen(codes[index]) + 1);
        status = compare_probe(scanner, text, key, &effect, &out->about);
        if (effect == NAME_SILENT)
            continue;
        out->for_codes = 1;
        if (out->effect == NAME_SILENT)
            out->effect = effect;
    }
    return status;
}

/* What a code's name is worth only beside a card word. */
static sieve_status judge_weak(sieve_scanner *scanner, char *text, size_t key,
                               struct name_meaning *out)
{
    sieve_status status = SIEVE_OK;
    memmove(text + sizeof near_word - 1, text, key);
    memcpy(text, near_word, sizeof near_word - 1);
    for (size_t index = 0; index < CODE_COUNT && status == SIEVE_OK; index++) {
        struct verdict verdict = {.count = 0};
        char *at = text + sizeof near_word - 1 + key;
        memcpy(at, codes[index], strlen(codes[index]) + 1);
        status = sieve_scan(scanner, text, strlen(text), judge_probe, &verdict);
        out->is_weak |= verdict.count > 0 && !out->for_codes;
        if (out->is_weak && out->about == ABOUT_NOTHING)
            out->about = verdict.about;
    }
    return status;
}

sieve_status name_near_card(const char *name, char **out)
{
    const size_t length = strlen(name);
    char *text = malloc(sizeof near_word + length + 1);
    if (!text)
        return SIEVE_E_MEMORY;
    memcpy(text, near_word, sizeof near_word - 1);
    memcpy(text + sizeof near_word - 1, name, length);
    memcpy(text + sizeof near_word - 1 + length, ":", 2);
    *out = text;
    return SIEVE_OK;
}

sieve_status name_judge(sieve_scanner *scanner, const char *name,
                        struct name_meaning *out)
{
    const size_t key = strlen(name) + 1;
    char *text = malloc(sizeof near_word + key + PROBE_MAX);
    *out = (struct name_meaning){.effect = NAME_SILENT, .about = ABOUT_NOTHING};
    if (!text)
        return SIEVE_E_MEMORY;
    memcpy(text, name, key - 1);
    text[key - 1] = ':';
    sieve_status status = judge_all(scanner, text, key, out);
    if (status == SIEVE_OK)
        status = judge_weak(scanner, text, key, out);
    if (status == SIEVE_OK && out->effect != NAME_SILENT) {
        memcpy(text, name, key - 1);
        text[key - 1] = ':';
        text[key] = '\0';
        out->prefix = text;
        return SIEVE_OK;
    }
    free(text);
    return status;
}
