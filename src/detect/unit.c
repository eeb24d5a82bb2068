#include "detect/unit.h"

#include <string.h>

#include "detect/lexicon.h"
#include "detect/recoded.h"

#define ENTITY_LENGTH_MAX 10u

static const struct unit other = {UNIT_OTHER, 0, 1, CODING_ASCII, 0};

size_t unit_length_max(enum mode mode)
{
    static const uint8_t max[MODE_COUNT] = {
        [MODE_RAW] = 3, [MODE_PERCENT] = 9, [MODE_JSON] = 6,    [MODE_HTML] = 10,
        [MODE_QP] = 9,  [MODE_HEX] = 4,     [MODE_UTF16LE] = 2, [MODE_UTF16BE] = 2,
        [MODE_JIS] = 2, [MODE_EBCDIC] = 1,
    };
    return max[mode];
}

static struct unit single_unit(uint8_t byte, uint8_t kind)
{
    uint8_t value = kind == UNIT_DIGIT ? byte & 0x0Fu : 0;
    return (struct unit){kind, value, 1, CODING_ASCII, 0};
}

static struct unit read_raw(const struct view *view, size_t at)
{
    const struct lexicon *lexicon = view->lexicon;
    uint8_t byte = view->bytes[at];
    if (lexicon->single[byte] != UNIT_OTHER)
        return single_unit(byte, lexicon->single[byte]);
    size_t left = view->length - at;
    if (byte == '\r' && left > 1 && view->bytes[at + 1] == '\n')
        return (struct unit){UNIT_WRAP, 0, 2, CODING_ASCII, 0};
    if (byte < 0x80)
        return other;
    const struct lexicon_entry *entry = lexicon_find(lexicon, view->bytes + at, left);
    if (!entry)
        return other;
    return (struct unit){entry->kind, entry->value, entry->length, entry->coding, 0};
}

/* One byte written as an introducer and two hex digits, or, behind the first, as it is.
 */
static bool read_coded(const struct view *view, size_t at, uint8_t introducer,
                       uint8_t *byte_out, size_t *length_out)
{
    if (at >= view->length)
        return false;
    if (view->bytes[at] != introducer) {
        *byte_out = view->bytes[at];
        *length_out = 1;
        return true;
    }
    if (view->length - at < 3)
        return false;
    int high = hex_value(view->bytes[at + 1]);
    int low = hex_value(view->bytes[at + 2]);
    if (high < 0 || low < 0)
        return false;
    *byte_out = (uint8_t)(high << 4 | low);
    *length_out = 3;
    return true;
}

/* %0A, %0D%0A and the same in quoted-printable. */
static struct unit read_coded_wrap(const struct view *view, size_t at, uint8_t introducer,
                                   uint8_t first)
{
    if (first == '\n')
        return (struct unit){UNIT_WRAP, 0, 3, CODING_ASCII, 1};
    uint8_t second = 0;
    size_t length = 0;
    if (read_coded(view, at + 3, introducer, &second, &length) && length == 3 &&
        second == '\n')
        return (struct unit){UNIT_WRAP, 0, 6, CODING_ASCII, 1};
    return other;
}

static struct unit read_recoded(const struct view *view, size_t at)
{
    uint8_t byte = 0;
    size_t length = recoded_joint(view, at, &byte);
    if (length == 0)
        return other;
    return (struct unit){view->lexicon->single[byte], 0, (uint8_t)length, CODING_ASCII,
                         1};
}

static struct unit read_escaped(const struct view *view, size_t at, uint8_t introducer)
{
    uint8_t bytes[LEXICON_BYTES_MAX];
    size_t ends[LEXICON_BYTES_MAX + 1] = {0};
    size_t length = 0;
    if (!read_coded(view, at, introducer, &bytes[0], &length) || length != 3)
        return other;
    if (bytes[0] == '\n' || bytes[0] == '\r')
        return read_coded_wrap(view, at, introducer, bytes[0]);
    const struct lexicon *lexicon = view->lexicon;
    uint8_t kind = lexicon->single[bytes[0]];
    if (kind != UNIT_OTHER) {
        uint8_t value = kind == UNIT_DIGIT ? bytes[0] & 0x0Fu : 0;
        return (struct unit){kind, value, 3, CODING_ASCII, 1};
    }
    if (bytes[0] == '%' && introducer == '%')
        return read_recoded(view, at);
    if (bytes[0] < 0x80 || lexicon->from[bytes[0]] == lexicon->from[bytes[0] + 1u])
        return other;
    size_t count = 1;
    ends[1] = 3;
    while (count < LEXICON_BYTES_MAX &&
           read_coded(view, at + ends[count], introducer, &bytes[count], &length)) {
        ends[count + 1] = ends[count] + length;
        count++;
    }
    const struct lexicon_entry *entry = lexicon_find(lexicon, bytes, count);
    if (!entry)
        return other;
    return (struct unit){entry->kind, entry->value, (uint8_t)ends[entry->length],
                         entry->coding, 1};
}

static struct unit read_qp(const struct view *view, size_t at)
{
    if (view->bytes[at] != '=')
        return read_raw(view, at);
    size_t left = view->length - at;
    if (left > 1 && view->bytes[at + 1] == '\n')
        return (struct unit){UNIT_SOFT, 0, 2, CODING_ASCII, 1};
    if (left > 2 && view->bytes[at + 1] == '\r' && view->bytes[at + 2] == '\n')
        return (struct unit){UNIT_SOFT, 0, 3, CODING_ASCII, 1};
    return read_escaped(view, at, '=');
}

static struct unit point_unit(const struct view *view, uint32_t code_point,
                              uint8_t length, uint8_t escaped)
{
    const struct lexicon_point *point = lexicon_point(view->lexicon, code_point);
    if (!point)
        return other;
    return (struct unit){point->kind, point->value, length, point->coding, escaped};
}

static struct unit read_json(const struct view *view, size_t at)
{
    if (view->bytes[at] != '\\')
        return read_raw(view, at);
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    if (left >= 4 && memcmp(bytes, "\\r\\n", 4) == 0)
        return (struct unit){UNIT_WRAP, 0, 4, CODING_ASCII, 1};
    if (left >= 2 && bytes[1] == 'n')
        return (struct unit){UNIT_WRAP, 0, 2, CODING_ASCII, 1};
    if (left < 6 || bytes[1] != 'u')
        return other;
    uint32_t code_point = 0;
    for (size_t i = 2; i < 6; i++) {
        int value = hex_value(bytes[i]);
        if (value < 0)
            return other;
        code_point = code_point << 4 | (uint32_t)value;
    }
    return point_unit(view, code_point, 6, 1);
}

static struct unit read_numeric_entity(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    bool hex = left > 2 && (bytes[2] == 'x' || bytes[2] == 'X');
    size_t first = hex ? 3 : 2;
    uint32_t code_point = 0;
    for (size_t i = first; i < left && i < ENTITY_LENGTH_MAX; i++) {
        if (bytes[i] == ';' && i > first)
            return point_unit(view, code_point, (uint8_t)(i + 1), 1);
        int value = hex || byte_is_digit(bytes[i]) ? hex_value(bytes[i]) : -1;
        if (value < 0)
            return other;
        code_point = code_point * (hex ? 16u : 10u) + (uint32_t)value;
    }
    return other;
}

static struct unit read_html(const struct view *view, size_t at)
{
    if (view->bytes[at] != '&')
        return read_raw(view, at);
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    if (left > 1 && bytes[1] == '#')
        return read_numeric_entity(view, at);
    for (size_t i = 0; i < view->lexicon->entity_count; i++) {
        const struct entity_row *entity = &view->lexicon->entities[i];
        size_t length = strlen(entity->name);
        if (left >= length + 2 && bytes[length + 1] == ';' &&
            memcmp(bytes + 1, entity->name, length) == 0)
            return point_unit(view, entity->code_point, (uint8_t)(length + 2), 1);
    }
    return other;
}

/* A byte written as two hex digits, with or without \x before them. */
static struct unit read_hex(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    size_t lead = left >= 4 && bytes[0] == '\\' && bytes[1] == 'x' ? 2 : 0;
    if (left < lead + 2)
        return other;
    int high = hex_value(bytes[lead]);
    int low = hex_value(bytes[lead + 1]);
    if (high < 0 || low < 0)
        return other;
    uint8_t byte = (uint8_t)(high << 4 | low);
    uint8_t kind = byte < 0x80 ? view->lexicon->single[byte] : UNIT_OTHER;
    if (kind == UNIT_WRAP)
        return other;
    uint8_t value = kind == UNIT_DIGIT ? byte & 0x0Fu : 0;
    return (struct unit){kind, value, (uint8_t)(lead + 2), CODING_ASCII, 1};
}

static struct unit read_utf16(const struct view *view, size_t at, size_t low)
{
    if (view->length - at < 2)
        return other;
    uint32_t code_point =
        (uint32_t)view->bytes[at + 1 - low] << 8 | view->bytes[at + low];
    return point_unit(view, code_point, 2, 0);
}

static struct unit read_jis(const struct view *view, size_t at)
{
    if (view->length - at < 2)
        return other;
    const uint8_t *bytes = view->bytes + at;
    for (size_t i = 0; i < view->lexicon->jis_count; i++) {
        const struct lexicon_entry *entry = &view->lexicon->jis[i];
        if (entry->bytes[0] == bytes[0] && entry->bytes[1] == bytes[1])
            return (struct unit){entry->kind, entry->value, 2, CODING_WIDE, 0};
    }
    return other;
}

struct unit unit_read(const struct view *view, enum mode mode, size_t at)
{
    if (at >= view->length)
        return (struct unit){UNIT_OTHER, 0, 0, CODING_ASCII, 0};
    uint8_t byte = view->bytes[at];
    switch (mode) {
    case MODE_RAW:
        return read_raw(view, at);
    case MODE_PERCENT:
        return byte == '%' ? read_escaped(view, at, '%') : read_raw(view, at);
    case MODE_JSON:
        return read_json(view, at);
    case MODE_HTML:
        return read_html(view, at);
    case MODE_QP:
        return read_qp(view, at);
    case MODE_HEX:
        return read_hex(view, at);
    case MODE_UTF16LE:
        return read_utf16(view, at, 0);
    case MODE_UTF16BE:
        return read_utf16(view, at, 1);
    case MODE_JIS:
        return read_jis(view, at);
    case MODE_EBCDIC:
        return single_unit(byte, view->lexicon->single_ebcdic[byte]);
    default:
        return other;
    }
}

static bool inside_coded(const struct view *view, uint8_t introducer, size_t at)
{
    for (size_t back = 1; back <= 2 && back <= at; back++) {
        const uint8_t *escape = view->bytes + at - back;
        if (escape[0] == introducer && view->length - (at - back) > 2 &&
            hex_value(escape[1]) >= 0 && hex_value(escape[2]) >= 0)
            return true;
    }
    return false;
}

static bool is_json_escape(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    if (view->length - at < 6 || bytes[0] != '\\' || bytes[1] != 'u')
        return false;
    for (size_t i = 2; i < 6; i++)
        if (hex_value(bytes[i]) < 0)
            return false;
    return true;
}

static bool inside_json(const struct view *view, size_t at)
{
    for (size_t back = 2; back <= 5 && back <= at; back++)
        if (is_json_escape(view, at - back))
            return true;
    return false;
}

/* An entity of a number, whatever it stands for; 0 bytes if there is none. */
static size_t entity_length(const struct view *view, size_t at)
{
    const uint8_t *bytes = view->bytes + at;
    size_t left = view->length - at;
    if (left < 4 || bytes[0] != '&' || bytes[1] != '#')
        return 0;
    bool hex = (bytes[2] | 0x20) == 'x';
    size_t first = hex ? 3 : 2;
    for (size_t i = first; i < left && i < ENTITY_LENGTH_MAX; i++) {
        if (bytes[i] == ';')
            return i > first ? i + 1 : 0;
        if (hex ? hex_value(bytes[i]) < 0 : !byte_is_digit(bytes[i]))
            return 0;
    }
    return 0;
}

static bool inside_entity(const struct view *view, size_t at)
{
    for (size_t back = 2; back < ENTITY_LENGTH_MAX && back <= at; back++)
        if (view->bytes[at - back] == '&')
            return entity_length(view, at - back) > back;
    return false;
}

/* True if the byte at `at` is the inside of an escape, so no character of its own. */
bool unit_inside_escape(const struct view *view, enum mode mode, size_t at)
{
    if (mode == MODE_PERCENT)
        return inside_coded(view, '%', at) || recoded_inside(view, at);
    if (mode == MODE_QP)
        return inside_coded(view, '=', at);
    if (mode == MODE_JSON)
        return inside_json(view, at);
    return mode == MODE_HTML && inside_entity(view, at);
}

/* One ASCII byte by itself: nothing wide can end in it. */
static bool is_plain_before(const struct view *view, enum mode mode, size_t at)
{
    return mode == MODE_RAW && at > 0 && view->bytes[at - 1] < 0x80 &&
           view->bytes[at - 1] != '\n' && (at == 1 || view->bytes[at - 2] < 0x80);
}

struct unit unit_before(const struct view *view, enum mode mode, size_t at)
{
    if (is_plain_before(view, mode, at)) {
        uint8_t byte = view->bytes[at - 1];
        struct unit unit = single_unit(byte, view->lexicon->single[byte]);
        unit.length = unit.kind != UNIT_OTHER;
        return unit;
    }
    size_t most = unit_length_max(mode);
    if (most > at)
        most = at;
    for (size_t length = most; length > 0; length--) {
        struct unit unit = unit_read(view, mode, at - length);
        if (unit.kind == UNIT_OTHER || unit.length != length)
            continue;
        if (!unit.escaped && unit_inside_escape(view, mode, at - length))
            continue;
        if (mode == MODE_PERCENT && unit.kind == UNIT_DIGIT && length == 1 &&
            recoded_touches(view, at))
            continue;
        return unit;
    }
    return (struct unit){UNIT_OTHER, 0, 0, CODING_ASCII, 0};
}

size_t jis_segment(const struct view *view, size_t at)
{
    size_t stop = at > JIS_BACK_MAX ? at - JIS_BACK_MAX : 0;
    if (!memchr(view->bytes + stop, 0x1B, at - stop))
        return SIZE_MAX; /* as in nearly all text */
    if (at < view->length && view->bytes[at] >= 0x80)
        return SIZE_MAX;
    for (size_t i = at; i-- > stop;) {
        uint8_t byte = view->bytes[i];
        if (byte == '\n' || byte >= 0x80) /* its bytes have 7 bits */
            return SIZE_MAX;
        if (byte != 0x1B)
            continue;
        if (view->length - i < 3 || view->bytes[i + 1] != '$' ||
            (view->bytes[i + 2] != 'B' && view->bytes[i + 2] != '@'))
            return SIZE_MAX;
        return i + 3 <= at ? i + 3 : SIZE_MAX;
    }
    return SIZE_MAX;
}
