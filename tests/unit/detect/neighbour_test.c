/* Section 3 of docs/detection.md: what touches a number. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(neighbour, letters_and_japanese_may_touch)
{
    static const struct found_case cases[] = {
        {"4111111111111111", "0+16 pan high ascii visa"},
        {"PAN4111111111111111EXP", "3+16 pan high ascii visa"},
        {"card_4111111111111111", "5+16 pan high ascii visa"},
        {"\xE7\x95\xAA\xE5\x8F\xB7\xE3\x81\xAF"
         "4111111111111111\xE3\x81\xA7\xE3\x81\x99",
         "9+16 pan high ascii visa"},
        {"4111111111111111/2027", "0+16 pan high ascii visa"},
        {"(4111111111111111)", "1+16 pan high ascii visa"},
        {"4111111111111111.", "0+16 pan high ascii visa"},
        {"4111111111111111,00", "0+16 pan high ascii visa"},
        {"pan=4111111111111111&x=1", "4+16 pan high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(neighbour, digits_of_any_width_may_not)
{
    static const struct found_case cases[] = {
        {"14111111111111111", ""},
        {"41111111111111115", ""},
        {"\\xEF\\xBC\\x914111111111111111", ""},
        {"4111111111111111\\xEF\\xBC\\x91", ""},
        {"\\x82P4111111111111111", ""},
        {"4111111111111111\\x82P", ""},
        {"\\xA3\\xB14111111111111111", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(neighbour, masks)
{
    static const struct found_case cases[] = {
        {"****4111111111111111", ""},
        {"4111111111111111****", ""},
        {"XXXX4111111111111111", ""},
        {"4111111111111111####", ""},
        {"**-**4111111111111111", ""},
        {"***4111111111111111", "3+16 pan high ascii visa"},
        {"\\xE2\\x80\\xA2\\xE2\\x80\\xA2\\xE2\\x80\\xA2\\xE2\\x80\\xA2"
         "4111111111111111",
         ""},
        {"411111******1111", ""},
        {"4111 11** **** 1111", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(neighbour, uuids)
{
    static const struct found_case cases[] = {
        {"47223179-9330-4259-b66c-6f4d1b0a9c21", ""},
        {"card 00000000-4111-1111-1111-111111111111", ""},
        {"1e2f3a4b-4111-1111-1111-1111aabbccdd", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(neighbour, decimals)
{
    static const struct found_case cases[] = {
        {"0.5309136012499991", ""},
        {"1.4111111111111111", ""},
        {"card 1.4111111111111111", ""},
        {"=.4111111111111111", ""},
        {".4111111111111111", ""},
        {"card .4111111111111111", "6+16 pan high ascii visa"},
        {"4111111111111111.25", ""},
        {"card 4111111111111111.25", "5+16 pan high ascii visa"},
        {"No.4111111111111111", "3+16 pan high ascii visa"},
        {"&dash;.&#52;111111111111111", "7+20 pan high html-entity visa"},
        {"0&period;&#52;111111111111111", ""},
        {"end.4111111111111111", "4+16 pan high ascii visa"},
        {"2.4670000000000001E-2", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(neighbour, hex)
{
    static const struct found_case cases[] = {
        {"a4111111111111111", ""},
        {"4111111111111111f", ""},
        {"deadbeef4111111111111111", ""},
        {"0x4111111111111111", ""},
        {"0X4111111111111111", ""},
        {"card 0x4111111111111111", "7+16 pan high ascii visa"},
        /* 24 digits of hex, as long as an object id: no word helps */
        {"card deadbeef4111111111111111", ""},
        {"card a4111111111111111", "6+16 pan high ascii visa"},
        {"g4111111111111111", "1+16 pan high ascii visa"},
        {"abcg4111111111111111", "4+16 pan high ascii visa"},
        /* digits of any width are part of the token */
        {"\\xEF\\xBC\\x91b4111111111111111", ""},
        {"g\\xEF\\xBC\\x91b4111111111111111", "5+16 pan high ascii visa"},
        {"g\\x82Rb4111111111111111", "4+16 pan high ascii visa"},
        {"4111111111111111b\\x82Rg", "0+16 pan high ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(neighbour, hyphenated_ids)
{
    static const struct found_case cases[] = {
        {"1234-4111111111111111", ""},
        {"4111111111111111-99", ""},
        {"A1-4111111111111111", ""},
        {"abc-4111111111111111", ""},
        {"****-4111111111111111", ""},
        {"*-4111111111111111", ""},
        {"tel-4111111111111111", "4+16 pan high ascii visa"},
        {"box-4111111111111111", "4+16 pan high ascii visa"},
        {"order -4111111111111111", "7+16 pan high ascii visa"},
        {"card 1234-4111111111111111", "10+16 pan high ascii visa"},
        {"\\xEF\\xBC\\x91\\xEF\\xBC\\x8D4111111111111111", ""},
    };
    CHECK_FOUND_LOW(cases);
}

/* The second byte of a kanji may be a letter: 8E 61, 94 5A. */
Test(neighbour, halves_of_kanji_are_no_letters)
{
    static const struct found_case cases[] = {
        {"\\x8E\\x614539148803436467", "2+16 pan high ascii visa"},
        {"\\x82\\xCD\\x8E\\x414539148803436467", "4+16 pan high ascii visa"},
        {"\\xE0\\x664539148803436467", "2+16 pan high ascii visa"},
        {"\\xB6\\xB0\\x8E\\x614539148803436467", "4+16 pan high ascii visa"},
        {"x\\x8E\\x61-4539148803436467", "4+16 pan high ascii visa"},
        {"\\x8E\\x78-4539148803436467", "3+16 pan high ascii visa"},
        {"\\x8E\\x614539148803436467\\x8E\\x61", "2+16 pan high ascii visa"},
        {"4539148803436467-\\x8E\\x61", "0+16 pan high ascii visa"},
        {"T\\x8E\\x614539148803436467D2712101", "3+24 track2 high ascii visa"},
        /* letters behind whole characters: CP932, UTF-8, one byte of Shift_JIS */
        {"\\x82\\xE0\\x614539148803436467", ""},
        {"\\xE3\\x81\\x82\\x614539148803436467", ""},
        {"\\xE3\\x81\\x8C\\x614539148803436467", ""},
        {"\\xB6\\xB0\\x614539148803436467", ""},
        {"\\xC2\\x85\\x614539148803436467", ""},
    };
    CHECK_FOUND_LOW(cases);
}
