/* A batch of cells gives what each cell alone gives, however rows are put into blocks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "job/cells.h"
#include "job/luhn.h"
#include "job/names.h"
#include "property/property.h"
#include "support/dice.h"
#include "support/engine.h"
#include "support/texts.h"

static const char *const prefixes[] = {
    NULL,   "credit card\n\ncid:", "card_no:", "order_id:", "cvv:", "code:",
    "PIN:", "カード番号:",         "1:"};

static struct tier_table *tiers;

#define PREFIX_COUNT (sizeof prefixes / sizeof prefixes[0])

/* The cells of a text: parts of it, cut by dice, some of them empty. */
struct cut_cells {
    size_t begins[4096];
    size_t count;
};

struct told {
    struct findings *findings;
    uint64_t *rows;
    size_t capacity;
    /* Of the batch. */
    const struct text *text;
    const struct cut_cells *cells;
};

static sieve_status keep(struct told *told, uint64_t row, const sieve_finding *finding)
{
    if (told->findings->count == told->capacity) {
        told->capacity = 2 * told->capacity + 16;
        told->rows = realloc(told->rows, told->capacity * sizeof told->rows[0]);
        cr_assert(told->rows);
    }
    told->rows[told->findings->count] = row;
    (void)findings_add(finding, told->findings);
    return SIEVE_OK;
}

static void cut_text(const struct text *text, uint64_t seed, struct cut_cells *out)
{
    struct dice dice = {seed};
    const size_t usual = dice_between(&dice, 4, 160);
    size_t at = 0;
    out->count = 0;
    while (at < text->length && out->count < 4000) {
        out->begins[out->count++] = at;
        at += dice_below(&dice, 2 * usual);
    }
    out->begins[out->count] = text->length;
}

static void scan_alone(const struct engine *engine, const struct text *text,
                       const struct cut_cells *cells, const char *prefix,
                       struct told *told)
{
    struct text cell = {0};
    for (size_t index = 0; index < cells->count; index++) {
        const size_t length = cells->begins[index + 1] - cells->begins[index];
        struct findings found = {0};
        text_clear(&cell);
        text_add_string(&cell, prefix ? prefix : "");
        const size_t before = cell.length;
        text_add(&cell, text->bytes + cells->begins[index], length);
        if (length > 0)
            cr_assert_eq(engine_scan(engine, cell.bytes, cell.length, &found), SIEVE_OK);
        for (size_t at = 0; at < found.count; at++) {
            sieve_finding *finding = &found.at[at];
            if (finding->offset + finding->length <= before)
                continue;
            if (finding->offset < before) {
                finding->length -= (uint32_t)(before - finding->offset);
                finding->offset = before;
            }
            finding->offset -= before;
            (void)keep(told, index, finding);
        }
        findings_done(&found);
    }
    text_done(&cell);
}

static struct bytes cell_of(const struct text *text, const struct cut_cells *cells,
                            size_t index)
{
    return bytes_of(text->bytes + cells->begins[index],
                    cells->begins[index + 1] - cells->begins[index]);
}

/* Told with a finding are the bytes of its cell. */
static sieve_status keep_cell(size_t column, uint64_t row, struct bytes value,
                              const sieve_finding *finding, void *context)
{
    struct told *told = context;
    const struct bytes cell = cell_of(told->text, told->cells, (size_t)row);
    cr_assert_eq(column, 0);
    cr_assert_eq(value.length, cell.length);
    cr_assert_arr_eq(value.at, cell.at, cell.length);
    return keep(told, row, finding);
}

/* What chance is asked about is counted in each cell, however it is judged. */
static void check_counts(const struct text *text, const struct cut_cells *cells,
                         const struct cell_counts *counts)
{
    struct cell_counts expected = {.values = cells->count};
    for (size_t index = 0; index < cells->count; index++) {
        const struct bytes value = cell_of(text, cells, index);
        size_t digits = 0;
        expected.bytes += value.length;
        while (digits < value.length && value.at[digits] >= '0' &&
               value.at[digits] <= '9')
            digits++;
        if (digits < value.length || digits < 12 || digits > 19)
            continue;
        expected.numbers++;
        expected.luhn += luhn_rest((const char *)value.at, digits) == 0;
    }
    cr_assert_eq(counts->values, expected.values);
    cr_assert_eq(counts->bytes, expected.bytes);
    cr_assert_eq(counts->numbers, expected.numbers);
    cr_assert_eq(counts->luhn, expected.luhn);
    cr_assert_leq(counts->tier_a, counts->luhn);
    cr_assert_leq(counts->sketched, counts->values);
}

static void scan_batched(const struct engine *engine, const struct text *text,
                         const struct cut_cells *cells, const char *prefix, size_t block,
                         struct told *told)
{
    struct cell_column column = {.prefix = prefix, .for_codes = 1, .is_weak = 1};
    struct cells *batch = NULL;
    const struct cell_taker taker = {keep_cell, told};
    if (prefix && !strchr(prefix, '\n')) {
        struct name_meaning meaning;
        char name[64];
        const size_t length = strlen(prefix) - 1;
        memcpy(name, prefix, length);
        name[length] = '\0';
        cr_assert_eq(name_judge(engine->scanner, name, &meaning), SIEVE_OK);
        column.for_codes = meaning.for_codes || !meaning.prefix;
        column.is_weak = meaning.is_weak;
        free(meaning.prefix);
    }
    cr_assert_eq(cells_new(engine->scanner, tiers, &column, 1, &taker, &batch), SIEVE_OK);
    for (size_t index = 0; index < cells->count; index++) {
        const struct bytes value = cell_of(text, cells, index);
        cr_assert_eq(cells_add(batch, 0, index, value), SIEVE_OK);
        if ((index + 1) % block == 0)
            cr_assert_eq(cells_judge(batch), SIEVE_OK);
    }
    cr_assert_eq(cells_judge(batch), SIEVE_OK);
    const struct cell_counts counts = cell_watch_take_counts(cells_watch(batch, 0));
    check_counts(text, cells, &counts);
    cr_assert_eq(counts.findings, told->findings->count);
    cells_free(batch);
}

/* A cell that is judged alone is told before those that wait. */
static int is_same(const struct told *one, const struct told *other)
{
    if (one->findings->count != other->findings->count)
        return 0;
    for (size_t index = 0; index < one->findings->count; index++) {
        size_t at = 0;
        while (at < other->findings->count &&
               (other->rows[at] != one->rows[index] ||
                !finding_same(&one->findings->at[index], &other->findings->at[at], 1)))
            at++;
        if (at == other->findings->count)
            return 0;
    }
    return 1;
}

static int batch_is_each(const struct text *text, uint64_t seed, void *context,
                         struct text *why)
{
    const struct engine *engine = context;
    struct findings alone = {0};
    struct findings batched = {0};
    struct cut_cells cells;
    struct told one = {&alone, NULL, 0, text, &cells};
    struct told other = {&batched, NULL, 0, text, &cells};
    const char *prefix = prefixes[seed % PREFIX_COUNT];
    cut_text(text, seed, &cells);
    scan_alone(engine, text, &cells, prefix, &one);
    scan_batched(engine, text, &cells, prefix, seed % 3 ? 1 + seed % 40 : SIZE_MAX,
                 &other);
    int holds = is_same(&one, &other);
    if (!holds && why) {
        text_add_format(why, "prefix %s, %zu cells\nalone:\n", prefix ? "yes" : "none",
                        cells.count);
        findings_show(why, &alone);
        text_add_string(why, "batched:\n");
        findings_show(why, &batched);
    }
    findings_done(&alone);
    findings_done(&batched);
    free(one.rows);
    free(other.rows);
    return holds;
}

static void compare(const char *name, unsigned sorts)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    /* That the sieve changes nothing is another property; here it is the cells' turn. */
    options.sieve_off = 1;
    struct engine engine = engine_open(&options);
    cr_assert_eq(tier_table_new(&options, &tiers), SIEVE_OK);
    struct text text = {0};
    struct property property = property_begin(name, 200000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 200 + property.seed % 6000);
        property_check(&property, &text, batch_is_each, &engine);
    }
    property_end(&property);
    text_done(&text);
    engine_close(&engine);
    tier_table_free(tiers);
}

Test(cells, batch_is_each_cell_alone)
{
    compare("cells", TEXTS_ALL);
}

Test(cells, codes_batch_is_each_cell_alone)
{
    compare("cells of codes", TEXTS_CODES | TEXTS_RAW);
}

Test(cells, foreign_batch_is_each_cell_alone)
{
    compare("cells of other encodings", TEXTS_FOREIGN | TEXTS_FRAMES);
}
