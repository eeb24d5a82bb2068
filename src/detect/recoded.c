#include "detect/recoded.h"

#include "detect/lexicon.h"

#define LAYERS_MAX 3u

size_t recoded_joint(const struct view *view, size_t at, uint8_t *byte_out)
{
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    size_t layers = 0;
    size_t last = 1; /* where the digits of hex begin that count */
    if (bytes[0] != '%')
        return 0;
    while (layers < LAYERS_MAX && left >= last + 4 && bytes[last] == '2' &&
           bytes[last + 1] == '5') {
        last += 2;
        layers++;
    }
    if (layers == 0)
        return 0;
    int high = hex_value(bytes[last]);
    int low = hex_value(bytes[last + 1]);
    if (high < 0 || high > 7 || low < 0)
        return 0; /* beyond ASCII */
    uint8_t byte = (uint8_t)(high << 4 | low);
    if (!unit_is_joint((struct unit){.kind = view->lexicon->single[byte]}))
        return 0;
    *byte_out = byte;
    return last + 2;
}

bool recoded_inside(const struct view *view, size_t at)
{
    uint8_t byte = 0;
    size_t back = 1;
    while (back < RECODED_LENGTH_MAX && back < at &&
           hex_value(view->bytes[at - back]) >= 0)
        back++;
    return back > 2 && back <= at && recoded_joint(view, at - back, &byte) > back;
}

bool recoded_ends(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes;
    size_t layers = 0;
    if (at < 5 || hex_value(bytes[at - 1]) < 0 || hex_value(bytes[at - 2]) < 0)
        return false;
    for (at -= 2;
         layers < LAYERS_MAX && at > 2 && bytes[at - 1] == '5' && bytes[at - 2] == '2';
         at -= 2)
        layers++;
    return layers > 0 && bytes[at - 1] == '%';
}

bool recoded_touches(const struct view *view, size_t at)
{
    return at > 2 && byte_is_digit(view->bytes[at - 1]) && view->bytes[at - 2] != '3' &&
           recoded_ends(view, at);
}

size_t near_run_begin(const struct view *view, size_t at)
{
    size_t stop = at > RECODED_LENGTH_MAX ? at - RECODED_LENGTH_MAX : 0;
    while (at > stop && byte_is_digit(view->bytes[at - 1]))
        at--;
    return at;
}

size_t recoded_run_begin(const struct view *view, enum mode mode, size_t at)
{
    return mode == MODE_PERCENT && recoded_touches(view, at) ? near_run_begin(view, at)
                                                             : at;
}
