#define _XOPEN_SOURCE 700 /* realpath */

#include "job/mask_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pipe.h"
#include "base/reason.h"
#include "job/replace.h"

#define NOT_CLEAN "the result is not clean; nothing was replaced"

/* ---- what can go wrong ------------------------------------------------------------- */

static void fail(struct mask_result *result, const char *reason, int in_output)
{
    if (result->reason)
        return;
    result->reason = reason;
    result->in_output = in_output;
}

/* Why the bytes did not get through. */
static void judge_run(const struct masking *masking, const struct writer *writer,
                      sieve_status status, struct mask_result *result)
{
    const int system = errno;
    const sieve_error other = {status, NULL, NULL, 0, 0};
    result->findings = masking->findings;
    if (writer->status == SIEVE_STOPPED)
        result->closed_pipe = 1;
    else if (writer->status != SIEVE_OK)
        fail(result, reason_of_system(writer->system), 1);
    else if (status == SIEVE_STOPPED)
        result->interrupted = 1;
    else if (masking->notes.error.status != SIEVE_OK)
        fail(result, reason_of_error(&masking->notes.error), 0);
    else if (masking->notes.opaque)
        fail(result, masking->notes.opaque, 0);
    else if (status == SIEVE_E_IO)
        fail(result, reason_of_system(system), 0);
    else if (status != SIEVE_OK)
        fail(result, reason_of_error(&other), 0);
}

/* ---- to a descriptor --------------------------------------------------------------- */

static void mask_to(struct masking *masking, struct file *file, int descriptor,
                    struct mask_result *result)
{
    struct writer writer;
    struct stat about = {0};
    if (fstat(descriptor, &about) == 0 && file_is(file, &about)) {
        fail(result, "it is input and output at once; use --in-place", 0);
        return;
    }
    if (writer_init(&writer, descriptor) != SIEVE_OK) {
        fail(result, "not enough memory", 0);
        return;
    }
    if (S_ISFIFO(about.st_mode))
        pipe_widen(descriptor);
    sieve_status status = masking_run(masking, file, &writer);
    judge_run(masking, &writer, status, result);
    if (result->interrupted && file->is_regular)
        fail(result, "interrupted", 0);
    if (!result->reason && file_has_shrunk(file))
        fail(result, "it became shorter while it was read", 0);
    writer_done(&writer);
}

/* ---- to a file --------------------------------------------------------------------- */

/* A logger that goes on writing would lose what came after the copy. */
static const char *change_of(const struct file *file)
{
    struct stat now;
    if (!file->is_regular)
        return NULL;
    if (fstat(file->descriptor, &now) < 0)
        return reason_of_system(errno);
    if (now.st_size != file->about.st_size ||
        now.st_mtim.tv_sec != file->about.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != file->about.st_mtim.tv_nsec)
        return "it changed while it was masked; nothing was replaced";
    return NULL;
}

/* Only what is clean gets the name. */
static void verify(struct masking *masking, const struct aside *aside,
                   struct mask_result *result)
{
    int is_clean = 0;
    sieve_status status = masking_verify(masking, aside->descriptor, &is_clean);
    if (status == SIEVE_STOPPED)
        result->interrupted = 1;
    else if (!is_clean)
        fail(result, NOT_CLEAN, 1);
}

static void mask_aside(struct masking *masking, struct file *file,
                       const struct aside *aside, struct mask_result *result)
{
    mask_to(masking, file, aside->descriptor, result);
    const char *reason = change_of(file);
    if (reason)
        fail(result, reason, 0);
    if (!result->reason && !result->interrupted)
        verify(masking, aside, result);
    if (result->interrupted)
        fail(result, "interrupted; nothing was replaced", 0);
}

static mode_t current_umask(void)
{
    mode_t mask = umask(077);
    (void)umask(mask);
    return mask;
}

/* The rights of the input, as a copy gets them. */
static sieve_status open_up(const struct aside *aside, const struct file *file)
{
    mode_t mode = file->is_regular ? file->about.st_mode & 0777 : 0666;
    return fchmod(aside->descriptor, mode & ~current_umask()) == 0 ? SIEVE_OK
                                                                   : SIEVE_E_IO;
}

static void mask_to_new(struct masking *masking, struct file *file, const char *path,
                        struct mask_result *result)
{
    struct aside aside;
    if (aside_open(path, &aside) != SIEVE_OK) {
        fail(result, reason_of_system(errno), 1);
        return;
    }
    mask_aside(masking, file, &aside, result);
    if (!result->reason &&
        (open_up(&aside, file) != SIEVE_OK || aside_commit(&aside) != SIEVE_OK))
        fail(result, reason_of_system(errno), 1);
    aside_close(&aside);
}

/* A device or a FIFO cannot be replaced, only written to. */
static void mask_to_special(struct masking *masking, struct file *file, const char *path,
                            struct mask_result *result)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        fail(result, reason_of_system(errno), 1);
        return;
    }
    mask_to(masking, file, descriptor, result);
    if (close(descriptor) < 0)
        fail(result, reason_of_system(errno), 1);
}

static void mask_to_output(struct masking *masking, struct file *file,
                           struct mask_result *result)
{
    const char *output = masking->plan->output;
    struct stat about;
    if (lstat(output, &about) < 0) {
        mask_to_new(masking, file, output, result);
        return;
    }
    if (file->is_regular && about.st_dev == file->about.st_dev &&
        about.st_ino == file->about.st_ino) {
        fail(result, "it is input and output at once; use --in-place", 0);
    } else if (S_ISLNK(about.st_mode)) {
        fail(result, "it is a symbolic link; name the file itself", 1);
    } else if (S_ISDIR(about.st_mode)) {
        fail(result, "it is a directory", 1);
    } else if (S_ISREG(about.st_mode)) {
        mask_to_new(masking, file, output, result);
    } else {
        mask_to_special(masking, file, output, result);
    }
}

/* ---- in place ---------------------------------------------------------------------- */

static const char *objection(const struct masking *masking, const struct file *file)
{
    if (!file->is_regular)
        return "only regular files can be masked in place";
    if (file->about.st_nlink > 1 && !masking->plan->break_links)
        return "it has other names, which would keep the clear data; --break-links "
               "masks this one alone";
    return NULL;
}

static void mask_in_place(struct masking *masking, struct file *file, const char *path,
                          struct mask_result *result)
{
    struct aside aside;
    const char *reason = objection(masking, file);
    if (reason) {
        fail(result, reason, 0);
        return;
    }
    if (aside_open(path, &aside) != SIEVE_OK) {
        fail(result, reason_of_system(errno), 0);
        return;
    }
    mask_aside(masking, file, &aside, result);
    /* What had nothing to mask stays as it is. */
    if (!result->reason && result->findings > 0) {
        if (aside_keep(&aside, file->descriptor) != SIEVE_OK)
            fail(result, "its owner, rights or attributes cannot be kept", 0);
        else if ((reason = change_of(file)) != NULL)
            fail(result, reason, 0);
        else if (aside_commit(&aside) != SIEVE_OK)
            fail(result, reason_of_system(errno), 0);
    }
    aside_close(&aside);
}

/* ---- one file ---------------------------------------------------------------------- */

/* The name that is to be replaced: the end of a symbolic link if that was asked for.
 * The caller frees it.  NULL with a reason in the result. */
static char *resolve(const struct masking *masking, const char *name,
                     struct mask_result *result)
{
    struct stat about;
    char *path = NULL;
    if (lstat(name, &about) < 0) {
        fail(result, reason_of_system(errno), 0);
        return NULL;
    }
    if (S_ISLNK(about.st_mode) && !masking->plan->follow) {
        fail(result, "it is a symbolic link; name the file itself, or give --follow", 0);
        return NULL;
    }
    path = S_ISLNK(about.st_mode) ? realpath(name, NULL) : strdup(name);
    if (!path)
        fail(result, reason_of_system(errno), 0);
    return path;
}

static void mask_named(struct masking *masking, const char *name,
                       struct mask_result *result)
{
    const struct find find = {NULL, name};
    struct file file;
    const char *reason = NULL;
    if (file_open(&find, 1, masking->stop, &file, &reason) != SIEVE_OK) {
        fail(result, reason, 0);
        return;
    }
    if (masking->plan->in_place)
        mask_in_place(masking, &file, name, result);
    else if (masking->plan->output)
        mask_to_output(masking, &file, result);
    else
        mask_to(masking, &file, STDOUT_FILENO, result);
    file_close(&file);
}

void mask_file(struct masking *masking, const char *name, struct mask_result *out)
{
    *out = (struct mask_result){.reason = NULL};
    if (!masking->plan->in_place) {
        mask_named(masking, name, out);
        return;
    }
    char *path = resolve(masking, name, out);
    if (!path)
        return;
    mask_named(masking, path, out);
    free(path);
}
