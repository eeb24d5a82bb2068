/* opaque.c - containers told by their first bytes: those that hide their content and are
 * not opened in this version, and those that show it but carry checksums of it. */
#include "codec/codec.h"

#include <string.h>

/* What a scan says, and what a mask says. */
#define HIDDEN(what)                                                                     \
    what ": its content is hidden, only its raw bytes were examined",                    \
        what ": its content is hidden and cannot be masked; unpack it first"
#define SEALED(what)                                                                     \
    NULL, what ": a number in it cannot be masked without breaking its checksums"

struct signature {
    size_t length;
    const char *bytes;
    const char *reason;  /* why it counts as not examined; NULL if it does not */
    const char *refusal; /* why it cannot be masked */
};

static const struct signature opaques[] = {
    {4, "PK\3\4", HIDDEN("zip archive (also docx, xlsx, jar)")},
    {4, "PK\5\6", HIDDEN("zip archive (also docx, xlsx, jar)")},
    {4, "PK\7\10", HIDDEN("zip archive (also docx, xlsx, jar)")},
    {6, "7z\xBC\xAF\x27\x1C", HIDDEN("7z archive")},
    {6, "Rar!\x1A\x07", HIDDEN("rar archive")},
    {4, "MSCF", HIDDEN("cab archive")},
    {2, "\x1F\x9D", HIDDEN("compress (.Z) data")},
    {2, "\x1F\xA0", HIDDEN("lzh data")},
    {4, "LZIP", HIDDEN("lzip data")},
    {4, "LRZI", HIDDEN("lrzip data")},
    {9, "\x89LZO\0\r\n\x1A\n", HIDDEN("lzo data")},
    {4, "\x02\x21\x4C\x18", HIDDEN("old lz4 data")},
    {13, "\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", HIDDEN("lzma data")},
    {10, "\xFF\x06\0\0sNaPpY", HIDDEN("snappy data")},
    {2, "\x60\xEA", HIDDEN("arj archive")},
    {21, "!<arch>\ndebian-binary", HIDDEN("Debian package")},
    {4, "\xED\xAB\xEE\xDB", HIDDEN("rpm package")},
    {4, "hsqs", HIDDEN("squashfs image")},
    {8, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", HIDDEN("old Office document")},
    {5, "PGDMP", HIDDEN("PostgreSQL dump in custom format")},
    {4, "PAR1", HIDDEN("Parquet file")},
    {8, "LPKSHHRH", HIDDEN("systemd journal")},
    {4, "PACK", HIDDEN("git pack")},
    {8, "Salted__", HIDDEN("encrypted data")},
    {6, "LUKS\xBA\xBE", HIDDEN("encrypted volume")},
    {4, "!BDN", HIDDEN("Outlook mail store")},
    {8, "MSSQLBAK", HIDDEN("compressed SQL Server backup")},
    {8, "qpress10", HIDDEN("qpress archive")},
    {4, "\0\0\xFE\xFF", HIDDEN("UTF-32 text")},
    {4, "\xFF\xFE\0\0", HIDDEN("UTF-32 text")},
    {8, "<\0\0\0?\0\0\0", HIDDEN("UTF-32 text")},
    {8, "\0\0\0<\0\0\0?", HIDDEN("UTF-32 text")},
    {8, "{\0\0\0\"\0\0\0", HIDDEN("UTF-32 text")},
    {8, "\0\0\0{\0\0\0\"", HIDDEN("UTF-32 text")},
    {8, "[\0\0\0{\0\0\0", HIDDEN("UTF-32 text")},
    {8, "\0\0\0[\0\0\0{", HIDDEN("UTF-32 text")},
    {0, NULL, NULL, NULL},
};

static const struct signature sealed[] = {
    {8, "\x89PNG\r\n\x1A\n", SEALED("PNG image")},
    {5, "OggS\0", SEALED("Ogg file")},
    {4,
     "\xFE"
     "bin",
     SEALED("MySQL binary log")},
    {7, "REDIS00", SEALED("Redis dump")},
    {4, "\x37\x7F\x06\x82", SEALED("SQLite write-ahead log")},
    {4, "\x37\x7F\x06\x83", SEALED("SQLite write-ahead log")},
    {8, "\xD9\xD5\x05\xF9\x20\xA1\x63\xD7", SEALED("SQLite rollback journal")},
    {8, "XBSTCK01", SEALED("xbstream backup")},
    {8, "TAPE\0\0\3\0", SEALED("SQL Server backup")},
    {4, "\x3F\xD7\x6C\x17", SEALED("Lucene index")},
    {4, "\x6D\xE2\x99\x81", SEALED("MongoDB dump archive")},
    {8, "ElfFile\0", SEALED("Windows event log")},
    {0, NULL, NULL, NULL},
};

static int may_begin(const struct signature *signature, struct bytes first)
{
    for (; signature->length > 0; signature++) {
        if (first.length < signature->length &&
            memcmp(first.at, signature->bytes, first.length) == 0)
            return 1;
    }
    return 0;
}

static const struct signature *find(const struct signature *signature, struct bytes first)
{
    if (first.length == 0)
        return NULL;
    for (; signature->length > 0; signature++) {
        if ((unsigned char)signature->bytes[0] == first.at[0] &&
            first.length >= signature->length &&
            memcmp(first.at, signature->bytes, signature->length) == 0)
            return signature;
    }
    return NULL;
}

int codec_opaque_may_begin(struct bytes first)
{
    return may_begin(opaques, first);
}

const char *codec_opaque(struct bytes first)
{
    const struct signature *signature = find(opaques, first);
    return signature ? signature->reason : NULL;
}

const char *codec_opaque_refusal(struct bytes first)
{
    const struct signature *signature = find(opaques, first);
    return signature ? signature->refusal : NULL;
}

int codec_sealed_may_begin(struct bytes first)
{
    return may_begin(sealed, first);
}

const char *codec_sealed(struct bytes first)
{
    const struct signature *signature = find(sealed, first);
    return signature ? signature->refusal : NULL;
}
