#include "service/charset.h"

#include <stddef.h>
#include <string.h>

/* A name, without its punctuation, with its end; no known one is longer. */
#define NAME_MAX_LENGTH 48u

/* Names in lower case, letters and digits only.  '#' is one or two digits: pages that
 * differ in other characters than the digits.  In all of them an ASCII digit is an ASCII
 * byte, or a unit of UTF-16.  Left out on purpose: utf32, ucs4, utf7, hz, iso2022kr,
 * iso2022cn, scsu, bocu1, and the pages of EBCDIC (ibm037, cp500, ibm1047, ...). */
static const char *const names[] = {
    /* Unicode */
    "utf8",
    "unicode11utf8",
    "csutf8",
    "utf8mb3",
    "utf8mb4",
    "utf8sig",
    "xutf8",
    "cesu8",
    "utf16",
    "utf16le",
    "utf16be",
    "csutf16",
    "csutf16le",
    "csutf16be",
    "ucs2",
    "ucs2le",
    "ucs2be",
    "iso10646ucs2",
    "csunicode",
    "unicode",
    "unicodefeff",
    "unicodefffe",
    /* ASCII, and what only says that it is no other */
    "usascii",
    "ascii",
    "us",
    "csascii",
    "ansix341968",
    "ansix341986",
    "iso646us",
    "iso646irv1991",
    "iso646irv1983",
    "isoir6",
    "cp367",
    "ibm367",
    "binary",
    "8bit",
    "unknown8bit",
    "csunknown8bit",
    "xuserdefined",
    /* one byte a character */
    "iso8859#",
    "iso8859#i",
    "iso8859#e",
    "csiso8859#",
    "latin#",
    "l#",
    "csisolatin#",
    "cyrillic",
    "csisolatincyrillic",
    "arabic",
    "csisolatinarabic",
    "greek",
    "greek8",
    "csisolatingreek",
    "hebrew",
    "csisolatinhebrew",
    "thai",
    "tis620",
    "tis6202533",
    "tis6200",
    "cstis620",
    "windows125#",
    "cp125#",
    "xcp125#",
    "win125#",
    "cswindows125#",
    "windows874",
    "dos874",
    "cp874",
    "koi",
    "koi8",
    "koi8r",
    "koi8u",
    "koi8ru",
    "koi8t",
    "cskoi8r",
    "cskoi8u",
    "macintosh",
    "csmacintosh",
    "mac",
    "macroman",
    "xmacroman",
    "maccyrillic",
    "xmaccyrillic",
    "xmacukrainian",
    "xmacce",
    "xmaccentraleurroman",
    "xmacgreek",
    "xmacturkish",
    "macjapanese",
    "xmacjapanese",
    "ibm437",
    "cp437",
    "cspc8codepage437",
    "cp720",
    "ibm737",
    "cp737",
    "ibm775",
    "cp775",
    "cp85#",
    "ibm85#",
    "ibm00858",
    "ccsid00858",
    "cp00858",
    "cp86#",
    "ibm86#",
    "csibm86#",
    "cp819",
    "ibm819",
    "viscii",
    "tcvn",
    "vps",
    "armscii8",
    "georgianps",
    "georgianacademy",
    "hproman8",
    "roman8",
    "nextstep",
    "decmcs",
    "ptcp154",
    "kz1048",
    "cp1133",
    "mulelao1",
    /* Japanese */
    "shiftjis",
    "csshiftjis",
    "sjis",
    "xsjis",
    "mskanji",
    "windows31j",
    "cswindows31j",
    "windows932",
    "ms932",
    "cp932",
    "xms932",
    "ibm932",
    "ibm943",
    "cp943",
    "cp943c",
    "xibm943",
    "shiftjis2004",
    "shiftjisx0213",
    "sjis2004",
    "sjiswin",
    "eucjp",
    "xeucjp",
    "cseucpkdfmtjapanese",
    "extendedunixcodepackedformatforjapanese",
    "ujis",
    "eucjpms",
    "eucjpwin",
    "cp51932",
    "eucjis2004",
    "eucjisx0213",
    "iso2022jp",
    "csiso2022jp",
    "iso2022jp#",
    "csiso2022jp#",
    "iso2022jp2004",
    "iso2022jpext",
    "iso2022jpms",
    "cp50220",
    "cp50221",
    "cp50222",
    "jisx0201",
    "csjisx0201",
    /* Chinese and Korean */
    "gbk",
    "xgbk",
    "csgbk",
    "gb2312",
    "csgb2312",
    "gb231280",
    "csiso58gb231280",
    "chinese",
    "isoir58",
    "euccn",
    "xeuccn",
    "gb18030",
    "csgb18030",
    "cp936",
    "ms936",
    "windows936",
    "big5",
    "csbig5",
    "cnbig5",
    "xxbig5",
    "big5hkscs",
    "csbig5hkscs",
    "big5eten",
    "cp950",
    "ms950",
    "windows950",
    "euctw",
    "xeuctw",
    "euckr",
    "cseuckr",
    "xeuckr",
    "ksc5601",
    "ksc56011987",
    "ksc56011989",
    "csksc56011987",
    "korean",
    "isoir149",
    "uhc",
    "cp949",
    "ms949",
    "xwindows949",
    "windows949",
    "johab",
    "cp1361",
};

static int is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static int fits(const char *pattern, const char *name)
{
    for (; *pattern && *name; pattern++, name++) {
        if (*pattern != '#' ? *pattern != *name : !is_digit(*name))
            return 0;
        if (*pattern == '#' && is_digit(name[1]))
            name++;
    }
    return !*pattern && !*name;
}

/* 0 if it has a byte that no name has, or too many. */
static size_t plain_name(struct bytes name, char out[NAME_MAX_LENGTH])
{
    size_t length = 0;
    for (size_t at = 0; at < name.length; at++) {
        const char byte = (char)(name.at[at] | 0x20);
        if (strchr("-_.:() ", name.at[at]) && name.at[at] != '\0')
            continue;
        if (!is_digit((char)name.at[at]) && (byte < 'a' || byte > 'z'))
            return 0;
        if (length + 1 == NAME_MAX_LENGTH)
            return 0;
        out[length++] = byte;
    }
    out[length] = '\0';
    return length;
}

int charset_is_examined(struct bytes name)
{
    char plain[NAME_MAX_LENGTH];
    if (plain_name(name, plain) == 0)
        return 0;
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        if (fits(names[index], plain))
            return 1;
    }
    return 0;
}
