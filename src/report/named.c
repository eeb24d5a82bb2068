#include "report/named.h"

static int is_name(struct bytes name, const char *known)
{
    return strlen(known) == name.length && memcmp(known, name.at, name.length) == 0;
}

int named_kind(struct bytes name, sieve_kind *out)
{
    for (sieve_kind kind = 0; kind < SIEVE_KIND_COUNT; kind++) {
        if (is_name(name, sieve_kind_name(kind))) {
            *out = kind;
            return 1;
        }
    }
    return 0;
}

int named_form(struct bytes name, sieve_form *out)
{
    for (sieve_form form = 0; form < SIEVE_FORM_COUNT; form++) {
        if (is_name(name, sieve_form_name(form))) {
            *out = form;
            return 1;
        }
    }
    return 0;
}

int named_confidence(struct bytes name, sieve_confidence *out)
{
    for (sieve_confidence level = SIEVE_LOW; level <= SIEVE_HIGH; level++) {
        if (is_name(name, sieve_confidence_name(level))) {
            *out = level;
            return 1;
        }
    }
    return 0;
}

int named_style(struct bytes name, sieve_style *out)
{
    for (sieve_style style = 0; style < SIEVE_STYLE_COUNT; style++) {
        if (is_name(name, sieve_style_name(style))) {
            *out = style;
            return 1;
        }
    }
    return 0;
}

const sieve_brand *named_brand(const sieve_ruleset *ruleset, const char *name)
{
    const sieve_brand *brand = NULL;
    for (size_t index = 0; (brand = sieve_ruleset_brand(ruleset, index)) != NULL;
         index++) {
        if (strcmp(brand->name, name) == 0)
            break;
    }
    return brand;
}

void named_reasons(char *words, sieve_finding *finding)
{
    while (*words && finding->reason_count < SIEVE_REASONS_MAX) {
        finding->reasons[finding->reason_count++] = words;
        words += strcspn(words, " ");
        if (*words)
            *words++ = '\0';
    }
}
