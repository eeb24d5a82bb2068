/* mytypes.h - which types are read, and how. */
#ifndef SIEVE_SOURCE_MYTYPES_H
#define SIEVE_SOURCE_MYTYPES_H

#include <stdint.h>

#include "source/database.h"

/* How a value is asked for. */
enum myform {
    MYFORM_PLAIN,
    MYFORM_NUMBER, /* in decimal; zeros at its ends are no part of it */
    MYFORM_BYTES,
    MYFORM_BITS,  /* bytes that are a number */
    MYFORM_FLOAT, /* with an exponent, unless it is asked for without */
    MYFORM_WIDE   /* text in units of two or four bytes */
};

/* How values of a key are put in an order that can be parted. */
enum myorder {
    MYORDER_NONE,
    MYORDER_SIGNED,
    MYORDER_UNSIGNED,
    MYORDER_DAYS, /* a date, or one with a time */
    MYORDER_TEXT,
    MYORDER_BYTES
};

struct mytype {
    enum myform form;
    enum myorder order;
    uint8_t is_utf8;     /* text that holds any character */
    const char *charset; /* of text; NULL: of none, or not kept */
};

/* What the server knows of a column's type. */
struct mytype_facts {
    const char *name;       /* "varchar" */
    const char *definition; /* "decimal(20,2) unsigned" */
    const char *charset;    /* or NULL */
    uint64_t digits;        /* of a number; 0: not known */
};

struct mytype mytype_of(const struct mytype_facts *facts);

/* Why it is not worth reading (a constant), or NULL. */
const char *mytype_left_out(const struct mytype_facts *facts);

/* The bytes of a value that say something: of a number without zeros in front, and
 * without places that are all zero. */
struct bytes mytype_plain(enum myform form, struct bytes field);

#endif /* SIEVE_SOURCE_MYTYPES_H */
