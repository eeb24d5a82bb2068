/* upstream_memory.c - memory for libcurl.
 *
 * It takes buffers of 64 KiB for each request and gives them back: the C library then
 * tidies up its heap each time.  A thread keeps a few of them instead.
 */
#include "service/upstream_inside.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define LARGE_MIN  (32u << 10)
#define LARGE_MAX  (128u << 10)
#define BLOCKS_MAX 8u

struct blocks {
    size_t count;
    void *at[BLOCKS_MAX];
};

static pthread_key_t key;
static int has_key;

static void blocks_free(void *context)
{
    struct blocks *blocks = context;
    while (blocks->count > 0)
        free(blocks->at[--blocks->count]);
    free(blocks);
}

static struct blocks *blocks_here(void)
{
    struct blocks *blocks = has_key ? pthread_getspecific(key) : NULL;
    if (blocks || !has_key)
        return blocks;
    blocks = calloc(1, sizeof *blocks);
    if (blocks && pthread_setspecific(key, blocks) != 0) {
        free(blocks);
        return NULL;
    }
    return blocks;
}

static void *take(size_t size)
{
    struct blocks *blocks = size >= LARGE_MIN && size <= LARGE_MAX ? blocks_here() : NULL;
    for (size_t index = 0; blocks && index < blocks->count; index++) {
        void *block = blocks->at[index];
        if (malloc_usable_size(block) < size)
            continue;
        blocks->at[index] = blocks->at[--blocks->count];
        return block;
    }
    return malloc(size);
}

static void give(void *block)
{
    const size_t size = block ? malloc_usable_size(block) : 0;
    struct blocks *blocks = size >= LARGE_MIN && size <= LARGE_MAX ? blocks_here() : NULL;
    if (blocks && blocks->count < BLOCKS_MAX)
        blocks->at[blocks->count++] = block;
    else
        free(block);
}

int upstream_memory_init(void)
{
    has_key = pthread_key_create(&key, blocks_free) == 0;
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, give, realloc, strdup,
                                calloc) == CURLE_OK
               ? 0
               : -1;
}
