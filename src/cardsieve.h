/* cardsieve.h - find and mask payment card data in bytes.
 *
 *   ruleset   what is looked for; made once, read-only, shared by all threads
 *   scanner   the working memory of one thread
 *   stream    one body of bytes that arrives in pieces
 *
 * A finding never carries the card number: it says where the number is and
 * what may be shown of it.  This library never logs, prints, exits or opens a
 * file, and keeps no global state.
 *
 * Threads: a ruleset may be used by any number of threads at once.  A scanner,
 * and every stream made from it, belongs to one thread at a time.
 */
#ifndef CARDSIEVE_H
#define CARDSIEVE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SIEVE_API        __attribute__((visibility("default")))
#define SIEVE_MUST_CHECK __attribute__((warn_unused_result))
#else
#define SIEVE_API
#define SIEVE_MUST_CHECK
#endif

/* ---- status ------------------------------------------------------------- */

/* Zero is success, positive is an early but normal ending, negative a failure. */
typedef enum sieve_status {
    SIEVE_OK = 0,
    SIEVE_STOPPED = 1,    /* a callback asked to stop */
    SIEVE_E_INVALID = -1, /* an argument breaks the contract */
    SIEVE_E_MEMORY = -2,  /* allocation failed */
    SIEVE_E_PATTERN = -3, /* a pattern row or expression is wrong; see sieve_error */
    SIEVE_E_STATE = -4,   /* called while busy, or after its end */
    SIEVE_E_LIMIT = -5,   /* a limit was reached */
    SIEVE_E_CORRUPT = -6, /* the input is not what it claims to be */
    SIEVE_E_IO = -7,      /* the system refused; see sieve_error.system */
    SIEVE_E_INTERNAL = -8 /* the engine misbehaved; a bug */
} sieve_status;

/* Detail of a failure, filled only on failure.  `what` is a string constant: it
 * never quotes the input, so it is always safe to log. */
typedef struct sieve_error {
    sieve_status status;
    const char *what;
    const char *table; /* SIEVE_E_PATTERN: the table's name, as it was given; else NULL */
    uint64_t
        offset; /* byte in the input, or SIEVE_E_PATTERN: line in the table, from 1 */
    int system; /* errno; 0 if none */
} sieve_error;

/* "SIEVE_OK", "SIEVE_E_MEMORY", ...  Never NULL. */
SIEVE_API const char *sieve_status_name(sieve_status status);

/* The version of this library, "1.0.0". */
SIEVE_API const char *sieve_version(void);

/* ---- words --------------------------------------------------------------- */

typedef enum sieve_kind {
    SIEVE_KIND_PAN,    /* a primary account number */
    SIEVE_KIND_TRACK1, /* the rest is sensitive authentication data */
    SIEVE_KIND_TRACK2,
    SIEVE_KIND_EMV,           /* a chip tag that carries the number or track data */
    SIEVE_KIND_SECURITY_CODE, /* CVV2, CVC2, CAV2, CID, ... */
    SIEVE_KIND_PIN_BLOCK,
    SIEVE_KIND_RULE /* an expression of the user's own */
} sieve_kind;
#define SIEVE_KIND_COUNT 7

typedef enum sieve_confidence {
    SIEVE_LOW = 1,
    SIEVE_MEDIUM = 2,
    SIEVE_HIGH = 3
} sieve_confidence;

/* How a number is written in the bytes. */
typedef enum sieve_form {
    SIEVE_FORM_ASCII,
    SIEVE_FORM_FULLWIDTH_UTF8,
    SIEVE_FORM_CP932,
    SIEVE_FORM_EUC_JP,
    SIEVE_FORM_UTF16LE,
    SIEVE_FORM_UTF16BE,
    SIEVE_FORM_ISO_2022_JP,
    SIEVE_FORM_PERCENT,
    SIEVE_FORM_JSON_ESCAPE,
    SIEVE_FORM_HTML_ENTITY,
    SIEVE_FORM_QUOTED_PRINTABLE,
    SIEVE_FORM_HEX,
    SIEVE_FORM_EBCDIC
} sieve_form;
#define SIEVE_FORM_COUNT 13

/* The stable words of reports: "pan", "high", "fullwidth-utf8".  Never NULL. */
SIEVE_API const char *sieve_kind_name(sieve_kind kind);
SIEVE_API const char *sieve_confidence_name(sieve_confidence confidence);
SIEVE_API const char *sieve_form_name(sieve_form form);

/* One if `kind` may never be kept after authorisation (PCI DSS 3.3.1). */
SIEVE_API int sieve_kind_is_sensitive(sieve_kind kind);

/* One row of patterns/brands.tsv, or of the user's own table. */
typedef struct sieve_brand {
    const char *name;  /* "visa": stable, for options and reports */
    const char *title; /* "Visa": for people */
} sieve_brand;

/* ---- options ------------------------------------------------------------- */

typedef enum sieve_style {
    SIEVE_STYLE_FIRST6_LAST4, /* under 14 digits as SIEVE_STYLE_LAST4 */
    SIEVE_STYLE_LAST4,
    SIEVE_STYLE_FULL,
    SIEVE_STYLE_TOKEN /* letters from an HMAC-SHA-256 of the number; needs a key */
} sieve_style;
#define SIEVE_STYLE_COUNT 4

/* "first6last4", "last4", "full", "token".  Never NULL. */
SIEVE_API const char *sieve_style_name(sieve_style style);

/* One table of the user's own, in the format of the file of that name in
 * patterns/ (see patterns/README.md).  The text is borrowed for the call. */
typedef struct sieve_table {
    const char *name; /* "ranges.tsv", "words.tsv", "rules.tsv", ... */
    const char *text;
    size_t length;
} sieve_table;

/* Start from SIEVE_OPTIONS_DEFAULT and change what you need. */
typedef struct sieve_options {
    size_t size;                     /* of this struct; lets it grow */
    const char *const *brands;       /* names to look for, NULL-ended; NULL for all */
    uint32_t kinds;                  /* bit (1u << kind) set: look for it; 0 for all */
    sieve_confidence min_confidence; /* findings below are neither reported nor masked */
    sieve_style style;               /* of masking; sensitive data is always in full */
    char mask;                       /* what a hidden digit becomes; '*', '#', 'X', 'x' */
    uint8_t ebcdic;                  /* 1: also look for EBCDIC digits (opt-in) */
    uint8_t sieve_off;               /* 1: look at every byte; for tests */
    uint8_t simd_level; /* 0 best; 1 scalar; 2 SSE2/NEON; 3 AVX2; 4 AVX-512 */
    const void *key;    /* SIEVE_STYLE_TOKEN: 16 bytes or more; copied */
    size_t key_length;
    const sieve_table *tables; /* the user's own; may be NULL */
    size_t table_count;
} sieve_options;

#define SIEVE_OPTIONS_DEFAULT                                                            \
    {                                                                                    \
        sizeof(sieve_options), NULL, 0, SIEVE_MEDIUM, SIEVE_STYLE_FIRST6_LAST4, '*', 0,  \
            0, 0, NULL, 0, NULL, 0                                                       \
    }

/* ---- ruleset ------------------------------------------------------------ */

typedef struct sieve_ruleset sieve_ruleset;

/* Compiles the built-in patterns and the user's own.  `options` may be NULL for
 * the defaults and `error` may be NULL.  The caller owns *out and frees it last
 * of all.  Fails with SIEVE_E_INVALID (an option), SIEVE_E_PATTERN (a row) or
 * SIEVE_E_MEMORY. */
SIEVE_API sieve_status sieve_ruleset_new(const sieve_options *options,
                                         sieve_ruleset **out,
                                         sieve_error *error) SIEVE_MUST_CHECK;
SIEVE_API void sieve_ruleset_free(sieve_ruleset *ruleset); /* NULL is legal */

/* NULL past the last one.  Lives as long as the ruleset. */
SIEVE_API const sieve_brand *sieve_ruleset_brand(const sieve_ruleset *ruleset,
                                                 size_t index);

/* The most bytes a stream may hold back before it can judge them. */
SIEVE_API size_t sieve_ruleset_lookahead(const sieve_ruleset *ruleset);

/* ---- findings ----------------------------------------------------------- */

#define SIEVE_SHOWN_MAX   24
#define SIEVE_REASONS_MAX 12

typedef struct sieve_finding {
    uint64_t offset;     /* of the first byte, from the start of the input */
    uint32_t length;     /* bytes up to the end, separators included */
    uint8_t digit_count; /* of the number; of a code: its digits */
    uint8_t test_number; /* 1: a published test number (exact match) */
    sieve_kind kind;
    sieve_confidence confidence;
    sieve_form form;
    const sieve_brand *brand;    /* whose number range it is in; NULL if none */
    const char *rule;            /* SIEVE_KIND_RULE: the user's name for it; else NULL */
    char shown[SIEVE_SHOWN_MAX]; /* masked digits, safe to print; NUL-ended */
    uint8_t reason_count;
    const char
        *reasons[SIEVE_REASONS_MAX]; /* stable words; live as long as the ruleset */
    /* Equal for equal numbers, within this ruleset only: a keyed hash under a
     * random key that is thrown away with it.  For counting; never write it. */
    uint64_t card[2];
} sieve_finding;

typedef enum sieve_next {
    SIEVE_CONTINUE,
    SIEVE_STOP
} sieve_next;

/* Called once for each finding, in order of offset.  The finding is borrowed
 * for the call.  It may not call back into the scanner it came from. */
typedef sieve_next (*sieve_on_finding)(const sieve_finding *finding, void *context);

/* ---- scanner: whole blocks ---------------------------------------------- */

typedef struct sieve_scanner sieve_scanner;

/* Borrows the ruleset, which must outlive the scanner. */
SIEVE_API sieve_status sieve_scanner_new(const sieve_ruleset *ruleset,
                                         sieve_scanner **out) SIEVE_MUST_CHECK;
SIEVE_API void sieve_scanner_free(sieve_scanner *scanner); /* NULL is legal */

/* Reports the card data of one complete block.  `on_finding` may be NULL.
 * SIEVE_STOPPED if it asked to stop. */
SIEVE_API sieve_status sieve_scan(sieve_scanner *scanner, const void *bytes,
                                  size_t length, sieve_on_finding on_finding,
                                  void *context) SIEVE_MUST_CHECK;

/* Masks the card data of one complete block in place.  The length never
 * changes, and masking twice is the same as masking once. */
SIEVE_API sieve_status sieve_mask(sieve_scanner *scanner, void *bytes, size_t length,
                                  sieve_on_finding on_finding,
                                  void *context) SIEVE_MUST_CHECK;

/* ---- scanner: one part of a large block ---------------------------------- */

/* The bytes a judgement may depend on, before and after a finding's start. */
#define SIEVE_BEFORE 4096
#define SIEVE_AFTER  1024
/* The bytes at an item's start that may hold the header of a table. */
#define SIEVE_HEAD 4096

/* A part of an item, for workers that share one large item.  Findings that
 * start in [from, to) are reported; together the parts give what sieve_scan()
 * gives on the whole if every border is one that sieve_border() proposed. */
typedef struct sieve_part {
    const void *bytes; /* holds at least SIEVE_BEFORE bytes before `from` and
                        * SIEVE_AFTER after `to`, or to the item's begin and end */
    uint64_t begin;    /* offset of bytes[0] in the item */
    uint64_t end;      /* offset past the last byte held */
    uint64_t from, to;
    const void *head; /* the item's first bytes, SIEVE_HEAD or all of them */
    size_t head_length;
    int at_end; /* 1: `end` is the item's end */
} sieve_part;

SIEVE_API sieve_status sieve_scan_part(sieve_scanner *scanner, const sieve_part *part,
                                       sieve_on_finding on_finding,
                                       void *context) SIEVE_MUST_CHECK;

/* The first index in bytes[0..length) before which an item may be parted, or
 * `length` if there is none. */
SIEVE_API size_t sieve_border(const void *bytes, size_t length);

/* ---- explain -------------------------------------------------------------- */

/* What became of one candidate and why. */
typedef struct sieve_verdict {
    int accepted;          /* 1: `finding` is what would be reported */
    sieve_finding finding; /* offset, length, digit_count, form, shown always set */
    const char *refusal;   /* the rule that refused it, a stable word; NULL if accepted */
} sieve_verdict;

typedef void (*sieve_on_verdict)(const sieve_verdict *verdict, void *context);

/* As sieve_scan(), but tells of every candidate, also refused ones. */
SIEVE_API sieve_status sieve_explain(sieve_scanner *scanner, const void *bytes,
                                     size_t length, sieve_on_verdict on_verdict,
                                     void *context) SIEVE_MUST_CHECK;

/* One reason or refusal as a sentence; `language` is "en" or "ja".  Never NULL:
 * an unknown word comes back as it is. */
SIEVE_API const char *sieve_reason_sentence(const sieve_ruleset *ruleset,
                                            const char *reason, const char *language);

/* ---- statistics ------------------------------------------------------------ */

typedef struct sieve_stats {
    uint64_t bytes;   /* looked at */
    uint64_t regions; /* the sieve passed on */
    uint64_t region_bytes;
    uint64_t candidates; /* digit runs of a card number's length in those regions */
    uint64_t in_range;   /* ... whose leading digits and length are a brand's */
    uint64_t luhn;       /* ... and whose check digit is right */
    uint64_t survivors;  /* ... and whose neighbours are clean */
    uint64_t findings;   /* ... at the asked confidence */
    /* Time in nanoseconds; sampled, so shares and not sums are what they tell. */
    uint64_t sieve_time, judge_time, context_time, total_time;
} sieve_stats;

/* What this scanner did since it was made.  Times stay 0 until asked for. */
SIEVE_API void sieve_scanner_stats(const sieve_scanner *scanner, sieve_stats *out);
SIEVE_API void sieve_scanner_measure(sieve_scanner *scanner, int on);

/* ---- stream: bytes that arrive in pieces --------------------------------- */

typedef struct sieve_stream sieve_stream;

/* Receives settled bytes in order, card data masked.  Borrowed for the call. */
typedef sieve_status (*sieve_on_bytes)(const void *bytes, size_t length, void *context);

typedef struct sieve_stream_sink {
    sieve_on_finding on_finding; /* may be NULL */
    sieve_on_bytes on_bytes;     /* may be NULL: then the stream only looks */
    void *context;
} sieve_stream_sink;

/* Borrows the scanner.  One scanner serves any number of open streams, one
 * call at a time.  `sink` is copied. */
SIEVE_API sieve_status sieve_stream_new(sieve_scanner *scanner,
                                        const sieve_stream_sink *sink,
                                        sieve_stream **out) SIEVE_MUST_CHECK;

/* Takes the whole chunk or fails.  However the input is cut into chunks, the
 * findings and the bytes handed on are those of sieve_mask() on the whole. */
SIEVE_API sieve_status sieve_stream_write(sieve_stream *stream, const void *bytes,
                                          size_t length) SIEVE_MUST_CHECK;

/* The same without a copy: lends room for at least one byte inside the stream,
 * to be read into, and takes the first `length` bytes of it. */
SIEVE_API sieve_status sieve_stream_room(sieve_stream *stream, void **bytes_out,
                                         size_t *capacity_out) SIEVE_MUST_CHECK;
SIEVE_API sieve_status sieve_stream_commit(sieve_stream *stream,
                                           size_t length) SIEVE_MUST_CHECK;

/* Bytes taken but not yet handed on.  A line that has ended is handed on at
 * once, unless a number that wraps to the next line is still possible. */
SIEVE_API size_t sieve_stream_held(const sieve_stream *stream);

/* For a filter whose input is quiet: hands on a last line that has ended, though a
 * number might have gone on in the next one.  What has not ended waits: a number
 * within a line is found wherever its line was cut. */
SIEVE_API sieve_status sieve_stream_pause(sieve_stream *stream) SIEVE_MUST_CHECK;

/* Settles what is held back, as if the input ended here, and goes on: for a
 * filter that must not wait longer.  A number that is cut by it may be missed. */
SIEVE_API sieve_status sieve_stream_flush(sieve_stream *stream) SIEVE_MUST_CHECK;

/* Settles what is held back.  Once, after the last write. */
SIEVE_API sieve_status sieve_stream_finish(sieve_stream *stream) SIEVE_MUST_CHECK;

/* Wipes and releases; legal at any time, also after a failure, also NULL. */
SIEVE_API void sieve_stream_free(sieve_stream *stream);

#ifdef __cplusplus
}
#endif

#endif /* CARDSIEVE_H */
