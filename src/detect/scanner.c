#include "detect/scanner.h"

#include <stdlib.h>
#include <string.h>

sieve_status sieve_scanner_new(const sieve_ruleset *ruleset, sieve_scanner **out)
{
    if (!ruleset || !out)
        return SIEVE_E_INVALID;
    sieve_scanner *scanner = calloc(1, sizeof *scanner);
    if (!scanner)
        return SIEVE_E_MEMORY;
    scanner->rules = ruleset;
    sieve_status status = engine_scratch_new(ruleset->engine, &scanner->scratch);
    if (status != SIEVE_OK) {
        sieve_scanner_free(scanner);
        return status;
    }
    scanner->words = (struct word_hits){.patterns = ruleset->patterns,
                                        .engine = ruleset->engine,
                                        .scratch = scanner->scratch};
    *out = scanner;
    return SIEVE_OK;
}

void sieve_scanner_free(sieve_scanner *scanner)
{
    if (!scanner)
        return;
    engine_scratch_free(scanner->scratch);
    if (scanner->found.items) /* it holds digits */
        memset(scanner->found.items, 0,
               scanner->found.capacity * sizeof *scanner->found.items);
    free(scanner->found.items);
    free(scanner->places.items);
    free(scanner->names.items);
    free(scanner->words.items);
    free(scanner);
}

void sieve_scanner_stats(const sieve_scanner *scanner, sieve_stats *out)
{
    if (scanner && out)
        *out = scanner->stats;
}

void sieve_scanner_measure(sieve_scanner *scanner, int on)
{
    if (scanner)
        scanner->measuring = on != 0;
}

static sieve_status check(const sieve_scanner *scanner, const void *bytes, size_t length)
{
    if (!scanner || (!bytes && length > 0))
        return SIEVE_E_INVALID;
    return scanner->busy ? SIEVE_E_STATE : SIEVE_OK;
}

static sieve_status scan_whole(sieve_scanner *scanner, struct body *body,
                               const void *bytes, size_t length)
{
    struct view view = {bytes, length, 0, scanner->rules->lexicon};
    sieve_status status = body_read_head(body, scanner, bytes, length);
    if (status == SIEVE_OK)
        status = body_scan(body, scanner, &view, 0, length);
    if (status == SIEVE_OK)
        status = body_finish(body, scanner);
    return status;
}

sieve_status sieve_scan(sieve_scanner *scanner, const void *bytes, size_t length,
                        sieve_on_finding on_finding, void *context)
{
    sieve_status status = check(scanner, bytes, length);
    if (status != SIEVE_OK || length == 0)
        return status;
    struct body body;
    body_begin(&body, on_finding, context);
    status = scan_whole(scanner, &body, bytes, length);
    body_done(&body);
    return status;
}

/* Masked bytes are still looked at by what comes behind: they are written late. */
static sieve_status mask_whole(sieve_scanner *scanner, struct body *body, uint8_t *bytes,
                               size_t length)
{
    struct view view = {bytes, length, 0, scanner->rules->lexicon};
    sieve_status status = body_read_head(body, scanner, bytes, length);
    for (size_t from = 0; from < length && status == SIEVE_OK;) {
        size_t to = length - from > RANGE_LENGTH ? from + RANGE_LENGTH : length;
        status = body_scan(body, scanner, &view, from, to);
        if (status == SIEVE_OK && to > SIEVE_BEFORE)
            mask_apply(&body->hides, bytes, 0, to - SIEVE_BEFORE);
        from = to;
    }
    if (status == SIEVE_OK)
        status = body_finish(body, scanner);
    if (status >= SIEVE_OK)
        mask_apply(&body->hides, bytes, 0, length);
    return status;
}

sieve_status sieve_mask(sieve_scanner *scanner, void *bytes, size_t length,
                        sieve_on_finding on_finding, void *context)
{
    sieve_status status = check(scanner, bytes, length);
    if (status != SIEVE_OK || length == 0)
        return status;
    struct body body;
    body_begin(&body, on_finding, context);
    body.masking = true;
    status = mask_whole(scanner, &body, bytes, length);
    body_done(&body);
    return status;
}

static bool part_is_sound(const sieve_part *part)
{
    if (!part || !part->bytes || (!part->head && part->head_length > 0))
        return false;
    if (part->begin > part->from || part->from > part->to || part->to > part->end)
        return false;
    bool before = part->begin == 0 || part->from - part->begin >= SIEVE_BEFORE;
    bool after = part->at_end || part->end - part->to >= SIEVE_AFTER;
    return before && after;
}

sieve_status sieve_scan_part(sieve_scanner *scanner, const sieve_part *part,
                             sieve_on_finding on_finding, void *context)
{
    if (!scanner || !part_is_sound(part))
        return SIEVE_E_INVALID;
    if (scanner->busy)
        return SIEVE_E_STATE;
    struct body body;
    body_begin(&body, on_finding, context);
    struct view view = {part->bytes, (size_t)(part->end - part->begin), part->begin,
                        scanner->rules->lexicon};
    sieve_status status = body_read_head(&body, scanner, part->head, part->head_length);
    if (status == SIEVE_OK)
        status = body_scan(&body, scanner, &view, part->from, part->to);
    if (status == SIEVE_OK)
        status = body_finish(&body, scanner);
    body_done(&body);
    return status;
}

#define BORDER_REACH 64u /* bytes looked at on either side of a line break */

/* A byte that may be part of a number, of its joints or of an escape. */
static bool may_be_number(uint8_t byte)
{
    return byte >= 0x80 || hex_value(byte) >= 0 || byte == 0 ||
           strchr(" -.+\r%\\&#;=ux", byte);
}

/* Digits, and bytes that may be some, next to a line break: no more than there are. */
static size_t digits_near(const uint8_t *at, size_t length, bool backwards)
{
    size_t digits = 0;
    for (size_t i = 0; i < length && i < BORDER_REACH; i++) {
        uint8_t byte = backwards ? at[-1 - (ptrdiff_t)i] : at[i];
        if (!may_be_number(byte))
            return digits;
        digits += byte_is_digit(byte) || byte >= 0x80 || byte == 0;
    }
    return digits;
}

/* A line break over which no number can go: it would have too few digits. */
size_t sieve_border(const void *bytes, size_t length)
{
    const uint8_t *begin = bytes;
    const uint8_t *end = begin + length;
    const uint8_t *at = begin;
    while (at && at < end) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at || at + 1 >= end)
            break;
        size_t before = digits_near(at, (size_t)(at - begin), true);
        at++;
        size_t behind = digits_near(at, (size_t)(end - at), false);
        bool known = at - begin > BORDER_REACH && end - at > BORDER_REACH;
        if (known && (before == 0 || behind == 0 || before + behind < PAN_DIGITS_MIN))
            return (size_t)(at - begin);
    }
    return length;
}

sieve_status sieve_explain(sieve_scanner *scanner, const void *bytes, size_t length,
                           sieve_on_verdict on_verdict, void *context)
{
    sieve_status status = check(scanner, bytes, length);
    if (status == SIEVE_OK && !on_verdict)
        status = SIEVE_E_INVALID;
    if (status != SIEVE_OK || length == 0)
        return status;
    struct body body;
    body_begin(&body, NULL, context);
    body.on_verdict = on_verdict;
    status = scan_whole(scanner, &body, bytes, length);
    body_done(&body);
    return status;
}
