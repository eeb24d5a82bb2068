/* tally.h - sums of one run: how much was looked at, what was found, by brand, by kind
 * and by file.  Bounded: of the files only those with most findings are kept.
 *
 * Each worker counts one item into a small count; the sums belong to one thread at a
 * time.
 */
#ifndef SIEVE_REPORT_TALLY_H
#define SIEVE_REPORT_TALLY_H

#include <stdint.h>

#include "base/safe_text.h"
#include "cardsieve.h"

#define TALLY_BRANDS_MAX  128
#define TALLY_FILES_MAX   20
#define TALLY_REASONS_MAX 32

/* Bytes of a reason, with its end; the rest of a longer one is not told. */
#define TALLY_REASON_LENGTH_MAX 128

/* Findings of one brand; `brand` NULL is for those that have none. */
struct tally_brand {
    const sieve_brand *brand;
    uint64_t findings;
    uint64_t by_confidence[SIEVE_HIGH + 1];
};

/* Findings, counted while an item is read.  Plain old data. */
struct count {
    uint64_t findings;
    uint64_t test_numbers;
    uint64_t by_kind[SIEVE_KIND_COUNT];
    size_t brand_count;
    struct tally_brand brands[TALLY_BRANDS_MAX]; /* the last takes what no longer fits */
};

struct tally_file {
    struct safe_text name;
    uint64_t findings;
};

struct tally_reason {
    char reason[TALLY_REASON_LENGTH_MAX];
    uint64_t times;
};

struct tally {
    struct count found;
    uint64_t targets;    /* named on the command line */
    uint64_t items;      /* files and streams read */
    uint64_t bytes;      /* looked at, after decoding */
    uint64_t databases;  /* of a server */
    uint64_t tables;     /* of databases */
    uint64_t rows;       /* read in them */
    uint64_t snapshots;  /* that a resumed sweep has seen; 0: there was no database */
    int is_plan;         /* nothing was read: a dry run */
    uint64_t plan_bytes; /* about so many would be */
    uint64_t plan_rate;  /* ... and so many of them in a second */
    uint64_t unexamined; /* things that were not looked at to their end */
    uint64_t cards;      /* distinct numbers */
    int cards_estimated;
    int interrupted;
    uint64_t skipped_links; /* met in directories and left alone */
    uint64_t skipped_special;
    uint64_t skipped_systems;
    uint64_t skipped_names; /* by --include and --exclude */
    uint64_t nanoseconds;
    uint64_t files_with_findings;
    size_t file_count;
    struct tally_file files[TALLY_FILES_MAX]; /* in no order */
    size_t reason_count;
    struct tally_reason reasons[TALLY_REASONS_MAX];
};

/* Counts one finding. */
void count_finding(struct count *count, const sieve_finding *finding);

/* Adds one count to another. */
void count_add(struct count *sum, const struct count *count);

/* Empties a count in time proportional to what is in it. */
void count_clear(struct count *count);

void tally_init(struct tally *tally);
void tally_done(struct tally *tally);

/* Adds the count of one item; `name` is copied if it has many findings. */
sieve_status tally_add(struct tally *tally, const struct count *count,
                       struct bytes name) SIEVE_MUST_CHECK;

/* Counts something that was not examined. */
void tally_unexamined(struct tally *tally, const char *reason);

/* About how many seconds it would take to do what was planned, at least 1. */
uint64_t tally_plan_seconds(const struct tally *tally);

/* 1 if everything named was examined to its end. */
int tally_is_complete(const struct tally *tally);

#endif /* SIEVE_REPORT_TALLY_H */
