#include "service/config_values.h"

#include <string.h>

#include "base/number.h"

static size_t room_of(const struct config_row *row)
{
    return row->most > 0 ? (size_t)row->most : SETTING_LENGTH_MAX;
}

static char *text_at(void *target, const struct config_row *row)
{
    return (char *)target + row->at;
}

const char *config_set_text(void *target, const struct config_row *row, const char *value)
{
    const size_t length = strlen(value);
    if (length >= room_of(row))
        return "it is too long";
    memcpy(text_at(target, row), value, length + 1);
    return NULL;
}

const char *config_set_file(void *target, const struct config_row *row, const char *value)
{
    return value[0] == '\0' || value[0] == '/' ? config_set_text(target, row, value)
                                               : "a path begins with /";
}

/* ---- numbers -------------------------------------------------------------------------
 */

static void put_number(void *target, const struct config_row *row, uint64_t number)
{
    memcpy((char *)target + row->at, &number, sizeof number);
}

const char *config_set_number(void *target, const struct config_row *row,
                              const char *value)
{
    uint64_t number = 0;
    if (number_parse(value, row->most, &number) < 0)
        return "it is no number, or too large";
    put_number(target, row, number);
    return NULL;
}

const char *config_set_size(void *target, const struct config_row *row, const char *value)
{
    uint64_t number = 0;
    if (number_parse_size(value, &number) < 0 || number == 0)
        return "it is no size: 1000, 64K, 16M, 10G";
    put_number(target, row, number);
    return NULL;
}

const char *config_set_time(void *target, const struct config_row *row, const char *value)
{
    uint64_t number = 0;
    if (number_parse_time(value, &number) < 0 || number == 0 || number > row->most)
        return "it is no time: 500ms, 30s, 5m";
    put_number(target, row, number);
    return NULL;
}

const char *config_set_mode(void *target, const struct config_row *row, const char *value)
{
    uint64_t mode = 0;
    if (strlen(value) < 3 || strlen(value) > 4 ||
        strspn(value, "01234567") != strlen(value))
        return "it is no mode: 0660";
    for (; *value; value++)
        mode = mode * 8 + (uint64_t)(*value - '0');
    if (mode > 0777)
        return "it is no mode: 0660";
    put_number(target, row, mode);
    return NULL;
}

const char *config_set_flag(void *target, const struct config_row *row, const char *value)
{
    const int is_on = strcmp(value, "true") == 0 || strcmp(value, "yes") == 0;
    if (!is_on && strcmp(value, "false") != 0 && strcmp(value, "no") != 0)
        return "it is not one of true, false";
    memcpy((char *)target + row->at, &is_on, sizeof is_on);
    return NULL;
}

/* ---- words ---------------------------------------------------------------------------
 */

int config_word_of(const char *const *words, const char *value)
{
    for (int index = 0; words[index]; index++) {
        if (strcmp(value, words[index]) == 0)
            return index;
    }
    return -1;
}

const char *config_add_word(void *target, const struct config_row *row, const char *value)
{
    char *text = text_at(target, row);
    const size_t used = strlen(text);
    const size_t length = strlen(value);
    if (length == 0 || strpbrk(value, " \t\r\n"))
        return "it is empty, or has a blank in it";
    if (length + 2 > room_of(row) - used)
        return "there are too many of them";
    memcpy(text + used, value, length);
    memcpy(text + used + length, " ", 2);
    return NULL;
}

const char *config_add_host(void *target, const struct config_row *row, const char *value)
{
    if (value[0] == '\0' || strpbrk(value, " ,/"))
        return "it is no name of a host";
    return config_add_word(target, row, value);
}

void config_clear_words(void *target, const struct config_row *row)
{
    text_at(target, row)[0] = '\0';
}

size_t config_next_word(const char **text)
{
    *text += strspn(*text, " ");
    return strcspn(*text, " ");
}
