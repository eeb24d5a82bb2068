/* sqlite_pages.c - what deleted rows left in the file: pages on the freelist, and in the
 * pages of tables and indexes the room that no row takes.
 *
 * It is read from the file's own bytes.  In WAL mode they may be older than what the
 * tables show; what was freed only in the write-ahead log is not seen.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "source/choice.h"
#include "source/sqlite.h"

#define FREED_NAME      "(freed pages)"
#define RANGE_PAGES     4096u
#define GAP_LENGTH_MIN  8u /* no card number, nor a part worth telling */
#define HEADER_LENGTH   100u
#define TRUNK_HEAD      8u
#define PAGE_LENGTH_MAX 65536u

/* The file, while it is listed or a range of it is read. */
struct pages {
    int descriptor;
    uint32_t page_size;
    uint32_t usable; /* bytes of a page that are SQLite's */
    uint64_t count;
    unsigned char *page;
    unsigned char *free; /* 1 for each page of the range that is on the freelist */
    uint64_t first;      /* page of the range, from 1 */
    uint64_t range_count;
    on_row tell;
    void *context;
    const atomic_int *is_cancelled;
};

static uint32_t big_endian(const unsigned char *at, size_t length)
{
    uint32_t value = 0;
    for (size_t index = 0; index < length; index++)
        value = value << 8 | at[index];
    return value;
}

static void pages_close(struct pages *pages)
{
    free(pages->page);
    free(pages->free);
}

/* Pages are counted from 1. */
static int read_page(struct pages *pages, uint64_t page)
{
    const uint64_t offset = (page - 1) * pages->page_size;
    return page > 0 && page <= pages->count &&
           pread(pages->descriptor, pages->page, pages->page_size, (off_t)offset) ==
               (ssize_t)pages->page_size;
}

static sieve_status pages_open(int descriptor, struct pages *out)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char header[HEADER_LENGTH];
    struct stat about;
    *out = (struct pages){.descriptor = descriptor};
    if (fstat(descriptor, &about) < 0)
        return SIEVE_E_IO;
    if (pread(out->descriptor, header, sizeof header, 0) != HEADER_LENGTH ||
        memcmp(header, magic, sizeof magic) != 0)
        return SIEVE_OK; /* empty: there are no pages */
    out->page_size = big_endian(header + 16, 2);
    if (out->page_size == 1)
        out->page_size = PAGE_LENGTH_MAX;
    if (out->page_size < 512 || out->page_size > PAGE_LENGTH_MAX)
        return SIEVE_E_CORRUPT;
    out->usable = out->page_size - header[20];
    out->count = (uint64_t)about.st_size / out->page_size;
    out->page = malloc(out->page_size);
    return out->page ? SIEVE_OK : SIEVE_E_MEMORY;
}

/* ---- the freelist ------------------------------------------------------------------ */

static void mark_free(struct pages *pages, uint64_t page)
{
    if (page >= pages->first && page < pages->first + pages->range_count)
        pages->free[page - pages->first] = 1;
}

/* A trunk names the next one, and leaves.  A list that does not end is damaged. */
static void read_freelist(struct pages *pages)
{
    if (!read_page(pages, 1))
        return;
    uint64_t trunk = big_endian(pages->page + 32, 4);
    for (uint64_t steps = 0; trunk != 0 && steps < pages->count; steps++) {
        mark_free(pages, trunk);
        if (!read_page(pages, trunk))
            return;
        uint32_t leaves = big_endian(pages->page + 4, 4);
        if (leaves > pages->usable / 4 - 2)
            return;
        for (uint32_t leaf = 0; leaf < leaves; leaf++)
            mark_free(pages, big_endian(pages->page + TRUNK_HEAD + (size_t)4 * leaf, 4));
        trunk = big_endian(pages->page, 4);
    }
}

/* ---- what is told ------------------------------------------------------------------ */

static int has_content(struct bytes bytes)
{
    for (size_t index = 0; index < bytes.length; index++) {
        if (bytes.at[index] != 0)
            return 1;
    }
    return 0;
}

static sieve_status tell(struct pages *pages, uint64_t page, size_t from, size_t to)
{
    char locator[64];
    const struct bytes bytes = bytes_of(pages->page + from, to - from);
    if (to < from + GAP_LENGTH_MIN || !has_content(bytes))
        return SIEVE_OK;
    const struct cell cell = {.bytes = bytes, .is_binary = 1};
    const struct row row = {.cells = &cell, .locator = locator};
    (void)snprintf(locator, sizeof locator, "page %llu, byte %zu",
                   (unsigned long long)page, from);
    return pages->tell(&row, pages->context);
}

#define BTREE_INDEX_INTERIOR 2
#define BTREE_TABLE_INTERIOR 5
#define BTREE_INDEX_LEAF     10
#define BTREE_TABLE_LEAF     13

/* Bytes of the head of a b-tree page, or 0 if the page is none. */
static size_t head_length(unsigned char kind)
{
    switch (kind) {
    case BTREE_INDEX_INTERIOR:
    case BTREE_TABLE_INTERIOR:
        return 12;
    case BTREE_INDEX_LEAF:
    case BTREE_TABLE_LEAF:
        return 8;
    default:
        return 0;
    }
}

/* Free blocks are chained in the order of their places. */
static sieve_status tell_blocks(struct pages *pages, uint64_t page, size_t first,
                                size_t content)
{
    sieve_status status = SIEVE_OK;
    size_t at = first;
    while (at >= content && at + 4 <= pages->usable && status == SIEVE_OK) {
        const size_t next = big_endian(pages->page + at, 2);
        const size_t length = big_endian(pages->page + at + 2, 2);
        if (length < 4 || at + length > pages->usable)
            break;
        status = tell(pages, page, at + 4, at + length);
        if (next <= at)
            break;
        at = next;
    }
    return status;
}

/* Between the list of cells and the cells, and in the free blocks.  Pages that are no
 * b-tree's hold parts of long values, which are read with their rows. */
static sieve_status tell_gaps(struct pages *pages, uint64_t page)
{
    const size_t begin = page == 1 ? HEADER_LENGTH : 0;
    const unsigned char *head = pages->page + begin;
    const size_t length = head_length(head[0]);
    if (length == 0)
        return SIEVE_OK;
    const size_t cells = begin + length + (size_t)2 * big_endian(head + 3, 2);
    size_t content = big_endian(head + 5, 2);
    if (content == 0)
        content = PAGE_LENGTH_MAX;
    if (cells > content || content > pages->usable)
        return SIEVE_OK;
    sieve_status status = tell(pages, page, cells, content);
    return status == SIEVE_OK ? tell_blocks(pages, page, big_endian(head + 1, 2), content)
                              : status;
}

/* A trunk's head and its list of leaves are told too: numbers of pages find nothing. */
static sieve_status read_range(struct pages *pages)
{
    sieve_status status = SIEVE_OK;
    for (uint64_t index = 0; index < pages->range_count && status == SIEVE_OK; index++) {
        const uint64_t page = pages->first + index;
        if (atomic_load_explicit(pages->is_cancelled, memory_order_relaxed))
            return SIEVE_STOPPED;
        if (!read_page(pages, page))
            return SIEVE_E_IO;
        status = pages->free[index] ? tell(pages, page, 0, pages->usable)
                                    : tell_gaps(pages, page);
    }
    return status;
}

sieve_status sqlite_read_freed(int descriptor, const struct sqlite_plan *plan,
                               uint64_t range, on_row tell_row, void *context,
                               const atomic_int *is_cancelled)
{
    struct pages pages;
    sieve_status status = pages_open(descriptor, &pages);
    if (status == SIEVE_OK && pages.page_size != plan->page_size)
        status = SIEVE_E_IO;
    if (status == SIEVE_OK && range * RANGE_PAGES < pages.count) {
        pages.tell = tell_row;
        pages.context = context;
        pages.is_cancelled = is_cancelled;
        pages.first = range * RANGE_PAGES + 1;
        pages.range_count = pages.count - range * RANGE_PAGES;
        if (pages.range_count > RANGE_PAGES)
            pages.range_count = RANGE_PAGES;
        pages.free = calloc((size_t)pages.range_count, 1);
        if (pages.free) {
            read_freelist(&pages);
            status = read_range(&pages);
        } else {
            status = SIEVE_E_MEMORY;
        }
    }
    pages_close(&pages);
    return status;
}

/* ---- the item ---------------------------------------------------------------------- */

sieve_status sqlite_list_freed(int descriptor, const struct choice *choice,
                               struct sqlite_tables *tables)
{
    struct table *table = NULL;
    struct sqlite_plan *plan = NULL;
    struct pages pages;
    if (!choice_takes_table(choice, NULL, FREED_NAME) ||
        !choice_takes_column(choice, "bytes"))
        return SIEVE_OK;
    sieve_status status = pages_open(descriptor, &pages);
    if (status == SIEVE_OK && pages.count > 0)
        status = sqlite_add(tables, &table, &plan);
    if (status == SIEVE_OK && table) {
        struct column *column = calloc(1, sizeof *column);
        table->columns = column;
        table->name = FREED_NAME;
        table->kind = TABLE_FREED;
        table->bytes = 0;
        plan->page_size = pages.page_size;
        table->range_count = (pages.count + RANGE_PAGES - 1) / RANGE_PAGES;
        if (column) {
            *column = (struct column){.name = "bytes", .type = "freed"};
            table->column_count = 1;
        } else {
            status = SIEVE_E_MEMORY;
        }
    }
    pages_close(&pages);
    return status;
}
