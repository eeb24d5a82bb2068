#include <stdio.h>
#include <string.h>

#include "job/ledger_open.h"
#include "source/sql.h"

/* ---- sums -------------------------------------------------------------------------- */

/* Of what many runs found, equal digits as they are shown are the fewest cards that there
 * may be: ordinals are those of one run. */
#define SUMS_OF_FINDINGS                                                                 \
    " count(f.id), count(DISTINCT f.card),"                                              \
    " count(DISTINCT CASE WHEN f.card IS NOT NULL THEN f.masked END),"                   \
    " total(f.kind IN " LEDGER_SENSITIVE "),"                                            \
    " total(f.card IS NULL AND f.kind = 'pan'),"                                         \
    " (SELECT count(DISTINCT snapshot) FROM ranges r WHERE r.table_id = ?1)"

struct asked {
    enum ledger_query which;
    const char *text;
};

static const struct asked column_asked = {
    LEDGER_COLUMN_SUMS,
    "SELECT c.\"values\", c.bytes, c.numbers, c.luhn, c.tier_a, c.sketched,"
    " c.\"distinct\"," SUMS_OF_FINDINGS
    " FROM columns c LEFT JOIN findings f ON f.table_id = c.table_id"
    " AND f.number = c.number WHERE c.table_id = ?1 AND c.number = ?2",
};
static const struct asked key_asked = {
    LEDGER_KEY_SUMS,
    "SELECT k.\"values\", k.bytes, k.numbers, k.luhn, k.tier_a, k.sketched,"
    " k.\"distinct\"," SUMS_OF_FINDINGS
    " FROM keys k LEFT JOIN findings f ON f.table_id = k.table_id"
    " AND f.number = k.number AND f.key = k.key"
    " WHERE k.table_id = ?1 AND k.number = ?2 AND k.key = ?3",
};
/* Without a key it is all of the column's. */
static const struct asked brands_asked = {
    LEDGER_BRANDS,
    "SELECT group_concat(brand, ', ') FROM (SELECT brand FROM findings"
    " WHERE table_id = ?1 AND number = ?2 AND (?3 IS NULL OR key = ?3)"
    " AND brand IS NOT NULL GROUP BY brand ORDER BY count(*) DESC, brand LIMIT 8)",
};
static const struct asked first_asked = {
    LEDGER_FIRST,
    "SELECT row FROM findings WHERE table_id = ?1 AND number = ?2"
    " AND (?3 IS NULL OR key = ?3) GROUP BY row"
    " ORDER BY max(kind IN " LEDGER_SENSITIVE ") DESC, min(range), min(id) LIMIT ?4",
};

static sieve_status prepare(struct ledger *ledger, const struct asked *asked,
                            const struct ledger_place *place, struct sql_query **out)
{
    sieve_status status = ledger_prepare(ledger, asked->which, asked->text, out);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(*out, 1, place->table);
    sql_bind_number(*out, 2, (int64_t)place->column);
    if (asked != &column_asked)
        sql_bind_text(*out, 3, place->key);
    return SIEVE_OK;
}

static void read_sums(struct sql_query *query, struct ledger_sums *out)
{
    struct cell_counts *counts = &out->counts;
    uint64_t numbers[13];
    for (int column = 0; column < 13; column++)
        numbers[column] = (uint64_t)sql_number(query, column);
    counts->values = numbers[0];
    counts->bytes = numbers[1];
    counts->numbers = numbers[2];
    counts->luhn = numbers[3];
    counts->tier_a = numbers[4];
    counts->sketched = numbers[5];
    counts->distinct = numbers[6];
    /* An estimate may be a little too high. */
    if (counts->distinct > counts->sketched)
        counts->distinct = counts->sketched;
    counts->findings = numbers[7];
    const int is_one_run = numbers[12] < 2;
    out->cards = is_one_run ? numbers[8] : numbers[9];
    out->sensitive = numbers[10];
    out->cards_least = (!is_one_run && numbers[8] > numbers[9]) || numbers[11] > 0;
    out->distinct_least =
        !is_one_run || counts->sketched + counts->sketched / 99 < counts->values;
}

static sieve_status read_place(struct ledger *ledger, const struct ledger_place *place,
                               struct ledger_sums *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    sieve_status status =
        prepare(ledger, place->key ? &key_asked : &column_asked, place, &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    if (status == SIEVE_OK && has_row) {
        read_sums(query, out);
        sql_reset(query);
    }
    if (status != SIEVE_OK || out->counts.findings == 0)
        return status;
    status = prepare(ledger, &brands_asked, place, &query);
    if (status == SIEVE_OK)
        status = sql_step(query, &has_row);
    if (status == SIEVE_OK && has_row) {
        /* The names of brands are short ASCII. */
        (void)snprintf(out->brands, sizeof out->brands, "%s", sql_text(query, 0));
        sql_reset(query);
    }
    return status;
}

sieve_status ledger_sums_of(struct ledger *ledger, const struct ledger_place *place,
                            struct ledger_sums *out)
{
    memset(out, 0, sizeof *out);
    ledger_lock(ledger);
    return ledger_unlock(ledger, read_place(ledger, place, out));
}

/* ---- lists ------------------------------------------------------------------------- */

sieve_status ledger_first_rows(struct ledger *ledger, const struct ledger_place *place,
                               size_t count, struct buffer *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    out->length = 0;
    ledger_lock(ledger);
    sieve_status status = prepare(ledger, &first_asked, place, &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 4, (int64_t)count);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        status = buffer_append(out, bytes_of(out->length > 0 ? "," : "[", 1));
        if (status == SIEVE_OK)
            status = buffer_append(out, sql_bytes(query, 0));
    }
    if (query)
        sql_reset(query);
    if (status == SIEVE_OK && out->length == 0)
        status = buffer_append(out, bytes_of("[", 1));
    if (status == SIEVE_OK)
        status = buffer_append(out, bytes_of("]", 1));
    return ledger_unlock(ledger, status);
}

static sieve_status list_keys(struct ledger *ledger, const struct asked *asked,
                              const struct ledger_place *place, uint64_t least,
                              struct buffer *out)
{
    struct sql_query *query = NULL;
    int has_row = 0;
    out->length = 0;
    ledger_lock(ledger);
    sieve_status status = prepare(ledger, asked, place, &query);
    if (status == SIEVE_OK)
        sql_bind_number(query, 4, (int64_t)least);
    while (status == SIEVE_OK) {
        status = sql_step(query, &has_row);
        if (status != SIEVE_OK || !has_row)
            break;
        const char *key = sql_text(query, 0);
        status = buffer_append(out, bytes_of(key, strlen(key) + 1));
    }
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_keys(struct ledger *ledger, int64_t table, size_t column,
                         int only_found, struct buffer *out)
{
    static const struct asked found = {
        LEDGER_FOUND_KEYS,
        "SELECT DISTINCT key FROM findings WHERE table_id = ?1 AND number = ?2"
        " AND key IS NOT NULL AND ?3 IS NULL AND ?4 = 0 ORDER BY key",
    };
    static const struct asked all = {
        LEDGER_KEYS,
        "SELECT key FROM keys WHERE table_id = ?1 AND number = ?2 AND ?3 IS NULL"
        " AND ?4 = 0 ORDER BY key",
    };
    const struct ledger_place place = {table, column, NULL};
    return list_keys(ledger, only_found ? &found : &all, &place, 0, out);
}

sieve_status ledger_has_keys(struct ledger *ledger, int64_t table, int *out)
{
    static const struct asked asked = {
        LEDGER_HAS_KEYS,
        "SELECT 1 FROM keys WHERE table_id = ?1 AND number >= ?2 AND ?3 IS NULL LIMIT 1",
    };
    const struct ledger_place place = {table, 0, NULL};
    struct sql_query *query = NULL;
    ledger_lock(ledger);
    sieve_status status = prepare(ledger, &asked, &place, &query);
    if (status == SIEVE_OK)
        status = sql_step(query, out);
    if (query)
        sql_reset(query);
    return ledger_unlock(ledger, status);
}

sieve_status ledger_silent_keys(struct ledger *ledger, int64_t table, size_t column,
                                uint64_t least, struct buffer *out)
{
    static const struct asked silent = {
        LEDGER_SILENT_KEYS,
        "SELECT key FROM keys k WHERE table_id = ?1 AND number = ?2 AND ?3 IS NULL"
        " AND numbers >= ?4 AND tier_a >= numbers * 9 / 10"
        " AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.table_id = k.table_id"
        " AND f.number = k.number AND f.key = k.key) ORDER BY key",
    };
    const struct ledger_place place = {table, column, NULL};
    return list_keys(ledger, &silent, &place, least, out);
}

/* ---- verdicts ---------------------------------------------------------------------- */

/* A key that was met only where no number of a card's length was has no counts yet. */
static sieve_status enter_key(struct ledger *ledger, const struct ledger_place *place)
{
    static const struct asked asked = {
        LEDGER_ENTER_KEY,
        "INSERT INTO keys(table_id, number, key) VALUES(?1, ?2, ?3) ON CONFLICT DO "
        "NOTHING",
    };
    struct sql_query *query = NULL;
    sieve_status status = prepare(ledger, &asked, place, &query);
    return status == SIEVE_OK ? ledger_finish(ledger, query) : status;
}

static sieve_status put_verdict(struct ledger *ledger, const struct ledger_place *place,
                                const struct ledger_verdict *verdict)
{
    static const struct asked of_column = {
        LEDGER_VERDICT,
        "UPDATE columns SET verdict = ?4, reason = ?5, effect = ?6, neighbours = ?7"
        " WHERE table_id = ?1 AND number = ?2 AND ?3 IS NULL",
    };
    static const struct asked of_key = {
        LEDGER_KEY_VERDICT,
        "UPDATE keys SET verdict = ?4, reason = ?5, effect = ?6, neighbours = ?7"
        " WHERE table_id = ?1 AND number = ?2 AND key = ?3",
    };
    struct sql_query *query = NULL;
    sieve_status status =
        prepare(ledger, place->key ? &of_key : &of_column, place, &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_text(query, 4, verdict->verdict);
    sql_bind_text(query, 5, verdict->reason);
    sql_bind_text(query, 6, verdict->effect);
    sql_bind_text(query, 7, verdict->neighbours);
    return ledger_finish(ledger, query);
}

/* As column_explains() has it. */
static sieve_status put_confidence(struct ledger *ledger,
                                   const struct ledger_place *place, int is_chance)
{
    static const struct asked asked = {
        LEDGER_CONFIDENCE,
        "UPDATE findings SET confidence = CASE WHEN ?4 AND is_whole AND kind = 'pan'"
        " AND NOT test_number THEN 'low' ELSE found_confidence END"
        " WHERE table_id = ?1 AND number = ?2 AND key IS ?3"
        " AND (?4 OR confidence <> found_confidence)",
    };
    struct sql_query *query = NULL;
    sieve_status status = prepare(ledger, &asked, place, &query);
    if (status != SIEVE_OK)
        return status;
    sql_bind_number(query, 4, is_chance);
    return ledger_finish(ledger, query);
}

sieve_status ledger_judge(struct ledger *ledger, const struct ledger_place *place,
                          const struct ledger_verdict *verdict)
{
    ledger_lock(ledger);
    sieve_status status = place->key ? enter_key(ledger, place) : SIEVE_OK;
    if (status == SIEVE_OK)
        status = put_verdict(ledger, place, verdict);
    if (status == SIEVE_OK && verdict->has_findings)
        status = put_confidence(ledger, place, verdict->is_chance);
    return ledger_unlock(ledger, status);
}
