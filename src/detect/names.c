/* names.c - the stable words of statuses, kinds, confidences and forms. */
#include "cardsieve.h"

#include <stdbool.h>

#include "patterns/patterns.h"

const char *sieve_version(void)
{
    return SIEVE_VERSION;
}

const char *sieve_status_name(sieve_status status)
{
    switch (status) {
    case SIEVE_OK:
        return "SIEVE_OK";
    case SIEVE_STOPPED:
        return "SIEVE_STOPPED";
    case SIEVE_E_INVALID:
        return "SIEVE_E_INVALID";
    case SIEVE_E_MEMORY:
        return "SIEVE_E_MEMORY";
    case SIEVE_E_PATTERN:
        return "SIEVE_E_PATTERN";
    case SIEVE_E_STATE:
        return "SIEVE_E_STATE";
    case SIEVE_E_LIMIT:
        return "SIEVE_E_LIMIT";
    case SIEVE_E_CORRUPT:
        return "SIEVE_E_CORRUPT";
    case SIEVE_E_IO:
        return "SIEVE_E_IO";
    case SIEVE_E_INTERNAL:
        return "SIEVE_E_INTERNAL";
    default:
        return "SIEVE_E_UNKNOWN";
    }
}

const char *sieve_kind_name(sieve_kind kind)
{
    static const char *const names[SIEVE_KIND_COUNT] = {
        [SIEVE_KIND_PAN] = "pan",
        [SIEVE_KIND_TRACK1] = "track1",
        [SIEVE_KIND_TRACK2] = "track2",
        [SIEVE_KIND_EMV] = "emv",
        [SIEVE_KIND_SECURITY_CODE] = "security_code",
        [SIEVE_KIND_PIN_BLOCK] = "pin_block",
        [SIEVE_KIND_RULE] = "rule",
    };
    return (unsigned)kind < SIEVE_KIND_COUNT ? names[kind] : "unknown";
}

const char *sieve_confidence_name(sieve_confidence confidence)
{
    static const char *const names[] = {"none", "low", "medium", "high"};
    return (unsigned)confidence < 4 ? names[confidence] : "unknown";
}

const char *sieve_style_name(sieve_style style)
{
    static const char *const names[SIEVE_STYLE_COUNT] = {
        [SIEVE_STYLE_FIRST6_LAST4] = "first6last4",
        [SIEVE_STYLE_LAST4] = "last4",
        [SIEVE_STYLE_FULL] = "full",
        [SIEVE_STYLE_TOKEN] = "token",
    };
    return (unsigned)style < SIEVE_STYLE_COUNT ? names[style] : "unknown";
}

const char *sieve_form_name(sieve_form form)
{
    bool known = (unsigned)form < builtin_patterns.form_count;
    return known ? builtin_patterns.forms[form].name : "unknown";
}

int sieve_kind_is_sensitive(sieve_kind kind)
{
    return kind != SIEVE_KIND_PAN && kind != SIEVE_KIND_RULE;
}
