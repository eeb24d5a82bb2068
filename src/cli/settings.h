/* settings.h - what several commands take, and the setters of their options. */
#ifndef SIEVE_CLI_SETTINGS_H
#define SIEVE_CLI_SETTINGS_H

#include <stddef.h>

#include "cli/command.h"
#include "job/plan.h"

#define LIST_MAX 64 /* CHOICE_PATTERNS_MAX has room for as many */

/* Words from the command line: "visa,jcb" twice over. */
struct list {
    const char *items[LIST_MAX + 1]; /* ends with NULL */
    size_t count;
    char *copies[LIST_MAX]; /* owned; what the words lie in */
    size_t copy_count;
};

/* Adds one word as it stands, or the words between commas.  A reason on failure. */
const char *list_add(struct list *list, const char *word);
const char *list_add_words(struct list *list, const char *words);
void list_done(struct list *list);

const char *confidence_of(const char *value, sieve_confidence *out);
const char *form_of(const char *value, sieve_options *options);
const char *kinds_of(const char *value, uint32_t *out);

/* The limits on compressed input: "2G", "1000", "40M". */
const char *expanded_of(const char *value, struct expansion *out);
const char *ratio_of(const char *value, struct expansion *out);
const char *memory_of(const char *value, struct expansion *out);

/* A time, in whole seconds: "30s", "5m". */
const char *seconds_of(const char *value, uint32_t *out);

/* "always", "never", or "auto", which is `automatic`. */
const char *when_of(const char *value, int automatic, int *out);

/* 1 if colours are wanted on descriptor 1 when nobody said anything. */
int colour_is_welcome(void);

unsigned worker_count_default(void);

/* "ja" or "en", that of the locale. */
const char *language_of_locale(void);

/* Takes "ja" or "en". */
const char *language_of(const char *value, const char **out);

#endif /* SIEVE_CLI_SETTINGS_H */
