/* row_kinds.h - the tables by name: their columns, and what takes a row of them.
 *
 * Between rows.c, which splits text into fields, and row_kinds.c, which knows what the
 * fields of each table mean.
 */
#ifndef SIEVE_PATTERNS_ROW_KINDS_H
#define SIEVE_PATTERNS_ROW_KINDS_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"
#include "patterns/builder.h"

#define ROW_FIELDS_MAX 12

struct text {
    const char *at; /* not NUL-ended */
    size_t length;
};

struct row {
    struct text fields[ROW_FIELDS_MAX]; /* in the order of row_kind.columns */
    int removes;                        /* the first field began with "-" (cut off) */
    const char *table;
    uint64_t line;
    const char *what; /* why it was refused; a constant */
};

enum column_need {
    COLUMN_KEY,
    COLUMN_REQUIRED,
    COLUMN_OPTIONAL
};

struct column {
    const char *name;
    enum column_need need;
};

struct row_kind {
    const char *table;
    struct column columns[ROW_FIELDS_MAX]; /* NULL name past the last */
    /* Adds, replaces or removes.  SIEVE_E_PATTERN with row->what.  NULL: the table is for
     * others, its rows are only counted. */
    sieve_status (*take)(struct row *row, struct pattern_builder *builder);
    int fixed; /* part of the build; a user's own table of that name is refused */
};

/* In the order in which tables must be read: brands before ranges. */
extern const struct row_kind row_kinds[];
extern const size_t row_kind_count;

sieve_status take_brand(struct row *row, struct pattern_builder *builder);
sieve_status take_range(struct row *row, struct pattern_builder *builder);
sieve_status take_lookalike(struct row *row, struct pattern_builder *builder);
sieve_status take_test_number(struct row *row, struct pattern_builder *builder);
sieve_status take_separator(struct row *row, struct pattern_builder *builder);
sieve_status take_word(struct row *row, struct pattern_builder *builder);
sieve_status take_form(struct row *row, struct pattern_builder *builder);
sieve_status take_reason(struct row *row, struct pattern_builder *builder);
sieve_status take_rule(struct row *row, struct pattern_builder *builder);

/* ---- values of fields (row_values.c) --------------------------------------------- */

/* Sets row->what; always SIEVE_E_PATTERN. */
sieve_status row_refuse(struct row *row, const char *what);

int text_equals(struct text text, const char *other);

/* Cuts what is before the first `mark` (or all) off *rest. */
struct text text_cut(struct text *rest, char mark);

/* Each parses a whole field and is 1 if it could. */
int parse_number(struct text text, uint64_t *out);       /* 1 to 19 digits */
int parse_lengths(struct text text, uint32_t *mask_out); /* "16", "16|19", "12-19" */
int parse_grouping(struct text text, uint8_t *sizes);    /* "4-6-5" */
int parse_hex_bytes(struct text text, struct separator_bytes *out); /* "817C" */
int parse_name(struct text text);                                   /* a-z 0-9 - and _ */

/* The index of the choice in the NULL-ended list; `fallback` for an empty field; -1. */
int parse_choice(struct text text, const char *const *choices, int fallback);

/* ---- where a finished row goes (row_values.c) ------------------------------------ */

/* The last step of every take_...(): `index` is where a row of this key stands in the
 * list, or its count.  `value` may be NULL if the row removes. */
sieve_status row_put(struct row *row, const struct pattern_builder *builder,
                     struct row_list *list, size_t index, const void *value);

/* The index of the row whose first member, a string, is `key`; else the count. */
size_t row_find_named(const struct row_list *list, struct text key);

const char *text_copy(struct pattern_builder *builder, struct text text);
int text_is_ascii(struct text text);

#endif /* SIEVE_PATTERNS_ROW_KINDS_H */
