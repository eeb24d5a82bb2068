#include "source/repair.h"

const struct change *repair_change_of(const struct change *changes, size_t count,
                                      size_t column)
{
    for (size_t index = 0; index < count; index++) {
        if (changes[index].column == column)
            return &changes[index];
    }
    return NULL;
}

int repair_changes_unique(const struct change *changes, size_t count,
                          const struct repair_unique *unique)
{
    for (size_t index = 0; index < unique->column_count; index++) {
        if (repair_change_of(changes, count, unique->columns[index]))
            return 1;
    }
    return 0;
}

size_t utf8_length(const unsigned char *at, size_t left)
{
    size_t length = 1;
    if (at[0] < 0xC0)
        return 1;
    /* As databases count: the bytes that go on belong to the one that begins. */
    while (length < left && length < 4 && (at[length] & 0xC0) == 0x80)
        length++;
    return length;
}

/* The part of the cell that an edit touches, in whole characters. */
struct span {
    size_t begin;
    size_t end;
};

/* Steps on until the character that holds `offset`; *at_out is where it begins. */
static void step_to(struct bytes cell, size_t offset, character_length length_of,
                    size_t *at, uint64_t *position)
{
    while (*at < offset) {
        const size_t length = length_of(cell.at + *at, cell.length - *at);
        if (*at + length > offset)
            return;
        *at += length;
        ++*position;
    }
}

/* 1 if the piece was made part of the one before, which ends where it begins. */
static int joins(struct character_edit *piece, size_t count)
{
    struct character_edit *before = piece - 1;
    if (count < 2 || before->count == 0 || before->from + before->count != piece->from ||
        before->text.at + before->text.length != piece->text.at)
        return 0;
    before->count += piece->count;
    before->text.length += piece->text.length;
    return 1;
}

size_t repair_byte_length(const unsigned char *at, size_t left)
{
    (void)at;
    (void)left;
    return 1;
}

size_t edits_as_pieces(const struct change *change, struct bytes cell,
                       character_length length_of, struct character_edit *out)
{
    size_t count = 0;
    size_t at = 0;
    uint64_t position = 0;
    struct span last = {0, 0};
    for (size_t index = 0; index < change->edit_count; index++) {
        const struct edit *edit = &change->edits[index];
        const size_t end = edit->offset + edit->length;
        if (edit->length > 0 && last.end > 0 && end <= last.end)
            continue; /* within a character that gives way as a whole */
        step_to(cell, edit->offset, length_of, &at, &position);
        struct character_edit *piece = &out[count++];
        *piece = (struct character_edit){.from = position, .text = edit->text};
        if (edit->length == 0)
            continue;
        last.begin = at;
        while (at < end) {
            at += length_of(cell.at + at, cell.length - at);
            position++;
        }
        last.end = at;
        piece->count = position - piece->from;
        piece->text = bytes_of(change->masked.at + last.begin, last.end - last.begin);
        count -= (size_t)joins(&out[count - 1], count);
    }
    return count;
}

sieve_status repair_append_hex(struct buffer *out, const char *open, struct bytes bytes,
                               const char *close)
{
    sieve_status status = buffer_append(out, bytes_of_text(open));
    if (status == SIEVE_OK)
        status = buffer_append_hex(out, bytes);
    return status == SIEVE_OK ? buffer_append(out, bytes_of_text(close)) : status;
}
