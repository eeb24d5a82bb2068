/* Hyperscan alone, as others use it: one broad form over every byte. */
#include "kernels.h"

#include <stdlib.h>

#include <hs.h>

#define BROAD_FORM "[0-9](?:[ -]?[0-9]){12,18}"
/* The form behind `sd_pattern: credit_card` of Snort 3, and its two flags. */
#define SD_FORM "\\d{4}\\D?\\d{4}\\D?\\d{2}\\D?\\d{2}\\D?\\d{3,4}"

struct hs_state {
    hs_database_t *database;
    hs_scratch_t *scratch;
    const char *bytes;
    uint64_t count;
    uint64_t last_start;
};

static void *open_form(const char *form, unsigned flags)
{
    struct hs_state *state = calloc(1, sizeof *state);
    hs_compile_error_t *error = NULL;
    if (!state || hs_compile(form, flags, HS_MODE_BLOCK, NULL, &state->database,
                             &error) != HS_SUCCESS)
        kernel_fail("the engine refuses the form");
    if (hs_alloc_scratch(state->database, &state->scratch) != HS_SUCCESS)
        kernel_fail("no scratch");
    return state;
}

static void hs_close_form(void *context)
{
    struct hs_state *state = context;
    hs_free_scratch(state->scratch);
    hs_free_database(state->database);
    free(state);
}

static uint64_t run_form(struct hs_state *state, const char *bytes, size_t length,
                         match_event_handler on_match)
{
    state->bytes = bytes;
    state->count = 0;
    state->last_start = UINT64_MAX;
    if (hs_scan(state->database, bytes, (unsigned)length, 0, state->scratch, on_match,
                state) != HS_SUCCESS)
        kernel_fail("the scan failed");
    return state->count;
}

/* ---- the broad form, every end ----------------------------------------------- */

static void *hs_open(size_t length)
{
    (void)length;
    return open_form(BROAD_FORM, 0);
}

static int count_match(unsigned id, unsigned long long from, unsigned long long to,
                       unsigned flags, void *context)
{
    (void)id, (void)from, (void)to, (void)flags;
    ((struct hs_state *)context)->count++;
    return 0;
}

static uint64_t hs_run(void *state, const char *bytes, size_t length)
{
    return run_form(state, bytes, length, count_match);
}

const struct kernel kernel_hs = {"hyperscan", "ends", hs_open, hs_run, hs_close_form};

/* ---- with the start of each match ----------------------------------------------- */

static void *hs_som_open(size_t length)
{
    (void)length;
    return open_form(BROAD_FORM, HS_FLAG_SOM_LEFTMOST);
}

static int count_start(unsigned id, unsigned long long from, unsigned long long to,
                       unsigned flags, void *context)
{
    struct hs_state *state = context;
    (void)id, (void)to, (void)flags;
    state->count += from != state->last_start;
    state->last_start = from;
    return 0;
}

static uint64_t hs_som_run(void *state, const char *bytes, size_t length)
{
    return run_form(state, bytes, length, count_start);
}

const struct kernel kernel_hs_som = {"hyperscan-som", "starts", hs_som_open, hs_som_run,
                                     hs_close_form};

/* ---- as Snort's sd_pattern: start of match, issuer and Luhn in the callback ------- */

static int is_issuer(const char *digits)
{
    return digits[0] == '4' ||
           (digits[0] == '5' && digits[1] >= '1' && digits[1] <= '5') ||
           (digits[0] == '3' && (digits[1] == '4' || digits[1] == '7')) ||
           (digits[0] == '6' && digits[1] == '0' && digits[2] == '1' && digits[3] == '1');
}

static int passes_luhn(const char *bytes, size_t length)
{
    unsigned sum = 0;
    unsigned count = 0;
    for (size_t i = length; i-- > 0;) {
        if (bytes[i] == ' ' || bytes[i] == '-')
            continue;
        if (bytes[i] < '0' || bytes[i] > '9')
            return 0;
        unsigned digit = (unsigned)(bytes[i] - '0') << (count & 1);
        sum += digit > 9 ? digit - 9 : digit;
        count++;
    }
    return count >= 13 && count <= 16 && sum % 10 == 0;
}

static void *hs_luhn_open(size_t length)
{
    (void)length;
    return open_form(SD_FORM, HS_FLAG_DOTALL | HS_FLAG_SOM_LEFTMOST);
}

static int judge_match(unsigned id, unsigned long long from, unsigned long long to,
                       unsigned flags, void *context)
{
    struct hs_state *state = context;
    (void)id, (void)flags;
    if (is_issuer(state->bytes + from) &&
        passes_luhn(state->bytes + from, (size_t)(to - from)))
        state->count++;
    return 0;
}

static uint64_t hs_luhn_run(void *state, const char *bytes, size_t length)
{
    return run_form(state, bytes, length, judge_match);
}

const struct kernel kernel_hs_luhn = {"sd-pattern", "Luhn-valid", hs_luhn_open,
                                      hs_luhn_run, hs_close_form};
