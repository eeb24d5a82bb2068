/* utf8.c - the code points of a table's text. */
#include "patterns/utf8.h"

size_t utf8_decode(const char *text, size_t length, uint32_t *code_point_out)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (length == 0)
        return 0;
    const unsigned char *at = (const unsigned char *)text;
    size_t width = at[0] < 0x80   ? 1
                   : at[0] < 0xC2 ? 0
                   : at[0] < 0xE0 ? 2
                   : at[0] < 0xF0 ? 3
                                  : 4;
    if (width == 0 || width > length || at[0] > 0xF4)
        return 0;
    uint32_t value = width == 1 ? at[0] : at[0] & (0x7Fu >> width);
    for (size_t i = 1; i < width; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3Fu);
    }
    if (value < smallest[width] || value > 0x10FFFF ||
        (value >= 0xD800 && value < 0xE000))
        return 0;
    *code_point_out = value;
    return width;
}
