/* words.h - the words of reports for people, in English and in Japanese.
 *
 * A word is a constant, or a sentence with places for arguments: {0} to {9}.  All of it
 * is plain text; whoever writes HTML or CSV escapes it as any other.
 */
#ifndef SIEVE_REPORT_WORDS_H
#define SIEVE_REPORT_WORDS_H

#include "base/buffer.h"

enum language {
    LANGUAGE_EN,
    LANGUAGE_JA
};
#define LANGUAGE_COUNT 2

enum word {
    /* heads */
    WORD_REPORT,
    WORD_TITLE,
    WORD_TARGET,
    WORD_BEGUN,
    WORD_ENDED,
    WORD_MADE,
    WORD_PROGRAM,
    WORD_LEDGER,
    WORD_THRESHOLD,
    WORD_CHOSEN,
    WORD_SNAPSHOTS,
    WORD_COMPLETE,
    WORD_INCOMPLETE,
    WORD_SAMPLE,
    WORD_ALL_READ,
    WORD_NOT_ALL_READ,
    WORD_DATABASES_NOT_READ,
    WORD_NOTHING_READ,
    WORD_SAMPLE_READ,
    WORD_SEVERAL_SNAPSHOTS,
    WORD_FOUND,
    WORD_FOUND_TESTS,
    WORD_NOT_FOUND,
    WORD_NOT_FOUND_SO_FAR,
    /* the summary */
    WORD_SUMMARY,
    WORD_DATABASES,
    WORD_DATABASES_UNREAD,
    WORD_TABLES,
    WORD_TABLES_INCOMPLETE,
    WORD_ROWS_READ,
    WORD_ROWS_OF,
    WORD_ROWS_OF_UNKNOWN,
    WORD_BYTES_READ,
    WORD_COLUMNS_FOUND,
    WORD_COLUMNS_UNREAD,
    WORD_FINDINGS,
    WORD_CARDS,
    WORD_AT_LEAST,
    WORD_TEST_NUMBERS,
    WORD_CHANCE,
    WORD_SENSITIVE,
    WORD_BRAND,
    WORD_BRANDS,
    WORD_NO_BRAND,
    WORD_KIND,
    WORD_RULES,
    WORD_RULE_SENSITIVE,
    WORD_RULE_NUMBERS,
    WORD_RULE_GUIDELINE,
    /* repairs */
    WORD_REPAIRS,
    WORD_REPAIRED,
    WORD_REPAIR_CHANGED,
    WORD_REPAIR_LEFT,
    WORD_REPAIR_PENDING,
    /* lists */
    WORD_CONTENTS,
    WORD_BY_COLUMN,
    WORD_BY_TABLE,
    WORD_NOT_EXAMINED,
    WORD_ALL_EXAMINED,
    WORD_SINGLE_FINDINGS,
    WORD_MORE_FINDINGS,
    WORD_NONE,
    WORD_DATABASE,
    WORD_TABLE,
    WORD_COLUMN,
    WORD_VERDICT,
    WORD_WHY,
    WORD_FIRST_ROWS,
    WORD_ROW,
    WORD_ROWS,
    WORD_STATE,
    WORD_READ_WHOLE,
    WORD_NOT_READ_WHOLE,
    WORD_NUMBER,
    WORD_CONFIDENCE,
    WORD_FORM,
    WORD_REASONS,
    WORD_TEST_NUMBER,
    WORD_CARD,
    WORD_VALUES,
    WORD_DISTINCT_VALUES,
    WORD_RECORD,
    WORD_PLACE,
    WORD_YES,
    WORD_NO,
    WORD_ARITHMETIC,
    WORD_SENSITIVE_HERE,
    /* what to do */
    WORD_NEXT,
    WORD_NEXT_PRESERVE,
    WORD_NEXT_SENSITIVE,
    WORD_NEXT_TELL,
    WORD_NEXT_PLAN,
    WORD_NEXT_SOURCE,
    WORD_NEXT_AFTER_CARE,
    WORD_NEXT_AGAIN,
    WORD_NEXT_LAW,
    WORD_NEXT_RESUME,
    WORD_NEXT_REGULARLY,
    WORD_LIMITS,
    WORD_LIMITS_TEXT,
    WORD_MASKED_ONLY,
    WORD_COUNT
};

/* Never NULL. */
const char *word(enum word which, enum language language);

/* A stable word or sentence of this program ("card column", "permission denied", "pan",
 * "high") as people of that language say it; one that is not known comes back as it
 * is.  Borrows `text`. */
struct bytes word_translated(struct bytes text, enum language language);

/* Appends the word with its arguments in their places.  SIEVE_E_LIMIT past the buffer's
 * ceiling. */
sieve_status word_append(struct buffer *out, enum word which, enum language language,
                         const struct bytes *arguments, size_t count) SIEVE_MUST_CHECK;

#endif /* SIEVE_REPORT_WORDS_H */
