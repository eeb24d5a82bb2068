/* veil.h - the engine that hides numbers in names: everything, at the lowest
 * confidence.  Most runs meet no name that needs it, so it is made on first use.
 */
#ifndef SIEVE_JOB_VEIL_H
#define SIEVE_JOB_VEIL_H

#include "base/safe_text.h"
#include "cardsieve.h"
#include "source/source.h"

struct veil;

/* `options` gives the user's own tables; the rest of it is not taken.  It is
 * borrowed until free. */
sieve_status veil_new(const sieve_options *options, struct veil **out) SIEVE_MUST_CHECK;
void veil_free(struct veil *veil); /* NULL is legal */

/* safe_text_set() behind the veil.  From any thread. */
sieve_status veil_set(struct veil *veil, struct safe_text *text,
                      struct bytes raw) SIEVE_MUST_CHECK;

/* The same for the whole path of a find. */
sieve_status veil_find(struct veil *veil, struct safe_text *text,
                       const struct find *find) SIEVE_MUST_CHECK;

#endif /* SIEVE_JOB_VEIL_H */
