/* oracle_escapes.h - the inside of oracle_units: units written by escapes. */
#ifndef TESTS_SUPPORT_ORACLE_ESCAPES_H
#define TESTS_SUPPORT_ORACLE_ESCAPES_H

#include "support/oracle_units.h"

extern const struct unit other_unit;

/* What `left` bytes, or a code point, are by themselves; zero if UNIT_OTHER. */
int plain_unit(const uint8_t *at, size_t left, struct unit *out);
int code_unit(uint32_t code, struct unit *out);

/* What is escaped at `offset`; zero if nothing is. */
int spelt_unit(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
               sieve_form form, struct unit *out);
int spelt_wrap(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
               struct unit *out);
int hex_unit(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
             struct unit *out);
int json_unit(const struct oracle_text *text, size_t offset, struct unit *out);
int html_unit(const struct oracle_text *text, size_t offset, struct unit *out);

/* Percent forms that were encoded once more, one to three times: a separator of ASCII
 * that is written so, and whether one of any byte ends at `offset`. */
size_t recoded_at(const struct oracle_text *text, enum oracle_mode mode, size_t offset,
                  struct unit *out);
size_t recoded_ending(const struct oracle_text *text, enum oracle_mode mode,
                      size_t offset, struct unit *out);
int recoded_byte_ends(const struct oracle_text *text, size_t offset);
/* Its last digit is a decimal one, and it stands for no digit. */
int recoded_digit_ends(const struct oracle_text *text, enum oracle_mode mode,
                       size_t offset);

/* Behind the first byte of an escape of the mode and before its end. */
int inside_escape(const struct oracle_text *text, enum oracle_mode mode, size_t offset);

#endif
