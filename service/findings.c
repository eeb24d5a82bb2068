#include "service/findings.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/visible.h"
#include "job/cards.h"

#define FINDING_LENGTH_MAX (16u << 10) /* bytes of one finding's JSON */

#define PATH_DEPTH_MAX 5

struct where {
    uint64_t from;       /* bytes whose lines were counted */
    uint64_t lines;      /* line feeds before `from` */
    uint64_t line_start; /* offset of the line that `from` is in */
    struct piece piece;  /* whose bytes are in sight */
    size_t depth;        /* words in use of the path */
};

struct findings {
    struct spool spool;
    struct buffer line;  /* one finding, made whole and then spooled */
    struct cards *cards; /* NULL: there was none so far */
    uint64_t count;
    struct where at;
    struct where content; /* ... while it is beside the content */
    uint64_t part;        /* number of the part it is in, from 1; 0: in none */
    char path[PATH_DEPTH_MAX][PART_NAME_MAX];
    uint64_t began;
    sieve_status status;
};

sieve_status findings_new(const char *directory, struct findings **out)
{
    struct findings *findings = calloc(1, sizeof *findings);
    if (!findings)
        return SIEVE_E_MEMORY;
    spool_init(&findings->spool, directory, UINT64_MAX);
    buffer_init(&findings->line, FINDING_LENGTH_MAX);
    findings->began = clock_now();
    *out = findings;
    return SIEVE_OK;
}

void findings_free(struct findings *findings)
{
    if (!findings)
        return;
    spool_done(&findings->spool);
    buffer_done(&findings->line);
    cards_free(findings->cards);
    free(findings);
}

struct spool *findings_spool(struct findings *findings)
{
    return &findings->spool;
}

/* ---- text ----------------------------------------------------------------------------
 */

/* A failure stays in `status`, so a run of puts needs one look at the end. */
static void put(struct findings *findings, const char *text)
{
    if (findings->status == SIEVE_OK)
        findings->status = buffer_append(&findings->line, bytes_of_text(text));
}

static void put_number(struct findings *findings, const char *key, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    (void)number_text(number, text);
    put(findings, key);
    put(findings, text);
}

/* `text` NULL is null. */
static void put_string(struct findings *findings, const char *key, const char *text)
{
    put(findings, key);
    if (!text)
        put(findings, "null");
    else if (findings->status == SIEVE_OK)
        findings->status = json_append_string(&findings->line, bytes_of_text(text));
}

static void put_list(struct findings *findings, const char *key, const char *const *words,
                     size_t count)
{
    put(findings, key);
    for (size_t index = 0; index < count; index++)
        put_string(findings, index > 0 ? "," : "", words[index]);
    put(findings, "]");
}

static void spool_line(struct findings *findings)
{
    if (findings->status == SIEVE_OK)
        findings->status = spool_write(&findings->spool, buffer_bytes(&findings->line));
    findings->line.length = 0;
}

/* ---- where ---------------------------------------------------------------------------
 */

/* Counts lines up to `to`, which is in sight. */
static void count_lines(struct findings *findings, uint64_t to)
{
    const struct piece *piece = &findings->at.piece;
    const unsigned char *at = piece->bytes + (findings->at.from - piece->begin);
    const unsigned char *end = piece->bytes + (to - piece->begin);
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        findings->at.lines++;
        findings->at.line_start = piece->begin + (uint64_t)(at - piece->bytes);
    }
    findings->at.from = to;
}

static void see_begin(const struct piece *piece, void *context)
{
    ((struct findings *)context)->at.piece = *piece;
}

static sieve_status see_end(const struct piece *piece, void *context)
{
    struct findings *findings = context;
    count_lines(findings, piece->to);
    return findings->status;
}

/* ---- the parts of a multipart body ---------------------------------------------------
 */

/* No word of the path may carry a number, whatever was looked for: few digits, of any
 * width. */
static int is_harmless(const char *name)
{
    size_t digits = 0;
    for (size_t index = 0; name[index]; index++) {
        const unsigned char byte = (unsigned char)name[index];
        digits += (byte >= '0' && byte <= '9') || byte == 0xEF;
    }
    return digits <= 4;
}

static void add_word(struct findings *findings, const char *word)
{
    (void)snprintf(findings->path[findings->at.depth++], PART_NAME_MAX, "%s", word);
}

void findings_part(struct findings *findings, const struct part_head *head, int is_head)
{
    char number[NUMBER_TEXT_MAX + 1] = "#";
    findings->part += is_head ? 1 : 0;
    findings->at.depth = 0;
    findings->at.from = findings->at.lines = findings->at.line_start = 0;
    (void)number_text(findings->part, number + 1);
    add_word(findings, head->name[0] && is_harmless(head->name) ? head->name : number);
    if (head->filename[0] && is_harmless(head->filename))
        add_word(findings, head->filename);
    if (is_head)
        add_word(findings, "head");
}

void findings_beside(struct findings *findings, const struct beside_place *place)
{
    char number[NUMBER_TEXT_MAX + 1] = "#";
    if (!place) {
        findings->at = findings->content;
        return;
    }
    findings->content = findings->at;
    findings->at.lines = findings->at.line_start = 0;
    findings->at.from = place->from;
    (void)number_text(place->member, number + 1);
    add_word(findings, number);
    add_word(findings, place->what);
}

/* ---- one finding ---------------------------------------------------------------------
 */

static void put_card(struct findings *findings, const sieve_finding *finding)
{
    uint64_t ordinal = 0;
    if (cards_has_number(finding) && !findings->cards && findings->status == SIEVE_OK)
        findings->status = cards_new(&findings->cards);
    if (cards_has_number(finding) && findings->status == SIEVE_OK)
        findings->status = cards_ordinal(findings->cards, finding->card, &ordinal);
    if (ordinal > 0)
        put_number(findings, ",\"card\":", ordinal);
    else
        put(findings, ",\"card\":null");
}

static void put_finding(struct findings *findings, const sieve_finding *finding)
{
    put(findings, findings->count == 0 ? "{\"findings\":[\n" : ",\n");
    const char *path[PATH_DEPTH_MAX];
    for (size_t index = 0; index < PATH_DEPTH_MAX; index++)
        path[index] = findings->path[index];
    put(findings, "{\"event\":\"finding\",\"target\":\"body\"");
    put_list(findings, ",\"path\":[", path, findings->at.depth);
    put_number(findings, ",\"offset\":", finding->offset);
    put_number(findings, ",\"length\":", finding->length);
    put_number(findings, ",\"line\":", findings->at.lines + 1);
    put_number(findings, ",\"column\":", finding->offset - findings->at.line_start + 1);
    put_string(findings, ",\"kind\":", sieve_kind_name(finding->kind));
    put_string(findings, ",\"brand\":", finding->brand ? finding->brand->name : NULL);
    put_number(findings, ",\"digits\":", finding->digit_count);
    put_string(findings, ",\"masked\":", finding->shown);
    put_string(findings, ",\"form\":", sieve_form_name(finding->form));
    put_string(findings, ",\"confidence\":", sieve_confidence_name(finding->confidence));
    if (finding->rule)
        put_string(findings, ",\"rule\":", finding->rule);
    put_list(findings, ",\"reasons\":[", finding->reasons, finding->reason_count);
    put(findings,
        finding->test_number ? ",\"test_number\":true" : ",\"test_number\":false");
    put_card(findings, finding);
    put(findings, "}");
}

static sieve_next see_finding(const sieve_finding *finding, void *context)
{
    struct findings *findings = context;
    count_lines(findings, finding->offset);
    put_finding(findings, finding);
    spool_line(findings);
    findings->count++;
    return findings->status == SIEVE_OK ? SIEVE_CONTINUE : SIEVE_STOP;
}

struct body_listener findings_listener(struct findings *findings)
{
    return (struct body_listener){see_begin, see_finding, see_end, findings};
}

/* ---- the summary ---------------------------------------------------------------------
 */

static void put_summary(struct findings *findings, const struct body_notes *notes)
{
    char seconds[NUMBER_TEXT_MAX];
    int is_estimate = 0;
    const uint64_t cards =
        findings->cards ? cards_count(findings->cards, &is_estimate) : 0;
    (void)number_seconds(clock_now() - findings->began, 6, seconds);
    put(findings, "\"summary\":{\"event\":\"summary\",\"targets\":1,\"items\":1");
    put_number(findings, ",\"bytes\":", notes->examined);
    put_number(findings, ",\"findings\":", findings->count);
    put_number(findings, ",\"cards\":", cards);
    put_number(findings, ",\"unexamined\":", notes->unexamined ? 1 : 0);
    put(findings, notes->unexamined ? ",\"complete\":false" : ",\"complete\":true");
    if (is_estimate)
        put(findings, ",\"cards_estimated\":true");
    if (notes->coding_count > 0)
        put_list(findings, ",\"codings\":[", notes->codings, notes->coding_count);
    put(findings, ",\"seconds\":");
    put(findings, seconds);
    put(findings, "}}\n");
}

sieve_status findings_finish(struct findings *findings, const struct body_notes *notes)
{
    put(findings, findings->count == 0 ? "{\"findings\":[" : "\n");
    put(findings, "],\n");
    if (notes->unexamined) {
        put(findings, "\"unexamined\":[{\"event\":\"unexamined\",\"target\":\"body\","
                      "\"path\":[]");
        put_string(findings, ",\"reason\":", notes->unexamined);
        put(findings, "}],\n");
    }
    put_summary(findings, notes);
    spool_line(findings);
    return findings->status == SIEVE_OK ? spool_seal(&findings->spool) : findings->status;
}
