#include <criterion/criterion.h>
#include <stdlib.h>

#include "cli/settings.h"

Test(settings, lists_of_words)
{
    struct list list = {.count = 0};
    cr_assert_null(list_add_words(&list, "visa,jcb"));
    cr_assert_null(list_add_words(&list, "amex"));
    cr_assert_eq(list.count, 3);
    cr_assert_str_eq(list.items[0], "visa");
    cr_assert_str_eq(list.items[1], "jcb");
    cr_assert_str_eq(list.items[2], "amex");
    cr_assert_null(list.items[3]);
    cr_assert_not_null(list_add_words(&list, "a,,b"));
    cr_assert_not_null(list_add_words(&list, ""));
    list_done(&list);
}

Test(settings, too_many_words)
{
    struct list list = {.count = 0};
    const char *reason = NULL;
    for (int index = 0; index <= LIST_MAX && !reason; index++)
        reason = list_add(&list, "word");
    cr_assert_not_null(reason);
    cr_assert_eq(list.count, LIST_MAX);
    list_done(&list);
}

Test(settings, words_of_the_engine)
{
    sieve_confidence confidence = SIEVE_MEDIUM;
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    uint32_t kinds = 0;
    cr_assert_null(confidence_of("low", &confidence));
    cr_assert_eq(confidence, SIEVE_LOW);
    cr_assert_not_null(confidence_of("urgent", &confidence));
    cr_assert_null(kinds_of("pan,track2", &kinds));
    cr_assert_eq(kinds, 1u << SIEVE_KIND_PAN | 1u << SIEVE_KIND_TRACK2);
    cr_assert_not_null(kinds_of("pan,nonsense", &kinds));
    cr_assert_null(form_of("ebcdic", &options));
    cr_assert_eq(options.ebcdic, 1);
    cr_assert_not_null(form_of("ascii", &options));
}

Test(settings, limits)
{
    struct expansion expansion = EXPANSION_DEFAULT;
    cr_assert_null(expanded_of("2G", &expansion));
    cr_assert_eq(expansion.total, UINT64_C(2) << 30);
    cr_assert_null(ratio_of("0", &expansion));
    cr_assert_eq(expansion.ratio, 0);
    cr_assert_null(memory_of("8M", &expansion));
    cr_assert_eq(expansion.memory, 8u << 20);
    cr_assert_not_null(expanded_of("2 G", &expansion));
    cr_assert_not_null(ratio_of("many", &expansion));
    cr_assert_not_null(memory_of("-1", &expansion));
}

Test(settings, no_colour_without_a_terminal)
{
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    cr_assert_eq(colour_is_welcome(), 0);
    cr_assert_geq(worker_count_default(), 1);
}
