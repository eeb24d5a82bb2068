#include "detect/settle.h"

#include <string.h>

#include "detect/context.h"
#include "detect/recoded.h"

/* A line that has ended, behind which a number may go on. */
struct line {
    sieve_scanner *scanner;
    const struct header *header;
    const struct view *view;
    size_t end; /* of it in the view: its line break */
};

/* The begin of the chain of digits and joints that ends the line before `line_end`, read
 * in one mode; `line_end` if there is no digit in it. */
static size_t open_chain(const struct view *view, enum mode mode, size_t line_end)
{
    size_t begin = line_end;
    size_t digits = 0;
    if (begin > 0 && view->bytes[begin - 1] == '\r')
        begin--;
    if (mode == MODE_QP && begin > 0 && view->bytes[begin - 1] == '=')
        begin--; /* a soft break: as if the line went on */
    while (digits <= PAN_DIGITS_MAX) {
        struct unit unit = unit_before(view, mode, begin);
        if (unit.kind != UNIT_DIGIT && !unit_is_joint(unit) && unit.kind != UNIT_SOFT &&
            unit.kind != UNIT_WRAP)
            break;
        digits += unit.kind == UNIT_DIGIT;
        begin -= unit.length;
    }
    return digits > 0 ? recoded_run_begin(view, mode, begin) : line_end;
}

/* The groups are the first ones of some brand's grouping that has more. */
static bool grouped_so_far(const struct pattern_set *patterns,
                           const struct sequence *sequence)
{
    uint8_t sizes[SEQUENCE_DIGITS_MAX + 1] = {1};
    size_t groups = 1;
    for (size_t i = 1; i < sequence->count; i++) {
        groups += sequence->joint[i] != JOINED;
        sizes[groups - 1]++;
    }
    if (groups >= GROUPING_GROUPS_MAX)
        return false;
    for (size_t brand = 0; brand < patterns->brand_count; brand++)
        for (size_t i = 0; i < patterns->brands[brand].grouping_count; i++) {
            const uint8_t *grouping = patterns->brands[brand].groupings[i];
            if (memcmp(grouping, sizes, groups) == 0 && grouping[groups] != 0)
                return true;
        }
    return false;
}

/* True if a number from `start` may go on behind the line's end at `line_end`: some range
 * fits, and it is grouped so far or stands beside a card word. */
static bool may_wrap(const struct line *line, enum mode mode, size_t start)
{
    const struct view *view = line->view;
    const size_t line_end = line->end;
    const sieve_ruleset *rules = line->scanner->rules;
    struct sequence sequence;
    /* As if the line were the end of the bytes. */
    struct view so_far = {view->bytes, line_end, view->base, view->lexicon};
    sequence_read(&so_far, mode, start, &sequence);
    bool soft = mode == MODE_QP && line_end > 0 &&
                (view->bytes[line_end - 1] == '=' ||
                 (view->bytes[line_end - 1] == '\r' && line_end > 1 &&
                  view->bytes[line_end - 2] == '='));
    if (soft) /* the group itself may go on */
        return sequence.count <= PAN_DIGITS_MAX;
    if (sequence.count > PAN_DIGITS_MAX - 1u)
        return false;
    if (!number_may_continue(rules->numbers, sequence.digits, sequence.count))
        return false;
    if (grouped_so_far(rules->patterns, &sequence))
        return true;
    struct word_hits *words = &line->scanner->words;
    uint64_t number = view->base + start;
    uint64_t from =
        number > view->base + CONTEXT_BEFORE ? number - CONTEXT_BEFORE : view->base;
    words_forget(words);
    bool failed = words_look(words, view, from, view->base + line_end) != SIEVE_OK;
    bool near = context_any_raise(words);
    const struct word_row *column = header_column(line->header, view, start);
    near |= column && column->effect != WORD_LOWER;
    words_forget(words);
    return failed || near;
}

/* The first start on the line from which a number may go on behind its end. */
static size_t first_open(const struct line *line)
{
    const struct view *view = line->view;
    size_t first = line->end;
    for (enum mode mode = MODE_RAW; mode <= MODE_QP; mode++)
        for (size_t at = open_chain(view, mode, line->end); at < first; at++)
            if (sequence_may_start(view, mode, at) && may_wrap(line, mode, at))
                first = at;
    return first;
}

/* What a pause lets go of 16-bit text: all of it, if it ends with a line. */
static size_t settled_wide_line(const struct view *view, size_t end, size_t floor)
{
    const size_t behind = view->length - end;
    return behind == 0 || (behind == 1 && view->bytes[end] == 0) ? view->length : floor;
}

size_t settle_line(sieve_scanner *scanner, const struct header *header,
                   const struct view *view, size_t floor, enum settlement settlement)
{
    size_t end = view->length;
    while (end > floor && view->bytes[end - 1] != '\n')
        end--;
    if (end <= floor)
        return floor;
    size_t line_end = end - 1;
    if (line_end > 0 && view->bytes[line_end - 1] == 0) /* 16-bit text */
        return settlement == SETTLE_PAUSE ? settled_wide_line(view, end, floor) : floor;
    if (settlement == SETTLE_PAUSE && end == view->length)
        return end;
    const struct line line = {scanner, header, view, line_end};
    size_t open = first_open(&line);
    if (open == line_end)
        return end;
    return open > floor ? open : floor;
}
