/* builder.h - a pattern_set in the making: lists that grow, and the texts they point to.
 *
 * Shared by the files that read rows; nobody else includes it.
 */
#ifndef SIEVE_PATTERNS_BUILDER_H
#define SIEVE_PATTERNS_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"
#include "patterns/patterns.h"

#define TABLE_ROWS_MAX 16384u /* rows; keeps the search for a row's key short */
#define LITERALS_MAX   65536u /* spellings of all words together */

/* A list of rows of one size. */
struct row_list {
    void *rows;
    size_t row_size;
    size_t count;
    size_t capacity;
};

struct arena_block;

struct pattern_builder {
    struct pattern_set set; /* first: patterns_free() gets its address */
    int from_nothing;       /* no base: a repeated key is an error */
    int words_changed;
    struct row_list brands;
    struct row_list ranges;
    struct row_list separators;
    struct row_list entities;
    struct row_list words;
    struct row_list literals;
    struct row_list literal_bytes;
    struct row_list literal_folds;
    struct row_list lookalikes;
    struct row_list test_numbers;
    struct row_list forms;
    struct row_list reasons;
    struct row_list rules;
    struct arena_block *arena;
};

/* NULL if there is no memory.  The rows of `base` (may be NULL) are copied. */
struct pattern_builder *builder_new(const struct pattern_set *base);
void builder_free(struct pattern_builder *builder); /* NULL is legal */

/* Fills builder->literals from builder->words. */
sieve_status spell_words(struct pattern_builder *builder) SIEVE_MUST_CHECK;

/* Gives every word's reasons, and every look-alike, a sentence. */
sieve_status compose_reasons(struct pattern_builder *builder) SIEVE_MUST_CHECK;

/* Spells the words, composes the reasons, sorts, and fills builder->set. */
sieve_status builder_finish(struct pattern_builder *builder,
                            const struct pattern_set *base) SIEVE_MUST_CHECK;

/* Room that lives as long as the builder; NULL if there is no memory. */
void *builder_room(struct pattern_builder *builder, size_t length);
/* A NUL-ended copy, or head and text joined. */
const char *builder_copy(struct pattern_builder *builder, const char *text,
                         size_t length);
const char *builder_join(struct pattern_builder *builder, const char *head,
                         const char *tail);

void *list_at(const struct row_list *list, size_t index);
/* SIEVE_E_LIMIT past `count_max` rows. */
sieve_status list_append(struct row_list *list, const void *row,
                         size_t count_max) SIEVE_MUST_CHECK;
void list_remove(struct row_list *list, size_t index);

/* The index of the brand of that name; its count if there is none. */
size_t builder_find_brand(const struct pattern_builder *builder, const char *name,
                          size_t length);
/* Removes a brand with its ranges; test numbers of it lose their brand. */
void builder_remove_brand(struct pattern_builder *builder, size_t brand);

#endif /* SIEVE_PATTERNS_BUILDER_H */
