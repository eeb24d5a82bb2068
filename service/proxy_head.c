/* proxy_head.c - the head of a proxy's request: what it says, and what is hidden in it.
 */
#include "service/proxy_inside.h"

#include <stdlib.h>
#include <strings.h>

#include "base/number.h"
#include "base/wipe.h"
#include "service/config_values.h"
#include "service/fields.h"
#include "service/layers.h"

/* ---- what it says --------------------------------------------------------------------
 */

struct reading {
    struct relay *relay;
    enum problem problem;
};

static void see_connection(struct reading *reading, const char *value)
{
    struct request_head *head = &reading->relay->head;
    if (head->connection_count == CONNECTIONS_MAX)
        reading->problem = PROBLEM_MALFORMED;
    else
        head->connections[head->connection_count++] = value;
}

static void see_length(struct reading *reading, const char *value)
{
    struct request_head *head = &reading->relay->head;
    if (number_parse(value, UINT64_MAX - 1, &head->length) < 0)
        reading->problem = PROBLEM_FRAMING;
    head->has_body = 1;
}

/* "Content_Encoding": the upstream may take it for what the body is. */
static int is_disguised(const char *name)
{
    const enum field alike = strchr(name, '_') ? field_alike(name) : FIELD_OTHER;
    return alike == FIELD_TYPE || alike == FIELD_CODING;
}

static int read_field(void *context, const char *name, const char *value)
{
    struct reading *reading = context;
    struct relay *relay = reading->relay;
    if (is_disguised(name)) {
        reading->problem = PROBLEM_MALFORMED;
        return 0;
    }
    switch ((int)field_of(name)) {
    case FIELD_TYPE:
        /* Two types: the upstream may take the other one. */
        if (relay->head.type)
            reading->problem = PROBLEM_MALFORMED;
        relay->head.type = value;
        break;
    case FIELD_CODING:
        relay->head.has_coding = 1;
        break;
    case FIELD_CONNECTION:
        see_connection(reading, value);
        break;
    case FIELD_UPGRADE:
        relay->head.has_upgrade = 1;
        break;
    case FIELD_LENGTH:
        see_length(reading, value);
        break;
    case FIELD_TRANSFER:
        relay->head.has_body = 1;
        break;
    case FIELD_VIA:
        if (strstr(value, relay->door->pseudonym))
            reading->problem = PROBLEM_LOOP;
        break;
    default:
        break;
    }
    return reading->problem == PROBLEM_NONE;
}

static int connection_names(const struct request_head *head, const char *name)
{
    for (size_t index = 0; index < head->connection_count; index++) {
        if (field_list_has(head->connections[index], name))
            return 1;
    }
    return 0;
}

/* A method is a word: nothing else is asked of upstreams. */
static int is_word(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") ==
           strlen(text);
}

enum problem head_read(struct relay *relay)
{
    struct reading reading = {relay, PROBLEM_NONE};
    const char *method = exchange_method(relay->exchange);
    relay->head.length = UNKNOWN_LENGTH;
    if (strcmp(method, "CONNECT") == 0)
        return PROBLEM_CONNECT;
    if (!is_word(method))
        return PROBLEM_MALFORMED;
    exchange_headers(relay->exchange, read_field, &reading);
    if (reading.problem == PROBLEM_NONE && relay->head.has_upgrade &&
        connection_names(&relay->head, "Upgrade"))
        return PROBLEM_UPGRADE;
    relay->is_head_request = strcmp(method, "HEAD") == 0;
    return reading.problem;
}

int head_is_hop(const struct relay *relay, const char *name)
{
    return connection_names(&relay->head, name);
}

/* ---- what is hidden in it ------------------------------------------------------------
 */

/* The shortest of all is a security code of three digits, however they are written; the
 * only one that needs no digit at all is a PIN block, of 16 hex digits. */
#define CODE_DIGITS 3
#define PIN_DIGITS  16

int head_is_harmless(const char *text)
{
    unsigned digits = 0;
    unsigned run = 0;
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        const unsigned char low = byte | 0x20;
        const int is_digit = byte >= '0' && byte <= '9';
        digits += (unsigned)is_digit;
        run = is_digit || (low >= 'a' && low <= 'f') ? run + 1 : 0;
        if (byte >= 0x80 || digits >= CODE_DIGITS || run >= PIN_DIGITS)
            return 0;
    }
    return 1;
}

const char *head_text(const struct relay *relay, const char *original)
{
    for (const struct edit *edit = relay->edits; edit; edit = edit->next) {
        if (edit->original == original)
            return edit->text;
    }
    return original;
}

static enum problem add_edit(struct relay *relay, const char *original,
                             struct bytes masked)
{
    struct edit *edit = malloc(sizeof *edit + masked.length + 1);
    if (!edit)
        return PROBLEM_BUSY;
    edit->next = relay->edits;
    edit->original = original;
    memcpy(edit->text, masked.at, masked.length);
    edit->text[masked.length] = '\0';
    relay->edits = edit;
    return PROBLEM_NONE;
}

static sieve_next see_finding(const sieve_finding *finding, void *context)
{
    struct relay *relay = context;
    relay->visit->findings++;
    metrics_finding(relay->visit->service->metrics, finding);
    return SIEVE_CONTINUE;
}

/* Looks at "NAME: VALUE", since a name tells what a value is.  `name` may be "". */
static sieve_status mask_part(struct relay *relay, const char *name, const char *value)
{
    struct buffer *text = &relay->text;
    buffer_clear(text);
    sieve_status status = buffer_append(text, bytes_of_text(name));
    if (status == SIEVE_OK && name[0])
        status = buffer_append(text, bytes_of_text(": "));
    if (status == SIEVE_OK)
        status = buffer_append(text, bytes_of_text(value));
    return status == SIEVE_OK && text->length > 0
               ? layers_mask(relay->scanner, text->at, text->length, see_finding, relay)
               : status;
}

static enum problem judge_part(struct relay *relay, const char *name, const char *value)
{
    const uint64_t before = relay->visit->findings;
    if (head_is_harmless(name) && head_is_harmless(value))
        return PROBLEM_NONE;
    sieve_status status = mask_part(relay, name, value);
    if (status != SIEVE_OK)
        return problem_of_status(status);
    if (relay->visit->findings == before)
        return PROBLEM_NONE;
    if (relay->request.policy == POLICY_BLOCK)
        return PROBLEM_BLOCKED;
    if (relay->request.policy == POLICY_ALERT) {
        metrics_add(relay->visit->service->metrics, METRIC_ALERTED, 1);
        return PROBLEM_NONE;
    }
    const struct bytes masked = buffer_bytes(&relay->text);
    const size_t length = strlen(name);
    const size_t value_at = length > 0 ? length + 2 : 0;
    const enum problem problem = add_edit(relay, value, bytes_from(masked, value_at));
    return problem == PROBLEM_NONE && length > 0 && memcmp(masked.at, name, length) != 0
               ? add_edit(relay, name, bytes_of(masked.at, length))
               : problem;
}

/* 1 if that header is among those that are examined. */
static int is_examined(const struct relay *relay, const char *name)
{
    const char *words = relay->proxy->settings->headers;
    const enum field field = field_of(name);
    if (field == FIELD_EXAMINED)
        return 1;
    if (field == FIELD_HOST || field == FIELD_LENGTH || field == FIELD_TRANSFER)
        return 0;
    for (size_t length; (length = config_next_word(&words)) > 0; words += length) {
        if (strlen(name) == length && field_is_alike(words, name, length))
            return 1;
    }
    return relay->proxy->examines_all && field != FIELD_AUTHORIZATION;
}

static int judge_field(void *context, const char *name, const char *value)
{
    struct reading *reading = context;
    if (is_examined(reading->relay, name))
        reading->problem = judge_part(reading->relay, name, value);
    return reading->problem == PROBLEM_NONE;
}

enum problem head_judge(struct relay *relay)
{
    struct reading reading = {relay, PROBLEM_NONE};
    if (relay->request.policy == POLICY_PASS)
        return PROBLEM_NONE;
    reading.problem = judge_part(relay, "", exchange_target(relay->exchange));
    if (reading.problem == PROBLEM_NONE)
        exchange_headers(relay->exchange, judge_field, &reading);
    buffer_clear(&relay->text);
    return reading.problem;
}
