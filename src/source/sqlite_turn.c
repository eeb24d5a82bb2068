/* sqlite_turn.c - transactions that are short, and end together. */
#include <unistd.h>

#include "base/clock.h"
#include "source/sqlite.h"

/* Nanoseconds that a range may be read before others get their turn, and that readers of
 * this program may follow on each other before all let go.  Who commits waits for both;
 * applications are patient for a second or more. */
#define TURN_LONG 250000000u
#define TURN_MORE 3u /* times as long, of a range that changes again and again */
#define TURN_NEXT 150000000u

/* Bytes of the file's head that count its states. */
#define COUNTER_AT     24
#define COUNTER_LENGTH 4

static struct sqlite_database *database_of(const struct sqlite_reader *reader)
{
    return (struct sqlite_database *)reader->base.database;
}

void sqlite_turn_init(struct sqlite_turn *turn)
{
    *turn = (struct sqlite_turn){.inside = 0};
    (void)pthread_mutex_init(&turn->lock, NULL);
    (void)pthread_cond_init(&turn->is_out, NULL);
}

void sqlite_turn_done(struct sqlite_turn *turn)
{
    pthread_cond_destroy(&turn->is_out);
    pthread_mutex_destroy(&turn->lock);
}

static void come_in(struct sqlite_turn *turn)
{
    pthread_mutex_lock(&turn->lock);
    if (turn->inside > 0 && clock_now() - turn->began > TURN_NEXT)
        turn->is_closed = 1;
    while (turn->is_closed)
        pthread_cond_wait(&turn->is_out, &turn->lock);
    if (turn->inside++ == 0)
        turn->began = clock_now();
    pthread_mutex_unlock(&turn->lock);
}

static void go_out(struct sqlite_turn *turn)
{
    pthread_mutex_lock(&turn->lock);
    if (--turn->inside == 0) {
        turn->is_closed = 0;
        pthread_cond_broadcast(&turn->is_out);
    }
    pthread_mutex_unlock(&turn->lock);
}

/* Nobody writes as long as the transaction lasts. */
static sieve_status note_state(struct sqlite_reader *reader)
{
    struct sqlite_database *database = database_of(reader);
    struct sqlite_turn *turn = &database->turn;
    unsigned char bytes[COUNTER_LENGTH] = {0};
    const ssize_t length = pread(database->descriptor, bytes, sizeof bytes, COUNTER_AT);
    const uint32_t counter = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                             (uint32_t)bytes[2] << 8 | bytes[3];
    if (length < 0)
        return SIEVE_E_IO;
    pthread_mutex_lock(&turn->lock);
    if (!turn->has_counter || turn->counter != counter)
        turn->state++;
    turn->has_counter = 1;
    turn->counter = counter;
    reader->base.state = turn->state;
    pthread_mutex_unlock(&turn->lock);
    return SIEVE_OK;
}

sieve_status sqlite_turn_begin(struct sqlite_reader *reader, struct database_error *error)
{
    struct sqlite_database *database = database_of(reader);
    int64_t ignored = 0;
    if (!database->is_taken_in_turns)
        return SIEVE_OK;
    come_in(&database->turn);
    reader->turn_began = clock_now();
    sieve_status status = sql_run(reader->sql, "BEGIN");
    if (status == SIEVE_OK)
        status =
            sql_read_number(reader->sql, "SELECT count(*) FROM sqlite_schema", &ignored);
    if (status != SIEVE_OK)
        status = sqlite_fail_sql(error, status, reader->sql);
    else if (note_state(reader) != SIEVE_OK)
        status = sqlite_fail(error, SIEVE_E_IO, "it could not be read");
    if (status != SIEVE_OK)
        sqlite_turn_end(reader);
    return status;
}

void sqlite_turn_end(struct sqlite_reader *reader)
{
    struct sqlite_database *database = database_of(reader);
    if (!database->is_taken_in_turns)
        return;
    /* It has read only: there is nothing to lose. */
    (void)!sql_run(reader->sql, "ROLLBACK");
    go_out(&database->turn);
}

int sqlite_turn_is_over(const struct sqlite_reader *reader)
{
    const uint64_t times = reader->moves < TURN_MORE ? reader->moves + 1 : TURN_MORE;
    return database_of(reader)->is_taken_in_turns &&
           clock_now() - reader->turn_began > times * TURN_LONG;
}
