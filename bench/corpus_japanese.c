/* Japanese text as a shop keeps it: a mailbox of letters to and from customers,
 * and a spreadsheet's CSV. */
#include "corpus.h"
#include "words.h"

static void put_person(struct corpus *corpus)
{
    text_string(&corpus->text, word(&corpus->dice, &words_surname));
    text_string(&corpus->text, word(&corpus->dice, &words_given));
}

static void put_address(struct corpus *corpus)
{
    text_string(&corpus->text, word(&corpus->dice, &words_ascii_name));
    text_char(&corpus->text, '@');
    text_string(&corpus->text, word(&corpus->dice, &words_domain));
}

static void put_received(struct corpus *corpus, const struct moment *moment)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_string(text, "Received: from mx");
    text_number(text, dice_between(dice, 1, 9));
    text_string(text, ".example.ne.jp (mx.example.ne.jp [203.0.113.");
    text_number(text, dice_between(dice, 1, 254));
    text_string(text, "])\n\tby mail.example.jp (Postfix) with ESMTPS id 4V");
    text_base64(text, dice, 12);
    text_string(text, "\n\tfor <shop@example.jp>; ");
    text_date(text, moment);
    text_char(text, ' ');
    text_clock(text, moment);
    text_string(text, " +0900 (JST)\n");
}

static void put_signature(struct corpus *corpus)
{
    struct text *text = &corpus->text;
    text_string(text,
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.jp;\n"
                "\ts=mail; h=From:To:Subject:Date; bh=");
    text_base64(text, &corpus->dice, 43);
    text_string(text, "=;\n\tb=");
    for (int line = 0; line < 5; line++) {
        text_base64(text, &corpus->dice, 68);
        text_string(text, line < 4 ? "\n\t " : "==\n");
    }
}

static void put_mail_head(struct corpus *corpus)
{
    struct text *text = &corpus->text;
    struct moment moment = corpus_tick(corpus, 600000000);
    put_received(corpus, &moment);
    put_received(corpus, &moment);
    put_signature(corpus);
    text_string(text, "From: ");
    put_address(corpus);
    text_string(text, "\nTo: ");
    put_address(corpus);
    text_string(text, "\nSubject: ");
    text_string(text, word(&corpus->dice, &words_subject));
    text_string(text, "\nDate: ");
    text_date(text, &moment);
    text_char(text, ' ');
    text_clock(text, &moment);
    text_string(text, " +0900\nMessage-ID: <");
    text_uuid(text, &corpus->dice);
    text_string(text, "@example.jp>\nContent-Type: text/plain\n\n");
}

static void put_order_facts(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    text_string(text, "　商品名　：");
    text_string(text, word(dice, &words_goods));
    text_string(text, "\n　数量　　：");
    text_wide_number(text, dice_between(dice, 1, 12));
    text_string(text, "点\n　合計金額：");
    text_number(text, dice_between(dice, 1, 98));
    text_char(text, ',');
    text_digits(text, dice, 3);
    text_string(text, "円（税込）\n　受付番号：A");
    text_digits(text, dice, 8);
    text_string(text, "\n　お届け先：〒");
    text_digits(text, dice, 3);
    text_char(text, '-');
    text_digits(text, dice, 4);
    text_string(text, "　");
    text_string(text, word(dice, &words_town));
    text_wide_number(text, dice_between(dice, 1, 9));
    text_string(text, "－");
    text_wide_number(text, dice_between(dice, 1, 30));
    text_string(text, "\n");
}

static void put_sentences(struct corpus *corpus, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        text_string(&corpus->text, word(&corpus->dice, &words_sentence));
        text_string(&corpus->text, i % 2 ? "\n" : "");
    }
    text_string(&corpus->text, "\n\n");
}

static void put_card_sentence(struct corpus *corpus)
{
    static const enum card_writing writings[] = {CARD_BARE, CARD_SPACES, CARD_HYPHENS,
                                                 CARD_WIDE};
    text_string(&corpus->text, "カード番号は");
    corpus_put_card(corpus, writings[dice_below(&corpus->dice, 4)]);
    text_string(&corpus->text, "です。");
}

void mail_row(struct corpus *corpus)
{
    struct text *text = &corpus->text;
    put_mail_head(corpus);
    put_person(corpus);
    text_string(text, " 様\n\n");
    put_sentences(corpus, dice_between(&corpus->dice, 3, 7));
    if (dice_once_in(&corpus->dice, 2))
        put_order_facts(corpus);
    if (corpus_card_due(corpus))
        put_card_sentence(corpus);
    put_sentences(corpus, dice_between(&corpus->dice, 2, 6));
    text_string(text, "----------------------------------------\n担当　");
    put_person(corpus);
    text_string(text, "　電話 03-");
    text_digits(text, &corpus->dice, 4);
    text_char(text, '-');
    text_digits(text, &corpus->dice, 4);
    text_string(text, "\n\n");
}

void csv_begin(struct corpus *corpus)
{
    text_string(&corpus->text,
                "受付日,氏名,フリガナ,電話番号,郵便番号,住所,メール,商品名,数量,"
                "金額,備考\n");
}

static void put_csv_person(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    put_person(corpus);
    text_char(text, ',');
    text_string(text, word(dice, &words_surname_kana));
    text_string(text, "　");
    text_string(text, word(dice, &words_given_kana));
    text_string(text, ",090-");
    text_digits(text, dice, 4);
    text_char(text, '-');
    text_digits(text, dice, 4);
    text_char(text, ',');
    text_digits(text, dice, 3);
    text_char(text, '-');
    text_digits(text, dice, 4);
    text_char(text, ',');
    text_string(text, word(dice, &words_town));
    text_wide_number(text, dice_between(dice, 1, 9));
    text_string(text, "－");
    text_wide_number(text, dice_between(dice, 1, 30));
    text_char(text, ',');
    put_address(corpus);
}

void csv_row(struct corpus *corpus)
{
    struct dice *dice = &corpus->dice;
    struct text *text = &corpus->text;
    struct moment moment = corpus_tick(corpus, 60000000);
    text_date(text, &moment);
    text_char(text, ',');
    put_csv_person(corpus);
    text_char(text, ',');
    text_string(text, word(dice, &words_goods));
    text_char(text, ',');
    text_number(text, dice_between(dice, 1, 12));
    text_char(text, ',');
    text_number(text, dice_between(dice, 300, 98000));
    text_char(text, ',');
    if (corpus_card_due(corpus))
        put_card_sentence(corpus);
    else if (dice_once_in(dice, 3))
        text_string(text, word(dice, &words_sentence));
    text_string(text, "\r\n");
}
