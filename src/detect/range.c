/* range.c - one range of a body: sieve, judge, context. */
#include <string.h>
#include <time.h>

#include "detect/context.h"
#include "detect/field.h"
#include "detect/scanner.h"

struct range {
    struct body *body;
    sieve_scanner *scanner;
    const struct view *view;
    uint64_t from;
    uint64_t to;
};

static uint64_t now(const sieve_scanner *scanner)
{
    struct timespec time = {0, 0};
    if (scanner->measuring)
        clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* ---- context ---------------------------------------------------------------------- */

#define STRETCH_MAX 4096u

/* Where words are looked for: around a candidate, or around a name that needs company. */
struct stretch {
    uint64_t from;
    uint64_t to;
};

static struct stretch around_candidate(const struct candidate *candidate, uint64_t base)
{
    uint64_t from = candidate->number > base + CONTEXT_BEFORE
                        ? candidate->number - CONTEXT_BEFORE
                        : base;
    return (struct stretch){from, candidate->number_end + CONTEXT_BEHIND};
}

static struct stretch around_name(const struct field_name *name, uint64_t base)
{
    if (name->alone)
        return (struct stretch){0, 0};
    size_t from = name->end > CONTEXT_WEAK ? name->end - CONTEXT_WEAK : 0;
    return (struct stretch){base + from, base + name->end + FIELD_BEHIND};
}

/* In order of where they begin; those that touch are one, up to a size. */
static sieve_status look_for_words(const struct range *range)
{
    sieve_scanner *scanner = range->scanner;
    const struct candidate_list *found = &scanner->found;
    const struct name_list *names = &scanner->names;
    uint64_t base = range->view->base;
    size_t name = 0;
    size_t candidate = 0;
    struct stretch pending = {0, 0};
    while (name < names->count || candidate < found->count) {
        struct stretch first = {UINT64_MAX, 0};
        struct stretch second = {UINT64_MAX, 0};
        if (candidate < found->count)
            first = around_candidate(&found->items[candidate], base);
        if (name < names->count)
            second = around_name(&names->items[name], base);
        bool take_name = second.from < first.from;
        candidate += !take_name;
        name += take_name;
        struct stretch next = take_name ? second : first;
        if (next.from <= pending.to && pending.to - pending.from < STRETCH_MAX) {
            if (pending.to < next.to)
                pending.to = next.to;
            continue;
        }
        sieve_status status =
            words_look(&scanner->words, range->view, pending.from, pending.to);
        if (status != SIEVE_OK)
            return status;
        pending = next;
    }
    return words_look(&scanner->words, range->view, pending.from, pending.to);
}

/* ---- the user's own expressions ------------------------------------------------------
 */

struct rule_collector {
    const struct range *range;
    uint64_t base; /* of the bytes scanned, in the item */
    bool out_of_memory;
};

static void take_rule(size_t rule, uint64_t from, uint64_t to, void *context)
{
    struct rule_collector *collector = context;
    const struct range *range = collector->range;
    sieve_scanner *scanner = range->scanner;
    uint64_t begin = collector->base + from;
    if (begin < range->from || begin >= range->to)
        return;
    const uint8_t *bytes = range->view->bytes + (begin - range->view->base);
    if (memchr(bytes, '\n', (size_t)(to - from)))
        return;
    struct candidate *candidate = candidate_add(&scanner->found);
    if (!candidate) {
        collector->out_of_memory = true;
        return;
    }
    const struct rule_row *row = &scanner->rules->patterns->rules[rule];
    candidate->kind = SIEVE_KIND_RULE;
    candidate->confidence = (sieve_confidence)row->confidence;
    candidate->accepted = 1;
    candidate->rule = row->name;
    candidate->begin = candidate->number = begin;
    candidate->end = candidate->number_end = begin + (to - from);
    candidate->hide_from = candidate->begin;
    candidate->hide_to = candidate->end;
    candidate_reason(candidate, "rule");
}

static sieve_status match_rules(const struct range *range)
{
    const sieve_ruleset *rules = range->scanner->rules;
    if (rules->patterns->rule_count == 0)
        return SIEVE_OK;
    const struct view *view = range->view;
    size_t width = engine_rule_width(rules->engine);
    size_t from = (size_t)(range->from - view->base);
    size_t to = (size_t)(range->to - view->base);
    from = from > width ? from - width : 0;
    to = view->length - to > width ? to + width : view->length;
    struct rule_collector collector = {range, view->base + from, false};
    sieve_status status =
        engine_rules(rules->engine, range->scanner->scratch, view->bytes + from,
                     to - from, take_rule, &collector);
    return collector.out_of_memory ? SIEVE_E_MEMORY : status;
}

/* ---- a range
 * --------------------------------------------------------------------------- */

/* Without the sieve the engine finds the names of codes. */
static sieve_status find_names(const struct range *range, uint64_t from)
{
    struct word_hits *words = &range->scanner->words;
    sieve_status status = words_look(words, range->view, from, range->to + FIELD_BEHIND);
    for (size_t i = 0; i < words->count; i++)
        if (words->items[i].probed)
            field_note_name(&range->scanner->names, range->view, words->items[i].word,
                            (size_t)(words->items[i].end - range->view->base));
    words_forget(words);
    return status;
}

static sieve_status find_places(const struct range *range, struct judge *judge)
{
    sieve_scanner *scanner = range->scanner;
    const struct view *view = range->view;
    size_t from = (size_t)(range->from - view->base);
    size_t to = (size_t)(range->to - view->base);
    size_t early = from > FIELD_BEFORE ? from - FIELD_BEFORE : 0;
    if (scanner->rules->sieve_off) {
        places_judge_all(judge, from, to);
        return find_names(range, view->base + early);
    }
    uint64_t started = now(scanner);
    size_t late =
        view->length - to > ESCAPED_CHAIN_MAX ? to + ESCAPED_CHAIN_MAX : view->length;
    struct sieve_plan tracing;
    const struct sieve_plan *plan = &scanner->rules->sieve;
    if (judge->tracing) { /* tells of what is no number too */
        tracing = *plan;
        tracing.asks_numbers = false;
        plan = &tracing;
    }
    sieve_run(plan, view->bytes, early, late, view->length, &scanner->places);
    uint64_t sieved = now(scanner);
    places_judge(judge, &scanner->places, from, to, &scanner->names);
    scanner->stats.sieve_time += sieved - started;
    scanner->stats.judge_time += now(scanner) - sieved;
    bool failed = scanner->places.out_of_memory || scanner->names.out_of_memory;
    return failed ? SIEVE_E_MEMORY : SIEVE_OK;
}

static sieve_status decide(const struct range *range)
{
    sieve_scanner *scanner = range->scanner;
    struct body *body = range->body;
    candidate_sort(&scanner->found);
    field_sort_names(&scanner->names);
    sieve_status status = look_for_words(range);
    if (status != SIEVE_OK)
        return status;
    for (size_t i = 0; i < scanner->found.count; i++)
        if (!scanner->found.items[i].refusal)
            context_decide(&scanner->found.items[i], range->view, &scanner->words,
                           &body->header);
    size_t numbers = scanner->found.count;
    status = field_find(range->view, &scanner->names, &scanner->words, range->from,
                        range->to, &scanner->found);
    if (status == SIEVE_OK)
        status = field_find_columns(range->view, &body->header, range->from, range->to,
                                    &scanner->found);
    if (status == SIEVE_OK)
        status = match_rules(range);
    if (scanner->found.count == numbers)
        return status;
    for (size_t i = numbers; i < scanner->found.count; i++)
        scanner->found.items[i].accepted = 1;
    candidate_sort(&scanner->found);
    return status;
}

static sieve_status scan_range(const struct range *range)
{
    sieve_scanner *scanner = range->scanner;
    struct body *body = range->body;
    struct judge judge = {.rules = scanner->rules,
                          .view = range->view,
                          .found = &scanner->found,
                          .stats = &scanner->stats,
                          .tracing = body->on_verdict != NULL};
    scanner->found.count = 0;
    scanner->places.count = 0;
    scanner->names.count = 0;
    words_forget(&scanner->words);
    uint64_t started = now(scanner);
    sieve_status status = find_places(range, &judge);
    if (status == SIEVE_OK && judge.out_of_memory)
        status = SIEVE_E_MEMORY;
    uint64_t judged = now(scanner);
    if (status == SIEVE_OK)
        status = decide(range);
    if (status == SIEVE_OK)
        status = body_settle(body, scanner, range->view);
    uint64_t ended = now(scanner);
    scanner->stats.context_time += ended - judged;
    scanner->stats.total_time += ended - started;
    scanner->stats.bytes += range->to - range->from;
    return status;
}

sieve_status body_scan(struct body *body, sieve_scanner *scanner, const struct view *view,
                       uint64_t from, uint64_t to)
{
    sieve_status status = SIEVE_OK;
    while (from < to && status == SIEVE_OK) {
        uint64_t next = to - from > RANGE_LENGTH ? from + RANGE_LENGTH : to;
        struct range range = {body, scanner, view, from, next};
        status = scan_range(&range);
        from = next;
    }
    return status;
}
