#include "source/pgsession.h"

#include "source/pgbinary.h"
#include "source/pgnames.h"

void pgsession_init(struct pgsession *session, struct pglink *link, const char *snapshot)
{
    *session = (struct pgsession){.link = link, .snapshot = snapshot};
    buffer_init(&session->sql, PGSTATEMENT_LENGTH_MAX);
}

void pgsession_done(struct pgsession *session)
{
    pglink_close(session->link);
    session->link = NULL;
    buffer_done(&session->sql);
}

/* The server turns the statement's own text, and the names in it, from UTF-8 before it
 * runs the first part of it: so the setting applies to the answer alone. */
static sieve_status append_encoding(struct pgsession *session)
{
    struct buffer *sql = &session->sql;
    sieve_status status = pgtext_append(sql, "SET LOCAL client_encoding=");
    if (status == SIEVE_OK)
        status = pgliteral_append(sql, pglink_encoding(session->link));
    return status == SIEVE_OK ? pgtext_append(sql, ";") : status;
}

sieve_status pgsession_begin(struct pgsession *session, int as_stored)
{
    struct buffer *sql = &session->sql;
    buffer_clear(sql);
    sieve_status status =
        pgtext_append(sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;");
    if (status == SIEVE_OK && session->snapshot) {
        status = pgtext_append(sql, "SET TRANSACTION SNAPSHOT ");
        if (status == SIEVE_OK)
            status = pgliteral_append(sql, session->snapshot);
        if (status == SIEVE_OK)
            status = pgtext_append(sql, ";");
    }
    return status == SIEVE_OK && as_stored ? append_encoding(session) : status;
}

struct message_parter {
    const struct pgtaker *taker;
    int has_begun;
    int has_ended;
    uint64_t rows;
};

static sieve_status part_message(struct bytes message, void *context)
{
    struct message_parter *parter = context;
    const struct pgtaker *taker = parter->taker;
    sieve_status status = SIEVE_OK;
    if (!parter->has_begun)
        status = pgbinary_header(&message);
    parter->has_begun = 1;
    while (status == SIEVE_OK && message.length > 0) {
        status = pgbinary_row(&message, taker->fields, taker->field_count);
        parter->rows += status == SIEVE_OK;
        if (status == SIEVE_OK)
            status = taker->on_row(taker->fields, taker->context);
        else if (status == SIEVE_STOPPED)
            parter->has_ended = 1;
    }
    return parter->has_ended ? SIEVE_OK : status;
}

/* Runs session->sql and forgets it; *done_out is how many statements of it succeeded. */
static sieve_status run(struct pgsession *session, const struct pgtaker *taker,
                        size_t *done_out, struct database_error *error)
{
    struct message_parter parter = {.taker = taker};
    sieve_status status = pglink_run(session->link, (const char *)session->sql.at,
                                     part_message, &parter, done_out, error);
    buffer_clear(&session->sql);
    if (status == SIEVE_OK &&
        (!parter.has_ended || parter.rows != pglink_sent(session->link)))
        status = SIEVE_E_CORRUPT;
    if (status == SIEVE_E_CORRUPT)
        error->reason = "the server's answer is not understood";
    return status;
}

sieve_status pgsession_run(struct pgsession *session, const struct pgtaker *taker,
                           struct database_error *error)
{
    size_t done = 0;
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status =
        buffer_append(&session->sql, bytes_of("COMMIT", sizeof "COMMIT"));
    if (status != SIEVE_OK)
        return status;
    status = run(session, taker, &done, error);
    /* The second statement takes the snapshot: it fails if whoever keeps it is gone. */
    if (status == SIEVE_E_IO && done == 1 && session->snapshot && !error->is_lost) {
        error->reason = "the snapshot is gone";
        error->is_lost = 1;
        error->is_over = 1;
    }
    return status;
}

sieve_status pgsession_ask(struct pgsession *session, int as_stored,
                           const struct pgtaker *taker, struct database_error *error)
{
    size_t done = 0;
    struct buffer *sql = &session->sql;
    *error = (struct database_error){.reason = "out of memory"};
    /* The setting would apply to the text of the next statement too. */
    sieve_status status =
        as_stored ? pgtext_append(sql, "SET LOCAL client_encoding=") : SIEVE_OK;
    if (status == SIEVE_OK && as_stored)
        status = pgliteral_append(sql, pglink_client_encoding(session->link));
    if (status == SIEVE_OK)
        status = buffer_append(sql, bytes_of("", 1));
    return status == SIEVE_OK ? run(session, taker, &done, error) : status;
}

sieve_status pgsession_begin_ask(struct pgsession *session, int as_stored)
{
    buffer_clear(&session->sql);
    return as_stored ? append_encoding(session) : SIEVE_OK;
}
