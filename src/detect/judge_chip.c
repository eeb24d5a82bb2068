/* judge_chip.c - chip data: the values of EMV tags in runs of hex digits. */
#include "detect/frame.h"
#include "detect/judge.h"

/* The run of digits that a value's number must stand in. */
struct chip_context {
    struct judge *judge;
    size_t begin;
    size_t end;
};

static void add_chip_value(struct judge *judge, const struct chip_value *value)
{
    const struct view *view = judge->view;
    struct candidate *candidate = judge_add(judge);
    if (!candidate)
        return;
    candidate->kind = SIEVE_KIND_EMV;
    candidate->confidence = SIEVE_HIGH;
    candidate->mode = value->stride == 2 ? MODE_HEX : MODE_RAW;
    candidate->count = value->count;
    candidate->begin = view->base + value->begin;
    candidate->end = view->base + value->end;
    candidate->number = view->base + value->number;
    candidate->number_end = candidate->end;
    candidate->hide_from = candidate->begin;
    candidate->hide_to = candidate->end;
    candidate->hide_hex = value->count == 0;
    for (size_t i = 0; i < value->count; i++) {
        size_t at = value->number + i * value->stride + value->stride - 1u;
        candidate->digits[i] = view->bytes[at] - '0';
        candidate->at[i] = (uint16_t)(i * value->stride);
        candidate->length[i] = value->stride;
    }
    if (value->count > 0) {
        struct number_verdict number =
            number_judge(judge->rules->numbers, candidate->digits, value->count);
        candidate->row = number.row;
        candidate->luhn = number.luhn;
        candidate->test = number.test;
        candidate_reason(candidate, "range");
        candidate_reason(candidate, number.luhn ? "luhn" : "no-luhn");
    }
    candidate_reason(candidate, "emv");
}

static void take_chip_value(const struct chip_value *value, void *context)
{
    const struct chip_context *chip = context;
    if (value->number >= chip->begin && value->number < chip->end)
        add_chip_value(chip->judge, value);
}

bool judge_may_be_discretionary(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    return view->length - at > 4 && bytes[0] == '9' && (bytes[1] | 0x20) == 'f' &&
           ((bytes[2] == '1' && (bytes[3] | 0x20) == 'f') ||
            (bytes[2] == '2' && bytes[3] == '0'));
}

void judge_discretionary(struct judge *judge, size_t at)
{
    struct chip_value value;
    if (frame_discretionary(judge->view, judge->rules->numbers, at, &value))
        add_chip_value(judge, &value);
}

void judge_chip(struct judge *judge, size_t start, size_t end)
{
    struct chip_context chip = {judge, start, end};
    frame_chip_values(judge->view, judge->rules->numbers, start, take_chip_value, &chip);
}
