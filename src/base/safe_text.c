#include "base/safe_text.h"

#include "base/hide.h"
#include "base/limits.h"

#define VEIL_DIGITS 11

void safe_text_init(struct safe_text *text)
{
    buffer_init(&text->buffer, NAME_LENGTH_MAX);
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

sieve_status safe_text_set(struct safe_text *text, struct bytes raw, sieve_scanner *veil)
{
    buffer_clear(&text->buffer);
    if (raw.length > NAME_LENGTH_MAX)
        raw.length = NAME_LENGTH_MAX;
    sieve_status status = buffer_append(&text->buffer, raw);
    if (status != SIEVE_OK || !safe_text_needs_veil(raw))
        return status;

    unsigned char *at = text->buffer.at;
    if (!veil) {
        hide_long_numbers(at, text->buffer.length);
        return SIEVE_OK;
    }
    status = sieve_mask(veil, at, text->buffer.length, NULL, NULL);
    if (status != SIEVE_OK) {
        buffer_clear(&text->buffer);
        return status;
    }
    hide_checked_runs(at, text->buffer.length);
    return SIEVE_OK;
}
