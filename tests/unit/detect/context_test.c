/* Section 5 of docs/detection.md: words, keys and columns. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

/* A number that is medium only beside a card word. */
#define ODD "411 111111 1111111"

Test(context, words_in_every_encoding)
{
    static const struct found_case cases[] = {
        {ODD, ""},
        {"credit card " ODD, "12+18 pan medium ascii visa"},
        {"CARD " ODD, "5+18 pan medium ascii visa"},
        {"myCardNo " ODD, "9+18 pan medium ascii visa"},
        {"the card_no is " ODD, "15+18 pan medium ascii visa"},
        {"\\xE3\\x82\\xAB\\xE3\\x83\\xBC\\xE3\\x83\\x89\\xE7\\x95\\xAA\\xE5\\x8F\\xB7"
         " " ODD,
         "16+18 pan medium ascii visa"},
        {"\\x83J\\x81[\\x83h\\x94\\xD4\\x8D\\x86 " ODD, "11+18 pan medium ascii visa"},
        {"\\xA5\\xAB\\xA1\\xBC\\xA5\\xC9\\xC8\\xD6\\xB9\\xE6 " ODD,
         "11+18 pan medium ascii visa"},
        {"\\\\u30ab\\\\u30fc\\\\u30c9\\\\u756a\\\\u53f7 " ODD,
         "31+18 pan medium ascii visa"},
        {"%E3%82%AB%E3%83%BC%E3%83%89%E7%95%AA%E5%8F%B7 " ODD,
         "46+18 pan medium ascii visa"},
        {"%83J%81%5B%83h%94%D4%8D%86 " ODD, "27+18 pan medium ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(context, whole_tokens_only)
{
    static const struct found_case cases[] = {
        {"cardinal " ODD, ""},
        {"discard " ODD, ""},
        {"pancake " ODD, ""},
        {"japan " ODD, ""},
        {"PAN: " ODD, "5+18 pan medium ascii visa"},
        {"user.pan " ODD, "9+18 pan medium ascii visa"},
        {"userPan " ODD, "8+18 pan medium ascii visa"},
        {"x_pan_y " ODD, "8+18 pan medium ascii visa"},
        /* the second byte of a kanji is no letter, the last of UTF-8 leaves one */
        {"\\x94\\x5Apan " ODD, "6+18 pan medium ascii visa"},
        {"\\x82\\xE0\\x94\\x7Apan " ODD, "8+18 pan medium ascii visa"},
        {"\\x82\\xE0japan " ODD, ""},
        {"\\xE3\\x82\\x82spancake " ODD, ""},
        {"\\xE3\\x81\\x82span " ODD, ""},
        /* four X of UTF-16, not of any bytes, hide digits */
        {"X\\x00X\\x00X\\x00X\\x00p\\x00a\\x00n\\x00 " ODD,
         "15+18 pan medium ascii visa"},
        {"X+XXX\\x00X\\x00p\\x00a\\x00n\\x00 " ODD, ""},
        {"pan\\x94\\x5A " ODD, "6+18 pan medium ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(context, the_window)
{
    static const struct found_case cases[] = {
        {ODD " card", "0+18 pan medium ascii visa"},
        {ODD "\\ncard", ""},
        {"card\\n" ODD, "5+18 pan medium ascii visa"},
        {"card\\n\\n" ODD, ""},
        {"card\\nline\\n" ODD, ""},
        {"card 123456789012345678901234567890123456789 123456789 123456789 123456789 "
         "123456789 " ODD,
         "85+18 pan medium ascii visa"},
        {"card .........1.........2.........3.........4.........5.........6.........7"
         ".........8.........9.........10 " ODD,
         ""},
    };
    CHECK_FOUND(cases, NULL);
}

/* A JAN that is a card's number: found only under a card's name. */
#define JAN "4987698260977"

Test(context, keys)
{
    static const struct found_case cases[] = {
        {"{\\\"card_number\\\":\\\"" JAN "\\\"}", "16+13 pan high ascii visa"},
        {"{\\\"cardNumber\\\": " JAN "}", "15+13 pan high ascii visa"},
        {"card[number]=" JAN, "13+13 pan high ascii visa"},
        {"payment_details[number]=" JAN, "24+13 pan high ascii visa"},
        {"<CardNo>" JAN "</CardNo>", "8+13 pan high ascii visa"},
        {"  [card_no] => " JAN, "15+13 pan high ascii visa"},
        {"s:7:\\\"card_no\\\";s:13:\\\"" JAN "\\\";", "20+13 pan high ascii visa"},
        {"\\\\\\\"card_no\\\\\\\":\\\\\\\"" JAN "\\\\\\\"", "14+13 pan high ascii visa"},
        {"card%5Fno%3D" JAN, ""},
        {"card%3D" JAN, "7+13 pan high ascii visa"},
        {"\\xE3\\x82\\xAB\\xE3\\x83\\xBC\\xE3\\x83\\x89\\xE7\\x95\\xAA\\xE5\\x8F\\xB7"
         "\\xEF\\xBC\\x9A" JAN,
         "18+13 pan high ascii visa"},
        {"card " JAN, ""},
        {"card: the number is " JAN, ""},
        /* four digits are a number of their own, not a part of the name */
        {"card[123]=" JAN, "10+13 pan high ascii visa"},
        {"card[1234]=" JAN, ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(context, columns)
{
    static const struct found_case cases[] = {
        {"id,card_number,name\\n1," JAN ",x\\n", "22+13 pan high ascii visa"},
        {"id;card_number;name\\n1;" JAN ";x\\n", "22+13 pan high ascii visa"},
        {"id\\tcard_number\\tname\\n1\\t" JAN "\\tx\\n", "22+13 pan high ascii visa"},
        {"\\\"id\\\",\\\"card_number\\\"\\n\\\"1\\\",\\\"" JAN "\\\"\\n",
         "24+13 pan high ascii visa"},
        /* a comma in quotes parts nothing */
        {"id,card_number,name\\n\\\"a,b\\\"," JAN ",x\\n", "26+13 pan high ascii visa"},
        /* another column */
        {"id,card_number,name\\n1,2," JAN "\\n", ""},
        /* no header: data stands in the first line */
        {"id,card_number,2026\\n1," JAN ",x\\n", ""},
        /* no word heads two columns: UTF-16 whose bytes read as Bf;R */
        {"Bf;R\\n4539148803436467\\n", "5+16 pan high ascii visa"},
        /* a lowering column */
        {"id,order_id\\n1,4539148803436467\\n", "14+16 pan low ascii visa"},
        {"id,jan_code\\n1,4539148803436467\\n", "14+16 pan low ascii visa"},
        /* ... beats a card word behind the number, another lowering word before it */
        {"id,"
         "x\\n\\xE3\\x82\\xA4\\xE3\\x83\\xB3\\xE3\\x83\\x9C\\xE3\\x82\\xA4\\xE3\\x82\\xB9"
         "\\xE7\\x95\\xAA\\xE5\\x8F\\xB7"
         "4539148803436467card,",
         "26+16 pan low ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}
