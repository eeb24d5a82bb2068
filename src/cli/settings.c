#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/number.h"
#include "report/named.h"

/* A day: more is no limit. */
#define SECONDS_MAX 86400u

const char *list_add(struct list *list, const char *word)
{
    if (list->count == LIST_MAX)
        return "there are too many of them";
    if (*word == '\0')
        return "it is empty";
    list->items[list->count++] = word;
    list->items[list->count] = NULL;
    return NULL;
}

const char *list_add_words(struct list *list, const char *words)
{
    if (list->copy_count == LIST_MAX)
        return "there are too many of them";
    char *copy = strdup(words);
    if (!copy)
        return "not enough memory";
    list->copies[list->copy_count++] = copy;
    for (char *word = copy; word;) {
        char *comma = strchr(word, ',');
        if (comma)
            *comma = '\0';
        const char *reason = list_add(list, word);
        if (reason)
            return reason;
        word = comma ? comma + 1 : NULL;
    }
    return NULL;
}

void list_done(struct list *list)
{
    while (list->copy_count > 0)
        free(list->copies[--list->copy_count]);
    list->count = 0;
}

const char *confidence_of(const char *value, sieve_confidence *out)
{
    return named_confidence(bytes_of_text(value), out)
               ? NULL
               : "it is none of low, medium, high";
}

const char *form_of(const char *value, sieve_options *options)
{
    if (strcmp(value, sieve_form_name(SIEVE_FORM_EBCDIC)) != 0)
        return "the only form that must be asked for is ebcdic";
    options->ebcdic = 1;
    return NULL;
}

const char *kinds_of(const char *value, uint32_t *out)
{
    struct list words = {.count = 0};
    const char *reason = list_add_words(&words, value);
    for (size_t index = 0; index < words.count && !reason; index++) {
        sieve_kind kind;
        if (named_kind(bytes_of_text(words.items[index]), &kind))
            *out |= UINT32_C(1) << kind;
        else
            reason = "it is none of pan, track1, track2, emv, security_code, pin_block, "
                     "rule";
    }
    list_done(&words);
    return reason;
}

const char *expanded_of(const char *value, struct expansion *out)
{
    return number_parse_size(value, &out->total) < 0 ? "it is no size, such as 64M or 2G"
                                                     : NULL;
}

const char *ratio_of(const char *value, struct expansion *out)
{
    return number_parse(value, UINT32_MAX, &out->ratio) < 0 ? "it is no number" : NULL;
}

const char *memory_of(const char *value, struct expansion *out)
{
    return number_parse_size(value, &out->memory) < 0 ? "it is no size, such as 64M or 2G"
                                                      : NULL;
}

const char *seconds_of(const char *value, uint32_t *out)
{
    uint64_t milliseconds = 0;
    if (number_parse_time(value, &milliseconds) < 0 || milliseconds < 1000 ||
        milliseconds > SECONDS_MAX * 1000)
        return "it is no time of a second or more, such as 30s or 5m";
    *out = (uint32_t)(milliseconds / 1000);
    return NULL;
}

const char *when_of(const char *value, int automatic, int *out)
{
    if (strcmp(value, "auto") == 0)
        *out = automatic;
    else if (strcmp(value, "always") == 0)
        *out = 1;
    else if (strcmp(value, "never") == 0)
        *out = 0;
    else
        return "it is none of auto, always, never";
    return NULL;
}

int colour_is_welcome(void)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (no_colour && *no_colour)
        return 0;
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

unsigned worker_count_default(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1)
        return 1;
    return count > WORKERS_MAX ? WORKERS_MAX : (unsigned)count;
}

const char *language_of_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "ja", 2) == 0 ? "ja" : "en";
    }
    return "en";
}

const char *language_of(const char *value, const char **out)
{
    if (strcmp(value, "en") != 0 && strcmp(value, "ja") != 0)
        return "it is none of en, ja";
    *out = value;
    return NULL;
}
