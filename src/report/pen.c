#include "report/pen.h"

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "report/show.h"

#define PHRASE_NUMBERS_MAX 4
/* Each byte may become \xNN, and each of these a name of HTML. */
#define PLAIN_LENGTH_MAX (4u * NAME_LENGTH_MAX)
#define MADE_LENGTH_MAX  (6u * PLAIN_LENGTH_MAX)

void pen_init(struct pen *pen, struct writer *writer, enum language language, int is_html)
{
    *pen = (struct pen){.writer = writer, .language = language, .is_html = is_html};
    buffer_init(&pen->plain, PLAIN_LENGTH_MAX);
    buffer_init(&pen->made, MADE_LENGTH_MAX);
}

void pen_done(struct pen *pen)
{
    buffer_done(&pen->plain);
    buffer_done(&pen->made);
}

sieve_status pen_status(const struct pen *pen)
{
    return pen->status == SIEVE_OK ? pen->writer->status : pen->status;
}

void pen_raw(struct pen *pen, const char *text)
{
    writer_text(pen->writer, text);
}

/* Writes what lies in `plain`, unless making it failed. */
static void write_plain(struct pen *pen, sieve_status status)
{
    if (status == SIEVE_OK && pen->is_html) {
        pen->made.length = 0;
        status = show_html(&pen->made, buffer_bytes(&pen->plain));
    }
    if (status == SIEVE_OK)
        writer_put(pen->writer, buffer_bytes(pen->is_html ? &pen->made : &pen->plain));
    if (pen->status == SIEVE_OK)
        pen->status = status;
}

void pen_text(struct pen *pen, struct bytes text)
{
    pen->plain.length = 0;
    write_plain(pen, visible_append(&pen->plain, text));
}

void pen_said(struct pen *pen, struct bytes text)
{
    pen_text(pen, word_translated(text, pen->language));
}

void pen_word(struct pen *pen, enum word which)
{
    pen_phrase(pen, which, NULL, 0);
}

void pen_phrase(struct pen *pen, enum word which, const uint64_t *numbers, size_t count)
{
    char texts[PHRASE_NUMBERS_MAX][NUMBER_TEXT_MAX];
    struct bytes arguments[PHRASE_NUMBERS_MAX];
    for (size_t index = 0; index < count && index < PHRASE_NUMBERS_MAX; index++) {
        const size_t length = number_grouped(numbers[index], texts[index]);
        arguments[index] = bytes_of(texts[index], length);
    }
    pen->plain.length = 0;
    write_plain(pen,
                word_append(&pen->plain, which, pen->language, arguments,
                            count < PHRASE_NUMBERS_MAX ? count : PHRASE_NUMBERS_MAX));
}

void pen_number(struct pen *pen, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    number_grouped(number, text);
    pen_raw(pen, text);
}

void pen_size(struct pen *pen, uint64_t bytes)
{
    char text[NUMBER_TEXT_MAX];
    number_size(bytes, text);
    pen_raw(pen, text);
}

void pen_rows_read(struct pen *pen, uint64_t rows_read, uint64_t rows)
{
    const uint64_t numbers[] = {rows_read, rows};
    if (rows == UINT64_MAX)
        pen_phrase(pen, WORD_ROWS_OF_UNKNOWN, numbers, 1);
    else
        pen_phrase(pen, WORD_ROWS_OF, numbers, 2);
}

void pen_row(struct pen *pen, struct bytes row)
{
    pen->plain.length = 0;
    write_plain(pen, show_row(&pen->plain, row));
}
