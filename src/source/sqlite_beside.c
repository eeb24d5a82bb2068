/* sqlite_beside.c - the files beside a database: the write-ahead log and the rollback
 * journal hold pages as they are or were, rows among them that are long deleted.
 *
 * They are read as bytes, in parts.  What a log or a journal holds may be in the tables
 * too; here it is a copy of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wipe.h"
#include "source/choice.h"
#include "source/sqlite.h"

#define RANGE_LENGTH (16u << 20)
#define PART_LENGTH  (1u << 20)
#define PART_BESIDE  4096u /* of the parts before and behind, to be seen with it */
#define NAME_MAX_OF  (4096u + 16u)
#define JOURNAL_HEAD 512u /* bytes before the first page of a journal: a sector */

/* One that is read. */
struct companion {
    int descriptor;
    uint64_t page_length; /* of a journal; 0: it has no sums that stand behind pages */
};

static const struct {
    const char *ending;
    const char *name;
} companions[] = {
    {"-wal", "(write-ahead log)"},
    {"-journal", "(rollback journal)"},
};

static int open_companion(const char *path, const char *ending)
{
    char name[NAME_MAX_OF];
    const int length = snprintf(name, sizeof name, "%s%s", path, ending);
    return length > 0 && (size_t)length < sizeof name ? open(name, O_RDONLY | O_CLOEXEC)
                                                      : -1;
}

static sieve_status read_at(int descriptor, unsigned char *bytes, size_t capacity,
                            uint64_t at, size_t *length_out)
{
    size_t length = 0;
    while (length < capacity) {
        const ssize_t got =
            pread(descriptor, bytes + length, capacity - length, (off_t)(at + length));
        if (got < 0)
            return SIEVE_E_IO;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    *length_out = length;
    return SIEVE_OK;
}

/* Bytes of a page; 0: it cannot be told. */
static uint64_t page_length_of(const char *path)
{
    unsigned char head[18];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    const int is_read = pread(descriptor, head, sizeof head, 0) == (ssize_t)sizeof head;
    close(descriptor);
    const uint64_t length = is_read ? (uint64_t)head[16] << 8 | head[17] : 0;
    return length == 1 ? UINT64_C(65536) : length;
}

/* 1 if a record stands there: the number of a page goes before it. */
static int is_record(int descriptor, uint64_t at)
{
    unsigned char number[4];
    return pread(descriptor, number, sizeof number, (off_t)at) ==
               (ssize_t)sizeof number &&
           number[0] == 0 && (number[1] | number[2] | number[3]) != 0;
}

/* In a journal a random sum of four bytes follows on each page, whose end is where the
 * first row lies: a letter or digit in it would lengthen a number there.  It is blanked.
 * https://www.sqlite.org/fileformat.html, "The Rollback Journal". */
static void blank_sums(const struct companion *companion, unsigned char *bytes,
                       uint64_t begin, size_t length)
{
    const uint64_t record = companion->page_length + 8;
    const uint64_t end = begin + length;
    uint64_t at = JOURNAL_HEAD;
    if (begin > JOURNAL_HEAD + record)
        at += ((begin - JOURNAL_HEAD) / record - 1) * record;
    for (; at + record - 4 < end; at += record) {
        const uint64_t sum = at + record - 4;
        if (sum + 4 <= begin || !is_record(companion->descriptor, at))
            continue;
        for (uint64_t byte = sum; byte < sum + 4; byte++) {
            if (byte >= begin && byte < end)
                bytes[byte - begin] = 0;
        }
    }
}

/* One part with what is beside it; *has_more_out is 0 if the file ends in it. */
static sieve_status tell_part(const struct companion *companion, unsigned char *bytes,
                              uint64_t at, on_row tell, void *context, int *has_more_out)
{
    char locator[48];
    size_t length = 0;
    const size_t lead = at > 0 ? PART_BESIDE : 0;
    sieve_status status = read_at(companion->descriptor, bytes,
                                  lead + PART_LENGTH + PART_BESIDE, at - lead, &length);
    *has_more_out = length > lead + PART_LENGTH;
    if (status != SIEVE_OK || length <= lead)
        return status;
    if (companion->page_length > 0)
        blank_sums(companion, bytes, at - lead, length);
    (void)snprintf(locator, sizeof locator, "byte %llu", (unsigned long long)(at - lead));
    const struct cell cell = {.bytes = bytes_of(bytes, length), .is_binary = 1};
    const struct row row = {
        .cells = &cell,
        .locator = locator,
        .lead = lead,
        .tail = length > lead + PART_LENGTH ? length - lead - PART_LENGTH : 0,
    };
    return tell(&row, context);
}

sieve_status sqlite_read_beside(const char *path, const struct sqlite_plan *plan,
                                uint64_t range, on_row tell, void *context,
                                const atomic_int *is_cancelled)
{
    sieve_status status = SIEVE_OK;
    int has_more = 1;
    struct companion companion = {open_companion(path, plan->companion), 0};
    if (companion.descriptor < 0)
        return errno == ENOENT ? SIEVE_OK : SIEVE_E_IO; /* it was taken away meanwhile */
    if (strcmp(plan->companion, "-journal") == 0)
        companion.page_length = page_length_of(path);
    unsigned char *bytes = malloc(PART_LENGTH + 2 * PART_BESIDE);
    if (!bytes)
        status = SIEVE_E_MEMORY;
    for (uint64_t at = range * RANGE_LENGTH;
         at < (range + 1) * RANGE_LENGTH && has_more && status == SIEVE_OK;
         at += PART_LENGTH) {
        if (atomic_load_explicit(is_cancelled, memory_order_relaxed))
            status = SIEVE_STOPPED;
        else
            status = tell_part(&companion, bytes, at, tell, context, &has_more);
    }
    if (bytes)
        wipe_free(bytes, PART_LENGTH + 2 * PART_BESIDE);
    close(companion.descriptor);
    return status;
}

/* 1 if it is the journal of a transaction that runs or has to be undone: its pages go
 * back into the file, or it goes away.  One that is kept has no such head. */
static int is_needed(int descriptor)
{
    static const unsigned char magic[] = {0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7};
    unsigned char head[sizeof magic];
    return pread(descriptor, head, sizeof head, 0) == (ssize_t)sizeof head &&
           memcmp(head, magic, sizeof magic) == 0;
}

static sieve_status list_one(const char *path, size_t which, struct sqlite_tables *tables)
{
    struct table *table = NULL;
    struct sqlite_plan *plan = NULL;
    struct stat about;
    const int descriptor = open_companion(path, companions[which].ending);
    if (descriptor < 0)
        return SIEVE_OK;
    const int is_there =
        fstat(descriptor, &about) == 0 && about.st_size > 0 && !is_needed(descriptor);
    close(descriptor);
    if (!is_there)
        return SIEVE_OK;
    sieve_status status = sqlite_add(tables, &table, &plan);
    if (status != SIEVE_OK)
        return status;
    struct column *column = calloc(1, sizeof *column);
    if (!column)
        return SIEVE_E_MEMORY;
    *column = (struct column){.name = "bytes", .type = "freed"};
    table->columns = column;
    table->column_count = 1;
    table->name = companions[which].name;
    table->kind = TABLE_FREED;
    table->bytes = (uint64_t)about.st_size;
    table->range_count = ((uint64_t)about.st_size + RANGE_LENGTH - 1) / RANGE_LENGTH;
    plan->companion = companions[which].ending;
    return SIEVE_OK;
}

sieve_status sqlite_list_beside(const char *path, const struct choice *choice,
                                struct sqlite_tables *tables)
{
    sieve_status status = SIEVE_OK;
    for (size_t which = 0; which < sizeof companions / sizeof companions[0]; which++) {
        /* A repair's own first commit takes the journal away. */
        if (choice->is_repair && strcmp(companions[which].ending, "-journal") == 0)
            continue;
        if (status == SIEVE_OK &&
            choice_takes_table(choice, NULL, companions[which].name) &&
            choice_takes_column(choice, "bytes"))
            status = list_one(path, which, tables);
    }
    return status;
}
