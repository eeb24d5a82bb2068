#include "detect/series.h"

#include <string.h>

#include "detect/sequence.h"
#include "detect/text.h"

#define LIKES_MIN        3u /* of a list in order, besides the number's own groups */
#define LIKES_SIDE_MAX   4u
#define HEX_WORDS_MIN    3u
#define HEX_BEFORE_MAX   12u
#define HEX_BEHIND_MAX   8u
#define HEX_LENGTH_MIN   4u
#define HEX_LENGTH_MAX   6u
#define INTEGER_DIGITS   17u /* and more: fewer are not told from a card's by the size */
#define INTEGER_LETTERS  3u  /* ULL */
#define GROUP_LENGTH_MAX 9u  /* two of them are 18 digits */

/* The number read again, with what parts its digits. */
struct parts {
    uint8_t digits[PAN_DIGITS_MAX];
    size_t count;
    size_t groups;
    size_t group_size; /* of all groups; 0: they differ */
    bool wraps;
    bool stop; /* one full stop, and nothing else */
};

static struct parts read_parts(const struct view *view, enum mode mode, size_t start,
                               size_t end)
{
    struct parts parts = {.groups = 1};
    size_t size = 0;
    size_t joints = 0;
    bool same = true;
    bool stop = false;
    for (size_t at = start; at < end;) {
        struct unit unit = unit_read(view, mode, at);
        if (unit.kind == UNIT_DIGIT && parts.count < PAN_DIGITS_MAX) {
            parts.digits[parts.count++] = unit.value;
            size++;
        } else if (unit.kind != UNIT_SOFT) {
            if (size > 0) {
                same &= parts.groups == 1 || size == parts.group_size;
                parts.group_size = size;
                parts.groups++;
            }
            size = 0;
            joints++;
            stop = character_at(view, mode, at).value == '.';
            parts.wraps |= unit.kind == UNIT_WRAP;
        }
        at += unit.length;
    }
    same &= parts.groups == 1 || size == parts.group_size;
    parts.group_size = same ? size : 0;
    parts.stop = stop && joints == 1;
    return parts;
}

bool series_is_fraction(const struct view *view, enum mode mode, size_t start, size_t end)
{
    if (mode == MODE_RAW && !memchr(view->bytes + start, '.', end - start))
        return false;
    return read_parts(view, mode, start, end).stop;
}

/* ---- a glance -------------------------------------------------------------------- */

static bool may_part(uint8_t byte)
{
    return byte == ' ' || byte == '-' || byte == '.' || byte == '+' || byte >= 0x80;
}

/* Of a hex word, of a group, or of a joint. */
static bool may_go_on(uint8_t byte)
{
    return hex_value(byte) >= 0 || byte == '*' || byte == '#' || (byte | 0x20) == 'x' ||
           may_part(byte);
}

/* Bytes from 80 on are of characters that only reading tells; the second byte of one may
 * be ASCII (81 40). */
static bool glance_before(const struct view *view, size_t start)
{
    if (start <= HEX_LENGTH_MIN)
        return start >= 2;
    const uint8_t *bytes = view->bytes + start - 1;
    if (bytes[0] >= 0x80 || bytes[-1] >= 0x80)
        return true;
    if (!may_part(bytes[0]))
        return false;
    for (size_t i = 0; i < HEX_LENGTH_MIN; i++) {
        bytes--;
        if (byte_is_digit(*bytes) || *bytes >= 0x80)
            return true;
        if (!may_go_on(*bytes))
            return i + 1 < HEX_LENGTH_MIN && bytes[-1] >= 0x80;
    }
    return true;
}

static bool glance_behind(const struct view *view, size_t end)
{
    if (view->length - end <= HEX_LENGTH_MIN)
        return view->length - end >= 2;
    const uint8_t *bytes = view->bytes + end;
    if (bytes[0] >= 0x80)
        return true;
    if (!may_part(bytes[0]))
        return false;
    for (size_t i = 0; i < HEX_LENGTH_MIN; i++) {
        bytes++;
        if (byte_is_digit(*bytes) || *bytes >= 0x80)
            return true;
        if (!may_go_on(*bytes))
            return false;
    }
    return true;
}

bool series_may_be(const struct view *view, enum mode mode, size_t start, size_t end)
{
    return mode != MODE_RAW || glance_before(view, start) || glance_behind(view, end) ||
           memchr(view->bytes + start, '\n', end - start);
}

/* ---- in order -------------------------------------------------------------------- */

#define HIDDEN 0xFFu /* a digit that a mask hides: what it was does not matter */

/* The run of `size` digits or masks that ends at `at`; false if it is longer or shorter.
 */
static bool group_before(const struct view *view, enum mode mode, size_t at, size_t size,
                         uint8_t *digits, size_t *begin_out)
{
    for (size_t i = size; i > 0; i--) {
        struct unit unit = unit_before(view, mode, at);
        if (unit.kind != UNIT_DIGIT && unit.kind != UNIT_MASK)
            return false;
        digits[i - 1] = unit.kind == UNIT_DIGIT ? unit.value : HIDDEN;
        at -= unit.length;
    }
    *begin_out = at;
    return !digit_before(view, mode, at);
}

static bool group_behind(const struct view *view, enum mode mode, size_t at, size_t size,
                         uint8_t *digits, size_t *end_out)
{
    for (size_t i = 0; i < size; i++) {
        struct unit unit = unit_read(view, mode, at);
        if (unit.kind != UNIT_DIGIT && unit.kind != UNIT_MASK)
            return false;
        digits[i] = unit.kind == UNIT_DIGIT ? unit.value : HIDDEN;
        at += unit.length;
    }
    *end_out = at;
    return !digit_behind(view, mode, at);
}

static bool is_ordered(const uint8_t *digits, size_t groups, size_t size)
{
    const uint8_t *last = NULL;
    bool rises = true;
    bool falls = true;
    for (size_t i = 0; i < groups; i++, digits += size) {
        if (memchr(digits, HIDDEN, size))
            continue;
        int order = last ? memcmp(digits, last, size) : 0;
        rises &= !last || order > 0;
        falls &= !last || order < 0;
        last = digits;
    }
    return rises || falls;
}

bool series_is_ordered(const struct view *view, enum mode mode, size_t start, size_t end)
{
    size_t next = 0;
    struct parts parts = read_parts(view, mode, start, end);
    size_t size = parts.group_size;
    if (parts.groups < 2 || size == 0 || size > GROUP_LENGTH_MAX || parts.wraps)
        return false;
    uint8_t digits[2 * LIKES_SIDE_MAX * GROUP_LENGTH_MAX + PAN_DIGITS_MAX];
    uint8_t *first = digits + LIKES_SIDE_MAX * size;
    memcpy(first, parts.digits, parts.count);
    size_t likes = 0;
    for (size_t at = start; likes < LIKES_SIDE_MAX; likes++, first -= size)
        if (joint_before(view, mode, at, &next) == UNIT_OTHER ||
            !group_before(view, mode, next, size, first - size, &at))
            break;
    uint8_t *last = digits + LIKES_SIDE_MAX * size + parts.count;
    size_t at = end;
    for (size_t i = 0; i < LIKES_SIDE_MAX; i++, likes++, last += size)
        if (joint_behind(view, mode, at, &next) == UNIT_OTHER ||
            !group_behind(view, mode, next, size, last, &at))
            break;
    return likes >= LIKES_MIN && is_ordered(first, likes + parts.groups, size);
}

/* ---- hex words -------------------------------------------------------------------- */

struct hex_words {
    size_t count;
    bool letters;
};

/* Takes one character of a word, or ends it.  False: it has ended. */
static bool take_hex(int value, size_t *length, bool *letters, bool *bad)
{
    bool mask = value == '*' || value == '#' || (value | 0x20) == 'x';
    if (value == NOT_ASCII || (!mask && !byte_is_alnum((uint8_t)value)))
        return false;
    *bad |= (!mask && hex_value((uint8_t)value) < 0) || *length == HEX_LENGTH_MAX;
    *letters |= !mask && byte_is_letter((uint8_t)value);
    ++*length;
    return !*bad;
}

/* The word that ends at `at`, and where it begins. */
static bool word_before(const struct view *view, enum mode mode, size_t *at,
                        struct hex_words *words)
{
    size_t length = 0;
    bool letters = false;
    bool bad = false;
    struct character character = character_before(view, mode, *at);
    while (take_hex(character.value, &length, &letters, &bad)) {
        *at -= character.length;
        character = character_before(view, mode, *at);
    }
    if (bad || length < HEX_LENGTH_MIN)
        return false;
    words->count++;
    words->letters |= letters;
    return true;
}

static bool word_behind(const struct view *view, enum mode mode, size_t *at,
                        struct hex_words *words)
{
    size_t length = 0;
    bool letters = false;
    bool bad = false;
    struct character character = character_at(view, mode, *at);
    while (take_hex(character.value, &length, &letters, &bad)) {
        *at += character.length;
        character = character_at(view, mode, *at);
    }
    if (bad || length < HEX_LENGTH_MIN)
        return false;
    words->count++;
    words->letters |= letters;
    return true;
}

/* Over one joint; before a number that wraps, over a line break too. */
static bool over_joint_before(const struct view *view, enum mode mode, bool wraps,
                              size_t *at)
{
    struct unit unit = unit_before(view, mode, *at);
    if (wraps && unit.kind == UNIT_WRAP) {
        *at -= unit.length;
        return true;
    }
    return joint_before(view, mode, *at, at) != UNIT_OTHER;
}

/* Without reading the number again where its bytes tell. */
static bool has_wrap(const struct view *view, enum mode mode, size_t start, size_t end)
{
    if (mode == MODE_RAW)
        return memchr(view->bytes + start, '\n', end - start) != NULL;
    return read_parts(view, mode, start, end).wraps;
}

bool series_is_hex(const struct view *view, enum mode mode, size_t start, size_t end)
{
    struct hex_words words = {0, false};
    size_t at = end;
    for (size_t i = 0; i < HEX_BEHIND_MAX; i++)
        if (joint_behind(view, mode, at, &at) == UNIT_OTHER ||
            !word_behind(view, mode, &at, &words))
            break;
    at = start;
    bool wraps = has_wrap(view, mode, start, end);
    for (size_t i = 0; i < HEX_BEFORE_MAX; i++)
        if (!over_joint_before(view, mode, wraps, &at) ||
            !word_before(view, mode, &at, &words))
            break;
    return words.count >= HEX_WORDS_MIN && words.letters &&
           read_parts(view, mode, start, end).groups >= 2;
}

/* ---- an integer -------------------------------------------------------------------- */

/* The letters behind an integer in C, Java, Python or JavaScript. */
static bool is_suffix(const char *letters, size_t length)
{
    static const char *const suffixes[] = {"l", "ll", "u", "ul", "ull", "lu", "llu", "n"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (strlen(suffixes[i]) == length && memcmp(suffixes[i], letters, length) == 0)
            return true;
    return false;
}

static bool has_suffix(const struct view *view, enum mode mode, size_t end)
{
    char letters[INTEGER_LETTERS];
    size_t length = 0;
    for (;;) {
        struct character character = character_at(view, mode, end);
        if (character.value == NOT_ASCII || !byte_is_alnum((uint8_t)character.value))
            return is_suffix(letters, length);
        if (length == INTEGER_LETTERS)
            return false;
        letters[length++] = (char)(character.value | 0x20);
        end += character.length;
    }
}

/* ILm4843385626062560038EE: an argument in the name of a C++ function. */
static bool is_mangled(const struct view *view, enum mode mode, size_t start, size_t end)
{
    struct character type = character_before(view, mode, start);
    if (type.value <= 0 || !strchr("ijlmxy", type.value) ||
        character_at(view, mode, end).value != 'E')
        return false;
    return character_before(view, mode, start - type.length).value == 'L';
}

bool series_is_integer(const struct view *view, enum mode mode, size_t start, size_t end)
{
    int behind = character_at(view, mode, end).value;
    if (behind == NOT_ASCII || !byte_is_letter((uint8_t)behind))
        return false;
    struct parts parts = read_parts(view, mode, start, end);
    return parts.groups == 1 && parts.count >= INTEGER_DIGITS &&
           (has_suffix(view, mode, end) || is_mangled(view, mode, start, end));
}
