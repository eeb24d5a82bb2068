/* A batch of cells gives what each cell alone gives, however rows are put into blocks. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "job/cells.h"
#include "job/names.h"
#include "property/property.h"
#include "support/dice.h"
#include "support/engine.h"
#include "support/texts.h"

static const char *const prefixes[] = {
    NULL, "card_no:", "order_id:", "cvv:", "code:", "PIN:", "カード番号:", "1:"};

#define PREFIX_COUNT (sizeof prefixes / sizeof prefixes[0])

struct told {
    struct findings *findings;
    uint64_t *rows;
    size_t capacity;
};

static sieve_status keep(size_t column, uint64_t row, const sieve_finding *finding,
                         void *context)
{
    struct told *told = context;
    (void)column;
    if (told->findings->count == told->capacity) {
        told->capacity = 2 * told->capacity + 16;
        told->rows = realloc(told->rows, told->capacity * sizeof told->rows[0]);
        cr_assert(told->rows);
    }
    told->rows[told->findings->count] = row;
    (void)findings_add(finding, told->findings);
    return SIEVE_OK;
}

/* The cells of a text: parts of it, cut by dice, some of them empty. */
struct cut_cells {
    size_t begins[4096];
    size_t count;
};

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
            (void)keep(0, index, finding, told);
        }
        findings_done(&found);
    }
    text_done(&cell);
}

static void scan_batched(const struct engine *engine, const struct text *text,
                         const struct cut_cells *cells, const char *prefix, size_t block,
                         struct told *told)
{
    struct cell_column column = {.prefix = prefix, .for_codes = 1, .is_weak = 1};
    struct cells *batch = NULL;
    if (prefix) {
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
    cr_assert_eq(cells_new(engine->scanner, &column, 1, keep, told, &batch), SIEVE_OK);
    for (size_t index = 0; index < cells->count; index++) {
        const struct bytes value =
            bytes_of(text->bytes + cells->begins[index],
                     cells->begins[index + 1] - cells->begins[index]);
        cr_assert_eq(cells_add(batch, 0, index, value), SIEVE_OK);
        if ((index + 1) % block == 0)
            cr_assert_eq(cells_judge(batch), SIEVE_OK);
    }
    cr_assert_eq(cells_judge(batch), SIEVE_OK);
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
    struct told one = {&alone, NULL, 0};
    struct told other = {&batched, NULL, 0};
    struct cut_cells cells;
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
    struct text text = {0};
    struct property property = property_begin(name, 200000);
    while (property_next(&property)) {
        texts_make(&text, property.seed, sorts, 200 + property.seed % 6000);
        property_check(&property, &text, batch_is_each, &engine);
    }
    property_end(&property);
    text_done(&text);
    engine_close(&engine);
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
