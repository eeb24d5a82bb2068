#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "service/yaml_file.h"

struct seen {
    char text[1000];
};

static const char *take(void *context, const struct yaml_value *value)
{
    struct seen *seen = context;
    const size_t used = strlen(seen->text);
    (void)snprintf(seen->text + used, sizeof seen->text - used, "%s=%s/%s/%zu/%zu;",
                   value->path,
                   value->text         ? value->text
                   : value->is_mapping ? "{}"
                                       : "[]",
                   value->key, value->index, value->line);
    return value->text && strcmp(value->text, "bad") == 0 ? "bad" : NULL;
}

static void expect(const char *text, const char *wanted)
{
    struct seen seen = {""};
    const char *reason = NULL;
    size_t line = 0;
    cr_assert_eq(yaml_bytes_read(text, strlen(text), take, &seen, &line, &reason),
                 SIEVE_OK, "%s: %s", text, reason);
    cr_assert_str_eq(seen.text, wanted);
}

static void expect_refusal(const char *text, size_t wanted_line, const char *wanted)
{
    struct seen seen = {""};
    const char *reason = NULL;
    size_t line = 0;
    cr_assert_eq(yaml_bytes_read(text, strlen(text), take, &seen, &line, &reason),
                 SIEVE_E_INVALID, "%s", text);
    cr_assert_str_eq(reason, wanted, "%s", text);
    cr_assert_eq(line, wanted_line, "%s: %zu", text, line);
}

Test(yaml, gives_values_with_paths_and_lines)
{
    expect("", "");
    expect("# nothing\n", "");
    expect("a: 1\nb: two words\n", "a=1/a/0/1;b=two words/b/0/2;");
    expect("a: [x, y]\nb: 3\n", "a=x/a/0/1;a=y/a/1/1;b=3/b/0/2;");
    expect("a:\n  - x\n  - y\n", "a=x/a/0/2;a=y/a/1/3;");
    expect("p:\n  - l: 1\n    m: [2]\n  - l: 3\nq: 4\n",
           "p.0.l=1/l/0/2;p.0.m=2/m/0/3;p.1.l=3/l/0/4;q=4/q/0/5;");
    expect("a: {b: {c: 1}, d: 2}\ne: 3\n", "a.b.c=1/c/0/1;a.d=2/d/0/1;e=3/e/0/2;");
}

Test(yaml, gives_what_is_empty)
{
    expect("{}\n", "");
    expect("a: []\nb: {}\nc: ''\nd:\n", "a=[]/a/0/1;b={}/b/0/2;c=/c/0/3;d=/d/0/4;");
    expect("a:\n  b: {}\n  c: []\n  d: 1\n", "a.b={}/b/0/2;a.c=[]/c/0/3;a.d=1/d/0/4;");
    expect("p: [{m: []}, {n: 1}]\n", "p.0.m=[]/m/0/1;p.1.n=1/n/0/1;");
    expect("a: [''\n  ]\n", "a=/a/0/1;");
}

Test(yaml, refuses_what_hides_something)
{
    expect_refusal("a: 1\na: 2\n", 2, "this key stands here a second time");
    expect_refusal("a: &x 1\n", 1, "anchors and tags are not read here");
    expect_refusal("a: *x\n", 1, "anchors and tags are not read here");
    expect_refusal("a: !!int 1\n", 1, "anchors and tags are not read here");
    expect_refusal("a: 1\n---\nb: 1\n", 2, "there is a second document");
    expect_refusal("a: \"\\0\"\n", 1, "there is a NUL in it");
    expect_refusal("[1]\n", 1, "the file is no list of keys and values");
    expect_refusal("word\n", 1, "the file is no list of keys and values");
    expect_refusal("a: {b: {c: {d: {e: {f: {g: 1}}}}}}\n", 1, "it is nested too deep");
    expect_refusal("? [a]\n: b\n", 1, "a key is a plain word");
    expect_refusal("a: 1\nb: bad\n", 2, "bad");
    expect_refusal("a:\n- x\n- []\n- y\n", 3, "an item of this list is empty");
    expect_refusal("a:\n- {\n\n }\n", 2, "an item of this list is empty");
    expect_refusal("a: [\n", 2, "this is no YAML");
}
