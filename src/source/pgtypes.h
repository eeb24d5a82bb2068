/* pgtypes.h - which types are read, and how. */
#ifndef SIEVE_SOURCE_PGTYPES_H
#define SIEVE_SOURCE_PGTYPES_H

#include <stdint.h>

#include "source/database.h"
#include "source/pgbinary.h"

/* What the server knows of a column's type; domains are what they are made of. */
struct pgtype {
    struct bytes name;    /* "int4" */
    struct bytes element; /* of an array: the name of its elements' type, else empty */
    int is_builtin;       /* of the schema pg_catalog */
    int is_enum;
    int64_t modifier; /* of numeric: its digits; -1: none */
};

/* How a column of that type is read. */
enum pgdecoding pgtype_decoding(const struct pgtype *type);

/* Why it is not worth reading (a constant), or NULL. */
const char *pgtype_left_out(const struct pgtype *type);

#endif /* SIEVE_SOURCE_PGTYPES_H */
