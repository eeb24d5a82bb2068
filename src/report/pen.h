/* pen.h - what the reports for people write with: everything that passes is harmless in
 * the place where it ends up, a terminal or HTML, and in the reader's language.
 *
 * Failures stay: a run of calls needs one look at the end.
 */
#ifndef SIEVE_REPORT_PEN_H
#define SIEVE_REPORT_PEN_H

#include "base/writer.h"
#include "report/words.h"

struct pen {
    struct writer *writer; /* borrowed */
    enum language language;
    int is_html;
    struct buffer plain; /* text as it was given, made visible */
    struct buffer made;  /* ... as it is written */
    sieve_status status;
};

void pen_init(struct pen *pen, struct writer *writer, enum language language,
              int is_html);
void pen_done(struct pen *pen);

/* The first failure of the pen or of its writer. */
sieve_status pen_status(const struct pen *pen) SIEVE_MUST_CHECK;

/* Markup and layout: a constant of the report's own, written as it is. */
void pen_raw(struct pen *pen, const char *text);

/* Text of any origin. */
void pen_text(struct pen *pen, struct bytes text);

/* A stable word, as people of the language say it. */
void pen_said(struct pen *pen, struct bytes text);

void pen_word(struct pen *pen, enum word which);

/* A sentence with numbers in its places. */
void pen_phrase(struct pen *pen, enum word which, const uint64_t *numbers, size_t count);

void pen_number(struct pen *pen, uint64_t number);
void pen_size(struct pen *pen, uint64_t bytes);

/* "1,000 of 2,000"; UINT64_MAX is not known. */
void pen_rows_read(struct pen *pen, uint64_t rows_read, uint64_t rows);

/* What names a row: "id=42". */
void pen_row(struct pen *pen, struct bytes row);

#endif /* SIEVE_REPORT_PEN_H */
