/* conformance.c - the peers' miss table with ours beside it; fails unless ours is full.
 *
 *     conformance vectors.tsv
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/engine.h"

#define PEER_COUNT  10
#define FIELD_COUNT (7 + PEER_COUNT)

enum field {
    NAME,
    TEXT,
    OFFSET,
    LENGTH,
    KIND,
    FORM,
    DIGITS,
    PEERS
};

struct score {
    unsigned vectors;
    unsigned found;
    unsigned decoys;
    unsigned false_alarms;
};

static size_t split(char *line, char **fields)
{
    size_t count = 0;
    line[strcspn(line, "\n")] = 0;
    while (line && count < FIELD_COUNT) {
        fields[count++] = line;
        line = strchr(line, '\t');
        if (line)
            *line++ = 0;
    }
    return count;
}

static int is_exact(const struct findings *findings, char *const *fields)
{
    for (size_t i = 0; i < findings->count; i++) {
        const sieve_finding *finding = &findings->at[i];
        if (finding->offset == strtoull(fields[OFFSET], NULL, 10) &&
            finding->length == strtoul(fields[LENGTH], NULL, 10) &&
            finding->digit_count == strtoul(fields[DIGITS], NULL, 10) &&
            strcmp(sieve_kind_name(finding->kind), fields[KIND]) == 0 &&
            strcmp(sieve_form_name(finding->form), fields[FORM]) == 0)
            return findings->count == 1;
    }
    return 0;
}

static void print_row(const char *name, const char *ours, char *const *peers)
{
    printf("%-42s | %-5s |", name, ours);
    for (int i = 0; i < PEER_COUNT; i++)
        printf(" %-9s", peers[i]);
    printf("\n");
}

static void try_vector(const struct engine *engine, char *const *fields,
                       struct score *score)
{
    struct text text = {0};
    struct findings findings = {0};
    const char *mark;
    text_add_escaped(&text, fields[TEXT], strlen(fields[TEXT]));
    if (engine_scan(engine, text.bytes, text.length, &findings) != SIEVE_OK)
        abort();
    if (strcmp(fields[KIND], "none") == 0) {
        mark = findings.count ? "x" : "-";
        score->decoys++;
        score->false_alarms += findings.count != 0;
    } else {
        int exact = is_exact(&findings, fields);
        mark = exact ? "Y" : "-";
        score->vectors++;
        score->found += (unsigned)exact;
    }
    print_row(fields[NAME], mark, fields + PEERS);
    findings_done(&findings);
    text_done(&text);
}

static int run(FILE *file)
{
    struct engine engine = engine_open(NULL);
    struct score score = {0, 0, 0, 0};
    char line[2048];
    char total[32];
    while (fgets(line, sizeof line, file)) {
        char *fields[FIELD_COUNT];
        if (line[0] == '#')
            continue;
        if (split(line, fields) != FIELD_COUNT)
            abort();
        if (strcmp(fields[NAME], "name") == 0) {
            print_row("", "ours", fields + PEERS);
        } else if (strcmp(fields[KIND], "total") == 0) {
            snprintf(total, sizeof total, "%u", score.found);
            print_row("found of 28 (peers: as published)", total, fields + PEERS);
        } else {
            try_vector(&engine, fields, &score);
        }
    }
    engine_close(&engine);
    printf("ours: %u of %u found exactly, %u false alarms of %u\n", score.found,
           score.vectors, score.false_alarms, score.decoys);
    return score.vectors == 28 && score.found == 28 && score.decoys == 6 &&
                   score.false_alarms == 0
               ? 0
               : 1;
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!file) {
        fprintf(stderr, "usage: conformance vectors.tsv\n");
        return 2;
    }
    int failed = run(file);
    fclose(file);
    return failed;
}
