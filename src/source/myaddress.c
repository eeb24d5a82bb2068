#include "source/myaddress.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/wipe.h"

#define NOT_WRITTEN    "the address is not written as mysql://user@host:port/database"
#define UNKNOWN_OPTION "the address has an option that is not known"
#define INVALID_VALUE  "a value in the address is not valid"

#define SECONDS_MAX 86400

static const char *const option_names[MYOPTION_COUNT] = {
    "socket",      "ssl-mode",        "ssl-ca",        "ssl-capath",
    "ssl-cert",    "ssl-key",         "ssl-crl",       "ssl-cipher",
    "tls-version", "connect-timeout", "defaults-file", "defaults-group-suffix",
};

/* Undoes %41 where it stands.  -1 if it is none, or would end the text. */
static int decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        *to = *from;
        if (*from == '%') {
            const int high = number_hex_digit((unsigned char)from[1]);
            const int low = high < 0 ? -1 : number_hex_digit((unsigned char)from[2]);
            if (low < 0 || high * 16 + low == 0)
                return -1;
            *to = (char)(high * 16 + low);
            from += 2;
        }
        to++;
    }
    *to = '\0';
    return 0;
}

/* Ends the text at the first of `marks`, and says which it was and where it goes on. */
static char *part(char *text, const char *marks, char *mark_out)
{
    char *end = text + strcspn(text, marks);
    *mark_out = *end;
    if (*end == '\0')
        return end;
    *end = '\0';
    return end + 1;
}

static const char *said(const char *text)
{
    return text && *text ? text : NULL;
}

static int parse_user(struct myaddress *address, char *user)
{
    char mark;
    char *password = part(user, ":", &mark);
    if (decode(user) < 0 || decode(password) < 0)
        return -1;
    address->user = said(user);
    if (mark == ':')
        address->password = password; /* an empty one is one too */
    return 0;
}

static int parse_host(struct myaddress *address, char *host)
{
    char *port = NULL;
    uint64_t number = 0;
    char mark;
    if (*host == '[') {
        char *behind = part(++host, "]", &mark);
        if (mark != ']' || (*behind && *behind != ':'))
            return -1;
        port = *behind ? behind + 1 : NULL;
    } else {
        char *behind = part(host, ":", &mark);
        port = mark ? behind : NULL;
    }
    if (decode(host) < 0)
        return -1;
    address->host = said(host);
    if (!port)
        return 0;
    if (number_parse(port, 65535, &number) < 0 || number == 0)
        return -1;
    address->port = (uint32_t)number;
    return 0;
}

static int is_option(const char *name, const char *option)
{
    while (*name && (*name == *option || (*name == '_' && *option == '-'))) {
        name++;
        option++;
    }
    return *name == '\0' && *option == '\0';
}

static const char *parse_option(struct myaddress *address, char *word)
{
    char mark;
    char *value = part(word, "=", &mark);
    if (mark != '=' || decode(word) < 0 || decode(value) < 0)
        return NOT_WRITTEN;
    for (size_t index = 0; index < MYOPTION_COUNT; index++) {
        if (is_option(word, option_names[index])) {
            address->options[index] = value;
            return *value ? NULL : INVALID_VALUE;
        }
    }
    return UNKNOWN_OPTION;
}

static int parse_tls(struct myaddress *address, const char *word)
{
    static const struct {
        const char *word;
        enum mytls tls;
    } modes[] = {
        {"disabled", MYTLS_DISABLED},        {"preferred", MYTLS_PREFERRED},
        {"required", MYTLS_REQUIRED},        {"verify-ca", MYTLS_VERIFIED},
        {"verify-identity", MYTLS_VERIFIED},
    };
    char lower[20];
    size_t length = strlen(word);
    if (length >= sizeof lower)
        return -1;
    for (size_t index = 0; index <= length; index++)
        lower[index] =
            (char)(word[index] >= 'A' && word[index] <= 'Z' ? word[index] | 0x20
                                                            : word[index]);
    for (size_t index = 0; index < sizeof modes / sizeof *modes; index++) {
        if (is_option(lower, modes[index].word)) {
            address->tls = modes[index].tls;
            address->has_tls = 1;
            return 0;
        }
    }
    return -1;
}

/* What the options mean together. */
static const char *settle(struct myaddress *address)
{
    const char *seconds = address->options[MYOPTION_CONNECT_TIMEOUT];
    const char *mode = address->options[MYOPTION_SSL_MODE];
    uint64_t number = 0;
    if (seconds && number_parse(seconds, SECONDS_MAX, &number) < 0)
        return INVALID_VALUE;
    address->connect_seconds = (uint32_t)number;
    if (mode)
        return parse_tls(address, mode) < 0 ? INVALID_VALUE : NULL;
    /* Whoever names those that are to be believed wants nobody else. */
    if (address->options[MYOPTION_SSL_CA] || address->options[MYOPTION_SSL_CAPATH]) {
        address->tls = MYTLS_VERIFIED;
        address->has_tls = 1;
    }
    return NULL;
}

static const char *parse_options(struct myaddress *address, char *words)
{
    char mark = '&';
    while (mark == '&') {
        char *next = part(words, "&", &mark);
        const char *problem = *words ? parse_option(address, words) : NULL;
        if (problem)
            return problem;
        words = next;
    }
    return settle(address);
}

static const char *parse(struct myaddress *address)
{
    char *at = strstr(address->memory, "://");
    char mark;
    if (!at)
        return NOT_WRITTEN;
    char *authority = at + 3;
    char *database = part(authority, "/?", &mark);
    char *options = database;
    if (mark == '/')
        options = part(database, "?", &mark);
    else
        database = NULL;
    char *host = strrchr(authority, '@');
    if (host) {
        *host++ = '\0';
        if (parse_user(address, authority) < 0)
            return NOT_WRITTEN;
    }
    if (parse_host(address, host ? host : authority) < 0)
        return NOT_WRITTEN;
    if (database && decode(database) < 0)
        return NOT_WRITTEN;
    address->database = said(database);
    return mark == '?' ? parse_options(address, options) : NULL;
}

sieve_status myaddress_parse(const char *target, struct myaddress *out,
                             struct database_error *error)
{
    *out = (struct myaddress){.memory = strdup(target), .length = strlen(target)};
    *error = (struct database_error){.reason = "out of memory"};
    if (!out->memory)
        return SIEVE_E_MEMORY;
    const char *problem = parse(out);
    if (!problem)
        return SIEVE_OK;
    myaddress_done(out);
    error->reason = problem;
    return SIEVE_E_INVALID;
}

void myaddress_done(struct myaddress *address)
{
    wipe_free(address->memory, address->length);
    *address = (struct myaddress){.memory = NULL};
}
