/* catalogue.c - what is looked for, as a list for people. */
#include "cli/catalogue.h"

#include <string.h>

#include "base/hide.h"
#include "patterns/patterns.h"

/* ---- parts of lines -------------------------------------------------------------- */

#define FIELD_LENGTH_MAX 512u /* bytes shown of one */

/* A field of a table: a user's own may hold a card number, and lists end up in files. */
static void put_field(struct writer *writer, const char *field)
{
    char text[FIELD_LENGTH_MAX + 1];
    size_t length = strlen(field);
    if (length > FIELD_LENGTH_MAX)
        length = FIELD_LENGTH_MAX;
    memcpy(text, field, length);
    text[length] = '\0';
    hide_long_numbers((unsigned char *)text, length);
    writer_text(writer, text);
}

/* A number in so many digits, with its leading zeros. */
static void put_digits(struct writer *writer, uint64_t value, unsigned count)
{
    char text[24];
    text[count] = '\0';
    while (count-- > 0) {
        text[count] = (char)('0' + value % 10);
        value /= 10;
    }
    writer_text(writer, text);
}

static void put_padding(struct writer *writer, uint64_t from, unsigned width)
{
    do
        writer_text(writer, " ");
    while (writer->written + writer->length < from + width);
}

static uint64_t position(const struct writer *writer)
{
    return writer->written + writer->length;
}

static void put_lengths(struct writer *writer, uint32_t mask)
{
    int is_first = 1;
    for (unsigned length = 1; length < 32; length++) {
        if (!(mask & (1u << length)))
            continue;
        if (!is_first)
            writer_text(writer, ",");
        writer_number(writer, length);
        is_first = 0;
    }
}

static void put_heading(struct writer *writer, const char *title, size_t count)
{
    writer_text(writer, title);
    writer_text(writer, " (");
    writer_number(writer, count);
    writer_text(writer, ")\n");
}

static void put_pair(struct writer *writer, const char *name, const char *text)
{
    uint64_t from = position(writer);
    writer_text(writer, "  ");
    put_field(writer, name);
    put_padding(writer, from, 24);
    put_field(writer, text);
    writer_text(writer, "\n");
}

/* ---- brands ---------------------------------------------------------------------- */

static void put_range(struct writer *writer, const struct range_row *range)
{
    static const char *const tiers[] = {"tier A", "tier B", "tier C"};
    static const char *const luhn[] = {"", ", no check digit",
                                       ", check digit may be wrong"};
    uint64_t from = position(writer);
    writer_text(writer, "    ");
    put_digits(writer, range->first, range->prefix_length);
    if (range->last != range->first) {
        writer_text(writer, "-");
        put_digits(writer, range->last, range->prefix_length);
    }
    put_padding(writer, from, 24);
    from = position(writer);
    put_lengths(writer, range->length_mask);
    put_padding(writer, from, 24);
    writer_text(writer, tiers[range->tier]);
    writer_text(writer, luhn[range->luhn]);
    writer_text(writer, "\n");
}

static void put_groupings(struct writer *writer, const struct brand_row *brand)
{
    writer_text(writer, "   ");
    for (size_t i = 0; i < brand->grouping_count; i++) {
        for (const uint8_t *size = brand->groupings[i]; *size; size++) {
            writer_text(writer, size == brand->groupings[i] ? " " : "-");
            writer_number(writer, *size);
        }
    }
    writer_text(writer, "\n");
}

static void put_brands(const struct pattern_set *patterns, struct writer *writer)
{
    put_heading(writer, "Brands", patterns->brand_count);
    for (size_t i = 0; i < patterns->brand_count; i++) {
        const struct brand_row *brand = &patterns->brands[i];
        put_pair(writer, brand->id.name, brand->id.title);
        if (brand->grouping_count > 0)
            put_groupings(writer, brand);
        for (size_t k = 0; k < patterns->range_count; k++) {
            if (patterns->ranges[k].brand == i)
                put_range(writer, &patterns->ranges[k]);
        }
    }
}

/* ---- the other sections
 * ----------------------------------------------------------------- */

static void put_separators(const struct pattern_set *patterns, struct writer *writer)
{
    static const char *const joints[] = {"space", "hyphen", "dot", "plus"};
    put_heading(writer, "Separators", patterns->separator_count);
    for (size_t i = 0; i < patterns->separator_count; i++)
        put_pair(writer, patterns->separators[i].name,
                 joints[patterns->separators[i].joint]);
}

static void put_forms(const struct pattern_set *patterns, struct writer *writer)
{
    put_heading(writer, "Forms", patterns->form_count);
    for (size_t i = 0; i < patterns->form_count; i++)
        put_pair(writer, patterns->forms[i].name, patterns->forms[i].title_en);
}

static void put_words(const struct pattern_set *patterns, struct writer *writer)
{
    static const char *const effects[] = {"raises", "lowers", "names a security code",
                                          "names a PIN"};
    put_heading(writer, "Words", patterns->word_count);
    for (size_t i = 0; i < patterns->word_count; i++) {
        const struct word_row *word = &patterns->words[i];
        uint64_t from = position(writer);
        writer_text(writer, "  ");
        writer_text(writer, effects[word->effect]);
        put_padding(writer, from, 24);
        from = position(writer);
        put_field(writer, word->tag);
        put_padding(writer, from, 12);
        put_field(writer, word->text);
        if (word->key_only)
            writer_text(writer, " (only as a key)");
        if (word->weak)
            writer_text(writer, " (only with a card word)");
        writer_text(writer, "\n");
    }
}

static void put_lookalikes(const struct pattern_set *patterns, struct writer *writer)
{
    put_heading(writer, "Look-alikes", patterns->lookalike_count);
    for (size_t i = 0; i < patterns->lookalike_count; i++)
        put_pair(writer, patterns->lookalikes[i].name, patterns->lookalikes[i].title_en);
}

/* Masked like any other number: lists end up in files. */
static void put_tests(const struct pattern_set *patterns, struct writer *writer)
{
    put_heading(writer, "Published test numbers", patterns->test_number_count);
    for (size_t i = 0; i < patterns->test_number_count; i++) {
        const struct test_number *number = &patterns->test_numbers[i];
        uint64_t from = position(writer);
        uint64_t divisor = 1;
        writer_text(writer, "  ");
        for (unsigned k = 6; k < number->digits; k++)
            divisor *= 10;
        if (number->digits >= 14)
            put_digits(writer, number->value / divisor, 6);
        for (unsigned k = number->digits >= 14 ? 10 : 4; k < number->digits; k++)
            writer_text(writer, "*");
        put_digits(writer, number->value % 10000, 4);
        put_padding(writer, from, 24);
        put_field(writer, number->publisher);
        writer_text(writer, "\n");
    }
}

static void put_rules(const struct pattern_set *patterns, struct writer *writer)
{
    put_heading(writer, "Rules of your own", patterns->rule_count);
    for (size_t i = 0; i < patterns->rule_count; i++)
        put_pair(writer, patterns->rules[i].name, patterns->rules[i].title);
}

int catalogue_write(const struct pattern_set *patterns, const char *section,
                    struct writer *writer)
{
    static const struct {
        const char *name;
        void (*put)(const struct pattern_set *patterns, struct writer *writer);
    } sections[] = {
        {"brands", put_brands}, {"separators", put_separators}, {"forms", put_forms},
        {"words", put_words},   {"lookalikes", put_lookalikes}, {"tests", put_tests},
        {"rules", put_rules},
    };
    int written = 0;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (section && strcmp(section, sections[i].name) != 0)
            continue;
        if (written)
            writer_text(writer, "\n");
        sections[i].put(patterns, writer);
        written = 1;
    }
    return written;
}
