/* Words in every encoding, and a user's rules, through the engine. */
#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>

#include "detect/engine.h"
#include "tables.h"

struct session {
    const struct pattern_set *patterns;
    struct engine *engine;
    struct engine_scratch *scratch;
};

static struct session session_of(const struct pattern_set *patterns)
{
    struct session session = {.patterns = patterns};
    cr_assert_eq(engine_new(patterns, &session.engine, NULL), SIEVE_OK);
    cr_assert_eq(engine_scratch_new(session.engine, &session.scratch), SIEVE_OK);
    return session;
}

static void session_done(struct session *session)
{
    engine_scratch_free(session->scratch);
    engine_free(session->engine);
}

struct wanted {
    const struct pattern_set *patterns;
    const char *word;
    uint64_t end;
    int found;
};

static void on_word(size_t literal, uint64_t end, void *context)
{
    struct wanted *wanted = context;
    const struct word_literal *row = &wanted->patterns->literals[literal];
    if (strcmp(wanted->patterns->words[row->word].text, wanted->word) == 0 &&
        wanted->end == end)
        wanted->found++;
}

/* One if the word is found and ends with the bytes. */
static int finds(const struct session *session, const char *word, const char *bytes,
                 size_t length)
{
    struct wanted wanted = {session->patterns, word, length, 0};
    cr_assert_eq(
        engine_words(session->engine, session->scratch, bytes, length, on_word, &wanted),
        SIEVE_OK);
    return wanted.found > 0;
}

static size_t encode(const char *charset, const char *text, char *out, size_t capacity)
{
    char copy[256];
    char *from = copy;
    char *to = out;
    size_t in_left = strlen(text);
    size_t out_left = capacity;
    memcpy(copy, text, in_left);
    iconv_t converter = iconv_open(charset, "UTF-8");
    cr_assert_neq(converter, (iconv_t)-1);
    size_t result = iconv(converter, &from, &in_left, &to, &out_left);
    iconv_close(converter);
    return result == (size_t)-1 ? 0 : capacity - out_left;
}

static const char *const words[] = {"カード番号", "ｶｰﾄﾞ番号",     "クレジットカード＃",
                                    "card no",    "JANコード",    "セキュリティコード",
                                    "pan",        "card[number]", "送り状番号"};
#define WORD_COUNT (sizeof words / sizeof words[0])

Test(words, are_found_in_every_character_set)
{
    static const char *const charsets[] = {"UTF-8", "CP932", "EUC-JP", "UTF-16LE",
                                           "UTF-16BE"};
    struct session session = session_of(&builtin_patterns);
    for (size_t i = 0; i < WORD_COUNT; i++) {
        for (size_t k = 0; k < sizeof charsets / sizeof charsets[0]; k++) {
            char bytes[512] = "x ";
            size_t length = encode(charsets[k], words[i], bytes + 2, sizeof bytes - 2);
            cr_assert_gt(length, 0, "%s in %s", words[i], charsets[k]);
            cr_expect(finds(&session, words[i], bytes, length + 2), "%s in %s", words[i],
                      charsets[k]);
        }
    }
    session_done(&session);
}

Test(words, are_found_in_json_escapes_in_either_case)
{
    struct session session = session_of(&builtin_patterns);
    const char *const texts[] = {"\\u30ab\\u30fc\\u30c9\\u756a\\u53f7",
                                 "\\u30AB\\u30FC\\u30C9\\u756A\\u53F7"};
    for (size_t i = 0; i < 2; i++)
        cr_expect(finds(&session, "カード番号", texts[i], strlen(texts[i])));
    const char mixed[] = "jan\\u30b3\\u30fc\\u30c9";
    cr_expect(finds(&session, "JANコード", mixed, strlen(mixed)));
    session_done(&session);
}

Test(words, are_found_percent_encoded)
{
    static const struct {
        const char *word;
        const char *text;
    } cases[] = {
        {"カード番号", "%E3%82%AB%E3%83%BC%E3%83%89%E7%95%AA%E5%8F%B7"},
        {"カード番号", "%e3%82%ab%e3%83%bc%e3%83%89%e7%95%aa%e5%8f%b7"},
        {"カード番号", "%83J%81%5B%83h%94%D4%8D%86"},
        {"カード番号", "%83%4A%81%5B%83%68%94%D4%8D%86"},
        {"カード番号", "%A5%AB%A1%BC%A5%C9%C8%D6%B9%E6"},
        {"card number", "Card%20Number"},
        {"card number", "card+number"},
        {"card[number]", "card%5Bnumber%5D"},
        {"card[number]", "card%5bnumber%5d"},
    };
    struct session session = session_of(&builtin_patterns);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect(finds(&session, cases[i].word, cases[i].text, strlen(cases[i].text)),
                  "%s", cases[i].text);
    session_done(&session);
}

Test(words, are_spelled_with_every_joint)
{
    static const char *const texts[] = {"card no", "CARD_NO", "Card-No", "card.no",
                                        "cardNo"};
    struct session session = session_of(&builtin_patterns);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(finds(&session, "card no", texts[i], strlen(texts[i])), "%s", texts[i]);
    session_done(&session);
}

Test(words, keep_the_case_of_trail_bytes)
{
    /* 83 4A is one character, 83 6A another: no letters, though they look like some. */
    const char other[] = "\x83\x6A\x81\x5B\x83\x68\x94\xD4\x8D\x86";
    const char percent[] = "%83j%81%5B%83h%94%D4%8D%86";
    struct session session = session_of(&builtin_patterns);
    cr_expect_not(finds(&session, "カード番号", other, strlen(other)));
    cr_expect_not(finds(&session, "カード番号", percent, strlen(percent)));
    session_done(&session);
}

Test(words, all_of_them_are_found_as_they_stand)
{
    struct session session = session_of(&builtin_patterns);
    for (size_t i = 0; i < builtin_patterns.word_count; i++) {
        const char *text = builtin_patterns.words[i].text;
        cr_expect(finds(&session, text, text, strlen(text)), "%s", text);
    }
    session_done(&session);
}

Test(words, of_a_users_own_table_are_compiled)
{
    struct pattern_set *set = NULL;
    cr_assert_eq(merge_one(&builtin_patterns, "words.tsv",
                           "text\teffect\ttag\n当店カード\traise\tcard\n", &set, NULL),
                 SIEVE_OK);
    struct session session = session_of(set);
    char bytes[64];
    size_t length = encode("CP932", "当店カード", bytes, sizeof bytes);
    cr_expect(finds(&session, "当店カード", bytes, length));
    session_done(&session);
    patterns_free(set);
}

Test(words, compiled_here_are_those_of_the_build)
{
    struct pattern_set here = builtin_patterns;
    here.words_database = NULL;
    struct session session = session_of(&here);
    cr_expect(finds(&session, "カード番号", "カード番号", strlen("カード番号")));
    session_done(&session);
    static const char broken[64] = "no database";
    here.words_database = broken;
    here.words_database_length = sizeof broken;
    session = session_of(&here);
    cr_expect(finds(&session, "pan", "pan", 3));
    session_done(&session);
}

Test(words, nothing_is_in_nothing)
{
    struct session session = session_of(&builtin_patterns);
    cr_expect_not(finds(&session, "pan", NULL, 0));
    session_done(&session);
}

/* ---- rules ------------------------------------------------------------------------- */

struct matches {
    uint64_t from[16];
    uint64_t to[16];
    size_t rule[16];
    size_t count;
};

static void on_rule(size_t rule, uint64_t from, uint64_t to, void *context)
{
    struct matches *matches = context;
    if (matches->count == 16)
        return;
    matches->rule[matches->count] = rule;
    matches->from[matches->count] = from;
    matches->to[matches->count++] = to;
}

Test(rules, tell_where_they_match)
{
    struct pattern_set *set = NULL;
    struct matches matches = {.count = 0};
    cr_assert_eq(merge_one(&builtin_patterns, "rules.tsv",
                           "name\texpression\na\tA[0-9]{4}\nb\t(?i)house\n", &set, NULL),
                 SIEVE_OK);
    struct session session = session_of(set);
    const char text[] = "xA1234 HOUSE";
    cr_expect_eq(engine_rule_width(session.engine), 5);
    cr_assert_eq(engine_rules(session.engine, session.scratch, text, strlen(text),
                              on_rule, &matches),
                 SIEVE_OK);
    cr_assert_eq(matches.count, 2);
    cr_expect(matches.rule[0] == 0 && matches.from[0] == 1 && matches.to[0] == 6);
    cr_expect(matches.rule[1] == 1 && matches.from[1] == 7 && matches.to[1] == 12);
    session_done(&session);
    patterns_free(set);
}

Test(rules, that_cannot_be_are_told_with_their_line)
{
    static const struct {
        const char *expression;
        const char *what;
    } cases[] = {{"a(", "not understood"},
                 {"(?<=x)a", "not understood"},
                 {"a*", "nothing at all"},
                 {"a[0-9]+", "more than 512"},
                 {"a.{600}", "more than 512"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        struct pattern_set *set = NULL;
        struct engine *engine = NULL;
        sieve_error error = {.status = SIEVE_OK};
        snprintf(text, sizeof text, "name\texpression\ngood\tx\nbad\t%s\n",
                 cases[i].expression);
        cr_assert_eq(merge_one(&builtin_patterns, "rules.tsv", text, &set, NULL),
                     SIEVE_OK);
        cr_assert_eq(engine_new(set, &engine, &error), SIEVE_E_PATTERN, "%s",
                     cases[i].expression);
        cr_expect_str_eq(error.table, "rules.tsv");
        cr_expect_eq(error.offset, 3);
        cr_expect_not_null(strstr(error.what, cases[i].what), "%s", error.what);
        patterns_free(set);
    }
}

Test(rules, without_any_there_is_nothing_to_do)
{
    struct matches matches = {.count = 0};
    struct session session = session_of(&builtin_patterns);
    cr_expect_eq(engine_rule_width(session.engine), 0);
    cr_expect_eq(engine_rules(session.engine, session.scratch, "x", 1, on_rule, &matches),
                 SIEVE_OK);
    cr_expect_eq(matches.count, 0);
    session_done(&session);
}
