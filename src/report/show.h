/* show.h - how texts of any origin are made harmless where they are shown. */
#ifndef SIEVE_REPORT_SHOW_H
#define SIEVE_REPORT_SHOW_H

#include "base/buffer.h"

/* Appends what names a row, {"id":"42","line":"1"}, as id=42, line=1.  What is no such
 * object comes out as the text it is.  Harmless on a terminal. */
sieve_status show_row(struct buffer *out, struct bytes row) SIEVE_MUST_CHECK;

/* 1 if it is one JSON object whose values are strings, and nothing else. */
int show_is_object(struct bytes row);

/* Appends visible text as HTML: & < > " and ' by their names. */
sieve_status show_html(struct buffer *out, struct bytes text) SIEVE_MUST_CHECK;

/* Appends visible text as one field of CSV (RFC 4180), always quoted.  What a spreadsheet
 * would take for a formula gets an apostrophe in front. */
sieve_status show_csv(struct buffer *out, struct bytes text) SIEVE_MUST_CHECK;

#endif /* SIEVE_REPORT_SHOW_H */
