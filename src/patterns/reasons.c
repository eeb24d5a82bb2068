/* reasons.c - a sentence for every word a verdict may give.
 *
 * "word:card" has no row of its own in reasons.tsv: its sentence is that of "word:*" with
 * the text of "tag:card" in place of "{}".  A look-alike's refusal is "lookalike:*" with
 * its title.
 */
#include <stdio.h>
#include <string.h>

#include "patterns/builder.h"

static const struct reason_row *find_reason(const struct pattern_builder *builder,
                                            const char *word)
{
    for (size_t i = 0; i < builder->reasons.count; i++) {
        const struct reason_row *row = list_at(&builder->reasons, i);
        if (strcmp(row->word, word) == 0)
            return row;
    }
    return NULL;
}

/* `sentence` with `name` for "{}"; NULL if there is no memory. */
static const char *fill_in(struct pattern_builder *builder, const char *sentence,
                           const char *name)
{
    const char *gap = strstr(sentence, "{}");
    if (!gap)
        return sentence;
    const char *head = builder_copy(builder, sentence, (size_t)(gap - sentence));
    const char *middle = head ? builder_join(builder, head, name) : NULL;
    return middle ? builder_join(builder, middle, gap + 2) : NULL;
}

/* Adds a row for `word` made of the row `pattern` and a name in both languages. */
static sieve_status compose(struct pattern_builder *builder, const char *word,
                            const char *pattern, const char *name_en, const char *name_ja)
{
    if (find_reason(builder, word))
        return SIEVE_OK;
    const struct reason_row *found = find_reason(builder, pattern);
    struct reason_row row = {
        .word = word,
        .sentence_en = fill_in(builder, found ? found->sentence_en : "{}", name_en),
        .sentence_ja = fill_in(builder, found ? found->sentence_ja : "{}", name_ja),
    };
    if (!row.sentence_en || !row.sentence_ja)
        return SIEVE_E_MEMORY;
    return list_append(&builder->reasons, &row, 4 * TABLE_ROWS_MAX);
}

static sieve_status compose_word(struct pattern_builder *builder, const char *reason)
{
    char pattern[16];
    const char *tag = strchr(reason, ':') + 1;
    int head = (int)(tag - reason);
    const char *tag_word = builder_join(builder, "tag:", tag);
    if (!tag_word)
        return SIEVE_E_MEMORY;
    const struct reason_row *name = find_reason(builder, tag_word);
    (void)snprintf(pattern, sizeof pattern, "%.*s*", head, reason);
    return compose(builder, reason, pattern, name ? name->sentence_en : tag,
                   name ? name->sentence_ja : tag);
}

sieve_status compose_reasons(struct pattern_builder *builder)
{
    sieve_status status = SIEVE_OK;
    for (size_t i = 0; status == SIEVE_OK && i < builder->words.count; i++) {
        const struct word_row *word = list_at(&builder->words, i);
        status = compose_word(builder, word->reason);
        if (status == SIEVE_OK)
            status = compose_word(builder, word->key_reason);
        if (status == SIEVE_OK)
            status = compose_word(builder, word->column_reason);
    }
    for (size_t i = 0; status == SIEVE_OK && i < builder->lookalikes.count; i++) {
        const struct lookalike_row *row = list_at(&builder->lookalikes, i);
        status = compose(builder, row->name, "lookalike:*", row->title_en, row->title_ja);
    }
    return status;
}
