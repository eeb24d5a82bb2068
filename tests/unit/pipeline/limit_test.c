#include <criterion/criterion.h>
#include <stdlib.h>

#include "pipeline/limit.h"

/* A last step that only counts. */
struct counter {
    struct stage base;
    uint64_t bytes;
    int finished;
    int *freed;
};

static sieve_status count_write(struct stage *self, struct bytes chunk)
{
    ((struct counter *)self)->bytes += chunk.length;
    return SIEVE_OK;
}

static sieve_status count_finish(struct stage *self)
{
    ((struct counter *)self)->finished++;
    return SIEVE_OK;
}

static void count_free(struct stage *self)
{
    ++*((struct counter *)self)->freed;
}

static const struct stage_ops counter_ops = {
    .name = "counter", .write = count_write, .finish = count_finish, .free = count_free};

static sieve_status pour(struct stage *stage, uint64_t length)
{
    static const char zeros[1 << 20];
    while (length > 0) {
        size_t count = length < sizeof zeros ? (size_t)length : sizeof zeros;
        sieve_status status = stage_write(stage, bytes_of(zeros, count));
        if (status != SIEVE_OK)
            return status;
        length -= count;
    }
    return SIEVE_OK;
}

Test(limit, lets_pass_exactly_the_total)
{
    uint64_t taken = 1;
    int freed = 0;
    sieve_error error = {SIEVE_OK, NULL, NULL, 0, 0};
    const struct limit limit = {1000, 0, &taken, &error};
    struct counter counter = {.base = {&counter_ops, NULL}, .freed = &freed};
    struct stage *stage = NULL;
    cr_assert_eq(limit_stage_new(&limit, &counter.base, &stage), SIEVE_OK);
    cr_assert_eq(pour(stage, 1000), SIEVE_OK);
    cr_assert_eq(pour(stage, 1), SIEVE_E_LIMIT);
    cr_assert_eq(counter.bytes, 1000);
    cr_assert_eq(error.status, SIEVE_E_LIMIT);
    cr_assert_not_null(strstr(error.what, "--max-expanded"));
    stage_free(stage);
    cr_assert_eq(freed, 1);
}

Test(limit, hands_on_what_is_allowed_of_the_last_chunk)
{
    uint64_t taken = 1;
    int freed = 0;
    const struct limit limit = {1000, 0, &taken, NULL};
    struct counter counter = {.base = {&counter_ops, NULL}, .freed = &freed};
    struct stage *stage = NULL;
    cr_assert_eq(limit_stage_new(&limit, &counter.base, &stage), SIEVE_OK);
    cr_assert_eq(pour(stage, 5000), SIEVE_E_LIMIT);
    cr_assert_eq(counter.bytes, 1000);
    stage_free(stage);
}

Test(limit, ratio_counts_past_the_free_length)
{
    uint64_t taken = 100;
    int freed = 0;
    sieve_error error = {SIEVE_OK, NULL, NULL, 0, 0};
    const struct limit limit = {UINT64_MAX, 10, &taken, &error};
    struct counter counter = {.base = {&counter_ops, NULL}, .freed = &freed};
    struct stage *stage = NULL;
    cr_assert_eq(limit_stage_new(&limit, &counter.base, &stage), SIEVE_OK);
    cr_assert_eq(pour(stage, LIMIT_FREE_LENGTH), SIEVE_OK);
    cr_assert_eq(pour(stage, 1), SIEVE_E_LIMIT);
    cr_assert_not_null(strstr(error.what, "--max-ratio"));
    stage_free(stage);

    /* More input allows more output. */
    taken = LIMIT_FREE_LENGTH;
    cr_assert_eq(limit_stage_new(&limit, &counter.base, &stage), SIEVE_OK);
    cr_assert_eq(pour(stage, UINT64_C(10) * LIMIT_FREE_LENGTH), SIEVE_OK);
    cr_assert_eq(pour(stage, 1), SIEVE_E_LIMIT);
    stage_free(stage);
}

Test(limit, finishes_the_next)
{
    uint64_t taken = 1;
    int freed = 0;
    const struct limit limit = {1000, 0, &taken, NULL};
    struct counter counter = {.base = {&counter_ops, NULL}, .freed = &freed};
    struct stage *stage = NULL;
    cr_assert_eq(limit_stage_new(&limit, &counter.base, &stage), SIEVE_OK);
    cr_assert_eq(stage_finish(stage), SIEVE_OK);
    cr_assert_eq(counter.finished, 1);
    stage_free(stage);
}
