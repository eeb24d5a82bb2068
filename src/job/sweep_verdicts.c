#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/limits.h"
#include "job/sweep_verdicts.h"

/* Columns that far from each other tell of each other. */
#define NEAR_COLUMNS 12u
/* Rows that are named of each. */
#define FIRST_ROWS     3u
#define ROWS_MAX       (1u << 20) /* bytes of their keys */
#define KEYS_BYTES_MAX (4u << 20) /* of the keys of one column */

/* ---- neighbours -------------------------------------------------------------------- */

/* Appends "the expiry date (exp)"; what no longer fits is left out. */
static void add_neighbour(char out[NEIGHBOURS_MAX], enum name_about about,
                          const char *name)
{
    const char *text = name_about_text(about);
    const size_t length = strlen(out);
    if (!text || strlen(text) + strlen(name) + length + 6 > NEIGHBOURS_MAX)
        return;
    (void)snprintf(out + length, NEIGHBOURS_MAX - length, "%s%s (%s)",
                   length > 0 ? ", " : "", text, name);
}

static void tell_neighbours(const struct sweep_table *table, size_t column,
                            char out[NEIGHBOURS_MAX])
{
    const size_t first = column > NEAR_COLUMNS ? column - NEAR_COLUMNS : 0;
    for (size_t index = first;
         index < table->table->column_count && index <= column + NEAR_COLUMNS; index++) {
        if (index != column)
            add_neighbour(out, table->abouts[index], table->column_names[index]);
    }
}

/* "number" of "card.number". */
static const char *last_part(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot ? dot + 1 : key;
}

/* Keys of the same object; `keys` are all of the column's. */
static sieve_status tell_siblings(struct verdicts *verdicts, struct bytes keys,
                                  const char *key, char out[NEIGHBOURS_MAX])
{
    const size_t parent = (size_t)(last_part(key) - key);
    sieve_status status = SIEVE_OK;
    for (size_t at = 0; at < keys.length && status == SIEVE_OK;) {
        const char *other = (const char *)keys.at + at;
        struct name_meaning meaning;
        at += strlen(other) + 1;
        if ((size_t)(last_part(other) - other) != parent ||
            memcmp(other, key, parent) != 0 || strcmp(other, key) == 0)
            continue;
        status = name_judge(verdicts->probe, last_part(other), &meaning);
        if (status != SIEVE_OK)
            break;
        free(meaning.prefix);
        add_neighbour(out, meaning.about, last_part(other));
    }
    return status;
}

/* ---- one column or key ------------------------------------------------------------- */

static sieve_status add_judged(struct verdicts *verdicts, struct judged **out)
{
    struct judged **list = grown((void *)verdicts->judged, verdicts->count,
                                 &verdicts->capacity, 8, sizeof(struct judged *));
    if (!list)
        return SIEVE_E_MEMORY;
    verdicts->judged = list;
    struct judged *judged = calloc(1, sizeof *judged);
    if (!judged)
        return SIEVE_E_MEMORY;
    buffer_init(&judged->rows, ROWS_MAX);
    verdicts->judged[verdicts->count++] = judged;
    *out = judged;
    return SIEVE_OK;
}

static void drop_last(struct verdicts *verdicts)
{
    struct judged *last = verdicts->judged[--verdicts->count];
    buffer_done(&last->rows);
    free(last->key);
    free(last);
}

static sieve_status enter(struct verdicts *verdicts, const struct ledger_place *place,
                          const struct judged *judged, enum name_effect effect)
{
    const struct ledger_verdict entry = {
        .verdict = column_verdict_name(judged->verdict),
        .reason = judged->reason,
        .effect = effect == NAME_RAISES   ? "raises"
                  : effect == NAME_LOWERS ? "lowers"
                                          : NULL,
        .neighbours = judged->neighbours[0] ? judged->neighbours : NULL,
        .has_findings = judged->sums.counts.findings > 0,
        .is_chance = judged->verdict == COLUMN_CHANCE,
    };
    return ledger_judge(verdicts->sweep->ledger, place, &entry);
}

static sieve_status take_rows(struct verdicts *verdicts, const struct ledger_place *place,
                              struct judged *judged)
{
    sieve_status status =
        ledger_first_rows(verdicts->sweep->ledger, place, FIRST_ROWS, &judged->rows);
    if (status == SIEVE_E_LIMIT) { /* keys as long as that name nothing */
        judged->rows.length = 0;
        status = buffer_append(&judged->rows, bytes_of("[]", 2));
    }
    return status;
}

static enum column_verdict judge(struct judged *judged, enum name_effect effect,
                                 int is_inside)
{
    const struct column_facts facts = {
        .counts = judged->sums.counts,
        .effect = effect,
        .neighbours = judged->neighbours,
        .is_inside = is_inside,
        .distinct_least = judged->sums.distinct_least,
    };
    return column_judge(&facts, judged->reason);
}

/* ---- keys -------------------------------------------------------------------------- */

/* What came of the keys of a column together. */
struct inside_sums {
    uint64_t findings;
    int are_all_chance;
};

static sieve_status judge_key(struct verdicts *verdicts, size_t column, const char *key,
                              struct bytes all, struct inside_sums *sums)
{
    const struct ledger_place place = {verdicts->table->id, column, key};
    struct name_meaning meaning = {.effect = NAME_SILENT};
    struct judged *judged = NULL;
    sieve_status status = add_judged(verdicts, &judged);
    if (status != SIEVE_OK)
        return status;
    judged->column = column;
    judged->key = strdup(key);
    if (!judged->key)
        return SIEVE_E_MEMORY;
    status = ledger_sums_of(verdicts->sweep->ledger, &place, &judged->sums);
    if (status == SIEVE_OK)
        status = name_judge(verdicts->probe, last_part(key), &meaning);
    free(meaning.prefix);
    if (status == SIEVE_OK)
        status = tell_siblings(verdicts, all, key, judged->neighbours);
    if (status != SIEVE_OK)
        return status;
    judged->verdict = judge(judged, meaning.effect, 1);
    sums->findings += judged->sums.counts.findings;
    sums->are_all_chance &= judged->verdict == COLUMN_CHANCE;
    status = enter(verdicts, &place, judged, meaning.effect);
    return status == SIEVE_OK ? take_rows(verdicts, &place, judged) : status;
}

static sieve_status judge_keys(struct verdicts *verdicts, size_t column,
                               struct inside_sums *sums)
{
    struct ledger *ledger = verdicts->sweep->ledger;
    const int64_t table = verdicts->table->id;
    struct buffer found;
    struct buffer all;
    buffer_init(&found, KEYS_BYTES_MAX);
    buffer_init(&all, KEYS_BYTES_MAX);
    sieve_status status = ledger_keys(ledger, table, column, 1, &found);
    if (status == SIEVE_OK && found.length > 0)
        status = ledger_keys(ledger, table, column, 0, &all);
    for (size_t at = 0; at < found.length && status == SIEVE_OK;) {
        const char *key = (const char *)found.at + at;
        at += strlen(key) + 1;
        status = judge_key(verdicts, column, key, buffer_bytes(&all), sums);
    }
    buffer_done(&found);
    buffer_done(&all);
    return status;
}

/* ---- columns ----------------------------------------------------------------------- */

/* Its keys follow it.  One without findings is entered and not told of. */
static sieve_status judge_column(struct verdicts *verdicts, size_t column)
{
    struct sweep_table *table = verdicts->table;
    const struct ledger_place place = {table->id, column, NULL};
    struct inside_sums inside = {.are_all_chance = 1};
    struct judged *judged = NULL;
    sieve_status status = add_judged(verdicts, &judged);
    if (status != SIEVE_OK)
        return status;
    judged->column = column;
    status = ledger_sums_of(verdicts->sweep->ledger, &place, &judged->sums);
    if (status != SIEVE_OK)
        return status;
    const uint64_t findings = judged->sums.counts.findings;
    tell_neighbours(table, column, judged->neighbours);
    judged->verdict = judge(judged, table->effects[column], 0);
    if (findings == 0) {
        status = enter(verdicts, &place, judged, table->effects[column]);
        drop_last(verdicts);
        return status;
    }
    status = judge_keys(verdicts, column, &inside);
    if (inside.findings == findings && inside.are_all_chance)
        judged->verdict = COLUMN_CHANCE;
    if (status == SIEVE_OK)
        status = enter(verdicts, &place, judged, table->effects[column]);
    return status == SIEVE_OK ? take_rows(verdicts, &place, judged) : status;
}

sieve_status verdicts_make(struct verdicts *verdicts)
{
    const struct table *table = verdicts->table->table;
    sieve_status status = SIEVE_OK;
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        if (!table->columns[column].left_out)
            status = judge_column(verdicts, column);
    }
    return status;
}

/* The first object of an array of them, or {}. */
static struct bytes rows_first(struct bytes rows)
{
    size_t at = 1;
    for (int is_inside = 0; at < rows.length; at++) {
        if (rows.at[at] == '"')
            is_inside = !is_inside;
        else if (rows.at[at] == '\\')
            at++;
        else if (!is_inside && rows.at[at] == '}')
            break;
    }
    return at < rows.length ? bytes_of(rows.at + 1, at) : bytes_of("{}", 2);
}

sieve_status verdicts_list(struct verdicts *verdicts, struct column_entry **out)
{
    struct column_entry *entries =
        calloc(verdicts->count ? verdicts->count : 1, sizeof *entries);
    if (!entries)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < verdicts->count; index++) {
        const struct judged *judged = verdicts->judged[index];
        const struct ledger_sums *sums = &judged->sums;
        entries[index] = (struct column_entry){
            .name = bytes_of_text(verdicts->table->column_names[judged->column]),
            .key = judged->key ? bytes_of_text(judged->key) : bytes_of(NULL, 0),
            .verdict = column_verdict_name(judged->verdict),
            .reason = judged->reason,
            .findings = sums->counts.findings,
            .cards = sums->cards,
            .cards_least = sums->cards_least,
            .values = sums->counts.values,
            .distinct = sums->counts.distinct,
            .sensitive = sums->sensitive,
            .brands = sums->brands,
            .first_row = rows_first(buffer_bytes(&judged->rows)),
            .first_rows = buffer_bytes(&judged->rows),
        };
    }
    *out = entries;
    return SIEVE_OK;
}

static sieve_status tell_silent(struct verdicts *verdicts, const struct place *place,
                                size_t column, struct bytes keys)
{
    struct buffer name;
    sieve_status status = SIEVE_OK;
    buffer_init(&name, NAME_LENGTH_MAX);
    for (size_t at = 0; at < keys.length && status == SIEVE_OK;) {
        const char *key = (const char *)keys.at + at;
        const char *parts[] = {verdicts->table->column_names[column], ".", key};
        struct place inside = *place;
        at += strlen(key) + 1;
        verdicts->silent++;
        name.length = 0;
        for (size_t part = 0; part < 3 && status == SIEVE_OK; part++)
            status = buffer_append(&name, bytes_of_text(parts[part]));
        inside.field = buffer_bytes(&name);
        if (status == SIEVE_OK)
            status = desk_unexamined(verdicts->sweep->run->desk, &inside,
                                     "its numbers are valid but its name lowers them: "
                                     "--min-confidence low tells them",
                                     0);
    }
    buffer_done(&name);
    return status;
}

sieve_status verdicts_tell_silent(struct verdicts *verdicts, const struct place *place)
{
    const struct table *table = verdicts->table->table;
    const sieve_options *options = &verdicts->sweep->run->plan->options;
    struct buffer keys;
    int has_keys = 0;
    /* Of what was not asked for nothing is found. */
    if (options->brands || options->kinds)
        return SIEVE_OK;
    sieve_status status =
        ledger_has_keys(verdicts->sweep->ledger, verdicts->table->id, &has_keys);
    if (status != SIEVE_OK || !has_keys)
        return status;
    buffer_init(&keys, KEYS_BYTES_MAX);
    for (size_t column = 0; column < table->column_count && status == SIEVE_OK;
         column++) {
        status = ledger_silent_keys(verdicts->sweep->ledger, verdicts->table->id, column,
                                    COLUMN_NUMBERS_MIN, &keys);
        if (status == SIEVE_OK)
            status = tell_silent(verdicts, place, column, buffer_bytes(&keys));
    }
    buffer_done(&keys);
    return status;
}

void verdicts_done(struct verdicts *verdicts)
{
    while (verdicts->count > 0)
        drop_last(verdicts);
    free(verdicts->judged);
    verdicts->judged = NULL;
    verdicts->capacity = 0;
}
