/* Numbers below percent signs that are encoded once more are masked where they stand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "service/layers.h"

#define CARD   "4012888888881881"
#define MASKED "401288******1881"

static sieve_ruleset *ruleset;
static sieve_scanner *scanner;

static void set_up(void)
{
    cr_assert_eq(sieve_ruleset_new(NULL, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
}

static void tear_down(void)
{
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

TestSuite(layers, .init = set_up, .fini = tear_down);

static sieve_next count(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(unsigned *)context;
    return SIEVE_CONTINUE;
}

static void claim(const char *text, const char *wanted, unsigned findings)
{
    unsigned char bytes[1000];
    unsigned found = 0;
    const size_t length = strlen(text);
    memcpy(bytes, text, length + 1);
    cr_assert_eq(layers_mask(scanner, bytes, length, count, &found), SIEVE_OK);
    cr_assert_str_eq((char *)bytes, wanted);
    cr_assert_eq(found, findings, "%s: %u", text, found);
    /* Once more changes nothing. */
    cr_assert_eq(layers_mask(scanner, bytes, length, count, &found), SIEVE_OK);
    cr_assert_str_eq((char *)bytes, wanted);
    cr_assert_eq(found, findings);
}

Test(layers, masks_what_an_address_in_an_address_carries)
{
    claim("/?next=%2Fpay%3Fcard%3D" CARD, "/?next=%2Fpay%3Fcard%3D" MASKED, 1);
    claim("/?next=%252Fpay%253Fcard%253D" CARD, "/?next=%252Fpay%253Fcard%253D" MASKED,
          1);
    claim("/?next=a%25253Dcard%25253D" CARD "%252526x",
          "/?next=a%25253Dcard%25253D" MASKED "%252526x", 1);
    claim("/?a=%2525253D" CARD, "/?a=%2525253D" MASKED, 1);
    claim("card%253D4012%25208888%25208888%25201881&b=%25",
          "card%253D4012%252088**%2520****%25201881&b=%25", 1);
}

/* Digit by digit, below one layer and below two. */
Test(layers, masks_encoded_digits)
{
    static const char *const signs[] = {"%", "%25", "%2525", "%252525"};
    for (size_t index = 0; index < sizeof signs / sizeof signs[0]; index++) {
        char text[500] = "card=";
        char wanted[500] = "card=";
        for (size_t place = 0; place < sizeof CARD - 1; place++) {
            const int is_hidden = place >= 6 && place < 12;
            sprintf(text + strlen(text), "%s3%c", signs[index], CARD[place]);
            sprintf(wanted + strlen(wanted), "%s%s", signs[index],
                    is_hidden ? "2A" : "3");
            if (!is_hidden)
                sprintf(wanted + strlen(wanted), "%c", CARD[place]);
        }
        strcat(text, "&b=1");
        strcat(wanted, "&b=1");
        claim(text, wanted, 1);
    }
}

Test(layers, leaves_all_else_as_it_is)
{
    static const char *const texts[] = {
        "",
        "%",
        "%2",
        "%25",
        "%25%25%",
        "/?a=%2525252525&b=100%25",
        "/?id=%252D1234567890123456", /* no number's check digit */
        "/?next=%252Fhome%253Fpage%253D2",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
        claim(texts[index], texts[index], 0);
}
