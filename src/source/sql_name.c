/* What statements are made of; SQLite itself has no part in it. */
#include "base/buffer.h"
#include "source/sql.h"

sieve_status sql_append_name(struct buffer *out, const char *name)
{
    return buffer_append_quoted(out, bytes_of_text(name), '"');
}

void sql_bind_count(struct sql_query *query, int place, uint64_t count)
{
    if (count <= INT64_MAX)
        sql_bind_number(query, place, (int64_t)count);
    else
        sql_bind_text(query, place, NULL);
}
