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
    int may_be_empty;     /* "", or no item of a list: that means none; else refused */
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

/* The key of "max_body", "proxies.0.listen"; NULL, or the constant reason why there is
 * none: config_no_key if it is no more than that.  Then the row is NULL, and the places
 * are those that were read. */
extern const char config_no_key[];
const char *config_find(const char *path, struct config_key *out);

/* What its row's set() takes. */
void *config_target(struct settings *settings, const struct config_key *key);

/* What was wrong, and where. */
#define CONFIG_VALUE_MAX 128 /* bytes of a value that is told, with its end */
struct config_problem {
    const char *file;             /* NULL: not in the file */
    size_t line;                  /* 0: not in one line */
    char key[CONFIG_KEY_MAX];     /* "" */
    size_t item;                  /* its place, of a list */
    char value[CONFIG_VALUE_MAX]; /* an address; "": it is not told */
    const char *reason;           /* a constant */
    int system;                   /* errno; 0 */
};

/* Fills it in, without a place; NULL: of no key.  `proxy` CONFIG_NO_PLACE: the key is
 * none of a proxy. */
void config_blame(struct config_problem *problem, size_t proxy, const char *key,
                  const char *reason, int system);

/* Where each value stands, for what is found out when all of it was read. */
#define CONFIG_LINES_MAX 4096
struct config_line {
    struct config_key key;
    size_t item; /* its place, of a list */
    size_t line; /* 0: it is not from the file */
};
struct config_lines {
    const char *file; /* borrowed; NULL: none */
    size_t count;
    struct config_line rows[CONFIG_LINES_MAX]; /* what is behind them has no line */
};

/* The file and the line of the problem's key, if it is from there; of a key that is
 * nowhere, those of its proxy. */
void config_locate(const struct config_lines *lines, struct config_problem *problem);

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
 * they fit together.  `lines` borrows the file's name. */
sieve_status config_read(const char *file, const struct config_typed *typed,
                         struct settings *out, struct config_lines *lines,
                         struct config_problem *problem) SIEVE_MUST_CHECK;

#define CONFIG_FIXED_MAX 32u /* keys; there are fewer that a reload does not change */

/* How many settings differ that a reload does not change, and their keys. */
size_t config_fixed_differences(const struct settings *before,
                                const struct settings *after,
                                const char *keys[CONFIG_FIXED_MAX]);

/* Whether there is TLS, and whether it asks for certificates, stays as it was: else a
 * listener would be left without the certificate it has to show. */
void config_keep_tls(const struct settings *before, struct settings *after);

/* Why large answers cannot be written there, by who runs now; NULL: they can. */
const char *config_spool_reason(const struct settings *settings);

/* ---- inside --------------------------------------------------------------------------
 */

/* A value of the file; and one from elsewhere, which takes its place. */
void config_note(struct config_lines *lines, const struct config_key *key, size_t item,
                 size_t line);
void config_override(struct config_lines *lines, const struct config_key *key);

/* Whether all fits together: SIEVE_E_INVALID with the problem. */
sieve_status config_check(const struct settings *settings,
                          struct config_problem *problem) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_CONFIG_H */
