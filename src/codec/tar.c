#include "codec/tar.h"

#define SIZE_OFFSET  124u
#define SIZE_LENGTH  12u
#define SUM_OFFSET   148u
#define SUM_LENGTH   8u
#define TYPE_OFFSET  156u
#define MAGIC_OFFSET 257u
#define MAGIC        "ustar"
#define MAGIC_LENGTH (sizeof MAGIC - 1)

/* The name and what stands behind one that fills its field. */
#define TEXT_LENGTH_MAX 107u

/* ---- fields ------------------------------------------------------------------------ */

static int is_octal(unsigned char byte)
{
    return byte >= '0' && byte <= '7';
}

/* Octal digits behind blanks; *end_out is behind them. */
static uint64_t read_octal(const unsigned char *field, size_t length, size_t *end_out)
{
    uint64_t number = 0;
    size_t index = 0;
    while (index < length && field[index] == ' ')
        index++;
    for (; index < length && is_octal(field[index]); index++)
        number = number * 8 + (uint64_t)(field[index] - '0');
    *end_out = index;
    return number;
}

static uint64_t size_of(const unsigned char *block)
{
    const unsigned char *field = block + SIZE_OFFSET;
    uint64_t number = 0;
    size_t end = 0;
    if (!(field[0] & 0x80))
        return read_octal(field, SIZE_LENGTH, &end);
    /* GNU: too large for octal digits */
    for (size_t index = SIZE_LENGTH - 8; index < SIZE_LENGTH; index++)
        number = number << 8 | field[index];
    return number;
}

/* ---- checksums --------------------------------------------------------------------- */

/* Of all bytes, those of the checksum itself taken as blanks. */
static int64_t add_up(const unsigned char *block, int is_signed)
{
    int64_t sum = 0;
    for (size_t index = 0; index < TAR_BLOCK; index++) {
        int byte = index - SUM_OFFSET < SUM_LENGTH ? ' ' : block[index];
        sum += is_signed && byte > 127 ? byte - 256 : byte;
    }
    return sum;
}

enum tar_sum tar_sum(const unsigned char *block)
{
    size_t end = 0;
    const unsigned char *field = block + SUM_OFFSET;
    const int64_t stored = (int64_t)read_octal(field, SUM_LENGTH, &end);
    if (end == 0 || !is_octal(field[end - 1]))
        return TAR_SUM_WRONG;
    if (stored == add_up(block, 0))
        return TAR_SUM_UNSIGNED;
    return stored == add_up(block, 1) ? TAR_SUM_SIGNED : TAR_SUM_WRONG;
}

int tar_seal(unsigned char *block, enum tar_sum sum)
{
    unsigned char *field = block + SUM_OFFSET;
    int64_t value = add_up(block, sum == TAR_SUM_SIGNED);
    size_t end = 0;
    (void)read_octal(field, SUM_LENGTH, &end);
    if (value < 0)
        return -1;
    /* Blanks before the digits give way if need be, and are else left alone. */
    while (end > 0 && (value > 0 || is_octal(field[end - 1]))) {
        field[--end] = (unsigned char)('0' + value % 8);
        value /= 8;
    }
    return value == 0 ? 0 : -1;
}

static int has_magic(const unsigned char *block)
{
    return memcmp(block + MAGIC_OFFSET, MAGIC, MAGIC_LENGTH) == 0;
}

int tar_is_header(const unsigned char *block)
{
    return has_magic(block) || tar_sum(block) != TAR_SUM_WRONG;
}

/* A name of text, and then zeros: no log looks like that. */
static int may_be_tar(struct bytes first)
{
    size_t length = 0;
    while (length < first.length && first.at[length] >= ' ')
        length++;
    if (length == 0 || length > TEXT_LENGTH_MAX)
        return 0;
    return length < first.length && first.at[length] == 0;
}

int tar_sniff(struct bytes first, int *wants_more)
{
    if (first.length >= MAGIC_OFFSET + MAGIC_LENGTH && has_magic(first.at))
        return 1;
    if (first.length >= TAR_BLOCK)
        return first.at[0] != 0 && tar_sum(first.at) != TAR_SUM_WRONG;
    *wants_more |= may_be_tar(first);
    return 0;
}

/* ---- the walk ---------------------------------------------------------------------- */

static enum tar_piece fill_block(struct tar_walk *walk, struct bytes *bytes)
{
    size_t count = TAR_BLOCK - walk->carried;
    count = count < bytes->length ? count : bytes->length;
    if (count > 0)
        memcpy(walk->block + walk->carried, bytes->at, count);
    walk->carried += count;
    *bytes = bytes_from(*bytes, count);
    if (walk->carried < TAR_BLOCK)
        return TAR_NOTHING;
    walk->carried = 0;
    if (!walk->is_first)
        return TAR_HEADER;
    walk->is_first = 0;
    walk->left -= TAR_BLOCK;
    return TAR_FIRST;
}

enum tar_piece tar_walk_next(struct tar_walk *walk, struct bytes *bytes,
                             struct bytes *piece_out)
{
    if (walk->left == 0 || walk->is_first) {
        enum tar_piece piece = fill_block(walk, bytes);
        *piece_out = bytes_of(walk->block, piece == TAR_NOTHING ? 0 : TAR_BLOCK);
        return piece;
    }
    size_t count = walk->left < bytes->length ? (size_t)walk->left : bytes->length;
    *piece_out = bytes_of(bytes->at, count);
    *bytes = bytes_from(*bytes, count);
    walk->left -= count;
    return count > 0 ? TAR_DATA : TAR_NOTHING;
}

void tar_walk_follow(struct tar_walk *walk)
{
    const unsigned char type = walk->block[TYPE_OFFSET];
    const uint64_t size = size_of(walk->block);
    /* Links, devices, directories and FIFOs have none, whatever the size says. */
    if ((type >= '1' && type <= '6') || size == 0 || size > UINT64_MAX - TAR_BLOCK)
        return;
    walk->is_first = type == '0' || type == '\0' || type == '7' || type == 'S';
    walk->left = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}
