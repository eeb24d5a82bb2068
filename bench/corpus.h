/* corpus.h - one kind of made-up data: how its rows are written.
 *
 * A corpus is written row by row into `text` until it is as large as asked.  The
 * cards it plants are counted, so that whoever scans it can be held against the
 * number.  Everything follows from the seed. */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include "card.h"
#include "dice.h"
#include "text.h"

struct corpus {
    struct dice dice;
    struct text text; /* rows not yet written out, in UTF-8 */
    uint64_t row;
    uint64_t clock;      /* microseconds since 1970, UTC */
    uint32_t card_every; /* rows; one card in each such run of rows */
    uint64_t card_row;   /* the row of the run that has it */
    uint64_t card_count; /* planted so far */
};

struct corpus_kind {
    const char *name;     /* also the file's name */
    const char *title;    /* for people */
    const char *encoding; /* what the file is written in, for iconv; NULL for as it is */
    uint32_t card_every;
    void (*begin)(struct corpus *corpus); /* may be NULL */
    void (*write_row)(struct corpus *corpus);
};

/* True once in each run of `card_every` rows, at a row the dice choose. */
int corpus_card_due(struct corpus *corpus);

/* Makes, counts and writes a card. */
void corpus_put_card(struct corpus *corpus, enum card_writing writing);

/* The clock moves on by up to `most` microseconds. */
struct moment corpus_tick(struct corpus *corpus, uint32_t most);

void access_log_row(struct corpus *corpus);
void dump_begin(struct corpus *corpus);
void dump_row(struct corpus *corpus);
void cards_row(struct corpus *corpus);
void mail_row(struct corpus *corpus);
void csv_begin(struct corpus *corpus);
void csv_row(struct corpus *corpus);
void json_log_row(struct corpus *corpus);
void binary_row(struct corpus *corpus);
/* One whole small file: source code, configuration or JSON. */
void small_file_row(struct corpus *corpus);

#endif
