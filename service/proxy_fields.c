/* proxy_fields.c - the head of a proxy's request as it goes on. */
#include "service/proxy_inside.h"

#include <strings.h>

#include "service/fields.h"
#include "service/network.h"

#define OUT_FIELDS_MAX 144u /* a request's own, and those that are added */
#define ADDED_MAX      512u /* bytes of all that is added, but for texts of the request */

/* Fields that a text is added to at their end: the last of each. */
enum grown {
    GROWN_VIA,
    GROWN_FORWARDED,
    GROWN_X_FOR,
    GROWN_COUNT
};

struct build {
    struct relay *relay;
    int examines_response;
    int drops_digest;
    size_t count;
    struct upstream_field fields[OUT_FIELDS_MAX];
    struct upstream_field *grown[GROWN_COUNT]; /* NULL: there is none so far */
    int has_x_proto;
    int has_x_host;
    int has_accept_coding;
    const char *host;
    sieve_status status;
};

/* ---- fields of the request -----------------------------------------------------------
 */

static struct upstream_field *add(struct build *build, const char *name,
                                  const char *value)
{
    if (build->count == OUT_FIELDS_MAX) {
        build->status = SIEVE_E_LIMIT;
        return NULL;
    }
    struct upstream_field *field = &build->fields[build->count++];
    *field = (struct upstream_field){name, value};
    return field;
}

/* One that the proxy knows: 1 if it goes on. */
static int keep_known(struct build *build, enum field field, const char *value)
{
    switch (field) {
    case FIELD_HOST:
        build->host = value;
        return build->relay->proxy->settings->preserve_host;
    case FIELD_X_PROTO:
        build->has_x_proto = 1;
        return 1;
    case FIELD_X_HOST:
        build->has_x_host = 1;
        return 1;
    case FIELD_RANGE:
        return !build->examines_response;
    case FIELD_DIGEST:
        return !build->drops_digest;
    case FIELD_HOP:
    case FIELD_CONNECTION:
    case FIELD_UPGRADE:
    case FIELD_LENGTH:
    case FIELD_TRANSFER:
    case FIELD_EXPECT:
        return 0;
    case FIELD_ACCEPT_CODING:
        build->has_accept_coding = 1;
        return 1;
    case FIELD_OTHER:
    case FIELD_VIA:
    case FIELD_FORWARDED:
    case FIELD_X_FOR:
    case FIELD_TYPE:
    case FIELD_CODING:
    case FIELD_ACCEPT_RANGES:
    case FIELD_ETAG:
    case FIELD_EXAMINED:
    case FIELD_AUTHORIZATION:
        break;
    }
    return 1;
}

static int copy_field(void *context, const char *name, const char *value)
{
    struct build *build = context;
    const enum field field = field_of(name);
    if (!keep_known(build, field, value) ||
        (field == FIELD_OTHER && head_is_hop(build->relay, name)))
        return 1;
    struct upstream_field *made =
        add(build, head_text(build->relay, name), head_text(build->relay, value));
    if (field == FIELD_VIA)
        build->grown[GROWN_VIA] = made;
    else if (field == FIELD_FORWARDED)
        build->grown[GROWN_FORWARDED] = made;
    else if (field == FIELD_X_FOR)
        build->grown[GROWN_X_FOR] = made;
    return build->status == SIEVE_OK;
}

/* ---- texts that are made -------------------------------------------------------------
 */

/* Room was made before, so nothing moves. */
static void put(struct build *build, const char *text)
{
    if (build->status == SIEVE_OK)
        build->status = buffer_append(&build->relay->text, bytes_of_text(text));
}

/* The text that begins now; put_end() ends it. */
static size_t begin_text(const struct build *build)
{
    return build->relay->text.length;
}

static const char *end_text(struct build *build, size_t begin)
{
    if (build->status == SIEVE_OK)
        build->status = buffer_append(&build->relay->text, bytes_of("", 1));
    return build->status == SIEVE_OK ? (const char *)build->relay->text.at + begin : "";
}

/* A grown field's old value, if there is one, and a comma. */
static size_t begin_grown(struct build *build, enum grown which)
{
    const size_t begin = begin_text(build);
    if (build->grown[which]) {
        put(build, build->grown[which]->value);
        put(build, build->grown[which]->value[0] ? ", " : "");
    }
    return begin;
}

static void end_grown(struct build *build, enum grown which, const char *name,
                      size_t begin)
{
    const char *text = end_text(build, begin);
    if (build->grown[which])
        build->grown[which]->value = text;
    else
        (void)add(build, name, text);
}

static void add_via(struct build *build)
{
    const struct relay *relay = build->relay;
    const size_t begin = begin_grown(build, GROWN_VIA);
    put(build,
        strcmp(exchange_version(relay->exchange), "HTTP/1.0") == 0 ? "1.0 " : "1.1 ");
    put(build, relay->door->pseudonym);
    end_grown(build, GROWN_VIA, "Via", begin);
}

static const char *scheme_of(const struct relay *relay)
{
    return exchange_session(relay->exchange) ? "https" : "http";
}

/* A host that is nothing else: it gets quoted. */
static int is_host(const char *text)
{
    return text[0] &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                        "-._~:[]") == strlen(text);
}

static void add_standard(struct build *build, const char *peer)
{
    const size_t begin = begin_grown(build, GROWN_FORWARDED);
    const int is_six = strchr(peer, ':') != NULL;
    const int is_known = is_six || strchr(peer, '.') != NULL;
    put(build, is_six ? "for=\"[" : "for=");
    put(build, is_known ? peer : "unknown");
    put(build, is_six ? "]\"" : "");
    if (build->host && is_host(build->host)) {
        put(build, ";host=\"");
        put(build, build->host);
        put(build, "\"");
    }
    put(build, ";proto=");
    put(build, scheme_of(build->relay));
    end_grown(build, GROWN_FORWARDED, "Forwarded", begin);
}

static void add_x(struct build *build, const char *peer)
{
    const size_t begin = begin_grown(build, GROWN_X_FOR);
    put(build, strpbrk(peer, ".:") ? peer : "unknown");
    end_grown(build, GROWN_X_FOR, "X-Forwarded-For", begin);
    if (!build->has_x_proto)
        (void)add(build, "X-Forwarded-Proto", scheme_of(build->relay));
    if (!build->has_x_host && build->host)
        (void)add(build, "X-Forwarded-Host", build->host);
}

static void add_forwarded(struct build *build)
{
    const enum forwarded how = build->relay->proxy->settings->forwarded;
    char peer[ADDRESS_TEXT_MAX];
    address_text(exchange_peer(build->relay->exchange), peer);
    if (how == FORWARDED_BOTH || how == FORWARDED_STANDARD)
        add_standard(build, peer);
    if (how == FORWARDED_BOTH || how == FORWARDED_X)
        add_x(build, peer);
}

/* ---- codings that may come back ------------------------------------------------------
 */

static int may_come(struct bytes coding)
{
    return (coding.length == 8 &&
            strncasecmp((const char *)coding.at, "identity", 8) == 0) ||
           codec_of_name(coding) != NULL;
}

/* "gzip;q=1, x, br" without the x. */
static void narrow(struct build *build, struct upstream_field *field)
{
    const size_t begin = begin_text(build);
    for (const char *at = field->value; *at;) {
        at += strspn(at, " \t,");
        const size_t element = strcspn(at, ",");
        if (may_come(bytes_of(at, strcspn(at, " \t,;")))) {
            put(build, begin_text(build) > begin ? ", " : "");
            if (build->status == SIEVE_OK)
                build->status = buffer_append(&build->relay->text, bytes_of(at, element));
        }
        at += element;
    }
    put(build, begin_text(build) == begin ? "identity" : "");
    field->value = end_text(build, begin);
}

static void narrow_codings(struct build *build)
{
    if (!build->examines_response)
        return;
    if (!build->has_accept_coding)
        (void)add(build, "Accept-Encoding", "identity");
    for (size_t index = 0; index < build->count && build->has_accept_coding; index++) {
        if (field_of(build->fields[index].name) == FIELD_ACCEPT_CODING)
            narrow(build, &build->fields[index]);
    }
}

/* ---- the head ------------------------------------------------------------------------
 */

/* As much as can be put: pointers into the text stay good. */
static sieve_status make_room(struct build *build)
{
    size_t length = ADDED_MAX + (build->host ? strlen(build->host) : 0);
    for (size_t which = 0; which < GROWN_COUNT; which++)
        length += build->grown[which] ? strlen(build->grown[which]->value) : 0;
    for (size_t index = 0; index < build->count; index++) {
        if (build->examines_response &&
            field_of(build->fields[index].name) == FIELD_ACCEPT_CODING)
            length += strlen(build->fields[index].value) * 2 + sizeof "identity";
    }
    buffer_clear(&build->relay->text);
    return buffer_reserve(&build->relay->text, length);
}

sieve_status head_send(struct relay *relay, struct upstream_call *call)
{
    struct build build;
    const struct side *request = &relay->request;
    memset(&build, 0, offsetof(struct build, fields));
    memset(build.grown, 0, sizeof build - offsetof(struct build, grown));
    build.relay = relay;
    build.examines_response = proxy_may_examine(relay->proxy->settings, &relay->routes);
    build.drops_digest = request->flow == FLOW_MASKED ||
                         (request->flow == FLOW_WHOLE && request->is_changed);
    exchange_headers(relay->exchange, copy_field, &build);
    if (build.status == SIEVE_OK)
        build.status = make_room(&build);
    if (build.status == SIEVE_OK) {
        add_via(&build);
        add_forwarded(&build);
        narrow_codings(&build);
    }
    if (build.status != SIEVE_OK)
        return build.status;
    call->method = exchange_method(relay->exchange);
    call->target = head_text(relay, exchange_target(relay->exchange));
    call->field_count = build.count;
    call->fields = build.fields;
    call->ops = &relay_upstream_ops;
    call->context = relay;
    return upstream_start(exchange_pool(relay->exchange), relay->proxy->group, call,
                          &relay->upstream);
}
