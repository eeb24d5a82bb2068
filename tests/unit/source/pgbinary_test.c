#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/pgbinary.h"
#include "support/dice.h"

#define HEADER "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"

/* Bytes of hex; blanks between. */
static struct bytes of_hex(const char *hex)
{
    static unsigned char bytes[4096];
    size_t length = 0;
    for (; *hex; hex++) {
        unsigned byte;
        if (*hex == ' ')
            continue;
        cr_assert_eq(sscanf(hex, "%2x", &byte), 1);
        bytes[length++] = (unsigned char)byte;
        hex++;
    }
    return bytes_of(bytes, length);
}

static const char *text_of(enum pgdecoding decoding, const char *hex)
{
    static char text[PGTEXT_MAX + 1];
    struct bytes field = of_hex(hex);
    const size_t needed = pgbinary_room(decoding, field);
    char *room = malloc(needed + 1); /* no more, so that a sanitizer sees one too many */
    struct bytes found = pgbinary_text(decoding, field, room);
    if (needed > 0)
        cr_assert_leq(found.length, needed);
    memcpy(text, found.at, found.length);
    text[found.length] = '\0';
    free(room);
    return text;
}

Test(pgbinary, integers)
{
    cr_expect_str_eq(text_of(PGDECODE_INT2, "8000"), "-32768");
    cr_expect_str_eq(text_of(PGDECODE_INT2, "7fff"), "32767");
    cr_expect_str_eq(text_of(PGDECODE_INT4, "80000000"), "-2147483648");
    cr_expect_str_eq(text_of(PGDECODE_INT4, "00000007"), "7");
    cr_expect_str_eq(text_of(PGDECODE_OID, "ffffffff"), "4294967295");
    cr_expect_str_eq(text_of(PGDECODE_INT8, "0000000000000000"), "0");
    cr_expect_str_eq(text_of(PGDECODE_INT8, "000e9b08a568f1c7"), "4111111111111111");
    cr_expect_str_eq(text_of(PGDECODE_INT8, "7fffffffffffffff"), "9223372036854775807");
    cr_expect_str_eq(text_of(PGDECODE_INT8, "8000000000000000"), "-9223372036854775808");
    cr_expect_str_eq(text_of(PGDECODE_UUID, "123456781234567812345678123456ab"),
                     "12345678-1234-5678-1234-5678123456ab");
}

Test(pgbinary, a_double_that_is_whole_is_written_whole)
{
    cr_expect_str_eq(text_of(PGDECODE_FLOAT8, "4330000000000000"), "4503599627370496");
    cr_expect_str_eq(text_of(PGDECODE_FLOAT8, "bff8000000000000"), "-1.5");
    cr_expect_str_eq(text_of(PGDECODE_FLOAT8, "8000000000000000"), "0");
    cr_expect_str_eq(text_of(PGDECODE_FLOAT8, "7ff8000000000000"), "nan");
}

/* count, weight, sign, places, groups */
Test(pgbinary, numerics)
{
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0000 0000 0000 0000"), "0");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0004 0003 0000 0000 100f 0457 0457 0457"),
                     "4111111111111111");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0004 0003 0000 0002 100f 0457 0457 0457"),
                     "4111111111111111");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0002 0000 4000 0002 0001 1388"), "-1.50");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0001 ffff 0000 0004 0007"), "0.0007");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0001 fffe 0000 0006 04b0"), "0.000012");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0001 0003 0000 0000 0001"),
                     "1000000000000");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "0000 0000 c000 0000"), "NaN");
}

Test(pgbinary, a_number_of_a_wrong_length_stays_bytes)
{
    cr_expect_str_eq(text_of(PGDECODE_INT8, "313233"), "123");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "313233"), "123");
    cr_expect_str_eq(text_of(PGDECODE_NUMERIC, "7fff 3333 3333 3333 3333"), "\x7f\xff"
                                                                            "33333333");
}

Test(pgbinary, texts_stay_where_they_are)
{
    struct bytes field = bytes_of("\1{}", 3);
    cr_expect_eq(pgbinary_room(PGDECODE_JSONB, field), 0);
    cr_expect_eq(pgbinary_text(PGDECODE_JSONB, field, NULL).at, field.at + 1);
    cr_expect_eq(pgbinary_text(PGDECODE_TEXT, field, NULL).at, field.at);
    cr_expect_eq(pgbinary_text(PGDECODE_BYTES, field, NULL).length, 3);
}

Test(pgbinary, header_and_rows)
{
    static const char message[] = HEADER "\0\2\0\0\0\1a\377\377\377\377"
                                         "\0\2\0\0\0\0\0\0\0\2bc"
                                         "\377\377";
    struct bytes rest = bytes_of(message, sizeof message - 1);
    struct bytes fields[2];
    cr_assert_eq(pgbinary_header(&rest), SIEVE_OK);
    cr_assert_eq(pgbinary_row(&rest, fields, 2), SIEVE_OK);
    cr_expect(fields[0].length == 1 && fields[0].at[0] == 'a');
    cr_expect_null(fields[1].at);
    cr_assert_eq(pgbinary_row(&rest, fields, 2), SIEVE_OK);
    cr_expect(fields[0].at && fields[0].length == 0);
    cr_expect_eq(fields[1].length, 2);
    cr_expect_eq(pgbinary_row(&rest, fields, 2), SIEVE_STOPPED);
    cr_expect_eq(rest.length, 0);
}

Test(pgbinary, what_is_cut_short_is_corrupt)
{
    static const char message[] = HEADER "\0\2\0\0\0\1a\0\0\0\2bc";
    const size_t header = sizeof HEADER - 1;
    for (size_t length = 0; length < sizeof message - 1; length++) {
        /* On the heap, so that a sanitizer sees a look too far. */
        char *copy = malloc(length + 1);
        memcpy(copy, message, length);
        struct bytes rest = bytes_of(copy, length);
        struct bytes fields[2];
        sieve_status status = pgbinary_header(&rest);
        cr_expect_eq(status, length < header ? SIEVE_E_CORRUPT : SIEVE_OK);
        if (status == SIEVE_OK)
            cr_expect_eq(pgbinary_row(&rest, fields, 2), SIEVE_E_CORRUPT, "%zu", length);
        free(copy);
    }
}

Test(pgbinary, any_bytes_do_no_harm)
{
    struct dice dice = {7};
    for (int round = 0; round < 200000; round++) {
        unsigned char *bytes = malloc(64);
        const size_t length = dice_below(&dice, 64);
        for (size_t index = 0; index < length; index++)
            bytes[index] = dice_once_in(&dice, 2) ? 0 : (unsigned char)dice_next(&dice);
        struct bytes rest = bytes_of(bytes, length);
        struct bytes fields[3];
        const enum pgdecoding decoding =
            (enum pgdecoding)dice_below(&dice, PGDECODE_UUID + 1);
        const size_t room = pgbinary_room(decoding, rest);
        cr_assert_leq(room, PGTEXT_MAX);
        char *text = malloc(room + 1);
        struct bytes found = pgbinary_text(decoding, rest, text);
        cr_assert(found.length <= room || found.at >= bytes);
        if (pgbinary_header(&rest) != SIEVE_OK)
            rest = bytes_of(bytes, length);
        if (pgbinary_row(&rest, fields, 3) == SIEVE_OK)
            cr_assert_leq(rest.length, length);
        free(text);
        free(bytes);
    }
}

Test(pgbinary, locators)
{
    char text[PGLOCATOR_MAX];
    cr_assert_eq(pgbinary_locator(of_hex("00000000 0001"), text), SIEVE_OK);
    cr_expect_str_eq(text, "(0,1)");
    cr_assert_eq(pgbinary_locator(of_hex("ffffffff ffff"), text), SIEVE_OK);
    cr_expect_str_eq(text, "(4294967295,65535)");
    cr_expect_eq(pgbinary_locator(of_hex("00"), text), SIEVE_E_CORRUPT);
}
