/* upstream_request.c - one request's handle of libcurl, and what libcurl tells of it.
 *
 * A handle is set up once and used again and again.  libcurl does more than a proxy may:
 * each such habit is turned off in set_habits() or in the list of fields.
 */
#include "service/upstream_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wipe.h"
#include "service/trouble.h"

#define BUFFER_LENGTH (64L << 10)
#define UPLOAD_LENGTH (256L << 10) /* of a body that is streamed */
#define IDLE_SECONDS  55L          /* a pooled connection's, then it is not used again */

/* ---- what libcurl tells --------------------------------------------------------------
 */

static int is_over(const struct upstream_request *request)
{
    return request->phase != UPSTREAM_ACTIVE;
}

static size_t see_line(char *line, size_t size, size_t count, void *context)
{
    struct upstream_request *request = context;
    const size_t length = size * count;
    if (is_over(request))
        return 0;
    request->last = request->pool->now;
    if (upstream_head_line(request, line, length) == 0 && !is_over(request))
        return length;
    request->is_broken = 1;
    return 0;
}

static size_t see_piece(char *bytes, size_t size, size_t count, void *context)
{
    struct upstream_request *request = context;
    const size_t length = size * count;
    if (is_over(request) || !request->head.is_over)
        return 0;
    request->last = request->pool->now;
    const int answer = request->ops->piece(request->context, bytes_of(bytes, length));
    request->is_full = answer == UPSTREAM_LATER;
    if (answer == UPSTREAM_LATER)
        return CURL_WRITEFUNC_PAUSE;
    request->is_stopped |= answer != 0;
    return answer == 0 ? length : 0;
}

/* Bytes behind a response belong to none: what comes behind them would be taken for the
 * answer to the next request.  libcurl drops them, and uses the connection again, where
 * the response ended with its head or with a chunk; it says so, in words alone. */
static int see_words(CURL *easy, curl_infotype kind,
                     char *words, // NOLINT(readability-non-const-parameter)
                     size_t length, void *context)
{
    static const char *const leftovers[] = {"Excess found", "Leftovers after chunking"};
    struct upstream_request *request = context;
    (void)easy;
    for (size_t index = 0; index < sizeof leftovers / sizeof leftovers[0]; index++) {
        const size_t wanted = strlen(leftovers[index]);
        if (kind == CURLINFO_TEXT && length >= wanted &&
            memcmp(words, leftovers[index], wanted) == 0)
            request->is_spent = 1;
    }
    return 0;
}

void upstream_request_watch(struct upstream_request *request)
{
    request->is_watched = 1;
    if (curl_easy_setopt(request->easy, CURLOPT_VERBOSE, 1L) != CURLE_OK)
        request->is_spent = 1;
}

static size_t give(char *to, size_t size, size_t count, void *context)
{
    struct upstream_request *request = context;
    if (is_over(request))
        return CURL_READFUNC_ABORT;
    const ssize_t given = request->ops->read(request->context, to, size * count);
    request->is_empty = given == UPSTREAM_LATER;
    if (given == UPSTREAM_LATER)
        return CURL_READFUNC_PAUSE;
    if (given >= 0) {
        request->last = request->pool->now;
        return (size_t)given;
    }
    request->is_stopped = 1;
    return CURL_READFUNC_ABORT;
}

/* A connection is there, and bytes go out next.  libcurl comes here a second time when a
 * pooled connection turned out to be dead and it wants to send all again: only what can
 * be done twice without harm may be. */
static int see_connection(void *context,
                          char *peer, // NOLINT(readability-non-const-parameter)
                          char *own,  // NOLINT(readability-non-const-parameter)
                          int peer_port, int own_port)
{
    struct upstream_request *request = context;
    struct upstream_address *address = &request->group->addresses[request->address];
    (void)peer;
    (void)own;
    (void)peer_port;
    (void)own_port;
    /* It counts such turns over the life of a handle, and gives up at the sixth: the
     * handle is set up anew for the next request. */
    if (request->is_sent)
        request->configured = 0;
    if (is_over(request) || (request->is_sent && !request->is_repeatable))
        return CURL_PREREQFUNC_ABORT;
    request->is_sent = 1;
    request->last = request->pool->now;
    upstream_address_works(request->group, address);
    if (request->is_new_connection)
        atomic_fetch_add_explicit(&address->tally->connections, 1, memory_order_relaxed);
    request->is_new_connection = 0;
    return CURL_PREREQFUNC_OK;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct upstream_request *request = context;
    (void)purpose;
    const int descriptor =
        socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
               address->protocol);
    if (descriptor < 0) {
        request->is_starved = 1;
        trouble_note(TROUBLE_DESCRIPTORS, 1, errno);
        return CURL_SOCKET_BAD;
    }
    if (upstream_socket_opened(request->pool, descriptor) < 0) {
        (void)close(descriptor);
        return CURL_SOCKET_BAD;
    }
    request->is_new_connection = 1;
    return descriptor;
}

static int close_socket(void *context, curl_socket_t descriptor)
{
    upstream_socket_closed(context, descriptor);
    return close(descriptor);
}

/* ---- a handle ------------------------------------------------------------------------
 */

static int set_events(struct upstream_request *request)
{
    CURL *easy = request->easy;
    int failed = 0;
    failed |= curl_easy_setopt(easy, CURLOPT_PRIVATE, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, see_line) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, see_piece) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, see_words) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_DEBUGDATA, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_READFUNCTION, give) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_READDATA, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, see_connection) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, request) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, request) != CURLE_OK;
    failed |=
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, request->pool) != CURLE_OK;
    return failed ? -1 : 0;
}

/* What libcurl would do of its own accord, or because of its environment. */
static int set_habits(CURL *easy)
{
    const long on = 1;
    const long off = 0;
    int failed = 0;
    failed |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, on) != CURLE_OK;
    /* Who gives up while a name is looked up does not wait for the thread that does it.
     */
    failed |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, on) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PROXY, "") != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK;
    failed |=
        curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https") != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, off) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) !=
              CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, off) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, off) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, on) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, on) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, on) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, IDLE_SECONDS) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER_LENGTH) != CURLE_OK;
    failed |=
        curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER_LENGTH) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, on) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, off) != CURLE_OK;
    failed |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) !=
              CURLE_OK;
    return failed ? -1 : 0;
}

static int set_group(CURL *easy, const struct upstream_group *group)
{
    int failed = 0;
    failed |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                               (long)group->plan.connect_timeout) != CURLE_OK;
    if (group->authorities[0]) {
        failed |= curl_easy_setopt(easy, CURLOPT_CAINFO, group->authorities) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) != CURLE_OK;
    }
    if (group->certificate[0])
        failed |= curl_easy_setopt(easy, CURLOPT_SSLCERT, group->certificate) != CURLE_OK;
    if (group->key[0])
        failed |= curl_easy_setopt(easy, CURLOPT_SSLKEY, group->key) != CURLE_OK;
    return failed ? -1 : 0;
}

/* A handle that served another group forgets it: nothing of a client's certificate may
 * stay behind. */
static int configure(struct upstream_request *request)
{
    if (request->configured == request->group->serial)
        return 0;
    curl_easy_reset(request->easy);
    request->method[0] = '\0';
    request->configured = 0;
    if (set_events(request) < 0 || set_habits(request->easy) < 0 ||
        set_group(request->easy, request->group) < 0)
        return -1;
    request->configured = request->group->serial;
    return 0;
}

struct upstream_request *upstream_request_new(struct upstream_pool *pool)
{
    struct upstream_request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->pool = pool;
    request->easy = curl_easy_init();
    if (request->easy)
        return request;
    free(request);
    return NULL;
}

void upstream_request_free(struct upstream_request *request)
{
    curl_easy_cleanup(request->easy);
    wipe_free(request->words, request->words_capacity);
    free(request);
}

/* ---- a call --------------------------------------------------------------------------
 */

static int is_one_of(const char *method, const char *const *methods)
{
    for (; *methods; methods++) {
        if (strcmp(method, *methods) == 0)
            return 1;
    }
    return 0;
}

static int set_method(struct upstream_request *request, const char *method)
{
    const size_t length = strlen(method);
    if (strcmp(request->method, method) == 0)
        return 0;
    if (length == 0 || length >= sizeof request->method)
        return -1;
    memcpy(request->method, method, length + 1);
    return curl_easy_setopt(request->easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK
               ? 0
               : -1;
}

static int set_body(struct upstream_request *request)
{
    CURL *easy = request->easy;
    int failed = 0;
    if (request->is_head) {
        failed = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) != CURLE_OK;
    } else if (request->body == UPSTREAM_BODY_NONE) {
        failed = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) != CURLE_OK;
    } else {
        const int is_whole = request->body == UPSTREAM_BODY_WHOLE;
        const curl_off_t length =
            request->length == UINT64_MAX ? -1 : (curl_off_t)request->length;
        const void *bytes = is_whole ? request->whole.at : NULL;
        if (is_whole && !bytes)
            bytes = "";
        failed |= curl_easy_setopt(easy, CURLOPT_POST, 1L) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, length) != CURLE_OK;
        failed |= curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
                                   is_whole ? BUFFER_LENGTH : UPLOAD_LENGTH) != CURLE_OK;
    }
    return failed ? -1 : 0;
}

static void take_call(struct upstream_request *request, const struct upstream_call *call)
{
    static const char *const repeatable[] = {"GET", "HEAD",   "OPTIONS", "TRACE",
                                             "PUT", "DELETE", NULL};
    static const char *const with_body[] = {"POST", "PUT", "PATCH", NULL};
    request->ops = call->ops;
    request->context = call->context;
    request->is_head = strcmp(call->method, "HEAD") == 0;
    request->body = call->body;
    request->whole = call->whole;
    request->length = call->length;
    if (call->body == UPSTREAM_BODY_WHOLE)
        request->length = call->whole.length;
    /* libcurl would tell of a body and send none: what comes next would be taken for it.
     */
    if (request->is_head)
        request->body = UPSTREAM_BODY_NONE;
    /* Where a body is expected, there is one of no bytes. */
    if (call->body == UPSTREAM_BODY_NONE && is_one_of(call->method, with_body)) {
        request->body = UPSTREAM_BODY_WHOLE;
        request->whole = bytes_of("", 0);
        request->length = 0;
    }
    request->is_repeatable =
        is_one_of(call->method, repeatable) && request->body != UPSTREAM_BODY_READ;
}

int upstream_request_aim(struct upstream_request *request)
{
    return curl_easy_setopt(request->easy, CURLOPT_CURLU,
                            request->group->addresses[request->address].url) == CURLE_OK
               ? 0
               : -1;
}

static sieve_status prepare(struct upstream_request *request,
                            const struct upstream_call *call)
{
    take_call(request, call);
    if (configure(request) < 0 || upstream_write_fields(request, call) < 0)
        return SIEVE_E_MEMORY;
    if (set_method(request, call->method) < 0)
        return SIEVE_E_INVALID;
    if (curl_easy_setopt(request->easy, CURLOPT_REQUEST_TARGET, call->target) !=
            CURLE_OK ||
        curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, request->fields) != CURLE_OK)
        return SIEVE_E_MEMORY;
    if (request->is_watched &&
        curl_easy_setopt(request->easy, CURLOPT_VERBOSE, 0L) != CURLE_OK)
        return SIEVE_E_MEMORY;
    request->is_watched = 0;
    return set_body(request) < 0 || upstream_request_aim(request) < 0 ? SIEVE_E_MEMORY
                                                                      : SIEVE_OK;
}

sieve_status upstream_request_prepare(struct upstream_request *request,
                                      const struct upstream_call *call)
{
    const sieve_status status = prepare(request, call);
    /* Half of a call may be left in the handle: the next one finds nothing of it. */
    if (status != SIEVE_OK)
        request->configured = 0;
    return status;
}
