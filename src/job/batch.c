#include "job/batch.h"

#include <stdlib.h>
#include <string.h>

sieve_status batch_new(struct directory *directory, struct batch **out)
{
    struct batch *batch = malloc(sizeof *batch);
    if (!batch)
        return SIEVE_E_MEMORY;
    batch->next = NULL;
    batch->directory = directory_keep(directory);
    batch->count = 0;
    batch->from = 0;
    batch->length = 0;
    *out = batch;
    return SIEVE_OK;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    directory_release(batch->directory);
    free(batch);
}

int batch_fits(const struct batch *batch, const struct find *find)
{
    return batch->directory == find->directory && batch->count < BATCH_COUNT_MAX &&
           strlen(find->name) < BATCH_LENGTH_MAX - batch->length;
}

void batch_add(struct batch *batch, const char *name)
{
    size_t length = strlen(name) + 1;
    memcpy(batch->names + batch->length, name, length);
    batch->length += (unsigned)length;
    batch->count++;
}

int batch_next(struct batch *batch, char name[BATCH_NAME_MAX], struct find *out)
{
    if (batch->count == 0)
        return 0;
    size_t length = strlen(batch->names + batch->from) + 1;
    memcpy(name, batch->names + batch->from, length);
    batch->from += (unsigned)length;
    batch->count--;
    *out = (struct find){batch->directory, name};
    return 1;
}

void batch_queue_put(struct batch_queue *queue, struct batch *batch)
{
    batch->next = NULL;
    if (queue->last)
        queue->last->next = batch;
    else
        queue->first = batch;
    queue->last = batch;
    atomic_fetch_add(&queue->length, 1);
}

struct batch *batch_queue_take(struct batch_queue *queue)
{
    struct batch *batch = queue->first;
    if (!batch)
        return NULL;
    queue->first = batch->next;
    if (!queue->first)
        queue->last = NULL;
    atomic_fetch_sub(&queue->length, 1);
    return batch;
}

unsigned batch_queue_length(struct batch_queue *queue)
{
    return atomic_load(&queue->length);
}

void batch_queue_clear(struct batch_queue *queue)
{
    struct batch *batch = NULL;
    while ((batch = batch_queue_take(queue)) != NULL)
        batch_free(batch);
}
