#include "words.h"

#define WORDS(...)                                                                       \
    {                                                                                    \
        (const char *const[]){__VA_ARGS__},                                              \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)            \
    }

const struct words words_surname =
    WORDS("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
          "吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水",
          "山崎", "森", "池田", "橋本", "阿部", "石川", "前田", "藤田", "小川", "後藤",
          "岡田", "長谷川");
const struct words words_given =
    WORDS("太郎", "花子", "翔太", "陽菜", "健一", "美咲", "大輔", "さくら", "拓也",
          "結衣", "直樹", "恵子", "和也", "由美", "誠", "真由美", "隆", "久美子", "学",
          "陽子", "浩", "智子");
const struct words words_surname_kana =
    WORDS("サトウ", "スズキ", "タカハシ", "タナカ", "イトウ", "ワタナベ", "ヤマモト",
          "ナカムラ", "コバヤシ", "カトウ", "ヨシダ", "ヤマダ", "ササキ", "マツモト");
const struct words words_given_kana =
    WORDS("タロウ", "ハナコ", "ショウタ", "ヒナ", "ケンイチ", "ミサキ", "ダイスケ",
          "サクラ", "タクヤ", "ユイ", "ナオキ", "ケイコ", "カズヤ", "ユミ");
const struct words words_town =
    WORDS("東京都千代田区神田小川町", "東京都新宿区西新宿", "東京都世田谷区三軒茶屋",
          "神奈川県横浜市港北区新横浜", "大阪府大阪市北区梅田",
          "京都府京都市中京区烏丸通", "愛知県名古屋市中村区名駅",
          "北海道札幌市中央区北一条西", "福岡県福岡市博多区博多駅前",
          "宮城県仙台市青葉区一番町", "広島県広島市中区紙屋町", "沖縄県那覇市久茂地");
const struct words words_goods =
    WORDS("有機栽培コーヒー豆 深煎り", "今治タオル ギフトセット", "南部鉄器 急須",
          "国産はちみつ", "ステンレス保温ボトル", "折りたたみ傘 軽量",
          "ワイヤレスイヤホン", "博多明太子 切れ子", "信州そば 詰め合わせ",
          "綿100%シーツ シングル", "LEDデスクライト", "静岡茶 深蒸し", "抱き枕カバー",
          "木製おもちゃ 汽車", "レトルトカレー 中辛", "入浴剤 ゆずの香り");
const struct words words_sentence =
    WORDS("いつもご利用いただき、誠にありがとうございます。",
          "ご注文の商品を本日発送いたしましたので、お知らせいたします。",
          "お届けまで今しばらくお待ちくださいますようお願い申し上げます。",
          "商品の到着後、内容をご確認いただき、不備がございましたらご連絡ください。",
          "誠に恐れ入りますが、在庫の都合により発送が遅れる見込みでございます。",
          "領収書の発行をご希望の場合は、マイページよりお手続きください。",
          "先日注文した商品がまだ届かないのですが、状況を教えていただけますか。",
          "色違いが届いたため、交換をお願いできればと思います。",
          "お手数をおかけしますが、何卒よろしくお願いいたします。",
          "お支払い方法を銀行振込に変更することは可能でしょうか。",
          "お問い合わせの件につきまして、担当者より改めてご回答いたします。",
          "次回の入荷は来月上旬を予定しております。",
          "ポイントの有効期限が近づいておりますので、ぜひお使いください。",
          "このメールは送信専用アドレスから配信しております。",
          "季節の変わり目でございますので、どうぞご自愛くださいませ。",
          "包装紙は青と白からお選びいただけます。",
          "昨日お電話でお話しした内容を、念のためメールでもお送りします。",
          "会員登録の住所が古いままでしたので、修正をお願いいたします。",
          "送料は全国一律で、一定額以上のお買い上げで無料となります。",
          "ご不明な点がございましたら、お気軽にお問い合わせください。");
const struct words words_subject =
    WORDS("ご注文ありがとうございます", "発送のお知らせ", "お問い合わせの件",
          "商品の交換について", "領収書の件", "【重要】会員情報のご確認",
          "セールのご案内", "配送日時の変更について");
const struct words words_ascii_name = WORDS(
    "taro", "hanako", "kenichi", "misaki", "daisuke", "sakura", "takuya", "yui", "naoki",
    "keiko", "s.suzuki", "m_tanaka", "yamada", "info", "support", "a.sato");
const struct words words_domain = WORDS("example.jp", "example.com", "mail.example.jp",
                                        "shop.example.co.jp", "example.ne.jp");
const struct words words_agent = WORDS(
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, "
    "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
    "like "
    "Gecko) Mobile/15E148 Safari Line/14.9.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) "
    "Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 14; SO-51D) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.6422.165 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "curl/7.88.1",
    "ELB-HealthChecker/2.0", "Go-http-client/1.1");
const struct words words_path =
    WORDS("/", "/items/", "/items/detail/", "/category/tea/", "/category/towel/",
          "/cart/add", "/cart/", "/mypage/history/", "/static/css/app.min.css",
          "/static/js/vendor.js", "/images/goods/", "/api/v1/stock/", "/search",
          "/blog/entry/", "/contact/", "/favicon.ico");
const struct words words_referer =
    WORDS("-", "-", "https://www.google.com/", "https://shop.example.co.jp/",
          "https://shop.example.co.jp/category/tea/", "https://www.bing.com/search?q=tea",
          "https://search.yahoo.co.jp/", "android-app://com.google.android.gm/");
const struct words words_query =
    WORDS("コーヒー豆", "タオル ギフト", "急須", "はちみつ 国産", "送料無料", "母の日",
          "お中元 1000円", "折りたたみ傘", "明太子 切れ子", "深蒸し茶");
const struct words words_code_name = WORDS(
    "buffer", "length", "offset", "parse_line", "index", "result", "state", "config",
    "handler", "options", "reader", "count", "value", "node", "entry", "session",
    "request", "render", "update", "token", "width", "height", "queue", "worker");
const struct words words_comment = WORDS(
    "The caller keeps what it lent us.", "Nothing to do when the list is empty.",
    "See the note above about the order of these.", "Kept for clients of the old format.",
    "在庫が無い場合は空の一覧を返す。", "Rounds down, as the report does.",
    "This must stay in step with the table in the manual.",
    "二回呼んでも同じ結果になる。");
const struct words words_message =
    WORDS("request completed", "cache miss", "slow query", "session refreshed",
          "mail queued", "stock updated", "webhook delivered", "retrying upstream call",
          "job finished", "configuration reloaded", "user logged in", "image resized");

const char *word(struct dice *dice, const struct words *words)
{
    return words->at[dice_below(dice, words->count)];
}
