/* A shop's database as pg_dump writes it: COPY rows full of ids, times, UUIDs,
 * hashes, phone numbers, article codes and decimals, and a card now and then in
 * a free-text column. */
#include "corpus.h"
#include "words.h"

#define BLOCK_ROWS 400 /* of one table, before the next table's turn */

struct table {
    const char *head; /* the COPY line */
    void (*write_row)(struct corpus *corpus);
};

static void put_stamp(struct corpus *corpus)
{
    struct moment moment = corpus_tick(corpus, 30000000);
    struct text *text = &corpus->text;
    text_date(text, &moment);
    text_char(text, ' ');
    text_clock(text, &moment);
    text_char(text, '.');
    text_padded(text, moment.micro, 6);
    text_string(text, "+09\t");
}

static void put_phone(struct corpus *corpus)
{
    static const char *const starts[] = {"090-", "080-", "070-", "03-", "06-", "045-"};
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    uint32_t kind = dice_below(dice, 8);
    if (kind > 5) {
        text_string(text, kind == 6 ? "090" : "+8180");
        text_digits(text, dice, 8);
    } else {
        text_string(text, starts[kind]);
        text_digits(text, dice, kind == 5 ? 3 : 4);
        text_char(text, '-');
        text_digits(text, dice, 4);
    }
    text_char(text, '\t');
}

static void put_memo(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    if (corpus_card_due(corpus)) {
        text_string(text, "電話にてカード番号 ");
        corpus_put_card(corpus, (enum card_writing)dice_below(dice, 3));
        text_string(text, " とのこと");
    } else if (dice_once_in(dice, 6)) {
        text_string(text, word(dice, &words_goods));
    } else {
        text_string(text, "\\N");
    }
    text_char(text, '\n');
}

static void orders_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_number(text, 48200000 + corpus->row);
    text_string(text, "\tA-20260");
    text_digits(text, dice, 10);
    text_char(text, '\t');
    text_uuid(text, dice);
    text_char(text, '\t');
    put_stamp(corpus);
    put_phone(corpus);
    text_jan(text, dice);
    text_char(text, '\t');
    text_number(text, dice_between(dice, 100, 99999));
    text_char(text, '.');
    text_digits(text, dice, 2);
    text_char(text, '\t');
    text_number(text, corpus->clock / 1000);
    text_char(text, '\t');
    put_memo(corpus);
}

static void customers_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_number(text, 1000000 + corpus->row);
    text_char(text, '\t');
    text_string(text, word(dice, &words_surname));
    text_char(text, ' ');
    text_string(text, word(dice, &words_given));
    text_char(text, '\t');
    text_string(text, word(dice, &words_ascii_name));
    text_digits(text, dice, 3);
    text_char(text, '@');
    text_string(text, word(dice, &words_domain));
    text_char(text, '\t');
    put_phone(corpus);
    text_digits(text, dice, 3);
    text_char(text, '-');
    text_digits(text, dice, 4);
    text_char(text, '\t');
    text_string(text, word(dice, &words_town));
    text_number(text, dice_between(dice, 1, 9));
    text_char(text, '-');
    text_number(text, dice_between(dice, 1, 30));
    text_char(text, '\t');
    put_stamp(corpus);
    text_trace(text, dice, 64);
    text_char(text, '\n');
}

static void payments_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_number(text, 7300000 + corpus->row);
    text_char(text, '\t');
    text_number(text, 48200000 + dice_below(dice, 3000000));
    text_char(text, '\t');
    text_reference(text, dice, dice_between(dice, 14, 19));
    text_char(text, '\t');
    text_number(text, dice_between(dice, 100, 99999));
    text_string(text, "\tJPY\t************");
    text_digits(text, dice, 4);
    text_char(text, '\t');
    text_trace(text, dice, 40);
    text_char(text, '\t');
    text_number(text, corpus->clock);
    text_char(text, '\t');
    put_stamp(corpus);
    text_string(text, dice_once_in(dice, 20) ? "failed\n" : "captured\n");
}

static void visits_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_number(text, 913000000 + corpus->row);
    text_char(text, '\t');
    text_trace(text, dice, 32);
    text_char(text, '\t');
    text_number(text, dice_between(dice, 24, 45));
    text_char(text, '.');
    text_digits(text, dice, 13);
    text_char(text, '\t');
    text_number(text, dice_between(dice, 122, 145));
    text_char(text, '.');
    text_digits(text, dice, 13);
    text_string(text, "\t0.");
    text_digits(text, dice, 16);
    text_char(text, '\t');
    put_stamp(corpus);
    text_char(text, '\n');
}

static const struct table tables[] = {
    {"COPY public.orders (id, number, customer, ordered_at, phone, jan, total, stamp, "
     "memo)"
     " FROM stdin;\n",
     orders_row},
    {"COPY public.payments (id, order_id, reference, amount, currency, shown, digest, "
     "stamp, "
     "paid_at, state) FROM stdin;\n",
     payments_row},
    {"COPY public.customers (id, name, mail, phone, postcode, address, created_at, "
     "digest)"
     " FROM stdin;\n",
     customers_row},
    {"COPY public.visits (id, session, latitude, longitude, score, seen_at, note) FROM "
     "stdin;\n",
     visits_row},
};
#define TABLE_COUNT (sizeof tables / sizeof *tables)

void dump_begin(struct corpus *corpus)
{
    text_string(&corpus->text, "--\n-- PostgreSQL database dump\n--\n\n"
                               "SET client_encoding = 'UTF8';\n\n");
}

void dump_row(struct corpus *corpus)
{
    const struct table *table = &tables[corpus->row / BLOCK_ROWS % TABLE_COUNT];
    if (corpus->row % BLOCK_ROWS == 0) {
        if (corpus->row > 0)
            text_string(&corpus->text, "\\.\n\n");
        text_string(&corpus->text, table->head);
    }
    table->write_row(corpus);
}
