#include "detect/judge.h"

#include <string.h>

#include "detect/frame.h"
#include "detect/lookalike.h"
#include "detect/neighbour.h"
#include "detect/recoded.h"
#include "detect/text.h"

#define GROUPS_AROUND_MAX 6u /* beside a number in one chain */
#define HEX_GROUP_MIN     4u /* digits of the first group: what the sieve looks for */

/* What is known of one window while it is judged. */
struct window {
    enum mode mode;
    const struct sequence *sequence;
    size_t count; /* digits */
    size_t end;   /* in the view */
    bool bare;    /* nothing stands between its digits */
    const struct brand_row *brand;
};

/* ---- shape ------------------------------------------------------------------- */

static size_t group_sizes(const struct window *window, uint8_t sizes[PAN_DIGITS_MAX + 1])
{
    size_t groups = 0;
    uint8_t size = 1;
    for (size_t i = 1; i < window->count; i++, size++) {
        if (window->sequence->joint[i] == JOINED)
            continue;
        sizes[groups++] = size;
        size = 0;
    }
    sizes[groups] = size;
    return groups + 1;
}

static bool is_grouping(const struct brand_row *brand, const uint8_t *sizes,
                        size_t groups)
{
    for (size_t i = 0; i < brand->grouping_count; i++) {
        const uint8_t *grouping = brand->groupings[i];
        size_t j = 0;
        while (j < groups && j < GROUPING_GROUPS_MAX && grouping[j] == sizes[j])
            j++;
        if (j == groups && grouping[j] == 0)
            return true;
    }
    return false;
}

/* Every joint stands where this grouping of as many digits has one. */
static bool merges_grouping(const uint8_t *grouping, const uint8_t *sizes, size_t groups,
                            size_t count)
{
    size_t digits = 0;
    size_t group = 0;
    size_t sum = sizes[0];
    for (size_t i = 0; grouping[i]; i++) {
        digits += grouping[i];
        if (digits < sum)
            continue;
        if (digits > sum)
            return false;
        if (++group < groups)
            sum += sizes[group];
    }
    return digits == count && group == groups;
}

static bool is_merged(const struct brand_row *brand, const uint8_t *sizes, size_t groups,
                      size_t count)
{
    for (size_t i = 0; i < brand->grouping_count; i++)
        if (merges_grouping(brand->groupings[i], sizes, groups, count))
            return true;
    return false;
}

struct joints {
    size_t wraps;
    size_t others; /* joints without a line break */
    bool uniform;  /* of one class, line breaks alone aside */
};

static struct joints look_at_joints(const struct window *window)
{
    struct joints joints = {0, 0, true};
    if (window->bare)
        return joints;
    uint8_t class = 0;
    for (size_t i = 1; i < window->count; i++) {
        uint8_t joint = window->sequence->joint[i];
        if (joint == JOINED)
            continue;
        uint8_t this_class = joint & JOINT_WRAP ? 0 : joint;
        if (joint & JOINT_WRAP)
            joints.wraps++;
        else
            joints.others++;
        if (class && this_class && this_class != class)
            joints.uniform = false;
        if (this_class)
            class = this_class;
    }
    return joints;
}

static bool is_alone(const struct view *view, const struct window *window)
{
    return !sequence_continues_before(view, window->mode, window->sequence->start) &&
           !sequence_continues_behind(view, window->mode, window->end);
}

static enum shape shape_of(const struct view *view, const struct window *window,
                           const struct joints *joints)
{
    if (window->bare)
        return SHAPE_BARE;
    uint8_t sizes[PAN_DIGITS_MAX + 1];
    size_t groups = group_sizes(window, sizes);
    if (joints->wraps == 1 && joints->others == 0)
        return SHAPE_WRAPPED_BARE;
    bool grouping = is_grouping(window->brand, sizes, groups);
    if (sequence_groups_around(view, window->mode, window->sequence->start, window->end,
                               GROUPS_AROUND_MAX + 1) > GROUPS_AROUND_MAX)
        return SHAPE_ODD; /* a table of numbers */
    if (joints->wraps == 1) {
        bool whole = grouping && joints->uniform && is_alone(view, window);
        return whole ? SHAPE_WRAPPED : SHAPE_ODD;
    }
    if (grouping)
        return joints->uniform ? SHAPE_GROUPED : SHAPE_MIXED;
    bool merged = joints->uniform &&
                  is_merged(window->brand, sizes, groups, window->count) &&
                  is_alone(view, window);
    return merged ? SHAPE_MERGED : SHAPE_ODD;
}

/* ---- a window ----------------------------------------------------------------- */

struct candidate *judge_add(struct judge *judge)
{
    struct candidate *candidate = candidate_add(judge->found);
    if (!candidate)
        judge->out_of_memory = true;
    return candidate;
}

static struct candidate *add_window(struct judge *judge, const struct window *window)
{
    struct candidate *candidate = judge_add(judge);
    if (!candidate)
        return NULL;
    const struct sequence *sequence = window->sequence;
    candidate->kind = SIEVE_KIND_PAN;
    candidate->mode = (uint8_t)window->mode;
    candidate->count = (uint8_t)window->count;
    candidate->number = judge->view->base + sequence->start;
    candidate->number_end = judge->view->base + window->end;
    candidate->begin = candidate->number;
    candidate->end = candidate->number_end;
    memcpy(candidate->digits, sequence->digits, sizeof candidate->digits);
    memcpy(candidate->at, sequence->at, sizeof candidate->at);
    memcpy(candidate->length, sequence->length, sizeof candidate->length);
    memcpy(candidate->coding, sequence->coding, sizeof candidate->coding);
    return candidate;
}

static void trace(struct judge *judge, const struct window *window, const char *refusal)
{
    struct candidate *candidate = judge->tracing ? add_window(judge, window) : NULL;
    if (candidate)
        candidate->refusal = refusal;
}

static bool sequence_is_bare(const struct sequence *sequence, size_t count)
{
    static const uint8_t joined[SEQUENCE_DIGITS_MAX];
    return memcmp(sequence->joint, joined, count) == 0;
}

static bool mode_is_text(enum mode mode)
{
    return mode <= MODE_QP;
}

static bool add_frame(struct judge *judge, const struct window *window,
                      const struct number_verdict *number)
{
    struct frame frame;
    if (!mode_is_text(window->mode) || number->near || !window->bare ||
        !frame_find(judge->view, window->sequence->start, window->end, &frame) ||
        neighbour_masked(judge->view, window->mode, window->sequence->start,
                         window->end) ||
        (frame.in_hex && !number->luhn) || !(judge->rules->kinds >> frame.kind & 1u))
        return false;
    struct candidate *candidate = add_window(judge, window);
    if (!candidate)
        return true;
    candidate->kind = frame.kind;
    candidate->confidence = SIEVE_HIGH;
    candidate->row = number->row;
    candidate->luhn = number->luhn;
    candidate->test = number->test;
    candidate->begin = judge->view->base + frame.begin;
    candidate->end = judge->view->base + frame.end;
    candidate->hide_from = candidate->number_end;
    candidate->hide_to = candidate->end;
    candidate_reason(candidate, "range");
    candidate_reason(candidate, number->luhn ? "luhn" : "no-luhn");
    candidate_reason(candidate, "track");
    if (number->test)
        candidate_reason(candidate, "test-number");
    return true;
}

static bool is_escape_mode(enum mode mode)
{
    return mode >= MODE_PERCENT && mode <= MODE_QP;
}

bool judge_escape_ends(const struct view *view, enum mode mode, size_t at)
{
    struct character character = character_before(view, mode, at);
    struct unit unit = unit_before(view, mode, at);
    if (mode == MODE_QP && unit.length <= 3) /* id=4136...: it escapes only these */
        return character.length == 3 &&
               (character.value == NOT_ASCII || character.value == '=' ||
                character.value == ' ' || character.value == '\t');
    if (unit.kind != UNIT_OTHER && unit.kind != UNIT_MASK)
        return unit.escaped != 0;
    return character.length >= 3 || (mode == MODE_PERCENT && recoded_touches(view, at));
}

/* key=3627...: =36 reads as an escaped digit, but nobody writes a number so. */
static bool only_first_escaped(const struct view *view, const struct window *window)
{
    const struct sequence *sequence = window->sequence;
    if (window->mode != MODE_QP || sequence->length[0] != 3 ||
        sequence->coding[0] != CODING_ASCII)
        return false;
    size_t at = sequence->start + 3;
    return memchr(view->bytes + at, '=', window->end - at) == NULL;
}

/* ASCII digits inside a double-byte segment are halves of Japanese characters. */
static bool in_jis_text(struct judge *judge, const struct window *window)
{
    if (window->mode > MODE_QP)
        return false;
    size_t start = window->sequence->start;
    size_t stop = start > JIS_BACK_MAX ? start - JIS_BACK_MAX : 0;
    bool goes_on = judge->plain_from <= stop && stop <= judge->plain_to;
    size_t from = goes_on ? judge->plain_to : stop;
    if (from < start && memchr(judge->view->bytes + from, 0x1B, start - from)) {
        judge->plain_from = judge->plain_to = 0;
        return jis_segment(judge->view, start) != SIZE_MAX;
    }
    if (!goes_on)
        judge->plain_from = stop;
    if (!goes_on || judge->plain_to < start)
        judge->plain_to = start;
    return false;
}

/* The high bytes tell, 00 or FF: behind the last digit it is little-endian, before the
 * first big.  Where both stand, offsets are even in the right order. */
static bool is_other_endian(const struct view *view, const struct window *window)
{
    bool little = window->mode == MODE_UTF16LE;
    if (!little && window->mode != MODE_UTF16BE)
        return false;
    enum mode other = little ? MODE_UTF16BE : MODE_UTF16LE;
    size_t start = window->sequence->start;
    bool before = start > 0 && unit_read(view, other, start - 1).kind == UNIT_DIGIT;
    bool behind = unit_read(view, other, window->end - 1).kind == UNIT_DIGIT;
    if (little ? behind : before)
        return true; /* one more digit, read the other way */
    bool even = (view->base + start) % 2 == 0;
    return (before || behind) && !even;
}

static void judge_window(struct judge *judge, struct window *window)
{
    const struct sequence *sequence = window->sequence;
    const struct sieve_ruleset *rules = judge->rules;
    const struct view *view = judge->view;
    unsigned two = sequence->digits[0] * 10u + sequence->digits[1];
    if (!judge->tracing && !number_may_begin(rules->numbers, two, window->count))
        return;
    struct joints joints = look_at_joints(window);
    if (joints.wraps > 1)
        return;
    if (is_escape_mode(window->mode) && !sequence->escaped[window->count - 1] &&
        !judge_escape_ends(view, window->mode, sequence->start))
        return;
    if (only_first_escaped(view, window))
        return;
    struct number_verdict number =
        number_judge(rules->numbers, sequence->digits, window->count);
    const char *refusal = number.refusal;
    if (!refusal)
        refusal = number_is_trivial(sequence->digits, window->count);
    if (refusal) {
        judge->stats->in_range += number.row != NULL || strcmp(refusal, "luhn") == 0;
        trace(judge, window, refusal);
        return;
    }
    judge->stats->in_range++;
    judge->stats->luhn += number.luhn;
    if (in_jis_text(judge, window) || is_other_endian(view, window) ||
        add_frame(judge, window, &number))
        return;
    bool excusable = false;
    refusal =
        neighbour_refusal(view, window->mode, sequence->start, window->end, &excusable);
    window->brand = &rules->patterns->brands[number.row->brand];
    enum shape shape = shape_of(view, window, &joints);
    if ((refusal && !excusable) || (number.near && shape != SHAPE_BARE)) {
        trace(judge, window, refusal ? refusal : "luhn");
        return;
    }
    int before = character_before(view, window->mode, sequence->start).value;
    const struct lookalike_row *lookalike =
        lookalike_find(rules->patterns, sequence->digits, window->count, before);
    bool strong = number.test || (number.tier == TIER_A && window->count == 16);
    if (lookalike && lookalike->hard) {
        trace(judge, window, lookalike->name);
        return;
    }
    struct candidate *candidate = add_window(judge, window);
    if (!candidate)
        return;
    candidate->row = number.row;
    candidate->tier = number.tier;
    candidate->luhn = number.luhn;
    candidate->test = number.test;
    candidate->near = number.near;
    candidate->shape = (uint8_t)shape;
    candidate->words_before = joints.wraps > 0 && shape != SHAPE_WRAPPED;
    candidate->excusable = refusal;
    candidate->lookalike = lookalike && !strong ? lookalike->name : NULL;
    judge->stats->survivors++;
}

void judge_sequence(struct judge *judge, enum mode mode, const struct sequence *sequence)
{
    for (size_t count = PAN_DIGITS_MIN;
         count <= sequence->count && count <= PAN_DIGITS_MAX; count++) {
        if (!sequence_ends_at(sequence, count))
            continue;
        struct window window = {mode,
                                sequence,
                                count,
                                sequence_end(sequence, count),
                                sequence_is_bare(sequence, count),
                                NULL};
        judge_window(judge, &window);
    }
}

void judge_start(struct judge *judge, enum mode mode, size_t start)
{
    struct sequence sequence;
    sequence_read(judge->view, mode, start, &sequence);
    for (size_t i = 1; mode == MODE_HEX && i < HEX_GROUP_MIN; i++)
        if (i >= sequence.count || sequence.joint[i] != JOINED)
            return;
    judge_sequence(judge, mode, &sequence);
}
