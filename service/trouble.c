#include "service/trouble.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/reason.h"

#define PAUSE_SECONDS 60

static const struct {
    const char *name;
    const char *words;
} rows[TROUBLE_COUNT] = {
    [TROUBLE_DESCRIPTORS] = {"descriptors", "connections wait for descriptors (see "
                                            "LimitNOFILE, ulimit -n)"},
    [TROUBLE_LOG] = {"log", "log_file: it cannot be written, lines are lost"},
    [TROUBLE_SPOOL] = {"spool", "spool_directory: it cannot be written, bodies are "
                                "refused"},
};

static struct {
    atomic_uint_fast64_t count;
    atomic_int_fast64_t said; /* seconds; 0: never */
} troubles[TROUBLE_COUNT];

/* 1 for one thread a minute. */
static int is_turn(enum trouble trouble)
{
    const int_fast64_t second = (int_fast64_t)(clock_now() / 1000000000u) + 1;
    int_fast64_t before = atomic_load(&troubles[trouble].said);
    if (before > 0 && second - before < PAUSE_SECONDS)
        return 0;
    return atomic_compare_exchange_strong(&troubles[trouble].said, &before, second);
}

void trouble_note(enum trouble trouble, uint64_t times, int error)
{
    atomic_fetch_add_explicit(&troubles[trouble].count, times, memory_order_relaxed);
    if (is_turn(trouble))
        (void)fprintf(stderr, "cardsieved: %s: %s\n", rows[trouble].words,
                      reason_of_system(error));
}

uint64_t trouble_count(enum trouble trouble)
{
    return atomic_load_explicit(&troubles[trouble].count, memory_order_relaxed);
}

const char *trouble_name(enum trouble trouble)
{
    return rows[trouble].name;
}
