#include "job/view.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/ledger_open.h"
#include "job/view_inside.h"

/* Of an SQLite file: its header, and where the application's number is in it. */
#define HEADER_LENGTH      100
#define HEADER_APPLICATION 68

#define TABLE_COUNT 10

static const char not_a_ledger[] = "it is no ledger of this program";
static const char not_as_written[] = "it is damaged, or somebody edited it";

const char *view_reason(const struct view *view)
{
    return view->reason ? view->reason : sql_reason(view->sql);
}

sieve_status view_fail(struct view *view, sieve_status status)
{
    if (status == SIEVE_E_CORRUPT || status == SIEVE_E_LIMIT)
        view->reason = not_as_written;
    else if (status == SIEVE_E_MEMORY)
        view->reason = "not enough memory";
    return status;
}

/* ---- opening ----------------------------------------------------------------------- */

/* Tables and nothing that only looks like one: a view could be endless. */
static sieve_status check(struct view *view)
{
    int64_t is_ledger = 0;
    int64_t tables = 0;
    int64_t repairs = 0;
    sieve_status status = sql_read_number(
        view->sql,
        "SELECT count(*) FROM pragma_application_id a, pragma_user_version v"
        " WHERE a.application_id = " LEDGER_APPLICATION
        " AND v.user_version = " LEDGER_LAYOUT,
        &is_ledger);
    if (status == SIEVE_OK)
        status = sql_read_number(
            view->sql,
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' AND name IN ('run', 'choices',"
            " 'databases', 'snapshots', 'tables', 'columns', 'keys', 'ranges', "
            "'unexamined',"
            " 'findings')",
            &tables);
    if (status == SIEVE_OK)
        status = sql_read_number(view->sql,
                                 "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                                 " AND sql NOT LIKE 'CREATE VIRTUAL%'"
                                 " AND name = 'repairs'",
                                 &repairs);
    view->has_repairs = repairs > 0;
    if (status == SIEVE_OK && (is_ledger != 1 || tables != TABLE_COUNT)) {
        view->reason = not_a_ledger;
        return SIEVE_E_CORRUPT;
    }
    return status;
}

/* All that follows sees one moment. */
static sieve_status open_sql(struct view *view, const char *path, const char **reason_out)
{
    sieve_status status = sql_open(path, SQL_READ_EDITED, &view->sql, reason_out);
    if (status != SIEVE_OK)
        return status;
    status = sql_run(view->sql, "BEGIN");
    if (status == SIEVE_OK)
        status = check(view);
    if (status != SIEVE_OK)
        *reason_out = view_reason(view);
    return status;
}

/* 1 if the file's own header says that it is a ledger: any other is none of ours to
 * write to. */
static int has_our_header(const char *path)
{
    unsigned char header[HEADER_LENGTH];
    char number[16];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return 0;
    const ssize_t count = read(descriptor, header, sizeof header);
    close(descriptor);
    if (count != (ssize_t)sizeof header)
        return 0;
    const unsigned char *at = header + HEADER_APPLICATION;
    (void)snprintf(number, sizeof number, "%lu",
                   (unsigned long)at[0] << 24 | (unsigned long)at[1] << 16 |
                       (unsigned long)at[2] << 8 | (unsigned long)at[3]);
    return strcmp(number, LEDGER_APPLICATION) == 0;
}

/* What a kill left unfinished is undone by who opens it to write. */
static void finish_kill(const char *path)
{
    struct sql *sql = NULL;
    const char *reason = NULL;
    int64_t ignored = 0;
    if (sql_open(path, SQL_WRITE, &sql, &reason) == SIEVE_OK)
        (void)!sql_read_number(sql, "SELECT count(*) FROM sqlite_schema", &ignored);
    sql_close(sql);
}

/* 1 if that may have mended it. */
static int was_unfinished(const char *path)
{
    char journal[PATH_MAX];
    struct stat about;
    const int length = snprintf(journal, sizeof journal, "%s-journal", path);
    if (length < 0 || (size_t)length >= sizeof journal || stat(journal, &about) < 0 ||
        !has_our_header(path))
        return 0;
    finish_kill(path);
    return 1;
}

static sieve_status view_new(struct view **out)
{
    const sieve_options options = SIEVE_OPTIONS_DEFAULT;
    struct view *view = calloc(1, sizeof *view);
    if (!view)
        return SIEVE_E_MEMORY;
    safe_text_init(&view->target);
    safe_text_init(&view->version);
    safe_text_init(&view->options);
    safe_text_init(&view->chosen);
    safe_text_init(&view->begun);
    safe_text_init(&view->ended);
    if (veil_new(&options, &view->veil) != SIEVE_OK) {
        view_free(view);
        return SIEVE_E_MEMORY;
    }
    *out = view;
    return SIEVE_OK;
}

sieve_status view_open(const char *path, struct view **out, const char **reason_out)
{
    struct view *view = NULL;
    *reason_out = "not enough memory";
    sieve_status status = view_new(&view);
    if (status != SIEVE_OK)
        return status;
    status = open_sql(view, path, reason_out);
    if (status == SIEVE_E_IO && was_unfinished(path)) {
        sql_close(view->sql);
        view->sql = NULL;
        view->reason = NULL;
        status = open_sql(view, path, reason_out);
    }
    if (status != SIEVE_OK) {
        view_free(view);
        return status;
    }
    *out = view;
    return SIEVE_OK;
}

void view_free(struct view *view)
{
    if (!view)
        return;
    sql_close(view->sql);
    veil_free(view->veil);
    safe_text_done(&view->target);
    safe_text_done(&view->version);
    safe_text_done(&view->options);
    safe_text_done(&view->chosen);
    safe_text_done(&view->begun);
    safe_text_done(&view->ended);
    free(view);
}
