#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "service/metrics.h"

#define THREADS 8
#define TIMES   10000u

#define SEEN_MAX 100u

struct seen {
    size_t count;
    struct metrics_findings rows[SEEN_MAX];
};

static void see(const struct metrics_findings *findings, void *context)
{
    struct seen *seen = context;
    cr_assert_lt(seen->count, SEEN_MAX);
    seen->rows[seen->count++] = *findings;
}

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
        metrics_request(context, ASKED_MASK);
        metrics_reply(context, ASKED_MASK, 200, 60000);
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
    struct seen seen = {0};
    metrics_each_finding(metrics, see, &seen);
    cr_assert_eq(seen.count, 1);
    cr_assert_eq(seen.rows[0].kind, SIEVE_KIND_PAN);
    cr_assert_eq(seen.rows[0].form, SIEVE_FORM_CP932);
    cr_assert_eq(seen.rows[0].confidence, SIEVE_HIGH);
    cr_assert_str_eq(seen.rows[0].brand, "visa");
    cr_assert_eq(seen.rows[0].count, THREADS * TIMES);
    cr_assert_eq(sum.refusals[PROBLEM_DAMAGED], THREADS * TIMES);
    cr_assert_eq(sum.requests[ASKED_MASK], THREADS * TIMES);
    cr_assert_eq(sum.requests[ASKED_SCAN], 0);
    cr_assert_eq(sum.replies[ASKED_MASK][2], THREADS * TIMES);
    /* over 50, up to 100 microseconds */
    cr_assert_eq(sum.latency[ASKED_MASK][1], THREADS * TIMES);
    cr_assert_eq(sum.latency[ASKED_SCAN][1], 0);
    cr_assert_eq(sum.latency_nanoseconds[ASKED_MASK], UINT64_C(60000) * THREADS * TIMES);
    metrics_free(metrics);
}

Test(metrics, brands_have_places_and_the_rest_has_the_last)
{
    struct metrics *metrics = NULL;
    char names[METRIC_BRANDS_MAX + 10][16];
    cr_assert_eq(metrics_new(&metrics), SIEVE_OK);
    for (size_t index = 0; index < METRIC_BRANDS_MAX + 10; index++) {
        const sieve_brand brand = {names[index], "any"};
        const sieve_finding finding = {.confidence = SIEVE_LOW, .brand = &brand};
        (void)snprintf(names[index], sizeof names[index], "brand%zu", index);
        metrics_finding(metrics, &finding);
        metrics_finding(metrics, &finding);
    }
    struct seen seen = {0};
    metrics_each_finding(metrics, see, &seen);
    cr_assert_eq(seen.count, METRIC_BRANDS_MAX);
    for (size_t place = 0; place < METRIC_BRANDS_MAX - 1; place++) {
        cr_assert_eq(seen.rows[place].count, 2);
        cr_assert_str_eq(seen.rows[place].brand, names[place]);
        cr_assert_eq(seen.rows[place].confidence, SIEVE_LOW);
    }
    cr_assert_eq(seen.rows[METRIC_BRANDS_MAX - 1].count, 22);
    cr_assert_str_eq(seen.rows[METRIC_BRANDS_MAX - 1].brand, "");
    metrics_free(metrics);
}

Test(metrics, each_kind_form_and_confidence_is_told_apart)
{
    struct metrics *metrics = NULL;
    struct seen seen = {0};
    static const sieve_finding findings[] = {
        {.kind = SIEVE_KIND_PAN, .confidence = SIEVE_LOW, .form = SIEVE_FORM_ASCII},
        {.kind = SIEVE_KIND_PAN, .confidence = SIEVE_HIGH, .form = SIEVE_FORM_ASCII},
        {.kind = SIEVE_KIND_PAN, .confidence = SIEVE_LOW, .form = SIEVE_FORM_EBCDIC},
        {.kind = SIEVE_KIND_RULE, .confidence = SIEVE_HIGH, .form = SIEVE_FORM_EBCDIC},
    };
    const size_t count = sizeof findings / sizeof findings[0];
    cr_assert_eq(metrics_new(&metrics), SIEVE_OK);
    for (size_t index = 0; index < count; index++) {
        for (size_t times = 0; times <= index; times++)
            metrics_finding(metrics, &findings[index]);
    }
    metrics_each_finding(metrics, see, &seen);
    cr_assert_eq(seen.count, count);
    for (size_t index = 0; index < count; index++) {
        const sieve_finding *wanted = &findings[seen.rows[index].count - 1];
        cr_assert_eq(seen.rows[index].kind, wanted->kind);
        cr_assert_eq(seen.rows[index].form, wanted->form);
        cr_assert_eq(seen.rows[index].confidence, wanted->confidence);
    }
    metrics_free(metrics);
}
