/* mytable.h - a table of MariaDB with what its statements need. */
#ifndef SIEVE_SOURCE_MYTABLE_H
#define SIEVE_SOURCE_MYTABLE_H

#include "source/database.h"
#include "source/mytypes.h"
#include "source/statement.h"

/* Columns of a key; the server allows 16, and 32 of some engines. */
#define MYKEY_COLUMNS_MAX 32

/* What names a row: the primary key, else the first unique one without NULL. */
struct mykey {
    const char *name; /* NULL: there is none */
    size_t count;
    uint16_t columns[MYKEY_COLUMNS_MAX];
    uint8_t is_ordered; /* the rows lie in its order: ranges of it can be read */
    uint8_t is_done;    /* while it is made: the next key begins */
};

/* A partition, or the whole table. */
struct mypart {
    const char *name; /* NULL: the whole table */
    uint64_t rows;    /* about */
    uint64_t bytes;
    /* Where its ranges but the first begin, in the order of the key; see myborder.h. */
    const char **borders;
    size_t border_count;
};

struct mytable {
    struct table table; /* the first; its columns are `columns` */
    struct column *columns;
    struct mytype *types;
    size_t column_capacity;
    struct mykey key;
    struct mypart *parts; /* one at least, unless it is a place of ours */
    size_t part_count;
    size_t part_capacity;
    const char *const *expressions; /* what to select, or NULL: the columns' names */
    const char *from;               /* what to select from, or NULL: the table */
    uint8_t is_partitioned;
    uint8_t has_transactions;
    uint8_t is_versioned; /* keeps rows that were changed or deleted */
};

/* 1 if the column is in what a range reads. */
int mytable_takes(const struct mytable *table, size_t column);

/* The place of the column of that name; behind the last if there is none. */
size_t mytable_column(const struct mytable *table, struct bytes name);

/* Puts each column that is taken, in order. */
void mytable_put_columns(const struct mytable *table, struct statement *statement);

/* Puts the statement that reads a range: these columns. */
void mytable_put_select(const struct mytable *table, uint64_t range,
                        struct statement *statement);

/* Puts SELECT count(*). */
void mytable_put_count(const struct mytable *table, struct statement *statement);

/* Puts " FROM table", of a part of it (NULL: all), by its key if `by_key`. */
void mytable_put_from(const struct mytable *table, const struct mypart *part, int by_key,
                      struct statement *statement);

#endif /* SIEVE_SOURCE_MYTABLE_H */
