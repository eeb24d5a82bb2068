/* upstream_fields.c - the fields of a request as libcurl takes them: a list in one piece
 * of memory.  Each field that libcurl would add by itself is turned off in it.
 */
#include "service/upstream_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/wipe.h"

#define FIELDS_OF_OURS 5u

/* Where the next field of the list goes. */
struct field_list {
    struct curl_slist *next;
    char *at;
};

/* libcurl sends "name;" as a field without a value, and drops one of its own for
 * "name:". */
static void add_field(struct field_list *list, const char *name, const char *value)
{
    const size_t name_length = strlen(name);
    const size_t value_length = strlen(value);
    struct curl_slist *node = list->next++;
    node->data = list->at;
    node->next = list->next;
    memcpy(list->at, name, name_length);
    list->at += name_length;
    *list->at++ = value_length > 0 ? ':' : ';';
    if (value_length > 0)
        *list->at++ = ' ';
    memcpy(list->at, value, value_length + 1);
    list->at += value_length + 1;
}

static void add_constant(struct field_list *list, const char *text)
{
    const size_t length = strlen(text) + 1;
    struct curl_slist *node = list->next++;
    node->data = list->at;
    node->next = list->next;
    memcpy(list->at, text, length);
    list->at += length;
}

static int has_field(const struct upstream_call *call, const char *name)
{
    for (size_t index = 0; index < call->field_count; index++) {
        if (strcasecmp(call->fields[index].name, name) == 0)
            return 1;
    }
    return 0;
}

static size_t words_length(const struct upstream_call *call)
{
    const size_t nodes = call->field_count + FIELDS_OF_OURS;
    size_t length = nodes * sizeof(struct curl_slist) + 128;
    for (size_t index = 0; index < call->field_count; index++)
        length +=
            strlen(call->fields[index].name) + strlen(call->fields[index].value) + 3;
    return length;
}

static int make_room(struct upstream_request *request, size_t length)
{
    request->words_length = length;
    if (length <= request->words_capacity)
        return 0;
    wipe_free(request->words, request->words_capacity);
    request->words = malloc(length);
    request->words_capacity = request->words ? length : 0;
    return request->words ? 0 : -1;
}

int upstream_write_fields(struct upstream_request *request,
                          const struct upstream_call *call)
{
    if (make_room(request, words_length(call)) < 0)
        return -1;
    struct curl_slist *first = (struct curl_slist *)(void *)request->words;
    struct field_list list = {first,
                              (char *)(first + call->field_count + FIELDS_OF_OURS)};
    for (size_t index = 0; index < call->field_count; index++)
        add_field(&list, call->fields[index].name, call->fields[index].value);
    if (!has_field(call, "Accept"))
        add_constant(&list, "Accept:");
    if (request->body != UPSTREAM_BODY_NONE) {
        add_constant(&list, "Expect:");
        if (!has_field(call, "Content-Type"))
            add_constant(&list, "Content-Type:");
        if (request->body == UPSTREAM_BODY_READ && call->length == UINT64_MAX)
            add_constant(&list, "Transfer-Encoding: chunked");
    }
    request->fields = list.next > first ? first : NULL;
    if (request->fields)
        list.next[-1].next = NULL;
    return 0;
}
