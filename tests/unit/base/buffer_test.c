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

static void expect_quoted(const char *text, const char *wanted)
{
    struct buffer out;
    buffer_init(&out, strlen(wanted));
    cr_assert_eq(buffer_append_quoted(&out, bytes_of_text(text), '\''), SIEVE_OK);
    cr_expect_eq(out.length, strlen(wanted));
    cr_expect_arr_eq(out.at, wanted, out.length);
    buffer_done(&out);
    buffer_init(&out, strlen(wanted) - 1);
    cr_expect_eq(buffer_append_quoted(&out, bytes_of_text(text), '\''), SIEVE_E_LIMIT);
    buffer_done(&out);
}

Test(buffer, doubles_quotes)
{
    expect_quoted("", "''");
    expect_quoted("plain", "'plain'");
    expect_quoted("'", "''''");
    expect_quoted("it''s o'clock'", "'it''''s o''clock'''");
}

Test(buffer, appends_hex)
{
    struct buffer out;
    buffer_init(&out, 6);
    cr_assert_eq(buffer_append_hex(&out, bytes_of("\0\x7f\xc3", 3)), SIEVE_OK);
    cr_assert_eq(out.length, 6);
    cr_expect_arr_eq(out.at, "007fc3", 6);
    cr_expect_eq(buffer_append_hex(&out, bytes_of("a", 1)), SIEVE_E_LIMIT);
    buffer_done(&out);
}
