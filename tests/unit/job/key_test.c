#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "job/key.h"

static char name[] = "/tmp/key_test.XXXXXX";

static void check(size_t length, mode_t mode, const char *refusal)
{
    static struct key key;
    static char bytes[2 * KEY_LENGTH_MAX];
    const char *reason = NULL;
    int file = mkstemp(name);
    memset(bytes, 'k', sizeof bytes);
    cr_assert_eq(write(file, bytes, length), (ssize_t)length);
    cr_assert_eq(fchmod(file, mode), 0);
    sieve_status status = key_read(name, &key, &reason);
    close(file);
    unlink(name);
    memcpy(name + strlen(name) - 6, "XXXXXX", 6);
    if (refusal) {
        cr_assert_neq(status, SIEVE_OK);
        cr_assert_not_null(strstr(reason, refusal), "%s", reason);
        return;
    }
    cr_assert_eq(status, SIEVE_OK, "%s", reason);
    cr_assert_eq(key.length, length);
    cr_assert_arr_eq(key.bytes, bytes, length);
    key_done(&key);
    cr_assert_eq(key.length, 0);
    cr_assert_eq(key.bytes[0], 0);
}

Test(key, of_some_length_and_for_nobody_else)
{
    check(16, 0600, NULL);
    check(4096, 0400, NULL);
    check(15, 0600, "shorter than 16");
    check(0, 0600, "shorter than 16");
    check(4097, 0600, "longer than 4096");
    check(32, 0640, "others may use");
    check(32, 0604, "others may use");
    check(32, 0620, "others may use");
}

Test(key, that_is_no_file)
{
    static struct key key;
    const char *reason = NULL;
    cr_assert_neq(key_read("/dev/null", &key, &reason), SIEVE_OK);
    cr_assert_neq(key_read("/tmp", &key, &reason), SIEVE_OK);
    cr_assert_neq(key_read("/nowhere/key", &key, &reason), SIEVE_OK);
    cr_assert_str_eq(reason, "no such file or directory");
}
