#include <criterion/criterion.h>
#include <stdio.h>

#include "job/repair_judge.h"

/* Applies the edits that quoting gives: one mask over [offset, offset + length). */
static void expect(const char *json, size_t offset, size_t length, sieve_status status,
                   const char *wanted)
{
    struct edit edits[3] = {{offset, length, bytes_of("****************", length)}};
    char out[256] = "";
    size_t used = 0;
    size_t at = 0;
    size_t count = 1;
    cr_assert_eq(json_quote_numbers(bytes_of_text(json), edits, &count, 3), status, "%s",
                 json);
    for (size_t index = 0; index < count; index++) {
        used += (size_t)snprintf(
            out + used, sizeof out - used, "%.*s%.*s", (int)(edits[index].offset - at),
            json + at, (int)edits[index].text.length, (const char *)edits[index].text.at);
        at = edits[index].offset + edits[index].length;
    }
    (void)snprintf(out + used, sizeof out - used, "%s", json + at);
    cr_expect_str_eq(out, wanted);
}

Test(repair_json, quotes_a_number)
{
    expect("{\"a\":41111,\"b\":2}", 7, 2, SIEVE_OK, "{\"a\":\"41**1\",\"b\":2}");
    expect("[1, 41111 ]", 4, 5, SIEVE_OK, "[1, \"*****\" ]");
    expect("41111", 0, 5, SIEVE_OK, "\"*****\"");
    expect("[-41111.00]", 2, 5, SIEVE_OK, "[\"-*****.00\"]");
}

Test(repair_json, leaves_a_string)
{
    expect("{\"a\":\"41111\"}", 8, 2, SIEVE_OK, "{\"a\":\"41**1\"}");
    expect("{\"4\\\"1111\":[true,null,1.5e3]}", 5, 2, SIEVE_OK,
           "{\"4\\\"**11\":[true,null,1.5e3]}");
}

Test(repair_json, leaves_what_is_no_json)
{
    expect("[41111", 1, 2, SIEVE_E_CORRUPT, "[**111");
    expect("[41111}", 1, 2, SIEVE_E_CORRUPT, "[**111}");
    expect("{\"a\":41111", 5, 2, SIEVE_E_CORRUPT, "{\"a\":**111");
    expect("[41111 x]", 1, 2, SIEVE_E_CORRUPT, "[**111 x]");
    expect("[\"41111", 2, 2, SIEVE_E_CORRUPT, "[\"**111");
    expect("]41111", 1, 2, SIEVE_E_CORRUPT, "]**111");
}

Test(repair_json, has_a_limit)
{
    struct edit edits[2] = {{1, 2, bytes_of("**", 2)}};
    size_t count = 1;
    cr_expect_eq(json_quote_numbers(bytes_of_text("[41111]"), edits, &count, 2),
                 SIEVE_E_LIMIT);
}
