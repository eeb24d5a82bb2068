#include <criterion/criterion.h>
#include <stdlib.h>

#include "job/names.h"

static sieve_ruleset *ruleset;
static sieve_scanner *scanner;

static void open_engine(void)
{
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    options.min_confidence = SIEVE_LOW;
    cr_assert_eq(sieve_ruleset_new(&options, &ruleset, NULL), SIEVE_OK);
    cr_assert_eq(sieve_scanner_new(ruleset, &scanner), SIEVE_OK);
}

static void close_engine(void)
{
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
}

Test(names, what_they_say, .init = open_engine, .fini = close_engine)
{
    static const struct {
        const char *name;
        enum name_effect effect;
    } rows[] = {
        {"card_no", NAME_RAISES},
        {"cardNumber", NAME_RAISES},
        {"CARD_NO", NAME_RAISES},
        {"クレジットカード番号", NAME_RAISES},
        {"cvv", NAME_RAISES},
        {"security_code", NAME_RAISES},
        {"セキュリティコード", NAME_RAISES},
        {"pin_block", NAME_RAISES},
        {"order_id", NAME_LOWERS},
        {"body", NAME_SILENT},
        {"memo", NAME_SILENT},
        {"", NAME_SILENT},
        {"a", NAME_SILENT},
        {"内容", NAME_SILENT},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        struct name_meaning meaning;
        cr_assert_eq(name_judge(scanner, rows[index].name, &meaning), SIEVE_OK);
        cr_expect_eq(meaning.effect, rows[index].effect, "%s", rows[index].name);
        cr_expect_eq(meaning.prefix != NULL, meaning.effect != NAME_SILENT);
        free(meaning.prefix);
    }
}
