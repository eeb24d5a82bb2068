/* findings.h - the findings of one body as the JSON that a scan answers with. */
#ifndef SIEVE_SERVICE_FINDINGS_H
#define SIEVE_SERVICE_FINDINGS_H

#include "service/body.h"

struct findings;

/* `directory` is where an answer lies that is larger than memory; borrowed. */
sieve_status findings_new(const char *directory, struct findings **out) SIEVE_MUST_CHECK;
void findings_free(struct findings *findings); /* NULL is legal */

/* For the body's plan. */
struct body_listener findings_listener(struct findings *findings);

/* What follows is in this part's head or content, and is counted from its start. */
void findings_part(struct findings *findings, const struct part_head *head, int is_head);

/* What follows is beside the content of a coding, and is counted from its member's start;
 * NULL: it is the content again. */
void findings_beside(struct findings *findings, const struct beside_place *place);

/* The summary; then the spool is the whole answer. */
sieve_status findings_finish(struct findings *findings,
                             const struct body_notes *notes) SIEVE_MUST_CHECK;
struct spool *findings_spool(struct findings *findings);

#endif /* SIEVE_SERVICE_FINDINGS_H */
