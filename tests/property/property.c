/* property.c - the loop of a property. */
#include "property/property.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "support/text.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct property property_begin(const char *name, uint64_t runs_max)
{
    const char *seed = getenv("SIEVE_SEED");
    const char *seconds = getenv("SIEVE_SECONDS");
    struct property property = {.name = name, .runs_max = runs_max};
    property.first = seed ? strtoull(seed, NULL, 0) : 1;
    property.seed = property.first - 1;
    property.deadline = now() + (seconds ? strtod(seconds, NULL) : 5.0);
    return property;
}

int property_next(struct property *property)
{
    int over = property->runs == property->runs_max ||
               (property->runs % 64 == 0 && now() > property->deadline);
    if (over) {
        printf("property %s: seeds %llu to %llu, %llu runs\n", property->name,
               (unsigned long long)property->first, (unsigned long long)property->seed,
               (unsigned long long)property->runs);
        fflush(stdout);
        return 0;
    }
    property->seed++;
    property->runs++;
    return 1;
}

void property_fail(const struct property *property, const void *bytes, size_t length,
                   const char *what)
{
    struct text text = {0};
    text_add_shown(&text, bytes, length);
    fprintf(stderr, "property %s fails, SIEVE_SEED=%llu\n%s\ntext (%zu bytes): %s\n",
            property->name, (unsigned long long)property->seed, what, length,
            text_string(&text));
    text_done(&text);
}
