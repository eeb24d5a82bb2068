#include "cli/statistics.h"

#include <unistd.h>

#include "base/number.h"
#include "base/writer.h"

static void put_row(struct writer *writer, const char *name, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_grouped(number, text);
    writer_text(writer, "  ");
    writer_text(writer, name);
    for (size_t width = strlen(name) + length; width < 40; width++)
        writer_text(writer, " ");
    writer_text(writer, text);
    writer_text(writer, "\n");
}

static void put_share(struct writer *writer, const char *name, uint64_t part,
                      uint64_t whole)
{
    writer_text(writer, "  ");
    writer_text(writer, name);
    writer_text(writer, " ");
    writer_number(writer, whole > 0 ? (part * 100 + whole / 2) / whole : 0);
    writer_text(writer, " %\n");
}

static void put_rate(struct writer *writer, const struct outcome *outcome)
{
    char text[NUMBER_TEXT_MAX];
    uint64_t microseconds = outcome->nanoseconds / 1000 + 1;
    number_seconds(outcome->nanoseconds, 3, text);
    writer_text(writer, "  time ");
    writer_text(writer, text);
    writer_text(writer, " s, ");
    number_size(outcome->stats.bytes / microseconds * 1000000u, text);
    writer_text(writer, text);
    writer_text(writer, " a second\n");
}

void statistics_print(const struct outcome *outcome)
{
    const sieve_stats *stats = &outcome->stats;
    struct writer writer;
    if (writer_init(&writer, STDERR_FILENO) != SIEVE_OK)
        return;
    writer_text(&writer, "What each stage saw\n");
    put_row(&writer, "bytes looked at", stats->bytes);
    put_row(&writer, "regions passed on", stats->regions);
    put_row(&writer, "bytes in them", stats->region_bytes);
    put_row(&writer, "candidates", stats->candidates);
    put_row(&writer, "in a number range", stats->in_range);
    put_row(&writer, "with a right check digit", stats->luhn);
    put_row(&writer, "with clean neighbours", stats->survivors);
    put_row(&writer, "findings", stats->findings);
    writer_text(&writer, "Shares of the engine's time\n");
    put_share(&writer, "sieve", stats->sieve_time, stats->total_time);
    put_share(&writer, "judge", stats->judge_time, stats->total_time);
    put_share(&writer, "context", stats->context_time, stats->total_time);
    put_rate(&writer, outcome);
    (void)!writer_flush(&writer);
    writer_done(&writer);
}
