#include "base/safe_text.h"

#include "base/hide.h"
#include "base/limits.h"

#define VEIL_DIGITS 11

/* So much behind what is kept is looked at: a number that is cut would not be seen as
 * one. */
#define CUT_LENGTH 512

void safe_text_init(struct safe_text *text)
{
    buffer_init(&text->buffer, NAME_LENGTH_MAX + CUT_LENGTH);
}

void safe_text_done(struct safe_text *text)
{
    buffer_done(&text->buffer);
}

int safe_text_needs_veil(struct bytes raw)
{
    size_t count = 0;
    for (size_t index = 0; index < raw.length; index++) {
        unsigned char byte = raw.at[index];
        count += (byte >= '0' && byte <= '9') || byte >= 0x80;
    }
    return count >= VEIL_DIGITS;
}

static sieve_status hide(unsigned char *at, size_t length, sieve_scanner *veil)
{
    if (!veil) {
        hide_long_numbers(at, length);
        return SIEVE_OK;
    }
    sieve_status status = sieve_mask(veil, at, length, NULL, NULL);
    if (status == SIEVE_OK)
        hide_checked_runs(at, length);
    return status;
}

sieve_status safe_text_set(struct safe_text *text, struct bytes raw, sieve_scanner *veil)
{
    struct buffer *buffer = &text->buffer;
    buffer_clear(buffer);
    if (raw.length > NAME_LENGTH_MAX + CUT_LENGTH)
        raw.length = NAME_LENGTH_MAX + CUT_LENGTH;
    sieve_status status = buffer_append(buffer, raw);
    if (status == SIEVE_OK && safe_text_needs_veil(raw))
        status = hide(buffer->at, buffer->length, veil);
    if (status != SIEVE_OK)
        buffer_clear(buffer);
    else if (buffer->length > NAME_LENGTH_MAX)
        buffer->length = NAME_LENGTH_MAX;
    return status;
}
