#include "service/problem.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct row {
    unsigned status;
    const char *name;
    const char *body;
};

#define ROW(status, name, title, detail)                                                 \
    {                                                                                    \
        status, name,                                                                    \
            "{\"type\":\"urn:cardsieve:problem:" name "\",\"title\":\"" title            \
            "\",\"status\":" #status ",\"detail\":\"" detail "\"}\n"                     \
    }

static const struct row rows[PROBLEM_COUNT] = {
    [PROBLEM_NONE] = {200, "", ""},
    [PROBLEM_MALFORMED] = ROW(400, "malformed", "Malformed request",
                              "This is not a well-formed HTTP/1.1 request."),
    [PROBLEM_FRAMING] = ROW(400, "framing", "Ambiguous length",
                            "The length of the request can be read in more than one "
                            "way."),
    [PROBLEM_OPTION] = ROW(400, "option", "Unknown option",
                           "An option of the query or of a header is not known, or its "
                           "value is not one of those it takes."),
    [PROBLEM_UNAUTHORIZED] =
        ROW(401, "unauthorized", "Who are you?",
            "A bearer token or a client certificate that is known here is needed."),
    [PROBLEM_FORBIDDEN] = ROW(403, "forbidden", "Not from there",
                              "Requests from this address are not taken."),
    [PROBLEM_BLOCKED] = ROW(403, "blocked", "Card data",
                            "The request holds card data; nothing of it was forwarded."),
    [PROBLEM_NOT_FOUND] = ROW(404, "not-found", "Not found", "There is nothing here."),
    [PROBLEM_METHOD] = ROW(405, "method", "Method not allowed",
                           "This resource does not take that method; see Allow."),
    [PROBLEM_TIMEOUT] =
        ROW(408, "timeout", "Too slow", "The request did not arrive in time."),
    [PROBLEM_LENGTH] = ROW(411, "length-required", "Length required",
                           "The body needs a Content-Length or the chunked coding."),
    [PROBLEM_TOO_LARGE] = ROW(413, "too-large", "Body too large",
                              "The body is larger than this service takes."),
    [PROBLEM_EXPANDS] = ROW(413, "expands", "Body expands too much",
                            "The decoded body is larger than this service takes."),
    [PROBLEM_URI_TOO_LONG] = ROW(414, "uri-too-long", "Target too long",
                                 "The request's target is longer than this service "
                                 "takes."),
    [PROBLEM_CODING] = ROW(415, "coding", "Unknown content coding",
                           "The Content-Encoding is not one of those in "
                           "Accept-Encoding."),
    [PROBLEM_TYPE] = ROW(415, "media-type", "Unreadable media type",
                         "The Content-Type cannot be read, or its charset is not one "
                         "that is examined."),
    [PROBLEM_EXPECTATION] = ROW(417, "expectation", "Expectation failed",
                                "Only 100-continue may be expected."),
    [PROBLEM_MISDIRECTED] = ROW(421, "misdirected", "Misdirected request",
                                "This service does not answer for that host."),
    [PROBLEM_DAMAGED] = ROW(422, "damaged", "Damaged content",
                            "The content is not what its coding or its media type "
                            "claims it to be."),
    [PROBLEM_OPAQUE] = ROW(422, "opaque", "Content cannot be masked",
                           "The content hides what is in it, so it cannot be masked."),
    [PROBLEM_TOO_MANY] = ROW(429, "too-many", "Too many requests",
                             "This client sends more requests than it may."),
    [PROBLEM_HEAD_TOO_LARGE] = ROW(431, "head-too-large", "Header fields too large",
                                   "The request's head is larger than this service "
                                   "takes."),
    [PROBLEM_INTERNAL] = ROW(500, "internal", "Internal error",
                             "The request could not be served; nothing was handed on."),
    [PROBLEM_CONNECT] =
        ROW(501, "connect", "No tunnels", "The method CONNECT is not served here."),
    [PROBLEM_UPGRADE] = ROW(501, "upgrade", "No upgrades",
                            "No other protocol than HTTP/1.1 is spoken here."),
    [PROBLEM_TRANSFER] = ROW(501, "transfer-coding", "Unknown transfer coding",
                             "Only the chunked transfer coding is known here."),
    [PROBLEM_UPSTREAM] =
        ROW(502, "upstream", "Upstream unreachable", "No upstream can be reached."),
    [PROBLEM_BROKEN] = ROW(502, "upstream-broken", "Upstream broken",
                           "The upstream broke off, or its response is not HTTP/1.1."),
    [PROBLEM_WITHHELD] = ROW(502, "withheld", "Card data",
                             "The response holds card data; it is withheld."),
    [PROBLEM_UNEXAMINED] =
        ROW(502, "unexamined", "Response not examined",
            "The response cannot be examined for card data; it is withheld."),
    [PROBLEM_BUSY] = ROW(503, "busy", "Busy", "The service has no room; try again."),
    [PROBLEM_STORAGE] = ROW(503, "storage", "No storage",
                            "The body is large and cannot be kept meanwhile; nothing was "
                            "handed on."),
    [PROBLEM_DRAINING] =
        ROW(503, "draining", "Shutting down", "The service takes no more requests."),
    [PROBLEM_REMOVED] = ROW(503, "removed", "Proxy removed",
                            "The configuration does not have this proxy any more."),
    [PROBLEM_SLOW] =
        ROW(504, "upstream-slow", "Upstream too slow", "The upstream took too long."),
    [PROBLEM_VERSION] = ROW(505, "version", "HTTP version not supported",
                            "Only HTTP/1.0 and HTTP/1.1 are known here."),
    [PROBLEM_LOOP] =
        ROW(508, "loop", "Loop", "The request has come through this proxy before."),
};

const char *problem_name(enum problem problem)
{
    return rows[problem].name;
}

int problem_is_of_proxy(enum problem problem)
{
    return problem == PROBLEM_BLOCKED || problem == PROBLEM_UPGRADE ||
           (problem >= PROBLEM_UPSTREAM && problem <= PROBLEM_UNEXAMINED) ||
           problem == PROBLEM_REMOVED || problem == PROBLEM_SLOW ||
           problem == PROBLEM_LOOP;
}

unsigned problem_status(enum problem problem)
{
    return rows[problem].status;
}

const char *problem_body(enum problem problem)
{
    return rows[problem].body;
}

size_t problem_write_reply(enum problem problem, int is_head,
                           char reply[PROBLEM_REPLY_MAX])
{
    const char *body = problem_body(problem);
    const char *hint = problem == PROBLEM_TOO_MANY || problem == PROBLEM_BUSY
                           ? "Retry-After: 1\r\n"
                           : "";
    const int length =
        snprintf(reply, PROBLEM_REPLY_MAX,
                 "HTTP/1.1 %u Refused\r\nContent-Type: " PROBLEM_TYPE_JSON "\r\n"
                 "Content-Length: %zu\r\nCache-Control: no-store\r\n"
                 "%sConnection: close\r\n\r\n%s",
                 problem_status(problem), strlen(body), hint, is_head ? "" : body);
    return length > 0 && length < PROBLEM_REPLY_MAX ? (size_t)length : 0;
}

enum problem problem_of_status(sieve_status status)
{
    switch (status) {
    case SIEVE_E_CORRUPT:
        return PROBLEM_DAMAGED;
    case SIEVE_E_LIMIT:
    case SIEVE_E_MEMORY:
        return PROBLEM_BUSY;
    case SIEVE_E_INVALID:
        return PROBLEM_OPTION;
    case SIEVE_E_IO: /* of the spool: there is no other file */
        return PROBLEM_STORAGE;
    case SIEVE_OK:
        return PROBLEM_NONE;
    case SIEVE_STOPPED:
    case SIEVE_E_PATTERN:
    case SIEVE_E_STATE:
    case SIEVE_E_INTERNAL:
        break;
    }
    return PROBLEM_INTERNAL;
}

/* What else a status needs to be of use. */
static sieve_status add_hints(struct exchange *exchange, enum problem problem)
{
    if (problem == PROBLEM_UNAUTHORIZED)
        return exchange_reply_header(exchange, "WWW-Authenticate",
                                     "Bearer realm=\"cardsieve\"");
    if (problem == PROBLEM_CODING)
        return exchange_reply_header(exchange, "Accept-Encoding",
                                     "gzip, zstd, br, deflate, identity");
    if (problem == PROBLEM_TOO_MANY || problem == PROBLEM_BUSY)
        return exchange_reply_header(exchange, "Retry-After", "1");
    return SIEVE_OK;
}

void exchange_refuse(struct exchange *exchange, enum problem problem)
{
    sieve_status status =
        exchange_reply_text(exchange, problem_status(problem), problem_body(problem));
    if (status != SIEVE_OK)
        return;
    exchange_set_problem(exchange, problem);
    status = exchange_reply_header(exchange, "Content-Type", PROBLEM_TYPE_JSON);
    if (status == SIEVE_OK)
        status = exchange_reply_header(exchange, "Cache-Control", "no-store");
    if (status == SIEVE_OK)
        status = add_hints(exchange, problem);
    (void)status; /* without memory for a header the refusal goes out bare */
}
