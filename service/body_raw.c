/* body_raw.c - what came, looked at as it is. */
#include "service/body.h"

#include "pipeline/window.h"

static sieve_status fill(struct spool *spool, struct window *window)
{
    sieve_status status = SIEVE_OK;
    for (uint64_t offset = 0; offset < spool->length && status == SIEVE_OK;) {
        void *room = NULL;
        size_t capacity = 0;
        status = window_room(window, &room, &capacity);
        if (status != SIEVE_OK)
            break;
        const ssize_t count = spool_read(spool, offset, room, capacity);
        if (count <= 0)
            return SIEVE_E_IO;
        status = window_commit(window, (size_t)count);
        offset += (uint64_t)count;
    }
    return status == SIEVE_OK ? window_finish(window) : status;
}

sieve_status spool_scan(struct spool *spool, sieve_scanner *scanner,
                        sieve_on_finding on_finding, void *context)
{
    const struct window_sink sink = {NULL, on_finding, NULL, context};
    struct window *window = NULL;
    sieve_status status = window_new(scanner, &window);
    if (status != SIEVE_OK)
        return status;
    window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
    status = fill(spool, window);
    window_free(window);
    return status;
}
