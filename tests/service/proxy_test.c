/* proxy_test.c - the parts of the proxy that need no upstream: which route fits, which
 * texts are looked at, what is known of a field by its name.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cardsieve.h"
#include "service/fields.h"
#include "service/proxy_inside.h"
#include "support/dice.h"

/* ---- routes --------------------------------------------------------------------------
 */

static void expect_path(const char *target, const char *wanted)
{
    char path[ROUTE_PATH_MAX];
    cr_assert_eq(route_path(target, path), 0, "%s", target);
    cr_assert_str_eq(path, wanted, "%s", target);
}

Test(proxy_route, undoes_what_upstreams_undo)
{
    expect_path("/", "/");
    expect_path("/pay", "/pay");
    expect_path("/pay?x=/../y", "/pay");
    expect_path("/%70a%79", "/pay");
    expect_path("/%2e%2E/pay", "/pay");
    expect_path("//pay///now//", "/pay/now/");
    expect_path("/a/./b/../pay", "/a/pay");
    expect_path("/../../pay", "/pay");
    expect_path("/pay/..", "/");
    expect_path("/pay/.", "/pay/");
    expect_path("/a%2fpay/..%2Fb", "/a/b");
    expect_path("/pay%", "/pay%");
    expect_path("/pay%4", "/pay%4");
    expect_path("/pay%00x", "/pay%00x");
    expect_path("*", "*");
    char long_one[ROUTE_PATH_MAX + 2];
    memset(long_one, 'a', sizeof long_one);
    long_one[0] = '/';
    long_one[sizeof long_one - 1] = '\0';
    char path[ROUTE_PATH_MAX];
    cr_assert_eq(route_path(long_one, path), -1);
}

static void set_route(struct proxy_settings *proxy, const char *prefix,
                      const char *methods, const char *types, struct policies policies)
{
    struct proxy_route_settings *route = &proxy->routes[proxy->route_count++];
    (void)snprintf(route->prefix, sizeof route->prefix, "%s", prefix);
    (void)snprintf(route->methods, sizeof route->methods, "%s", methods);
    (void)snprintf(route->types, sizeof route->types, "%s", types);
    route->policies = policies;
}

static void make_routes(struct proxy_settings *proxy)
{
    proxy_settings_init(proxy);
    set_route(proxy, "/pay", "POST PUT ", "application/json ",
              (struct policies){POLICY_BLOCK, POLICY_MASK, DOUBT_INHERITED});
    set_route(proxy, "/pay", "", "text/* ",
              (struct policies){POLICY_ALERT, POLICY_INHERITED, DOUBT_PASS});
    set_route(proxy, "/open/", "", "",
              (struct policies){POLICY_PASS, POLICY_INHERITED, DOUBT_INHERITED});
    set_route(proxy, "", "DELETE ", "",
              (struct policies){POLICY_BLOCK, POLICY_BLOCK, DOUBT_INHERITED});
}

struct choice {
    const char *target;
    const char *method;
    const char *type;
    enum policy request;
    enum policy response;
    enum doubt_policy on_doubt;
};

static void expect_choices(const struct choice *choices, size_t count)
{
    static struct proxy_settings proxy;
    make_routes(&proxy);
    for (size_t index = 0; index < count; index++) {
        const struct choice *choice = &choices[index];
        struct route_readings routes;
        struct policies policies;
        proxy_routes(&proxy, choice->target, choice->method, &routes);
        proxy_policies(&proxy, &routes, choice->type, &policies);
        cr_assert_eq(policies.request, choice->request, "%s", choice->target);
        cr_assert_eq(policies.response, choice->response, "%s", choice->target);
        cr_assert_eq(policies.on_doubt, choice->on_doubt, "%s", choice->target);
    }
}

Test(proxy_route, first_that_fits)
{
    static const struct choice choices[] = {
        {"/", "GET", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "POST", "application/json", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/pay/", "POST", "Application/JSON; charset=utf-8", POLICY_BLOCK, POLICY_MASK,
         DOUBT_REFUSE},
        {"/pay/x?a", "PUT", " application/json", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/%70ay", "POST", "application/json", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/payment", "POST", "application/json", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "PATCH", "application/json", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "posts", "application/json", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "POST", "application/jsonx", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "POST", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/pay", "GET", "text/plain", POLICY_ALERT, POLICY_PASS, DOUBT_PASS},
        {"/pay", "GET", "textual/plain", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/open", "GET", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/open/x", "GET", NULL, POLICY_PASS, POLICY_PASS, DOUBT_REFUSE},
        {"/open/../pay", "POST", "application/json", POLICY_BLOCK, POLICY_MASK,
         DOUBT_REFUSE},
        {"/open/x", "DELETE", NULL, POLICY_PASS, POLICY_PASS, DOUBT_REFUSE},
        {"/x", "DELETE", NULL, POLICY_BLOCK, POLICY_BLOCK, DOUBT_REFUSE},
        /* nobody knows which */
        {"/pay", "POST", "text /plain", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/pay", "GET", "a/b,c/d", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/open/x", "GET", "text /plain", POLICY_PASS, POLICY_PASS, DOUBT_REFUSE},
        {"*", "OPTIONS", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
    };
    expect_choices(choices, sizeof choices / sizeof choices[0]);
}

/* A server that undoes more, or less, or other things, is not reached past its route. */
Test(proxy_route, the_strictest_of_all_readings)
{
    static const char *const ways[] = {
        "/pay/../open/x",
        "/pay/%2e%2e/open/x",
        "/pay%2f..%2fopen/x",
        "//pay/../open/x",
        "/pay/..;/open/x",
        "/open/..\\pay",
        "/open\\..\\pay/x",
        "\\pay",
        "/pay\\x",
        "/pay;x",
        "/pay;x/y",
        "/pay%3Bx",
        "/x;/../pay",
        "/open/..;/pay",
        "/open/..;x=y/pay/z",
        "/%2570ay",
        "/%252570ay",
        "/open/%252e%252e/pay",
        "/PAY",
        "/%50ay/x",
        "/Pay;x?y",
        "/x/%2e%2e%5cpay",
    };
    static const struct choice choices[] = {
        {"/pay", "post", "application/json", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/PAY;x", "Put", "application/json", POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE},
        {"/x", "delete", NULL, POLICY_BLOCK, POLICY_BLOCK, DOUBT_REFUSE},
        /* never what is less strict */
        {"/Open/x", "GET", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/open;/x", "GET", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/x/../open/y", "GET", NULL, POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/PAY", "GET", "text/plain", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/open/PAY", "get", NULL, POLICY_PASS, POLICY_PASS, DOUBT_REFUSE},
        /* where all agree */
        {"/open/a;b/%20/c%2fd/./e/../f\\g", "GET", NULL, POLICY_PASS, POLICY_PASS,
         DOUBT_REFUSE},
        {"/pay/a/../b;c", "GET", "text/plain", POLICY_ALERT, POLICY_PASS, DOUBT_PASS},
        /* another path in all of them */
        {"/payment;x", "POST", "application/json", POLICY_MASK, POLICY_PASS,
         DOUBT_REFUSE},
        {"/x?/pay", "POST", "application/json", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
        {"/%", "POST", "application/json", POLICY_MASK, POLICY_PASS, DOUBT_REFUSE},
    };
    for (size_t index = 0; index < sizeof ways / sizeof ways[0]; index++) {
        const struct choice strict = {ways[index],  "POST",      "application/json",
                                      POLICY_BLOCK, POLICY_MASK, DOUBT_REFUSE};
        expect_choices(&strict, 1);
    }
    expect_choices(choices, sizeof choices / sizeof choices[0]);
}

static int may_examine(const char *target, const char *method)
{
    static struct proxy_settings proxy;
    struct route_readings routes;
    make_routes(&proxy);
    proxy_routes(&proxy, target, method, &routes);
    return proxy_may_examine(&proxy, &routes);
}

Test(proxy_route, a_response_may_be_examined_if_any_type_is)
{
    cr_assert_eq(may_examine("/", "GET"), 0);
    cr_assert_eq(may_examine("/pay", "POST"), 1);
    cr_assert_eq(may_examine("/pay", "GET"), 0);
    cr_assert_eq(may_examine("/x", "DELETE"), 1);
    cr_assert_eq(may_examine("/open/x", "DELETE"), 0);
}

/* ---- texts that are looked at --------------------------------------------------------
 */

static sieve_scanner *make_scanner(sieve_ruleset **ruleset)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_scanner *scanner = NULL;
    options.min_confidence = SIEVE_LOW;
    cr_assert_eq(sieve_ruleset_new(&options, ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(*ruleset, &scanner), SIEVE_OK);
    return scanner;
}

static sieve_next count(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(size_t *)context;
    return SIEVE_CONTINUE;
}

/* Whether the scan finds something; what the glance leaves out must have nothing. */
static size_t expect_no_miss(sieve_scanner *scanner, const char *text)
{
    size_t found = 0;
    const size_t length = strlen(text);
    if (length > 0)
        cr_assert_eq(sieve_scan(scanner, text, length, count, &found), SIEVE_OK);
    cr_assert(found == 0 || !head_is_harmless(text), "missed: %s", text);
    return found;
}

/* "\xHH", "\n" of the examples; 0 for one with a NUL, which no head has. */
static int unescape(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        int byte = *at;
        if (byte == '\\' && at[1] == 'x') {
            const char hex[3] = {at[2], at[3], '\0'};
            byte = (int)strtol(hex, NULL, 16);
            at += 3;
        } else if (byte == '\\') {
            byte = *++at == 'n' ? '\n' : *at == 't' ? '\t' : *at == 'r' ? '\r' : *at;
        }
        if (byte == 0)
            return 0;
        *to++ = (char)byte;
    }
    *to = '\0';
    return 1;
}

Test(proxy_glance, leaves_out_no_example)
{
    char path[1024];
    char line[1024];
    size_t found = 0;
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = make_scanner(&ruleset);
    (void)snprintf(path, sizeof path, "%s/patterns/examples.tsv", getenv("SOURCE_DIR"));
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file)) {
        char *text = strchr(line, '\t');
        text = text ? strchr(text + 1, '\t') : NULL;
        if (line[0] == '#' || !text)
            continue;
        text++;
        text[strcspn(text, "\t\n")] = '\0';
        if (unescape(text))
            found += expect_no_miss(scanner, text);
    }
    fclose(file);
    cr_assert_gt(found, 500);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

/* A name, something between, and few digits or letters: what little is findable. */
static void make_short(struct dice *dice, char text[64])
{
    static const char *const names[] = {"cvv", "cvc2",      "CID",      "security_code",
                                        "pan", "pin_block", "pinblock", "card code"};
    static const char *const signs[] = {"=", ": ", "\":\"", " ", "%3D", "=\xEF\xBC\x91"};
    static const char letters[] = "0123456789abcdefABCDEF";
    const size_t digits = dice_once_in(dice, 2) ? 10 : sizeof letters - 1;
    size_t length = (size_t)snprintf(text, 64, "%s%s", names[dice_below(dice, 8)],
                                     signs[dice_below(dice, 6)]);
    for (size_t left = dice_between(dice, 1, 18); left > 0; left--)
        text[length++] = letters[dice_below(dice, digits)];
    text[length] = '\0';
}

Test(proxy_glance, leaves_out_nothing_that_dice_make)
{
    struct dice dice = {20};
    size_t found = 0;
    size_t harmless = 0;
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = make_scanner(&ruleset);
    for (size_t turn = 0; turn < 60000; turn++) {
        char text[64];
        make_short(&dice, text);
        found += expect_no_miss(scanner, text) > 0;
        harmless += (size_t)head_is_harmless(text);
    }
    cr_assert_gt(found, 3000, "%zu", found);
    cr_assert_gt(harmless, 1000, "%zu", harmless);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

/* ---- fields and queues ---------------------------------------------------------------
 */

Test(proxy_fields, are_known_in_any_case)
{
    cr_assert_eq(field_of("host"), FIELD_HOST);
    cr_assert_eq(field_of("TRANSFER-encoding"), FIELD_TRANSFER);
    cr_assert_eq(field_of("te"), FIELD_HOP);
    cr_assert_eq(field_of("If-Range"), FIELD_RANGE);
    cr_assert_eq(field_of("Hostx"), FIELD_OTHER);
    cr_assert_eq(field_of(""), FIELD_OTHER);
    cr_assert(field_list_has("close, X-Note", "x-note"));
    cr_assert(field_list_has(" ,X-Note\t,", "X-Note"));
    cr_assert_not(field_list_has("X-Notes, X-Not", "X-Note"));
    cr_assert_not(field_list_has("", "X-Note"));
}

Test(proxy_queue, gives_what_was_put)
{
    struct queue queue;
    struct dice dice = {7};
    unsigned char in = 0;
    unsigned char out = 0;
    queue_init(&queue, 4096);
    for (size_t turn = 0; turn < 5000; turn++) {
        unsigned char bytes[600];
        const size_t put = dice_below(&dice, sizeof bytes);
        for (size_t index = 0; index < put; index++)
            bytes[index] = (unsigned char)(in + index);
        if (queue_put(&queue, bytes_of(bytes, put)) == SIEVE_OK)
            in = (unsigned char)(in + put);
        else
            cr_assert_gt(queue_bytes(&queue).length + put, 4096 / 2);
        const size_t count = queue_take(&queue, bytes, dice_below(&dice, sizeof bytes));
        for (size_t index = 0; index < count; index++)
            cr_assert_eq(bytes[index], out++);
    }
    queue_done(&queue);
    cr_assert_eq(queue_bytes(&queue).length, 0);
}
