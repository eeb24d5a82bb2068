/* inventory_html.c - the inventory as one page that stands alone: no scripts, nothing
 * from elsewhere, to be read in any browser and printed on A4.
 */
#include "report/inventory.h"

#include <stdlib.h>

#include "report/html.h"
#include "report/pen.h"
#include "report/summary.h"

struct html_inventory {
    struct inventory base;
    struct pen pen;
    struct inventory_style style;
    size_t parts;  /* that were begun */
    uint64_t rows; /* of the part that was begun last */
    uint64_t findings;
    uint64_t listed;
};

static struct html_inventory *html_of(struct inventory *self)
{
    return (struct html_inventory *)self;
}

/* ---- what stands before the parts -------------------------------------------------- */

static void put_head(struct pen *pen, const struct inventory_run *run)
{
    pen_raw(pen, HTML_BEGIN);
    pen_raw(pen, pen->language == LANGUAGE_JA ? "ja" : "en");
    pen_raw(pen, HTML_HEAD);
    pen_word(pen, WORD_REPORT);
    pen_raw(pen, ": ");
    pen_text(pen, run->title.length > 0 ? run->title : run->target);
    pen_raw(pen, HTML_COLORS);
    pen_raw(pen, HTML_STYLE);
    pen_raw(pen, HTML_TABLES);
}

static void put_fact(struct pen *pen, enum word label, struct bytes text)
{
    if (text.length == 0)
        return;
    pen_raw(pen, "<div><dt>");
    pen_word(pen, label);
    pen_raw(pen, "</dt><dd><bdi>");
    pen_text(pen, text);
    pen_raw(pen, "</bdi></dd></div>\n");
}

static void put_facts(struct pen *pen, const struct inventory_run *run)
{
    pen_raw(pen, "<header>\n<h1>");
    pen_word(pen, WORD_REPORT);
    pen_raw(pen, "</h1>\n<dl>\n");
    put_fact(pen, WORD_TITLE, run->title);
    put_fact(pen, WORD_TARGET, run->target);
    put_fact(pen, WORD_LEDGER, run->ledger);
    put_fact(pen, WORD_BEGUN, run->begun);
    put_fact(pen, WORD_ENDED, run->ended);
    put_fact(pen, WORD_MADE, run->made);
    pen_raw(pen, "<div><dt>");
    pen_word(pen, WORD_PROGRAM);
    pen_raw(pen, "</dt><dd>cardsieve <bdi>");
    pen_text(pen, run->version);
    pen_raw(pen, "</bdi></dd></div>\n");
    put_fact(pen, WORD_CHOSEN, run->chosen);
    put_fact(pen, WORD_THRESHOLD,
             word_translated(bytes_of_text(sieve_confidence_name(run->threshold)),
                             pen->language));
    pen_raw(pen, "<div><dt>");
    pen_word(pen, WORD_SNAPSHOTS);
    pen_raw(pen, "</dt><dd>");
    pen_number(pen, run->snapshots);
    pen_raw(pen, "</dd></div>\n</dl>\n");
}

static void put_paragraph(struct pen *pen, enum word text)
{
    pen_raw(pen, "<p>");
    pen_word(pen, text);
    pen_raw(pen, "</p>\n");
}

static void put_state(struct pen *pen, const struct inventory_run *run)
{
    const int is_good = run->is_complete && run->findings == 0;
    pen_raw(pen, is_good            ? "<div class=\"state good\">\n"
                 : run->is_complete ? "<div class=\"state found\">\n"
                                    : "<div class=\"state incomplete\">\n");
    pen_raw(pen, "<p class=\"word\">");
    pen_word(pen, summary_state(run));
    pen_raw(pen, "</p>\n<p>");
    summary_put_state(pen, run);
    pen_raw(pen, "</p>\n");
    if (run->is_resumed) {
        pen_raw(pen, "<p>");
        pen_phrase(pen, WORD_SEVERAL_SNAPSHOTS, &run->snapshots, 1);
        pen_raw(pen, "</p>\n");
    }
    pen_raw(pen, "<p class=\"answer\">");
    pen_word(pen, summary_found(run));
    pen_raw(pen, "</p>\n</div>\n</header>\n");
}

static const struct {
    const char *anchor;
    enum word head;
} sections[] = {
    {"summary", WORD_SUMMARY},          {"next", WORD_NEXT},
    {"columns", WORD_BY_COLUMN},        {"missed", WORD_NOT_EXAMINED},
    {"repairs", WORD_REPAIRS},          {"tables", WORD_BY_TABLE},
    {"findings", WORD_SINGLE_FINDINGS}, {"limits", WORD_LIMITS},
};
#define SECTION_COUNT (sizeof sections / sizeof sections[0])
/* The part after so many sections. */
#define SECTION_OF_PARTS 2

static void put_contents(struct pen *pen)
{
    pen_raw(pen, "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">");
    pen_word(pen, WORD_CONTENTS);
    pen_raw(pen, "</h2>\n<ul>\n");
    for (size_t index = 0; index < SECTION_COUNT; index++) {
        pen_raw(pen, "<li><a href=\"#");
        pen_raw(pen, sections[index].anchor);
        pen_raw(pen, "\">");
        pen_word(pen, sections[index].head);
        pen_raw(pen, "</a></li>\n");
    }
    pen_raw(pen, "</ul>\n</nav>\n<main>\n");
}

static void begin_section(struct pen *pen, size_t index)
{
    pen_raw(pen, "<section id=\"");
    pen_raw(pen, sections[index].anchor);
    pen_raw(pen, "\">\n<h2>");
    pen_word(pen, sections[index].head);
    pen_raw(pen, "</h2>\n");
}

static void put_sums(struct pen *pen, const struct inventory_run *run)
{
    struct summary_line lines[SUMMARY_LINES_MAX];
    const size_t count = summary_lines(run, lines);
    pen_raw(pen, "<table class=\"sums\">\n<tbody>\n");
    for (size_t index = 0; index < count; index++) {
        pen_raw(pen, lines[index].is_alarm ? "<tr class=\"alarm\"><th scope=\"row\">"
                                           : "<tr><th scope=\"row\">");
        pen_word(pen, lines[index].label);
        pen_raw(pen, "</th><td class=\"number\">");
        summary_put(pen, &lines[index]);
        pen_raw(pen, "</td></tr>\n");
    }
    for (size_t index = 0; index < run->unread_count; index++) {
        pen_raw(pen, "<tr><th scope=\"row\"><small>");
        pen_word(pen, WORD_COLUMNS_UNREAD);
        pen_raw(pen, ": ");
        pen_said(pen, bytes_of_text(run->unread[index].reason));
        pen_raw(pen, "</small></th><td class=\"number\">");
        pen_number(pen, run->unread[index].columns);
        pen_raw(pen, "</td></tr>\n");
    }
    pen_raw(pen, "</tbody>\n</table>\n");
}

static void begin_counts(struct pen *pen, enum word head)
{
    pen_raw(pen, "<table class=\"sums\">\n<thead><tr><th scope=\"col\">");
    pen_word(pen, head);
    pen_raw(pen, "</th><th scope=\"col\" class=\"number\">");
    pen_word(pen, WORD_FINDINGS);
    pen_raw(pen, "</th></tr></thead>\n<tbody>\n");
}

static void end_count(struct pen *pen, uint64_t number)
{
    pen_raw(pen, "</th><td class=\"number\">");
    pen_number(pen, number);
    pen_raw(pen, "</td></tr>\n");
}

/* What may never be kept first. */
static void put_kinds(struct pen *pen, const struct inventory_run *run)
{
    begin_counts(pen, WORD_KIND);
    for (unsigned turn = 0; turn < 2 * SIEVE_KIND_COUNT; turn++) {
        const sieve_kind kind = (sieve_kind)(turn % SIEVE_KIND_COUNT);
        const int is_sensitive = sieve_kind_is_sensitive(kind) != 0;
        if (run->by_kind[kind] == 0 || is_sensitive != (turn < SIEVE_KIND_COUNT))
            continue;
        pen_raw(pen, is_sensitive ? "<tr class=\"alarm\"><th scope=\"row\">"
                                  : "<tr><th scope=\"row\">");
        pen_said(pen, bytes_of_text(sieve_kind_name(kind)));
        end_count(pen, run->by_kind[kind]);
    }
    pen_raw(pen, "</tbody>\n</table>\n");
}

static void put_brands(struct pen *pen, const struct inventory_run *run)
{
    begin_counts(pen, WORD_BRAND);
    for (size_t index = 0; index < run->brand_count; index++) {
        pen_raw(pen, "<tr><th scope=\"row\">");
        if (run->brands[index].title[0])
            pen_text(pen, bytes_of_text(run->brands[index].title));
        else
            pen_word(pen, WORD_NO_BRAND);
        end_count(pen, run->brands[index].findings);
    }
    pen_raw(pen, "</tbody>\n</table>\n");
}

static void put_summary(struct pen *pen, const struct inventory_run *run)
{
    begin_section(pen, 0);
    put_sums(pen, run);
    if (run->findings > 0) {
        put_kinds(pen, run);
        put_brands(pen, run);
        pen_raw(pen, "<h3>");
        pen_word(pen, WORD_RULES);
        pen_raw(pen, "</h3>\n");
        if (run->sensitive > 0) {
            pen_raw(pen, "<p class=\"alarm\">");
            pen_word(pen, WORD_RULE_SENSITIVE);
            pen_raw(pen, "</p>\n");
        }
        put_paragraph(pen, WORD_RULE_NUMBERS);
        put_paragraph(pen, WORD_RULE_GUIDELINE);
    }
    pen_raw(pen, "</section>\n");
}

static void put_next(struct pen *pen, const struct inventory_run *run)
{
    enum word steps[SUMMARY_NEXT_MAX];
    const size_t count = summary_next(run, steps);
    begin_section(pen, 1);
    pen_raw(pen, "<ol>\n");
    for (size_t index = 0; index < count; index++) {
        pen_raw(pen, "<li>");
        pen_word(pen, steps[index]);
        pen_raw(pen, "</li>\n");
    }
    pen_raw(pen, "</ol>\n</section>\n");
}

static sieve_status html_begin(struct inventory *self, const struct inventory_run *run)
{
    struct html_inventory *html = html_of(self);
    struct pen *pen = &html->pen;
    html->findings = run->findings;
    put_head(pen, run);
    put_facts(pen, run);
    put_state(pen, run);
    put_contents(pen);
    put_summary(pen, run);
    put_next(pen, run);
    return pen_status(pen);
}

/* ---- parts ------------------------------------------------------------------------- */

static void end_part(struct html_inventory *html)
{
    struct pen *pen = &html->pen;
    const uint64_t numbers[] = {html->listed, html->findings - html->listed};
    if (html->parts == 0)
        return;
    const enum inventory_part part = (enum inventory_part)(html->parts - 1);
    if (html->rows > 0)
        pen_raw(pen, "</tbody>\n</table>\n");
    else if (part != INVENTORY_FINDING || html->findings == 0)
        put_paragraph(pen, part == INVENTORY_MISSED ? WORD_ALL_EXAMINED : WORD_NONE);
    if (part == INVENTORY_FINDING && html->listed < html->findings) {
        pen_raw(pen, "<p>");
        pen_phrase(pen, WORD_MORE_FINDINGS, numbers, 2);
        pen_raw(pen, "</p>\n");
    }
    pen_raw(pen, "</section>\n");
}

/* Ends what stands before a part and begins it; parts without rows say so. */
static void begin_part(struct html_inventory *html, size_t part)
{
    while (html->parts <= part) {
        end_part(html);
        begin_section(&html->pen, SECTION_OF_PARTS + html->parts);
        html->parts++;
        html->rows = 0;
    }
}

static sieve_status html_row(struct inventory *self, const struct inventory_row *row)
{
    struct html_inventory *html = html_of(self);
    begin_part(html, row->part);
    if (row->part == INVENTORY_FINDING && html->listed >= html->style.findings_max)
        return pen_status(&html->pen);
    if (html->rows++ == 0)
        html_put_heads(&html->pen, row->part);
    html_put_row(&html->pen, row);
    html->listed += row->part == INVENTORY_FINDING;
    return pen_status(&html->pen);
}

static sieve_status html_end(struct inventory *self)
{
    struct html_inventory *html = html_of(self);
    begin_part(html, INVENTORY_PART_COUNT - 1);
    end_part(html);
    begin_section(&html->pen, SECTION_COUNT - 1);
    put_paragraph(&html->pen, WORD_LIMITS_TEXT);
    put_paragraph(&html->pen, WORD_MASKED_ONLY);
    pen_raw(&html->pen, "</section>\n</main>\n</body>\n</html>\n");
    return pen_status(&html->pen);
}

static void html_free(struct inventory *self)
{
    pen_done(&html_of(self)->pen);
    free(self);
}

static const struct inventory_ops html_inventory_ops = {
    .name = "html",
    .begin = html_begin,
    .row = html_row,
    .end = html_end,
    .free = html_free,
};

sieve_status html_inventory_new(struct writer *writer,
                                const struct inventory_style *style,
                                struct inventory **out)
{
    struct html_inventory *html = calloc(1, sizeof *html);
    if (!html)
        return SIEVE_E_MEMORY;
    html->base.ops = &html_inventory_ops;
    html->style = *style;
    pen_init(&html->pen, writer, style->language, 1);
    *out = &html->base;
    return SIEVE_OK;
}
