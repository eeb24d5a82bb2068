#include "report/words.h"

static const char *const words[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_REPORT] = {"Inventory of payment card data", "カード情報の所在一覧"},
    [WORD_TITLE] = {"Subject", "件名"},
    [WORD_TARGET] = {"Database", "対象"},
    [WORD_BEGUN] = {"Sweep begun", "検査開始"},
    [WORD_ENDED] = {"Last read", "最終読み取り"},
    [WORD_MADE] = {"Report made", "報告書作成"},
    [WORD_PROGRAM] = {"Program", "プログラム"},
    [WORD_LEDGER] = {"Ledger", "台帳"},
    [WORD_THRESHOLD] = {"Least confidence asked for", "指定した最低確度"},
    [WORD_CHOSEN] = {"Asked for only", "対象の限定"},
    [WORD_SNAPSHOTS] = {"Snapshots", "スナップショット"},
    [WORD_COMPLETE] = {"COMPLETE", "完全"},
    [WORD_INCOMPLETE] = {"INCOMPLETE", "不完全"},
    [WORD_SAMPLE] = {"SAMPLE ONLY, INCOMPLETE", "抽出検査のみ・不完全"},
    [WORD_ALL_READ] = {"Every row of every table that was asked for was read.",
                       "指定されたすべての表について、すべての行を読み取りました。"},
    [WORD_NOT_ALL_READ] =
        {"Of {1} tables, {0} were not read to their end; they are "
         "named below. What was not read is not clean.",
         "{1} 表のうち {0} 表は最後まで読み取れていません（下に列挙）。"
         "読み取れていないものを「カード情報なし」とは判断できません。"},
    [WORD_DATABASES_NOT_READ] =
        {"Of {1} databases, {0} were not read to their end; they are named below. What "
         "was not read is not clean.",
         "{1} データベースのうち {0} は最後まで読み取れていません（下に列挙）。"
         "読み取れていないものを「カード情報なし」とは判断できません。"},
    [WORD_NOTHING_READ] = {"The ledger tells of no database that was read to its end.",
                           "最後まで読み取ったデータベースが台帳にありません。"},
    [WORD_SAMPLE_READ] = {"Only a sample of the rows was read. A sample can show that "
                          "there is card data, never that there is none.",
                          "一部の行だけを抽出して読み取りました。抽出検査で「ある」ことは"
                          "示せますが、「ない」ことは示せません。"},
    [WORD_SEVERAL_SNAPSHOTS] =
        {"The sweep saw {0} snapshots: what changed between them may be told as it was.",
         "検査は {0} 個のスナップショットにまたがります。"
         "その間の変更は反映されていないことがあります。"},
    [WORD_FOUND] = {"Card data was found.", "カード情報が見つかりました。"},
    [WORD_FOUND_TESTS] = {"Only published test numbers were found. In production these "
                          "are a finding too (PCI DSS 6.5.6).",
                          "公開されているテスト用番号だけが見つかりました。本番環境では"
                          "これも指摘事項です（PCI DSS 6.5.6）。"},
    [WORD_NOT_FOUND] = {"No card data was found.", "カード情報は見つかりませんでした。"},
    [WORD_NOT_FOUND_SO_FAR] =
        {"Nothing was found in what was read. That proves nothing "
         "about the rest.",
         "読み取った範囲では見つかりませんでした。残りについては何も"
         "証明していません。"},
    [WORD_SUMMARY] = {"Summary", "概要"},
    [WORD_DATABASES] = {"Databases", "データベースの数"},
    [WORD_DATABASES_UNREAD] = {"Databases not read to their end",
                               "最後まで読み取れなかったデータベース"},
    [WORD_TABLES] = {"Tables", "表の数"},
    [WORD_TABLES_INCOMPLETE] = {"Tables not read to their end",
                                "最後まで読み取れなかった表"},
    [WORD_ROWS_READ] = {"Rows read", "読み取った行"},
    [WORD_ROWS_OF] = {"{0} of {1}", "{1} 行中 {0} 行"},
    [WORD_ROWS_OF_UNKNOWN] = {"{0} of unknown", "{0} 行（総数不明）"},
    [WORD_BYTES_READ] = {"Bytes read", "読み取った量"},
    [WORD_COLUMNS_FOUND] = {"Columns with card data", "カード情報のある列"},
    [WORD_COLUMNS_UNREAD] = {"Columns not read", "読み取り対象外の列"},
    [WORD_FINDINGS] = {"Findings", "検出件数"},
    [WORD_CARDS] = {"Distinct card numbers", "異なるカード番号"},
    [WORD_AT_LEAST] = {"{0} or more", "{0} 以上"},
    [WORD_TEST_NUMBERS] = {"Published test numbers", "公開テスト番号"},
    [WORD_CHANCE] = {"Chance hits, not counted", "偶然の一致（件数に含まず）"},
    [WORD_SENSITIVE] = {"Sensitive authentication data", "機密認証データ"},
    [WORD_BRAND] = {"Brand", "ブランド"},
    [WORD_BRANDS] = {"Brands", "ブランド"},
    [WORD_NO_BRAND] = {"(no brand)", "（ブランドなし）"},
    [WORD_KIND] = {"Kind", "種類"},
    [WORD_RULES] = {"What applies", "適用される規定"},
    [WORD_RULE_SENSITIVE] =
        {"Sensitive authentication data may not be kept after authorisation, not even "
         "encrypted: PCI DSS v4.0.1, 3.3.1 (3.3.1.1 full track, 3.3.1.2 card "
         "verification code, 3.3.1.3 PIN and PIN block).",
         "機密認証データは、オーソリゼーション後は暗号化しても保存できません："
         "PCI DSS v4.0.1 要件 3.3.1（3.3.1.1 全トラックデータ、3.3.1.2 "
         "カード検証コード、3.3.1.3 PIN・PIN ブロック）。"},
    [WORD_RULE_NUMBERS] =
        {"Card numbers are kept as little as possible, and unreadable wherever they are "
         "stored: PCI DSS v4.0.1, 3.2.1 and 3.5.1.",
         "カード番号の保存は最小限とし、保存する場所ではすべて読み取り不能にします："
         "PCI DSS v4.0.1 要件 3.2.1、3.5.1。"},
    [WORD_RULE_GUIDELINE] =
        {"Credit Card Security Guideline "
         "(クレジットカード・セキュリティガイドライン, 6.x): under non-retention "
         "(非保持化) card data (number, holder name, service code, expiry and sensitive "
         "authentication data) is not stored, processed or passed in equipment and "
         "networks of the merchant's own.",
         "クレジットカード・セキュリティガイドライン（6.x）の非保持化では、カード情報"
         "（番号、名義、サービスコード、有効期限、機密認証データ）を、自社で保有する"
         "機器・ネットワークにおいて保存・処理・通過しません。"},
    [WORD_REPAIRS] = {"Repaired rows", "修復した行"},
    [WORD_REPAIRED] = {"Rows updated and looked at again", "更新・再確認済みの行"},
    [WORD_REPAIR_CHANGED] = {"Rows already changed by others", "他者により変更済みの行"},
    [WORD_REPAIR_LEFT] = {"Rows that could not be repaired", "修復できなかった行"},
    [WORD_REPAIR_PENDING] = {"Rows not repaired yet", "未修復の行"},
    [WORD_CONTENTS] = {"Contents", "目次"},
    [WORD_BY_COLUMN] = {"Columns with card data", "カード情報のある列"},
    [WORD_BY_TABLE] = {"All tables", "すべての表"},
    [WORD_NOT_EXAMINED] = {"Not examined", "検査できなかったもの"},
    [WORD_ALL_EXAMINED] = {"Nothing: all that was asked for was read to its end.",
                           "ありません。指定されたものはすべて最後まで読み取りました。"},
    [WORD_SINGLE_FINDINGS] = {"Single findings", "個々の検出"},
    [WORD_MORE_FINDINGS] = {"{0} findings are listed here, and there are {1} more: "
                            "--format csv has them all.",
                            "ここには {0} 件を示しました。ほかに {1} 件あります"
                            "（--format csv にはすべて含まれます）。"},
    [WORD_NONE] = {"None.", "ありません。"},
    [WORD_DATABASE] = {"Database", "データベース"},
    [WORD_TABLE] = {"Table", "表"},
    [WORD_COLUMN] = {"Column", "列"},
    [WORD_VERDICT] = {"Verdict", "判定"},
    [WORD_WHY] = {"Why", "理由"},
    [WORD_FIRST_ROWS] = {"First rows", "最初の行"},
    [WORD_ROW] = {"Row", "行"},
    [WORD_ROWS] = {"Rows", "行数"},
    [WORD_STATE] = {"State", "状態"},
    [WORD_READ_WHOLE] = {"read to its end", "最後まで読み取り"},
    [WORD_NOT_READ_WHOLE] = {"not read to its end", "最後まで読み取れず"},
    [WORD_NUMBER] = {"Masked", "マスク済みの値"},
    [WORD_CONFIDENCE] = {"Confidence", "確度"},
    [WORD_FORM] = {"Written as", "表記"},
    [WORD_REASONS] = {"Reasons", "根拠"},
    [WORD_TEST_NUMBER] = {"test number", "テスト番号"},
    [WORD_CARD] = {"Card", "カード"},
    [WORD_VALUES] = {"Values", "値の数"},
    [WORD_DISTINCT_VALUES] = {"Distinct values", "異なる値"},
    [WORD_RECORD] = {"Record", "区分"},
    [WORD_PLACE] = {"Place", "所在"},
    [WORD_YES] = {"yes", "はい"},
    [WORD_NO] = {"no", "いいえ"},
    [WORD_ARITHMETIC] = {"{0} values, {1} of them numbers of a card's length; {2} have a "
                         "right check digit",
                         "値 {0} 件のうちカード番号の桁数の数字 {1} "
                         "件、検査数字が正しいもの {2} 件"},
    [WORD_SENSITIVE_HERE] = {"{0} that may never be kept", "保存禁止データ {0} 件"},
    [WORD_NEXT] = {"What to do next", "次に行うこと"},
    [WORD_NEXT_PRESERVE] =
        {"If a breach is suspected, preserve evidence first: delete nothing and switch "
         "nothing off before the forensic investigation has what it needs.",
         "漏えいの疑いがあるときは、証拠保全が先です。フォレンジック調査の前に"
         "データを消したり電源を切ったりしないでください。"},
    [WORD_NEXT_SENSITIVE] =
        {"Delete sensitive authentication data before all else: cardsieve mask TARGET "
         "--plan plan.sql --delete-sad",
         "まず機密認証データを削除します：cardsieve mask 対象 --plan plan.sql "
         "--delete-sad"},
    [WORD_NEXT_TELL] = {"Tell the acquirer or payment service provider: they ask for "
                        "prompt, unrecoverable deletion and for the cause to be mended.",
                        "カード会社（アクワイアラー）または決済代行会社に連絡します。"
                        "復元できない方法での速やかな削除と原因の解消が求められます。"},
    [WORD_NEXT_PLAN] = {"Make a repair plan, have it reviewed, then run it: cardsieve "
                        "mask TARGET --plan plan.sql, then --apply",
                        "修復計画を作って確認を受け、そのうえで実行します：cardsieve "
                        "mask 対象 --plan plan.sql、続いて --apply"},
    [WORD_NEXT_SOURCE] = {"Find where the data came from and close that way, or it "
                          "comes back (PCI DSS 12.10.7).",
                          "データがどこから入ったかを突き止めて塞ぎます。塞がなければ"
                          "再び溜まります（PCI DSS 12.10.7）。"},
    [WORD_NEXT_AFTER_CARE] =
        {"After the repair the old numbers remain in dead rows, planner statistics, "
         "write-ahead logs, replicas, backups and exports until these are renewed "
         "(PostgreSQL: VACUUM FULL, ANALYZE; SQLite: VACUUM).",
         "修復後も、元の番号は不要行、統計情報、WAL・ログ、レプリカ、バックアップ、"
         "エクスポートに残ります。これらも更新してください"
         "（PostgreSQL：VACUUM FULL、ANALYZE、SQLite：VACUUM）。"},
    [WORD_NEXT_AGAIN] = {"Sweep again, and keep both reports.",
                         "再度検査し、両方の報告書を保管します。"},
    [WORD_NEXT_LAW] = {"If card numbers have leaked, report it under Article 26 of the "
                       "Act on the Protection of Personal Information.",
                       "カード番号が漏えいした場合は、個人情報保護法第 26 "
                       "条による報告が必要です。"},
    [WORD_NEXT_RESUME] = {"Finish the sweep, or mend what kept it from reading: "
                          "cardsieve scan --resume LEDGER",
                          "検査を最後まで行うか、読み取れなかった原因を取り除きます："
                          "cardsieve scan --resume 台帳"},
    [WORD_NEXT_REGULARLY] =
        {"Keep this report, and sweep again regularly and after each change (PCI DSS "
         "12.5.2: at least every 12 months).",
         "この報告書を保管し、定期的に、また変更のたびに再度検査します"
         "（PCI DSS 12.5.2：少なくとも 12 か月ごと）。"},
    [WORD_LIMITS] = {"What this report does not say", "この報告書が示さないこと"},
    [WORD_LIMITS_TEXT] =
        {"It tells what stood in the database when it was read. Files, logs and backups "
         "outside of it are not part of it. It does not confer non-retention: a system "
         "that handles a clear number passes it (通過). It is no remedy for page "
         "skimming.",
         "読み取った時点のデータベースの内容だけを示します。データベース外のファイル、"
         "ログ、バックアップは含みません。この報告書によって非保持化が認められるわけ"
         "ではありません（番号を扱うシステムは「通過」にあたります）。"
         "決済画面の改ざん（スキミング）への対策にもなりません。"},
    [WORD_MASKED_ONLY] = {"This report holds no clear card number.",
                          "この報告書には、マスクされていないカード番号は含まれません。"},
};

const char *word(enum word which, enum language language)
{
    return words[which][language];
}

/* ---- sentences --------------------------------------------------------------------- */

sieve_status word_append(struct buffer *out, enum word which, enum language language,
                         const struct bytes *arguments, size_t count)
{
    struct bytes text = bytes_of_text(word(which, language));
    sieve_status status = SIEVE_OK;
    while (text.length > 0 && status == SIEVE_OK) {
        const unsigned char *place = memchr(text.at, '{', text.length);
        const size_t before = place ? (size_t)(place - text.at) : text.length;
        status = buffer_append(out, bytes_of(text.at, before));
        text = bytes_from(text, before);
        if (text.length < 3)
            continue;
        const size_t argument = (size_t)(text.at[1] - '0');
        if (status == SIEVE_OK && argument < count)
            status = buffer_append(out, arguments[argument]);
        text = bytes_from(text, 3); /* {0} */
    }
    return status;
}
