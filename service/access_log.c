#include "service/access_log.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/visible.h"
#include "base/wipe.h"
#include "service/layers.h"
#include "service/log_line.h"
#include "service/problem.h"
#include "service/service.h"

/* Of a user so much is shown, and so much more is looked at: a number that is cut would
 * not be seen as one. */
#define USER_SHOWN_MAX  256u
#define USER_LENGTH_MAX (2u * USER_SHOWN_MAX)
#define STATUS_GONE     499u

#define CODE_DIGITS_MIN 3u

/* ---- text ----------------------------------------------------------------------------
 */

static inline void put(struct log_line *line, const char *text)
{
    if (line->status == SIEVE_OK)
        line->status = buffer_append(&line->waiting->lines, bytes_of_text(text));
}

static void put_number(struct log_line *line, const char *key, uint64_t number)
{
    char text[NUMBER_TEXT_MAX];
    (void)number_text(number, text);
    put(line, key);
    put(line, text);
}

/* 1 if it has the digits of a security code, of any width and in any writing. */
static int may_hold_code(struct bytes text)
{
    size_t count = 0;
    for (size_t index = 0; index < text.length && count < CODE_DIGITS_MIN; index++) {
        const unsigned char byte = text.at[index];
        count += (byte >= '0' && byte <= '9') || byte >= 0x80;
    }
    return count == CODE_DIGITS_MIN;
}

/* Text that a client chose, with what could be a number or a code hidden; until the next
 * call. */
static struct bytes hidden(struct log_line *line, struct bytes text)
{
    struct safe_text *safe = &line->waiting->safe;
    if (text.length <= NAME_LENGTH_MAX && !may_hold_code(text))
        return text;
    if (line->status == SIEVE_OK)
        line->status = safe_text_set(safe, text, line->veil);
    /* What is too short for a number may still be a code. */
    if (line->status == SIEVE_OK && line->veil && !safe_text_needs_veil(text))
        line->status =
            sieve_mask(line->veil, safe->buffer.at, safe->buffer.length, NULL, NULL);
    if (line->status == SIEVE_OK && line->veil)
        line->status = layers_mask_below(line->veil, safe->buffer.at, safe->buffer.length,
                                         NULL, NULL);
    return safe_text_bytes(safe);
}

/* Text that a client chose, hidden, as a JSON string. */
static void put_chosen(struct log_line *line, const char *key, struct bytes text)
{
    const struct bytes safe = hidden(line, text);
    put(line, key);
    if (line->status == SIEVE_OK)
        line->status = json_append_string(&line->waiting->lines, safe);
}

/* The same between quotes as web servers write it: no quote or backslash stays. */
static void put_quoted(struct log_line *line, const char *before, struct bytes text)
{
    struct bytes safe = hidden(line, text);
    put(line, before);
    while (safe.length > 0 && line->status == SIEVE_OK) {
        size_t length = 0;
        while (length < safe.length && safe.at[length] != '"' && safe.at[length] != '\\')
            length++;
        line->status = visible_append(&line->waiting->lines, bytes_of(safe.at, length));
        safe = bytes_from(safe, length);
        if (safe.length > 0) {
            put(line, safe.at[0] == '"' ? "\\\"" : "\\\\");
            safe = bytes_from(safe, 1);
        }
    }
}

/* ---- what is told --------------------------------------------------------------------
 */

static int base64_digit(char digit)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The user of a basic authorization: what is before the colon. */
static struct bytes read_user(const struct exchange *exchange,
                              unsigned char out[USER_LENGTH_MAX])
{
    const char *text = exchange_header(exchange, "Authorization");
    unsigned bits = 0;
    unsigned count = 0;
    size_t length = 0;
    if (!text || strncasecmp(text, "Basic ", 6) != 0)
        return bytes_of(out, 0);
    for (text += 6; base64_digit(*text) >= 0 && length < USER_LENGTH_MAX; text++) {
        bits = bits << 6 | (unsigned)base64_digit(*text);
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        const unsigned char byte = (unsigned char)(bits >> count);
        if (byte == ':')
            break;
        out[length++] = byte;
    }
    return bytes_of(out, length);
}

static struct bytes header_of(const struct exchange *exchange, const char *name)
{
    const char *value = exchange_header(exchange, name);
    return value ? bytes_of_text(value) : bytes_of(NULL, 0);
}

/* The user, hidden, and then cut. */
static struct bytes shown_user(struct log_line *line, const struct exchange *exchange,
                               unsigned char out[USER_SHOWN_MAX])
{
    unsigned char user[USER_LENGTH_MAX];
    const struct bytes whole = read_user(exchange, user);
    const struct bytes safe = hidden(line, whole);
    const size_t length = safe.length < USER_SHOWN_MAX ? safe.length : USER_SHOWN_MAX;
    if (length > 0)
        memcpy(out, safe.at, length);
    wipe(user, whole.length);
    return bytes_of(out, length);
}

/* Both forms of the time; once a second. */
static void make_times(struct waiting *waiting, time_t second)
{
    struct tm parts;
    waiting->second = second;
    waiting->texts[0][0] = waiting->texts[1][0] = '\0';
    if (!gmtime_r(&second, &parts))
        return;
    (void)strftime(waiting->texts[0], sizeof waiting->texts[0], "%d/%b/%Y:%H:%M:%S +0000",
                   &parts);
    (void)strftime(waiting->texts[1], sizeof waiting->texts[1], "%Y-%m-%dT%H:%M:%SZ",
                   &parts);
}

static void put_time(struct log_line *line, int is_json)
{
    struct waiting *waiting = line->waiting;
    const time_t second = (time_t)(line->at / 1000000000u);
    if (waiting->second != second)
        make_times(waiting, second);
    put(line, waiting->texts[is_json]);
}

/* A client that left before there was an answer for it is a 499, as web servers say. */
static unsigned status_of(const struct exchange *exchange, const struct visit *visit)
{
    const unsigned status = exchange_status(exchange);
    return status == 0 && visit->proxy ? STATUS_GONE : status;
}

static void put_proxy(struct log_line *line, const struct visit *visit)
{
    static const char *const policies[] = {"", "mask", "block", "alert", "pass"};
    if (!visit->proxy)
        return;
    put_chosen(line, ",\"proxy\":", bytes_of_text(visit->proxy));
    put(line, ",\"policy\":\"");
    put(line, policies[visit->policy]);
    put_number(line, "\",\"upstream_status\":", visit->upstream_status);
    put_number(line, ",\"doubts\":", visit->doubts);
}

static void make_json(struct log_line *line, const struct exchange *exchange,
                      const struct visit *visit)
{
    char peer[ADDRESS_TEXT_MAX];
    char seconds[NUMBER_TEXT_MAX];
    unsigned char user[USER_SHOWN_MAX];
    const enum problem problem = (enum problem)exchange_problem(exchange);
    address_text(exchange_peer(exchange), peer);
    (void)number_seconds(exchange_nanoseconds(exchange), 6, seconds);
    put(line, "{\"time\":\"");
    put_time(line, 1);
    put(line, "\",\"client\":\"");
    put(line, peer);
    put_chosen(line, "\",\"method\":", bytes_of_text(exchange_method(exchange)));
    put_chosen(line, ",\"target\":", bytes_of_text(exchange_target(exchange)));
    put_chosen(line, ",\"protocol\":", bytes_of_text(exchange_version(exchange)));
    put_number(line, ",\"status\":", status_of(exchange, visit));
    put_number(line, ",\"received\":", exchange_received(exchange));
    put_number(line, ",\"sent\":", exchange_sent(exchange));
    put_number(line, ",\"findings\":", visit->findings);
    put_proxy(line, visit);
    put(line, ",\"seconds\":");
    put(line, seconds);
    put_chosen(line, ",\"referer\":", header_of(exchange, "Referer"));
    put_chosen(line, ",\"user_agent\":", header_of(exchange, "User-Agent"));
    put_chosen(line, ",\"user\":", shown_user(line, exchange, user));
    put(line, ",\"problem\":\"");
    put(line, problem_name(problem));
    put(line, "\"}\n");
}

static void make_combined(struct log_line *line, const struct exchange *exchange,
                          const struct visit *visit)
{
    char peer[ADDRESS_TEXT_MAX];
    unsigned char user[USER_SHOWN_MAX];
    const struct bytes name = shown_user(line, exchange, user);
    address_text(exchange_peer(exchange), peer);
    put(line, peer);
    put(line, " - ");
    if (name.length > 0)
        put_quoted(line, "\"", name);
    put(line, name.length > 0 ? "\"" : "-");
    put(line, " [");
    put_time(line, 0);
    put(line, "] ");
    put_quoted(line, "\"", bytes_of_text(exchange_method(exchange)));
    put_quoted(line, " ", bytes_of_text(exchange_target(exchange)));
    put_quoted(line, " ", bytes_of_text(exchange_version(exchange)));
    put_number(line, "\" ", status_of(exchange, visit));
    put_number(line, " ", exchange_sent(exchange));
    put_quoted(line, " \"", header_of(exchange, "Referer"));
    put_quoted(line, "\" \"", header_of(exchange, "User-Agent"));
    put(line, "\"\n");
}

/* ---- one line ------------------------------------------------------------------------
 */

void access_log_write(struct access_log *log, enum log_format format,
                      const struct exchange *exchange, const struct visit *visit,
                      sieve_scanner *veil)
{
    struct waiting own;
    struct log_line line;
    log_line_begin(log, &own, veil, &line);
    if (format == LOG_JSON)
        make_json(&line, exchange, visit);
    else
        make_combined(&line, exchange, visit);
    log_line_end(log, &own, &line);
}

void access_log_refusal(struct access_log *log, enum log_format format,
                        const struct sockaddr *peer, unsigned problem)
{
    struct waiting own;
    struct log_line line;
    char name[ADDRESS_TEXT_MAX];
    const int is_json = format == LOG_JSON;
    log_line_begin(log, &own, NULL, &line);
    address_text(peer, name);
    if (is_json)
        put(&line, "{\"time\":\"");
    else
        put(&line, name);
    put(&line, is_json ? "" : " - - [");
    put_time(&line, is_json);
    put(&line, is_json ? "\",\"client\":\"" : "] \"-\"");
    if (is_json)
        put(&line, name);
    put_number(&line, is_json ? "\",\"status\":" : " ",
               problem_status((enum problem)problem));
    put(&line, is_json ? ",\"problem\":\"" : " 0 \"-\" \"-\"");
    if (is_json)
        put(&line, problem_name((enum problem)problem));
    put(&line, is_json ? "\"}\n" : "\n");
    log_line_end(log, &own, &line);
}
