#include "job/lines.h"

#include <stdint.h>

#define LANES      32
#define ROWS_MAX   255 /* more would overflow a lane */
#define BLOCK_SIZE (LANES * ROWS_MAX)

/* Written so that the compiler makes vector code of it. */
static size_t count_rows(const unsigned char *at, size_t rows)
{
    uint8_t lanes[LANES] = {0};
    for (size_t row = 0; row < rows; row++) {
        for (size_t lane = 0; lane < LANES; lane++)
            lanes[lane] = (uint8_t)(lanes[lane] + (at[row * LANES + lane] == '\n'));
    }
    size_t count = 0;
    for (size_t lane = 0; lane < LANES; lane++)
        count += lanes[lane];
    return count;
}

size_t lines_count(struct bytes bytes)
{
    size_t count = 0;
    while (bytes.length >= LANES) {
        size_t rows = bytes.length >= BLOCK_SIZE ? ROWS_MAX : bytes.length / LANES;
        count += count_rows(bytes.at, rows);
        bytes = bytes_from(bytes, rows * LANES);
    }
    for (size_t index = 0; index < bytes.length; index++)
        count += bytes.at[index] == '\n';
    return count;
}

size_t lines_last(struct bytes bytes)
{
    for (size_t index = bytes.length; index > 0; index--) {
        if (bytes.at[index - 1] == '\n')
            return index - 1;
    }
    return bytes.length;
}
