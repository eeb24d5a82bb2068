/* config.h - the configuration: one table of keys.  Each is a key of the file, an option
 * (--listen) and a variable of the environment (CARDSIEVED_LISTEN); what was typed goes
 * before the environment, that before the file, that before the default.
 */
#ifndef SIEVE_SERVICE_CONFIG_H
#define SIEVE_SERVICE_CONFIG_H

#include "service/settings.h"

struct config_row {
    const char *key;      /* "max_body"; the option has dashes */
    const char *argument; /* "SIZE" */
    const char *help;     /* one line, lower case, no full stop */
    int is_list;          /* may be given several times, and as a list in the file */
    int at_start_only;    /* a reload does not change it */
    /* NULL, or a constant reason. */
    const char *(*set)(struct settings *settings, const struct config_row *row,
                       const char *value);
    void (*clear)(struct settings *settings); /* of a list */
    size_t at;     /* where in the settings a simple value lies */
    uint64_t most; /* of a number */
};

/* Ends with a row without a key. */
extern const struct config_row config_rows[];

const struct config_row *config_find(const char *key);

/* What was wrong, and where. */
struct config_problem {
    const char *file;   /* NULL: not in the file */
    size_t line;        /* 0: not in one line */
    const char *key;    /* of the table; NULL */
    const char *reason; /* a constant */
    int system;         /* errno; 0 */
};

/* What was typed: pairs of a row and its value. */
#define CONFIG_TYPED_MAX 128
struct config_typed {
    size_t count;
    struct {
        const struct config_row *row;
        const char *value;
    } pairs[CONFIG_TYPED_MAX];
};

/* Reads defaults, file (NULL: none), environment and what was typed, and checks that
 * they fit together. */
sieve_status config_read(const char *file, const struct config_typed *typed,
                         struct settings *out,
                         struct config_problem *problem) SIEVE_MUST_CHECK;

/* The key of a setting that differs and that a reload does not change; NULL if there is
 * none. */
const char *config_fixed_difference(const struct settings *before,
                                    const struct settings *after);

#endif /* SIEVE_SERVICE_CONFIG_H */
