#include "job/veil.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"

struct veil {
    pthread_mutex_t lock;
    sieve_options options;
    sieve_ruleset *ruleset; /* NULL until needed, and if it cannot be made */
    sieve_scanner *scanner;
    int was_tried;
};

sieve_status veil_new(const sieve_options *options, struct veil **out)
{
    struct veil *veil = calloc(1, sizeof *veil);
    if (!veil)
        return SIEVE_E_MEMORY;
    if (pthread_mutex_init(&veil->lock, NULL) != 0) {
        free(veil);
        return SIEVE_E_MEMORY;
    }
    veil->options = (sieve_options)SIEVE_OPTIONS_DEFAULT;
    veil->options.min_confidence = SIEVE_LOW;
    veil->options.tables = options->tables;
    veil->options.table_count = options->table_count;
    *out = veil;
    return SIEVE_OK;
}

void veil_free(struct veil *veil)
{
    if (!veil)
        return;
    sieve_scanner_free(veil->scanner);
    sieve_ruleset_free(veil->ruleset);
    pthread_mutex_destroy(&veil->lock);
    free(veil);
}

/* Without an engine the veil still hides: every long number. */
static void make_engine(struct veil *veil)
{
    veil->was_tried = 1;
    if (sieve_ruleset_new(&veil->options, &veil->ruleset, NULL) != SIEVE_OK)
        veil->ruleset = NULL;
    if (veil->ruleset && sieve_scanner_new(veil->ruleset, &veil->scanner) != SIEVE_OK)
        veil->scanner = NULL;
}

sieve_status veil_set(struct veil *veil, struct safe_text *text, struct bytes raw)
{
    if (!safe_text_needs_veil(raw))
        return safe_text_set(text, raw, NULL);
    pthread_mutex_lock(&veil->lock);
    if (!veil->was_tried)
        make_engine(veil);
    sieve_status status = safe_text_set(text, raw, veil->scanner);
    pthread_mutex_unlock(&veil->lock);
    return status;
}

static sieve_status append_path(struct buffer *path, const struct find *find)
{
    sieve_status status = SIEVE_OK;
    if (find->directory) {
        struct bytes above = bytes_of_text(directory_path(find->directory));
        status = buffer_append(path, above);
        if (status == SIEVE_OK && above.length > 0 && above.at[above.length - 1] != '/')
            status = buffer_append(path, bytes_of("/", 1));
    }
    return status == SIEVE_OK ? buffer_append(path, bytes_of_text(find->name)) : status;
}

sieve_status veil_find(struct veil *veil, struct safe_text *text, const struct find *find)
{
    struct buffer path;
    buffer_init(&path, NAME_LENGTH_MAX);
    sieve_status status = append_path(&path, find);
    /* A longer name is shown as far as it goes. */
    if (status == SIEVE_OK || status == SIEVE_E_LIMIT)
        status = veil_set(veil, text, buffer_bytes(&path));
    buffer_done(&path);
    return status;
}
