/* frame.h - track and chip data around a number (docs/detection.md, section 7).
 *
 * Layouts: ISO/IEC 7813 for the tracks, EMV Book 3 for the tags. */
#ifndef SIEVE_DETECT_FRAME_H
#define SIEVE_DETECT_FRAME_H

#include "detect/number.h"
#include "detect/unit.h"

struct frame {
    sieve_kind kind;
    size_t begin; /* in the view */
    size_t end;
    bool in_hex; /* parted by D: the check digit must be right */
};

/* True if the number in [start, end) is that of a track. */
bool frame_find(const struct view *view, size_t start, size_t end, struct frame *out);

/* One tag's value in a run of hex digits. */
struct chip_value {
    size_t begin; /* of the value, in the view */
    size_t end;
    size_t number; /* of the number's first digit; 0 digits: discretionary data */
    uint8_t count;
    uint8_t stride; /* bytes from digit to digit: 1, or 2 in hex of ASCII */
};

typedef void (*on_chip_value)(const struct chip_value *value, void *context);

/* Tells of every tag that carries a card number in the run of hex digits around `at`. */
void frame_chip_values(const struct view *view, const struct number_tables *numbers,
                       size_t at, on_chip_value on_value, void *context);

/* True if the tag of a track's discretionary data begins at `at`, in a run of hex digits
 * that also has a tag with a card number. */
bool frame_discretionary(const struct view *view, const struct number_tables *numbers,
                         size_t at, struct chip_value *out);

#endif /* SIEVE_DETECT_FRAME_H */
