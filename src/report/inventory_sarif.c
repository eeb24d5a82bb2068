/* inventory_sarif.c - findings as SARIF 2.1.0, for the tools that collect those of all
 * scanners: one result each, at the logical location of its column.
 */
#include "report/inventory.h"

#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "report/show.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

struct sarif_inventory {
    struct inventory base;
    struct writer *writer;
    enum language language;
    struct buffer plain;   /* text, made visible */
    struct buffer escaped; /* ... as a message */
    struct buffer made;    /* ... as a JSON string */
    sieve_status status;   /* the first failure */
    uint64_t missed;
    uint64_t results;
    int are_results_begun;
};

static struct sarif_inventory *sarif_of(struct inventory *self)
{
    return (struct sarif_inventory *)self;
}

/* ---- JSON -------------------------------------------------------------------------- */

static void put(struct sarif_inventory *sarif, const char *text)
{
    writer_text(sarif->writer, text);
}

static void note(struct sarif_inventory *sarif, sieve_status status)
{
    if (sarif->status == SIEVE_OK)
        sarif->status = status;
}

/* What lies in `plain`, as a string. */
static void put_plain(struct sarif_inventory *sarif)
{
    sarif->made.length = 0;
    note(sarif, json_append_string(&sarif->made, buffer_bytes(&sarif->plain)));
    writer_put(sarif->writer, buffer_bytes(&sarif->made));
}

static void put_string(struct sarif_inventory *sarif, const char *key, struct bytes text)
{
    put(sarif, key);
    sarif->plain.length = 0;
    note(sarif, visible_append(&sarif->plain, text));
    put_plain(sarif);
}

static void put_text(struct sarif_inventory *sarif, const char *key, const char *text)
{
    put_string(sarif, key, bytes_of_text(text));
}

static void put_number(struct sarif_inventory *sarif, const char *key, uint64_t number)
{
    put(sarif, key);
    if (number == UINT64_MAX)
        put(sarif, "null");
    else
        writer_number(sarif->writer, number);
}

static void put_flag(struct sarif_inventory *sarif, const char *key, int is_set)
{
    put(sarif, key);
    put(sarif, is_set ? "true" : "false");
}

static void put_time(struct sarif_inventory *sarif, const char *key, uint64_t seconds)
{
    char text[32];
    struct tm parts;
    const time_t moment = (time_t)seconds;
    if (seconds == 0 || !gmtime_r(&moment, &parts) ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return;
    put_text(sarif, key, text);
}

/* ---- the run ----------------------------------------------------------------------- */

static const char *level_of(sieve_kind kind, sieve_confidence confidence, int is_test)
{
    if (sieve_kind_is_sensitive(kind))
        return "error";
    if (confidence == SIEVE_HIGH)
        return is_test ? "warning" : "error";
    return confidence == SIEVE_MEDIUM && !is_test ? "warning" : "note";
}

static void put_rules(struct sarif_inventory *sarif)
{
    for (unsigned kind = 0; kind < SIEVE_KIND_COUNT; kind++) {
        const char *name = sieve_kind_name((sieve_kind)kind);
        const int is_sensitive = sieve_kind_is_sensitive((sieve_kind)kind);
        put(sarif, kind > 0 ? ",\n" : "");
        put_text(sarif, "{\"id\":", name);
        put_string(sarif, ",\"shortDescription\":{\"text\":",
                   word_translated(bytes_of_text(name), sarif->language));
        put_text(sarif, "},\"fullDescription\":{\"text\":",
                 word(is_sensitive ? WORD_RULE_SENSITIVE : WORD_RULE_NUMBERS,
                      sarif->language));
        put_text(sarif, "},\"defaultConfiguration\":{\"level\":",
                 level_of((sieve_kind)kind, SIEVE_HIGH, 0));
        put_flag(sarif, "},\"properties\":{\"sensitive\":", is_sensitive);
        put(sarif, "}}");
    }
}

static void put_sums(struct sarif_inventory *sarif, const struct inventory_run *run)
{
    put_string(sarif, ",\"properties\":{\"target\":", run->target);
    if (run->title.length > 0)
        put_string(sarif, ",\"title\":", run->title);
    put_flag(sarif, ",\"complete\":", run->is_complete);
    put_flag(sarif, ",\"sample\":", run->is_sample);
    put_number(sarif, ",\"snapshots\":", run->snapshots);
    put_number(sarif, ",\"tables\":", run->tables);
    put_number(sarif, ",\"tablesIncomplete\":", run->tables_incomplete);
    put_number(sarif, ",\"rows\":", run->rows);
    put_number(sarif, ",\"rowsRead\":", run->rows_read);
    put_number(sarif, ",\"findings\":", run->findings);
    put_number(sarif, ",\"sensitive\":", run->sensitive);
    put_number(sarif, ",\"cards\":", run->cards);
    put_number(sarif, ",\"testNumbers\":", run->test_numbers);
    put(sarif, "}");
}

static sieve_status end_of(const struct sarif_inventory *sarif)
{
    return sarif->status == SIEVE_OK ? sarif->writer->status : sarif->status;
}

static sieve_status sarif_begin(struct inventory *self, const struct inventory_run *run)
{
    struct sarif_inventory *sarif = sarif_of(self);
    put(sarif, "{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\n");
    put(sarif, "\"tool\":{\"driver\":{\"name\":\"cardsieve\"");
    put_string(sarif, ",\"version\":", run->version);
    put(sarif, ",\"rules\":[\n");
    put_rules(sarif);
    put(sarif, "]}}");
    put_text(sarif, ",\n\"language\":", sarif->language == LANGUAGE_JA ? "ja" : "en");
    put_sums(sarif, run);
    put_flag(sarif, ",\n\"invocations\":[{\"executionSuccessful\":", run->is_complete);
    put_time(sarif, ",\"startTimeUtc\":", run->begun_at);
    put_time(sarif, ",\"endTimeUtc\":", run->ended_at);
    put(sarif, ",\"toolExecutionNotifications\":[");
    return end_of(sarif);
}

/* ---- results ----------------------------------------------------------------------- */

/* "public.orders", "public.orders.memo" */
static void append_place(struct sarif_inventory *sarif, const struct inventory_row *row)
{
    if (row->is_one_of_several) {
        note(sarif, visible_append(&sarif->plain, row->database));
        note(sarif, buffer_append(&sarif->plain, bytes_of(".", row->table.length > 0)));
    }
    note(sarif, visible_append(&sarif->plain, row->table));
    if (row->column.length == 0)
        return;
    note(sarif, buffer_append(&sarif->plain, bytes_of(".", 1)));
    note(sarif, visible_append(&sarif->plain, row->column));
    if (row->key.length == 0)
        return;
    note(sarif, buffer_append(&sarif->plain, bytes_of(".", 1)));
    note(sarif, visible_append(&sarif->plain, row->key));
}

static void put_location(struct sarif_inventory *sarif, const struct inventory_row *row)
{
    const int is_column = row->column.length > 0;
    put_string(sarif, ",\"locations\":[{\"logicalLocations\":[{\"name\":",
               is_column               ? row->column
               : row->table.length > 0 ? row->table
                                       : row->database);
    put(sarif, ",\"fullyQualifiedName\":");
    sarif->plain.length = 0;
    append_place(sarif, row);
    put_plain(sarif);
    put_text(sarif, ",\"kind\":",
             is_column               ? "column"
             : row->table.length > 0 ? "table"
                                     : "database");
    put(sarif, "}]}]");
}

/* In a message of SARIF braces are places for arguments and [text](address) is a link:
 * a backslash and another brace make them what they are. */
static void escape_message(struct sarif_inventory *sarif)
{
    const struct bytes plain = buffer_bytes(&sarif->plain);
    sarif->escaped.length = 0;
    for (size_t index = 0; index < plain.length; index++) {
        const unsigned char byte = plain.at[index];
        if (byte == '{' || byte == '}')
            note(sarif, buffer_append(&sarif->escaped, bytes_of(&byte, 1)));
        if (byte == '[' || byte == ']' || byte == '\\')
            note(sarif, buffer_append(&sarif->escaped, bytes_of("\\", 1)));
        note(sarif, buffer_append(&sarif->escaped, bytes_of(&byte, 1)));
    }
    sarif->made.length = 0;
    note(sarif, json_append_string(&sarif->made, buffer_bytes(&sarif->escaped)));
    writer_put(sarif->writer, buffer_bytes(&sarif->made));
}

static void put_missed(struct sarif_inventory *sarif, const struct inventory_row *row)
{
    put(sarif, sarif->missed++ > 0 ? ",\n" : "\n");
    put(sarif, "{\"level\":\"error\",\"message\":{\"text\":");
    sarif->plain.length = 0;
    append_place(sarif, row);
    note(sarif, buffer_append(&sarif->plain, bytes_of(": ", 2)));
    note(sarif,
         visible_append(&sarif->plain, word_translated(row->reason, sarif->language)));
    escape_message(sarif);
    put(sarif, "}");
    put_location(sarif, row);
    put(sarif, "}");
}

static void append(struct sarif_inventory *sarif, const char *text)
{
    note(sarif, buffer_append(&sarif->plain, bytes_of_text(text)));
}

static void append_said(struct sarif_inventory *sarif, const char *stable)
{
    note(sarif, buffer_append(&sarif->plain,
                              word_translated(bytes_of_text(stable), sarif->language)));
}

/* "Visa card number 411111******1111: orders.memo (id=42); high, test number" */
static void put_message(struct sarif_inventory *sarif, const struct inventory_row *row)
{
    put(sarif, ",\"message\":{\"text\":");
    sarif->plain.length = 0;
    if (row->brand.length > 0) {
        note(sarif, visible_append(&sarif->plain, row->brand));
        append(sarif, " ");
    }
    append_said(sarif, sieve_kind_name(row->kind));
    append(sarif, " ");
    note(sarif, visible_append(&sarif->plain, row->masked));
    append(sarif, ": ");
    append_place(sarif, row);
    append(sarif, " (");
    note(sarif, show_row(&sarif->plain, row->row));
    append(sarif, "); ");
    append_said(sarif, sieve_confidence_name(row->confidence));
    if (row->test_number) {
        append(sarif, ", ");
        append(sarif, word(WORD_TEST_NUMBER, sarif->language));
    }
    escape_message(sarif);
    put(sarif, "}");
}

/* What makes it the same finding in the next sweep: its place.  Nothing of its number. */
static void put_fingerprint(struct sarif_inventory *sarif,
                            const struct inventory_row *row)
{
    char offset[NUMBER_TEXT_MAX];
    number_text(row->offset, offset);
    put(sarif, ",\"partialFingerprints\":{\"place/v1\":");
    sarif->plain.length = 0;
    append_place(sarif, row);
    append(sarif, " ");
    note(sarif, visible_append(&sarif->plain, row->row));
    append(sarif, " ");
    append(sarif, offset);
    put_plain(sarif);
    put(sarif, "}");
}

static void put_finding(struct sarif_inventory *sarif, const struct inventory_row *row)
{
    put(sarif, sarif->results++ > 0 ? ",\n" : "\n");
    put_text(sarif, "{\"ruleId\":", sieve_kind_name(row->kind));
    put_number(sarif, ",\"ruleIndex\":", (uint64_t)row->kind);
    put_text(sarif,
             ",\"level\":", level_of(row->kind, row->confidence, row->test_number));
    put_message(sarif, row);
    put_location(sarif, row);
    put_fingerprint(sarif, row);
    put_string(sarif, ",\"properties\":{\"masked\":", row->masked);
    put_text(sarif, ",\"confidence\":", sieve_confidence_name(row->confidence));
    put_string(sarif, ",\"form\":", row->form);
    put_string(sarif, ",\"reasons\":", row->reasons);
    put_number(sarif, ",\"offset\":", row->offset);
    put_number(sarif, ",\"length\":", row->length);
    put_flag(sarif, ",\"testNumber\":", row->test_number);
    put_number(sarif, ",\"card\":", row->card > 0 ? row->card : UINT64_MAX);
    put(sarif, "}}");
}

/* Ends the list of what was not examined. */
static void begin_results(struct sarif_inventory *sarif)
{
    if (sarif->are_results_begun)
        return;
    sarif->are_results_begun = 1;
    put(sarif, "]}],\n\"results\":[");
}

static sieve_status sarif_row(struct inventory *self, const struct inventory_row *row)
{
    struct sarif_inventory *sarif = sarif_of(self);
    if (row->part == INVENTORY_MISSED) {
        put_missed(sarif, row);
    } else if (row->part == INVENTORY_FINDING) {
        begin_results(sarif);
        put_finding(sarif, row);
    }
    return end_of(sarif);
}

static sieve_status sarif_end(struct inventory *self)
{
    struct sarif_inventory *sarif = sarif_of(self);
    begin_results(sarif);
    put(sarif, "]\n}]}\n");
    return end_of(sarif);
}

static void sarif_free(struct inventory *self)
{
    struct sarif_inventory *sarif = sarif_of(self);
    buffer_done(&sarif->plain);
    buffer_done(&sarif->escaped);
    buffer_done(&sarif->made);
    free(sarif);
}

static const struct inventory_ops sarif_inventory_ops = {
    .name = "sarif",
    .begin = sarif_begin,
    .row = sarif_row,
    .end = sarif_end,
    .free = sarif_free,
};

sieve_status sarif_inventory_new(struct writer *writer,
                                 const struct inventory_style *style,
                                 struct inventory **out)
{
    struct sarif_inventory *sarif = calloc(1, sizeof *sarif);
    if (!sarif)
        return SIEVE_E_MEMORY;
    sarif->base.ops = &sarif_inventory_ops;
    sarif->writer = writer;
    sarif->language = style->language;
    buffer_init(&sarif->plain, 32u * NAME_LENGTH_MAX);
    buffer_init(&sarif->escaped, 64u * NAME_LENGTH_MAX);
    buffer_init(&sarif->made, 128u * NAME_LENGTH_MAX);
    *out = &sarif->base;
    return SIEVE_OK;
}
