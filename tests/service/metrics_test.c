#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "service/metrics.h"

#define THREADS 8
#define TIMES   10000u

static void *count_up(void *context)
{
    const sieve_brand brand = {"visa", "Visa"};
    const sieve_finding finding = {.kind = SIEVE_KIND_PAN,
                                   .confidence = SIEVE_HIGH,
                                   .form = SIEVE_FORM_CP932,
                                   .brand = &brand};
    for (unsigned turn = 0; turn < TIMES; turn++) {
        metrics_add(context, METRIC_BYTES_SENT, 3);
        metrics_finding(context, &finding);
        metrics_refusal(context, PROBLEM_DAMAGED);
        metrics_reply(context, 200, 60000);
    }
    return NULL;
}

Test(metrics, what_threads_count_adds_up)
{
    struct metrics *metrics = NULL;
    struct metrics_sum sum;
    pthread_t threads[THREADS];
    cr_assert_eq(metrics_new(&metrics), SIEVE_OK);
    for (size_t index = 0; index < THREADS; index++)
        cr_assert_eq(pthread_create(&threads[index], NULL, count_up, metrics), 0);
    for (size_t index = 0; index < THREADS; index++)
        cr_assert_eq(pthread_join(threads[index], NULL), 0);
    metrics_read(metrics, &sum);
    cr_assert_eq(sum.counts[METRIC_BYTES_SENT], 3 * THREADS * TIMES);
    cr_assert_eq(sum.counts[METRIC_BYTES_RECEIVED], 0);
    cr_assert_eq(sum.by_kind[SIEVE_KIND_PAN], THREADS * TIMES);
    cr_assert_eq(sum.by_form[SIEVE_FORM_CP932], THREADS * TIMES);
    cr_assert_eq(sum.by_confidence[SIEVE_HIGH], THREADS * TIMES);
    cr_assert_eq(sum.by_brand[0], THREADS * TIMES);
    cr_assert_str_eq(metrics_brand(metrics, 0), "visa");
    cr_assert_null(metrics_brand(metrics, 1));
    cr_assert_eq(sum.refusals[PROBLEM_DAMAGED], THREADS * TIMES);
    cr_assert_eq(sum.statuses[2], THREADS * TIMES);
    cr_assert_eq(sum.latency[1], THREADS * TIMES); /* over 50, up to 100 microseconds */
    cr_assert_eq(sum.latency_nanoseconds, UINT64_C(60000) * THREADS * TIMES);
    metrics_free(metrics);
}

Test(metrics, brands_have_places_and_the_rest_has_the_last)
{
    struct metrics *metrics = NULL;
    struct metrics_sum sum;
    char names[METRIC_BRANDS_MAX + 10][16];
    cr_assert_eq(metrics_new(&metrics), SIEVE_OK);
    for (size_t index = 0; index < METRIC_BRANDS_MAX + 10; index++) {
        const sieve_brand brand = {names[index], "any"};
        const sieve_finding finding = {.confidence = SIEVE_LOW, .brand = &brand};
        (void)snprintf(names[index], sizeof names[index], "brand%zu", index);
        metrics_finding(metrics, &finding);
        metrics_finding(metrics, &finding);
    }
    metrics_read(metrics, &sum);
    for (size_t place = 0; place < METRIC_BRANDS_MAX - 1; place++) {
        cr_assert_eq(sum.by_brand[place], 2);
        cr_assert_str_eq(metrics_brand(metrics, place), names[place]);
    }
    cr_assert_eq(sum.by_brand[METRIC_BRANDS_MAX - 1], 22);
    cr_assert_null(metrics_brand(metrics, METRIC_BRANDS_MAX - 1));
    metrics_free(metrics);
}
