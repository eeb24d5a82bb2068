#include "base/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/wipe.h"

sieve_status writer_init(struct writer *writer, int descriptor)
{
    *writer = (struct writer){.descriptor = descriptor};
    writer->at = malloc(WRITE_CAPACITY);
    return writer->at ? SIEVE_OK : SIEVE_E_MEMORY;
}

void writer_done(struct writer *writer)
{
    wipe_free(writer->at, writer->at ? WRITE_CAPACITY : 0);
    writer->at = NULL;
    writer->length = 0;
}

/* A descriptor that somebody else made non-blocking. */
static void wait_until_writable(int descriptor)
{
    struct pollfd waiting = {.fd = descriptor, .events = POLLOUT};
    (void)poll(&waiting, 1, -1);
}

static void fail(struct writer *writer, int system)
{
    writer->status = system == EPIPE ? SIEVE_STOPPED : SIEVE_E_IO;
    writer->system = system;
}

static void write_all(struct writer *writer, struct bytes bytes)
{
    while (bytes.length > 0 && writer->status == SIEVE_OK) {
        ssize_t count = write(writer->descriptor, bytes.at, bytes.length);
        if (count > 0) {
            writer->written += (uint64_t)count;
            bytes = bytes_from(bytes, (size_t)count);
        } else if (count < 0 && errno == EAGAIN) {
            wait_until_writable(writer->descriptor);
        } else if (count == 0 || errno != EINTR) {
            fail(writer, count == 0 ? ENOSPC : errno);
        }
    }
}

static void drain(struct writer *writer)
{
    write_all(writer, bytes_of(writer->at, writer->length));
    writer->length = 0;
}

void writer_put(struct writer *writer, struct bytes bytes)
{
    if (bytes.length > WRITE_CAPACITY - writer->length)
        drain(writer);
    if (bytes.length >= WRITE_CAPACITY) {
        write_all(writer, bytes);
        return;
    }
    if (bytes.length > 0)
        memcpy(writer->at + writer->length, bytes.at, bytes.length);
    writer->length += bytes.length;
}

void writer_text(struct writer *writer, const char *text)
{
    writer_put(writer, bytes_of_text(text));
}

void writer_number(struct writer *writer, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    size_t length = number_text(number, text);
    writer_put(writer, bytes_of(text, length));
}

sieve_status writer_flush(struct writer *writer)
{
    drain(writer);
    return writer->status;
}
