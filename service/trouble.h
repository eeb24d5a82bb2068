/* trouble.h - what keeps the service from its work and an operator must hear of while it
 * runs: counted, and said on standard error, each kind at most once a minute.
 *
 * One for the process, as its descriptors are.  From any thread.
 */
#ifndef SIEVE_SERVICE_TROUBLE_H
#define SIEVE_SERVICE_TROUBLE_H

#include <stdint.h>

enum trouble {
    TROUBLE_DESCRIPTORS, /* there was none for a connection */
    TROUBLE_LOG,         /* a line of the access log was lost */
    TROUBLE_SPOOL,       /* a body could not be kept */
    TROUBLE_COUNT
};

/* It happened `times` times; `error` is an errno. */
void trouble_note(enum trouble trouble, uint64_t times, int error);

uint64_t trouble_count(enum trouble trouble);
/* "descriptors": stable, for the counters. */
const char *trouble_name(enum trouble trouble);

#endif /* SIEVE_SERVICE_TROUBLE_H */
