/* builder.c - lists that grow, texts that stay, and the last steps to a pattern_set. */
#include "patterns/builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "patterns/rows.h"

#define ARENA_BLOCK_LENGTH  16384u /* bytes; one text is far shorter */
#define LIST_CAPACITY_FIRST 32u    /* rows */

/* ---- lists ----------------------------------------------------------------------- */

void *list_at(const struct row_list *list, size_t index)
{
    assert(index < list->count);
    return (char *)list->rows + index * list->row_size;
}

static sieve_status list_reserve(struct row_list *list, size_t capacity)
{
    if (capacity <= list->capacity)
        return SIEVE_OK;
    void *rows = realloc(list->rows, capacity * list->row_size);
    if (!rows)
        return SIEVE_E_MEMORY;
    list->rows = rows;
    list->capacity = capacity;
    return SIEVE_OK;
}

sieve_status list_append(struct row_list *list, const void *row, size_t count_max)
{
    if (list->count >= count_max)
        return SIEVE_E_LIMIT;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : LIST_CAPACITY_FIRST;
        sieve_status status = list_reserve(list, capacity);
        if (status != SIEVE_OK)
            return status;
    }
    list->count++;
    memcpy(list_at(list, list->count - 1), row, list->row_size);
    return SIEVE_OK;
}

void list_remove(struct row_list *list, size_t index)
{
    char *row = list_at(list, index);
    size_t behind = list->count - index - 1;
    memmove(row, row + list->row_size, behind * list->row_size);
    list->count--;
}

/* Makes an empty list a copy of `count` rows. */
static sieve_status list_load(struct row_list *list, const void *rows, size_t count)
{
    if (count == 0)
        return SIEVE_OK;
    sieve_status status = list_reserve(list, count);
    if (status != SIEVE_OK)
        return status;
    memcpy(list->rows, rows, count * list->row_size);
    list->count = count;
    return SIEVE_OK;
}

/* ---- texts ----------------------------------------------------------------------- */

struct arena_block {
    struct arena_block *next;
    size_t length;
    size_t capacity;
    char at[];
};

void *builder_room(struct pattern_builder *builder, size_t length)
{
    struct arena_block *block = builder->arena;
    if (!block || block->capacity - block->length < length) {
        size_t capacity = length > ARENA_BLOCK_LENGTH ? length : ARENA_BLOCK_LENGTH;
        block = malloc(sizeof *block + capacity);
        if (!block)
            return NULL;
        block->next = builder->arena;
        block->length = 0;
        block->capacity = capacity;
        builder->arena = block;
    }
    void *room = block->at + block->length;
    block->length += length;
    return room;
}

const char *builder_copy(struct pattern_builder *builder, const char *text, size_t length)
{
    char *copy = builder_room(builder, length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

const char *builder_join(struct pattern_builder *builder, const char *head,
                         const char *tail)
{
    size_t head_length = strlen(head);
    size_t tail_length = strlen(tail);
    char *copy = builder_room(builder, head_length + tail_length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, head, head_length);
    memcpy(copy + head_length, tail, tail_length + 1);
    return copy;
}

/* ---- begin and end --------------------------------------------------------------- */

static sieve_status load_base(struct pattern_builder *builder,
                              const struct pattern_set *base)
{
    const struct {
        struct row_list *list;
        const void *rows;
        size_t count;
    } loads[] = {
        {&builder->brands, base->brands, base->brand_count},
        {&builder->ranges, base->ranges, base->range_count},
        {&builder->separators, base->separators, base->separator_count},
        {&builder->entities, base->entities, base->entity_count},
        {&builder->words, base->words, base->word_count},
        {&builder->lookalikes, base->lookalikes, base->lookalike_count},
        {&builder->test_numbers, base->test_numbers, base->test_number_count},
        {&builder->forms, base->forms, base->form_count},
        {&builder->reasons, base->reasons, base->reason_count},
        {&builder->rules, base->rules, base->rule_count},
    };
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        sieve_status status = list_load(loads[i].list, loads[i].rows, loads[i].count);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

struct pattern_builder *builder_new(const struct pattern_set *base)
{
    struct pattern_builder *builder = calloc(1, sizeof *builder);
    if (!builder)
        return NULL;
    builder->from_nothing = base == NULL;
    builder->words_changed = base == NULL;
    builder->brands.row_size = sizeof(struct brand_row);
    builder->ranges.row_size = sizeof(struct range_row);
    builder->separators.row_size = sizeof(struct separator_row);
    builder->entities.row_size = sizeof(struct entity_row);
    builder->words.row_size = sizeof(struct word_row);
    builder->literals.row_size = sizeof(struct word_literal);
    builder->literal_bytes.row_size = 1;
    builder->literal_folds.row_size = 1;
    builder->lookalikes.row_size = sizeof(struct lookalike_row);
    builder->test_numbers.row_size = sizeof(struct test_number);
    builder->forms.row_size = sizeof(struct form_row);
    builder->reasons.row_size = sizeof(struct reason_row);
    builder->rules.row_size = sizeof(struct rule_row);
    if (base && load_base(builder, base) != SIEVE_OK) {
        builder_free(builder);
        return NULL;
    }
    return builder;
}

void builder_free(struct pattern_builder *builder)
{
    if (!builder)
        return;
    struct arena_block *block = builder->arena;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    free(builder->brands.rows);
    free(builder->ranges.rows);
    free(builder->separators.rows);
    free(builder->entities.rows);
    free(builder->words.rows);
    free(builder->literals.rows);
    free(builder->literal_bytes.rows);
    free(builder->literal_folds.rows);
    free(builder->lookalikes.rows);
    free(builder->test_numbers.rows);
    free(builder->forms.rows);
    free(builder->reasons.rows);
    free(builder->rules.rows);
    free(builder);
}

void patterns_free(struct pattern_set *set)
{
    /* The set is the builder's first member. */
    builder_free((struct pattern_builder *)(void *)set);
}

/* ---- brands ---------------------------------------------------------------------- */

size_t builder_find_brand(const struct pattern_builder *builder, const char *name,
                          size_t length)
{
    size_t i = 0;
    for (; i < builder->brands.count; i++) {
        const struct brand_row *row = list_at(&builder->brands, i);
        if (strlen(row->id.name) == length && memcmp(row->id.name, name, length) == 0)
            break;
    }
    return i;
}

void builder_remove_brand(struct pattern_builder *builder, size_t brand)
{
    for (size_t i = builder->ranges.count; i-- > 0;) {
        struct range_row *row = list_at(&builder->ranges, i);
        if (row->brand == brand)
            list_remove(&builder->ranges, i);
        else if (row->brand > brand)
            row->brand--;
    }
    for (size_t i = 0; i < builder->test_numbers.count; i++) {
        struct test_number *row = list_at(&builder->test_numbers, i);
        if (row->brand == brand)
            row->brand = BRAND_NONE;
        else if (row->brand != BRAND_NONE && row->brand > brand)
            row->brand--;
    }
    list_remove(&builder->brands, brand);
}

/* ---- finish ---------------------------------------------------------------------- */

static int compare_test_numbers(const void *left, const void *right)
{
    const struct test_number *a = left;
    const struct test_number *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (int)a->digits - (int)b->digits;
}

static int compare_reasons(const void *left, const void *right)
{
    const struct reason_row *a = left;
    const struct reason_row *b = right;
    return strcmp(a->word, b->word);
}

static void list_sort(struct row_list *list, int (*compare)(const void *, const void *))
{
    if (list->count > 0) /* qsort takes no NULL, not even for nothing */
        qsort(list->rows, list->count, list->row_size, compare);
}

/* The literals of unchanged words are lent by the base. */
static sieve_status finish_words(struct pattern_builder *builder,
                                 const struct pattern_set *base)
{
    struct pattern_set *set = &builder->set;
    if (base && !builder->words_changed) {
        set->words_database = base->words_database;
        set->words_database_length = base->words_database_length;
        set->literals = base->literals;
        set->literal_count = base->literal_count;
        set->literal_bytes = base->literal_bytes;
        set->literal_folds = base->literal_folds;
        set->literal_length = base->literal_length;
        return SIEVE_OK;
    }
    sieve_status status = spell_words(builder);
    set->literals = builder->literals.rows;
    set->literal_count = builder->literals.count;
    set->literal_bytes = builder->literal_bytes.rows;
    set->literal_folds = builder->literal_folds.rows;
    set->literal_length = builder->literal_bytes.count;
    return status;
}

sieve_status builder_finish(struct pattern_builder *builder,
                            const struct pattern_set *base)
{
    sieve_status status = finish_words(builder, base);
    if (status == SIEVE_OK)
        status = compose_reasons(builder);
    if (status != SIEVE_OK)
        return status;
    list_sort(&builder->test_numbers, compare_test_numbers);
    list_sort(&builder->reasons, compare_reasons);

    struct pattern_set *set = &builder->set;
    set->brands = builder->brands.rows;
    set->ranges = builder->ranges.rows;
    set->separators = builder->separators.rows;
    set->entities = builder->entities.rows;
    set->words = builder->words.rows;
    set->lookalikes = builder->lookalikes.rows;
    set->test_numbers = builder->test_numbers.rows;
    set->forms = builder->forms.rows;
    set->reasons = builder->reasons.rows;
    set->rules = builder->rules.rows;
    set->brand_count = builder->brands.count;
    set->range_count = builder->ranges.count;
    set->separator_count = builder->separators.count;
    set->entity_count = builder->entities.count;
    set->word_count = builder->words.count;
    set->lookalike_count = builder->lookalikes.count;
    set->test_number_count = builder->test_numbers.count;
    set->form_count = builder->forms.count;
    set->reason_count = builder->reasons.count;
    set->rule_count = builder->rules.count;
    return SIEVE_OK;
}
