/* page.c - GET /, with its style and script, and GET /openapi.json.
 *
 * The page is the same for all and knows nothing, so nobody is asked for a token; what it
 * asks the service for is asked as any other request.
 */
#include "service/documents.h"
#include "service/routes.h"

#include <string.h>
#include <strings.h>

#include "service/service.h"

struct header {
    const char *name;
    const char *value;
};

/* Of all of them. */
static const struct header common[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {NULL, NULL},
};

/* Of the page: its own style and script, requests to where it came from, nothing else. */
static const struct header of_page[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
     "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Permissions-Policy",
     "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    /* What somebody pasted is not kept for the way back either. */
    {"Cache-Control", "no-store"},
    {"Vary", "Accept-Language"},
    {NULL, NULL},
};

static const struct header of_look[] = {
    {"Content-Type", "text/css; charset=utf-8"},
    {"Cache-Control", "no-cache"},
    {NULL, NULL},
};

static const struct header of_script[] = {
    {"Content-Type", "text/javascript; charset=utf-8"},
    {"Cache-Control", "no-cache"},
    {NULL, NULL},
};

static const struct header of_openapi[] = {
    {"Content-Type", "application/json"},
    {"Cache-Control", "no-cache"},
    {NULL, NULL},
};

/* ---- the language --------------------------------------------------------------------
 */

/* The weight of a language range, 0 to 1000: what follows "q=". */
static int weight_of(const char *parameters, size_t length)
{
    const char *q = memchr(parameters, '=', length);
    if (!q)
        return 1000;
    int weight = q[1] == '1' ? 1000 : 0;
    int place = 100;
    if (q[1] == '\0' || q[2] != '.')
        return weight;
    for (const char *digit = q + 3; *digit >= '0' && *digit <= '9' && place > 0;
         digit++) {
        weight += (*digit - '0') * place;
        place /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

static int is_language(const char *range, size_t length, const char *language)
{
    return length >= 2 && strncasecmp(range, language, 2) == 0 &&
           (length == 2 || range[2] == '-');
}

/* 1 if the header (RFC 9110, 12.5.4) asks for Japanese rather than for English. */
static int prefers_japanese(const char *accepted)
{
    int japanese = 0;
    int english = 0;
    for (const char *at = accepted ? accepted : ""; *at;) {
        at += strspn(at, ", \t");
        const size_t length = strcspn(at, ",");
        const size_t name = strcspn(at, ",; \t");
        const int weight = weight_of(at + name, length - name);
        /* Of two that weigh the same the first is meant. */
        if (is_language(at, name, "ja") && weight > english && weight > japanese)
            japanese = weight;
        if (is_language(at, name, "en") && weight > english && weight > japanese)
            english = weight;
        at += length;
    }
    return japanese > english;
}

/* "?lang=ja" and "?lang=en" win; -1 if the query says neither. */
static int language_of_query(const char *target)
{
    const char *query = strchr(target, '?');
    if (query && strcmp(query, "?lang=ja") == 0)
        return 1;
    return query && strcmp(query, "?lang=en") == 0 ? 0 : -1;
}

/* ---- replies -------------------------------------------------------------------------
 */

static sieve_status add_headers(struct exchange *exchange, const struct header *headers)
{
    sieve_status status = SIEVE_OK;
    for (; headers->name && status == SIEVE_OK; headers++)
        status = exchange_reply_header(exchange, headers->name, headers->value);
    return status;
}

static void reply(struct exchange *exchange, const char *text,
                  const struct header *headers)
{
    sieve_status status = exchange_reply_text(exchange, 200, text);
    if (status != SIEVE_OK)
        return;
    status = add_headers(exchange, common);
    if (status == SIEVE_OK)
        status = add_headers(exchange, headers);
    if (status != SIEVE_OK)
        exchange_break(exchange); /* it is never shown without its policy */
}

static int has_page(const struct exchange *exchange)
{
    return visit_of(exchange)->state->settings.page;
}

void page_begin(struct exchange *exchange)
{
    int japanese = language_of_query(exchange_target(exchange));
    if (!has_page(exchange)) {
        exchange_refuse(exchange, PROBLEM_NOT_FOUND);
        return;
    }
    if (japanese < 0)
        japanese = prefers_japanese(exchange_header(exchange, "Accept-Language"));
    reply(exchange, japanese ? document_page_ja : document_page_en, of_page);
    if (exchange_status(exchange) == 200 &&
        exchange_reply_header(exchange, "Content-Language", japanese ? "ja" : "en") !=
            SIEVE_OK)
        exchange_break(exchange);
}

void page_look_begin(struct exchange *exchange)
{
    if (has_page(exchange))
        reply(exchange, document_look, of_look);
    else
        exchange_refuse(exchange, PROBLEM_NOT_FOUND);
}

void page_script_begin(struct exchange *exchange)
{
    if (has_page(exchange))
        reply(exchange, document_script, of_script);
    else
        exchange_refuse(exchange, PROBLEM_NOT_FOUND);
}

void openapi_begin(struct exchange *exchange)
{
    reply(exchange, document_openapi, of_openapi);
}
