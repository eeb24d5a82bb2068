/* config_values.h - how the values of a row are read into what it is a row of: texts,
 * numbers, words of a list.  Each returns NULL, or a constant reason.
 */
#ifndef SIEVE_SERVICE_CONFIG_VALUES_H
#define SIEVE_SERVICE_CONFIG_VALUES_H

#include "service/config.h"

/* A text of at most row->most bytes, SETTING_LENGTH_MAX if that is 0, with its end. */
const char *config_set_text(void *target, const struct config_row *row,
                            const char *value);
const char *config_set_file(void *target, const struct config_row *row,
                            const char *value);

/* Into an uint64_t; row->most is the largest number, or time in milliseconds. */
const char *config_set_number(void *target, const struct config_row *row,
                              const char *value);
const char *config_set_size(void *target, const struct config_row *row,
                            const char *value);
const char *config_set_time(void *target, const struct config_row *row,
                            const char *value);
const char *config_set_mode(void *target, const struct config_row *row,
                            const char *value);

/* Into an int. */
const char *config_set_flag(void *target, const struct config_row *row,
                            const char *value);

/* The place of the value in `words`, which a NULL ends; -1. */
int config_word_of(const char *const *words, const char *value);

/* Adds to a text of words with a blank behind each, of row->most bytes (as above). */
const char *config_add_word(void *target, const struct config_row *row,
                            const char *value);
const char *config_add_host(void *target, const struct config_row *row,
                            const char *value);
void config_clear_words(void *target, const struct config_row *row);

/* The next word of such a text: its length, 0 at the end; *text is moved to it. */
size_t config_next_word(const char **text);

#endif /* SIEVE_SERVICE_CONFIG_VALUES_H */
