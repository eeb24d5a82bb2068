/* myfield.h - one field of a result, which the server gives as zero-ended text. */
#ifndef SIEVE_SOURCE_MYFIELD_H
#define SIEVE_SOURCE_MYFIELD_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/number.h"
#include "cardsieve.h"

static inline int myfield_is(struct bytes field, const char *text)
{
    return field.at && strcmp((const char *)field.at, text) == 0;
}

/* `otherwise` for NULL and for what is no number. */
static inline uint64_t myfield_number(struct bytes field, uint64_t otherwise)
{
    uint64_t number = otherwise;
    if (field.at && number_parse((const char *)field.at, UINT64_MAX, &number) < 0)
        number = otherwise;
    return number;
}

/* Takes a row that is one number into the uint64_t at `context`. */
static inline sieve_status myfield_take_number(const struct bytes *fields, void *context)
{
    return fields[0].at && number_parse((const char *)fields[0].at, UINT64_MAX,
                                        (uint64_t *)context) == 0
               ? SIEVE_OK
               : SIEVE_E_CORRUPT;
}

#endif /* SIEVE_SOURCE_MYFIELD_H */
