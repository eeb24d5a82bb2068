#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "job/lines.h"

Test(lines, counted_as_byte_by_byte)
{
    static unsigned char text[30000];
    srand(1);
    for (size_t index = 0; index < sizeof text; index++)
        text[index] = rand() % 5 ? 'x' : '\n';
    for (size_t length = 0; length < sizeof text; length += 1 + length / 7) {
        for (size_t from = 0; from < 3; from++) {
            if (from > length)
                continue;
            size_t count = 0;
            size_t last = length - from;
            for (size_t index = from; index < length; index++) {
                if (text[index] == '\n') {
                    count++;
                    last = index - from;
                }
            }
            struct bytes bytes = bytes_of(text + from, length - from);
            cr_assert_eq(lines_count(bytes), count);
            cr_assert_eq(lines_last(bytes), last);
        }
    }
}

Test(lines, all_of_them)
{
    static unsigned char text[20000];
    memset(text, '\n', sizeof text);
    cr_assert_eq(lines_count(bytes_of(text, sizeof text)), sizeof text);
    cr_assert_eq(lines_count(bytes_of(NULL, 0)), 0);
    cr_assert_eq(lines_last(bytes_of(NULL, 0)), 0);
}
