#include <criterion/criterion.h>
#include <string.h>

#include "service/limits.h"
#include "service/spool.h"

static unsigned char byte_at(uint64_t offset)
{
    return (unsigned char)(offset * 31 + (offset >> 13) * 7);
}

/* Writes `length` bytes in pieces and reads them back, also from the middle. */
static void round_trip(uint64_t length, size_t piece, const char *directory)
{
    static unsigned char bytes[200000];
    struct spool spool;
    spool_init(&spool, directory, UINT64_MAX);
    for (uint64_t at = 0; at < length;) {
        size_t count = length - at < piece ? (size_t)(length - at) : piece;
        for (size_t index = 0; index < count; index++)
            bytes[index] = byte_at(at + index);
        cr_assert_eq(spool_write(&spool, bytes_of(bytes, count)), SIEVE_OK);
        at += count;
    }
    cr_assert_eq(spool_seal(&spool), SIEVE_OK);
    cr_assert_eq(spool.length, length);
    cr_assert_eq(spool.file != NULL, length > SPOOL_MEMORY_MAX);
    for (uint64_t at = 0; at < length;) {
        const ssize_t count = spool_read(&spool, at, bytes, 100001);
        cr_assert_gt(count, 0);
        for (ssize_t index = 0; index < count; index++)
            cr_assert_eq(bytes[index], byte_at(at + (uint64_t)index));
        at += (uint64_t)count;
    }
    cr_assert_eq(spool_read(&spool, length, bytes, 10), 0);
    if (length > 70000) {
        cr_assert_gt(spool_read(&spool, 69999, bytes, 10), 0);
        cr_assert_eq(bytes[0], byte_at(69999));
    }
    spool_done(&spool);
}

Test(spool, gives_back_what_was_written)
{
    static const uint64_t lengths[] = {0,       1,       65535,   65536,
                                       1048576, 1048577, 1114112, 3000001};
    for (size_t index = 0; index < sizeof lengths / sizeof lengths[0]; index++) {
        round_trip(lengths[index], 200000, "/tmp");
        round_trip(lengths[index], 4099, "/tmp");
    }
}

Test(spool, fails_where_there_is_no_room)
{
    static const unsigned char some[65536];
    struct spool spool;
    sieve_status status = SIEVE_OK;
    spool_init(&spool, NULL, UINT64_MAX);
    for (int turn = 0; turn < 17 && status == SIEVE_OK; turn++)
        status = spool_write(&spool, bytes_of(some, sizeof some));
    cr_assert_eq(status, SIEVE_E_LIMIT);
    spool_done(&spool);
    spool_init(&spool, "/nowhere", UINT64_MAX);
    for (int turn = 0; turn < 17; turn++)
        status = spool_write(&spool, bytes_of(some, sizeof some));
    cr_assert_eq(status, SIEVE_E_IO);
    spool_done(&spool);
    spool_init(&spool, "/tmp", 10);
    cr_assert_eq(spool_write(&spool, bytes_of(some, 10)), SIEVE_OK);
    cr_assert_eq(spool_write(&spool, bytes_of(some, 1)), SIEVE_E_LIMIT);
    spool_done(&spool);
}
