#include "source/sqlite.h"

sieve_status sqlite_list_freed(const char *path, const struct choice *choice,
                               struct sqlite_tables *tables)
{
    (void)path;
    (void)choice;
    (void)tables;
    return SIEVE_OK;
}

sieve_status sqlite_read_freed(const char *path, const struct sqlite_plan *plan,
                               uint64_t range, on_row tell, void *context,
                               const atomic_int *is_cancelled)
{
    (void)path;
    (void)plan;
    (void)range;
    (void)tell;
    (void)context;
    (void)is_cancelled;
    return SIEVE_OK;
}
