/* fuzz_config.c - a whole configuration: file and options, read and checked together.  It
 * is read twice alike, or refused with a reason that is nothing of the input.
 *
 * The file ends at the first NUL; behind it come options, "key=value", each up to a NUL.
 */
#define _GNU_SOURCE /* memfd_create */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "service/config.h"

static struct settings settings[2];
static struct config_typed typed;
static struct config_lines lines;
static char words[8][256];

/* The options in `bytes`, as they would have been typed. */
static void type(const uint8_t *bytes, size_t length)
{
    typed.count = 0;
    while (length > 0 && typed.count < 8) {
        const uint8_t *end = memchr(bytes, 0, length);
        const size_t part = end ? (size_t)(end - bytes) : length;
        char *word = words[typed.count];
        if (part < sizeof words[0]) {
            memcpy(word, bytes, part);
            word[part] = '\0';
            char *value = strchr(word, '=');
            if (value)
                *value++ = '\0';
            typed.pairs[typed.count].value = value ? value : "";
            typed.count += !config_find(word, &typed.pairs[typed.count].key);
        }
        bytes += part + (end != NULL);
        length -= part + (end != NULL);
    }
}

static void claim_no_quote(const char *reason)
{
    for (size_t index = 0; index < typed.count; index++) {
        const char *value = typed.pairs[index].value;
        if (strlen(value) > 12 && strstr(reason, value))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
    const size_t length = end ? (size_t)(end - data) : size;
    struct config_problem problems[2];
    sieve_status status[2];
    const char *keys[CONFIG_FIXED_MAX];
    char path[64];
    int file = memfd_create("configuration", MFD_CLOEXEC);
    if (file < 0 || write(file, data, length) != (ssize_t)length)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    type(data + length, size - length);
    for (int turn = 0; turn < 2; turn++)
        status[turn] =
            config_read(path, &typed, &settings[turn], &lines, &problems[turn]);
    close(file);
    if (status[0] != status[1] || problems[0].reason != problems[1].reason ||
        problems[0].line != problems[1].line)
        abort();
    if ((status[0] == SIEVE_OK) != (problems[0].reason == NULL))
        abort();
    if (status[0] == SIEVE_OK &&
        config_fixed_differences(&settings[0], &settings[1], keys) > 0)
        abort();
    if (problems[0].reason)
        claim_no_quote(problems[0].reason);
    return 0;
}
