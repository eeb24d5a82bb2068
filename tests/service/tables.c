/* tables.c - the tables that openapi.json and the page must agree with, as JSON. */
#include <stdio.h>

#include "service/problem.h"
#include "service/routes.h"
#include "service/settings.h"
#include "service/wishes.h"

static const char *joint(size_t index)
{
    return index == 0 ? "" : ",";
}

static void put_routes(void)
{
    fputs("{\"routes\":[", stdout);
    for (size_t index = 0; route_at(index); index++) {
        const struct route *route = route_at(index);
        printf("%s{\"path\":\"%s\",\"methods\":\"%s\",\"asks\":%s}", joint(index),
               route->path, route->methods,
               route->access == ROUTE_OPEN ? "false" : "true");
    }
}

static void put_problems(void)
{
    fputs("],\"problems\":[", stdout);
    for (int row = PROBLEM_NONE + 1; row < PROBLEM_COUNT; row++) {
        const enum problem problem = (enum problem)row;
        printf("%s{\"name\":\"%s\",\"status\":%u,\"proxy\":%s,\"body\":%s}",
               joint((size_t)row - 1), problem_name(problem), problem_status(problem),
               problem_is_of_proxy(problem) ? "true" : "false", problem_body(problem));
    }
}

static void put_options(void)
{
    fputs("],\"options\":{", stdout);
    for (size_t index = 0; request_option_name(index); index++)
        printf("%s\"%s\":\"%s\"", joint(index), request_option_name(index),
               request_option_header(index));
    fputs("},\"styles\":[", stdout);
    for (size_t style = 0; style < SIEVE_STYLE_COUNT; style++)
        printf("%s\"%s\"", joint(style), sieve_style_name((sieve_style)style));
}

static void put_words(void)
{
    fputs("],\"kinds\":[", stdout);
    for (size_t kind = 0; kind < SIEVE_KIND_COUNT; kind++)
        printf("%s\"%s\"", joint(kind), sieve_kind_name((sieve_kind)kind));
    fputs("],\"forms\":[", stdout);
    for (size_t form = 0; form < SIEVE_FORM_COUNT; form++)
        printf("%s\"%s\"", joint(form), sieve_form_name((sieve_form)form));
    fputs("],\"confidences\":[", stdout);
    for (size_t level = SIEVE_LOW; level <= SIEVE_HIGH; level++)
        printf("%s\"%s\"", joint(level - SIEVE_LOW),
               sieve_confidence_name((sieve_confidence)level));
}

static int put_brands(void)
{
    sieve_ruleset *ruleset = NULL;
    fputs("],\"brands\":[", stdout);
    if (sieve_ruleset_new(NULL, &ruleset, NULL) != SIEVE_OK)
        return 1;
    for (size_t index = 0; sieve_ruleset_brand(ruleset, index); index++)
        printf("%s[\"%s\",\"%s\"]", joint(index),
               sieve_ruleset_brand(ruleset, index)->name,
               sieve_ruleset_brand(ruleset, index)->title);
    printf("],\"version\":\"%s\"}\n", sieve_version());
    sieve_ruleset_free(ruleset);
    return 0;
}

int main(void)
{
    put_routes();
    put_problems();
    put_options();
    put_words();
    return put_brands();
}
