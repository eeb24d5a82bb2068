/* seal.h - two steps around the mask of what carries checksums.
 *
 * A number in a header of a tar archive - the name of a member, say - can be masked,
 * and the header's checksum is then written anew.  In what stands in `codec_sealed()`
 * nothing can be masked without breaking it: the back step refuses at its end when a
 * byte of it was changed, be it all of the item or a member of an archive.
 *
 * The front sees the clear bytes and notes which headers were right; the back sees the
 * masked bytes, of which there are as many.  No clear byte is kept for it.
 */
#ifndef SIEVE_CODEC_SEAL_H
#define SIEVE_CODEC_SEAL_H

#include "pipeline/stage.h"

/* `is_tar`, or all of it is sealed; `reason` is what the second says (a constant).
 * The caller puts the mask behind the front and before the back: front->next is NULL,
 * and the front must live as long as the back is written to.  The back owns `sink` when
 * it succeeds.  SIEVE_E_LIMIT comes with the reason in `error`, which is borrowed. */
sieve_status seal_stages_new(int is_tar, const char *reason, sieve_error *error,
                             struct stage *sink, struct stage **front_out,
                             struct stage **back_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_CODEC_SEAL_H */
