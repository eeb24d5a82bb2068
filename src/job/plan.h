/* plan.h - what was asked, checked, before anything is opened. */
#ifndef SIEVE_JOB_PLAN_H
#define SIEVE_JOB_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"
#include "source/database.h"
#include "source/walk.h"

/* How much a compressed thing may become. */
struct expansion {
    uint64_t total;  /* bytes */
    uint64_t ratio;  /* times its own size, once it is past 64 MiB; 0: any */
    uint64_t memory; /* bytes one decoder may ask for */
};

#define EXPANSION_DEFAULT                                                                \
    {                                                                                    \
        UINT64_C(1) << 40, 10000, UINT64_C(40) << 20                                     \
    }

enum format {
    FORMAT_TEXT,
    FORMAT_JSONL
};

/* Readers of a database, unless asked for more: each is a connection. */
#define READERS_DEFAULT 2

/* What becomes of a number in a column that cannot hold a mask. */
enum numeric_choice {
    NUMERIC_ASK, /* it stays, and is told of */
    NUMERIC_NULL,
    NUMERIC_ZERO,
    NUMERIC_SKIP /* it stays, as the user wants it */
};

/* What came of a repair; rows. */
struct repair_result {
    uint64_t rows;     /* with findings that are to be repaired */
    uint64_t findings; /* in them */
    uint64_t planned;  /* in the plan */
    uint64_t updated;  /* and looked at again: clean */
    uint64_t changed;  /* somebody else did: nothing is found in them any more, or gone */
    uint64_t left;     /* could not be repaired */
    int is_declined;   /* the user said no */
};

/* How a database that was swept is repaired. */
struct repair_order {
    const char *plan; /* file that it is written to, or NULL */
    int apply;
    enum numeric_choice numeric;
    int delete_sensitive; /* what is nothing but sensitive data becomes NULL or empty */
    uint64_t pause;       /* milliseconds between transactions */
    /* 1: do it.  Asked before the first change. */
    int (*confirm)(struct bytes target, const struct repair_result *what, void *context);
    void *context;
    struct repair_result *result;
};

/* How a database is swept. */
struct sweep_plan {
    struct choice choice;
    const char *ledger; /* NULL: a name of its own in the working directory */
    const char *resume; /* a ledger to go on with; NULL: begin anew */
    unsigned readers;   /* connections */
    unsigned sample;    /* percent of the ranges; 0: all */
    uint64_t rate;      /* bytes a second; 0: as fast as it goes */
    uint64_t pause;     /* milliseconds between the ranges of one reader */
    int dry_run;        /* tell what there is, read nothing */
    const struct repair_order *repair; /* what follows the sweep; NULL: nothing */
};

/* Everything is borrowed from argv. */
struct scan_plan {
    const char *const *targets;
    size_t target_count;
    sieve_options options;
    const char *pattern_directory; /* the user's own tables; NULL for none */
    struct walk_options walk;
    struct sweep_plan sweep;
    struct expansion expansion;
    unsigned workers;
    enum format format;
    int colour;
    int summary_only;
    int quiet;
    int statistics;
    int progress;
};

struct mask_plan {
    const char *const *files; /* none, or "-": standard input to standard output */
    size_t file_count;
    const char *output; /* -o; NULL: standard output */
    int in_place;
    int follow;      /* in place: mask what a symbolic link leads to */
    int break_links; /* in place: also a file that has other names */
    sieve_options options;
    const char *pattern_directory;
    const char *key_file;
    struct expansion expansion;
    int flush_after;      /* milliseconds that a held line of a quiet stream may wait */
    int flush_unfinished; /* ... and one that has not ended; what it cuts is missed */
    int progress;
};

#endif /* SIEVE_JOB_PLAN_H */
