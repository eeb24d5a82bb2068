/* Section 8 of docs/detection.md: security codes and PIN blocks by their names. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(code, strong_names)
{
    static const struct found_case cases[] = {
        {"cvv=123", "4+3 security_code high ascii -"},
        {"CVV2: 1234", "6+4 security_code high ascii -"},
        {"\\\"securityCode\\\":\\\"123\\\"", "16+3 security_code high ascii -"},
        {"<cvc>123</cvc>", "5+3 security_code high ascii -"},
        {"card[cvc]=123", "10+3 security_code high ascii -"},
        {"s:3:\\\"cvv\\\";s:3:\\\"123\\\";", "15+3 security_code high ascii -"},
        {"cvv: \\xEF\\xBC\\x91\\xEF\\xBC\\x92\\xEF\\xBC\\x93",
         "5+9 security_code high fullwidth-utf8 -"},
        {"\\xE3\\x82\\xBB\\xE3\\x82\\xAD\\xE3\\x83\\xA5\\xE3\\x83\\xAA\\xE3\\x83\\x86"
         "\\xE3\\x82\\xA3\\xE3\\x82\\xB3\\xE3\\x83\\xBC\\xE3\\x83\\x89"
         "\\xEF\\xBC\\x9A"
         "123",
         "30+3 security_code high ascii -"},
        {"card_conf_number=123", "17+3 security_code high ascii -"},
        {"cvv%3D123", "6+3 security_code high ascii -"},
        {"%22cvv%22%3A%20123", "15+3 security_code high ascii -"},
        {"%22cvv%22%3A%22123%22", "15+3 security_code high ascii -"},
        /* no length of PHP's: the s is the name's */
        {"security digits:138", "16+3 security_code high ascii -"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, no_value)
{
    static const struct found_case cases[] = {
        {"cvv=12", ""},       {"cvv=12345", ""},  {"cvv=abc", ""},    {"cvv=12a", ""},
        {"cvv=s123", ""},     {"cvv=a12", ""},    {"cvv=***", ""},    {"cvv", ""},
        {"cvv:\\n123", ""},   {"mycvvx=123", ""}, {"cvv is 123", ""}, {"scvvs=123", ""},
        {"cvv=\\\"\\\"", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, spaces_only_need_a_card_word)
{
    static const struct found_case cases[] = {
        {"cvv 123", ""},
        {"card: cvv\\x81@123", "11+3 security_code medium ascii -"},
        {"card: cvv%20123", "12+3 security_code medium ascii -"},
        {"card 4111111111111111 cvv 123",
         "5+16 pan high ascii visa; 26+3 security_code medium ascii -"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, weak_names_need_a_card_word)
{
    static const struct found_case cases[] = {
        {"cid=123", ""},
        {"cid 123 card", ""},
        {"card=x&cid=123", "11+3 security_code medium ascii -"},
        {"cid=123&card=x", "4+3 security_code medium ascii -"},
        {"card\\ncid=123", "9+3 security_code medium ascii -"},
        {"cid=123\\ncard", ""},
        /* a word that begins in the value is not beside it */
        {"pin>3360\\xA20\\xE10\\xC30\\xAF0\\xB9", ""},
        {"pin>3360 \\xA20\\xE10\\xC30\\xAF0\\xB90", "4+4 pin_block medium ascii -"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, pins)
{
    static const struct found_case cases[] = {
        {"pin_block=0123456789ABCDEF", "10+16 pin_block high ascii -"},
        {"pinblock: 0412AC89ABCDEF67", "10+16 pin_block high ascii -"},
        {"encrypted pin block=0412ac89abcdef67", "20+16 pin_block high ascii -"},
        {"pin_block=0123456789ABCDEF0", ""},
        {"pin=1234", ""},
        {"card pin: 1234", "10+4 pin_block high ascii -"},
        {"\\xE6\\x9A\\x97\\xE8\\xA8\\xBC\\xE7\\x95\\xAA\\xE5\\x8F\\xB7: 1234", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, columns)
{
    static const struct found_case cases[] = {
        {"id,cvv\\n1,123\\n2,4567\\n3,89\\n",
         "9+3 security_code high ascii -; 15+4 security_code high ascii -"},
        {"\\\"id\\\",\\\"cvv\\\"\\n\\\"1\\\",\\\"123\\\"\\n",
         "16+3 security_code high ascii -"},
        {"id;cid\\n1;123\\n", "9+3 security_code medium ascii -"},
        {"id,cvv\\n123,x\\n", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(code, all_of_it_is_hidden)
{
    static const struct masked_case cases[] = {
        {"cvv=123&x=456", "cvv=***&x=456"},
        {"pin_block=0412AC89ABCDEF67", "pin_block=****************"},
        {"cvv: \\xEF\\xBC\\x91\\xEF\\xBC\\x92\\xEF\\xBC\\x93",
         "cvv: \\xEF\\xBC\\x8A\\xEF\\xBC\\x8A\\xEF\\xBC\\x8A"},
        {"id,cvv\\n1,123\\n", "id,cvv\\n1,***\\n"},
    };
    CHECK_MASKED(cases, NULL);
}
