/* report.h - where findings go: text for people, JSON Lines for scripts.
 *
 * A report is given safe words only: places went through safe_text, findings carry no
 * number, reasons are constants.  It belongs to one thread at a time; who calls it
 * from several holds a lock.
 */
#ifndef SIEVE_REPORT_REPORT_H
#define SIEVE_REPORT_REPORT_H

#include "base/limits.h"
#include "base/safe_text.h"
#include "base/writer.h"
#include "cardsieve.h"
#include "report/tally.h"

/* One thing that is examined.  Borrowed by every call. */
struct place {
    struct safe_text target;              /* as it was named or found */
    size_t coding_count;                  /* codings taken off, outermost first */
    const char *codings[CODEC_DEPTH_MAX]; /* "gzip"; constants */
    /* In a database, else empty; all of them safe. */
    struct bytes database; /* "shop", of a server */
    int is_one_of_several; /* ... databases of this run: people are told which */
    struct bytes table;    /* "public.orders" */
    struct bytes field;    /* of one value that was not examined: its column, */
    struct bytes row;      /* ... and what names its row, as in a sighting */
};

/* A finding and where it stands. */
struct sighting {
    const sieve_finding *finding;
    uint64_t line;        /* from 1; 0 if it was not counted */
    uint64_t column;      /* bytes from 1; 0 if it was not counted */
    uint64_t card;        /* ordinal of the distinct number; 0 if it is not known */
    struct bytes excerpt; /* safe UTF-8 around it; empty if none was made */
    size_t shown_at;      /* the finding's own part of the excerpt */
    size_t shown_length;
    /* Beside an item's content, then lines and offsets count from there: what it is in,
     * a constant, and in which member of the coding, from 1. */
    const char *beside; /* "gzip head"; NULL: in the content */
    uint64_t member;
    /* In a database, instead of line and column.  Both are safe. */
    struct bytes field; /* the column's name */
    struct bytes row;   /* what names the row, as a JSON object of strings */
    struct bytes key; /* inside of the cell: "card.number", safe; empty if it has none */
};

/* What was seen of one column of a table.  Texts are safe. */
struct column_entry {
    struct bytes name;
    struct bytes key;    /* inside of its values; empty: the column with all in it */
    const char *verdict; /* "card column" */
    const char *reason;  /* the arithmetic, in words */
    uint64_t findings;
    uint64_t cards;  /* distinct numbers */
    int cards_least; /* 1: there may be more */
    uint64_t values;
    uint64_t distinct;       /* about so many of them; 0: not counted */
    uint64_t sensitive;      /* findings that may never be kept */
    const char *brands;      /* "visa, jcb" */
    struct bytes first_row;  /* as a sighting's row is; {} if it is not known */
    struct bytes first_rows; /* a JSON array of objects as a sighting's row is */
};

/* What was read of one table. */
struct table_entry {
    uint64_t rows;      /* that it has; UINT64_MAX: not known */
    uint64_t rows_read; /* of them */
    uint64_t bytes;
    uint64_t ranges;
    int is_plan; /* nothing was read: the numbers are guesses */
    int is_complete;
    const struct column_entry *columns; /* those with findings, each before its keys */
    size_t column_count;
    size_t left_out; /* columns that were not read */
};

struct report;

struct report_ops {
    const char *name; /* "text", "jsonl" */
    sieve_status (*finding)(struct report *self, const struct place *place,
                            const struct sighting *sighting);
    /* Something that was not examined, or not to its end; `reason` is a constant. */
    sieve_status (*unexamined)(struct report *self, const struct place *place,
                               const char *reason);
    /* A table was read; NULL: it does not tell of tables. */
    sieve_status (*table)(struct report *self, const struct place *place,
                          const struct table_entry *entry);
    sieve_status (*summary)(struct report *self, const struct tally *tally);
    void (*free)(struct report *self);
};

/* First member of every concrete report. */
struct report {
    const struct report_ops *ops;
};

/* What a report may leave out and how it looks. */
struct report_style {
    int colour;       /* 1: with terminal colours */
    int summary_only; /* 1: no single findings */
};

/* Both borrow the writer until free, and never flush it. */
sieve_status text_report_new(struct writer *writer, const struct report_style *style,
                             struct report **out) SIEVE_MUST_CHECK;
sieve_status jsonl_report_new(struct writer *writer, const struct report_style *style,
                              struct report **out) SIEVE_MUST_CHECK;

/* Tells only what was not examined. */
sieve_status quiet_report_new(struct writer *writer,
                              struct report **out) SIEVE_MUST_CHECK;

/* NULL is legal. */
void report_free(struct report *report);

#endif /* SIEVE_REPORT_REPORT_H */
