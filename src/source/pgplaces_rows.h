/* pgplaces_rows.h - what the places of pgplaces.h are. */
#ifndef SIEVE_SOURCE_PGPLACES_ROWS_H
#define SIEVE_SOURCE_PGPLACES_ROWS_H

#include "source/database.h"
#include "source/pgbinary.h"

#define PLACE_COLUMNS_MAX 6

#define LARGE_READABLE                                                                   \
    "(pg_has_role(m.lomowner,'USAGE') OR current_setting('lo_compat_privileges')::bool"  \
    " OR EXISTS (SELECT FROM aclexplode(m.lomacl) x WHERE x.privilege_type='SELECT'"     \
    " AND (x.grantee=0 OR pg_has_role(x.grantee,'USAGE'))))"

struct place_column {
    const char *name;
    const char *type;
    const char *expression;
    enum pgdecoding decoding;
    uint8_t is_key;
};

/* Some belong to the server as a whole, each with its bit in choice->listed; statements
 * do only if all databases of it are read. */
enum place_trait {
    PLACE_MOVES = 1, /* it is in no snapshot */
    OF_SERVER_COMMENTS = 2,
    OF_SERVER_LOG = 4,
    OF_SERVER_ACTIVITY = 8,
    OF_SERVER_STATEMENTS = 16,
    OF_SERVER_HIDDEN_ACTIVITY = 32,
    OF_SERVER_HIDDEN_STATEMENTS = 64
};

struct pgplace {
    const char *name;
    enum table_kind kind;
    int version; /* the server's first that has it */
    unsigned traits;
    const char *from;
    struct place_column columns[PLACE_COLUMNS_MAX];
};

extern const struct pgplace pgplaces[];
extern const size_t pgplace_count;

/* Statements that run: of one database, and of all. */
extern const struct pgplace pgplace_activities[2];

extern const struct pgplace pgplace_large;
extern const struct pgplace pgplace_log;
extern const struct pgplace pgplace_statements; /* `from` depends on the schema */

#endif /* SIEVE_SOURCE_PGPLACES_ROWS_H */
