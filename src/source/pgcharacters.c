#include <string.h>

#include "source/pgrepair.h"

static size_t one_byte(const unsigned char *at, size_t left)
{
    (void)at;
    (void)left;
    return 1;
}

static size_t at_most(size_t length, size_t left)
{
    return length < left ? length : left;
}

/* EUC of Japan: 0x8E leads one byte, 0x8F two. */
static size_t euc_jp_length(const unsigned char *at, size_t left)
{
    return at_most(at[0] == 0x8F ? 3 : at[0] >= 0x80 ? 2 : 1, left);
}

static size_t two_byte_length(const unsigned char *at, size_t left)
{
    return at_most(at[0] >= 0x80 ? 2 : 1, left);
}

/* EUC of Taiwan: 0x8E leads three bytes. */
static size_t euc_tw_length(const unsigned char *at, size_t left)
{
    return at_most(at[0] == 0x8E ? 4 : at[0] == 0x8F ? 3 : at[0] >= 0x80 ? 2 : 1, left);
}

character_length pgcharacters_of(const char *encoding)
{
    static const struct {
        const char *name;
        character_length length_of;
    } rows[] = {
        {"UTF8", utf8_length},           {"EUC_JP", euc_jp_length},
        {"EUC_JIS_2004", euc_jp_length}, {"EUC_CN", two_byte_length},
        {"EUC_KR", two_byte_length},     {"EUC_TW", euc_tw_length},
        {"MULE_INTERNAL", NULL},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        if (strcmp(rows[index].name, encoding) == 0)
            return rows[index].length_of;
    }
    return one_byte; /* LATIN1, WIN1252, KOI8R, ... and SQL_ASCII */
}
