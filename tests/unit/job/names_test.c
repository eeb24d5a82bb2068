#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

Test(names, what_they_are_about, .init = open_engine, .fini = close_engine)
{
    static const struct {
        const char *name;
        enum name_about about;
        int is_weak;
    } rows[] = {
        {"card_no", ABOUT_CARD, 0},        {"カード番号", ABOUT_CARD, 0},
        {"card_type", ABOUT_NOTHING, 0},   {"expiry", ABOUT_EXPIRY, 0},
        {"有効期限", ABOUT_EXPIRY, 0},     {"card_holder", ABOUT_HOLDER, 0},
        {"name_on_card", ABOUT_HOLDER, 0}, {"cvv", ABOUT_CODE, 0},
        {"security_code", ABOUT_CODE, 0},  {"cid", ABOUT_CODE, 1},
        {"確認番号", ABOUT_CODE, 1},       {"pin_block", ABOUT_PIN, 0},
        {"order_id", ABOUT_NOTHING, 0},    {"memo", ABOUT_NOTHING, 0},
        {"code", ABOUT_NOTHING, 0},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        struct name_meaning meaning;
        cr_assert_eq(name_judge(scanner, rows[index].name, &meaning), SIEVE_OK);
        cr_expect_eq(meaning.about, rows[index].about, "%s: %d", rows[index].name,
                     (int)meaning.about);
        cr_expect_eq(meaning.is_weak, rows[index].is_weak, "%s", rows[index].name);
        cr_expect_eq(name_about_text(meaning.about) != NULL,
                     meaning.about != ABOUT_NOTHING);
        free(meaning.prefix);
    }
}

static sieve_next count_codes(const sieve_finding *finding, void *context)
{
    *(size_t *)context += finding->kind == SIEVE_KIND_SECURITY_CODE;
    return SIEVE_CONTINUE;
}

Test(names, a_weak_one_near_a_card_makes_codes, .init = open_engine, .fini = close_engine)
{
    char text[128];
    char *near = NULL;
    size_t count = 0;
    cr_assert_eq(name_near_card("cid", &near), SIEVE_OK);
    (void)snprintf(text, sizeof text, "%s739", near);
    free(near);
    cr_assert_eq(sieve_scan(scanner, text, strlen(text), count_codes, &count), SIEVE_OK);
    cr_expect_eq(count, 1);
    count = 0;
    cr_assert_eq(sieve_scan(scanner, "cid=739", 7, count_codes, &count), SIEVE_OK);
    cr_expect_eq(count, 0);
}
