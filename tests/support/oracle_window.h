/* oracle_window.h - sections 2 and 3 of docs/detection.md: windows, their neighbours. */
#ifndef TESTS_SUPPORT_ORACLE_WINDOW_H
#define TESTS_SUPPORT_ORACLE_WINDOW_H

#include "support/oracle_number.h"

struct window {
    enum oracle_mode mode;
    size_t start;
    size_t end;
    struct number number;
    size_t digit_offsets[ORACLE_DIGITS_MAX];
    size_t digit_lengths[ORACLE_DIGITS_MAX];
    int escaped; /* how much of it is: escapes and soft breaks */
    sieve_form form;
};

typedef void (*on_window)(const struct window *window, void *context);

/* A digit, or a mask, ends at `offset` or begins there; X and x only as 4 or more. */
int digit_or_mask_beside(const struct oracle_text *text, enum oracle_mode mode,
                         size_t offset, int forward);

/* Over a joint on the same line, whatever is beyond it; SIZE_MAX: there is none. */
size_t joint_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                    int forward);

/* The character that ends at, or begins at, a place: an escape is what it stands for. */
int char_beside(const struct oracle_text *text, enum oracle_mode mode, size_t at,
                int forward, uint32_t *code, size_t *length);

/* What a number's own writing and its like beside it say: rules 3, 4, 6 and 7. */
int is_fraction(const struct oracle_text *text, const struct window *window);
int is_among_hex(const struct oracle_text *text, const struct window *window);
int is_in_order(const struct oracle_text *text, const struct window *window);
int is_integer(const struct oracle_text *text, const struct window *window);

/* Every window of one mode, neighbours not yet looked at. */
void windows_each(const struct oracle_text *text, enum oracle_mode mode, on_window found,
                  void *context);

enum neighbours {
    NEIGHBOURS_CLEAN,
    NEIGHBOURS_WORD, /* refused unless a card word is near */
    NEIGHBOURS_BAD
};

/* Rule 1 alone. */
int is_masked(const struct oracle_text *text, const struct window *window);

enum neighbours neighbours_of(const struct oracle_text *text,
                              const struct window *window);

#endif
