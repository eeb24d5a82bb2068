/* pgsession.h - statements in the snapshot that all readers share, and the rows of them.
 *
 * Each runs in a transaction of its own which takes the snapshot over: so no lock is held
 * longer than one range takes, and nobody's ALTER TABLE waits for a whole sweep.
 */
#ifndef SIEVE_SOURCE_PGSESSION_H
#define SIEVE_SOURCE_PGSESSION_H

#include "base/buffer.h"
#include "source/pglink.h"

/* "00000003-0000001B-1" and longer ones. */
#define PGSNAPSHOT_MAX 64

/* Bytes of one statement: the widest table has 1,600 columns of 63 bytes, and each byte
 * may be a quote. */
#define PGSTATEMENT_LENGTH_MAX (1u << 20)

struct pgsession {
    struct pglink *link; /* owned */
    const char *snapshot;
    struct buffer sql;
};

/* Takes the link over.  `snapshot` NULL: each run has one of its own. */
void pgsession_init(struct pgsession *session, struct pglink *link, const char *snapshot);
void pgsession_done(struct pgsession *session);

/* Fields of one row, NULL for SQL's NULL; borrowed for the call. */
typedef sieve_status (*pgsession_on_row)(const struct bytes *fields, void *context);

/* Who takes the rows, and into what they are parted. */
struct pgtaker {
    struct bytes *fields; /* room for them */
    size_t field_count;
    pgsession_on_row on_row;
    void *context;
};

/* Begins session->sql; what is to run is appended to it then.  `as_stored`: texts come in
 * the database's own encoding, untouched; else as UTF-8. */
sieve_status pgsession_begin(struct pgsession *session, int as_stored) SIEVE_MUST_CHECK;

/* Runs session->sql and forgets it. */
sieve_status pgsession_run(struct pgsession *session, const struct pgtaker *taker,
                           struct database_error *error) SIEVE_MUST_CHECK;

/* The same inside of a transaction that is open already: begins session->sql, and runs
 * one COPY that was appended to it. */
sieve_status pgsession_begin_ask(struct pgsession *session,
                                 int as_stored) SIEVE_MUST_CHECK;
sieve_status pgsession_ask(struct pgsession *session, int as_stored,
                           const struct pgtaker *taker,
                           struct database_error *error) SIEVE_MUST_CHECK;

#endif /* SIEVE_SOURCE_PGSESSION_H */
