#include "detect/places.h"

#include <string.h>

#include "detect/places_raw.h"
#include "detect/probe.h"
#include "detect/recoded.h"

#define NAMES_FIRST      16u
#define NAME_VALUE_REACH 160u /* a name and its value are nearer than that */
#define JIS_SEGMENT_MAX  1000u

/* ---- escapes ------------------------------------------------------------------------
 */

static enum mode mode_of_escape(uint8_t byte)
{
    switch (byte) {
    case '%':
        return MODE_PERCENT;
    case '\\':
        return MODE_JSON;
    case '&':
        return MODE_HTML;
    default:
        return MODE_QP;
    }
}

/* The begin of the chain of digits and joints that the unit at `at` stands in. */
static size_t chain_begin(const struct view *view, enum mode mode, size_t at)
{
    size_t stop = at > ESCAPED_CHAIN_MAX ? at - ESCAPED_CHAIN_MAX : 0;
    while (at > stop) {
        struct unit unit = unit_before(view, mode, at);
        if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
            break;
        at -= unit.length;
    }
    return recoded_run_begin(view, mode, at);
}

/* Judges the chain around the escape at `at`, if its unit is part of one; returns where
 * the chain ends. */
static size_t judge_escape(struct judge *judge, enum mode mode, size_t at, size_t from,
                           size_t to)
{
    const struct view *view = judge->view;
    struct unit unit = unit_read(view, mode, at);
    if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
        return at;
    size_t begin = chain_begin(view, mode, at);
    size_t digits = 0;
    size_t end = begin;
    for (;;) {
        unit = unit_read(view, mode, end);
        if (unit.kind == UNIT_OTHER || unit.kind == UNIT_MASK)
            break;
        digits += unit.kind == UNIT_DIGIT;
        end += unit.length;
        if (end >= to && digits >= PAN_DIGITS_MIN)
            break;
        if (end >= to + ESCAPED_CHAIN_MAX)
            break;
    }
    if (digits < PAN_DIGITS_MIN)
        return end;
    for (size_t start = begin > from ? begin : from; start < end && start < to; start++)
        places_start(judge, mode, start);
    return end;
}

/* ---- the others -----------------------------------------------------------------------
 */

static void judge_jis(struct judge *judge, size_t escape, size_t from, size_t to)
{
    const struct view *view = judge->view;
    size_t last = escape + 3 + JIS_SEGMENT_MAX;
    for (size_t at = escape + 3; at + 1 < view->length && at < last && at < to; at += 2) {
        uint8_t byte = view->bytes[at];
        if (byte == 0x1B || byte == '\n')
            return;
        if (byte == '#' && at >= from)
            places_start(judge, MODE_JIS, at);
    }
}

struct name_context {
    const struct view *view;
    struct name_list *names;
};

static void take_name(const struct word_row *word, size_t end, void *context)
{
    struct name_context *name = context;
    field_note_name(name->names, name->view, word, end);
}

static void judge_ebcdic(struct judge *judge, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++)
        if ((judge->view->bytes[at] & 0xF0u) == 0xF0)
            places_start(judge, MODE_EBCDIC, at);
}

/* A place where no more than one or two starts are. */
static void judge_spot(struct judge *judge, const struct place *place,
                       struct bounds bounds)
{
    size_t at = place->from;
    if (place->kind == PLACE_WIDE) {
        places_start_within(judge, MODE_UTF16LE, at, bounds);
        places_start_within(judge, MODE_UTF16BE, at, bounds);
        return;
    }
    places_start_within(judge, MODE_HEX, at, bounds);
    if (at >= 2 && judge->view->bytes[at - 1] == 'x')
        places_start_within(judge, MODE_HEX, at - 2, bounds);
}

static void judge_region(struct judge *judge, const struct place *place,
                         struct bounds bounds)
{
    if (place->from >= bounds.to)
        return;
    judge->stats->regions++;
    judge->stats->region_bytes += place->to - place->from;
    places_raw(judge, place->from > bounds.from ? place->from : bounds.from,
               place->to < bounds.to ? place->to : bounds.to);
}

/* The places that a digit touches may be inside the unit: %E3%80%80. */
static size_t unit_begin(const struct view *view, enum mode mode, size_t at)
{
    if (mode != MODE_PERCENT && mode != MODE_QP)
        return at;
    for (size_t back = 0; back <= 6 && back <= at; back += 3) {
        uint8_t kind = unit_read(view, mode, at - back).kind;
        if (view->bytes[at - back] != view->bytes[at])
            break;
        if (kind != UNIT_OTHER && kind != UNIT_MASK)
            return at - back;
    }
    return at;
}

static void judge_name(struct judge *judge, size_t at, struct bounds bounds,
                       struct name_context *name)
{
    if (at >= bounds.to)
        return;
    if (at >= bounds.from && judge_may_be_discretionary(judge->view, at))
        judge_discretionary(judge, at);
    probe_names(judge->rules->names, judge->view, at, take_name, name);
}

void places_judge(struct judge *judge, const struct place_list *places, size_t from,
                  size_t to, struct name_list *names)
{
    const struct view *view = judge->view;
    const struct bounds bounds = {from, to};
    size_t done[MODE_COUNT] = {0};
    struct name_context name = {view, names};
    size_t segment = jis_segment(view, from);
    if (segment != SIZE_MAX)
        judge_jis(judge, segment - 3, from, to);
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        size_t at = place->from;
        if (place->kind == PLACE_ESCAPE) {
            enum mode mode = mode_of_escape(view->bytes[at]);
            if (at >= done[mode])
                done[mode] =
                    judge_escape(judge, mode, unit_begin(view, mode, at), from, to);
        } else if (place->kind == PLACE_RAW) {
            judge_region(judge, place, bounds);
        } else if (place->kind == PLACE_LEAD) {
            places_behind_escape(judge, at, bounds);
        } else if (place->kind == PLACE_START) {
            places_spot(judge, at, bounds);
        } else if (place->kind == PLACE_CHIP) {
            if (at >= from && at < to)
                places_chip(judge, at);
        } else if (place->kind == PLACE_NAME) {
            judge_name(judge, at, bounds, &name);
        } else if (place->kind != PLACE_JIS) {
            judge_spot(judge, place, bounds);
        } else if (at + 3 > from) { /* an escape may stand across the border */
            judge_jis(judge, at, from, to);
        }
    }
    if (judge->rules->ebcdic)
        judge_ebcdic(judge, from, to);
}

void places_judge_all(struct judge *judge, size_t from, size_t to)
{
    for (size_t at = from; at < to; at++) {
        if (byte_is_digit(judge->view->bytes[at]) &&
            (at == 0 || !byte_is_digit(judge->view->bytes[at - 1])))
            places_chip(judge, at);
        if (judge_may_be_discretionary(judge->view, at))
            judge_discretionary(judge, at);
        for (enum mode mode = MODE_RAW; mode < MODE_EBCDIC; mode++)
            places_start(judge, mode, at);
        if (judge->rules->ebcdic)
            places_start(judge, MODE_EBCDIC, at);
    }
}
