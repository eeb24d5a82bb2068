/* mysql://... in its parts. */
#include <criterion/criterion.h>

#include "source/myaddress.h"

static struct myaddress address;
static struct database_error error;

static sieve_status parse(const char *target)
{
    myaddress_done(&address);
    return myaddress_parse(target, &address, &error);
}

Test(myaddress, every_part_may_be_there)
{
    cr_assert_eq(parse("mysql://us%65r:p%40ss:w@db.example:3307/sh%2Fop?"
                       "ssl_mode=Verify_CA&connect-timeout=9&socket=/run/a%26b"),
                 SIEVE_OK);
    cr_assert_str_eq(address.user, "user");
    cr_assert_str_eq(address.password, "p@ss:w");
    cr_assert_str_eq(address.host, "db.example");
    cr_assert_eq(address.port, 3307);
    cr_assert_str_eq(address.database, "sh/op");
    cr_assert_eq(address.tls, MYTLS_VERIFIED);
    cr_assert_eq(address.connect_seconds, 9);
    cr_assert_str_eq(address.options[MYOPTION_SOCKET], "/run/a&b");
    myaddress_done(&address);
}

Test(myaddress, every_part_may_be_left_out)
{
    static const char *const empty[] = {"mysql://", "mariadb:///", "mysql://@/?"};
    for (size_t index = 0; index < sizeof empty / sizeof *empty; index++) {
        cr_assert_eq(parse(empty[index]), SIEVE_OK, "%s", empty[index]);
        cr_assert(!address.user && !address.password && !address.host &&
                  !address.database && address.port == 0 && !address.has_tls);
    }
    cr_assert_eq(parse("mysql://user:@host"), SIEVE_OK);
    cr_assert_str_eq(address.password, "");
    cr_assert_eq(parse("mysql://a@b@[::1]:3306/x"), SIEVE_OK);
    cr_assert_str_eq(address.user, "a@b");
    cr_assert_str_eq(address.host, "::1");
    cr_assert_eq(parse("mysql:///x?ssl-ca=/ca.pem"), SIEVE_OK);
    cr_assert_eq(address.tls, MYTLS_VERIFIED);
    myaddress_done(&address);
}

Test(myaddress, what_is_written_otherwise_is_refused)
{
    static const char *const wrong[] = {"mysql:shop",
                                        "mysql://h:0/",
                                        "mysql://h:65536/",
                                        "mysql://h:x/",
                                        "mysql://[::1/",
                                        "mysql://[::1]x/",
                                        "mysql:///a%",
                                        "mysql:///a%0",
                                        "mysql:///a%00",
                                        "mysql:///a?socket",
                                        "mysql:///?x=1",
                                        "mysql:///?socket=",
                                        "mysql:///?ssl-mode=maybe",
                                        "mysql:///?connect-timeout=-1"};
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
        cr_assert_eq(parse(wrong[index]), SIEVE_E_INVALID, "%s", wrong[index]);
        cr_assert_not_null(error.reason);
        cr_assert_null(address.memory);
    }
}
