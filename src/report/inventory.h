/* inventory.h - what a sweep of a database has read and found, as reports for people:
 * text, HTML, CSV, SARIF.
 *
 * An inventory is told from begin to end: what is known of the run, then its rows, part
 * by part in the order of enum inventory_part, then the end.  It is given safe words
 * only: no clear number is in any of them.  But they may hold anything else, since who
 * names a table or edits a ledger may write what he likes: each report makes them
 * harmless in its own way.
 *
 * All texts are borrowed for the call.  An inventory belongs to one thread.
 */
#ifndef SIEVE_REPORT_INVENTORY_H
#define SIEVE_REPORT_INVENTORY_H

#include "base/writer.h"
#include "cardsieve.h"
#include "report/words.h"

#define INVENTORY_BRANDS_MAX 24
#define INVENTORY_ROWS_MAX   3 /* first rows of a column */
#define INVENTORY_UNREAD_MAX 8

struct inventory_brand {
    char title[64]; /* safe; empty: no brand */
    uint64_t findings;
};

/* Rows, by what became of them. */
struct inventory_repairs {
    uint64_t updated; /* and looked at again */
    uint64_t changed; /* by others, in between */
    uint64_t left;
    uint64_t pending;
};

/* Columns that were not read for one reason. */
struct inventory_unread {
    char reason[128]; /* safe */
    uint64_t columns;
};

/* The run and its sums.  Times are texts for people, and seconds since 1970. */
struct inventory_run {
    struct bytes title; /* empty: none */
    struct bytes target;
    struct bytes ledger;        /* the file's name */
    struct bytes version;       /* of the program that swept */
    struct bytes options;       /* what was asked for, as the ledger keeps it */
    sieve_confidence threshold; /* findings below were not asked for */
    struct bytes chosen;        /* "table shop.*, exclude-table log*"; empty: all */
    struct bytes begun;
    struct bytes ended; /* empty: nothing was read */
    struct bytes made;
    uint64_t begun_at;
    uint64_t ended_at;
    uint64_t snapshots;
    int is_resumed; /* one database was read in several of them */
    uint64_t databases;
    uint64_t databases_unread;
    uint64_t tables;
    uint64_t tables_incomplete;
    uint64_t rows; /* UINT64_MAX: not known of all tables */
    uint64_t rows_read;
    uint64_t bytes;
    uint64_t columns_found;
    uint64_t columns_unread;
    struct inventory_unread unread[INVENTORY_UNREAD_MAX]; /* most first */
    size_t unread_count;
    uint64_t findings;
    uint64_t sensitive;
    uint64_t cards;      /* distinct numbers */
    int cards_estimated; /* 1: there may be more */
    uint64_t test_numbers;
    uint64_t chance; /* hits that chance explains; not among the findings */
    uint64_t by_kind[SIEVE_KIND_COUNT];
    struct inventory_brand brands[INVENTORY_BRANDS_MAX]; /* most first */
    size_t brand_count;
    int is_complete;
    int is_sample;
    int has_repairs;
    struct inventory_repairs repairs;
};

enum inventory_part {
    INVENTORY_COLUMN, /* with findings; those that may never be kept first */
    INVENTORY_MISSED, /* what was not examined */
    INVENTORY_REPAIR, /* rows, by what became of them; what is left first */
    INVENTORY_TABLE,  /* each, in the order they were entered */
    INVENTORY_FINDING /* each; what may never be kept first */
};
#define INVENTORY_PART_COUNT 5

/* One row of a part.  What a part does not have is empty or 0. */
struct inventory_row {
    enum inventory_part part;
    int64_t table_id;      /* the ledger's */
    struct bytes database; /* "shop", of a server; may be all that is known */
    int is_one_of_several; /* ... databases: people are told which */
    struct bytes table;    /* "public.orders" */
    struct bytes column;   /* "memo" */
    struct bytes key;      /* inside of its values, "card.number"; empty: it has none */
    struct bytes reason;   /* why not examined; of a column, why its verdict */

    /* COLUMN */
    struct bytes verdict;                   /* "card column" */
    struct bytes brands;                    /* "Visa, JCB" */
    struct bytes brand_names;               /* "visa, jcb" */
    struct bytes first[INVENTORY_ROWS_MAX]; /* JSON objects of strings */
    size_t first_count;
    uint64_t values;
    uint64_t distinct_values; /* 0: not counted */
    uint64_t numbers;         /* of a card's length */
    uint64_t luhn;            /* ... with a right check digit */

    /* REPAIR; `rows` of them, `row` is the first */
    struct bytes state; /* "updated", "changed", "left", ... */

    /* COLUMN, REPAIR and TABLE */
    uint64_t findings;
    uint64_t sensitive;
    uint64_t cards;
    int cards_least; /* 1: there may be more */
    uint64_t test_numbers;
    uint64_t rows; /* UINT64_MAX: not known */
    uint64_t rows_read;

    /* TABLE */
    uint64_t bytes;
    uint64_t ranges;
    uint64_t columns_unread;
    int is_complete;

    /* FINDING */
    sieve_kind kind;
    sieve_confidence confidence;
    struct bytes row;        /* what names it, as a JSON object of strings */
    struct bytes brand;      /* "Visa" */
    struct bytes brand_name; /* "visa" */
    struct bytes masked;     /* "411111******1111" */
    struct bytes form;       /* "ascii" */
    struct bytes reasons;    /* words, parted by spaces */
    uint64_t offset;
    uint64_t length;
    uint64_t digits;
    uint64_t card; /* ordinal; 0: not known */
    int test_number;
};

struct inventory;

struct inventory_ops {
    const char *name; /* "html" */
    sieve_status (*begin)(struct inventory *self, const struct inventory_run *run);
    sieve_status (*row)(struct inventory *self, const struct inventory_row *row);
    sieve_status (*end)(struct inventory *self);
    void (*free)(struct inventory *self);
};

/* First member of every concrete inventory. */
struct inventory {
    const struct inventory_ops *ops;
};

struct inventory_style {
    enum language language;
    uint64_t findings_max; /* that text and HTML list; the others list all */
};

/* Each borrows the writer until free, and never flushes it. */
sieve_status text_inventory_new(struct writer *writer,
                                const struct inventory_style *style,
                                struct inventory **out) SIEVE_MUST_CHECK;
sieve_status html_inventory_new(struct writer *writer,
                                const struct inventory_style *style,
                                struct inventory **out) SIEVE_MUST_CHECK;
sieve_status csv_inventory_new(struct writer *writer, const struct inventory_style *style,
                               struct inventory **out) SIEVE_MUST_CHECK;
sieve_status sarif_inventory_new(struct writer *writer,
                                 const struct inventory_style *style,
                                 struct inventory **out) SIEVE_MUST_CHECK;

void inventory_free(struct inventory *inventory); /* NULL is legal */

#endif /* SIEVE_REPORT_INVENTORY_H */
