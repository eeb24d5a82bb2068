#include <criterion/criterion.h>

#include "source/pgreason.h"

static struct database_error error;

static const char *of_message(const char *message)
{
    pgreason_of_message(message, &error);
    return error.reason;
}

Test(pgreason, codes)
{
    pgreason_of_code("42P01", &error);
    cr_expect_str_eq(error.reason, "the table is gone");
    cr_expect_str_eq(error.code, "42P01");
    cr_expect_not(error.is_lost);
    pgreason_of_code("57P01", &error);
    cr_expect(error.is_lost);
    pgreason_of_code("XX001", &error);
    cr_expect_str_eq(error.reason, "data of the server are damaged");
    pgreason_of_code("99999", &error);
    cr_expect_str_eq(error.reason, "the server refused");
    cr_expect_str_eq(error.code, "99999");
}

Test(pgreason, what_is_no_code_is_not_shown)
{
    pgreason_of_code(NULL, &error);
    cr_expect_str_eq(error.code, "");
    pgreason_of_code("4111111111111111", &error);
    cr_expect_str_eq(error.code, "");
}

Test(pgreason, messages)
{
    cr_expect_str_eq(of_message("connection to server at \"h\" failed: FATAL:  28P01\n"),
                     "the server refused the user or the password");
    cr_expect_str_eq(error.code, "28P01");
    cr_expect_str_eq(of_message("server at \"a\" failed: FATAL:  57P03\n"
                                "server at \"b\" failed: FATAL:  3D000\n"),
                     "there is no such database");
    cr_expect_not(error.is_lost);
    cr_expect_str_eq(of_message("connection failed: Connection refused\n\tIs the server"),
                     "no server listens there");
    cr_expect_str_eq(of_message("SSL error: certificate verify failed"),
                     "the certificate of the server or of the user is not accepted");
    cr_expect_str_eq(error.code, "");
    cr_expect_str_eq(of_message("4111111111111111"), "no connection could be made");
    cr_expect_str_eq(of_message("x:  4111111111111111\n"), "no connection could be made");
    cr_expect_str_eq(error.code, "");
}
