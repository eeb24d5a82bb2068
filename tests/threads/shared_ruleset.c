/* Four threads with one ruleset: each has its own scanner, makes the same texts, and
 * must find in them, as blocks and as streams, what one thread alone found.
 *
 * A plain program: Criterion does not start under the thread sanitizer, which is the
 * real judge here. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "cardsieve.h"
#include "support/text.h"
#include "support/texts.h"

#define THREAD_COUNT 4
#define TEXT_COUNT   60
#define TEXT_LENGTH  4000
#define CHUNK        257u

struct sums {
    uint64_t findings;
    uint64_t offsets;
};

struct worker {
    const sieve_ruleset *ruleset;
    struct sums sums;
};

static void require(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}

static sieve_next add_finding(const sieve_finding *finding, void *context)
{
    struct sums *sums = context;

    sums->findings += 1;
    sums->offsets += finding->offset * (uint64_t)finding->kind + finding->length;
    return SIEVE_CONTINUE;
}

static void scan_in_chunks(sieve_scanner *scanner, const struct text *text,
                           struct sums *sums)
{
    sieve_stream_sink sink = {.on_finding = add_finding, .context = sums};
    sieve_stream *stream = NULL;

    require(sieve_stream_new(scanner, &sink, &stream) == SIEVE_OK, "stream");
    for (size_t offset = 0; offset < text->length; offset += CHUNK) {
        size_t length = text->length - offset < CHUNK ? text->length - offset : CHUNK;
        require(sieve_stream_write(stream, text->bytes + offset, length) == SIEVE_OK,
                "write");
    }
    require(sieve_stream_finish(stream) == SIEVE_OK, "finish");
    sieve_stream_free(stream);
}

static void *work(void *context)
{
    struct worker *worker = context;
    sieve_scanner *scanner = NULL;
    struct text text = {0};

    require(sieve_scanner_new(worker->ruleset, &scanner) == SIEVE_OK, "scanner");
    for (uint64_t seed = 1; seed <= TEXT_COUNT; seed++) {
        struct sums whole = {0};
        struct sums pieces = {0};

        texts_make(&text, seed, TEXTS_ALL, TEXT_LENGTH);
        require(sieve_scan(scanner, text.bytes, text.length, add_finding, &whole) ==
                    SIEVE_OK,
                "scan");
        scan_in_chunks(scanner, &text, &pieces);
        require(whole.findings == pieces.findings, "a stream finds what a block finds");
        worker->sums.findings += whole.findings;
        worker->sums.offsets += whole.offsets;
    }
    text_done(&text);
    sieve_scanner_free(scanner);
    return NULL;
}

int main(void)
{
    sieve_ruleset *ruleset = NULL;
    pthread_t threads[THREAD_COUNT];
    struct worker workers[THREAD_COUNT];

    require(sieve_ruleset_new(NULL, &ruleset, NULL) == SIEVE_OK, "ruleset");
    struct worker alone = {.ruleset = ruleset};
    work(&alone);
    require(alone.sums.findings > 0, "the texts hold numbers");

    for (int i = 0; i < THREAD_COUNT; i++) {
        workers[i] = (struct worker){.ruleset = ruleset};
        require(pthread_create(&threads[i], NULL, work, &workers[i]) == 0, "thread");
    }
    for (int i = 0; i < THREAD_COUNT; i++) {
        pthread_join(threads[i], NULL);
        require(workers[i].sums.findings == alone.sums.findings &&
                    workers[i].sums.offsets == alone.sums.offsets,
                "a thread finds what one alone found");
    }
    sieve_ruleset_free(ruleset);
    printf("%d threads, %llu findings each\n", THREAD_COUNT,
           (unsigned long long)alone.sums.findings);
    return 0;
}
