/* property.c - the loop of a property. */
#include "property/property.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);
    return value ? strtoull(value, NULL, 0) : otherwise;
}

struct property property_begin(const char *name, uint64_t runs_max)
{
    struct property property = {.name = name};
    property.runs_max = number_from("SIEVE_RUNS", runs_max);
    property.first = number_from("SIEVE_SEED", 1);
    property.seed = property.first - 1;
    property.failures_max = number_from("SIEVE_FAILURES", 1);
    property.deadline = now() + (double)number_from("SIEVE_SECONDS", 4);
    return property;
}

int property_next(struct property *property)
{
    if (property->runs == property->runs_max ||
        property->failures == property->failures_max ||
        (property->runs % 16 == 0 && now() > property->deadline))
        return 0;
    property->seed++;
    property->runs++;
    return 1;
}

/* Leaves out pieces as long as it fails without them: halves, quarters, ... bytes. */
static void shrink(struct text *text, uint64_t seed, property_holds holds, void *context)
{
    struct text less = {0};
    double deadline = now() + 5;
    for (size_t piece = text->length / 2; piece > 0;) {
        int shorter = 0;
        for (size_t at = 0; at + piece <= text->length && now() < deadline;) {
            text_clear(&less);
            text_add(&less, text->bytes, at);
            text_add(&less, text->bytes + at + piece, text->length - at - piece);
            if (holds(&less, seed, context, NULL)) {
                at += piece;
            } else {
                text_clear(text);
                text_add(text, less.bytes, less.length);
                shorter = 1;
            }
        }
        if (!shorter || piece > text->length)
            piece /= 2;
    }
    text_done(&less);
}

void property_check(struct property *property, const struct text *text,
                    property_holds holds, void *context)
{
    if (holds(text, property->seed, context, NULL))
        return;
    struct text least = {0};
    struct text line = {0};
    property->failures++;
    text_add(&least, text->bytes, text->length);
    shrink(&least, property->seed, holds, context);
    text_add_string(&line, "text: ");
    text_add_shown(&line, least.bytes, least.length);
    text_add_string(&line, "\n");
    holds(&least, property->seed, context, &line);
    fprintf(stderr, "\nproperty %s fails, SIEVE_SEED=%llu\n%s", property->name,
            (unsigned long long)property->seed, text_string(&line));
    text_done(&least);
    text_done(&line);
}

void property_end(const struct property *property)
{
    printf("property %s: seeds %llu to %llu, %llu runs\n", property->name,
           (unsigned long long)property->first, (unsigned long long)property->seed,
           (unsigned long long)property->runs);
    fflush(stdout);
    cr_assert_eq(property->failures, 0, "%s", property->name);
}
