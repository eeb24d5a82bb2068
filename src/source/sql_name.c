/* What statements are made of; SQLite itself has no part in it. */
#include "base/buffer.h"
#include "source/sql.h"

sieve_status sql_append_name(struct buffer *out, const char *name)
{
    sieve_status status = buffer_append(out, bytes_of("\"", 1));
    for (; *name && status == SIEVE_OK; name++) {
        if (*name == '"')
            status = buffer_append(out, bytes_of("\"", 1));
        if (status == SIEVE_OK)
            status = buffer_append(out, bytes_of(name, 1));
    }
    return status == SIEVE_OK ? buffer_append(out, bytes_of("\"", 1)) : status;
}
