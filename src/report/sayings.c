/* sayings.c - what this program says in constant words, as people of a language say it.
 */
#include "report/words.h"

static const struct {
    const char *stable;
    const char *said[LANGUAGE_COUNT];
} sayings[] = {
    {"card column", {"card column", "カード番号の列"}},
    {"text with cards", {"text with cards", "カード番号を含む文"}},
    {"id column, chance hits", {"id column, chance hits", "ID の列（偶然の一致）"}},
    {"clean", {"clean", "検出なし"}},
    {"not judged", {"not judged", "判定なし"}},
    {"pan", {"card number", "カード番号"}},
    {"track1", {"track 1 data", "トラック 1 データ"}},
    {"track2", {"track 2 data", "トラック 2 データ"}},
    {"emv", {"chip data (EMV)", "IC チップデータ（EMV）"}},
    {"security_code", {"security code", "セキュリティコード"}},
    {"pin_block", {"PIN block", "PIN ブロック"}},
    {"rule", {"own rule", "独自ルール"}},
    {"updated", {"updated and looked at again", "更新・再確認済み"}},
    {"changed", {"already changed by others", "他者により変更済み"}},
    {"follows", {"changes along with another row", "ほかの行と連動"}},
    {"left", {"could not be repaired", "修復できず"}},
    {"pending", {"not repaired yet", "未修復"}},
    {"sent", {"sent, and not confirmed", "送信済み・未確認"}},
    {"high", {"high", "高"}},
    {"medium", {"medium", "中"}},
    {"low", {"low", "低"}},
    {"only a sample of it was read", {NULL, "一部だけを抽出して読み取った"}},
    {"interrupted", {NULL, "中断された"}},
    {"no connection was left to read it", {NULL, "読み取るための接続が残っていなかった"}},
    {"the rows that were read are not those it has",
     {NULL, "読み取った行数が表の行数と一致しない"}},
    {"its rows could not be counted", {NULL, "行数を数えられなかった"}},
    {"it was not read to its end", {NULL, "最後まで読み取られていない"}},
    {"it was changed while it was read", {NULL, "読み取り中に変更された"}},
    {"its type cannot hold a card number", {NULL, "カード番号の入らない型"}},
    {"not asked for", {NULL, "指定されていない"}},
    {"permission denied", {NULL, "権限がない"}},
    {"another program has it locked", {NULL, "ほかのプログラムがロックしている"}},
    {"it is damaged", {NULL, "壊れている"}},
    {"it could not be read or written", {NULL, "読み書きできなかった"}},
    {"it could not be opened", {NULL, "開けなかった"}},
    {"not enough memory", {NULL, "メモリが足りない"}},
    {"a value is too large", {NULL, "値が大きすぎる"}},
    {"its tables changed meanwhile", {NULL, "途中で表の構造が変わった"}},
    {"the connection to the server was lost", {NULL, "サーバーとの接続が切れた"}},
    {"the table was rewritten while it was read", {NULL, "読み取り中に表が書き直された"}},
    {"the server cannot convert the text of a value",
     {NULL, "サーバーが値の文字コードを変換できない"}},
    {"the server ended a connection that stood idle",
     {NULL, "待機中の接続をサーバーが切った"}},
    {"the server ended a transaction that took too long",
     {NULL, "長いトランザクションをサーバーが終了した"}},
    {"the schema is gone", {NULL, "スキーマがなくなった"}},
    {"no permission", {NULL, "権限がない"}},
    {"a column is gone", {NULL, "列がなくなった"}},
    {"the table is gone", {NULL, "表がなくなった"}},
    {"the server has no more room on its disk", {NULL, "サーバーのディスクに空きがない"}},
    {"the server is out of memory", {NULL, "サーバーのメモリが足りない"}},
    {"the server takes no more connections", {NULL, "サーバーの接続数が上限に達した"}},
    {"a row is larger than the server can send",
     {NULL, "行が大きすぎてサーバーが送れない"}},
    {"the table is locked by somebody else",
     {NULL, "表がほかの利用者にロックされている"}},
    {"the statement took too long, or somebody stopped it",
     {NULL, "文が時間切れになったか、止められた"}},
    {"the server is starting or stopping", {NULL, "サーバーが起動中または停止中"}},
    {"the database is gone", {NULL, "データベースがなくなった"}},
    {"the server was stopped or ended the connection",
     {NULL, "サーバーが停止したか、接続を切った"}},
    {"the server cannot read its own files",
     {NULL, "サーバーが自身のファイルを読めない"}},
    {"data of the server are damaged", {NULL, "サーバーのデータが壊れている"}},
    {"an index of the server is damaged", {NULL, "サーバーの索引が壊れている"}},
    {"the server found an error of its own, or damaged data",
     {NULL, "サーバーの内部エラーまたは壊れたデータ"}},
    {"the server refused", {NULL, "サーバーが拒否した"}},
    {"the snapshot is gone", {NULL, "スナップショットが失われた"}},
};

static int is_same(struct bytes text, const char *other)
{
    return strlen(other) == text.length && memcmp(text.at, other, text.length) == 0;
}

struct bytes word_translated(struct bytes text, enum language language)
{
    if (text.length == 0)
        return text;
    for (size_t index = 0; index < sizeof sayings / sizeof sayings[0]; index++) {
        const char *said = sayings[index].said[language];
        if (said && is_same(text, sayings[index].stable))
            return bytes_of_text(said);
    }
    return text;
}
