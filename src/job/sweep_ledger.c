#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "job/sweep_inside.h"

/* "cardsieve-20260131-235959.ledger", or with a number where that is taken. */
static sieve_status create_ledger(struct sweep *sweep, const char *options,
                                  struct safe_text *thing, const char **reason_out)
{
    const char *target = (const char *)sweep->target.buffer.at;
    const char *asked = sweep->plan->ledger;
    char name[64];
    struct tm now;
    const time_t moment = time(NULL);
    sieve_status status = SIEVE_E_IO;
    if (!gmtime_r(&moment, &now))
        return SIEVE_E_INTERNAL;
    for (unsigned twin = 0; twin < 100; twin++) {
        char stamp[32];
        (void)strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &now);
        if (twin == 0)
            (void)snprintf(name, sizeof name, "cardsieve-%s.ledger", stamp);
        else
            (void)snprintf(name, sizeof name, "cardsieve-%s-%u.ledger", stamp, twin);
        errno = 0;
        status = ledger_create(asked ? asked : name, target, options, &sweep->ledger,
                               reason_out);
        if (status == SIEVE_OK || asked || errno != EEXIST)
            break;
    }
    if (status != SIEVE_OK && veil_set(sweep->run->veil, thing,
                                       bytes_of_text(asked ? asked : name)) != SIEVE_OK)
        return SIEVE_E_MEMORY;
    return status;
}

/* What changes the findings: a ledger goes on only under the same. */
static void tell_options(const struct sweep *sweep, char *out, size_t capacity)
{
    const sieve_options *options = &sweep->run->plan->options;
    int length = snprintf(out, capacity, "confidence %s, kinds %u, ebcdic %d",
                          sieve_confidence_name(options->min_confidence),
                          (unsigned)options->kinds, options->ebcdic);
    for (const char *const *brand = options->brands;
         brand && *brand && length > 0 && (size_t)length < capacity; brand++)
        length += snprintf(out + length, capacity - (size_t)length, ", %s", *brand);
}

sieve_status sweep_create_ledger(struct sweep *sweep, struct safe_text *thing,
                                 const char **reason_out)
{
    char options[512];
    tell_options(sweep, options, sizeof options);
    sieve_status status = create_ledger(sweep, options, thing, reason_out);
    return status == SIEVE_OK ? sweep_enter_choice(sweep) : status;
}

sieve_status sweep_resume_ledger(struct sweep *sweep, struct safe_text *thing,
                                 const char **reason_out)
{
    char options[512];
    const char *resume = sweep->plan->resume;
    tell_options(sweep, options, sizeof options);
    sieve_status status = ledger_resume(resume, (const char *)sweep->target.buffer.at,
                                        options, &sweep->ledger, reason_out);
    if (status == SIEVE_OK)
        status = ledger_cards(sweep->ledger, &sweep->cards_before);
    if (status != SIEVE_OK &&
        veil_set(sweep->run->veil, thing, bytes_of_text(resume)) != SIEVE_OK)
        return SIEVE_E_MEMORY;
    return status;
}

/* A run that could not be may be once what it failed of is mended. */
void sweep_tell_ledger(const struct sweep *sweep, sieve_status status,
                       struct outcome *outcome)
{
    const int can_go_on = status == SIEVE_OK ? sweep->is_left : status != SIEVE_E_INVALID;
    const char *path = sweep->ledger && can_go_on ? ledger_path(sweep->ledger) : "";
    /* It is a hint: a run does not fail of it. */
    if (veil_set(sweep->run->veil, &outcome->ledger, bytes_of_text(path)) != SIEVE_OK)
        buffer_clear(&outcome->ledger.buffer);
}
