/* myplaces_rows.h - the places of myplaces.h, one row each. */
#ifndef SIEVE_SOURCE_MYPLACES_ROWS_H
#define SIEVE_SOURCE_MYPLACES_ROWS_H

#include "source/database.h"

#define INFORMATION "information_schema"

enum myserver {
    ANY_SERVER,
    MARIADB_ONLY,
    MYSQL_ONLY
};

/* `from` is a query whose columns are the keys and the texts; `scope` is what of it
 * belongs to a database, or NULL: then it is whole. */
struct myplace {
    const char *schema;
    const char *name;
    enum table_kind kind;
    enum myserver server;
    unsigned long version; /* of that server, the first that has it */
    const char *from;
    const char *scope;
    const char *keys[4];
    const char *texts[5];
};

extern const struct myplace myplaces[];
extern const size_t myplaces_count;

/* Only of servers that watch themselves. */
extern const struct myplace myplaces_watched[];
extern const size_t myplaces_watched_count;

/* Name and text of the log files that are written now: what an old setting left behind is
 * nobody's to find.  The text is NULL where the server does not hand it out. */
#define LOG_FILE(name, variable, is_on)                                                  \
    "SELECT " name " AS name,LOAD_FILE(IF(" variable " LIKE '/%'," variable              \
    ",CONCAT(@@datadir," variable "))) AS text FROM DUAL WHERE " is_on
#define LOG_FILES                                                                        \
    LOG_FILE("'general log'", "@@general_log_file",                                      \
             "@@general_log=1 AND @@log_output LIKE '%FILE%'")                           \
    " UNION ALL " LOG_FILE(                                                              \
        "'slow query log'", "@@slow_query_log_file",                                     \
        "@@slow_query_log=1 AND @@log_output LIKE '%FILE%'") " UNION ALL " LOG_FILE("'e" \
                                                                                    "rr" \
                                                                                    "or" \
                                                                                    " l" \
                                                                                    "og" \
                                                                                    "'", \
                                                                                    "@@" \
                                                                                    "lo" \
                                                                                    "g_" \
                                                                                    "er" \
                                                                                    "ro" \
                                                                                    "r", \
                                                                                    "CO" \
                                                                                    "AL" \
                                                                                    "ES" \
                                                                                    "CE" \
                                                                                    "(@" \
                                                                                    "@l" \
                                                                                    "og" \
                                                                                    "_e" \
                                                                                    "rr" \
                                                                                    "or" \
                                                                                    ",'" \
                                                                                    "')" \
                                                                                    " N" \
                                                                                    "OT" \
                                                                                    " I" \
                                                                                    "N " \
                                                                                    "('" \
                                                                                    "'," \
                                                                                    "'s" \
                                                                                    "td" \
                                                                                    "er" \
                                                                                    "r'" \
                                                                                    ")")

extern const struct myplace myplace_log_files;

#endif /* SIEVE_SOURCE_MYPLACES_ROWS_H */
