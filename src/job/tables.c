#include "job/tables.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/reason.h"
#include "base/wipe.h"
#include "source/directory.h"
#include "source/file.h"

static sieve_status read_text(const struct file *file, struct tables *tables,
                              const char **reason_out)
{
    size_t length = (size_t)file->about.st_size;
    if (!file->is_regular || file->about.st_size > TABLE_LENGTH_MAX) {
        *reason_out = "it is too large, or no file";
        return SIEVE_E_LIMIT;
    }
    char *text = malloc(length + 1);
    if (!text)
        return SIEVE_E_MEMORY;
    sieve_status status = file_read_at(file, 0, text, length, &length);
    if (status != SIEVE_OK) {
        *reason_out = reason_of_system(errno);
        free(text);
        return status;
    }
    text[length] = '\0';
    sieve_table *row = &tables->rows[tables->count];
    row->text = text;
    row->length = length;
    tables->lengths[tables->count] = length;
    return SIEVE_OK;
}

static sieve_status read_table(const struct find *find, struct tables *tables,
                               const char **reason_out)
{
    struct file file;
    if (tables->count == TABLE_COUNT_MAX) {
        *reason_out = "there are too many tables";
        return SIEVE_E_LIMIT;
    }
    char *name = strdup(find->name);
    if (!name)
        return SIEVE_E_MEMORY;
    sieve_status status = file_open(find, 1, NULL, &file, reason_out);
    if (status == SIEVE_OK) {
        status = read_text(&file, tables, reason_out);
        file_close(&file);
    }
    if (status != SIEVE_OK) {
        free(name);
        return status;
    }
    tables->rows[tables->count++].name = name;
    return SIEVE_OK;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const sieve_table *)left)->name, ((const sieve_table *)right)->name);
}

static sieve_status read_entries(struct directory *directory, struct tables *tables,
                                 struct safe_text *thing, const char **reason_out)
{
    struct dirent *entry = NULL;
    sieve_status status = SIEVE_OK;
    while (status == SIEVE_OK && (entry = readdir(directory->stream)) != NULL) {
        const struct find find = {directory, entry->d_name};
        if (fnmatch("*.tsv", entry->d_name, FNM_PERIOD) != 0)
            continue;
        status = read_table(&find, tables, reason_out);
        if (status != SIEVE_OK &&
            safe_text_set(thing, bytes_of_text(entry->d_name), NULL) != SIEVE_OK)
            status = SIEVE_E_MEMORY;
    }
    return status;
}

sieve_status tables_read(const char *path, struct tables *out, struct safe_text *thing,
                         const char **reason_out)
{
    struct directory *directory = NULL;
    *out = (struct tables){.count = 0};
    *reason_out = "not enough memory";
    sieve_status status = safe_text_set(thing, bytes_of_text(path), NULL);
    if (status == SIEVE_OK)
        status = directory_open(NULL, path, 1, &directory);
    if (status != SIEVE_OK) {
        *reason_out = reason_of_system(errno);
        return status;
    }
    status = read_entries(directory, out, thing, reason_out);
    directory_release(directory);
    if (status == SIEVE_OK && out->count == 0) {
        *reason_out = "there is no table (NAME.tsv) in it";
        status = SIEVE_E_INVALID;
    }
    if (status != SIEVE_OK)
        tables_done(out);
    else
        qsort(out->rows, out->count, sizeof out->rows[0], compare_names);
    return status;
}

void tables_done(struct tables *tables)
{
    for (size_t index = 0; index < tables->count; index++) {
        /* cast: they were allocated here, the public type only lends them */
        free((void *)(uintptr_t)tables->rows[index].name);
        free((void *)(uintptr_t)tables->rows[index].text);
    }
    tables->count = 0;
}
