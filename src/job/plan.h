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
    int flush_after; /* milliseconds that held bytes of a quiet stream may wait */
    int progress;
};

#endif /* SIEVE_JOB_PLAN_H */
