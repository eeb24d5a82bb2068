/* window.h - a scan of one item, piece by piece, in memory that fits a core's cache.
 *
 * The window holds the bytes being judged with the history and the foresight a
 * judgement may depend on (SIEVE_BEFORE, SIEVE_AFTER), and moves over the item.
 * It is made once for a worker and started anew for each item, so an item costs no
 * allocation.  Pieces end where sieve_border() says they may.
 */
#ifndef SIEVE_PIPELINE_WINDOW_H
#define SIEVE_PIPELINE_WINDOW_H

#include "base/bytes.h"
#include "cardsieve.h"

/* Bytes that are judged together. */
struct piece {
    const unsigned char *bytes; /* of the item's offset `begin` and on, up to `end` */
    uint64_t begin;
    uint64_t end;
    uint64_t from; /* findings that start in [from, to) are told */
    uint64_t to;
};

/* Who hears of it: for each piece that it begins (its bytes stay where they are until
 * it ends), its findings in order, that it ends.  Both of the piece may be NULL. */
struct window_sink {
    void (*on_begin)(const struct piece *piece, void *context);
    sieve_on_finding on_finding;
    sieve_status (*on_end)(const struct piece *piece, void *context);
    void *context;
};

struct window;

/* Borrows the scanner until free. */
sieve_status window_new(sieve_scanner *scanner, struct window **out) SIEVE_MUST_CHECK;

/* Wipes and releases.  NULL is legal. */
void window_free(struct window *window);

/* Begins an item, or a part of one: the first byte that will come is at offset
 * `begin`; findings that start in [from, until) are told.  A part that begins past
 * the item's start gives the item's first bytes as `head` (SIEVE_HEAD of them or
 * all; copied).  `sink` is copied. */
void window_start(struct window *window, const struct window_sink *sink, uint64_t begin,
                  uint64_t from, uint64_t until, struct bytes head);

/* Lends room for at least one byte. */
sieve_status window_room(struct window *window, void **at_out,
                         size_t *capacity_out) SIEVE_MUST_CHECK;

/* Takes the first `length` bytes of the room. */
sieve_status window_commit(struct window *window, size_t length) SIEVE_MUST_CHECK;

/* room() and commit() around a copy. */
sieve_status window_write(struct window *window, struct bytes chunk) SIEVE_MUST_CHECK;

/* 1 when all that a part needs has come: no more bytes are of use. */
int window_is_full(const struct window *window);

/* Judges what is left: the item has ended, or the part is full.  Once. */
sieve_status window_finish(struct window *window) SIEVE_MUST_CHECK;

/* Offset behind the last byte taken. */
uint64_t window_end(const struct window *window);

#endif /* SIEVE_PIPELINE_WINDOW_H */
