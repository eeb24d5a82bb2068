/* A web server's access log, combined form with the response time. */
#include "corpus.h"
#include "words.h"

static void put_client(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    if (dice_once_in(dice, 5)) {
        text_string(text, "2001:db8:");
        text_hex(text, dice, 4);
        text_string(text, "::");
        text_hex(text, dice, 4);
        text_char(text, ':');
        text_hex(text, dice, 3);
        return;
    }
    for (int part = 0; part < 4; part++) {
        if (part)
            text_char(text, '.');
        text_number(text, dice_between(dice, 1, 254));
    }
}

static void put_time(struct text *text, const struct moment *moment)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    text_string(text, " - - [");
    text_padded(text, moment->day, 2);
    text_char(text, '/');
    text_string(text, months[moment->month - 1]);
    text_char(text, '/');
    text_number(text, moment->year);
    text_char(text, ':');
    text_clock(text, moment);
    text_string(text, " +0900] \"");
}

static void put_card_query(struct corpus *corpus)
{
    static const char *const fields[] = {"card_no=", "cardnumber=", "pan=", "cc_number="};
    static const enum card_writing writings[] = {
        CARD_BARE, CARD_BARE, CARD_BARE, CARD_HYPHENS, CARD_PLUSES, CARD_PERCENT_20};
    struct dice *dice = &corpus->dice;
    text_string(&corpus->text, "/checkout/confirm?name=");
    text_percent(&corpus->text, word(dice, &words_surname));
    text_char(&corpus->text, '&');
    text_string(&corpus->text, fields[dice_below(dice, 4)]);
    corpus_put_card(corpus, writings[dice_below(dice, 6)]);
    text_string(&corpus->text, "&exp=12%2F29");
}

static void put_target(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    const char *path = word(dice, &words_path);
    text_string(text, path);
    if (path[1] == 's' && path[2] == 'e') { /* /search */
        text_string(text, "?q=");
        text_percent(text, word(dice, &words_query));
        text_string(text, "&page=");
        text_number(text, dice_between(dice, 1, 40));
    } else if (path[1] == 'i' || path[1] == 'a' || path[1] == 'b') {
        text_number(text, dice_between(dice, 100, 99999));
    } else if (dice_once_in(dice, 6)) {
        text_string(text, "?utm_source=mail&t=17");
        text_digits(text, dice, 11);
    } else if (dice_once_in(dice, 12)) {
        text_string(text, "?sid=");
        text_trace(text, dice, 32);
    }
}

void access_log_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    struct moment moment = corpus_tick(corpus, 40000);
    put_client(corpus);
    put_time(text, &moment);
    text_string(text, dice_once_in(dice, 8) ? "POST " : "GET ");
    if (corpus_card_due(corpus))
        put_card_query(corpus);
    else
        put_target(corpus);
    text_string(text, dice_once_in(dice, 3) ? " HTTP/1.1\" " : " HTTP/2.0\" ");
    text_string(text, dice_once_in(dice, 9) ? "404 " : "200 ");
    text_number(text, dice_below(dice, dice_once_in(dice, 4) ? 400000 : 9000));
    text_string(text, " \"");
    text_string(text, word(dice, &words_referer));
    text_string(text, "\" \"");
    text_string(text, word(dice, &words_agent));
    text_string(text, "\" 0.");
    text_padded(text, dice_below(dice, 800), 3);
    text_char(text, '\n');
}
