/* patterns.h - what a card number looks like, as tables.
 *
 * The rows come from the files in patterns/: a generator turns them into constants at
 * build time (builtin_patterns), and rows.h adds a user's own rows at run time.  Whoever
 * judges reads a pattern_set and never a file.  All tables are read-only once made; any
 * number of threads may read them.
 */
#ifndef SIEVE_PATTERNS_PATTERNS_H
#define SIEVE_PATTERNS_PATTERNS_H

#include <stddef.h>
#include <stdint.h>

#include "cardsieve.h"

/* ---- brands and ranges ----------------------------------------------------- */

#define BRAND_GROUPINGS_MAX 8
#define GROUPING_GROUPS_MAX 7
#define BRAND_NONE          UINT16_MAX
#define PAN_DIGITS_MIN      11
#define PAN_DIGITS_MAX      19

/* One brand.  `id` is what the public header hands out.  Each grouping is a list of group
 * sizes in digits that ends with 0; groupings[grouping_count..] are empty.  Every length
 * of the brand's ranges has at least one grouping. */
struct brand_row {
    sieve_brand id;
    uint8_t groupings[BRAND_GROUPINGS_MAX][GROUPING_GROUPS_MAX + 1];
    uint8_t grouping_count;
};

enum luhn_rule {
    LUHN_YES,
    LUHN_NO,
    LUHN_SOME
};
enum tier {
    TIER_A,
    TIER_B,
    TIER_C
};

/* Numbers whose first `prefix_length` digits, read as a number, are in [first, last]
 * and whose digit count n has bit (1u << n) of `length_mask` set. */
struct range_row {
    uint64_t first;
    uint64_t last;
    uint32_t length_mask;
    uint16_t brand; /* index into pattern_set.brands */
    uint8_t prefix_length;
    uint8_t luhn; /* enum luhn_rule */
    uint8_t tier; /* enum tier */
    const char *source;
};

/* ---- separators ------------------------------------------------------------ */

enum joint_class {
    JOINT_SPACE,
    JOINT_HYPHEN,
    JOINT_DOT,
    JOINT_PLUS
};

#define SEPARATOR_BYTES_MAX 4

/* One encoding of a separator; length 0: the encoding does not have it. */
struct separator_bytes {
    uint8_t bytes[SEPARATOR_BYTES_MAX];
    uint8_t length;
};

/* Two rows may share bytes in one encoding (81 7C is U+FF0D and U+2212); such rows are
 * of one class.  UTF-16 is the code point itself: all are below U+10000.  `jis` is the
 * pair inside ESC $ B. */
struct separator_row {
    const char *name;
    uint32_t code_point;
    uint8_t joint; /* enum joint_class */
    struct separator_bytes utf8;
    struct separator_bytes cp932;
    struct separator_bytes euc_jp;
    struct separator_bytes jis;
    struct separator_bytes ebcdic;
};

/* "&nbsp;" is {"nbsp", 0xA0}.  Names are case-sensitive, as in HTML. */
struct entity_row {
    const char *name;
    uint32_t code_point;
};

/* ---- words ----------------------------------------------------------------- */

enum word_effect {
    WORD_RAISE,
    WORD_LOWER,
    WORD_CODE,
    WORD_PIN
};
enum word_match {
    MATCH_TOKEN,
    MATCH_SUBSTRING
};

/* `key_only`: an everyday word ("id", "time") that tells something only as the key or the
 * column of a number, never as a word near it.  `weak`: WORD_CODE and WORD_PIN names that
 * are also common words ("cid").  Reasons of WORD_LOWER are all three "lowered:TAG"; of
 * the other effects "word:TAG", "key:TAG" and "column:TAG". */
struct word_row {
    const char *text; /* UTF-8; a space stands for space, "_", "-", "." or nothing */
    const char *tag;
    uint8_t effect; /* enum word_effect */
    uint8_t match;  /* enum word_match */
    uint8_t weak;
    uint8_t key_only;
    const char *reason;
    const char *key_reason;
    const char *column_reason;
};

enum word_encoding {
    WORD_BYTES, /* ASCII or UTF-8 */
    WORD_CP932,
    WORD_EUC_JP,
    WORD_UTF16LE,
    WORD_UTF16BE,
    WORD_JSON,          /* \u30ab... */
    WORD_PERCENT_UTF8,  /* %E3%82%AB... */
    WORD_PERCENT_CP932, /* %83J... and %83%4A... */
    WORD_PERCENT_EUC_JP
};

/* One way a word stands in the bytes: `length` bytes at literal_bytes + offset.  Where
 * the byte beside it in literal_folds is 1 it is an ASCII letter, held in lower case,
 * that may stand in either case.  No two literals have the same bytes and folds; those
 * that would are one, of the later word. */
struct word_literal {
    uint32_t offset;
    uint16_t length;
    uint16_t word;    /* index into pattern_set.words */
    uint8_t encoding; /* enum word_encoding */
};

/* ---- look-alikes ------------------------------------------------------------ */

enum lookalike_check {
    CHECK_NONE,
    CHECK_LUHN,
    CHECK_EAN,       /* weights 1 and 3, modulo 10, last digit */
    CHECK_CORPORATE, /* houjin bangou: modulo 9, first digit */
    CHECK_MOD7,      /* all but the last, modulo 7, is the last digit */
    CHECK_MYNUMBER   /* weights 2-7 twice, modulo 11, last digit */
};

enum lookalike_date {
    DATE_NONE,
    DATE_YYMMDD,        /* the first 6 digits are a month 01-12 and a day 01-31 */
    DATE_YYYYMMDDHHMMSS /* the first 14 are a valid date and time of 1970-2099 */
};

#define LOOKALIKE_PREFIXES_MAX 8

struct prefix {
    uint64_t first;
    uint64_t last;
    uint8_t length;
};

/* All that is given must hold: digit count, one of the prefixes (if any), the check, the
 * date, `zeros` zeros at the end, and the byte before the number (0: anything). */
struct lookalike_row {
    const char *name; /* the word of its refusal */
    const char *title_en;
    const char *title_ja;
    uint32_t length_mask;
    struct prefix prefixes[LOOKALIKE_PREFIXES_MAX];
    uint8_t prefix_count;
    uint8_t check; /* enum lookalike_check */
    uint8_t date;  /* enum lookalike_date */
    uint8_t zeros;
    char before; /* in either case if it is a letter */
    uint8_t hard;
};

/* ---- the rest ---------------------------------------------------------------- */

/* A published test number: `value` in `digits` digits.  Sorted by value, then digits. */
struct test_number {
    uint64_t value;
    uint8_t digits;
    uint8_t luhn_valid;
    uint16_t brand; /* as its publisher says; BRAND_NONE */
    const char *publisher;
};

/* One row per sieve_form, in that order. */
struct form_row {
    const char *name;
    const char *title_en;
    const char *title_ja;
    const char *note;
};

/* Sorted by word (strcmp).  Composed words ("word:card") and the names of look-alikes
 * are rows like the others. */
struct reason_row {
    const char *word;
    const char *sentence_en;
    const char *sentence_ja;
};

/* An expression of the user's own. */
struct rule_row {
    const char *name;
    const char *title;
    const char *expression; /* Hyperscan syntax */
    uint8_t confidence;     /* sieve_confidence */
    const char *table;      /* for errors: the user's table and line; borrowed */
    uint64_t line;
};

struct pattern_set {
    const struct brand_row *brands;
    const struct range_row *ranges;
    const struct separator_row *separators;
    const struct entity_row *entities;
    const struct word_row *words;
    const struct word_literal *literals;
    const uint8_t *literal_bytes;
    const uint8_t *literal_folds;
    const struct lookalike_row *lookalikes;
    const struct test_number *test_numbers;
    const struct form_row *forms;
    const struct reason_row *reasons;
    const struct rule_row *rules;
    size_t brand_count;
    size_t range_count;
    size_t separator_count;
    size_t entity_count;
    size_t word_count;
    size_t literal_count;
    size_t literal_length; /* of literal_bytes and of literal_folds */
    size_t lookalike_count;
    size_t test_number_count;
    size_t form_count;
    size_t reason_count;
    size_t rule_count;
    /* The literals compiled and serialised, ids = literal index; NULL: compile them. */
    const void *words_database;
    size_t words_database_length;
};

extern const struct pattern_set builtin_patterns;

#endif /* SIEVE_PATTERNS_PATTERNS_H */
