#include <criterion/criterion.h>
#include <string.h>

#include "service/wire.h"

#define HEAD_MAX 4096

struct answer {
    size_t passed;
    enum problem problem;
    int is_idle;
};

/* Follows the text in pieces of `step` bytes. */
static struct answer follow(const char *text, size_t length, size_t step)
{
    struct answer answer = {0, PROBLEM_NONE, 0};
    struct wire wire;
    wire_start(&wire, HEAD_MAX);
    for (size_t at = 0; at < length && answer.problem == PROBLEM_NONE; at += step) {
        const size_t count = length - at < step ? length - at : step;
        answer.passed +=
            wire_follow(&wire, (const unsigned char *)text + at, count, &answer.problem);
    }
    answer.is_idle = wire_is_idle(&wire);
    return answer;
}

static const char *const good[] = {
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
    "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    "POST / HTTP/1.1\r\nhost:x\r\ncontent-length:\t 3\r\n\r\n\r\n\0",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x\r\nA: \xE3\x81\x82 \xFF\r\n\r\nGET / HTTP/1.1\r\nHost: "
    "x\r\n"
    "\r\n",
    "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
};

Test(wire, lets_good_requests_pass_however_they_are_cut)
{
    for (size_t row = 0; row < sizeof good / sizeof good[0]; row++) {
        const size_t length = strlen(good[row]) + (row == 4); /* its body ends with NUL */
        for (size_t step = 1; step <= length; step++) {
            const struct answer answer = follow(good[row], length, step);
            cr_assert_eq(answer.problem, PROBLEM_NONE, "row %zu step %zu", row, step);
            cr_assert_eq(answer.passed, length);
            cr_assert(answer.is_idle, "row %zu step %zu", row, step);
        }
    }
}

static const struct {
    const char *text;
    enum problem problem;
} bad[] = {
    {"GET / HTTP/1.1\nHost: x\n\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.1\r\nHost: x\r\n a\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.1\r\nHost\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.1\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / http/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.12\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"GET / HTTP/1.2\r\nHost: x\r\n\r\n", PROBLEM_VERSION},
    {"GET * HTTP/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"OPTIONS *x HTTP/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"OPTIONS ** HTTP/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"GET //x\x80 HTTP/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"G(T / HTTP/1.1\r\nHost: x\r\n\r\n", PROBLEM_MALFORMED},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1 1\r\n\r\n", PROBLEM_FRAMING},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
     PROBLEM_FRAMING},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
     "chunked\r\n\r\n",
     PROBLEM_FRAMING},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
     PROBLEM_TRANSFER},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
     PROBLEM_TRANSFER},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
     PROBLEM_FRAMING},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc",
     PROBLEM_FRAMING},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: "
     "y\r\n\r\n",
     PROBLEM_FRAMING},
};

Test(wire, refuses_what_can_be_read_in_two_ways_however_it_is_cut)
{
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++) {
        const size_t length = strlen(bad[row].text);
        for (size_t step = 1; step <= length; step++) {
            const struct answer answer = follow(bad[row].text, length, step);
            cr_assert_eq(answer.problem, bad[row].problem, "row %zu step %zu: %d", row,
                         step, answer.problem);
        }
    }
}

Test(wire, passes_whole_requests_before_a_bad_one_and_nothing_of_it)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\nHost";
    struct wire wire;
    enum problem problem = PROBLEM_NONE;
    wire_start(&wire, HEAD_MAX);
    cr_assert_eq(
        wire_follow(&wire, (const unsigned char *)text, sizeof text - 1, &problem), 27);
    cr_assert_eq(problem, PROBLEM_MALFORMED);
    wire_start(&wire, HEAD_MAX);
    cr_assert_eq(wire_follow(&wire, (const unsigned char *)text + 27, 18, &problem), 0);
}

Test(wire, ends_a_head_that_is_too_long)
{
    char text[2 * HEAD_MAX];
    memset(text, 'a', sizeof text);
    memcpy(text, "GET / HTTP/1.1\r\nA:", 18);
    cr_assert_eq(follow(text, sizeof text, 7).problem, PROBLEM_HEAD_TOO_LARGE);
    cr_assert_eq(follow(text, HEAD_MAX, 7).problem, PROBLEM_NONE);
}

/* Two requests with so many arguments, and the same of cookies: what is said of them. */
static enum problem with_pairs(const char *before, char separator, size_t count)
{
    char text[HEAD_MAX];
    const size_t begin = strlen(before);
    const char *end = separator == '&' ? " HTTP/1.1\r\nHost: x\r\n\r\n" : "\r\n\r\n";
    memcpy(text, before, begin);
    memset(text + begin, separator, count);
    memcpy(text + begin + count, end, strlen(end));
    const size_t length = begin + count + strlen(end);
    memcpy(text + length, text, length);
    const enum problem problem = follow(text, 2 * length, 2 * length).problem;
    cr_assert_eq(follow(text, 2 * length, 5).problem, problem);
    return problem;
}

Test(wire, ends_a_head_of_which_not_all_can_be_kept)
{
    static const char cookies[] = "GET / HTTP/1.1\r\nHost: x\r\nA: ;;;;,\r\nCookie: ";
    cr_assert_eq(with_pairs("GET /?", '&', 500), PROBLEM_NONE);
    cr_assert_eq(with_pairs("GET /?", '&', 700), PROBLEM_HEAD_TOO_LARGE);
    cr_assert_eq(with_pairs(cookies, ';', 500), PROBLEM_NONE);
    cr_assert_eq(with_pairs(cookies, ',', 700), PROBLEM_HEAD_TOO_LARGE);
}
