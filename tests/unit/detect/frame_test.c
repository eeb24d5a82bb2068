/* Section 7 of docs/detection.md: stripes and chip tags. */
#include <criterion/criterion.h>

#include "unit/detect/cases.h"

Test(frame, track_1)
{
    static const struct found_case cases[] = {
        {"%B4111111111111111^DOE/JANE^27121010000000000000?",
         "0+49 track1 high ascii visa"},
        {"B4111111111111111^DOE/JANE^2712101", "0+34 track1 high ascii visa"},
        {"x %B4111111111111111^DOE/JANE^2712101000? y", "2+39 track1 high ascii visa"},
        {"%25B4111111111111111%5EDOE%2FJANE%5E2712101000%3F",
         "0+49 track1 high ascii visa"},
        /* no month 13, a name too short or too long, no caret */
        {"card B4111111111111111^DOE/JANE^2713101", "6+16 pan high ascii visa"},
        {"card B4111111111111111^D^2712101", "6+16 pan high ascii visa"},
        {"card B4111111111111111^ABCDEFGHIJKLMNOPQRSTUVWXYZA^2712101",
         "6+16 pan high ascii visa"},
        {"B4111111111111112^DOE/JANE^2712101", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(frame, track_2)
{
    static const struct found_case cases[] = {
        {";4111111111111111=27121010000012345?", "0+36 track2 high ascii visa"},
        {"4111111111111111=2712101", "0+24 track2 high ascii visa"},
        {"4111111111111111D27121010000012345F", "0+35 track2 high ascii visa"},
        {"4111111111111111d2712101f", "0+25 track2 high ascii visa"},
        {"%3B4111111111111111%3D27121010000012345%3F", "0+42 track2 high ascii visa"},
        /* any tier, also by itself */
        {";5050603626533565=2712101?", "0+26 track2 high ascii maestro"},
        {"4111111111111111=2713101", "0+16 pan high ascii visa"},
        {"4111111111111111=271210", "0+16 pan high ascii visa"},
        {";4111111111111112=27121010000012345?", ""},
    };
    CHECK_FOUND(cases, NULL);
}

Test(frame, chip_tags)
{
    static const struct found_case cases[] = {
        {"5A084111111111111111", "4+16 emv high ascii visa"},
        {"5a08378282246310005f", "4+16 emv high ascii amex"},
        {"5A0A6205500000000000004F", "4+20 emv high ascii unionpay"},
        {"57124111111111111111D271210100000123456F", "4+36 emv high ascii visa"},
        {"9F6B114111111111111111D27121010000012345", "6+34 emv high ascii visa"},
        {"9F26081234567890ABCDEF5A0841111111111111115F24032712319F3704AABBCCDD",
         "26+16 emv high ascii visa"},
        {"561842343131313131313131313131313131315E444F455E3237",
         "4+48 emv high hex visa"},
        {"9F1F0430303030"
         "5A084111111111111111",
         "6+8 emv high ascii -; 18+16 emv high ascii visa"},
        {"5A084111111111111111"
         "9F20033132339F02",
         "4+16 emv high ascii visa; 26+6 emv high ascii -"},
        /* no plausible length, no number, no even distance */
        {"5A074111111111111111", ""},
        {"5A084111111111111112", ""},
        {"9F1F0430303030", ""},
    };
    CHECK_FOUND(cases, NULL);
}

/* Sums of 32, 40, 56, 64, 96 or 128 hex digits hold a card's data by chance. */
Test(frame, digests)
{
    static const struct found_case cases[] = {
        {"62921197465802d7301303e021cef205a3b1471f", ""},
        {"62921197465802d7301303e021cef205a3b1471", "0+22 track2 high ascii unionpay"},
        {"7e5a07399688216225979e7a44dfd82348fa67c5", ""},
        {"7e5a07399688216225979e7a44dfd82348fa67c5e8", "6+14 emv high ascii diners"},
        /* all of it is the track, or tags from end to end, some in others */
        {"4111111111111111D271210100000123", "0+32 track2 high ascii visa"},
        {"57124111111111111111D271210100000123456F", "4+36 emv high ascii visa"},
        {"700A5A0841111111111111119F36020001950100", "8+16 emv high ascii visa"},
    };
    CHECK_FOUND(cases, NULL);
}

Test(frame, all_digits_are_hidden)
{
    static const struct masked_case cases[] = {
        {";4111111111111111=27121010000012345?", ";****************=*****************?"},
        {"%B4111111111111111^DOE/JANE 2^2712101000?",
         "%B****************^DOE/JANE *^**********?"},
        {"5A08378282246310005F", "5A08***************F"},
        {"57124111111111111111D271210100000123456F",
         "5712****************D******************F"},
        {"%3B4111111111111111%3D2712101%3F", "%3B****************%3D*******%3F"},
    };
    CHECK_MASKED(cases, NULL);
}

Test(frame, only_the_kinds_asked_for)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    static const struct found_case tracks[] = {
        {";4111111111111111=27121010000012345? 5555555555554444",
         "0+36 track2 high ascii visa"},
    };
    static const struct found_case numbers[] = {
        {";4111111111111111=27121010000012345? 5555555555554444",
         "1+16 pan high ascii visa; 37+16 pan high ascii mastercard"},
    };
    options.kinds = 1u << SIEVE_KIND_TRACK2;
    CHECK_FOUND(tracks, &options);
    options.kinds = 1u << SIEVE_KIND_PAN;
    CHECK_FOUND(numbers, &options);
}
