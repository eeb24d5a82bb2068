/* report_fixture.h - a report that writes into memory, and things to tell it. */
#ifndef TEST_REPORT_FIXTURE_H
#define TEST_REPORT_FIXTURE_H

#include "report/report.h"

struct fixture {
    int ends[2]; /* a pipe: nothing here is larger than it holds */
    struct writer writer;
    struct report *report;
    struct place place;
    char text[8192];
};

typedef sieve_status (*report_maker)(struct writer *writer,
                                     const struct report_style *style,
                                     struct report **out);

void fixture_open(struct fixture *fixture, report_maker make, int colour,
                  int summary_only);
void fixture_close(struct fixture *fixture);

void fixture_name(struct fixture *fixture, const char *name);

/* What was written since, NUL-ended. */
const char *fixture_read(struct fixture *fixture);

extern const sieve_brand fixture_visa;
extern const sieve_finding fixture_finding;

#endif
