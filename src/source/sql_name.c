/* What statements are made of; SQLite itself has no part in it. */
#include "base/buffer.h"
#include "source/sql.h"

sieve_status sql_append_name(struct buffer *out, const char *name)
{
    return buffer_append_quoted(out, bytes_of_text(name), '"');
}
