#include "service/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

void *ahead_room(struct ahead *ahead, uint64_t left)
{
    if (ahead->at < ahead->length)
        return NULL;
    if (left < AHEAD_LENGTH) {
        if (ahead->bytes)
            ahead_done(ahead);
        return NULL;
    }
    if (!ahead->bytes && ahead->is_wanted) /* who sends little gets no memory for it */
        ahead->bytes = malloc(AHEAD_LENGTH);
    return ahead->bytes;
}

void ahead_fill(struct ahead *ahead, size_t count)
{
    ahead->at = 0;
    ahead->length = count;
    if (count > ahead->used)
        ahead->used = count;
}

size_t ahead_take(struct ahead *ahead, void *to, size_t capacity)
{
    const size_t left = ahead->length - ahead->at;
    const size_t count = left < capacity ? left : capacity;
    if (count > 0)
        memcpy(to, ahead->bytes + ahead->at, count);
    ahead->at += count;
    return count;
}

void ahead_done(struct ahead *ahead)
{
    wipe_free(ahead->bytes, ahead->used);
    *ahead = (struct ahead){0};
}
