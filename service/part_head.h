/* part_head.h - what stands before the content of a part of a multipart body.
 *
 * It is read generously: what some receiver takes for a field that hides the content is
 * taken for one.
 */
#ifndef SIEVE_SERVICE_PART_HEAD_H
#define SIEVE_SERVICE_PART_HEAD_H

#include "base/bytes.h"

#define PART_NAME_MAX 128u

/* Texts are cut to fit. */
struct part_head {
    char name[PART_NAME_MAX];     /* of the field; "" if it has none */
    char filename[PART_NAME_MAX]; /* "" if it is no file */
    char type[PART_NAME_MAX];     /* its media type; "" if there is none */
    const char *hidden;           /* why its content is not seen, a constant; or NULL */
    int is_quoted;                /* it is quoted-printable */
};

/* `bytes` begin with the line of the boundary, or with the line end before it. */
void part_head_read(struct bytes bytes, struct part_head *out);

/* Follows text that is quoted-printable; starts as zeros. */
struct quoted {
    size_t length; /* of a form that has begun */
    int high;      /* its first digit */
};

/* 0 if these bytes, the next ones, stand for a control character: then it is no text of
 * which the engine sees all, but something coded, perhaps. */
int quoted_is_text(struct quoted *quoted, struct bytes bytes);

#endif /* SIEVE_SERVICE_PART_HEAD_H */
