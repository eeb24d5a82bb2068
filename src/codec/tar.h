/* tar.h - where the headers of a tar archive lie, and their checksums.
 *
 * The walk follows the archive's bytes, in whatever pieces they come, and gives them
 * back as what they are.  It trusts nothing: what is no header where one should be is
 * passed over, block by block, until the next one.
 */
#ifndef SIEVE_CODEC_TAR_H
#define SIEVE_CODEC_TAR_H

#include <stdint.h>

#include "base/bytes.h"

#define TAR_BLOCK 512u

/* Which checksum a block has: some old writers added up signed characters. */
enum tar_sum {
    TAR_SUM_WRONG,
    TAR_SUM_UNSIGNED,
    TAR_SUM_SIGNED
};

/* All of these take TAR_BLOCK bytes. */
enum tar_sum tar_sum(const unsigned char *block);
int tar_is_header(const unsigned char *block); /* by its magic or its checksum */

/* Writes the checksum anew, in the layout it has.  0, or -1 if it does not fit. */
int tar_seal(unsigned char *block, enum tar_sum sum);

/* 1 if these first bytes of an item begin an archive.  If more are needed to tell,
 * *wants_more is 1, else it is left alone. */
int tar_sniff(struct bytes first, int *wants_more);

enum tar_piece {
    TAR_NOTHING, /* all was taken, a block is not complete yet */
    TAR_HEADER,  /* a block where a header may stand */
    TAR_FIRST,   /* the first block of a file */
    TAR_DATA     /* some more of it, or of something that is no file */
};

struct tar_walk {
    uint64_t left; /* bytes to the next header */
    int is_first;  /* the next block is the first of a file */
    size_t carried;
    unsigned char block[TAR_BLOCK];
};

/* Takes the next piece off the front of *bytes.  A header and a first block lie in
 * walk->block, to be changed if need be; data lies in the bytes that were given. */
enum tar_piece tar_walk_next(struct tar_walk *walk, struct bytes *bytes,
                             struct bytes *piece_out);

/* The block just given is a header: goes by its size and type. */
void tar_walk_follow(struct tar_walk *walk);

#endif /* SIEVE_CODEC_TAR_H */
