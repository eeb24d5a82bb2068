#include "job/key.h"

#include <errno.h>

#include "base/reason.h"
#include "base/wipe.h"
#include "source/file.h"

static const char *objection(const struct file *file)
{
    if (!file->is_regular)
        return "the key is no regular file";
    if (file->about.st_mode & (S_IRWXG | S_IRWXO))
        return "others may use the key file; chmod 600 it";
    if (file->about.st_size < (off_t)KEY_LENGTH_MIN)
        return "the key is shorter than 16 bytes";
    if (file->about.st_size > (off_t)KEY_LENGTH_MAX)
        return "the key is longer than 4096 bytes";
    return NULL;
}

sieve_status key_read(const char *path, struct key *out, const char **reason_out)
{
    const struct find find = {NULL, path};
    struct file file;
    sieve_status status = file_open(&find, 1, NULL, &file, reason_out);
    if (status != SIEVE_OK)
        return status;
    const char *reason = objection(&file);
    if (!reason) {
        status = file_read_at(&file, 0, out->bytes, KEY_LENGTH_MAX, &out->length);
        if (status != SIEVE_OK)
            reason = reason_of_system(errno);
        else if (out->length < KEY_LENGTH_MIN)
            reason = "the key is shorter than 16 bytes";
    }
    file_close(&file);
    if (!reason)
        return SIEVE_OK;
    *reason_out = reason;
    return SIEVE_E_INVALID;
}

void key_done(struct key *key)
{
    wipe(key, sizeof *key);
}
