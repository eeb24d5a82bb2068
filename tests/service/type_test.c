/* type_test.c - what a Content-Type says, and what nobody can be sure of. */
#include <criterion/criterion.h>
#include <string.h>

#include "service/charset.h"
#include "service/media_type.h"

static enum media_reading read_type(const char *text)
{
    struct media_type type;
    return media_type_read(text, &type);
}

Test(media_type, what_all_read_alike)
{
    static const char *const texts[] = {
        "text/plain",
        " text/plain ;charset=UTF-8; ",
        "text/plain;;charset=\"Shift_JIS\"",
        "text/plain; charset='utf-8'",
        "text/plain; charset=",
        "text/html; charset",
        "application/json; utf-8",
        "application/json charset=utf-8",
        "application/x; a=\"b, c; d \\\" boundaries\"",
        "application/soap+xml; action=urn:a/b:c?d=e",
        "application/pdf; name=\xE6\x97\xA5.pdf; name*=utf-8''a",
    };
    for (size_t row = 0; row < sizeof texts / sizeof texts[0]; row++)
        cr_assert_eq(read_type(texts[row]), MEDIA_READ, "'%s'", texts[row]);
}

Test(media_type, what_receivers_differ_in)
{
    static const char *const texts[] = {
        "text /plain",
        "application/x, multipart/form-data; boundary=b",
        "text/plain; charset=utf-8, multipart/form-data",
        "text/plain; boundary=b",
        "text/plain; a=\"b",
        "text/plain; a=\"b\\",
        "text/plain; a=b\"",
        "text/plain; a=\"b\"c",
        "text/plain; a=b\\c",
        "text/plain; =b",
        "text/plain; charset: utf-8",
    };
    for (size_t row = 0; row < sizeof texts / sizeof texts[0]; row++)
        cr_assert_eq(read_type(texts[row]), MEDIA_UNREADABLE, "'%s'", texts[row]);
}

Test(media_type, one_boundary_and_no_other)
{
    static const struct {
        const char *text;
        const char *boundary;
    } good[] = {
        {"multipart/form-data; boundary=b", "b"},
        {"Multipart/Mixed;Boundary=\"a b:1\"; charset=utf-8", "a b:1"},
        {"multipart/form-data; boundary=----WebKitFormBoundaryA1",
         "----WebKitFormBoundaryA1"},
        {"multipart/form-data; boundary=*****", "*****"},
        {"multipart/related; type=text/xml; boundary=uuid:1/2=; start=<a@b>",
         "uuid:1/2="},
        {"multipart/mixed; boundary=\"===============12==\"", "===============12=="},
    };
    static const char *const bad[] = {
        "multipart/form-data",
        "multipart/form-data; boundary",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; xboundary=b",
        "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=a; BOUNDARY=a",
        "multipart/form-data; xboundary=a; boundary=b",
        "multipart/form-data; a=\"; boundary=a\"; boundary=b",
        "multipart/form-data; boundary=b; boundary*=utf-8''a",
        "multipart/form-data; boundary*0=a; boundary*1=b",
        "multipart/form-data; boundary =b",
        "multipart/form-data; boundary= b",
        "multipart/form-data; boundary=b\"",
        "multipart/form-data; boundary=\"b",
        "multipart/form-data; boundary=a,boundary=b",
        "multipart/form-data; boundary=a b",
        "multipart/form-data; boundary=a c=d",
        "multipart/form-data boundary=b",
        "multipart/form-data, boundary=b",
        "multipart/form-data; boundary=\"a\\b\"",
        "multipart/form-data; boundary=\"a,b\"",
        "multipart/form-data; boundary=\"a;b\"",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary='a'",
        "multipart/form-data; boundary=<a>",
        "multipart/form-data; boundary=\xC3\xA4",
        "multipart/form-data; a; boundary=b",
    };
    struct media_type type;
    char text[200] = "multipart/mixed; boundary=";
    for (size_t row = 0; row < sizeof good / sizeof good[0]; row++) {
        cr_assert_eq(media_type_read(good[row].text, &type), MEDIA_READ, "%s",
                     good[row].text);
        cr_assert_str_eq(type.boundary, good[row].boundary);
        cr_assert(type.is_multipart);
    }
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++)
        cr_assert_eq(read_type(bad[row]), MEDIA_UNREADABLE, "'%s'", bad[row]);
    memset(text + strlen(text), 'a', BOUNDARY_LENGTH_MAX);
    cr_assert_eq(read_type(text), MEDIA_READ);
    text[strlen(text)] = 'a';
    cr_assert_eq(read_type(text), MEDIA_UNREADABLE);
}

Test(media_type, a_charset_that_hides_digits)
{
    static const char *const texts[] = {
        "text/plain; charset=utf-32",
        "text/plain; CHARSET=\"UTF-32LE\"",
        "text/plain; charset=utf-8; charset=ibm037",
        "text/plain; charset*=us-ascii''utf-7",
        "multipart/form-data; boundary=b; charset=utf-7",
        "text/plain charset=cp500",
    };
    for (size_t row = 0; row < sizeof texts / sizeof texts[0]; row++)
        cr_assert_eq(read_type(texts[row]), MEDIA_CHARSET, "'%s'", texts[row]);
}

Test(charset, names)
{
    static const char *const known[] = {
        "utf-8",        "UTF8",        "us-ascii",     "ANSI_X3.4-1968",
        "ISO-8859-1",   "iso_8859-15", "iso-8859-8-i", "latin1",
        "windows-1252", "Shift_JIS",   "Windows-31J",  "x-sjis",
        "cp932",        "EUC-JP",      "ISO-2022-JP",  "iso-2022-jp-3",
        "GBK",          "gb18030",     "Big5",         "EUC-KR",
        "utf-16",       "UTF-16LE",    "utf-16be",     "ISO-10646-UCS-2",
        "koi8-r",       "cp850",       "binary",       "unknown-8bit",
    };
    static const char *const hidden[] = {
        "utf-32",
        "UTF-32LE",
        "utf-32be",
        "ucs-4",
        "iso-10646-ucs-4",
        "utf-7",
        "ibm037",
        "cp037",
        "cp500",
        "ibm1047",
        "cp1026",
        "IBM870",
        "ibm930",
        "ebcdic-cp-us",
        "hz-gb-2312",
        "iso-2022-kr",
        "scsu",
        "iso-8859-123",
        "windows-1200x",
        "x-mine",
        "",
        "-",
        "utf-8\xC3",
        "utf-8\n",
    };
    char text[200];
    for (size_t row = 0; row < sizeof known / sizeof known[0]; row++)
        cr_assert(charset_is_examined(bytes_of_text(known[row])), "%s", known[row]);
    for (size_t row = 0; row < sizeof hidden / sizeof hidden[0]; row++)
        cr_assert_not(charset_is_examined(bytes_of_text(hidden[row])), "%s", hidden[row]);
    memset(text, 'u', sizeof text);
    cr_assert_not(charset_is_examined(bytes_of(text, sizeof text)));
    cr_assert_not(charset_is_examined(bytes_of("utf-8\0", 6)));
}
