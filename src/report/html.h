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

/* Light and dark; print is always light. */
#define HTML_COLORS                                                                      \
    "</title>\n<style>\n"                                                                \
    "@page { size: A4; margin: 15mm 12mm; }\n"                                           \
    ":root { color-scheme: light; --ink: #1a1f1d; --back: #fff; --soft: #505a56; "       \
    "--line: #c4ccc8; --head: #eef2f0; --link: #17594a; --alarm: #9d1c14; --sad: "       \
    "#fdf0ee; --good: #17633f; --good-back: #eef8f1; --found: #8a5a00; "                 \
    "--found-back: #fff7e6; }\n"                                                         \
    "@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; "      \
    "--ink: #e4ebe8; --back: #141917; --soft: #a7b4ae; --line: #3a4540; --head: "        \
    "#202825; --link: #7fd0b9; --alarm: #ff9d94; --sad: #331b19; --good: #7fd6a8; "      \
    "--good-back: #172b22; --found: #e5b93c; --found-back: #2b2410; } }\n"

#define HTML_STYLE                                                                       \
    "* { box-sizing: border-box; }\n"                                                    \
    "body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; color: var(--ink); "      \
    "background: var(--back); font: 1rem/1.6 system-ui, \"Hiragino Sans\", \"Noto "      \
    "Sans CJK JP\", \"Yu Gothic\", Meiryo, \"IPAGothic\", sans-serif; }\n"               \
    "h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 1rem; } h2 { font-size: "     \
    "1.25rem; border-bottom: 2px solid var(--line); margin: 2.5rem 0 .75rem; "           \
    "padding-bottom: .2rem; break-after: avoid; } h3 { font-size: 1rem; margin: "        \
    "1.25rem 0 .25rem; }\n"                                                              \
    "a { color: var(--link); } ol, ul { padding-left: 1.6rem; } li { margin: "           \
    ".15rem 0; }\n"                                                                      \
    "dl { display: grid; gap: .1rem 1rem; margin: 0; }\n"                                \
    "dl div { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; }\n"        \
    "dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }\n"            \
    ".state { border: 1px solid var(--line); border-left: .5rem solid var(--soft); "     \
    "border-radius: .5rem; padding: .75rem 1.25rem; margin: 1.5rem 0; "                  \
    "break-inside: avoid; } .state p { margin: .2rem 0; }\n"                             \
    ".state .word { font-size: 2rem; font-weight: bold; line-height: 1.3; }\n"           \
    ".state .answer { font-weight: bold; }\n"                                            \
    ".good { border-color: var(--good); background: var(--good-back); }\n"               \
    ".found { border-color: var(--found); background: var(--found-back); }\n"            \
    ".incomplete { border-color: var(--alarm); background: var(--sad); }\n"              \
    ".incomplete .word, .alarm, .alarm th, .alarm td { color: var(--alarm); "            \
    "font-weight: bold; }\n"                                                             \
    "nav ul { columns: 16rem 2; }\n"

#define HTML_TABLES                                                                      \
    "section { overflow-x: auto; }\n"                                                    \
    "table { border-collapse: collapse; width: 100%; font-size: .875rem; margin: "       \
    ".5rem 0 1rem; }\n"                                                                  \
    "table.sums { display: inline-table; width: auto; margin-right: 2rem; "              \
    "vertical-align: top; } thead { display: table-header-group; }\n"                    \
    "th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; "              \
    "text-align: left; vertical-align: top; min-width: 3.5em; }\n"                       \
    "thead th { background: var(--head); word-break: keep-all; } tr { "                  \
    "break-inside: avoid; } tbody th { font-weight: 600; }\n"                            \
    ".number { text-align: right; font-variant-numeric: tabular-nums; }\n"               \
    "code, .masked { font-family: ui-monospace, \"Noto Sans Mono\", monospace; } "       \
    ".masked { white-space: nowrap; }\n"                                                 \
    "small { color: var(--soft); display: block; } tr.sad td, tr.sad th { "              \
    "background: var(--sad); }\n"                                                        \
    "td:nth-child(3) small { min-width: 15em; }\n"                                       \
    "@media screen and (max-width: 45rem) { body { padding: 1rem; } section > "          \
    "table:not(.sums) { min-width: 54rem; } }\n"                                         \
    "@media print { body { max-width: none; font-size: 9.5pt; padding: 0; } h2 { "       \
    "margin-top: 1.5rem; } nav { display: none; } section { overflow: visible; } "       \
    "table { font-size: 7.5pt; } table.sums { display: table; } th, td { "               \
    "min-width: 0; padding: .15rem .3rem; } tbody th, tbody td { overflow-wrap: "        \
    "anywhere; min-width: 8em; } td.number { min-width: 4.5em; } a { color: "            \
    "inherit; text-decoration: none; } * { print-color-adjust: exact; "                  \
    "-webkit-print-color-adjust: exact; } }\n"                                           \
    "</style>\n</head>\n<body>\n"

/* Begins the table of a part. */
void html_put_heads(struct pen *pen, enum inventory_part part);

/* One row of it. */
void html_put_row(struct pen *pen, const struct inventory_row *row);

#endif /* SIEVE_REPORT_HTML_H */
