/* upstream_head.c - the head of a response, line by line, read more strictly than libcurl
 * does: where its end and the length of its body could be read in two ways, it is no
 * HTTP/1.1.
 */
#include "service/upstream_inside.h"

#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "service/fields.h"

#define LENGTH_DIGITS 18u

static int has_control(const char *text, size_t length)
{
    for (size_t index = 0; index < length; index++) {
        const unsigned char byte = (unsigned char)text[index];
        if ((byte < ' ' && byte != '\t') || byte == 0x7F)
            return 1;
    }
    return 0;
}

/* "HTTP/1.1 200 OK"; an interim one is followed by another head. */
static int take_status(struct upstream_head *head, const char *line, size_t length)
{
    const size_t kept = head->length;
    if (length < 12 || memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ' ||
        (line[7] != '0' && line[7] != '1') || (length > 12 && line[12] != ' '))
        return -1;
    *head = (struct upstream_head){.length = kept, .has_begun = 1};
    head->is_old = line[7] == '0';
    for (size_t index = 9; index < 12; index++) {
        if (line[index] < '0' || line[index] > '9')
            return -1;
        head->status = head->status * 10 + (unsigned)(line[index] - '0');
    }
    /* Nobody asked to switch protocols. */
    return head->status < 100 || head->status > 599 || head->status == 101 ? -1 : 0;
}

static int take_framing(struct upstream_head *head, const char *name, const char *value)
{
    if (strcasecmp(name, "Content-Length") == 0) {
        if (head->lengths++ > 0 || strlen(value) > LENGTH_DIGITS)
            return -1;
        return number_parse(value, UINT64_MAX, &head->body_length);
    }
    if (strcasecmp(name, "Transfer-Encoding") == 0)
        return head->transfers++ > 0 || strcasecmp(value, "chunked") != 0 ? -1 : 0;
    return 0;
}

static int take_field(struct upstream_request *request, char *line, size_t length)
{
    size_t name = 0;
    while (name < length && field_is_token((unsigned char)line[name]))
        name++;
    if (name == 0 || name == length || line[name] != ':')
        return -1; /* a fold, among others */
    size_t at = name + 1;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    while (length > at && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    line[name] = line[length] = '\0';
    if (take_framing(&request->head, line, line + at) < 0)
        return -1;
    if (request->head.status >= 200)
        request->ops->field(request->context, line, line + at);
    return 0;
}

static int has_no_body(const struct upstream_request *request)
{
    const unsigned status = request->head.status;
    return request->is_head || status == 204 || status == 304;
}

static int end_head(struct upstream_request *request)
{
    struct upstream_head *head = &request->head;
    uint64_t length = head->lengths > 0 ? head->body_length : UINT64_MAX;
    if (head->transfers > 0 && (head->lengths > 0 || head->is_old))
        return -1;
    head->has_begun = 0;
    if (head->status < 200)
        return 0;
    head->is_over = 1;
    if (has_no_body(request))
        length = 0;
    request->is_spent = head->is_old; /* on it libcurl would speak HTTP/1.0, too */
    if (length == 0 || head->transfers > 0)
        upstream_request_watch(request);
    request->ops->head(request->context, head->status, length);
    return 0;
}

int upstream_head_line(struct upstream_request *request, const char *line, size_t length)
{
    struct upstream_head *head = &request->head;
    char *copy = request->pool->line;
    head->length += length;
    if (head->length > UPSTREAM_HEAD_MAX)
        return -1;
    if (head->is_over)
        return 0; /* a trailer */
    if (length < 2 || line[length - 2] != '\r' || line[length - 1] != '\n' ||
        has_control(line, length - 2))
        return -1;
    length -= 2;
    if (!head->has_begun)
        return take_status(head, line, length);
    if (length == 0)
        return end_head(request);
    memcpy(copy, line, length);
    return take_field(request, copy, length);
}
