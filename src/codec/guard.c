#include "codec/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

#define PDF_MAGIC    "%PDF-"
#define PDF_WORD_MAX 16u

#define TAR_HIDES                                                                        \
    "tar archive with coded members: their content is hidden, only their raw bytes "     \
    "were examined"
#define PDF_HIDES                                                                        \
    "PDF with compressed streams: its content is hidden, only its raw bytes were "       \
    "examined"

static const char *const refusals[] = {
    [CONTAINER_TAR] = "tar archive with coded members: their content is hidden and "
                      "cannot be masked; unpack it first",
    [CONTAINER_PDF] = "PDF with compressed streams: its content is hidden and cannot be "
                      "masked",
};

/* ---- telling ----------------------------------------------------------------------- */

static int begins_with(struct bytes bytes, const char *text)
{
    return bytes.length >= strlen(text) && memcmp(bytes.at, text, strlen(text)) == 0;
}

enum container container_sniff(struct bytes first, int *wants_more)
{
    if (begins_with(first, PDF_MAGIC))
        return CONTAINER_PDF;
    if (first.length < sizeof PDF_MAGIC - 1 &&
        memcmp(first.at, PDF_MAGIC, first.length) == 0)
        *wants_more = 1;
    return tar_sniff(first, wants_more) ? CONTAINER_TAR : CONTAINER_NONE;
}

/* ---- tar --------------------------------------------------------------------------- */

static int hides(struct bytes member)
{
    int wants_more = 0;
    return codec_sniff(member, &wants_more) || codec_opaque(member) ||
           container_sniff(member, &wants_more) != CONTAINER_NONE;
}

static void watch_tar(struct watch *watch, struct bytes bytes)
{
    struct bytes piece;
    enum tar_piece kind;
    while (!watch->hides &&
           (kind = tar_walk_next(&watch->tar, &bytes, &piece)) != TAR_NOTHING) {
        if (kind == TAR_HEADER && tar_is_header(piece.at))
            tar_walk_follow(&watch->tar);
        else if (kind == TAR_FIRST && hides(piece))
            watch->hides = TAR_HIDES;
    }
}

/* ---- PDF --------------------------------------------------------------------------- */

static int is_telling(struct bytes at)
{
    static const char *const words[] = {"/FlateDecode",    "/LZWDecode", "/ASCII85Decode",
                                        "/ASCIIHexDecode", "/Fl ",       "/Encrypt",
                                        "/RunLengthDeco"};
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        if (begins_with(at, words[index]))
            return 1;
    }
    return 0;
}

static int tells(struct bytes bytes)
{
    const unsigned char *slash = NULL;
    while (bytes.length > 0 && (slash = memchr(bytes.at, '/', bytes.length)) != NULL) {
        bytes = bytes_from(bytes, (size_t)(slash - bytes.at));
        if (is_telling(bytes))
            return 1;
        bytes = bytes_from(bytes, 1);
    }
    return 0;
}

/* A word may lie across two chunks: the end of the last one is looked at again. */
static void watch_pdf(struct watch *watch, struct bytes bytes)
{
    size_t count = sizeof watch->carry - watch->carried;
    count = count < bytes.length ? count : bytes.length;
    memcpy(watch->carry + watch->carried, bytes.at, count);
    if (tells(bytes_of(watch->carry, watch->carried + count)) || tells(bytes))
        watch->hides = PDF_HIDES;
    if (bytes.length >= PDF_WORD_MAX) {
        watch->carried = PDF_WORD_MAX;
        memcpy(watch->carry, bytes.at + bytes.length - PDF_WORD_MAX, PDF_WORD_MAX);
        return;
    }
    watch->carried += count;
    if (watch->carried > PDF_WORD_MAX) {
        memmove(watch->carry, watch->carry + watch->carried - PDF_WORD_MAX, PDF_WORD_MAX);
        watch->carried = PDF_WORD_MAX;
    }
}

/* ---- the step ---------------------------------------------------------------------- */

void watch_start(struct watch *watch, enum container container)
{
    memset(watch, 0, sizeof *watch);
    watch->container = container;
}

void watch_bytes(struct watch *watch, struct bytes bytes)
{
    if (watch->hides || bytes.length == 0)
        return;
    if (watch->container == CONTAINER_TAR)
        watch_tar(watch, bytes);
    else if (watch->container == CONTAINER_PDF)
        watch_pdf(watch, bytes);
}

struct guard_stage {
    struct stage base;
    int refuses;
    const char **hides;
    struct watch watch;
};

static sieve_status guard_write(struct stage *self, struct bytes chunk)
{
    struct guard_stage *guard = (struct guard_stage *)self;
    watch_bytes(&guard->watch, chunk);
    if (guard->watch.hides) {
        *guard->hides =
            guard->refuses ? refusals[guard->watch.container] : guard->watch.hides;
        if (guard->refuses)
            return SIEVE_E_LIMIT;
    }
    return stage_write(self->next, chunk);
}

static sieve_status guard_finish(struct stage *self)
{
    return stage_finish(self->next);
}

static void guard_free(struct stage *self)
{
    stage_free(self->next);
    wipe_free(self, sizeof(struct guard_stage));
}

static const struct stage_ops guard_stage_ops = {
    .name = "guard",
    .write = guard_write,
    .finish = guard_finish,
    .free = guard_free,
};

sieve_status guard_stage_new(enum container container, int refuses,
                             const char **hides_out, struct stage *next,
                             struct stage **out)
{
    struct guard_stage *guard = calloc(1, sizeof *guard);
    if (!guard)
        return SIEVE_E_MEMORY;
    guard->base = (struct stage){&guard_stage_ops, next};
    guard->refuses = refuses;
    guard->hides = hides_out;
    watch_start(&guard->watch, container);
    *out = &guard->base;
    return SIEVE_OK;
}
