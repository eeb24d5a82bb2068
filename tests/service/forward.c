/* forward.c - a proxy that only forwards, on the server's loops and the upstream's pools:
 * what tests/service/upstream drives.  It says its port, then what becomes of each
 * request, and ends at the end of its standard input.
 *
 * forward [OPTION=VALUE]... ADDRESS...
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "service/listener.h"
#include "service/server.h"
#include "service/tap.h"
#include "service/upstream.h"

#define FIELDS_MAX   64
#define WHOLE_MAX    (256u << 10)
#define BUFFER_BYTES (64u << 10)

static struct upstream_group *group;
static int is_talkative;

struct buffer {
    char *bytes;
    size_t length;
    size_t at;
};

struct forward {
    struct exchange *exchange;
    struct upstream_request *request;
    struct upstream_field fields[FIELDS_MAX];
    size_t field_count;
    struct upstream_field reply_fields[FIELDS_MAX];
    size_t reply_count;
    struct buffer in;    /* the client's body, all of it or a piece */
    struct buffer out;   /* the upstream's */
    uint64_t length;     /* of the request's body; UINT64_MAX: chunked */
    uint64_t out_length; /* of the response's */
    unsigned status;
    int is_streamed;
    int is_chunked;
    int has_ended;
    int is_waiting; /* suspended */
    int has_replied;
    int is_done;
    int is_closed;
    int has_source;
    enum upstream_end end;
};

static const char *const ends[] = {
    [UPSTREAM_COMPLETE] = "complete", [UPSTREAM_UNREACHABLE] = "unreachable",
    [UPSTREAM_SLOW] = "slow",         [UPSTREAM_STARVED] = "starved",
    [UPSTREAM_BROKEN] = "broken",     [UPSTREAM_STOPPED] = "stopped",
};

static void forward_free(struct forward *forward)
{
    for (size_t index = 0; index < forward->reply_count; index++) {
        free((void *)(uintptr_t)forward->reply_fields[index].name);
        free((void *)(uintptr_t)forward->reply_fields[index].value);
    }
    free(forward->in.bytes);
    free(forward->out.bytes);
    free(forward);
}

static void resume(struct forward *forward)
{
    if (!forward->is_waiting)
        return;
    forward->is_waiting = 0;
    exchange_resume(forward->exchange);
}

static void suspend(struct forward *forward)
{
    forward->is_waiting = 1;
    exchange_suspend(forward->exchange);
}

static void append(struct buffer *buffer, struct bytes piece)
{
    if (buffer->at > 0) {
        memmove(buffer->bytes, buffer->bytes + buffer->at, buffer->length - buffer->at);
        buffer->length -= buffer->at;
        buffer->at = 0;
    }
    buffer->bytes = realloc(buffer->bytes, buffer->length + piece.length + 1);
    memcpy(buffer->bytes + buffer->length, piece.at, piece.length);
    buffer->length += piece.length;
}

static size_t take(struct buffer *buffer, void *to, size_t capacity)
{
    const size_t left = buffer->length - buffer->at;
    const size_t count = left < capacity ? left : capacity;
    memcpy(to, buffer->bytes + buffer->at, count);
    buffer->at += count;
    return count;
}

/* ---- the answer ----------------------------------------------------------------------
 */

static void add_fields(struct forward *forward)
{
    static const char *const own[] = {"Connection", "Keep-Alive", "Transfer-Encoding",
                                      "Content-Length", NULL};
    for (size_t index = 0; index < forward->reply_count; index++) {
        const struct upstream_field *field = &forward->reply_fields[index];
        int is_own = 0;
        for (size_t each = 0; own[each]; each++)
            is_own |= strcasecmp(own[each], field->name) == 0;
        if (!is_own && exchange_reply_header(forward->exchange, field->name,
                                             field->value) != SIEVE_OK)
            abort();
    }
}

static ssize_t give_answer(void *context, uint64_t offset, void *to, size_t capacity)
{
    struct forward *forward = context;
    (void)offset;
    if (forward->out.at < forward->out.length) {
        const size_t count = take(&forward->out, to, capacity);
        if (forward->out.at == forward->out.length && forward->request)
            upstream_go_on(forward->request);
        return (ssize_t)count;
    }
    if (forward->is_done)
        return forward->end == UPSTREAM_COMPLETE ? 0 : REPLY_FAILED;
    suspend(forward);
    return REPLY_LATER;
}

static void free_source(void *context)
{
    struct forward *forward = context;
    forward->has_source = 0;
    if (forward->is_closed)
        forward_free(forward);
}

static void reply_streamed(struct forward *forward)
{
    const struct reply_source source = {give_answer, free_source, forward,
                                        forward->out_length};
    if (exchange_reply_source(forward->exchange, forward->status, &source) != SIEVE_OK)
        abort();
    forward->has_source = 1;
    forward->has_replied = 1;
    add_fields(forward);
    resume(forward);
}

static void reply_whole(struct forward *forward)
{
    if (exchange_reply_bytes(
            forward->exchange, forward->status,
            bytes_of(forward->out.bytes ? forward->out.bytes : "", forward->out.length),
            forward->out.bytes ? free : NULL, forward->out.bytes) != SIEVE_OK)
        abort();
    forward->out.bytes = NULL;
    forward->has_replied = 1;
    add_fields(forward);
    resume(forward);
}

static void reply_failure(struct forward *forward)
{
    const unsigned status = forward->end == UPSTREAM_SLOW ? 504 : 502;
    if (exchange_reply_text(forward->exchange, status, ends[forward->end]) != SIEVE_OK)
        abort();
    forward->has_replied = 1;
    resume(forward);
}

static void see_field(void *context, const char *name, const char *value)
{
    struct forward *forward = context;
    if (forward->reply_count < FIELDS_MAX)
        forward->reply_fields[forward->reply_count++] =
            (struct upstream_field){strdup(name), strdup(value)};
}

static void see_head(void *context, unsigned status, uint64_t length)
{
    struct forward *forward = context;
    forward->status = status;
    forward->out_length = length;
    if (length > WHOLE_MAX)
        reply_streamed(forward);
}

static int see_piece(void *context, struct bytes piece)
{
    struct forward *forward = context;
    if (forward->has_replied && forward->out.length - forward->out.at >= BUFFER_BYTES)
        return UPSTREAM_LATER;
    append(&forward->out, piece);
    if (forward->has_replied)
        resume(forward);
    return 0;
}

static ssize_t give_body(void *context, void *to, size_t capacity)
{
    struct forward *forward = context;
    if (forward->in.at < forward->in.length) {
        const size_t count = take(&forward->in, to, capacity);
        if (forward->in.at == forward->in.length && !forward->has_ended)
            resume(forward);
        return (ssize_t)count;
    }
    return forward->has_ended ? 0 : UPSTREAM_LATER;
}

static void see_done(void *context, enum upstream_end end)
{
    struct forward *forward = context;
    forward->is_done = 1;
    forward->end = end;
    upstream_cancel(forward->request);
    forward->request = NULL;
    if (is_talkative)
        printf("done %s\n", ends[end]);
    if (forward->has_replied)
        resume(forward);
    else if (end == UPSTREAM_COMPLETE)
        reply_whole(forward);
    else
        reply_failure(forward);
}

/* ---- the request ---------------------------------------------------------------------
 */

static int keep_field(void *context, const char *name, const char *value)
{
    static const char *const own[] = {"Connection",     "Keep-Alive", "Transfer-Encoding",
                                      "Content-Length", "Expect",     NULL};
    struct forward *forward = context;
    if (strcasecmp(name, "Content-Length") == 0)
        forward->length = strtoull(value, NULL, 10);
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        forward->is_chunked = 1;
    for (size_t each = 0; own[each]; each++) {
        if (strcasecmp(own[each], name) == 0)
            return 1;
    }
    if (forward->field_count < FIELDS_MAX)
        forward->fields[forward->field_count++] = (struct upstream_field){name, value};
    return 1;
}

static void start(struct forward *forward, enum upstream_body body)
{
    static const struct upstream_ops ops = {see_field, see_head, see_piece, give_body,
                                            see_done};
    const struct upstream_call call = {
        .method = exchange_method(forward->exchange),
        .target = exchange_target(forward->exchange),
        .field_count = forward->field_count,
        .fields = forward->fields,
        .body = body,
        .whole = bytes_of(forward->in.bytes ? forward->in.bytes : "", forward->in.length),
        .length = forward->length,
        .ops = &ops,
        .context = forward,
    };
    if (upstream_start(exchange_pool(forward->exchange), group, &call,
                       &forward->request) != SIEVE_OK)
        abort();
}

static void take_piece(struct exchange *exchange, void *state, struct bytes piece)
{
    struct forward *forward = state;
    (void)exchange;
    append(&forward->in, piece);
    if (!forward->is_streamed || forward->is_done)
        return;
    upstream_go_on(forward->request);
    if (forward->in.length - forward->in.at >= BUFFER_BYTES)
        suspend(forward);
}

static void end(struct exchange *exchange, void *state)
{
    struct forward *forward = state;
    (void)exchange;
    forward->has_ended = 1;
    if (forward->has_replied)
        return;
    if (forward->is_streamed)
        upstream_go_on(forward->request);
    else
        start(forward, forward->in.length > 0 || forward->length == 0
                           ? UPSTREAM_BODY_WHOLE
                           : UPSTREAM_BODY_NONE);
    suspend(forward);
}

static void closed(void *state)
{
    struct forward *forward = state;
    if (is_talkative && forward->request)
        printf("done cancelled\n");
    upstream_cancel(forward->request);
    forward->request = NULL;
    forward->is_closed = 1;
    if (!forward->has_source)
        forward_free(forward);
}

static void begin(struct exchange *exchange, void *context)
{
    static const struct exchange_ops ops = {take_piece, end, closed};
    struct forward *forward = calloc(1, sizeof *forward);
    (void)context;
    forward->exchange = exchange;
    forward->length = UINT64_MAX;
    exchange_headers(exchange, keep_field, forward);
    forward->is_streamed = forward->is_chunked ||
                           (forward->length != UINT64_MAX && forward->length > WHOLE_MAX);
    exchange_take(exchange, &ops, forward);
    if (forward->is_streamed)
        start(forward, UPSTREAM_BODY_READ);
}

static void see_closed(struct exchange *exchange, enum exchange_end how, void *context)
{
    static const char *const hows[] = {"complete", "gone", "failed"};
    (void)exchange;
    (void)context;
    if (is_talkative)
        printf("closed %s\n", hows[how]);
}

static void see_refused(unsigned problem, const struct sockaddr *peer, void *context)
{
    (void)problem;
    (void)peer;
    (void)context;
}

/* ---- main ----------------------------------------------------------------------------
 */

static struct server_gauge gauge;

static struct server_plan server_plan = {
    .gauge = &gauge,
    .events = {begin, see_closed, see_refused, NULL},
    .threads = 2,
    .connections = 10000,
    .idle_seconds = 60,
    .head_length = 32768,
};

static struct upstream_plan upstream_plan = {
    .authorities = "",
    .certificate = "",
    .key = "",
    .health_path = "",
    .health_interval = 100,
    .connect_timeout = 2000,
    .idle_timeout = 10000,
    .failures_max = 2,
    .down_time = 500,
    .connections_max = 64,
};

static void set_option(const char *name, const char *value)
{
    const unsigned number = (unsigned)strtoul(value, NULL, 10);
    if (strcmp(name, "threads") == 0)
        server_plan.threads = number;
    else if (strcmp(name, "talk") == 0)
        is_talkative = 1;
    else if (strcmp(name, "connections") == 0)
        server_plan.connections = number;
    else if (strcmp(name, "idle") == 0)
        server_plan.idle_seconds = number;
    else if (strcmp(name, "per_address") == 0)
        server_plan.connections_per_address = number;
    else if (strcmp(name, "ca") == 0)
        upstream_plan.authorities = value;
    else if (strcmp(name, "certificate") == 0)
        upstream_plan.certificate = value;
    else if (strcmp(name, "key") == 0)
        upstream_plan.key = value;
    else if (strcmp(name, "health") == 0)
        upstream_plan.health_path = value;
    else if (strcmp(name, "connect_timeout") == 0)
        upstream_plan.connect_timeout = number;
    else if (strcmp(name, "timeout") == 0)
        upstream_plan.idle_timeout = number;
    else if (strcmp(name, "down_time") == 0)
        upstream_plan.down_time = number;
    else
        abort();
}

/* Lines of the standard input: "state" tells of the upstreams, "quiesce" and "drain" do
 * it. */
static void obey(struct server *server)
{
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "quiesce\n") == 0)
            server_quiesce(server);
        if (strcmp(line, "drain\n") == 0)
            server_wind_down(server);
        for (size_t index = 0; index < upstream_group_count(group); index++) {
            struct upstream_state state;
            upstream_group_state(group, index, &state);
            printf("state %s %s %u %u %u\n", state.address, state.is_up ? "up" : "down",
                   (unsigned)state.requests, (unsigned)state.failures,
                   (unsigned)state.connections);
        }
        printf("open %u %u\n", server_exchanges(server), (unsigned)gauge.connections);
    }
}

int main(int argc, char **argv)
{
    struct endpoint endpoint;
    const char *addresses[16];
    const char *reason = NULL;
    struct server *server = NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    (void)signal(SIGPIPE, SIG_IGN);
    for (int index = 1; index < argc; index++) {
        char *value = strchr(argv[index], '=');
        if (value) {
            *value = '\0';
            set_option(argv[index], value + 1);
        } else {
            addresses[upstream_plan.count++] = argv[index];
        }
    }
    upstream_plan.addresses = addresses;
    if (upstream_group_new(&upstream_plan, &group, &reason) != SIEVE_OK) {
        printf("refused %s\n", reason);
        return 2;
    }
    const int listening = endpoint_read("127.0.0.1:0", &endpoint)
                              ? -1
                              : listener_open(&endpoint, 0600, &reason);
    if (listening < 0 || tap_init() != SIEVE_OK ||
        server_start(&server_plan, listening, &server) != SIEVE_OK)
        return 3;
    printf("port %u\n", server_port(server));
    obey(server);
    server_stop(server);
    upstream_group_release(group);
    return 0;
}
