#include "job/spool.h"

#include "base/limits.h"

/* A record is this and then the excerpt's bytes. */
struct record {
    sieve_finding finding;
    uint64_t line;
    uint64_t column;
    const char *beside;
    uint64_t member;
    size_t excerpt_length;
    size_t shown_at;
    size_t shown_length;
};

void spool_init(struct spool *spool)
{
    *spool = (struct spool){.count = 0};
    buffer_init(&spool->records, SPOOL_CAPACITY_MAX);
}

void spool_done(struct spool *spool)
{
    buffer_done(&spool->records);
}

void spool_clear(struct spool *spool)
{
    spool->records.length = 0; /* no clear number is in it */
    spool->count = 0;
}

sieve_status spool_add(struct spool *spool, const struct sighting *sighting)
{
    const struct record record = {
        .finding = *sighting->finding,
        .line = sighting->line,
        .column = sighting->column,
        .beside = sighting->beside,
        .member = sighting->member,
        .excerpt_length = sighting->excerpt.length,
        .shown_at = sighting->shown_at,
        .shown_length = sighting->shown_length,
    };
    sieve_status status =
        buffer_reserve(&spool->records, sizeof record + record.excerpt_length);
    if (status == SIEVE_OK)
        status = buffer_append(&spool->records, bytes_of(&record, sizeof record));
    if (status == SIEVE_OK)
        status = buffer_append(&spool->records, sighting->excerpt);
    spool->count += status == SIEVE_OK;
    return status;
}

int spool_next(const struct spool *spool, size_t *cursor, struct sighting *out,
               sieve_finding *finding_out)
{
    struct record record;
    if (*cursor >= spool->records.length)
        return 0;
    memcpy(&record, spool->records.at + *cursor, sizeof record);
    *cursor += sizeof record;
    *finding_out = record.finding;
    *out = (struct sighting){
        .finding = finding_out,
        .line = record.line,
        .column = record.column,
        .excerpt = bytes_of(spool->records.at + *cursor, record.excerpt_length),
        .shown_at = record.shown_at,
        .shown_length = record.shown_length,
        .beside = record.beside,
        .member = record.member,
    };
    *cursor += record.excerpt_length;
    return 1;
}
