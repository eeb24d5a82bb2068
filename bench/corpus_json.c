/* An application's log, one JSON object a line, with request bodies logged that
 * should not be. */
#include "corpus.h"
#include "words.h"

static void put_name(struct corpus *corpus, const char *name)
{
    text_string(&corpus->text, ",\"");
    text_string(&corpus->text, name);
    text_string(&corpus->text, "\":\"");
}

static void put_field(struct corpus *corpus, const char *name, const char *value)
{
    put_name(corpus, name);
    text_string(&corpus->text, value);
    text_char(&corpus->text, '"');
}

static void put_trace(struct corpus *corpus, const char *name, unsigned count)
{
    put_name(corpus, name);
    text_trace(&corpus->text, &corpus->dice, count);
    text_char(&corpus->text, '"');
}

static void put_head(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    struct moment moment = corpus_tick(corpus, 20000);
    text_string(text, "{\"time\":\"");
    text_date(text, &moment);
    text_char(text, 'T');
    text_clock(text, &moment);
    text_char(text, '.');
    text_padded(text, moment.micro / 1000, 3);
    text_string(text, "+09:00\"");
    put_field(corpus, "level", dice_once_in(dice, 15) ? "warn" : "info");
    put_field(corpus, "service", dice_once_in(dice, 3) ? "orders" : "web");
    put_trace(corpus, "trace_id", 32);
    put_trace(corpus, "span_id", 16);
    put_field(corpus, "message", word(dice, &words_message));
    text_string(text, ",\"user_id\":");
    text_number(text, dice_between(dice, 100000, 9999999));
    text_string(text, ",\"duration_ms\":");
    text_number(text, dice_below(dice, 900));
    text_char(text, '.');
    text_digits(text, dice, 3);
    text_string(text, ",\"pid\":");
    text_number(text, dice_between(dice, 300, 32000));
}

/* A body is JSON inside a JSON string, its quotes escaped. */
static void put_body(struct corpus *corpus, int with_card)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    put_name(corpus, "body");
    text_string(text, "{\\\"name\\\":\\\"");
    text_escaped(text, word(dice, &words_surname));
    text_escaped(text, word(dice, &words_given));
    text_string(text, "\\\",\\\"qty\\\":");
    text_number(text, dice_between(dice, 1, 9));
    if (with_card) {
        text_string(text, ",\\\"card_number\\\":\\\"");
        corpus_put_card(corpus, (enum card_writing)dice_below(dice, 3));
        text_string(text, "\\\"");
    }
    text_string(text, ",\\\"item\\\":\\\"");
    text_escaped(text, word(dice, &words_goods));
    text_string(text, "\\\"}\"");
}

void json_log_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    int with_card = corpus_card_due(corpus);
    put_head(corpus);
    if (with_card || dice_once_in(dice, 6)) {
        put_body(corpus, with_card);
    } else if (dice_once_in(dice, 3)) {
        put_name(corpus, "request_id");
        text_uuid(text, dice);
        text_string(text, "\",\"at\":");
        text_number(text, corpus->clock / 1000);
    } else {
        put_field(corpus, "path", word(dice, &words_path));
        text_string(text, ",\"status\":");
        text_string(text, dice_once_in(dice, 10) ? "404" : "200");
    }
    text_string(text, "}\n");
}
