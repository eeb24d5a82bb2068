#include "report/tally.h"

#include <stdio.h>
#include <string.h>

static struct tally_brand *brand_row(struct count *count, const sieve_brand *brand)
{
    for (size_t index = 0; index < count->brand_count; index++) {
        if (count->brands[index].brand == brand)
            return &count->brands[index];
    }
    if (count->brand_count == TALLY_BRANDS_MAX)
        return &count->brands[TALLY_BRANDS_MAX - 1];
    struct tally_brand *row = &count->brands[count->brand_count++];
    *row = (struct tally_brand){.brand = brand};
    return row;
}

void count_finding(struct count *count, const sieve_finding *finding)
{
    struct tally_brand *row = brand_row(count, finding->brand);
    row->findings++;
    row->by_confidence[finding->confidence]++;
    count->findings++;
    count->test_numbers += finding->test_number;
    count->by_kind[finding->kind]++;
}

void count_clear(struct count *count)
{
    /* The rows beyond brand_count were never written. */
    memset(count, 0, offsetof(struct count, brands));
}

void count_add(struct count *sum, const struct count *count)
{
    sum->findings += count->findings;
    sum->test_numbers += count->test_numbers;
    for (size_t kind = 0; kind < SIEVE_KIND_COUNT; kind++)
        sum->by_kind[kind] += count->by_kind[kind];
    for (size_t index = 0; index < count->brand_count; index++) {
        const struct tally_brand *from = &count->brands[index];
        struct tally_brand *row = brand_row(sum, from->brand);
        row->findings += from->findings;
        for (size_t level = 0; level <= SIEVE_HIGH; level++)
            row->by_confidence[level] += from->by_confidence[level];
    }
}

void tally_init(struct tally *tally)
{
    memset(tally, 0, sizeof *tally);
}

void tally_done(struct tally *tally)
{
    for (size_t index = 0; index < tally->file_count; index++)
        safe_text_done(&tally->files[index].name);
    tally->file_count = 0;
}

/* A free row, or the row with the fewest findings if that has fewer than `findings`. */
static struct tally_file *file_row(struct tally *tally, uint64_t findings)
{
    if (tally->file_count < TALLY_FILES_MAX) {
        struct tally_file *row = &tally->files[tally->file_count++];
        safe_text_init(&row->name);
        return row;
    }
    struct tally_file *least = &tally->files[0];
    for (size_t index = 1; index < TALLY_FILES_MAX; index++) {
        if (tally->files[index].findings < least->findings)
            least = &tally->files[index];
    }
    return least->findings < findings ? least : NULL;
}

sieve_status tally_add(struct tally *tally, const struct count *count, struct bytes name)
{
    if (count->findings == 0)
        return SIEVE_OK;
    count_add(&tally->found, count);
    tally->files_with_findings++;
    struct tally_file *row = file_row(tally, count->findings);
    if (!row)
        return SIEVE_OK;
    row->findings = count->findings;
    buffer_clear(&row->name.buffer);
    return buffer_append(&row->name.buffer, name); /* it is safe text already */
}

void tally_unexamined(struct tally *tally, const char *reason)
{
    tally->unexamined++;
    for (size_t index = 0; index < tally->reason_count; index++) {
        if (strncmp(tally->reasons[index].reason, reason, TALLY_REASON_LENGTH_MAX - 1) ==
            0) {
            tally->reasons[index].times++;
            return;
        }
    }
    if (tally->reason_count == TALLY_REASONS_MAX)
        return;
    struct tally_reason *row = &tally->reasons[tally->reason_count++];
    row->times = 1;
    (void)snprintf(row->reason, sizeof row->reason, "%s", reason);
}

int tally_is_complete(const struct tally *tally)
{
    return tally->unexamined == 0 && !tally->interrupted && !tally->is_plan;
}

uint64_t tally_plan_seconds(const struct tally *tally)
{
    return tally->plan_rate > 0 ? tally->plan_bytes / tally->plan_rate + 1 : 1;
}
