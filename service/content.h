/* content.h - what a body's media type means for its examination.
 *
 * The engine reads keys, escapes, percent forms and entities by itself, in any bytes.
 * What a media type adds is only how a masked body stays valid.
 */
#ifndef SIEVE_SERVICE_CONTENT_H
#define SIEVE_SERVICE_CONTENT_H

#include <stdint.h>

#include "pipeline/stage.h"
#include "service/media_type.h"

enum content {
    CONTENT_BYTES,     /* nothing to mind: text, XML, forms, anything */
    CONTENT_JSON,      /* one value or many: JSON, NDJSON, JSON sequences */
    CONTENT_MULTIPART, /* parts that are examined each by itself */
    CONTENT_COUNT
};

/* Of a Content-Type; NULL, and what is not read, is CONTENT_BYTES. */
enum media_reading content_of_type(const char *text, enum content *out);

/* 1 if such a body may be a packed file: one that is masked is packed again, and then has
 * another length. */
int content_may_be_packed(const char *text);

/* What the step did. */
struct content_notes {
    uint64_t zeroed; /* bare numbers that became 0 */
    uint64_t quoted; /* ... that became strings */
};

struct json_plan {
    int as_strings;   /* a masked bare number becomes a string, else 0 and blanks */
    int with_letters; /* the mask writes letters (SIEVE_STYLE_TOKEN), else stars */
};

/* 1 if the step would change nothing in these masked bytes, as far as a glance tells. */
int json_is_untouched(const struct json_plan *plan, struct bytes masked);

/* The step behind the mask that keeps JSON valid: a masked bare number becomes a 0 and
 * as many blanks as it had more bytes, or the masked text between quotes.  `notes` is
 * borrowed, the plan copied; owns `next` when it succeeds. */
sieve_status json_stage_new(const struct json_plan *plan, struct content_notes *notes,
                            struct stage *next, struct stage **out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_CONTENT_H */
