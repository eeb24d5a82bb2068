#include "service/arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/reason.h"
#include "base/safe_text.h"
#include "base/visible.h"

#define NAME_COLUMN  34
#define PLACE_COLUMN 46 /* of keys that have their place before them */

static void print_option(const char *place, const char *key, const char *argument,
                         const char *help)
{
    int width = printf("  --%s", place);
    for (; *key; key++, width++)
        (void)putchar(*key == '_' ? '-' : *key);
    if (argument)
        width += printf(" %s", argument);
    const int column = place[0] ? PLACE_COLUMN : NAME_COLUMN;
    printf("%*s%s\n", width < column ? column - width : 1, "", help);
}

static void print_rows(const char *place, const struct config_row *rows)
{
    for (const struct config_row *row = rows; row->key; row++)
        print_option(place, row->key, row->argument, row->help);
}

static void print_help(void)
{
    printf(
        "cardsieved: the scan and mask service, and the masking proxy\n\n"
        "usage: cardsieved [--config FILE] [OPTION...]\n\n"
        "Each option is also a key of the file (with _ for -) and a variable of the\n"
        "environment (CARDSIEVED_LISTEN).  An option goes before the environment, that\n"
        "before the file.\n\n");
    print_option("", "config", "FILE", "YAML with the keys below");
    print_option("", "check", NULL, "say what is wrong with the configuration, and end");
    print_option("", "help", NULL, "this text");
    print_option("", "version", NULL, "the version");
    printf("\n");
    print_rows("", config_rows);
    printf("\nOf the proxy in place N, from 0 on, and of its route in place M:\n");
    print_rows("proxies.N.", proxy_rows);
    print_rows("proxies.N.routes.M.", proxy_route_rows);
    printf(
        "\nSIGHUP reads the configuration and the certificates again; SIGTERM ends when "
        "the\nopen requests are answered.\n");
}

/* What was typed may hold a number that nobody should see. */
static void print_hidden(const char *text)
{
    struct safe_text safe;
    struct buffer shown;
    safe_text_init(&safe);
    buffer_init(&shown, NAME_LENGTH_MAX * 4);
    if (safe_text_set(&safe, bytes_of_text(text), NULL) == SIEVE_OK &&
        visible_append(&shown, safe_text_bytes(&safe)) == SIEVE_OK && shown.at)
        (void)fprintf(stderr, "%.*s", (int)shown.length, (const char *)shown.at);
    buffer_done(&shown);
    safe_text_done(&safe);
}

static enum arguments_outcome refuse(const char *typed, const char *reason)
{
    (void)fprintf(stderr, "cardsieved: ");
    print_hidden(typed);
    (void)fprintf(stderr, ": %s; try --help\n", reason);
    return ARGUMENTS_BAD;
}

static const char no_option[] = "there is no such option";

/* The key of "--max-body" or "--max-body=..."; the value, if it stands there.  NULL, or
 * why there is none. */
static const char *find(const char *typed, struct config_key *out, const char **value_out)
{
    char key[CONFIG_KEY_MAX];
    const size_t length = strcspn(typed, "=");
    if (length >= sizeof key)
        return no_option;
    for (size_t index = 0; index < length; index++) {
        if (typed[index] == '_')
            return no_option; /* one way to write an option */
        key[index] = typed[index] == '-' ? '_' : typed[index];
    }
    key[length] = '\0';
    *value_out = typed[length] == '=' ? typed + length + 1 : NULL;
    const char *reason = config_find(key, out);
    return reason == config_no_key ? no_option : reason;
}

/* `*at` is the option's place, moved to its value's. */
static enum arguments_outcome take(int argc, char **argv, int *at, struct arguments *out)
{
    const char *typed = argv[*at];
    const char *value = NULL;
    if (strncmp(typed, "--", 2) != 0)
        return refuse(typed, "this is no option");
    if (strcmp(typed, "--check") == 0) {
        out->checks = 1;
        return ARGUMENTS_OK;
    }
    const int is_config =
        strcmp(typed, "--config") == 0 || strncmp(typed, "--config=", 9) == 0;
    struct config_key key = {NULL, CONFIG_NO_PLACE, CONFIG_NO_PLACE};
    const char *reason = is_config ? NULL : find(typed + 2, &key, &value);
    if (is_config && typed[8] == '=')
        value = typed + 9;
    if (reason)
        return refuse(typed, reason);
    if (!value && *at + 1 < argc)
        value = argv[++*at];
    if (!value)
        return refuse(typed, "its value is missing");
    if (is_config) {
        out->file = value;
        return ARGUMENTS_OK;
    }
    if (out->typed.count == CONFIG_TYPED_MAX)
        return refuse(typed, "there are too many options");
    out->typed.pairs[out->typed.count].key = key;
    out->typed.pairs[out->typed.count++].value = value;
    return ARGUMENTS_OK;
}

enum arguments_outcome arguments_read(int argc, char **argv, struct arguments *out)
{
    enum arguments_outcome outcome = ARGUMENTS_OK;
    memset(out, 0, sizeof *out);
    for (int at = 1; at < argc && outcome == ARGUMENTS_OK; at++) {
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            print_help();
            return ARGUMENTS_DONE;
        }
        if (strcmp(argv[at], "--version") == 0 || strcmp(argv[at], "-V") == 0) {
            printf("cardsieved %s\n", sieve_version());
            return ARGUMENTS_DONE;
        }
        outcome = take(argc, argv, &at, out);
    }
    return outcome;
}

void problem_print(const struct config_problem *problem)
{
    (void)fprintf(stderr, "cardsieved: ");
    if (problem->file)
        print_hidden(problem->file);
    if (problem->file && problem->line > 0)
        (void)fprintf(stderr, ":%zu", problem->line);
    if (problem->file)
        (void)fprintf(stderr, ": ");
    if (problem->key[0])
        (void)fprintf(stderr, "%s: ", problem->key);
    if (problem->value[0]) {
        print_hidden(problem->value);
        (void)fprintf(stderr, ": ");
    }
    (void)fprintf(stderr, "%s", problem->reason);
    if (problem->system)
        (void)fprintf(stderr, ": %s", reason_of_system(problem->system));
    (void)fprintf(stderr, "\n");
}
