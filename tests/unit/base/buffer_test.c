#include <criterion/criterion.h>

#include "base/buffer.h"

Test(buffer, grows_and_keeps_what_it_holds)
{
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    for (int index = 0; index < 1000; index++)
        cr_assert_eq(buffer_append(&buffer, bytes_of("abc", 3)), SIEVE_OK);
    cr_assert_eq(buffer.length, 3000);
    for (size_t index = 0; index < 3000; index++)
        cr_assert_eq(buffer.at[index], "abc"[index % 3]);
    buffer_done(&buffer);
}

Test(buffer, has_a_ceiling)
{
    struct buffer buffer;
    buffer_init(&buffer, 300);
    char bytes[300] = {0};
    cr_assert_eq(buffer_append(&buffer, bytes_of(bytes, 299)), SIEVE_OK);
    cr_assert_eq(buffer_append(&buffer, bytes_of(bytes, 2)), SIEVE_E_LIMIT);
    cr_assert_eq(buffer.length, 299);
    cr_assert_eq(buffer_append(&buffer, bytes_of(bytes, 1)), SIEVE_OK);
    cr_assert_eq(buffer_reserve(&buffer, SIZE_MAX), SIEVE_E_LIMIT);
    cr_assert_leq(buffer.capacity, 300);
    buffer_done(&buffer);
}

Test(buffer, forgets_when_cleared)
{
    struct buffer buffer;
    buffer_init(&buffer, 64);
    cr_assert_eq(buffer_append(&buffer, bytes_of("secret", 6)), SIEVE_OK);
    unsigned char *at = buffer.at;
    buffer_clear(&buffer);
    cr_assert_eq(buffer.length, 0);
    for (size_t index = 0; index < 6; index++)
        cr_assert_eq(at[index], 0);
    buffer_done(&buffer);
    buffer_done(&buffer);
}

Test(buffer, takes_nothing)
{
    struct buffer buffer;
    buffer_init(&buffer, 64);
    cr_assert_eq(buffer_append(&buffer, bytes_of(NULL, 0)), SIEVE_OK);
    cr_assert_null(buffer.at);
    buffer_clear(&buffer);
    buffer_done(&buffer);
}
