/* sequence.h - digits read from a start on, and the joints between their groups. */
#ifndef SIEVE_DETECT_SEQUENCE_H
#define SIEVE_DETECT_SEQUENCE_H

#include "detect/unit.h"

/* One more than the longest number: the digit behind it tells where a group ends. */
#define SEQUENCE_DIGITS_MAX (PAN_DIGITS_MAX + 1)

enum {
    JOINED = 0,       /* nothing stands between two digits */
    JOINT_WRAP = 0x10 /* bit: a line break is part of the joint */
    /* else: 1 + enum joint_class, or 0 with the bit: a line break alone */
};

struct sequence {
    size_t start;
    uint8_t count;
    uint8_t digits[SEQUENCE_DIGITS_MAX];
    uint16_t at[SEQUENCE_DIGITS_MAX];    /* behind `start` */
    uint8_t length[SEQUENCE_DIGITS_MAX]; /* bytes of the digit's unit */
    uint8_t coding[SEQUENCE_DIGITS_MAX];
    uint8_t joint[SEQUENCE_DIGITS_MAX]; /* before the digit; [0] is 0 */
    uint8_t
        escaped[SEQUENCE_DIGITS_MAX]; /* 1: some unit up to this digit was an escape */
};

/* Reads up to SEQUENCE_DIGITS_MAX digits; the unit at `start` is one. */
void sequence_read(const struct view *view, enum mode mode, size_t start,
                   struct sequence *out);

/* True if a group of `count` digits may end there: no digit follows directly. */
static inline bool sequence_ends_at(const struct sequence *sequence, size_t count)
{
    return count == sequence->count ? count < SEQUENCE_DIGITS_MAX
                                    : sequence->joint[count] != JOINED;
}

/* The end of the first `count` digits, in the view. */
static inline size_t sequence_end(const struct sequence *sequence, size_t count)
{
    return sequence->start + sequence->at[count - 1] + sequence->length[count - 1];
}

/* True if a digit unit may begin a number at `at`: it is one and none ends there. */
bool sequence_may_start(const struct view *view, enum mode mode, size_t at);

/* The joint that ends at `at`, without line breaks: its class, and in *end_out where the
 * unit before it ends.  UNIT_OTHER if there is none. */
enum unit_kind joint_before(const struct view *view, enum mode mode, size_t at,
                            size_t *end_out);

/* The same for a joint that begins at `at`. */
enum unit_kind joint_behind(const struct view *view, enum mode mode, size_t at,
                            size_t *begin_out);

/* Fewer masks in a row hide no number of ours: **4111...** is an emphasis. */
#define MASKS_MIN 4u

/* True if a digit, or a mask in its place, ends or begins at `at`. */
bool digit_before(const struct view *view, enum mode mode, size_t at);
bool digit_behind(const struct view *view, enum mode mode, size_t at);

/* How many more groups stand on both sides of [start, end) in its chain; at most `most`.
 */
size_t sequence_groups_around(const struct view *view, enum mode mode, size_t start,
                              size_t end, size_t most);

/* True if, through one joint without a line break, a digit or mask stands on that side.
 */
bool sequence_continues_before(const struct view *view, enum mode mode, size_t at);
bool sequence_continues_behind(const struct view *view, enum mode mode, size_t at);

#endif /* SIEVE_DETECT_SEQUENCE_H */
