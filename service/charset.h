/* charset.h - the charsets in which the engine sees the digits of a body. */
#ifndef SIEVE_SERVICE_CHARSET_H
#define SIEVE_SERVICE_CHARSET_H

#include "base/bytes.h"

/* 1 if text in the charset of this name (IANA's, or another that is in use) is examined.
 * 0 for one that hides its digits, such as UTF-32, UTF-7 and EBCDIC, and for one that is
 * not known.  Case and punctuation in the name mean nothing. */
int charset_is_examined(struct bytes name);

#endif /* SIEVE_SERVICE_CHARSET_H */
