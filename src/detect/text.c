#include "detect/text.h"

#include <string.h>

#include "detect/lexicon.h"
#include "detect/recoded.h"

#define ENTITY_LENGTH_MAX 10u
#define WIDE_REACH        64u /* bytes looked at to tell CP932 from UTF-8 */
#define NONE              ((struct character){NOT_ASCII, 0})

static int ascii_or_not(unsigned value)
{
    return value < 0x80 ? (int)value : NOT_ASCII;
}

/* `count` hex digits at `at` as a number, or -1. */
static long hex_number(const struct view *view, size_t at, size_t count)
{
    long number = 0;
    if (view->length < at + count)
        return -1;
    for (size_t i = 0; i < count; i++) {
        int value = hex_value(view->bytes[at + i]);
        if (value < 0)
            return -1;
        number = number * 16 + value;
    }
    return number;
}

/* &period; and its like. */
static struct character named_entity_at(const struct view *view, size_t at)
{
    const struct lexicon *lexicon = view->lexicon;
    const uint8_t *bytes = view->bytes + at;
    for (size_t i = 0; i < lexicon->entity_count; i++) {
        size_t length = strlen(lexicon->entities[i].name);
        if (view->length - at >= length + 2 && bytes[length + 1] == ';' &&
            memcmp(bytes + 1, lexicon->entities[i].name, length) == 0)
            return (struct character){ascii_or_not(lexicon->entities[i].code_point),
                                      length + 2};
    }
    return NONE;
}

/* &#46; and &#x2e;, no longer than a digit's. */
static struct character entity_at(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    if (left < 4)
        return NONE;
    if (bytes[1] != '#')
        return named_entity_at(view, at);
    bool hex = (bytes[2] | 0x20) == 'x';
    size_t first = hex ? 3 : 2;
    unsigned value = 0;
    for (size_t i = first; i < left && i < ENTITY_LENGTH_MAX; i++) {
        if (bytes[i] == ';' && i > first)
            return (struct character){ascii_or_not(value), i + 1};
        int digit = hex || byte_is_digit(bytes[i]) ? hex_value(bytes[i]) : -1;
        if (digit < 0)
            break;
        value = value * (hex ? 16u : 10u) + (unsigned)digit;
    }
    return NONE;
}

static struct character wide_at(const struct view *view, size_t at, size_t low)
{
    if (view->length < at + 2)
        return NONE;
    unsigned value = (unsigned)view->bytes[at + 1 - low] << 8 | view->bytes[at + low];
    return (struct character){ascii_or_not(value), 2};
}

/* A percent form that was encoded once more, if it parts digits. */
static struct character recoded_at(const struct view *view, size_t at)
{
    uint8_t byte = 0;
    size_t length = at < view->length ? recoded_joint(view, at, &byte) : 0;
    return length > 0 ? (struct character){byte, length} : NONE;
}

static struct character recoded_before(const struct view *view, size_t at)
{
    if (!recoded_ends(view, at))
        return NONE; /* as nearly everywhere */
    for (size_t length = 5; length <= RECODED_LENGTH_MAX && length <= at; length += 2) {
        struct character character = recoded_at(view, at - length);
        if (character.length == length)
            return character;
    }
    return NONE;
}

struct character character_at(const struct view *view, enum mode mode, size_t at)
{
    struct character recoded = mode == MODE_PERCENT ? recoded_at(view, at) : NONE;
    return recoded.length > 0 ? recoded : character_coded_once(view, mode, at);
}

struct character character_coded_once(const struct view *view, enum mode mode, size_t at)
{
    if (at >= view->length)
        return NONE;
    uint8_t byte = view->bytes[at];
    if ((mode == MODE_PERCENT && byte == '%') || (mode == MODE_QP && byte == '=')) {
        long value = hex_number(view, at + 1, 2);
        if (value >= 0)
            return (struct character){ascii_or_not((unsigned)value), 3};
    }
    if (mode == MODE_JSON && byte == '\\' && at + 1 < view->length &&
        view->bytes[at + 1] == 'u') {
        long value = hex_number(view, at + 2, 4);
        if (value >= 0)
            return (struct character){ascii_or_not((unsigned)value), 6};
    }
    if (mode == MODE_HTML && byte == '&') {
        struct character entity = entity_at(view, at);
        if (entity.length > 0)
            return entity;
    }
    if (mode == MODE_UTF16LE || mode == MODE_UTF16BE)
        return wide_at(view, at, mode == MODE_UTF16BE);
    if (mode == MODE_HEX || mode == MODE_JIS || mode == MODE_EBCDIC)
        return NONE;
    return (struct character){ascii_or_not(byte), 1};
}

/* ESC ( B and its like shift to ASCII or back: no text. */
static bool shift_ends(const struct view *view, size_t at)
{
    if (at < 3 || view->bytes[at - 3] != 0x1B)
        return false;
    uint8_t middle = view->bytes[at - 2];
    uint8_t last = view->bytes[at - 1];
    return (middle == '(' && (last == 'B' || last == 'J')) ||
           (middle == '$' && (last == 'B' || last == '@'));
}

/* ---- CP932, whose second bytes may be ASCII letters ---------------------------- */

static bool leads_cp932(uint8_t byte)
{
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
}

static bool is_utf8(const uint8_t *bytes, size_t length)
{
    size_t missing = 0;
    for (size_t i = 0; i < length; i++) {
        bool continues = (bytes[i] & 0xC0) == 0x80;
        if (continues != (missing > 0) || bytes[i] > 0xF4)
            return false;
        if (continues)
            missing--;
        else if (bytes[i] >= 0xC2)
            missing = 1u + (bytes[i] >= 0xE0) + (bytes[i] >= 0xF0);
        else
            return false;
    }
    return missing == 0;
}

static bool ends_in_lead(const uint8_t *bytes, size_t length)
{
    size_t i = 0;
    while (i + 1 < length)
        i += leads_cp932(bytes[i]) ? 2 : 1;
    return i < length;
}

/* Any byte below 80 ends a character, both in UTF-8 and in CP932: what is between the
 * last one and the letter tells which it is.  Where it is too long to tell, a letter too
 * few costs less than a number that is not found. */
bool text_is_trail(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes;
    if (at < 2 || !leads_cp932(bytes[at - 2]) || !byte_is_letter(bytes[at - 1]))
        return false;
    size_t end = at - 1;
    size_t stop = end > WIDE_REACH ? end - WIDE_REACH : 0;
    size_t begin = end;
    while (begin > stop && bytes[begin - 1] >= 0x80)
        begin--;
    bool cut = begin > 0 && bytes[begin - 1] >= 0x80;
    size_t first = begin;
    while (cut && first < begin + 3 && (bytes[first] & 0xC0) == 0x80)
        first++;
    if (is_utf8(bytes + first, end - first))
        return false;
    return cut || ends_in_lead(bytes + begin, end - begin);
}

/* An escape whose length is known by its mode. */
static struct character escape_before(const struct view *view, enum mode mode, size_t at)
{
    static const uint8_t escape_length[MODE_COUNT] = {
        [MODE_PERCENT] = 3, [MODE_QP] = 3, [MODE_JSON] = 6};
    struct character recoded = mode == MODE_PERCENT ? recoded_before(view, at) : NONE;
    if (recoded.length > 0)
        return recoded;
    size_t length = escape_length[mode];
    if (length == 0 || at < length)
        return NONE;
    struct character escape = character_at(view, mode, at - length);
    return escape.length == length ? escape : NONE;
}

struct character character_before(const struct view *view, enum mode mode, size_t at)
{
    if (at == 0)
        return NONE;
    if (shift_ends(view, at))
        return (struct character){NOT_ASCII, 3};
    if (mode == MODE_JSON && at >= 2 && view->bytes[at - 2] == '\\' &&
        (view->bytes[at - 1] == 'n' || view->bytes[at - 1] == 'r'))
        return (struct character){'\n', 2};
    struct character escape = escape_before(view, mode, at);
    if (escape.length > 0)
        return escape;
    if (mode == MODE_HTML && view->bytes[at - 1] == ';') {
        for (size_t back = 4; back <= ENTITY_LENGTH_MAX && back <= at; back++) {
            struct character entity = character_at(view, mode, at - back);
            if (entity.length == back)
                return entity;
        }
    }
    if (mode == MODE_UTF16LE || mode == MODE_UTF16BE)
        return at < 2 ? NONE : character_at(view, mode, at - 2);
    if (mode == MODE_HEX || mode == MODE_JIS || mode == MODE_EBCDIC)
        return NONE;
    if (text_is_trail(view, at))
        return (struct character){NOT_ASCII, 2};
    return (struct character){ascii_or_not(view->bytes[at - 1]), 1};
}
