#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define BLOCK_LENGTH (64u << 10)

struct arena_block {
    struct arena_block *before;
    size_t used;
    size_t length;
    max_align_t bytes[];
};

void *arena_take(struct arena *arena, size_t length)
{
    const size_t aligned =
        (length + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    struct arena_block *block = arena->last;
    if (!block || block->length - block->used < aligned) {
        const size_t capacity = aligned > BLOCK_LENGTH ? aligned : BLOCK_LENGTH;
        if (aligned < length || capacity > CATALOG_MEMORY_MAX - arena->length)
            return NULL;
        block = calloc(1, sizeof *block + capacity);
        if (!block)
            return NULL;
        *block = (struct arena_block){arena->last, 0, capacity};
        arena->last = block;
        arena->length += capacity;
    }
    void *taken = (unsigned char *)block->bytes + block->used;
    block->used += aligned;
    return taken;
}

const char *arena_keep(struct arena *arena, struct bytes text)
{
    char *copy = arena_take(arena, text.length + 1);
    if (copy && text.length > 0)
        memcpy(copy, text.at, text.length);
    return copy;
}

void arena_done(struct arena *arena)
{
    while (arena->last) {
        struct arena_block *before = arena->last->before;
        free(arena->last);
        arena->last = before;
    }
    arena->length = 0;
}
