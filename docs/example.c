/* example.c - find card numbers in standard input with libcardsieve.
 *
 *   cc -o example example.c $(pkg-config --cflags --libs cardsieve)
 *   printf 'card 4111 1111 1111 1111\n' | ./example
 *   5	visa	411111******1111
 *
 * Ends with 1 if something was found, 0 if not, 2 if the input could not be examined.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cardsieve.h>

static sieve_next print_finding(const sieve_finding *finding, void *context)
{
    unsigned long *count = context;

    *count += 1;
    printf("%" PRIu64 "\t%s\t%s\n", finding->offset,
           finding->brand ? finding->brand->name : sieve_kind_name(finding->kind),
           finding->shown);
    return SIEVE_CONTINUE;
}

/* Pushes all of `input` through the stream: how it is cut into chunks has no
 * influence on what is found. */
static sieve_status examine(sieve_stream *stream, FILE *input)
{
    char chunk[65536];
    size_t length;

    while ((length = fread(chunk, 1, sizeof chunk, input)) > 0) {
        sieve_status status = sieve_stream_write(stream, chunk, length);
        if (status != SIEVE_OK)
            return status;
    }
    /* A number at the very end is only told here. */
    return ferror(input) ? SIEVE_E_IO : sieve_stream_finish(stream);
}

int main(void)
{
    unsigned long count = 0;
    sieve_ruleset *ruleset = NULL;
    sieve_scanner *scanner = NULL;
    sieve_stream *stream = NULL;
    sieve_stream_sink sink = {.on_finding = print_finding, .context = &count};
    sieve_error error = {.what = NULL};

    sieve_status status = sieve_ruleset_new(NULL, &ruleset, &error);
    if (status == SIEVE_OK)
        status = sieve_scanner_new(ruleset, &scanner);
    if (status == SIEVE_OK)
        status = sieve_stream_new(scanner, &sink, &stream);
    if (status == SIEVE_OK)
        status = examine(stream, stdin);

    /* In the reverse order: each borrows the one made before it. */
    sieve_stream_free(stream);
    sieve_scanner_free(scanner);
    sieve_ruleset_free(ruleset);

    if (status != SIEVE_OK) {
        fprintf(stderr, "example: %s%s%s\n", sieve_status_name(status),
                error.what ? ": " : "", error.what ? error.what : "");
        return 2;
    }
    return count > 0;
}
