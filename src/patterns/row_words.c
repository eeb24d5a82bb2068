/* row_words.c - the tables about what is written: separators, words, forms, reasons,
 * rules.
 *
 * One take_...() per table: check the fields, then add, replace or remove.  A refusal
 * says in a constant what is wrong; where it is, rows.c knows.
 */
#include "patterns/row_kinds.h"

#include "patterns/utf8.h"

#define WORD_TEXT_LENGTH_MAX  96u   /* bytes; context is looked for no farther away */
#define EXPRESSION_LENGTH_MAX 2000u /* bytes */

/* ---- separators ------------------------------------------------------------------ */

static sieve_status take_entities(struct pattern_builder *builder, struct text names,
                                  uint32_t code_point)
{
    struct text rest = names;
    while (rest.length > 0) {
        struct entity_row entity = {text_copy(builder, text_cut(&rest, ' ')), code_point};
        if (!entity.name)
            return SIEVE_E_MEMORY;
        sieve_status status = list_append(&builder->entities, &entity, TABLE_ROWS_MAX);
        if (status != SIEVE_OK)
            return status;
    }
    return SIEVE_OK;
}

static int parse_code_point(struct text text, uint32_t *out)
{
    struct separator_bytes bytes;
    struct text digits = text;
    struct text mark = text_cut(&digits, '+');
    if (!text_equals(mark, "U") || digits.length != 4 || !parse_hex_bytes(digits, &bytes))
        return 0;
    *out = (uint32_t)bytes.bytes[0] << 8 | bytes.bytes[1];
    return 1;
}

static int utf8_is(const struct separator_bytes *bytes, uint32_t code_point)
{
    uint32_t decoded = 0;
    size_t width = utf8_decode((const char *)bytes->bytes, bytes->length, &decoded);
    return width == bytes->length && decoded == code_point;
}

sieve_status take_separator(struct row *row, struct pattern_builder *builder)
{
    enum {
        NAME,
        CODE_POINT,
        CLASS,
        UTF8,
        CP932,
        EUC_JP,
        JIS,
        EBCDIC,
        ENTITIES
    };
    static const char *const classes[] = {"space", "hyphen", "dot", "plus", NULL};
    struct separator_row separator = {.code_point = 0};
    int joint = parse_choice(row->fields[CLASS], classes, -1);
    if (!parse_name(row->fields[NAME]))
        return row_refuse(row, "a separator's name is of a-z, 0-9, - and _, at most 32");
    if (!parse_code_point(row->fields[CODE_POINT], &separator.code_point))
        return row_refuse(row, "a code point is U+ and four hex digits");
    if (joint < 0)
        return row_refuse(row, "class is space, hyphen, dot or plus");
    if (!parse_hex_bytes(row->fields[UTF8], &separator.utf8) ||
        !parse_hex_bytes(row->fields[CP932], &separator.cp932) ||
        !parse_hex_bytes(row->fields[EUC_JP], &separator.euc_jp) ||
        !parse_hex_bytes(row->fields[JIS], &separator.jis) ||
        !parse_hex_bytes(row->fields[EBCDIC], &separator.ebcdic))
        return row_refuse(row, "bytes are pairs of capital hex digits, at most 4 pairs");
    if (!utf8_is(&separator.utf8, separator.code_point))
        return row_refuse(row, "the UTF-8 bytes are not those of the code point");
    separator.joint = (uint8_t)joint;
    separator.name = text_copy(builder, row->fields[NAME]);
    if (!separator.name)
        return SIEVE_E_MEMORY;
    sieve_status status =
        take_entities(builder, row->fields[ENTITIES], separator.code_point);
    if (status != SIEVE_OK)
        return status;
    return row_put(row, builder, &builder->separators,
                   row_find_named(&builder->separators, row->fields[NAME]), &separator);
}

/* ---- words ----------------------------------------------------------------------- */

/* "word:" and "card" -> "word:card"; a word that lowers has one reason for all. */
static int name_reasons(struct pattern_builder *builder, struct word_row *word)
{
    int lowers = word->effect == WORD_LOWER;
    word->reason = builder_join(builder, lowers ? "lowered:" : "word:", word->tag);
    word->key_reason = lowers ? word->reason : builder_join(builder, "key:", word->tag);
    word->column_reason =
        lowers ? word->reason : builder_join(builder, "column:", word->tag);
    return word->reason && word->key_reason && word->column_reason;
}

static const char *word_fault(struct text text)
{
    if (text.length > WORD_TEXT_LENGTH_MAX)
        return "a word is at most 96 bytes";
    if (text.at[0] == ' ' || text.at[text.length - 1] == ' ')
        return "a word does not begin or end with a space";
    for (size_t i = 1; i < text.length; i++) {
        if (text.at[i] == ' ' && text.at[i - 1] == ' ')
            return "a word has no two spaces side by side";
    }
    return NULL;
}

sieve_status take_word(struct row *row, struct pattern_builder *builder)
{
    enum {
        TEXT,
        EFFECT,
        TAG,
        MATCH,
        STRENGTH,
        PLACE
    };
    static const char *const effects[] = {"raise", "lower", "code", "pin", NULL};
    static const char *const matches[] = {"token", "substring", NULL};
    static const char *const strengths[] = {"strong", "weak", NULL};
    static const char *const places[] = {"near", "key", NULL};
    struct text text = row->fields[TEXT];
    size_t index = row_find_named(&builder->words, text);
    int effect = parse_choice(row->fields[EFFECT], effects, -1);
    int match = parse_choice(row->fields[MATCH], matches,
                             text_is_ascii(text) ? MATCH_TOKEN : MATCH_SUBSTRING);
    int strength = parse_choice(row->fields[STRENGTH], strengths, 0);
    int place = parse_choice(row->fields[PLACE], places, 0);
    const char *fault = word_fault(text);
    builder->words_changed = 1;
    if (row->removes)
        return row_put(row, builder, &builder->words, index, NULL);
    if (fault)
        return row_refuse(row, fault);
    if (effect < 0)
        return row_refuse(row, "effect is raise, lower, code or pin");
    if (match < 0)
        return row_refuse(row, "match is token or substring");
    if (strength < 0 || (strength > 0 && effect != WORD_CODE && effect != WORD_PIN))
        return row_refuse(row, "strength is strong or weak, and only of code and pin");
    if (place < 0 || (place > 0 && effect != WORD_RAISE && effect != WORD_LOWER))
        return row_refuse(row, "place is near or key, and only of raise and lower");
    if (!parse_name(row->fields[TAG]))
        return row_refuse(row, "a tag is of a-z, 0-9, - and _, at most 32");
    struct word_row word = {
        .text = text_copy(builder, text),
        .tag = text_copy(builder, row->fields[TAG]),
        .effect = (uint8_t)effect,
        .match = (uint8_t)match,
        .weak = (uint8_t)strength,
        .key_only = (uint8_t)place,
    };
    if (!word.text || !word.tag || !name_reasons(builder, &word))
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->words, index, &word);
}

/* ---- forms, reasons, rules ------------------------------------------------------- */

sieve_status take_form(struct row *row, struct pattern_builder *builder)
{
    enum {
        NAME,
        TITLE_EN,
        TITLE_JA,
        NOTE
    };
    struct form_row form = {
        .name = text_copy(builder, row->fields[NAME]),
        .title_en = text_copy(builder, row->fields[TITLE_EN]),
        .title_ja = text_copy(builder, row->fields[TITLE_JA]),
        .note = text_copy(builder, row->fields[NOTE]),
    };
    if (!form.name || !form.title_en || !form.title_ja || !form.note)
        return SIEVE_E_MEMORY;
    if (builder->forms.count == SIEVE_FORM_COUNT)
        return row_refuse(row, "the header has no form for this row");
    return row_put(row, builder, &builder->forms,
                   row_find_named(&builder->forms, row->fields[NAME]), &form);
}

sieve_status take_reason(struct row *row, struct pattern_builder *builder)
{
    enum {
        WORD,
        SENTENCE_EN,
        SENTENCE_JA
    };
    struct reason_row reason = {
        .word = text_copy(builder, row->fields[WORD]),
        .sentence_en = text_copy(builder, row->fields[SENTENCE_EN]),
        .sentence_ja = text_copy(builder, row->fields[SENTENCE_JA]),
    };
    if (!reason.word || !reason.sentence_en || !reason.sentence_ja)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->reasons,
                   row_find_named(&builder->reasons, row->fields[WORD]), &reason);
}

sieve_status take_rule(struct row *row, struct pattern_builder *builder)
{
    enum {
        NAME,
        EXPRESSION,
        CONFIDENCE,
        TITLE
    };
    static const char *const confidences[] = {"low", "medium", "high", NULL};
    struct text title = row->fields[TITLE];
    int confidence = parse_choice(row->fields[CONFIDENCE], confidences, 2);
    if (!parse_name(row->fields[NAME]))
        return row_refuse(row, "a rule's name is of a-z, 0-9, - and _, at most 32");
    if (row->fields[EXPRESSION].length > EXPRESSION_LENGTH_MAX)
        return row_refuse(row, "an expression is at most 2000 bytes");
    if (confidence < 0)
        return row_refuse(row, "confidence is low, medium or high");
    struct rule_row rule = {
        .name = text_copy(builder, row->fields[NAME]),
        .title = text_copy(builder, title.length > 0 ? title : row->fields[NAME]),
        .expression = text_copy(builder, row->fields[EXPRESSION]),
        .confidence = (uint8_t)(SIEVE_LOW + confidence),
        .table = row->table,
        .line = row->line,
    };
    if (!rule.name || !rule.title || !rule.expression)
        return SIEVE_E_MEMORY;
    return row_put(row, builder, &builder->rules,
                   row_find_named(&builder->rules, row->fields[NAME]), &rule);
}
