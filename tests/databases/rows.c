/* Everything that a database gives away, as lines of text:
 *
 *   table    NAME  KIND  RANGES  REASON-OR-NONE
 *   column   NAME  COLUMN  TYPE  read | key | short | REASON
 *   cell     NAME  LOCATOR  KEY=VALUE;...  COLUMN  VALUE
 *   counted  NAME  READ  COUNTED
 *   failed   NAME  RANGE  CODE  lost | -  REASON
 *
 * parted by tabs; a value that is binary as \x and hex, tabs and line ends as \t and \n.
 *
 *   database_rows [--schema P] [--table P] [--exclude P] [--column P] [--range-bytes N]
 *       [--foreign] [--lock SECONDS] [--after-list COMMAND] [--after-range COMMAND]
 *       [--cancel] [--readers N] [--quiet] TARGET
 *
 * --cancel: the first reader is cancelled by another thread when it has given a thousand
 * rows; it takes no more until that is done.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/database.h"

struct options {
    struct choice choice;
    const char *patterns[4][16];
    const char *after_list;
    const char *after_range;
    const char *target;
    int cancel;
    int quiet;
    size_t readers;
};

#define ROWS_BEFORE_CANCEL 1000

struct counts {
    const struct table *table;
    struct reader *cancelled; /* when there are so many rows; or NULL */
    uint64_t rows;
    uint64_t bytes;
    int quiet;
};

static const char *const kinds[] = {"rows",     "large", "statistics", "texts",
                                    "activity", "freed", "log"};

static void print_value(const struct cell *cell)
{
    if (cell->is_number)
        printf("%lld", (long long)cell->number);
    for (size_t index = 0; index < cell->bytes.length; index++) {
        const unsigned char byte = cell->bytes.at[index];
        if (cell->is_binary)
            printf("%s%02x", index == 0 ? "\\x" : "", byte);
        else if (byte == '\t' || byte == '\n')
            printf(byte == '\t' ? "\\t" : "\\n");
        else
            putchar(byte);
    }
}

static void print_name(const char *what, const struct table *table)
{
    printf("%s\t%s.%s\t", what, table->schema, table->name);
}

static void *cancel(void *context)
{
    struct reader *reader = context;
    reader->database->ops->cancel(reader);
    return NULL;
}

static void cancel_from_elsewhere(struct reader *reader)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, cancel, reader) == 0)
        pthread_join(thread, NULL);
}

static sieve_status take_row(const struct row *row, void *context)
{
    struct counts *counts = context;
    const struct table *table = counts->table;
    counts->rows++;
    if (counts->rows == ROWS_BEFORE_CANCEL && counts->cancelled)
        cancel_from_elsewhere(counts->cancelled);
    for (size_t index = 0; index < table->column_count; index++)
        counts->bytes += row->cells[index].is_number ? sizeof row->cells[index].number
                                                     : row->cells[index].bytes.length;
    for (size_t index = 0; index < table->column_count && !counts->quiet; index++) {
        const struct cell *cell = &row->cells[index];
        if (!cell->bytes.at)
            continue;
        print_name("cell", table);
        printf("%s\t", row->locator);
        for (size_t key = 0; key < table->column_count; key++) {
            if (!table->columns[key].is_key || !row->cells[key].bytes.at)
                continue;
            printf("%s=", table->columns[key].name);
            print_value(&row->cells[key]);
            printf(";");
        }
        printf("\t%s\t", table->columns[index].name);
        print_value(cell);
        printf("\n");
    }
    return SIEVE_OK;
}

static void print_failure(const struct table *table, uint64_t range, sieve_status status,
                          const struct database_error *error)
{
    print_name("failed", table);
    printf("%llu\t%s\t%s\t%s%s\n", (unsigned long long)range, error->code,
           error->is_lost ? "lost" : "-", status == SIEVE_STOPPED ? "stopped " : "",
           error->reason);
}

static void print_table(const struct table *table)
{
    print_name("table", table);
    printf("%s\t%llu\t%s\n", kinds[table->kind], (unsigned long long)table->range_count,
           table->unreadable ? table->unreadable : "none");
    for (size_t index = 0; index < table->column_count; index++) {
        const struct column *column = &table->columns[index];
        print_name("column", table);
        printf("%s\t%s\t%s\n", column->name, column->type,
               column->left_out   ? column->left_out
               : column->is_short ? "short"
               : column->is_key   ? "key"
                                  : "read");
    }
}

static void run(const char *command)
{
    fflush(stdout);
    if (command && system(command) != 0)
        fprintf(stderr, "%s: failed\n", command);
}

static void read_table(struct reader **readers, struct options *options,
                       const struct table *table)
{
    struct database_error error = {.reason = ""};
    struct counts counts = {.table = table,
                            .cancelled = options->cancel ? readers[0] : NULL,
                            .quiet = options->quiet};
    uint64_t counted = 0;
    int is_whole = 1;
    const struct database_ops *ops = readers[0]->database->ops;
    for (uint64_t range = 0; range < table->range_count; range++) {
        sieve_status status = ops->read(readers[range % options->readers], table, range,
                                        take_row, &counts, &error);
        if (status != SIEVE_OK) {
            is_whole = 0;
            print_failure(table, range, status, &error);
        }
        run(options->after_range);
        options->after_range = NULL;
    }
    sieve_status status = ops->count(readers[0], table, &counted, &error);
    if (status != SIEVE_OK) {
        print_failure(table, UINT64_MAX, status, &error);
    } else if (is_whole) {
        print_name("counted", table);
        printf("%llu\t%lld\n", (unsigned long long)counts.rows, (long long)counted);
    }
    if (options->quiet)
        fprintf(stderr, "%llu bytes\n", (unsigned long long)counts.bytes);
}

static int fail(const char *what, const struct database_error *error)
{
    printf("%s\t%s\t%s\t%s\n", what, error->code, error->is_lost ? "lost" : "-",
           error->reason);
    return 1;
}

static int read_all(struct database *database, struct options *options)
{
    struct database_error error = {.reason = ""};
    const struct table *tables;
    size_t count;
    struct reader *readers[16];
    if (database->ops->tables(database, &tables, &count, &error) != SIEVE_OK)
        return fail("no tables", &error);
    for (size_t index = 0; index < count; index++)
        print_table(&tables[index]);
    for (size_t index = 0; index < options->readers; index++)
        if (database->ops->reader(database, &readers[index], &error) != SIEVE_OK)
            return fail("no reader", &error);
    run(options->after_list);
    for (size_t index = 0; index < count; index++)
        if (!tables[index].unreadable)
            read_table(readers, options, &tables[index]);
    for (size_t index = 0; index < options->readers; index++)
        database->ops->reader_free(readers[index]);
    return 0;
}

static size_t add_pattern(struct options *options, size_t list, const char *pattern)
{
    size_t count = 0;
    while (options->patterns[list][count])
        count++;
    options->patterns[list][count] = pattern;
    return count + 1;
}

static void read_options(int count, char **words, struct options *options)
{
    for (int at = 1; at < count; at++) {
        const char *word = words[at];
        if (strcmp(word, "--foreign") == 0)
            options->choice.foreign_tables = 1;
        else if (strcmp(word, "--cancel") == 0)
            options->cancel = 1;
        else if (strcmp(word, "--quiet") == 0)
            options->quiet = 1;
        else if (strncmp(word, "--", 2) != 0)
            options->target = word;
        else if (++at == count)
            break;
        else if (strcmp(word, "--schema") == 0)
            options->choice.schema_count = add_pattern(options, 0, words[at]);
        else if (strcmp(word, "--table") == 0)
            options->choice.table_count = add_pattern(options, 1, words[at]);
        else if (strcmp(word, "--exclude") == 0)
            options->choice.excluded_count = add_pattern(options, 2, words[at]);
        else if (strcmp(word, "--column") == 0)
            options->choice.column_count = add_pattern(options, 3, words[at]);
        else if (strcmp(word, "--range-bytes") == 0)
            options->choice.range_bytes = strtoull(words[at], NULL, 10);
        else if (strcmp(word, "--lock") == 0)
            options->choice.lock_seconds = (uint32_t)strtoul(words[at], NULL, 10);
        else if (strcmp(word, "--readers") == 0)
            options->readers = strtoul(words[at], NULL, 10);
        else if (strcmp(word, "--after-list") == 0)
            options->after_list = words[at];
        else if (strcmp(word, "--after-range") == 0)
            options->after_range = words[at];
    }
    options->choice.schemas = options->patterns[0];
    options->choice.tables = options->patterns[1];
    options->choice.excluded = options->patterns[2];
    options->choice.columns = options->patterns[3];
}

int main(int count, char **words)
{
    struct options options = {.readers = 1};
    struct database *database;
    struct database_error error = {.reason = ""};
    read_options(count, words, &options);
    if (!options.target)
        return 2;
    int is_database = 0;
    options.choice.readers = (unsigned)options.readers;
    if (database_open(options.target, &options.choice, &database, &is_database, &error) !=
        SIEVE_OK)
        return fail("not opened", &error);
    if (!is_database)
        return 2;
    int result = read_all(database, &options);
    database->ops->free(database);
    return result;
}
