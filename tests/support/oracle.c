/* oracle.c - section 9 of docs/detection.md, and the walk through all of it. */
#include "support/oracle.h"

#include <stdlib.h>
#include <string.h>

#include "support/oracle_escapes.h"
#include "support/oracle_frames.h"
#include "support/oracle_window.h"

struct judging {
    const struct oracle_options *options;
    struct oracle_text text;
    struct word_hits hits;
    int has_hits;                  /* looked for only when the first candidate asks */
    const struct window *of_track; /* while one is judged: its number */
    struct oracle_result result;
};

static void *grown(void *at, size_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return at; /* room doubles at powers of two */
    at = realloc(at, (count ? 2 * count : 1) * size);
    if (!at)
        abort();
    return at;
}

static void add_hidden(struct judging *judging, size_t offset, size_t length, int mode)
{
    struct oracle_result *result = &judging->result;
    result->hidden = grown(result->hidden, result->hidden_count, sizeof *result->hidden);
    result->hidden[result->hidden_count++] = (struct oracle_digit){offset, length, mode};
}

static int is_wanted(const struct judging *judging, const struct oracle_finding *finding)
{
    const struct oracle_options *options = judging->options;
    sieve_confidence least =
        options->min_confidence ? options->min_confidence : SIEVE_MEDIUM;
    return finding->confidence >= least &&
           (!options->kinds || (options->kinds & (1u << finding->kind)));
}

static void add_finding(struct judging *judging, const struct oracle_finding *finding)
{
    struct oracle_result *result = &judging->result;
    result->findings = grown(result->findings, result->count, sizeof *result->findings);
    result->findings[result->count++] = *finding;
}

/* ---- candidates ----------------------------------------------------------------- */

static const struct word_hits *hits_of(struct judging *judging)
{
    if (!judging->has_hits)
        word_hits_find(&judging->text, &judging->hits);
    judging->has_hits = 1;
    return &judging->hits;
}

static int is_hex_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'f';
}

/* All digits of a number in [from, count). */
static void hide_digits(struct judging *judging, const struct window *window, size_t from,
                        size_t count)
{
    for (size_t i = from; i < count; i++)
        add_hidden(judging, window->digit_offsets[i], window->digit_lengths[i],
                   (int)window->mode);
}

/* The number as it is written, what is behind it in raw digits; escapes stay. */
static void judge_sensitive(const struct oracle_finding *finding, int hex, void *context)
{
    struct judging *judging = context;
    const struct window *number = judging->of_track;
    if (!is_wanted(judging, finding))
        return;
    add_finding(judging, finding);
    size_t end = finding->offset + finding->length;
    for (size_t at = number ? number->start : finding->offset; at < end;) {
        uint32_t code;
        size_t escape = escape_at(&judging->text, MODE_PERCENT, at, &code);
        struct unit unit = unit_at(&judging->text, MODE_RAW, at);
        if (number && at == number->start) {
            hide_digits(judging, number, 0, number->number.digit_count);
            at = number->end;
            continue;
        }
        if (escape == 0 &&
            (unit.kind == UNIT_DIGIT || (hex && is_hex_letter(judging->text.bytes[at]))))
            add_hidden(judging, at, unit.length, MODE_RAW);
        at += escape ? escape : unit.length;
    }
}

/* First six and last four stay; under 14 digits only the last four. */
static void hide_number(struct judging *judging, const struct window *window)
{
    size_t count = window->number.digit_count;
    hide_digits(judging, window, count < 14 ? 0 : 6, count - 4);
}

static void judge_window(const struct window *window, void *context)
{
    struct judging *judging = context;
    struct standing standing = standing_of(&window->number);
    if (standing.tier < 0 && !standing.is_near)
        return; /* spares the words */
    judging->of_track = window;
    if (window->mode <= MODE_QP)
        tracks_of(&judging->text, window, judge_sensitive, judging);
    judging->of_track = NULL;
    enum neighbours neighbours = neighbours_of(&judging->text, window);
    if (neighbours == NEIGHBOURS_BAD)
        return;
    struct context words =
        context_of(&judging->text, hits_of(judging), window->start, window->end);
    if (neighbours == NEIGHBOURS_WORD && !words.raise_near)
        return;
    int level = number_confidence(&window->number, &words, &standing);
    struct oracle_finding finding = {
        .offset = window->start,
        .length = window->end - window->start,
        .kind = SIEVE_KIND_PAN,
        .confidence = (sieve_confidence)level,
        .form = window->form,
        .brand = standing.brand,
        .digit_count = (unsigned)window->number.digit_count,
        .test_number = standing.test_number,
    };
    if (level == 0 || !is_wanted(judging, &finding))
        return;
    add_finding(judging, &finding);
    hide_number(judging, window);
}

/* ---- overlap -------------------------------------------------------------------- */

static int by_offset(const void *left, const void *right)
{
    const struct oracle_finding *one = left;
    const struct oracle_finding *other = right;
    if (one->offset != other->offset)
        return one->offset < other->offset ? -1 : 1;
    if (one->length != other->length)
        return one->length < other->length ? -1 : 1;
    if (one->kind != other->kind)
        return one->kind > other->kind ? -1 : 1; /* a chip's tag before a bare stripe */
    return (int)one->form - (int)other->form;
}

/* `later` does not begin before `earlier`. */
static int later_wins(const struct oracle_finding *earlier,
                      const struct oracle_finding *later)
{
    int sensitive = sieve_kind_is_sensitive(later->kind);
    if (sensitive != sieve_kind_is_sensitive(earlier->kind))
        return sensitive;
    return later->confidence > earlier->confidence;
}

static void settle_overlaps(struct oracle_result *result)
{
    size_t kept = 0;
    if (result->count == 0)
        return;
    qsort(result->findings, result->count, sizeof *result->findings, by_offset);
    for (size_t i = 1; i < result->count; i++) {
        struct oracle_finding *last = &result->findings[kept];
        const struct oracle_finding *next = &result->findings[i];
        if (next->offset >= last->offset + last->length)
            result->findings[++kept] = *next;
        else if (later_wins(last, next))
            *last = *next;
    }
    result->count = kept + 1;
}

/* ---- all ------------------------------------------------------------------------ */

void oracle_scan(const void *bytes, size_t length, const struct oracle_options *options,
                 struct oracle_result *out)
{
    static const struct oracle_options defaults;
    struct judging judging = {.options = options ? options : &defaults};
    oracle_text_init(&judging.text, bytes, length);
    for (int mode = 0; mode < MODE_COUNT; mode++)
        if (mode != MODE_EBCDIC || judging.options->ebcdic)
            windows_each(&judging.text, (enum oracle_mode)mode, judge_window, &judging);
    chips_each(&judging.text, judge_sensitive, &judging);
    codes_each(&judging.text, hits_of(&judging), judge_sensitive, &judging);
    settle_overlaps(&judging.result);
    word_hits_done(&judging.hits);
    oracle_text_done(&judging.text);
    *out = judging.result;
}

void oracle_result_done(struct oracle_result *result)
{
    free(result->findings);
    free(result->hidden);
    *result = (struct oracle_result){0};
}
