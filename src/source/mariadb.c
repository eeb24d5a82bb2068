#include "source/mariadb.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/number.h"
#include "source/mycatalog.h"
#include "source/mycut.h"
#include "source/myfield.h"
#include "source/myrepair.h"
#include "source/mysession.h"
#include "source/mysnapshot.h"

/* One connection more than asked for takes the place of the first that is lost. */
#define SPARE_LINKS 1u

#define GONE "the connection was lost, and with it the snapshot"

struct mariadb {
    struct database base;
    struct myaddress address;
    const struct choice *choice;
    struct mysnapshot snapshot;
    struct mylink *listed; /* has listed the tables; the first reader takes it */
    struct mycatalog catalog;
    struct catalog_given given;
    char moment[NUMBER_TEXT_MAX + 8]; /* how what is in no snapshot was cut */
};

struct mariadb_reader {
    struct reader base;
    struct mylink *link; /* owned */
    struct statement statement;
};

/* ---- rows -------------------------------------------------------------------------- */

/* One range being read. */
struct reading {
    const struct mytable *table;
    struct cell *cells; /* one a column */
    uint16_t *columns;  /* which column a field is */
    size_t field_count;
    char locator[2 * NUMBER_TEXT_MAX];
    size_t locator_length; /* of what is the same for all of the range */
    uint64_t row_count;
    on_row on_row;
    void *context;
};

static sieve_status take_row(const struct bytes *fields, void *context)
{
    struct reading *reading = context;
    reading->row_count++;
    for (size_t index = 0; index < reading->field_count; index++) {
        const size_t column = reading->columns[index];
        reading->cells[column].bytes =
            mytype_plain(reading->table->types[column].form, fields[index]);
    }
    (void)number_text(reading->row_count, reading->locator + reading->locator_length);
    const struct row row = {.cells = reading->cells, .locator = reading->locator};
    return reading->on_row(&row, reading->context);
}

static sieve_status reading_init(struct reading *reading, const struct mytable *table,
                                 uint64_t range)
{
    const size_t columns = table->table.column_count;
    *reading = (struct reading){.table = table};
    reading->cells = calloc(columns + 1, sizeof *reading->cells);
    reading->columns = calloc(columns + 1, sizeof *reading->columns);
    if (!reading->cells || !reading->columns)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < columns; index++) {
        reading->cells[index].is_binary = table->types[index].form == MYFORM_BYTES;
        if (mytable_takes(table, index))
            reading->columns[reading->field_count++] = (uint16_t)index;
    }
    /* "#12", or of the third of several ranges "#3:12". */
    size_t length = 0;
    reading->locator[length++] = '#';
    if (table->table.range_count > 1) {
        length += number_text(range + 1, reading->locator + length);
        reading->locator[length++] = ':';
    }
    reading->locator_length = length;
    return SIEVE_OK;
}

static void reading_done(struct reading *reading)
{
    free(reading->cells);
    free(reading->columns);
}

/* What has been given out as a table is the one of the same place in the catalog. */
static size_t index_of(const struct reader *reader, const struct table *table)
{
    return (size_t)(table - ((const struct mariadb *)reader->database)->given.tables);
}

static const struct mytable *find_table(const struct reader *reader,
                                        const struct table *table)
{
    const struct mariadb *database = (const struct mariadb *)reader->database;
    return &database->catalog.tables[index_of(reader, table)];
}

/* Runs the reader's statement, and holds on to nothing. */
static sieve_status run_and_release(struct mariadb_reader *reader,
                                    const struct mytaker *taker,
                                    struct database_error *error)
{
    struct database_error later;
    sieve_status status = mylink_run(reader->link, &reader->statement, taker, error);
    if (status == SIEVE_STOPPED || (status != SIEVE_OK && error->is_lost))
        return status;
    sieve_status released =
        mysnapshot_release(reader->link, status == SIEVE_OK ? error : &later);
    if (status != SIEVE_OK && released != SIEVE_OK)
        error->is_lost = 1;
    return status == SIEVE_OK ? released : status;
}

static sieve_status run(struct mariadb_reader *reader, const struct mytaker *taker,
                        struct database_error *error)
{
    struct mariadb *database = (struct mariadb *)reader->base.database;
    sieve_status status = run_and_release(reader, taker, error);
    if (status == SIEVE_E_IO && error->is_lost)
        error->is_over = mysnapshot_is_empty(&database->snapshot) != 0;
    return status;
}

static sieve_status mariadb_read(struct reader *self, const struct table *table,
                                 uint64_t range, on_row take, void *context,
                                 struct database_error *error)
{
    struct mariadb_reader *reader = (struct mariadb_reader *)self;
    const struct mytable *found = find_table(self, table);
    struct reading reading;
    *error = (struct database_error){.reason = "out of memory"};
    if (range >= table->range_count || table->unreadable)
        return SIEVE_E_INVALID;
    sieve_status status = reading_init(&reading, found, range);
    if (status == SIEVE_OK) {
        const struct mytaker taker = {reading.field_count ? reading.field_count : 1,
                                      take_row, &reading};
        reading.on_row = take;
        reading.context = context;
        statement_begin(&reader->statement);
        mytable_put_select(found, range, &reader->statement);
        status = run(reader, &taker, error);
    }
    if (status == SIEVE_OK && table->is_moving)
        atomic_store(
            &((struct mariadb *)self->database)->given.read[index_of(self, table)],
            reading.row_count);
    reading_done(&reading);
    return status;
}

/* ---- counting ---------------------------------------------------------------------- */

static sieve_status mariadb_count(struct reader *self, const struct table *table,
                                  uint64_t *rows_out, struct database_error *error)
{
    struct mariadb_reader *reader = (struct mariadb_reader *)self;
    const struct mytable *found = find_table(self, table);
    uint64_t rows = 0;
    const struct mytaker taker = {1, myfield_take_number, &rows};
    sieve_status status = SIEVE_OK;
    *error = (struct database_error){.reason = "out of memory"};
    /* Statements that run are others at the next look: what was read is all there was. */
    if (table->is_moving) {
        rows = atomic_load(
            &((struct mariadb *)self->database)->given.read[index_of(self, table)]);
    } else {
        statement_begin(&reader->statement);
        mytable_put_count(found, &reader->statement);
        status = run(reader, &taker, error);
    }
    if (status == SIEVE_OK)
        *rows_out = rows;
    return status;
}

/* ---- readers ----------------------------------------------------------------------- */

static sieve_status mariadb_reader(struct database *self, struct reader **out,
                                   struct database_error *error)
{
    struct mariadb *database = (struct mariadb *)self;
    *error = (struct database_error){.reason = "out of memory"};
    struct mariadb_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return SIEVE_E_MEMORY;
    reader->base.database = self;
    statement_init(&reader->statement);
    reader->link = database->listed;
    database->listed = NULL;
    if (!reader->link)
        reader->link = mysnapshot_take(&database->snapshot);
    if (!reader->link) {
        free(reader);
        *error = (struct database_error){
            .reason = database->snapshot.lack ? database->snapshot.lack : GONE};
        return SIEVE_E_STATE;
    }
    *out = &reader->base;
    return SIEVE_OK;
}

static void mariadb_cancel_reader(struct reader *self)
{
    mylink_cancel(((struct mariadb_reader *)self)->link);
}

static void mariadb_reader_free(struct reader *self)
{
    struct mariadb_reader *reader = (struct mariadb_reader *)self;
    if (!reader)
        return;
    mylink_close(reader->link);
    statement_done(&reader->statement);
    free(reader);
}

/* ---- the database ------------------------------------------------------------------ */

static sieve_status list_tables(struct mariadb *database, struct database_error *error)
{
    sieve_status status = mycatalog_list(&database->catalog, database->listed, error);
    if (status == SIEVE_OK)
        status = mysnapshot_release(database->listed, error);
    if (status != SIEVE_OK)
        return status;
    return catalog_give(mycatalog_entries(&database->catalog), database->moment,
                        &database->given);
}

static sieve_status mariadb_cut_again(struct database *self, const struct table *table,
                                      const char *cut)
{
    struct mariadb *database = (struct mariadb *)self;
    const size_t index = (size_t)(table - database->given.tables);
    struct mytable *found = &database->catalog.tables[index];
    if (table->is_moving)
        return SIEVE_OK;
    sieve_status status = mycut_again(&database->catalog, found, cut);
    database->given.tables[index].cut = found->table.cut;
    database->given.tables[index].range_count = found->table.range_count;
    return status;
}

static sieve_status mariadb_tables(struct database *self, const struct table **out,
                                   size_t *count_out, struct database_error *error)
{
    struct mariadb *database = (struct mariadb *)self;
    *error = (struct database_error){.reason = "out of memory"};
    sieve_status status =
        database->given.tables ? SIEVE_OK : list_tables(database, error);
    if (status != SIEVE_OK)
        return status;
    *out = database->given.tables;
    *count_out = database->catalog.count;
    return SIEVE_OK;
}

/* ---- repair ------------------------------------------------------------------------ */

static const struct mytable *find_for_repair(const void *database,
                                             const struct table *table)
{
    const struct mariadb *known = database;
    return &known->catalog.tables[table - known->given.tables];
}

static sieve_status mariadb_repair(struct database *self, int is_writing,
                                   struct repair **out, struct database_error *error)
{
    struct mariadb *database = (struct mariadb *)self;
    struct mylink *link = NULL;
    mylink_close(database->listed);
    database->listed = NULL;
    mysnapshot_done(&database->snapshot);
    sieve_status status =
        mysession_open(&database->address, database->choice, is_writing, &link, error);
    return status == SIEVE_OK
               ? myrepair_new(link, database, find_for_repair, is_writing, out)
               : status;
}

static void mariadb_free(struct database *self)
{
    struct mariadb *database = (struct mariadb *)self;
    if (!database)
        return;
    mylink_close(database->listed);
    mysnapshot_done(&database->snapshot);
    mycatalog_done(&database->catalog);
    myaddress_done(&database->address);
    catalog_given_done(&database->given);
    free(database);
}

static const struct database_ops mariadb_ops = {
    .scheme = "mysql",
    .schemas_are_databases = 1,
    .tables = mariadb_tables,
    .cut_again = mariadb_cut_again,
    .reader = mariadb_reader,
    .read = mariadb_read,
    .count = mariadb_count,
    .cancel = mariadb_cancel_reader,
    .reader_free = mariadb_reader_free,
    .repair = mariadb_repair,
    .free = mariadb_free,
};

static void set_moment(struct mariadb *database)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    memcpy(database->moment, "moment ", 7);
    (void)number_text((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
                      database->moment + 7);
}

sieve_status mariadb_open(const char *target, const struct choice *choice,
                          struct database **out, struct database_error *error)
{
    *error = (struct database_error){.reason = "out of memory"};
    struct mariadb *database = calloc(1, sizeof *database);
    if (!database)
        return SIEVE_E_MEMORY;
    database->base.ops = &mariadb_ops;
    database->choice = choice;
    set_moment(database);
    sieve_status status = myaddress_parse(target, &database->address, error);
    if (status == SIEVE_OK)
        status = mysnapshot_open(&database->snapshot, &database->address, choice,
                                 choice->readers > 1 ? choice->readers + SPARE_LINKS : 1,
                                 error);
    if (status != SIEVE_OK) {
        mariadb_free(&database->base);
        return status;
    }
    mycatalog_init(&database->catalog, choice, database->address.database);
    database->listed = mysnapshot_take(&database->snapshot);
    *out = &database->base;
    return SIEVE_OK;
}
