/* corpora - writes the benchmark's data, the same for the same seed everywhere.
 *
 *   corpora FOLDER [--seed N] [--size BYTES[K|M|G]] [--files N] [--card-every N]
 * [NAME...]
 *
 * Each corpus is a file FOLDER/NAME, with FOLDER/NAME.truth beside it: how many
 * cards were planted, and a checksum.  The corpus "tree" is a folder of small
 * files.  A corpus whose truth already says the same seed and size is kept. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corpus.h"

#define CHUNK_LENGTH    ((size_t)256 << 10) /* bytes gathered before they are written */
#define FILES_IN_FOLDER 50u

struct request {
    const char *folder;
    uint64_t seed;
    uint64_t size;
    uint64_t files;
    uint32_t card_every; /* 0: the corpus's own */
    char *const *names;
    int name_count;
};

struct output {
    const char *path;
    FILE *file;
    iconv_t converter; /* (iconv_t)-1: none */
    struct text converted;
    uint64_t length;
    uint64_t checksum; /* FNV-1a of 64 bits */
};

static const struct corpus_kind kinds[] = {
    {"access.log", "access log", NULL, 10000, NULL, access_log_row},
    {"dump.sql", "database dump", NULL, 20000, dump_begin, dump_row},
    {"cards.txt", "one card a line", NULL, 1, NULL, cards_row},
    {"mail-utf8.txt", "Japanese mail, UTF-8", NULL, 1000, NULL, mail_row},
    {"mail-cp932.txt", "Japanese mail, CP932", "CP932", 1000, NULL, mail_row},
    {"csv-utf8.csv", "Japanese CSV, UTF-8", NULL, 5000, csv_begin, csv_row},
    {"csv-cp932.csv", "Japanese CSV, CP932", "CP932", 5000, csv_begin, csv_row},
    {"json.log", "JSON application log", NULL, 10000, NULL, json_log_row},
    {"random.bin", "random bytes", NULL, 1, NULL, binary_row},
    {"tree", "tree of small files", NULL, 500, NULL, small_file_row},
};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "corpora: %s: %s: %s\n", path, what, strerror(errno));
    exit(2);
}

/* ---- what a corpus asks of its surroundings -------------------------------- */

int corpus_card_due(struct corpus *corpus)
{
    if (corpus->row < corpus->card_row)
        return 0;
    uint64_t run = corpus->row / corpus->card_every + 1;
    corpus->card_row =
        run * corpus->card_every + dice_below(&corpus->dice, corpus->card_every);
    return 1;
}

void corpus_put_card(struct corpus *corpus, enum card_writing writing)
{
    struct card card = card_make(&corpus->dice);
    text_card(&corpus->text, &card, writing);
    corpus->card_count++;
}

struct moment corpus_tick(struct corpus *corpus, uint32_t most)
{
    corpus->clock += dice_below(&corpus->dice, most);
    return moment_at(corpus->clock);
}

/* ---- one file ---------------------------------------------------------------- */

static void output_open(struct output *output, const char *path, const char *encoding)
{
    *output = (struct output){.path = path, .checksum = 0xCBF29CE484222325u};
    output->converter = (iconv_t)-1;
    if (encoding) {
        output->converter = iconv_open(encoding, "UTF-8");
        if (output->converter == (iconv_t)-1)
            fail("this system's iconv does not know the encoding", encoding);
    }
    output->file = fopen(path, "wb");
    if (!output->file)
        fail("cannot write", path);
}

static void output_bytes(struct output *output, const char *bytes, size_t length)
{
    uint64_t checksum = output->checksum;
    for (size_t i = 0; i < length; i++)
        checksum = (checksum ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    output->checksum = checksum;
    output->length += length;
    if (fwrite(bytes, 1, length, output->file) != length)
        fail("cannot write", output->path);
}

static void output_text(struct output *output, struct text *text)
{
    if (output->converter == (iconv_t)-1) {
        output_bytes(output, text->at, text->length);
        text->length = 0;
        return;
    }
    char *from = text->at;
    size_t left = text->length;
    output->converted.length = 0;
    text_reserve(&output->converted, text->length);
    char *to = output->converted.at;
    size_t room = output->converted.capacity;
    if (iconv(output->converter, &from, &left, &to, &room) == (size_t)-1)
        fail("a character has no place in this encoding", output->path);
    output_bytes(output, output->converted.at, (size_t)(to - output->converted.at));
    text->length = 0;
}

static void output_close(struct output *output)
{
    if (fclose(output->file) != 0)
        fail("cannot write", output->path);
    if (output->converter != (iconv_t)-1)
        iconv_close(output->converter);
    text_done(&output->converted);
}

/* ---- truth ------------------------------------------------------------------- */

static int truth_is(const char *path, const char *first_line)
{
    char line[256] = "";
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    int same = fgets(line, sizeof line, file) != NULL && strcmp(line, first_line) == 0;
    fclose(file);
    return same;
}

static void truth_write(const char *path, const char *first_line,
                        const struct corpus_kind *kind, const struct corpus *corpus,
                        const struct output *output)
{
    FILE *file = fopen(path, "w");
    if (!file)
        fail("cannot write", path);
    fprintf(file, "%stitle %s\nbytes %llu\nrows %llu\ncards %llu\nchecksum %016llx\n",
            first_line, kind->title, (unsigned long long)output->length,
            (unsigned long long)corpus->row, (unsigned long long)corpus->card_count,
            (unsigned long long)output->checksum);
    if (fclose(file) != 0)
        fail("cannot write", path);
}

/* ---- one corpus --------------------------------------------------------------- */

static void corpus_init(struct corpus *corpus, const struct corpus_kind *kind,
                        const struct request *request)
{
    *corpus = (struct corpus){
        .dice = {request->seed},
        .clock = 1772323200000000u, /* 2026-03-01 */
        .card_every = request->card_every ? request->card_every : kind->card_every,
    };
    if (kind->card_every == 1)
        corpus->card_every = 1;
    corpus->card_row = dice_below(&corpus->dice, corpus->card_every);
    if (kind->begin)
        kind->begin(corpus);
}

static void write_file(struct corpus *corpus, const struct corpus_kind *kind,
                       uint64_t size, struct output *output)
{
    while (output->length + corpus->text.length < size) {
        kind->write_row(corpus);
        corpus->row++;
        if (corpus->text.length >= CHUNK_LENGTH)
            output_text(output, &corpus->text);
    }
    output_text(output, &corpus->text);
    output_close(output);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        fail("cannot make the folder", path);
}

static void write_tree(struct corpus *corpus, const struct corpus_kind *kind,
                       const char *root, uint64_t files, struct output *total)
{
    static const char *const endings[] = {"c", "js", "yaml", "json"};
    char path[4096];
    make_folder(root);
    for (; corpus->row < files; corpus->row++) {
        unsigned long long folder = corpus->row / FILES_IN_FOLDER;
        snprintf(path, sizeof path, "%s/part%02llu", root, folder / 40);
        make_folder(path);
        snprintf(path, sizeof path, "%s/part%02llu/module%04llu", root, folder / 40,
                 folder);
        make_folder(path);
        snprintf(path, sizeof path, "%s/part%02llu/module%04llu/file%05llu.%s", root,
                 folder / 40, folder, (unsigned long long)corpus->row,
                 endings[corpus->row % 4]);
        struct output output;
        output_open(&output, path, NULL);
        kind->write_row(corpus);
        output_text(&output, &corpus->text);
        output_close(&output);
        total->length += output.length;
        total->checksum = (total->checksum ^ output.checksum) * 0x100000001B3u;
    }
}

static void make_corpus(const struct corpus_kind *kind, const struct request *request)
{
    char path[4000];
    char truth[4096];
    char first_line[256];
    int is_tree = strcmp(kind->name, "tree") == 0;
    snprintf(path, sizeof path, "%s/%s", request->folder, kind->name);
    snprintf(truth, sizeof truth, "%s.truth", path);
    snprintf(first_line, sizeof first_line, "version 1 seed %llu asked %llu every %u\n",
             (unsigned long long)request->seed,
             (unsigned long long)(is_tree ? request->files : request->size),
             (unsigned)request->card_every);
    if (truth_is(truth, first_line))
        return;
    struct corpus corpus;
    struct output output = {.checksum = 0xCBF29CE484222325u};
    remove(truth);
    corpus_init(&corpus, kind, request);
    if (is_tree) {
        write_tree(&corpus, kind, path, request->files, &output);
    } else {
        output_open(&output, path, kind->encoding);
        write_file(&corpus, kind, request->size, &output);
    }
    truth_write(truth, first_line, kind, &corpus, &output);
    text_done(&corpus.text);
}

/* ---- what was asked ------------------------------------------------------------- */

static void usage(void)
{
    fputs("usage: corpora FOLDER [--seed N] [--size BYTES[K|M|G]] [--files N]\n"
          "               [--card-every ROWS] [NAME...]\n",
          stderr);
    exit(2);
}

static uint64_t parse_number(const char *text)
{
    char *end = NULL;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text)
        usage();
    if (*end == 'K' || *end == 'M' || *end == 'G') {
        value <<= *end == 'K' ? 10 : *end == 'M' ? 20 : 30;
        end++;
    }
    if (*end)
        usage();
    return value;
}

static int is_wanted(const struct request *request, const char *name)
{
    for (int i = 0; i < request->name_count; i++)
        if (strcmp(request->names[i], name) == 0)
            return 1;
    return request->name_count == 0;
}

static void set_option(struct request *request, const char *option, const char *text)
{
    uint64_t value = parse_number(text);
    if (strcmp(option, "--seed") == 0)
        request->seed = value;
    else if (strcmp(option, "--size") == 0)
        request->size = value;
    else if (strcmp(option, "--files") == 0)
        request->files = value;
    else if (strcmp(option, "--card-every") == 0 && value <= UINT32_MAX)
        request->card_every = (uint32_t)value;
    else
        usage();
}

int main(int argc, char **argv)
{
    struct request request = {.seed = 1, .size = (uint64_t)256 << 20, .files = 50000};
    int next = 2;
    if (argc < 2 || argv[1][0] == '-')
        usage();
    request.folder = argv[1];
    for (; next + 1 < argc && strncmp(argv[next], "--", 2) == 0; next += 2)
        set_option(&request, argv[next], argv[next + 1]);
    if (next < argc && argv[next][0] == '-')
        usage();
    request.names = argv + next;
    request.name_count = argc - next;
    make_folder(request.folder);
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (is_wanted(&request, kinds[i].name))
            make_corpus(&kinds[i], &request);
    return 0;
}
