#include <criterion/criterion.h>

#include "base/limits.h"
#include "base/safe_text.h"

static void check(const char *raw, const char *safe, sieve_scanner *veil)
{
    struct safe_text text;
    safe_text_init(&text);
    cr_assert_eq(safe_text_set(&text, bytes_of_text(raw), veil), SIEVE_OK);
    struct bytes bytes = safe_text_bytes(&text);
    cr_assert_eq(bytes.length, strlen(safe));
    cr_assert_arr_eq(bytes.at, safe, bytes.length);
    safe_text_done(&text);
}

Test(safe_text, hides_long_numbers_without_an_engine)
{
    check("/srv/4111111111111111.txt", "/srv/****************.txt", NULL);
    check("plain name", "plain name", NULL);
    check("1234567890", "1234567890", NULL);
}

Test(safe_text, leaves_names_alone_that_the_engine_does_not_take_for_numbers)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = NULL;
    options.min_confidence = SIEVE_LOW;
    cr_assert_eq(sieve_ruleset_new(&options, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
    check("card_4111111111111111.txt", "card_411111******1111.txt", scanner);
    check("4111-1111-1111-1111", "4111-11**-****-1111", scanner);
    check("backup-20240131235959-0001.sql", "backup-20240131235959-0001.sql", scanner);
    /* Behind a hyphenated date the engine refuses it; it is hidden all the same. */
    check("2024-4111111111111111", "2024-411111******1111", scanner);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

Test(safe_text, is_set_again_and_again)
{
    struct safe_text text;
    safe_text_init(&text);
    cr_assert_eq(safe_text_set(&text, bytes_of_text("a long first name"), NULL),
                 SIEVE_OK);
    cr_assert_eq(safe_text_set(&text, bytes_of_text("b"), NULL), SIEVE_OK);
    cr_assert_eq(safe_text_bytes(&text).length, 1);
    safe_text_done(&text);
}

/* What is cut was hidden before: the first digits of a number say too much. */
Test(safe_text, hides_a_number_where_it_is_cut)
{
    static const char number[] = "4111111111111111";
    static unsigned char raw[NAME_LENGTH_MAX + 1024];
    for (size_t shown = 1; shown <= sizeof number; shown++) {
        struct safe_text text;
        memset(raw, 'a', sizeof raw);
        memcpy(raw + NAME_LENGTH_MAX - shown, number, sizeof number - 1);
        safe_text_init(&text);
        cr_assert_eq(safe_text_set(&text, bytes_of(raw, sizeof raw), NULL), SIEVE_OK);
        const struct bytes safe = safe_text_bytes(&text);
        size_t digits = 0;
        for (size_t index = 0; index < safe.length; index++)
            digits += safe.at[index] >= '0' && safe.at[index] <= '9';
        cr_assert_eq(safe.length, NAME_LENGTH_MAX);
        cr_assert(digits <= 10, "%zu digits", digits);
        safe_text_done(&text);
    }
}
