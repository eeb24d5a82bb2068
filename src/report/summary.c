#include "report/summary.h"

enum word summary_state(const struct inventory_run *run)
{
    if (run->is_sample)
        return WORD_SAMPLE;
    return run->is_complete ? WORD_COMPLETE : WORD_INCOMPLETE;
}

enum word summary_found(const struct inventory_run *run)
{
    if (run->findings == 0)
        return run->is_complete ? WORD_NOT_FOUND : WORD_NOT_FOUND_SO_FAR;
    return run->test_numbers == run->findings ? WORD_FOUND_TESTS : WORD_FOUND;
}

void summary_put_state(struct pen *pen, const struct inventory_run *run)
{
    const uint64_t numbers[] = {run->tables_incomplete, run->tables};
    const uint64_t databases[] = {run->databases_unread, run->databases};
    if (run->is_sample)
        pen_word(pen, WORD_SAMPLE_READ);
    else if (run->is_complete)
        pen_word(pen, WORD_ALL_READ);
    else if (run->tables_incomplete > 0)
        pen_phrase(pen, WORD_NOT_ALL_READ, numbers, 2);
    else if (run->databases_unread > 0 && run->databases > 1)
        pen_phrase(pen, WORD_DATABASES_NOT_READ, databases, 2);
    else
        pen_word(pen, WORD_NOTHING_READ);
}

static void add(struct summary_line *lines, size_t *count, struct summary_line line)
{
    lines[(*count)++] = line;
}

static void add_repairs(const struct inventory_repairs *repairs,
                        struct summary_line *lines, size_t *count)
{
    add(lines, count,
        (struct summary_line){WORD_REPAIRED, SUMMARY_NUMBER, repairs->updated, 0, 0});
    add(lines, count,
        (struct summary_line){WORD_REPAIR_CHANGED, SUMMARY_NUMBER, repairs->changed, 0,
                              0});
    add(lines, count,
        (struct summary_line){WORD_REPAIR_LEFT, SUMMARY_NUMBER, repairs->left, 0,
                              repairs->left > 0});
    add(lines, count,
        (struct summary_line){WORD_REPAIR_PENDING, SUMMARY_NUMBER, repairs->pending, 0,
                              repairs->pending > 0});
}

size_t summary_lines(const struct inventory_run *run,
                     struct summary_line out[SUMMARY_LINES_MAX])
{
    size_t count = 0;
    const int are_several = run->databases > 1;
    const struct summary_line lines[] = {
        {WORD_SENSITIVE, SUMMARY_NUMBER, run->sensitive, 0, run->sensitive > 0},
        {WORD_FINDINGS, SUMMARY_NUMBER, run->findings, 0, 0},
        {WORD_CARDS, run->cards_estimated ? SUMMARY_AT_LEAST : SUMMARY_NUMBER, run->cards,
         0, 0},
        {WORD_TEST_NUMBERS, SUMMARY_NUMBER, run->test_numbers, 0, 0},
        {WORD_COLUMNS_FOUND, SUMMARY_NUMBER, run->columns_found, 0, 0},
        {WORD_DATABASES, SUMMARY_NUMBER, run->databases, 0, 0},
        {WORD_DATABASES_UNREAD, SUMMARY_NUMBER, run->databases_unread, 0,
         run->databases_unread > 0},
        {WORD_TABLES, SUMMARY_NUMBER, run->tables, 0, 0},
        {WORD_TABLES_INCOMPLETE, SUMMARY_NUMBER, run->tables_incomplete, 0,
         run->tables_incomplete > 0},
        {WORD_ROWS_READ, SUMMARY_ROWS, run->rows_read, run->rows, 0},
        {WORD_BYTES_READ, SUMMARY_SIZE, run->bytes, 0, 0},
        {WORD_COLUMNS_UNREAD, SUMMARY_NUMBER, run->columns_unread, 0, 0},
    };
    for (size_t index = 0; index < sizeof lines / sizeof lines[0]; index++) {
        const enum word label = lines[index].label;
        if (are_several || (label != WORD_DATABASES && label != WORD_DATABASES_UNREAD))
            add(out, &count, lines[index]);
    }
    if (run->chance > 0)
        add(out, &count,
            (struct summary_line){WORD_CHANCE, SUMMARY_NUMBER, run->chance, 0, 0});
    if (run->has_repairs)
        add_repairs(&run->repairs, out, &count);
    return count;
}

size_t summary_next(const struct inventory_run *run, enum word out[SUMMARY_NEXT_MAX])
{
    size_t count = 0;
    if (!run->is_complete)
        out[count++] = WORD_NEXT_RESUME;
    if (run->findings == 0) {
        out[count++] = WORD_NEXT_REGULARLY;
        return count;
    }
    out[count++] = WORD_NEXT_PRESERVE;
    out[count++] = WORD_NEXT_TELL;
    if (run->sensitive > 0)
        out[count++] = WORD_NEXT_SENSITIVE;
    out[count++] = WORD_NEXT_PLAN;
    out[count++] = WORD_NEXT_SOURCE;
    out[count++] = WORD_NEXT_AFTER_CARE;
    out[count++] = WORD_NEXT_LAW;
    out[count++] = WORD_NEXT_AGAIN;
    return count;
}

void summary_put(struct pen *pen, const struct summary_line *line)
{
    switch (line->value) {
    case SUMMARY_NUMBER:
        pen_number(pen, line->number);
        break;
    case SUMMARY_AT_LEAST:
        pen_phrase(pen, WORD_AT_LEAST, &line->number, 1);
        break;
    case SUMMARY_ROWS:
        pen_rows_read(pen, line->number, line->whole);
        break;
    case SUMMARY_SIZE:
        pen_size(pen, line->number);
        break;
    }
}

void summary_put_why(struct pen *pen, const struct inventory_row *row)
{
    const uint64_t numbers[] = {row->values, row->numbers, row->luhn};
    if (pen->language == LANGUAGE_EN && row->reason.length > 0)
        pen_text(pen, row->reason);
    else
        pen_phrase(pen, WORD_ARITHMETIC, numbers, 3);
}
