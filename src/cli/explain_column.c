#include "cli/explain_column.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "job/ledger_explain.h"
#include "job/veil.h"

#define LABEL_WIDTH 28u /* columns of a terminal */
#define NOTE_MAX    384u

/* A phrase in both languages. */
struct phrase {
    const char *en;
    const char *ja;
};

struct telling {
    struct column_explanation *explanation;
    struct veil *veil;
    struct safe_text safe;
    struct buffer shown;
};

static const char *say(const struct telling *telling, struct phrase phrase)
{
    return strcmp(telling->explanation->language, "ja") == 0 ? phrase.ja : phrase.en;
}

/* Characters as a terminal shows them: those of Japanese are two columns wide. */
static unsigned width_of(const char *text)
{
    unsigned width = 0;
    for (const char *at = text; *at; at++) {
        const unsigned char byte = (unsigned char)*at;
        width += byte < 0x80 ? 1 : byte >= 0xE0 ? 2 : 0;
    }
    return width;
}

static void put_label(const struct telling *telling, struct phrase label)
{
    const char *text = say(telling, label);
    struct writer *writer = telling->explanation->writer;
    writer_text(writer, "  ");
    writer_text(writer, text);
    for (unsigned width = width_of(text); width < LABEL_WIDTH; width++)
        writer_text(writer, " ");
}

static void put_line(const struct telling *telling, struct phrase label, const char *text)
{
    put_label(telling, label);
    writer_text(telling->explanation->writer, text);
    writer_text(telling->explanation->writer, "\n");
}

/* A text of the ledger, which anybody may have written. */
static sieve_status put_shown(struct telling *telling, const char *text)
{
    sieve_status status = veil_set(telling->veil, &telling->safe, bytes_of_text(text));
    telling->shown.length = 0;
    if (status == SIEVE_OK)
        status = visible_append(&telling->shown, safe_text_bytes(&telling->safe));
    if (status == SIEVE_OK)
        writer_put(telling->explanation->writer, buffer_bytes(&telling->shown));
    return status;
}

static sieve_status put_shown_line(struct telling *telling, struct phrase label,
                                   const char *text)
{
    put_label(telling, label);
    sieve_status status = put_shown(telling, text);
    writer_text(telling->explanation->writer, "\n");
    return status;
}

/* A number, and behind it what may be said of it. */
static void put_count(const struct telling *telling, struct phrase label, uint64_t count,
                      const char *note)
{
    char text[NUMBER_TEXT_MAX];
    number_grouped(count, text);
    put_label(telling, label);
    writer_text(telling->explanation->writer, text);
    writer_text(telling->explanation->writer, note);
    writer_text(telling->explanation->writer, "\n");
}

/* A phrase with one %s, filled. */
static void fill(const struct telling *telling, struct phrase phrase, const char *word,
                 char out[NOTE_MAX])
{
    const char *text = say(telling, phrase);
    const char *gap = strstr(text, "%s");
    (void)snprintf(out, NOTE_MAX, "%.*s%s%s", (int)(gap - text), text, word, gap + 2);
}

/* ---- the arithmetic ---------------------------------------------------------------- */

static void put_values(const struct telling *telling,
                       const struct column_account *account)
{
    static const struct phrase values = {"values", "値の数"};
    static const struct phrase inside = {" (in documents that hold a number)",
                                         "（番号を含む文書のみ）"};
    static const struct phrase distinct = {"distinct values", "異なる値の数"};
    static const struct phrase about = {"about ", "約"};
    static const struct phrase least = {"at least ", "少なくとも"};
    const struct cell_counts *counts = &account->sums.counts;
    char text[NUMBER_TEXT_MAX];
    put_count(telling, values, counts->values,
              account->is_inside ? say(telling, inside) : "");
    if (counts->distinct == 0)
        return;
    number_grouped(counts->distinct, text);
    put_label(telling, distinct);
    writer_text(telling->explanation->writer,
                say(telling, account->sums.distinct_least ? least : about));
    writer_text(telling->explanation->writer, text);
    writer_text(telling->explanation->writer, "\n");
}

static void put_chance(const struct telling *telling, const struct cell_counts *counts)
{
    static const struct phrase numbers = {"numbers of 12-19 digits", "12～19桁の番号"};
    static const struct phrase luhn = {"  right check digit", "  検査数字が正しい"};
    static const struct phrase tier_a = {"  and in a tier A range",
                                         "  うち確度Aの番号帯"};
    static const struct phrase tenth = {"; chance gives %s (10 %)",
                                        "（偶然なら %s、10 %）"};
    static const struct phrase random = {"; random ones of 16 digits: %s (2.3 %)",
                                         "（16桁の乱数なら %s、2.3 %）"};
    static const struct phrase probability = {"probability by chance", "偶然である確率"};
    static const struct phrase repeated = {" (taken as %s: they come again and again)",
                                           "（重複のため %s として計算）"};
    const struct column_trials trials = column_trials_of(counts);
    char number[64];
    char note[NOTE_MAX];
    char text[NOTE_MAX + 64];
    put_count(telling, numbers, counts->numbers, "");
    if (counts->numbers == 0)
        return;
    (void)snprintf(number, sizeof number, "%.1f",
                   (double)counts->numbers * COLUMN_LUHN_CHANCE);
    fill(telling, tenth, number, note);
    put_count(telling, luhn, counts->luhn, note);
    (void)snprintf(number, sizeof number, "%.1f",
                   (double)counts->numbers * COLUMN_TIER_A_CHANCE);
    fill(telling, random, number, note);
    put_count(telling, tier_a, counts->tier_a, note);
    (void)snprintf(number, sizeof number, "%llu / %llu", (unsigned long long)trials.luhn,
                   (unsigned long long)trials.count);
    fill(telling, repeated, number, note);
    const int is_tiny = trials.probability < COLUMN_LEAST_SHOWN;
    (void)snprintf(text, sizeof text, "%s%.2g%s", is_tiny ? "< " : "",
                   is_tiny ? COLUMN_LEAST_SHOWN : trials.probability,
                   trials.count != counts->numbers ? note : "");
    put_line(telling, probability, text);
}

static sieve_status put_context(struct telling *telling,
                                const struct column_account *account)
{
    static const struct phrase name = {"its name says", "名前が示すもの"};
    static const struct phrase raises = {"card data", "カード情報"};
    static const struct phrase lowers = {"something else", "別のもの"};
    static const struct phrase silent = {"nothing", "なし"};
    static const struct phrase near = {"near it", "近くの列・キー"};
    const struct phrase effect = strcmp(account->effect, "raises") == 0   ? raises
                                 : strcmp(account->effect, "lowers") == 0 ? lowers
                                                                          : silent;
    put_line(telling, name, say(telling, effect));
    return account->neighbours[0] ? put_shown_line(telling, near, account->neighbours)
                                  : SIEVE_OK;
}

static void put_findings(const struct telling *telling,
                         const struct column_account *account)
{
    static const struct phrase findings = {"findings", "検出"};
    static const struct phrase of_cards = {" of %s", "（異なる番号 %s）"};
    static const struct phrase cards_are = {" cards", ""};
    static const struct phrase least = {"at least ", "少なくとも"};
    static const struct phrase lowered = {"  low: chance explains",
                                          "  偶然とみて確度を低に"};
    static const struct phrase sensitive = {"  may never be kept",
                                            "  保存禁止の認証データ"};
    const struct ledger_sums *sums = &account->sums;
    char number[NUMBER_TEXT_MAX];
    char cards[256];
    char note[NOTE_MAX] = "";
    number_grouped(sums->cards, number);
    (void)snprintf(cards, sizeof cards, "%s%s%s%s%s%s",
                   sums->cards_least ? say(telling, least) : "", number,
                   say(telling, cards_are), sums->brands[0] ? " (" : "", sums->brands,
                   sums->brands[0] ? ")" : "");
    if (sums->cards > 0)
        fill(telling, of_cards, cards, note);
    put_count(telling, findings, sums->counts.findings, note);
    if (sums->sensitive > 0)
        put_count(telling, sensitive, sums->sensitive, "");
    if (account->lowered > 0)
        put_count(telling, lowered, account->lowered, "");
}

static sieve_status put_rows(struct telling *telling,
                             const struct column_account *account)
{
    static const struct phrase rows = {"rows read", "読んだ行"};
    static const struct phrase of = {" of ", " / "};
    static const struct phrase unknown = {" of unknown", " / 不明"};
    static const struct phrase incomplete = {"not examined", "未検査"};
    char number[NUMBER_TEXT_MAX];
    char note[NOTE_MAX] = "";
    if (account->rows != UINT64_MAX) {
        number_grouped(account->rows, number);
        (void)snprintf(note, sizeof note, "%s%s", say(telling, of), number);
    }
    put_count(telling, rows, account->rows_read, note[0] ? note : say(telling, unknown));
    return account->incomplete[0]
               ? put_shown_line(telling, incomplete, account->incomplete)
               : SIEVE_OK;
}

static sieve_status put_verdict(struct telling *telling,
                                const struct column_account *account)
{
    static const struct phrase verdict = {"verdict", "判定"};
    static const struct phrase none = {"none yet", "未判定"};
    static const struct {
        enum column_verdict verdict;
        const char *ja;
    } rows[] = {
        {COLUMN_CLEAN, "検出なし"},
        {COLUMN_CARDS, "カード番号の列"},
        {COLUMN_TEXT, "カード番号を含む文章"},
        {COLUMN_CHANCE, "識別子の列（偶然の一致）"},
    };
    const char *text = account->verdict;
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (strcmp(text, column_verdict_name(rows[index].verdict)) == 0)
            text = say(telling, (struct phrase){account->verdict, rows[index].ja});
    }
    return text[0] ? put_shown_line(telling, verdict, text)
                   : put_shown_line(telling, verdict, say(telling, none));
}

/* ---- one column -------------------------------------------------------------------- */

static sieve_status put_account(struct telling *telling,
                                const struct column_account *account)
{
    static const struct phrase type = {"type", "型"};
    static const struct phrase left_out = {"not read", "読まなかった理由"};
    struct writer *writer = telling->explanation->writer;
    if (telling->explanation->count > 0)
        writer_text(writer, "\n");
    sieve_status status = put_shown(telling, account->name);
    writer_text(writer, "\n");
    if (status == SIEVE_OK && account->type[0] && !account->is_inside)
        status = put_shown_line(telling, type, account->type);
    if (status == SIEVE_OK && account->left_out[0])
        return put_shown_line(telling, left_out, account->left_out);
    if (status == SIEVE_OK)
        status = put_verdict(telling, account);
    if (status != SIEVE_OK)
        return status;
    put_values(telling, account);
    put_chance(telling, &account->sums.counts);
    if (!account->is_inside || account->sums.counts.findings > 0)
        status = put_context(telling, account);
    put_findings(telling, account);
    return status == SIEVE_OK ? put_rows(telling, account) : status;
}

static sieve_status on_column(const struct column_account *account, void *context)
{
    struct telling *telling = context;
    struct column_explanation *explanation = telling->explanation;
    sieve_status status = put_account(telling, account);
    explanation->count++;
    explanation->found += account->sums.counts.findings > account->lowered;
    explanation->unsettled +=
        account->left_out[0] != '\0' || account->incomplete[0] != '\0' ||
        account->rows == UINT64_MAX || account->rows != account->rows_read;
    return status;
}

static sieve_status explain(struct column_explanation *explanation, const char *name,
                            const char **reason_out)
{
    struct telling telling = {.explanation = explanation};
    *reason_out = "not enough memory";
    sieve_status status = veil_new(explanation->options, &telling.veil);
    if (status != SIEVE_OK)
        return status;
    safe_text_init(&telling.safe);
    buffer_init(&telling.shown, 8 * NAME_LENGTH_MAX);
    status = ledger_explain(explanation->ledger, name, on_column, &telling, reason_out);
    safe_text_done(&telling.safe);
    buffer_done(&telling.shown);
    veil_free(telling.veil);
    return status;
}

int explain_column_run(const struct command *command,
                       struct column_explanation *explanation, const char *name)
{
    static const char way_out[] = "name it as TABLE.COLUMN or TABLE.COLUMN.KEY";
    const char *reason = NULL;
    if (!name) {
        command_problem(command, NULL, "no column is named", way_out);
        return EXIT_INCOMPLETE;
    }
    if (explain(explanation, name, &reason) != SIEVE_OK) {
        command_problem(command, explanation->ledger, reason, NULL);
        return EXIT_INCOMPLETE;
    }
    if (explanation->count == 0) {
        command_problem(command, name, "the ledger has no column of this name", way_out);
        return EXIT_INCOMPLETE;
    }
    return explanation->found > 0       ? EXIT_FOUND
           : explanation->unsettled > 0 ? EXIT_INCOMPLETE
                                        : EXIT_CLEAN;
}
