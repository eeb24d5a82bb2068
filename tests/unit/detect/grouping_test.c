/* Section 2 of docs/detection.md: groups, joints, shapes. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(grouping, groups_of_the_brand)
{
    static const struct found_case cases[] = {
        {"4111 1111 1111 1111", "0+19 pan high ascii visa"},
        {"4111-1111-1111-1111", "0+19 pan high ascii visa"},
        {"4111.1111.1111.1111", "0+19 pan high ascii visa"},
        {"4111+1111+1111+1111", "0+19 pan high ascii visa"},
        {"4111  1111  1111  1111", "0+22 pan high ascii visa"},
        {"3782 822463 10005", "0+17 pan high ascii amex"},
        {"3056 930902 5904", "0+16 pan high ascii diners"},
        {"6205 5000 0000 0000 004", "0+23 pan high ascii unionpay"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(grouping, every_separator_joins)
{
    static const struct found_case cases[] = {
        {"4111\\xC2\\xA01111\\xC2\\xA01111\\xC2\\xA01111", "0+22 pan high ascii visa"},
        {"4111\\xE2\\x80\\x891111\\xE2\\x80\\x891111\\xE2\\x80\\x891111",
         "0+25 pan high ascii visa"},
        {"4111\\xE3\\x80\\x801111\\xE3\\x80\\x801111\\xE3\\x80\\x801111",
         "0+25 pan high ascii visa"},
        {"4111\\xE2\\x80\\x901111\\xE2\\x80\\x931111\\xE2\\x88\\x921111",
         "0+25 pan high ascii visa"},
        {"4111\\xEF\\xBC\\x8D1111\\xE3\\x83\\xBC1111\\xEF\\xBD\\xB01111",
         "0+25 pan high ascii visa"},
        {"4111\\x81@1111\\x81@1111\\x81@1111", "0+22 pan high ascii visa"},
        {"4111\\x81|1111\\x81|1111\\x81|1111", "0+22 pan high ascii visa"},
        {"4111\\x81[1111\\x81]1111\\x81\\\\1111", "0+22 pan high ascii visa"},
        {"4111\\xA1\\xA11111\\xA1\\xA11111\\xA1\\xA11111", "0+22 pan high ascii visa"},
        {"4111\\xA1\\xDD1111\\xA1\\xDD1111\\xA1\\xDD1111", "0+22 pan high ascii visa"},
        {"4111\\xB01111\\xB01111\\xB01111", "0+19 pan high ascii visa"},
        {"4111\\x8E\\xB01111\\x8E\\xB01111\\x8E\\xB01111", "0+22 pan high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(grouping, tabs_and_commas_part)
{
    static const struct found_case cases[] = {
        {"4111\\t1111\\t1111\\t1111", ""}, {"4111,1111,1111,1111", ""},
        {"card 4111;1111;1111;1111", ""},  {"4111/1111/1111/1111", ""},
        {"4111   1111   1111   1111", ""}, {"4111--1111--1111--1111", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(grouping, weaker_shapes_are_medium)
{
    static const struct found_case cases[] = {
        /* joints of more than one class */
        {"4111 1111-1111 1111", "0+19 pan medium ascii visa"},
        /* joints missing */
        {"41111111 11111111", "0+17 pan medium ascii visa"},
        {"4111 111111111111", "0+17 pan medium ascii visa"},
        {"41111111-1111-1111", "0+18 pan medium ascii visa"},
        /* missing, and in a longer chain */
        {"41111111 11111111 12", ""},
        {"12 41111111 11111111", ""},
        /* odd */
        {"41 11 11 11 11 11 11 11", ""},
        {"411 1111 1111 11111", ""},
        {"card 411 1111 1111 11111", "5+19 pan medium ascii visa"},
    };
    CHECK_FOUND_LOW(cases);
}

Test(grouping, line_breaks)
{
    static const struct found_case cases[] = {
        {"4111 1111\\n1111 1111", "0+19 pan medium ascii visa"},
        {"4111 1111 1111\\r\\n1111", "0+20 pan medium ascii visa"},
        {"4111 1111 \\n1111 1111", "0+20 pan medium ascii visa"},
        {"4111-1111-\\n1111-1111", "0+20 pan medium ascii visa"},
        /* two bare runs that merely stand on two lines */
        {"41111111\\n11111111", ""},
        {"card 41111111\\n11111111", "5+17 pan medium ascii visa"},
        {"card 4111111111\\n111111", "5+17 pan medium ascii visa"},
        /* a second break */
        {"card 4111\\n1111\\n1111 1111", ""},
        {"4111\\n\\n1111 1111 1111", ""},
    };
    CHECK_FOUND_LOW(cases);
}

Test(grouping, lists_of_numbers_do_not_join)
{
    static const struct found_case cases[] = {
        {"4111111111111111\\n5555555555554444\\n",
         "0+16 pan high ascii visa; 17+16 pan high ascii mastercard"},
        {"4111111111111111 5555555555554444",
         "0+16 pan high ascii visa; 17+16 pan high ascii mastercard"},
        {"41111111-11111111\\n55555555-55554444\\n",
         "0+17 pan medium ascii visa; 18+17 pan medium ascii mastercard"},
        {"03-1234-5678 090-1234-5678", ""},
    };
    CHECK_FOUND_LOW(cases);
}
