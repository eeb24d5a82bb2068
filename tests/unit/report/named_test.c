#include <criterion/criterion.h>

#include "report/named.h"

Test(named, each_word_is_read_as_what_it_was_written_for)
{
    for (sieve_kind kind = 0; kind < SIEVE_KIND_COUNT; kind++) {
        sieve_kind read = SIEVE_KIND_COUNT;
        cr_assert(named_kind(bytes_of_text(sieve_kind_name(kind)), &read));
        cr_assert_eq(read, kind);
    }
    for (sieve_form form = 0; form < SIEVE_FORM_COUNT; form++) {
        sieve_form read = SIEVE_FORM_COUNT;
        cr_assert(named_form(bytes_of_text(sieve_form_name(form)), &read));
        cr_assert_eq(read, form);
    }
    for (sieve_confidence level = SIEVE_LOW; level <= SIEVE_HIGH; level++) {
        sieve_confidence read = (sieve_confidence)0;
        cr_assert(named_confidence(bytes_of_text(sieve_confidence_name(level)), &read));
        cr_assert_eq(read, level);
    }
    for (sieve_style style = 0; style < SIEVE_STYLE_COUNT; style++) {
        sieve_style read = SIEVE_STYLE_COUNT;
        cr_assert(named_style(bytes_of_text(sieve_style_name(style)), &read));
        cr_assert_eq(read, style);
    }
}

Test(named, other_words_change_nothing)
{
    static const char *const words[] = {"", "pa", "pan ", "High", "unknown", "none"};
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++) {
        const struct bytes word = bytes_of_text(words[index]);
        sieve_kind kind = SIEVE_KIND_RULE;
        sieve_form form = SIEVE_FORM_HEX;
        sieve_confidence level = SIEVE_HIGH;
        sieve_style style = SIEVE_STYLE_FULL;
        cr_assert_not(named_kind(word, &kind) || named_form(word, &form));
        cr_assert_not(named_confidence(word, &level) || named_style(word, &style));
        cr_assert(kind == SIEVE_KIND_RULE && form == SIEVE_FORM_HEX);
        cr_assert(level == SIEVE_HIGH && style == SIEVE_STYLE_FULL);
    }
    cr_assert(named_kind(bytes_of("pan,track1", 3), &(sieve_kind){SIEVE_KIND_RULE}));
}

Test(named, reasons_are_parted_as_far_as_there_is_room)
{
    char words[] = "a bb ccc";
    char many[4 * SIEVE_REASONS_MAX] = "";
    sieve_finding finding = {.reason_count = 0};
    named_reasons(words, &finding);
    cr_assert_eq(finding.reason_count, 3);
    cr_assert_str_eq(finding.reasons[0], "a");
    cr_assert_str_eq(finding.reasons[2], "ccc");
    for (size_t index = 0; index < SIEVE_REASONS_MAX + 1u; index++)
        (void)strcat(many, "r ");
    finding.reason_count = 0;
    named_reasons(many, &finding);
    cr_assert_eq(finding.reason_count, SIEVE_REASONS_MAX);
}
