#include "source/pglink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/wipe.h"
#include "source/pgnames.h"
#include "source/pgreason.h"

#define CANCEL_MESSAGE_MAX 256
#define SETTINGS_MAX       2048 /* bytes of the statements that settle a session */

/* Seconds; libpq's own connect_timeout goes before it. */
#define CONNECT_SECONDS 30

struct pglink {
    PGconn *connection;
    PGcancel *cancel;
    atomic_int is_cancelled;
    uint64_t sent; /* rows of the last COPY, as the server counted them */
    char encoding[32];
};

/* ---- connecting -------------------------------------------------------------------- */

/* The library is silent, and so is libpq in it. */
static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static time_t seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static long connect_seconds(PGconn *connection)
{
    uint64_t seconds = 0;
    PQconninfoOption *options = PQconninfo(connection);
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        if (strcmp(option->keyword, "connect_timeout") == 0 && option->val)
            (void)number_parse(option->val, 86400, &seconds);
    PQconninfoFree(options);
    return seconds > 0 ? (long)seconds : CONNECT_SECONDS;
}

/* 1 when the connection may go on, 0 when time is over. */
static int wait_for(PGconn *connection, PostgresPollingStatusType what, time_t end)
{
    for (;;) {
        const time_t now = seconds_now();
        struct pollfd wanted = {PQsocket(connection),
                                what == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0};
        if (now >= end)
            return 0;
        const int ready = poll(&wanted, 1, (int)(end - now) * 1000);
        if (ready > 0)
            return 1;
        if (ready < 0 && errno != EINTR)
            return 0;
    }
}

/* Step by step, because only between the steps can the server be told from libpq: in
 * this verbosity a message of the server is its code and nothing else. */
static sieve_status make_connection(PGconn *connection, struct database_error *error)
{
    PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE);
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    const time_t end = seconds_now() + connect_seconds(connection);
    PostgresPollingStatusType what = PGRES_POLLING_WRITING;
    while (PQstatus(connection) != CONNECTION_BAD) {
        if (!wait_for(connection, what, end)) {
            *error = (struct database_error){.reason = "the server does not answer"};
            return SIEVE_E_IO;
        }
        what = PQconnectPoll(connection);
        if (what == PGRES_POLLING_OK)
            return SIEVE_OK;
        if (what == PGRES_POLLING_FAILED)
            break;
    }
    pgreason_of_message(PQerrorMessage(connection), error);
    return SIEVE_E_IO;
}

static sieve_status append_setting(struct buffer *sql, const char *name, uint64_t seconds)
{
    sieve_status status = pgtext_append(sql, "SET ");
    if (status == SIEVE_OK)
        status = pgtext_append(sql, name);
    if (status == SIEVE_OK)
        status = pgtext_append(sql, "=");
    if (status == SIEVE_OK)
        status = pgnumber_append(sql, seconds * 1000);
    return status == SIEVE_OK ? pgtext_append(sql, ";") : status;
}

/* The settings are those of pg_dump, and for its reasons: row security that hides rows
 * must fail instead, rows come in the order in which they lie, and no session that
 * holds the snapshot is ended because it waits. */
static sieve_status append_settings(struct buffer *sql, const struct choice *choice,
                                    int version)
{
    sieve_status status =
        pgtext_append(sql, "SELECT pg_catalog.set_config('search_path','',false);"
                           "SET default_transaction_read_only=on;"
                           "SET standard_conforming_strings=on;"
                           "SET row_security=off;"
                           "SET synchronize_seqscans=off;"
                           "SET max_parallel_workers_per_gather=0;"
                           "SET jit=off;"
                           "SET extra_float_digits=3;"
                           "SET bytea_output=hex;"
                           "SET DateStyle=ISO;"
                           "SET idle_in_transaction_session_timeout=0;");
    if (status == SIEVE_OK && version >= 140000)
        status = pgtext_append(sql, "SET idle_session_timeout=0;");
    if (status == SIEVE_OK && version >= 170000)
        status = pgtext_append(sql, "SET transaction_timeout=0;");
    if (status == SIEVE_OK)
        status = append_setting(sql, "statement_timeout", choice->statement_seconds);
    if (status == SIEVE_OK)
        status =
            append_setting(sql, "lock_timeout",
                           choice->lock_seconds ? choice->lock_seconds : LOCK_SECONDS);
    return status == SIEVE_OK ? buffer_append(sql, bytes_of("", 1)) : status;
}

static sieve_status settle(struct pglink *link, const struct choice *choice,
                           struct database_error *error)
{
    struct buffer sql;
    size_t done = 0;
    buffer_init(&sql, SETTINGS_MAX);
    sieve_status status = append_settings(&sql, choice, pglink_version(link));
    if (status == SIEVE_OK)
        status = pglink_run(link, (const char *)sql.at, NULL, NULL, &done, error);
    buffer_done(&sql);
    const char *encoding = PQparameterStatus(link->connection, "server_encoding");
    if (encoding && strlen(encoding) < sizeof link->encoding)
        memcpy(link->encoding, encoding, strlen(encoding) + 1);
    /* A database without an encoding has names without one. */
    if (status == SIEVE_OK && strcmp(link->encoding, "SQL_ASCII") == 0)
        status = PQsetClientEncoding(link->connection, "SQL_ASCII") == 0 ? SIEVE_OK
                                                                         : SIEVE_E_IO;
    return status;
}

static PGconn *start_connection(const char *target, const char *database)
{
    /* What comes before dbname is a default for what the URI does not say; a second
     * dbname is a plain name and goes before that of the URI. */
    const char *const keywords[] = {"keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "fallback_application_name",
                                    "dbname",
                                    "client_encoding",
                                    database ? "dbname" : NULL,
                                    NULL};
    const char *const values[] = {"60",   "10",   "6",      "cardsieve",
                                  target, "UTF8", database, NULL};
    return PQconnectStartParams(keywords, values, 1);
}

sieve_status pglink_open(const char *target, const struct choice *choice,
                         struct pglink **out, struct database_error *error)
{
    *error = (struct database_error){.reason = "out of memory"};
    struct pglink *link = calloc(1, sizeof *link);
    if (!link)
        return SIEVE_E_MEMORY;
    atomic_init(&link->is_cancelled, 0);
    link->connection = start_connection(target, choice->database);
    sieve_status status =
        link->connection ? make_connection(link->connection, error) : SIEVE_E_MEMORY;
    if (status == SIEVE_OK) {
        link->cancel = PQgetCancel(link->connection);
        status = link->cancel ? SIEVE_OK : SIEVE_E_MEMORY;
    }
    if (status == SIEVE_OK)
        status = settle(link, choice, error);
    if (status != SIEVE_OK) {
        pglink_close(link);
        return status;
    }
    *out = link;
    return SIEVE_OK;
}

void pglink_close(struct pglink *link)
{
    if (!link)
        return;
    if (link->cancel)
        PQfreeCancel(link->cancel);
    PQfinish(link->connection);
    free(link);
}

/* ---- statements -------------------------------------------------------------------- */

void pglink_cancel(struct pglink *link)
{
    char message[CANCEL_MESSAGE_MAX];
    atomic_store(&link->is_cancelled, 1);
    /* If it cannot be told, the server finds out when it next sends. */
    (void)PQcancel(link->cancel, message, sizeof message);
}

static sieve_status failure_of(struct pglink *link, const PGresult *result,
                               struct database_error *error)
{
    if (atomic_load(&link->is_cancelled))
        return SIEVE_STOPPED;
    const char *code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    pgreason_of_code(code, error);
    if (PQstatus(link->connection) == CONNECTION_BAD) {
        error->is_lost = 1;
        if (!code)
            error->reason = "the connection to the server was lost";
    }
    return SIEVE_E_IO;
}

/* Hands on all rows of a COPY, or drops the rest after a failure: the protocol wants
 * them taken. */
static sieve_status take_rows(struct pglink *link, pglink_on_message on_message,
                              void *context)
{
    sieve_status status = SIEVE_OK;
    char *data = NULL;
    for (;;) {
        const int length = PQgetCopyData(link->connection, &data, 0);
        if (length <= 0)
            return status;
        if (status == SIEVE_OK) {
            status = atomic_load_explicit(&link->is_cancelled, memory_order_relaxed)
                         ? SIEVE_STOPPED
                         : on_message(bytes_of(data, (size_t)length), context);
            if (status != SIEVE_OK) {
                char message[CANCEL_MESSAGE_MAX];
                (void)PQcancel(link->cancel, message, sizeof message);
            }
        }
        wipe(data, (size_t)length);
        PQfreemem(data);
    }
}

static sieve_status take_result(struct pglink *link, const PGresult *result,
                                pglink_on_message on_message, void *context,
                                struct database_error *error)
{
    switch ((int)PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        return SIEVE_OK;
    case PGRES_COPY_OUT:
        return on_message ? take_rows(link, on_message, context) : SIEVE_E_INTERNAL;
    default:
        return failure_of(link, result, error);
    }
}

static void roll_back(struct pglink *link)
{
    if (PQtransactionStatus(link->connection) != PQTRANS_IDLE)
        PQclear(PQexec(link->connection, "ROLLBACK"));
}

sieve_status pglink_run(struct pglink *link, const char *sql,
                        pglink_on_message on_message, void *context, size_t *done_out,
                        struct database_error *error)
{
    *error = (struct database_error){.reason = ""};
    *done_out = 0;
    if (atomic_load(&link->is_cancelled))
        return SIEVE_STOPPED;
    if (!PQsendQuery(link->connection, sql))
        return failure_of(link, NULL, error);
    sieve_status status = SIEVE_OK;
    int was_copy = 0;
    link->sent = 0;
    for (;;) {
        PGresult *result = PQgetResult(link->connection);
        if (!result)
            break;
        const int is_copy = PQresultStatus(result) == PGRES_COPY_OUT;
        if (was_copy)
            (void)number_parse(PQcmdTuples(result), UINT64_MAX, &link->sent);
        was_copy = is_copy;
        struct database_error later;
        sieve_status taken = take_result(link, result, on_message, context,
                                         status == SIEVE_OK ? error : &later);
        PQclear(result);
        if (status == SIEVE_OK)
            status = taken;
        /* A COPY that has begun has one more result: whether it went well. */
        *done_out += status == SIEVE_OK && !is_copy;
    }
    if (status == SIEVE_OK && PQstatus(link->connection) == CONNECTION_BAD)
        status = failure_of(link, NULL, error);
    if (status != SIEVE_OK)
        roll_back(link);
    return status;
}

sieve_status pglink_value(struct pglink *link, const char *sql, char *out,
                          size_t capacity, struct database_error *error)
{
    PGresult *result = PQexec(link->connection, sql);
    sieve_status status = SIEVE_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) {
        status = failure_of(link, result, error);
    } else {
        const size_t length = (size_t)PQgetlength(result, 0, 0);
        if (length < capacity)
            memcpy(out, PQgetvalue(result, 0, 0), length + 1);
        else
            status = SIEVE_E_LIMIT;
    }
    PQclear(result);
    return status;
}

uint64_t pglink_sent(const struct pglink *link)
{
    return link->sent;
}

int pglink_version(const struct pglink *link)
{
    return PQserverVersion(link->connection);
}

const char *pglink_encoding(const struct pglink *link)
{
    return link->encoding;
}

const char *pglink_client_encoding(const struct pglink *link)
{
    return strcmp(link->encoding, "SQL_ASCII") == 0 ? "SQL_ASCII" : "UTF8";
}

const char *pglink_database(const struct pglink *link)
{
    return PQdb(link->connection);
}
