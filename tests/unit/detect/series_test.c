/* Section 3 of docs/detection.md, rules 3, 4, 6 and 7: how a number is written, and its
 * like beside it.  The numbers are those of lists, of code points and of programs. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(series, one_full_stop_makes_a_fraction)
{
    static const struct found_case cases[] = {
        {"at 41111111.11111111", ""},
        {"41111111.11111111", ""},
        {"4111.111111111111,", ""},
        {"41111111%2E11111111", ""},
        {"card 41111111.11111111", "5+17 pan high ascii visa"},
        {"4111.1111.1111.1111", "0+19 pan high ascii visa"},
        {"41111111-11111111", "0+17 pan medium ascii visa"},
        {"41111111.111111.11", ""}, /* its shape */
    };
    CHECK_FOUND_LOW(cases);
}

Test(series, a_list_in_order)
{
    static const struct found_case cases[] = {
        {"4615 4646 4677 4708 4740 4771 4803", ""},
        {"4584 4615 4620 4646 4677 4708 4740", ""},
        {"4646 4677 4708 4740 4771 4803 4835", ""},
        {"9900 8800 7700 6011 5804 4300 3206 2100", ""},
        {"card no 4615 4646 4677 4708 4740 4771 4803", "13+19 pan high ascii visa"},
        {"4615 4646 4677 4708 4740 4771", "5+19 pan high ascii visa"},
        {"4615 4646 4677 4708 4740 4771 4771", "5+19 pan high ascii visa"},
        {"4615 4646 4677 4708 4740 4771 803", "5+19 pan high ascii visa"},
        {"4646 4677 4708 4740 4771 4803 1234", "0+19 pan high ascii visa"},
        {"4646 4677 4708 4740\\n4771 4803 4835", "0+19 pan high ascii visa"},
        {"5555 5555 5555 4444 4111 1111 1111 1111",
         "0+19 pan high ascii mastercard; 20+19 pan high ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(series, hex_words)
{
    static const struct found_case cases[] = {
        {"541E 5426 5427 5446 5443 5433 5448", ""},
        {"543E 5446 5443 5433 5448 5442 9431", ""},
        {"5446 5443 5433 5448 5442 541B 21FF0", ""},
        {"card 541E 5426 5427 5446 5443 5433 5448", "20+19 pan high ascii mastercard"},
        {"541E 5426 5446 5443 5433 5448", "10+19 pan high ascii mastercard"},
        {"5412 5426 5427 5446 5443 5433 5448", "15+19 pan high ascii mastercard"},
        {"541E 5426 542 5446 5443 5433 5448", "14+19 pan high ascii mastercard"},
        {"541E 5426 542G 5446 5443 5433 5448", "15+19 pan high ascii mastercard"},
        {"2247 003F\\n2245 0061\\n2245 0062\\n2247 0062\\n", ""},
        {"2247 0031\\n2245 0061\\n2245 0062\\n2247 0062\\n",
         "20+19 pan medium ascii mastercard"},
        {"541E 5426 5427\\n5446 5443 5433 5448", "15+19 pan high ascii mastercard"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(series, integers_of_programs)
{
    static const struct found_case cases[] = {
        {"long uid = 4694047833775013803L;", ""},
        {"4694047833775013803ull", ""},
        {"4694047833775013803n", ""},
        {"card 4694047833775013803L", "5+19 pan high ascii visa"},
        {"4694047833775013803Li", "0+19 pan high ascii visa"},
        {"4694047833775013803LLUU", "0+19 pan high ascii visa"},
        {"4111111111111111L", "0+16 pan high ascii visa"},
        {"_ZN3fooILm4843385626062560038EEE", ""},
        {"_ZN3fooIm4843385626062560038EEE", "9+19 pan high ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}
