/* torture_test.c - each allocation fails in turn, those of the libraries too, and each
 * write: a status that says so, no crash, no leak, and never fewer bytes than there are.
 *
 * Plain, without Criterion, whose own allocations would be counted too.  Under a
 * sanitizer, which has its own malloc, only our own allocations fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/unwrap.h"
#include "pipeline/mask.h"
#include "pipeline/output.h"
#include "pipeline/scan.h"
#include "support/starve.h"

static unsigned failures;
static unsigned tried;

static void check(int holds, const char *what, const char *claim, long number)
{
    if (holds)
        return;
    fprintf(stderr, "%s, %ld: not so: %s\n", what, number, claim);
    failures++;
}

/* ---- the last step: its n-th call fails -------------------------------------------- */

struct sink {
    struct stage base;
    long calls_left; /* until one fails; less than 0: none does */
    size_t length;
    int freed;
    unsigned char bytes[8192];
};

static sieve_status sink_call(struct sink *sink)
{
    return sink->calls_left >= 0 && sink->calls_left-- == 0 ? SIEVE_E_IO : SIEVE_OK;
}

static sieve_status sink_write(struct stage *self, struct bytes chunk)
{
    struct sink *sink = (struct sink *)self;
    if (chunk.length > sizeof sink->bytes - sink->length)
        return SIEVE_E_INTERNAL;
    memcpy(sink->bytes + sink->length, chunk.at, chunk.length);
    sink->length += chunk.length;
    return sink_call(sink);
}

static sieve_status sink_finish(struct stage *self)
{
    return sink_call((struct sink *)self);
}

static void sink_free(struct stage *self)
{
    ((struct sink *)self)->freed++;
}

static const struct stage_ops sink_ops = {
    .name = "sink", .write = sink_write, .finish = sink_finish, .free = sink_free};

static void sink_init(struct sink *sink, long calls_left)
{
    memset(sink, 0, sizeof *sink);
    sink->base.ops = &sink_ops;
    sink->calls_left = calls_left;
}

/* ---- what is tried ----------------------------------------------------------------- */

#define CARD "4111111111111111"
static const char text[] = "card " CARD "\nand more of it\n";

static sieve_scanner *scanner;
static struct window *window;
static struct beside beside;

static sieve_status make_mask(void *context, struct stage *sink, struct stage **out)
{
    (void)context;
    return mask_stage_new(scanner, NULL, NULL, sink, out);
}

static sieve_status make_scan(void *context, struct stage *sink, struct stage **out)
{
    (void)context;
    (void)sink;
    return scan_stage_new(window, out);
}

static int let_in(void *context)
{
    (void)context;
    return 1;
}

static void let_out(void *context)
{
    (void)context;
}

/* Through the whole chain; the last words of the first failure are in *notes. */
static sieve_status run(struct bytes bytes, struct sink *sink, struct unwrap_notes *notes)
{
    static const struct gate gate = {UINT64_C(64) << 20, let_in, let_out, NULL, NULL};
    static const uint64_t taken = 1u << 20;
    const struct unwrap_plan plan = {
        .leaf = sink ? make_mask : make_scan,
        .encode = sink != NULL,
        .refuses_opaque = sink != NULL,
        .total = 1u << 30,
        .gate = &gate,
        .beside = &beside,
        .taken = &taken,
        .notes = notes,
    };
    struct stage *stage = NULL;
    memset(notes, 0, sizeof *notes);
    sieve_status status = unwrap_stage_new(&plan, sink ? &sink->base : NULL, &stage);
    if (status != SIEVE_OK)
        return status;
    while (bytes.length > 0 && status == SIEVE_OK) {
        size_t count = bytes.length < 100 ? bytes.length : 100;
        status = stage_write(stage, bytes_of(bytes.at, count));
        bytes = bytes_from(bytes, count);
    }
    if (status == SIEVE_OK)
        status = stage_finish(stage);
    stage_free(stage);
    beside_done(&beside); /* so that it must be made anew */
    return status;
}

static sieve_next count_finding(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(unsigned *)context;
    return SIEVE_CONTINUE;
}

static sieve_next count_none(const sieve_finding *finding, void *context)
{
    (void)finding;
    (void)context;
    return SIEVE_CONTINUE;
}

static int is_told(sieve_status status)
{
    return status == SIEVE_E_MEMORY || status == SIEVE_E_INTERNAL;
}

static void torture_mask(const char *what, struct bytes bytes)
{
    struct unwrap_notes notes;
    static struct sink whole;
    static struct sink sink;
    sieve_status status = SIEVE_E_MEMORY;
    sink_init(&whole, -1);
    check(run(bytes, &whole, &notes) == SIEVE_OK && whole.length > 0, what, "it works",
          0);
    for (long number = 1; status != SIEVE_OK && number < 2000; number++) {
        sink_init(&sink, -1);
        starve_begin(number);
        status = run(bytes, &sink, &notes);
        int was_reached = starve_end();
        /* A library may do without what it did not get. */
        check(status == SIEVE_OK || (was_reached && is_told(status)), what,
              "without memory it says so", number);
        check(status != SIEVE_OK || (sink.length == whole.length &&
                                     !memcmp(sink.bytes, whole.bytes, whole.length)),
              what, "what succeeds is whole", number);
        check(sink.freed <= 1, what, "freed once at most", number);
        tried++;
        if (status == SIEVE_OK && was_reached)
            status = SIEVE_E_MEMORY; /* there may be more to come */
    }
    check(status == SIEVE_OK, what, "in the end it works", 2000);
    status = SIEVE_E_IO;
    for (long calls = 0; status != SIEVE_OK && calls < 100; calls++) {
        sink_init(&sink, calls);
        status = run(bytes, &sink, &notes);
        check(status == SIEVE_OK || status == SIEVE_E_IO, what, "a failure comes back",
              calls);
        check(sink.freed == 1, what, "freed once", calls);
    }
    check(status == SIEVE_OK, what, "in the end all is written", 100);
}

static void torture_scan(const char *what, struct bytes bytes)
{
    struct unwrap_notes notes;
    unsigned findings = 0;
    const struct window_sink sink = {NULL, count_finding, NULL, &findings};
    sieve_status status = SIEVE_E_MEMORY;
    for (long number = 1; status != SIEVE_OK && number < 2000; number++) {
        findings = 0;
        window_start(window, &sink, 0, 0, UINT64_MAX, bytes_of(NULL, 0));
        beside.sink = sink;
        starve_begin(number);
        status = run(bytes, NULL, &notes);
        int was_reached = starve_end();
        check(status == SIEVE_OK || (was_reached && is_told(status)), what,
              "without memory it says so", number);
        check(status != SIEVE_OK || findings == 1, what, "and else finds it", number);
        tried++;
        if (status == SIEVE_OK && was_reached)
            status = SIEVE_E_MEMORY;
    }
    check(status == SIEVE_OK, what, "in the end it works", 2000);
    beside.sink = (struct window_sink){NULL, count_none, NULL, NULL};
}

static void torture(const char *what, struct bytes bytes)
{
    torture_mask(what, bytes);
    torture_scan(what, bytes);
}

/* ---- what it is tried with --------------------------------------------------------- */

struct coded {
    size_t length;
    unsigned char bytes[8192];
};

/* By a program: it need not be ours that is right. */
static int read_coded(const char *command, struct coded *out)
{
    char line[256];
    snprintf(line, sizeof line, "printf 'card %s\\nand more of it\\n' | %s", CARD,
             command);
    FILE *from = popen(line, "r");
    if (!from)
        return 0;
    out->length = fread(out->bytes, 1, sizeof out->bytes, from);
    return pclose(from) == 0 && out->length > 0;
}

static void torture_coded(void)
{
    static const char *const commands[] = {
        "gzip -c",      "zstd -qc", "bzip2 -c",
        "xz -c",        "lz4 -qc",  "zstd -qc --ultra --long=25 -20",
        "gzip -c | xz", "xz -8 -c", "zstd -qc | lz4 -qc | bzip2 -c"};
    static struct coded coded;
    for (size_t index = 0; index < sizeof commands / sizeof commands[0]; index++) {
        if (read_coded(commands[index], &coded))
            torture(commands[index], bytes_of(coded.bytes, coded.length));
        else
            check(0, commands[index], "the program is there", 0);
    }
}

/* A member with a name, so that what is beside its content is looked at too. */
static void torture_named(void)
{
    static struct coded coded;
    static const char name[] = "a name";
    if (!read_coded("gzip -nc", &coded)) {
        check(0, "gzip -nc", "the program is there", 0);
        return;
    }
    memmove(coded.bytes + 10 + sizeof name, coded.bytes + 10, coded.length - 10);
    memcpy(coded.bytes + 10, name, sizeof name);
    coded.bytes[3] = 0x08;
    torture("named", bytes_of(coded.bytes, coded.length + sizeof name));
}

static void torture_tar(void)
{
    static struct coded tar;
    memcpy(tar.bytes, "card " CARD, 21);
    memcpy(tar.bytes + 124, "00000000000", 12);
    memcpy(tar.bytes + 148, "000000\0 ", 8);
    memcpy(tar.bytes + 257, "ustar", 6);
    tar.length = 1536;
    torture("tar", bytes_of(tar.bytes, tar.length));
}

int main(void)
{
    sieve_ruleset *ruleset = NULL;
    if (sieve_ruleset_new(NULL, &ruleset, NULL) != SIEVE_OK ||
        sieve_scanner_new(ruleset, &scanner) != SIEVE_OK)
        return 2;
    beside.scanner = scanner;
    beside.sink.on_finding = count_none;
    starve_begin(1);
    check(window_new(scanner, &window) == SIEVE_E_MEMORY, "window", "it says so", 1);
    check(starve_end(), "window", "it asked", 1);
    if (window_new(scanner, &window) != SIEVE_OK)
        return 2;
    torture("plain", bytes_of_text(text));
    torture("PDF", bytes_of_text("%PDF-1.7 card " CARD " "));
    torture_coded();
    torture_named();
    torture_tar();
    window_free(window);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);
    printf("%u allocations failed, %u failures\n", tried, failures);
    return failures > 0 || tried < 100;
}
