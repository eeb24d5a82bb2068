#include "source/mytypes.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_MIN 12 /* of a card number */
#define BITS_MIN   37 /* of a number of so many digits */

#define NO_DIGITS "its type holds places, not numbers of a card"

/* Sorted by name.  A type that is not here is read as it comes. */
struct type_row {
    const char *name;
    enum myform form;
    enum myorder order;
    const char *left_out;
};

static const struct type_row type_rows[] = {
    {"bigint", MYFORM_NUMBER, MYORDER_SIGNED, NULL},
    {"binary", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"bit", MYFORM_BITS, MYORDER_NONE, NULL},
    {"blob", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"char", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"date", MYFORM_PLAIN, MYORDER_DAYS, COLUMN_TOO_SHORT},
    {"datetime", MYFORM_PLAIN, MYORDER_DAYS, COLUMN_TOO_SHORT},
    {"decimal", MYFORM_NUMBER, MYORDER_NONE, NULL},
    {"double", MYFORM_FLOAT, MYORDER_NONE, NULL},
    {"enum", MYFORM_PLAIN, MYORDER_NONE, NULL},
    {"float", MYFORM_FLOAT, MYORDER_NONE, COLUMN_TOO_SHORT},
    {"geomcollection", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"geometry", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"geometrycollection", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"inet4", MYFORM_PLAIN, MYORDER_NONE, COLUMN_TOO_SHORT},
    {"inet6", MYFORM_PLAIN, MYORDER_NONE, COLUMN_TOO_SHORT},
    {"int", MYFORM_NUMBER, MYORDER_SIGNED, COLUMN_TOO_SHORT},
    {"linestring", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"longblob", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"longtext", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"mediumblob", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"mediumint", MYFORM_NUMBER, MYORDER_SIGNED, COLUMN_TOO_SHORT},
    {"mediumtext", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"multilinestring", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"multipoint", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"multipolygon", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"point", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"polygon", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"set", MYFORM_PLAIN, MYORDER_NONE, NULL},
    {"smallint", MYFORM_NUMBER, MYORDER_SIGNED, COLUMN_TOO_SHORT},
    {"text", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"time", MYFORM_PLAIN, MYORDER_NONE, COLUMN_TOO_SHORT},
    {"timestamp", MYFORM_PLAIN, MYORDER_DAYS, COLUMN_TOO_SHORT},
    {"tinyblob", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"tinyint", MYFORM_NUMBER, MYORDER_SIGNED, COLUMN_TOO_SHORT},
    {"tinytext", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"uuid", MYFORM_PLAIN, MYORDER_NONE, COLUMN_TOO_SHORT},
    {"varbinary", MYFORM_BYTES, MYORDER_BYTES, NULL},
    {"varchar", MYFORM_PLAIN, MYORDER_TEXT, NULL},
    {"vector", MYFORM_BYTES, MYORDER_NONE, NO_DIGITS},
    {"year", MYFORM_NUMBER, MYORDER_UNSIGNED, COLUMN_TOO_SHORT},
};

static int compare_name(const void *key, const void *element)
{
    return strcmp(key, ((const struct type_row *)element)->name);
}

static const struct type_row *find_row(const char *name)
{
    return bsearch(name, type_rows, sizeof type_rows / sizeof *type_rows,
                   sizeof *type_rows, compare_name);
}

static int is_wide(const char *charset)
{
    return strncmp(charset, "ucs2", 4) == 0 || strncmp(charset, "utf16", 5) == 0 ||
           strncmp(charset, "utf32", 5) == 0;
}

struct mytype mytype_of(const struct mytype_facts *facts)
{
    const struct type_row *row = find_row(facts->name);
    struct mytype type = {.form = row ? row->form : MYFORM_PLAIN,
                          .order = row ? row->order : MYORDER_NONE};
    if (type.order == MYORDER_SIGNED && strstr(facts->definition, "unsigned"))
        type.order = MYORDER_UNSIGNED;
    if (facts->charset) {
        type.is_utf8 = strncmp(facts->charset, "utf8", 4) == 0;
        if (type.form == MYFORM_PLAIN && is_wide(facts->charset))
            type.form = MYFORM_WIDE;
    }
    return type;
}

const char *mytype_left_out(const struct mytype_facts *facts)
{
    const struct type_row *row = find_row(facts->name);
    if (!row)
        return NULL;
    /* A short text may hold a security code: only numbers are ever too short. */
    if (strcmp(row->name, "decimal") == 0 && facts->digits > 0 &&
        facts->digits < DIGITS_MIN)
        return COLUMN_TOO_SHORT;
    if (row->form == MYFORM_BITS && facts->digits > 0 && facts->digits < BITS_MIN)
        return COLUMN_TOO_SHORT;
    return row->left_out;
}

struct bytes mytype_plain(enum myform form, struct bytes field)
{
    if (!field.at || (form != MYFORM_NUMBER && form != MYFORM_FLOAT))
        return field;
    size_t zeros = 0;
    while (zeros + 1 < field.length && field.at[zeros] == '0' &&
           field.at[zeros + 1] != '.')
        zeros++;
    field = bytes_from(field, zeros);
    size_t length = field.length;
    while (length > 0 && field.at[length - 1] == '0')
        length--;
    if (length > 0 && field.at[length - 1] == '.')
        field.length = length - 1;
    return field;
}
