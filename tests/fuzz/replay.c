/* replay.c - runs a fuzz target on files and folders of seeds, without libFuzzer.
 *
 *     fuzz_scan_replay FILE-OR-FOLDER...
 *
 * Each seed also runs with each single byte changed (or each REPLAY_STRIDE-th), a little
 * fuzzing that every test run can afford.  A failed claim aborts; the name of the seed
 * was printed before. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"
#include "support/text.h"

static unsigned seeds;

static void run_changed(const struct text *seed)
{
    const char *text = getenv("REPLAY_STRIDE");
    const size_t stride = text && text[0] >= '1' && text[0] <= '9' ? text[0] - '0' : 1;
    for (size_t i = 0; i < seed->length && i < 200; i += stride) {
        uint8_t *copy = malloc(seed->length);
        if (!copy)
            abort();
        memcpy(copy, seed->bytes, seed->length);
        copy[i] = (uint8_t)(copy[i] ^ (1u << i % 8));
        LLVMFuzzerTestOneInput(copy, seed->length);
        free(copy);
    }
}

static void run_file(const char *path)
{
    struct text seed = {0};
    char part[4096];
    size_t length;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    while ((length = fread(part, 1, sizeof part, file)) > 0)
        text_add(&seed, part, length);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(seed.bytes ? seed.bytes : (const uint8_t *)"", seed.length);
    run_changed(&seed);
    text_done(&seed);
    seeds++;
}

static void run(const char *path)
{
    struct dirent *entry;
    DIR *folder = opendir(path);
    if (!folder) {
        run_file(path);
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        char inside[1024];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        run_file(inside);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    printf("%u seeds\n", seeds);
    return seeds == 0;
}
