/* html.h - the inside of the HTML inventory: its frame and the rows of its tables. */
#ifndef SIEVE_REPORT_HTML_H
#define SIEVE_REPORT_HTML_H

#include "report/inventory.h"
#include "report/pen.h"

/* The language follows, then the head, the title, and the style. */
#define HTML_BEGIN "<!DOCTYPE html>\n<html lang=\""
#define HTML_HEAD                                                                        \
    "\">\n<head>\n<meta charset=\"utf-8\">\n"                                            \
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"         \
    "<meta name=\"robots\" content=\"noindex, nofollow\">\n"                             \
    "<meta name=\"referrer\" content=\"no-referrer\">\n"                                 \
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "        \
    "style-src 'unsafe-inline'\">\n<title>"
#define HTML_STYLE                                                                       \
    "</title>\n<style>\n"                                                                \
    "@page { size: A4; margin: 15mm 12mm; }\n"                                           \
    "* { box-sizing: border-box; }\n"                                                    \
    "body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: #1a1a1a; "           \
    "background: #fff; font: 1rem/1.5 \"Hiragino Sans\", \"Noto Sans CJK JP\", "         \
    "\"Yu Gothic\", Meiryo, system-ui, sans-serif; }\n"                                  \
    "h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; border-bottom: 1px solid "       \
    "#888; margin-top: 2rem; break-after: avoid; } h3 { font-size: 1rem; }\n"            \
    "dl { display: grid; gap: .1rem 1rem; margin: 0; }\n"                                \
    "dl div { display: grid; grid-template-columns: 11rem 1fr; }\n"                      \
    "dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }\n"                   \
    ".state { border: 3px solid #555; border-radius: .3rem; padding: .5rem 1rem; "       \
    "margin: 1rem 0; break-inside: avoid; } .state p { margin: .2rem 0; }\n"             \
    ".state .word { font-size: 2.2rem; font-weight: bold; line-height: 1.3; }\n"         \
    ".state .answer { font-weight: bold; }\n"                                            \
    ".good { border-color: #0b6b2e; background: #eef8f1; }\n"                            \
    ".found { border-color: #8a5a00; background: #fff7e6; }\n"                           \
    ".incomplete { border-color: #a40000; background: #fdf0f0; }\n"                      \
    ".incomplete .word, .alarm, .alarm th, .alarm td { color: #a40000; "                 \
    "font-weight: bold; }\n"                                                             \
    "nav ul { columns: 2; }\n"                                                           \
    "table { border-collapse: collapse; width: 100%; font-size: .85rem; margin: .5rem "  \
    "0 1rem; }\n"                                                                        \
    "table.sums { width: auto; } thead { display: table-header-group; }\n"               \
    "th, td { border: 1px solid #999; padding: .2rem .4rem; text-align: left; "          \
    "vertical-align: top; overflow-wrap: anywhere; }\n"                                  \
    "thead th { background: #eee; } tr { break-inside: avoid; }\n"                       \
    ".number { text-align: right; font-variant-numeric: tabular-nums; }\n"               \
    "code, .masked { font-family: ui-monospace, \"Noto Sans Mono\", monospace; }\n"      \
    "small { color: #444; display: block; } tr.sad td, tr.sad th { background: "         \
    "#fdf0f0; }\n"                                                                       \
    "@media print { body { font-size: 9.5pt; padding: 0; } nav { display: none; } "      \
    "a { color: inherit; text-decoration: none; } "                                      \
    "* { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }\n"            \
    "</style>\n</head>\n<body>\n"

/* Begins the table of a part. */
void html_put_heads(struct pen *pen, enum inventory_part part);

/* One row of it. */
void html_put_row(struct pen *pen, const struct inventory_row *row);

#endif /* SIEVE_REPORT_HTML_H */
