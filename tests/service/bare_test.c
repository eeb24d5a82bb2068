#include <criterion/criterion.h>
#include <string.h>

#include "service/bare.h"

#define FIELD      "Content-Length: 0\r\n"
#define LENGTH_MAX 10000u
#define FAILED     (-11)
#define PIECES_MAX 100000u

/* What takes so many bytes at a time, and none at each so manieth. */
struct taker {
    size_t most;
    unsigned fails;
    unsigned calls;
    unsigned turns; /* it took for all */
    size_t length;
    char text[LENGTH_MAX];
};

static ssize_t take(void *link, const void *bytes, size_t length)
{
    struct taker *taker = link;
    if (taker->fails > 0 && ++taker->calls % taker->fails == 0)
        return FAILED;
    const size_t count = length < taker->most ? length : taker->most;
    cr_assert_leq(taker->length + count, sizeof taker->text);
    memcpy(taker->text + taker->length, bytes, count);
    taker->length += count;
    return (ssize_t)count;
}

/* As libmicrohttpd sends: what is left, until nothing is. */
static enum bare send_all(struct taker *taker, const char *head, size_t length)
{
    enum bare bare = BARE_AWAITS;
    size_t at = 0;
    for (unsigned piece = 0; at < length; piece++) {
        cr_assert_lt(piece, PIECES_MAX);
        taker->turns++;
        const ssize_t sent = bare_send(&bare, head + at, length - at, take, taker);
        if (sent != FAILED)
            cr_assert_gt(sent, 0);
        at += sent > 0 ? (size_t)sent : 0;
        cr_assert_leq(at, length);
    }
    return bare;
}

/* A value as long as wanted, and what comes behind it. */
static size_t make_head(char *head, size_t value, const char *end)
{
    size_t length = 20;
    memcpy(head, "HTTP/1.1 200 OK\r\nX: ", length);
    memset(head + length, 'x', value);
    length += value;
    memcpy(head + length, end, strlen(end));
    return length + strlen(end);
}

Test(bare, the_field_is_left_out)
{
    static const size_t values[] = {0, 1, 30, 4050, 4073, 4074, 4075, 4100, 9000};
    static char head[LENGTH_MAX];
    static struct taker taker;
    for (size_t index = 0; index < sizeof values / sizeof *values; index++) {
        const size_t length = make_head(head, values[index], "\r\n" FIELD "\r\n");
        for (size_t most = 1; most <= length + 1; most += most < 40 ? 1 : most) {
            for (unsigned fails = 0; fails < 4; fails += 1 + (fails == 0)) {
                taker = (struct taker){.most = most, .fails = fails};
                cr_assert_eq(send_all(&taker, head, length), BARE_NOT);
                cr_assert_eq(taker.length, length - strlen(FIELD));
                cr_assert_arr_eq(taker.text, head, length - strlen(FIELD) - 2);
                cr_assert_arr_eq(taker.text + taker.length - 4, "\r\n\r\n", 4);
            }
        }
    }
}

/* Who sends less than all waits for room, which there is already. */
Test(bare, a_head_goes_out_at_once)
{
    static char head[LENGTH_MAX];
    static struct taker taker;
    for (size_t value = 0; value < 9000; value += 500) {
        const size_t length = make_head(head, value, "\r\n" FIELD "\r\n");
        taker = (struct taker){.most = length};
        cr_assert_eq(send_all(&taker, head, length), BARE_NOT);
        cr_assert_eq(taker.turns, 1);
    }
}

Test(bare, no_other_is)
{
    static const char *const ends[] = {
        "\r\n\r\n",   "\r\nContent-Length: 10\r\n\r\n",  "\r\nX-" FIELD "\r\n",
        "\r\n" FIELD, "\r\n" FIELD "Via: 1.1 x\r\n\r\n", "\r\nContent-Length: 1\r\n\r\n0",
    };
    static char head[LENGTH_MAX];
    static struct taker taker;
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
        const size_t length = make_head(head, 9, ends[index]);
        taker = (struct taker){.most = length};
        cr_assert_eq(send_all(&taker, head, length), BARE_AWAITS);
        cr_assert_eq(taker.length, length);
        cr_assert_arr_eq(taker.text, head, length);
    }
}
