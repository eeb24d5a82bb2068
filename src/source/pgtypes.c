#include "source/pgtypes.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_MIN      12 /* of a card number */
#define MODIFIER_HEADER 4  /* a modifier counts the header of the value */

#define NO_DIGITS "its type holds places, not numbers of a card"

/* Built-in types, sorted by name.  A type that is not here is cast to text. */
struct type_row {
    const char *name;
    enum pgdecoding decoding;
    const char *left_out;
};

static const struct type_row type_rows[] = {
    {"aclitem", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"bool", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"box", PGDECODE_CAST, NO_DIGITS},
    {"bpchar", PGDECODE_TEXT, NULL},
    {"bytea", PGDECODE_BYTES, NULL},
    {"char", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"cid", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"circle", PGDECODE_CAST, NO_DIGITS},
    {"date", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"float4", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"float8", PGDECODE_FLOAT8, NULL},
    {"int2", PGDECODE_INT2, COLUMN_TOO_SHORT},
    {"int4", PGDECODE_INT4, COLUMN_TOO_SHORT},
    {"int8", PGDECODE_INT8, NULL},
    {"interval", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"json", PGDECODE_TEXT, NULL},
    {"jsonb", PGDECODE_JSONB, NULL},
    {"line", PGDECODE_CAST, NO_DIGITS},
    {"lseg", PGDECODE_CAST, NO_DIGITS},
    {"macaddr", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"macaddr8", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"money", PGDECODE_MONEY, NULL},
    {"name", PGDECODE_TEXT, NULL},
    {"numeric", PGDECODE_NUMERIC, NULL},
    {"oid", PGDECODE_OID, COLUMN_TOO_SHORT},
    {"path", PGDECODE_CAST, NO_DIGITS},
    {"pg_lsn", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"point", PGDECODE_CAST, NO_DIGITS},
    {"polygon", PGDECODE_CAST, NO_DIGITS},
    {"regclass", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regcollation", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regconfig", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regdictionary", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regnamespace", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regoper", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regoperator", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regproc", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regprocedure", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regrole", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"regtype", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"text", PGDECODE_TEXT, NULL},
    {"tid", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"time", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"timestamp", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"timestamptz", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"timetz", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"uuid", PGDECODE_UUID, COLUMN_TOO_SHORT},
    {"varchar", PGDECODE_TEXT, NULL},
    {"xid", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"xid8", PGDECODE_CAST, COLUMN_TOO_SHORT},
    {"xml", PGDECODE_TEXT, NULL},
};

static int compare_name(const void *key, const void *element)
{
    const struct bytes *name = key;
    const struct type_row *row = element;
    const size_t length = strlen(row->name);
    const size_t shared = name->length < length ? name->length : length;
    const int order = memcmp(name->at, row->name, shared);
    return order != 0 ? order : (name->length > length) - (name->length < length);
}

static const struct type_row *find_row(struct bytes name)
{
    if (name.length == 0)
        return NULL;
    return bsearch(&name, type_rows, sizeof type_rows / sizeof *type_rows,
                   sizeof *type_rows, compare_name);
}

enum pgdecoding pgtype_decoding(const struct pgtype *type)
{
    if (type->is_enum)
        return PGDECODE_TEXT;
    const struct type_row *row = type->is_builtin ? find_row(type->name) : NULL;
    return row ? row->decoding : PGDECODE_CAST;
}

const char *pgtype_left_out(const struct pgtype *type)
{
    if (!type->is_builtin)
        return NULL;
    /* A short text may hold a security code: only numbers are ever too short. */
    const struct type_row *row = find_row(type->name);
    if (row && row->decoding == PGDECODE_NUMERIC && type->modifier >= MODIFIER_HEADER) {
        const int64_t digits = (type->modifier - MODIFIER_HEADER) >> 16 & 0xFFFF;
        return digits < DIGITS_MIN ? COLUMN_TOO_SHORT : NULL;
    }
    if (!row)
        row = find_row(type->element);
    return row ? row->left_out : NULL;
}
