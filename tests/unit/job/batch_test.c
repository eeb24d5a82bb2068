#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "job/batch.h"

Test(batch, gives_back_what_was_put_in)
{
    struct batch *batch = NULL;
    char name[BATCH_NAME_MAX];
    struct find find = {NULL, "x"};
    cr_assert_eq(batch_new(NULL, &batch), SIEVE_OK);
    for (int index = 0; batch_fits(batch, &find); index++) {
        char text[32];
        snprintf(text, sizeof text, "name %d", index);
        batch_add(batch, text);
    }
    cr_assert_eq(batch->count, BATCH_COUNT_MAX);
    for (int index = 0; index < BATCH_COUNT_MAX; index++) {
        char text[32];
        snprintf(text, sizeof text, "name %d", index);
        cr_assert_eq(batch_next(batch, name, &find), 1);
        cr_assert_str_eq(find.name, text);
        cr_assert_null(find.directory);
    }
    cr_assert_eq(batch_next(batch, name, &find), 0);
    batch_free(batch);
    batch_free(NULL);
}

Test(batch, long_names_fill_it_sooner)
{
    struct batch *batch = NULL;
    char name[BATCH_NAME_MAX];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct find find = {NULL, name};
    cr_assert_eq(batch_new(NULL, &batch), SIEVE_OK);
    cr_assert(batch_fits(batch, &find));
    batch_add(batch, name);
    cr_assert(batch_fits(batch, &find));
    batch_add(batch, name);
    cr_assert_not(batch_fits(batch, &find));
    batch_free(batch);
}

Test(batch, queue_keeps_the_order)
{
    struct batch_queue queue = {NULL, NULL, 0};
    struct batch *batches[3];
    for (int index = 0; index < 3; index++) {
        cr_assert_eq(batch_new(NULL, &batches[index]), SIEVE_OK);
        batch_queue_put(&queue, batches[index]);
    }
    cr_assert_eq(batch_queue_length(&queue), 3);
    for (int index = 0; index < 2; index++) {
        struct batch *batch = batch_queue_take(&queue);
        cr_assert_eq(batch, batches[index]);
        batch_free(batch);
    }
    batch_queue_clear(&queue);
    cr_assert_eq(batch_queue_length(&queue), 0);
    cr_assert_null(batch_queue_take(&queue));
}
