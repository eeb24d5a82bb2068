#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job/inside.h"

/* "path=leaf path=leaf" of a value. */
static const char *walked_bytes(struct bytes value)
{
    static char out[8192];
    struct inside walk;
    struct leaf leaf;
    size_t length = 0;
    out[0] = '\0';
    inside_begin(&walk, value, inside_kind_of(value));
    while (inside_next(&walk, &leaf) && length < sizeof out - 512) {
        cr_assert_leq(leaf.begin, leaf.end);
        cr_assert_leq(leaf.end, value.length);
        cr_assert_eq(walk.path[walk.length], '\0');
        length += (size_t)snprintf(out + length, sizeof out - length, "%s%s=%.*s",
                                   length > 0 ? " " : "", walk.path,
                                   (int)(leaf.end - leaf.begin), value.at + leaf.begin);
    }
    return out;
}

static const char *walked(const char *text)
{
    return walked_bytes(bytes_of_text(text));
}

static enum inside_kind kind(const char *text)
{
    return inside_kind_of(bytes_of_text(text));
}

Test(inside, how_values_begin)
{
    cr_expect_eq(kind("{\"a\":1}"), INSIDE_JSON);
    cr_expect_eq(kind(" \n[1]"), INSIDE_JSON);
    cr_expect_eq(kind("\"a\"=>\"b\""), INSIDE_HSTORE);
    cr_expect_eq(kind("\"a\" said he"), INSIDE_NONE);
    cr_expect_eq(kind("a:2:{i:0;i:1;}"), INSIDE_PHP);
    cr_expect_eq(kind("O:8:\"stdClass\":1:{}"), INSIDE_PHP);
    cr_expect_eq(kind("_sf2|a:1:{}"), INSIDE_PHP);
    cr_expect_eq(kind("card|a bar"), INSIDE_NONE);
    cr_expect_eq(kind("card=4111&exp=1"), INSIDE_FORM);
    cr_expect_eq(kind("card=4111"), INSIDE_NONE);
    cr_expect_eq(kind("a: 1"), INSIDE_NONE);
    cr_expect_eq(kind("some words & more = all"), INSIDE_NONE);
    cr_expect_eq(kind(""), INSIDE_NONE);
    cr_expect_eq(kind("4111111111111111"), INSIDE_NONE);
    cr_expect_eq(inside_kind_of(bytes_of("\0", 1)), INSIDE_NONE);
}

Test(inside, json)
{
    cr_expect_str_eq(walked("{\"a\":1,\"b\":\"x y\"}"), "a=1 b=x y");
    cr_expect_str_eq(walked("{\"a\":{\"b\":[1,{\"c\":2},[3]],\"d\":4},\"e\":5}"),
                     "a.b=1 a.b.c=2 a.b=3 a.d=4 e=5");
    cr_expect_str_eq(walked("[{\"n\":1},{\"n\":2},3,\"4\"]"), "n=1 n=2 =3 =4");
    cr_expect_str_eq(walked(" { \"a\" : \"1\\\"2\" , \"b\":null}"), "a=1\\\"2");
    cr_expect_str_eq(walked("{\"12\":{\"34\":\"x\"},\"k\":{\"5\":1}}"), "=x k=1");
    cr_expect_str_eq(walked("{\"\\u30ab\\u30fc\\u30c9\":1,\"a\\/b\":2,\"\\ud83d\":3}"),
                     "カード=1 a/b=2 ?=3");
    cr_expect_str_eq(walked("{\"カード\":{\"番号\":1}}"), "カード.番号=1");
    cr_expect_str_eq(walked("{}"), "");
    cr_expect_str_eq(walked("{\"a\":{},\"b\":[],\"c\":1}"), "c=1");
}

Test(inside, json_that_is_broken_or_none)
{
    cr_expect_str_eq(walked("{4111111111111111,5}"), "");
    cr_expect_str_eq(walked("{\"a\":1"), "a=1");
    cr_expect_str_eq(walked("{\"a\":\"1"), "a=1");
    cr_expect_str_eq(walked("{\"a\":1}}}]{\"b\":2}"), "a=1 b=2");
    cr_expect_str_eq(walked("{\"a\" 1, \"b\":2}"), "");
    cr_expect_str_eq(walked("{{{{"), "");
    cr_expect_str_eq(walked("{\"a\":\"\\"), "a=\\");
    cr_expect_str_eq(walked("[[[[1]]]]"), "=1");
    cr_expect_str_eq(walked("{\"a\\"), "");
}

Test(inside, hstore)
{
    cr_expect_str_eq(walked("\"card\"=>\"4111\", \"b\"=>NULL, \"c\\\"d\"=>\"x\""),
                     "card=4111 c\"d=x");
}

Test(inside, php)
{
    cr_expect_str_eq(walked("a:2:{s:4:\"card\";a:1:{i:0;s:4:\"4111\";}s:1:\"b\";i:7;}"),
                     "card=4111 b=7");
    cr_expect_str_eq(walked("_sf2|a:1:{s:7:\"card_no\";s:4:\"4111\";}x|i:5;y|s:1:\"z\";"),
                     "_sf2.card_no=4111 x=5 y=z");
    cr_expect_str_eq(walked("s:4:\"4111\";"), "=4111");
    cr_expect_str_eq(walked("a:3:{s:1:\"a\";N;s:1:\"b\";b:1;s:1:\"c\";d:0.5;}"),
                     "b=1 c=0.5");
    static const char object[] =
        "O:4:\"Card\":2:{s:10:\"\0Card\0numb\";s:4:\"4111\";s:5:\"\0*\0cv\";i:9;}";
    cr_expect_str_eq(walked_bytes(bytes_of(object, sizeof object - 1)), "numb=4111 cv=9");
    /* A length that is wrong ends the walk: nothing is made up. */
    cr_expect_str_eq(walked("a:1:{s:99:\"card\";s:4:\"4111\";}"), "");
    cr_expect_str_eq(walked("a:1:{s:4:\"card\";s:3:\"4111\";}"), "");
    cr_expect_str_eq(walked("a:1:{s:18446744073709551617:\"a\";}"), "");
    cr_expect_str_eq(walked("a:1:{s:4:\"card\";C:4:\"Self\":2:{xy}}"), "");
}

Test(inside, forms)
{
    cr_expect_str_eq(walked("card_no=4111&exp=12%2F27&x"), "card_no=4111 exp=12%2F27 x=");
    cr_expect_str_eq(walked("card%5Bnumber%5D=1&card[exp][0]=2&a[]=3&b[c][d]=4"),
                     "card.number=1 card.exp=2 a=3 b.c.d=4");
    cr_expect_str_eq(walked("a=1&&b=2&=3"), "a=1 = b=2 =3");
}

Test(inside, bounds)
{
    char text[4096];
    size_t length = 0;
    /* Too deep: the walk ends. */
    for (int depth = 0; depth < 100; depth++)
        length += (size_t)snprintf(text + length, sizeof text - length, "{\"a\":");
    (void)snprintf(text + length, sizeof text - length, "1");
    cr_expect_str_eq(walked(text), "");
    /* Long keys, long paths. */
    memset(text, 'k', sizeof text);
    memcpy(text, "{\"", 2);
    memcpy(text + 200, "\":1}", 5);
    cr_expect_str_eq(walked(text), "...=1");
    length = 0;
    for (int depth = 0; depth < 30; depth++)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "{\"abcdefghijklmnopqrstuvwxyz\":");
    (void)snprintf(text + length, sizeof text - length, "1");
    cr_expect_eq(strlen(walked(text)), INSIDE_PATH_MAX - 1 + 2);
}

Test(inside, numbers_are_seen)
{
    char text[64];
    for (size_t before = 0; before < 30; before++) {
        for (size_t digits = 10; digits < 15; digits++) {
            memset(text, '.', sizeof text);
            memset(text + before, '7', digits);
            const struct bytes value = bytes_of(text, before + digits + before % 3);
            cr_expect_eq(inside_has_number(value), digits >= 12, "%zu %zu", before,
                         digits);
        }
    }
}

/* Whatever a value is cut from, a walk ends and stays inside. */
Test(inside, any_bytes)
{
    static const char *const pieces[] = {
        "{",     "}",  "[", "]", "\"",  ":",     ",",  "a:1:{", "s:2:", "i:7;", "\\",
        "\\u30", "=>", "&", "=", "%5B", "\"k\"", "O:", "1",     "N;",   "|",    "\0x"};
    uint32_t seed = 1;
    for (int round = 0; round < 200000; round++) {
        char text[96];
        size_t length = 0;
        while (length < 60) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])];
            const size_t more = piece[0] ? strlen(piece) : 2;
            memcpy(text + length, piece, more);
            length += more;
            if ((seed >> 8 & 15) == 0)
                break;
        }
        /* As long as it is, so that the sanitizers see what is read past it. */
        char *exact = malloc(length);
        cr_assert(exact);
        memcpy(exact, text, length);
        (void)walked_bytes(bytes_of(exact, length));
        free(exact);
    }
}
