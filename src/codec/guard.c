#include "codec/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

#define TAR_BLOCK        512u
#define TAR_NAME_LENGTH  100u
#define TAR_SIZE_OFFSET  124u
#define TAR_SIZE_LENGTH  12u
#define TAR_TYPE_OFFSET  156u
#define TAR_MAGIC_OFFSET 257u
#define TAR_MAGIC        "ustar"

#define PDF_MAGIC    "%PDF-"
#define PDF_WORD_MAX 16u

#define TAR_HIDES                                                                        \
    "tar archive with coded members: their content is hidden, only their raw bytes "     \
    "were "                                                                              \
    "examined"
#define PDF_HIDES                                                                        \
    "PDF with compressed streams: its content is hidden, only its raw bytes were "       \
    "examined"

/* ---- telling ----------------------------------------------------------------------- */

static int begins_with(struct bytes bytes, const char *text)
{
    return bytes.length >= strlen(text) && memcmp(bytes.at, text, strlen(text)) == 0;
}

/* A name of text, and then zeros: no log looks like that. */
static int may_be_tar(struct bytes first)
{
    size_t length = 0;
    while (length < first.length && first.at[length] >= ' ')
        length++;
    if (length == 0 || length > TAR_NAME_LENGTH)
        return 0;
    return length == first.length ? 0 : first.at[length] == 0;
}

enum container container_sniff(struct bytes first, int *wants_more)
{
    if (begins_with(first, PDF_MAGIC))
        return CONTAINER_PDF;
    if (first.length < sizeof PDF_MAGIC - 1 &&
        memcmp(first.at, PDF_MAGIC, first.length) == 0)
        *wants_more = 1;
    if (first.length >= TAR_MAGIC_OFFSET + sizeof TAR_MAGIC - 1)
        return begins_with(bytes_from(first, TAR_MAGIC_OFFSET), TAR_MAGIC)
                   ? CONTAINER_TAR
                   : CONTAINER_NONE;
    *wants_more |= may_be_tar(first);
    return CONTAINER_NONE;
}

/* ---- tar --------------------------------------------------------------------------- */

static uint64_t tar_number(const unsigned char *field)
{
    uint64_t number = 0;
    size_t index = 0;
    if (field[0] & 0x80) { /* GNU: too large for octal digits */
        for (index = TAR_SIZE_LENGTH - 8; index < TAR_SIZE_LENGTH; index++)
            number = number << 8 | field[index];
        return number;
    }
    while (index < TAR_SIZE_LENGTH && field[index] == ' ')
        index++;
    for (; index < TAR_SIZE_LENGTH && field[index] >= '0' && field[index] <= '7'; index++)
        number = number * 8 + (uint64_t)(field[index] - '0');
    return number;
}

static void read_header(struct watch *watch)
{
    const unsigned char *header = watch->carry;
    const unsigned char type = header[TAR_TYPE_OFFSET];
    const uint64_t size = tar_number(header + TAR_SIZE_OFFSET);
    if (memcmp(header + TAR_MAGIC_OFFSET, TAR_MAGIC, sizeof TAR_MAGIC - 1) != 0)
        return; /* zeros at the end, or no header: the next block may be one */
    int has_data = type == '0' || type == '\0' || type == '7' || type == 'x' ||
                   type == 'g' || type == 'L' || type == 'K';
    if (!has_data || size == 0 || size > UINT64_MAX - TAR_BLOCK)
        return;
    watch->in_member = type == '0' || type == '\0' || type == '7';
    watch->skip = (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* The first block of a member. */
static void read_member(struct watch *watch)
{
    const struct bytes first = bytes_of(watch->carry, watch->carried);
    int wants_more = 0;
    if (codec_sniff(first, &wants_more) || codec_opaque(first) ||
        container_sniff(first, &wants_more) != CONTAINER_NONE)
        watch->hides = TAR_HIDES;
    watch->in_member = 0;
    watch->skip -= TAR_BLOCK;
}

static void watch_tar(struct watch *watch, struct bytes bytes)
{
    while (bytes.length > 0 && !watch->hides) {
        if (watch->skip > 0 && !watch->in_member) {
            size_t count =
                watch->skip < bytes.length ? (size_t)watch->skip : bytes.length;
            watch->skip -= count;
            bytes = bytes_from(bytes, count);
            continue;
        }
        size_t count = TAR_BLOCK - watch->carried;
        count = count < bytes.length ? count : bytes.length;
        memcpy(watch->carry + watch->carried, bytes.at, count);
        watch->carried += count;
        bytes = bytes_from(bytes, count);
        if (watch->carried < TAR_BLOCK)
            return;
        if (watch->in_member)
            read_member(watch);
        else
            read_header(watch);
        watch->carried = 0;
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
        *guard->hides = guard->watch.hides;
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
