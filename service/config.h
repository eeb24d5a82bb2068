/* config.h - the configuration: tables of keys.  Each is a key of the file, an option
 * (--listen) and a variable of the environment (CARDSIEVED_LISTEN); what was typed goes
 * before the environment, that before the file, that before the default.
 *
 * Keys of a proxy and of its routes have their places before them: "proxies.0.listen",
 * "proxies.0.routes.1.prefix".
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
    const char *(*set)(void *target, const struct config_row *row, const char *value);
    void (*clear)(void *target, const struct config_row *row); /* of a list */
    size_t at;     /* where in the target a simple value lies */
    uint64_t most; /* of a number; bytes of a text */
};

/* Each ends with a row without a key. */
extern const struct config_row config_rows[];      /* of struct settings */
extern const struct config_row proxy_rows[];       /* of struct proxy_settings */
extern const struct config_row proxy_route_rows[]; /* of struct proxy_route_settings */

#define CONFIG_NO_PLACE SIZE_MAX
#define CONFIG_KEY_MAX  128 /* bytes of a key written out, with its end */

/* A row, and what of it is meant. */
struct config_key {
    const struct config_row *row;
    size_t proxy; /* CONFIG_NO_PLACE: the row is not a proxy's */
    size_t route;
};

/* The key of "max_body", "proxies.0.listen"; -1 if there is none. */
int config_find(const char *path, struct config_key *out);
void config_key_text(const struct config_key *key, char out[CONFIG_KEY_MAX]);

/* What its row's set() takes. */
void *config_target(struct settings *settings, const struct config_key *key);

/* What was wrong, and where. */
struct config_problem {
    const char *file;         /* NULL: not in the file */
    size_t line;              /* 0: not in one line */
    char key[CONFIG_KEY_MAX]; /* "" */
    const char *reason;       /* a constant */
    int system;               /* errno; 0 */
};

/* What was typed: pairs of a key and its value. */
#define CONFIG_TYPED_MAX 256
#define CONFIG_ROWS_MAX  64 /* of one table */
struct config_typed {
    size_t count;
    struct {
        struct config_key key;
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

/* Why large answers cannot be written there, by who runs now; NULL: they can. */
const char *config_spool_reason(const struct settings *settings);

/* ---- inside --------------------------------------------------------------------------
 */

/* Where in the file each key stands, for what is found out when all of it was read. */
struct config_lines {
    size_t top[CONFIG_ROWS_MAX];
    size_t proxies[PROXIES_MAX];
};

/* Whether all fits together: SIEVE_E_INVALID with the problem. */
sieve_status config_check(const struct settings *settings, const char *file,
                          const struct config_lines *lines,
                          struct config_problem *problem) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_CONFIG_H */
