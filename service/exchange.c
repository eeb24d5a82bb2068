/* exchange.c - what is asked of a request, and its reply. */
#include "service/server_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/limits.h"
#include "service/limits.h"

/* Bytes of a reply's head that nobody else gives it, and of what is aligned. */
#define OWN_REPLY_MAX 1024u

/* What a pulled reply needs. */
struct pull {
    struct reply_source source;
    struct exchange *exchange;
};

/* ---- the request --------------------------------------------------------------------
 */

void exchange_take(struct exchange *exchange, const struct exchange_ops *ops, void *state)
{
    exchange->ops = ops;
    exchange->state = state;
}

const char *exchange_method(const struct exchange *exchange)
{
    return exchange->method;
}

const char *exchange_target(const struct exchange *exchange)
{
    return exchange->target;
}

const char *exchange_version(const struct exchange *exchange)
{
    return exchange->version;
}

/* A request asks for its fields many times: libmicrohttpd walks a list for each. */
static enum MHD_Result keep_field(void *context, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    struct exchange *exchange = context;
    const size_t index = exchange->field_count++;
    (void)kind;
    if (index == FIELDS_KEPT)
        return MHD_NO;
    exchange->fields[index] = (struct head_field){name, value ? value : "", strlen(name)};
    return MHD_YES;
}

void exchange_read_head(struct exchange *exchange)
{
    exchange->field_count = 0;
    (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, keep_field,
                                    exchange);
}

struct header_walk {
    int (*each)(void *context, const char *name, const char *value);
    void *context;
};

static enum MHD_Result walk_header(void *context, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
    const struct header_walk *walk = context;
    (void)kind;
    return walk->each(walk->context, name, value ? value : "") ? MHD_YES : MHD_NO;
}

void exchange_headers(const struct exchange *exchange,
                      int (*each)(void *context, const char *name, const char *value),
                      void *context)
{
    struct header_walk walk = {each, context};
    if (exchange->field_count > FIELDS_KEPT) {
        (void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND,
                                        walk_header, &walk);
        return;
    }
    for (size_t index = 0; index < exchange->field_count; index++) {
        const struct head_field *field = &exchange->fields[index];
        if (!each(context, field->name, field->value))
            return;
    }
}

static int is_called(const struct head_field *field, const char *name, size_t length)
{
    return field->name_length == length && strcasecmp(field->name, name) == 0;
}

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    const size_t length = strlen(name);
    if (exchange->field_count > FIELDS_KEPT)
        return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
    for (size_t index = 0; index < exchange->field_count; index++) {
        if (is_called(&exchange->fields[index], name, length))
            return exchange->fields[index].value;
    }
    return NULL;
}

struct header_count {
    const char *name;
    unsigned count;
};

static int count_header(void *context, const char *name, const char *value)
{
    struct header_count *count = context;
    (void)value;
    count->count += strcasecmp(name, count->name) == 0;
    return 1;
}

unsigned exchange_header_count(const struct exchange *exchange, const char *name)
{
    struct header_count count = {name, 0};
    const size_t length = strlen(name);
    if (exchange->field_count > FIELDS_KEPT)
        exchange_headers(exchange, count_header, &count);
    else
        for (size_t index = 0; index < exchange->field_count; index++)
            count.count += (unsigned)is_called(&exchange->fields[index], name, length);
    return count.count;
}

static size_t count_bytes(const char *text, const char *wanted)
{
    size_t count = 0;
    while (*(text += strcspn(text, wanted))) {
        count++;
        text++;
    }
    return count;
}

static int add_memory(void *context, const char *name, const char *value)
{
    size_t *used = context;
    *used += PAIR_MEMORY;
    if (strcasecmp(name, "Cookie") == 0)
        *used += strlen(value) + (1 + count_bytes(value, ";,")) * PAIR_MEMORY;
    return 1;
}

size_t exchange_reply_room(const struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const size_t memory = connection_memory(exchange->server->tap.head_max);
    size_t used = (info ? info->header_size : exchange->server->tap.head_max) +
                  count_bytes(exchange->target, "?&") * PAIR_MEMORY + OWN_REPLY_MAX;
    exchange_headers(exchange, add_memory, &used);
    return used < memory ? memory - used : 0;
}

const struct sockaddr *connection_peer(struct MHD_Connection *connection)
{
    static const struct sockaddr unknown = {.sa_family = AF_UNSPEC};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info && info->client_addr ? info->client_addr : &unknown;
}

const struct sockaddr *exchange_peer(const struct exchange *exchange)
{
    return connection_peer(exchange->connection);
}

uint64_t exchange_received(const struct exchange *exchange)
{
    return exchange->received;
}

uint64_t exchange_sent(const struct exchange *exchange)
{
    return exchange->sent;
}

uint64_t exchange_nanoseconds(const struct exchange *exchange)
{
    return exchange->took > 0 ? exchange->took : clock_now() - exchange->began;
}

unsigned exchange_status(const struct exchange *exchange)
{
    return exchange->status;
}

void exchange_keep(struct exchange *exchange, void *note)
{
    exchange->note = note;
}

void *exchange_note(const struct exchange *exchange)
{
    return exchange->note;
}

void exchange_set_problem(struct exchange *exchange, unsigned problem)
{
    exchange->problem = problem;
}

unsigned exchange_problem(const struct exchange *exchange)
{
    return exchange->problem;
}

void *exchange_session(const struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/* ---- the reply ----------------------------------------------------------------------
 */

static sieve_status set_reply(struct exchange *exchange, unsigned status,
                              struct MHD_Response *response, uint64_t length)
{
    if (!response)
        return SIEVE_E_MEMORY;
    exchange->response = response;
    exchange->status = status;
    /* Of a HEAD's answer only the head is. */
    exchange->sent =
        length == UINT64_MAX || strcmp(exchange->method, "HEAD") == 0 ? 0 : length;
    return SIEVE_OK;
}

sieve_status exchange_reply_text(struct exchange *exchange, unsigned status,
                                 const char *text)
{
    const struct bytes bytes = bytes_of_text(text);
    union {
        const unsigned char *from;
        void *to;
    } constant = {bytes.at}; /* it is only read */
    if (exchange->response)
        return SIEVE_E_STATE;
    return set_reply(exchange, status,
                     MHD_create_response_from_buffer(bytes.length, constant.to,
                                                     MHD_RESPMEM_PERSISTENT),
                     bytes.length);
}

sieve_status exchange_reply_bytes(struct exchange *exchange, unsigned status,
                                  struct bytes bytes, void (*release)(void *context),
                                  void *context)
{
    union {
        const unsigned char *from;
        void *to;
    } constant = {bytes.at}; /* it is only read */
    if (exchange->response)
        return SIEVE_E_STATE;
    return set_reply(exchange, status,
                     MHD_create_response_from_buffer_with_free_callback_cls(
                         bytes.length, constant.to, release, context),
                     bytes.length);
}

/* Where the connection's end is that of the body, what is broken off would look like all
 * of it: so the connection is reset. */
static ssize_t break_off(const struct pull *pull)
{
    const struct exchange *exchange = pull->exchange;
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (pull->source.length == UINT64_MAX && strcmp(exchange->version, "HTTP/1.0") == 0)
        (void)connect(exchange->link->descriptor, &nobody, sizeof nobody);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t pull(void *context, uint64_t offset, char *to, size_t capacity)
{
    const struct pull *pull = context;
    if (pull->exchange->is_cut)
        return break_off(pull);
    ssize_t count = pull->source.read(pull->source.context, offset, to, capacity);
    if (count > 0)
        pull->exchange->sent = offset + (uint64_t)count;
    if (count == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (count == REPLY_LATER)
        return 0;
    return count > 0 ? count : break_off(pull);
}

static void pull_free(void *context)
{
    struct pull *pull = context;
    if (pull->source.free)
        pull->source.free(pull->source.context);
    free(pull);
}

/* Nothing of the body is sent. */
static int has_no_body(const struct exchange *exchange, unsigned status)
{
    return strcmp(exchange->method, "HEAD") == 0 || status == 204 || status == 304;
}

sieve_status exchange_reply_source(struct exchange *exchange, unsigned status,
                                   const struct reply_source *source)
{
    uint64_t length = source->length == UINT64_MAX ? MHD_SIZE_UNKNOWN : source->length;
    if (exchange->response)
        return SIEVE_E_STATE;
    struct pull *own = malloc(sizeof *own);
    if (!own)
        return SIEVE_E_MEMORY;
    *own = (struct pull){*source, exchange};
    if (length == MHD_SIZE_UNKNOWN && has_no_body(exchange, status)) {
        exchange->is_bare = status != 204; /* whose head says nothing anyway */
        length = 0;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(length, CHUNK_LENGTH, pull, own, pull_free);
    if (!response)
        free(own);
    return set_reply(exchange, status, response, UINT64_MAX);
}

/* libmicrohttpd takes no tab and no field without a value; a blank means the same. */
static sieve_status add_with_blanks(struct exchange *exchange, const char *name,
                                    const char *value)
{
    char *copy = strdup(value[0] ? value : " ");
    if (!copy)
        return SIEVE_E_MEMORY;
    for (char *tab = strchr(copy, '\t'); tab; tab = strchr(tab, '\t'))
        *tab = ' ';
    const enum MHD_Result is_added =
        MHD_add_response_header(exchange->response, name, copy);
    free(copy);
    return is_added == MHD_YES ? SIEVE_OK : SIEVE_E_MEMORY;
}

sieve_status exchange_reply_header(struct exchange *exchange, const char *name,
                                   const char *value)
{
    if (value[0] == '\0' || strchr(value, '\t'))
        return add_with_blanks(exchange, name, value);
    return MHD_add_response_header(exchange->response, name, value) == MHD_YES
               ? SIEVE_OK
               : SIEVE_E_MEMORY;
}

void exchange_drop_all(struct exchange *exchange)
{
    exchange->drops_all = 1;
}

void exchange_break(struct exchange *exchange)
{
    exchange->is_broken = 1;
    exchange->is_cut = 1;
}
