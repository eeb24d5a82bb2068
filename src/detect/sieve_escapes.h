/* sieve_escapes.h - where escapes stand that may be part of a number.
 *
 * Part of sieve_loop.h, as sieve_chains.h is.  A block is looked at here
 * only if it has one of the bytes that begin an escape or belong to UTF-16.
 *
 * An escape of a number is an escaped digit, or it parts two digits, so that a digit
 * touches it, or it stands beside another that a digit touches.  Only those are told that
 * are digits or are touched by one: judging reads the chain around them.
 */
#ifndef SIEVE_DETECT_SIEVE_ESCAPES_H
#define SIEVE_DETECT_SIEVE_ESCAPES_H

#include "detect/sieve_chains.h"

/* Digits of UTF-16 that a number has in this block and the next at least. */
#define WIDE_DIGITS_MIN 8u

/* One letter in either case. */
static inline uint64_t letter_mask(const uint8_t *at, uint8_t lower)
{
    return byte_mask(at, lower) | byte_mask(at, lower ^ 0x20);
}

static inline uint64_t hex_mask(const uint8_t *at)
{
    return digit_mask(at) | range_mask(at, 'a', 6) | range_mask(at, 'A', 6);
}

static inline uint64_t gap_mask(const uint8_t *at)
{
    return byte_mask(at, ' ') | byte_mask(at, '+') | range_mask(at, '-', 2) |
           byte_mask(at, '\n') | byte_mask(at, '\r');
}

/* A full-width digit may end in the byte before at[0]. */
static inline uint64_t wide_before(const uint8_t *at)
{
    return range_mask(at - 1, 0x90, 10) | range_mask(at - 1, 0xB0, 10) |
           (range_mask(at - 1, 0x4F, 10) & byte_mask(at - 2, 0x82));
}

/* A digit of any width may begin at at[0]. */
static inline uint64_t digit_begins(const uint8_t *at)
{
    return digit_mask(at) | byte_mask(at, 0xEF) | byte_mask(at, 0x82) |
           byte_mask(at, 0xA3);
}

/* ---- %HH and =HH ------------------------------------------------------------------ */

/* Full-width digits of which the first two bytes, or one, are escaped. */
static inline uint64_t coded_wide(const uint8_t *at, uint8_t introducer, uint64_t escapes)
{
    uint64_t two = escapes & byte_mask(at + 2, '2');
    uint64_t three = escapes & byte_mask(at + 2, '3');
    uint64_t utf8 = escapes & letter_mask(at + 2, 'c');
    if (!(two | three | utf8))
        return 0;
    uint64_t next = byte_mask(at + 3, introducer);
    uint64_t digit = digit_mask(at + 5);
    utf8 &= byte_mask(at + 4, '9') & digit;
    uint64_t euc_jp = three & letter_mask(at + 1, 'a') & letter_mask(at + 4, 'b') & digit;
    uint64_t cp932 = two & byte_mask(at + 1, '8');
    return (next & (utf8 | euc_jp)) |
           (cp932 & ((next & range_mask(at + 4, '4', 2)) | range_mask(at + 3, 'O', 10)));
}

/* The escapes that may be separators, or the last byte of one, and touch a digit. */
static inline uint64_t coded_separators(const uint8_t *at, uint8_t introducer,
                                        uint64_t escapes)
{
    uint64_t digit_before = digit_mask(at - 1);
    uint64_t behind = digit_begins(at + 3);
    uint64_t high_behind = range_mask(at + 3, 0x80, 128);
    uint64_t far_behind = digit_begins(at + 4);
    uint64_t wide = wide_before(at);
    escapes &= digit_before | behind | high_behind | far_behind | wide;
    if (!escapes)
        return 0;
    uint64_t high = range_mask(at + 1, '8', 2) | range_mask(at + 1, 'a', 6) |
                    range_mask(at + 1, 'A', 6);
    uint64_t escape_before =
        byte_mask(at - 3, introducer) & hex_mask(at - 2) & hex_mask(at - 1);
    uint64_t before = (digit_before & ~escape_before) | wide;
    uint64_t ascii = byte_mask(at + 1, '2') | byte_mask(at + 1, '0');
    uint64_t eight = byte_mask(at + 1, '8');
    /* CP932: the second byte of a separator is ASCII, escaped or not. */
    uint64_t second = byte_mask(at - 3, introducer) & byte_mask(at - 2, '8');
    return escapes &
           (((ascii | high) & (before | behind)) | (second & behind) |
            (eight & far_behind & ~byte_mask(at + 3, introducer)) | (high & high_behind));
}

/* =LF and =CRLF that do not part words. */
static inline uint64_t soft_breaks(const uint8_t *at)
{
    uint64_t breaks = byte_mask(at + 1, '\n') | byte_mask(at + 1, '\r');
    if (!breaks)
        return 0;
    uint64_t before = (range_mask(at - 1, 'a', 26) | range_mask(at - 1, 'A', 26)) &
                      ~byte_mask(at - 3, '=') & ~byte_mask(at - 2, 0x82);
    uint64_t behind = range_mask(at + 2, 'a', 26) | range_mask(at + 2, 'A', 26);
    uint64_t behind_two = range_mask(at + 3, 'a', 26) | range_mask(at + 3, 'A', 26);
    return ~before & ((byte_mask(at + 1, '\n') & ~behind) |
                      (byte_mask(at + 1, '\r') & ~behind_two));
}

/* Escaped digits that something goes on with: id=35& is none. */
static inline uint64_t coded_digits(const uint8_t *at, uint8_t introducer,
                                    uint64_t escapes)
{
    uint64_t digits = escapes & byte_mask(at + 1, '3');
    if (digits)
        digits &= digit_mask(at + 2);
    if (!digits)
        return 0;
    uint64_t behind =
        digit_begins(at + 3) | byte_mask(at + 3, introducer) |
        range_mask(at + 3, 0x80, 128) |
        (gap_mask(at + 3) & (digit_begins(at + 4) | byte_mask(at + 4, introducer) |
                             gap_mask(at + 4) | range_mask(at + 4, 0x80, 128)));
    uint64_t before = digit_mask(at - 1) | byte_mask(at - 3, introducer) |
                      gap_mask(at - 1) | range_mask(at - 1, 0x80, 128) | wide_before(at);
    return digits & (behind | before);
}

/* Most texts have escapes; few of them stand where a number may be, and what cannot be
 * one is found out with a few questions. */
static SIEVE_RARE void find_coded(struct sieve_state *state, size_t at,
                                  const uint8_t *bytes, uint8_t introducer,
                                  uint64_t leads)
{
    uint64_t found = introducer == '=' ? leads & soft_breaks(bytes) : 0;
    uint64_t escapes = leads & hex_mask(bytes + 1);
    if (escapes)
        escapes &= hex_mask(bytes + 2);
    if (escapes)
        found |= coded_digits(bytes, introducer, escapes) |
                 coded_separators(bytes, introducer, escapes) |
                 coded_wide(bytes, introducer, escapes);
    if (found)
        add_places(state, PLACE_ESCAPE, at, found);
}

/* ---- \uHHHH and \xHH
 * ------------------------------------------------------------------------ */

static SIEVE_RARE void find_json(struct sieve_state *state, size_t at,
                                 const uint8_t *bytes, uint64_t leads)
{
    uint64_t u = byte_mask(bytes + 1, 'u');
    uint64_t ascii =
        byte_mask(bytes + 2, '0') & byte_mask(bytes + 3, '0') & byte_mask(bytes + 4, '3');
    uint64_t wide = letter_mask(bytes + 2, 'f') & letter_mask(bytes + 3, 'f') &
                    byte_mask(bytes + 4, '1');
    uint64_t escape_before = byte_mask(bytes - 6, '\\') & byte_mask(bytes - 5, 'u');
    uint64_t before = (digit_mask(bytes - 1) & ~escape_before) | wide_before(bytes);
    uint64_t found =
        u & (((ascii | wide) & digit_mask(bytes + 5)) | before | digit_begins(bytes + 6));
    /* A line break: behind a digit or a separator, and a digit behind it. */
    uint64_t apart = before | escape_before | gap_mask(bytes - 1) |
                     range_mask(bytes - 1, 0x80, 128) | byte_mask(bytes - 2, 0x81) |
                     byte_mask(bytes - 2, 0x84);
    found |= apart & ((byte_mask(bytes + 1, 'n') & digit_begins(bytes + 2)) |
                      (byte_mask(bytes + 1, 'r') & digit_begins(bytes + 4)));
    add_places(state, PLACE_ESCAPE, at, found & leads);
    /* Hex of which each pair is led by \x: told by its first pair. */
    uint64_t x = leads & byte_mask(bytes + 1, 'x');
    if (x)
        add_places(state, PLACE_HEX, at + 2,
                   x & hex_pairs(bytes + 2) & hex_pairs(bytes + 6) &
                       hex_pairs(bytes + 10) & hex_pairs(bytes + 14));
}

/* ---- &...; ------------------------------------------------------------------------- */

/* Names of entities that part digits are so long. */
#define ENTITY_NAME_MIN 3u
#define ENTITY_NAME_MAX 9u

static SIEVE_RARE void find_entities(struct sieve_state *state, size_t at,
                                     const uint8_t *bytes, uint64_t leads)
{
    uint64_t before = digit_mask(bytes - 1) | gap_mask(bytes - 1) |
                      byte_mask(bytes - 1, ';') | range_mask(bytes - 1, 0x80, 128) |
                      byte_mask(bytes - 2, 0x82) | byte_mask(bytes - 2, 0x81) |
                      byte_mask(bytes - 2, 0x84);
    uint64_t named = 0;
    for (unsigned i = ENTITY_NAME_MIN; i <= ENTITY_NAME_MAX && (leads & before); i++)
        named |= byte_mask(bytes + 1 + i, ';');
    add_places(state, PLACE_ESCAPE, at,
               leads & (byte_mask(bytes + 1, '#') | (before & named)));
}

/* ---- UTF-16 ------------------------------------------------------------------------ */

/* Each is told by its byte of 00 or FF: the second of a little-endian digit. */
static inline uint64_t little_digits(const uint8_t *at)
{
    return (digit_mask(at - 1) & byte_mask(at, 0)) |
           (range_mask(at - 1, 0x10, 10) & byte_mask(at, 0xFF));
}

static inline uint64_t big_digits(const uint8_t *at)
{
    return (digit_mask(at + 1) & byte_mask(at, 0)) |
           (range_mask(at + 1, 0x10, 10) & byte_mask(at, 0xFF));
}

static SIEVE_RARE void find_wide(struct sieve_state *state, size_t at,
                                 const uint8_t *bytes)
{
    uint64_t little = little_digits(bytes);
    uint64_t big = big_digits(bytes);
    if (!(little | big))
        return;
    struct padded padded;
    bytes = padded_block(state, at + BLOCK, &padded);
    if (little &&
        count_bits(little) + count_bits(little_digits(bytes)) >= WIDE_DIGITS_MIN)
        add_places(state, PLACE_WIDE, at - 1, little & ~(little << 2));
    if (big && count_bits(big) + count_bits(big_digits(bytes)) >= WIDE_DIGITS_MIN)
        add_places(state, PLACE_WIDE, at, big & ~(big << 2));
}

/* ---- names of codes
 * -------------------------------------------------------------------- */

static SIEVE_RARE void find_names(struct sieve_state *state, size_t at, uint64_t names)
{
    for (; names; names &= names - 1) {
        size_t place = at + first_bit(names);
        if (place + PROBE_OWN <= state->length &&
            probe_may_be(state->plan->names, state->bytes + place))
            add_place(state, PLACE_NAME, place, place + 1);
    }
}

/* Names that begin with an escape. */
static inline void find_escaped_names(struct sieve_state *state, size_t at,
                                      uint64_t escapes)
{
    for (; escapes; escapes &= escapes - 1) {
        size_t place = at + first_bit(escapes);
        if (place < state->length &&
            probe_may_be_escape(state->plan->names, state->bytes + place,
                                state->length - place))
            add_place(state, PLACE_NAME, place, place + 1);
    }
}

/* ---- all of them ------------------------------------------------------------------- */

static SIEVE_RARE void find_rare(struct sieve_state *state, size_t at)
{
    struct padded padded;
    const uint8_t *bytes = padded_block(state, at, &padded);
    uint64_t percent = byte_mask(bytes, '%');
    uint64_t equals = byte_mask(bytes, '=');
    uint64_t backslash = byte_mask(bytes, '\\');
    uint64_t ampersand = byte_mask(bytes, '&');
    uint64_t shift = byte_mask(bytes, 0x1B) & byte_mask(bytes + 1, '$');
    if (percent | backslash)
        find_escaped_names(state, at, percent | backslash);
    if (percent)
        find_coded(state, at, bytes, '%', percent);
    if (equals)
        find_coded(state, at, bytes, '=', equals);
    if (backslash)
        find_json(state, at, bytes, backslash);
    if (ampersand)
        find_entities(state, at, bytes, ampersand);
    if (shift)
        add_places(state, PLACE_JIS, at, shift);
    if (byte_mask(bytes, 0) | byte_mask(bytes, 0xFF))
        find_wide(state, at, bytes);
}

#endif /* SIEVE_DETECT_SIEVE_ESCAPES_H */
