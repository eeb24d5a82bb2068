#include <criterion/criterion.h>
#include <errno.h>

#include "base/reason.h"

Test(reason, of_the_system_in_constant_words)
{
    cr_assert_str_eq(reason_of_system(EACCES), "permission denied");
    cr_assert_str_eq(reason_of_system(ENOSPC), "no space left on the device");
    cr_assert_str_eq(reason_of_system(-1), "the system refused");
}

Test(reason, of_an_error_the_most_telling_words)
{
    sieve_error error = {SIEVE_E_IO, "a row is bad", NULL, 0, ENOENT};
    cr_assert_str_eq(reason_of_error(&error), "a row is bad");
    error.what = NULL;
    cr_assert_str_eq(reason_of_error(&error), "no such file or directory");
    error.system = 0;
    error.status = SIEVE_E_MEMORY;
    cr_assert_str_eq(reason_of_error(&error), "not enough memory");
    error.status = SIEVE_E_LIMIT;
    cr_assert_str_eq(reason_of_error(&error), "a limit was reached");
    error.status = SIEVE_E_CORRUPT;
    cr_assert_str_eq(reason_of_error(&error), "damaged data");
    error.status = SIEVE_E_INTERNAL;
    cr_assert_str_eq(reason_of_error(&error), "the engine failed");
}
