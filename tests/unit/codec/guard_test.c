#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "codec/guard.h"
#include "unit/codec/collector.h"

/* Appends a member as tar writes it. */
static void add_member(struct buffer *tar, const char *name, const char *data,
                       size_t length, char type)
{
    char header[512] = {0};
    static const char zeros[512];
    strcpy(header, name);
    snprintf(header + 124, 12, "%011zo", length);
    header[156] = type;
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    cr_assert_eq(buffer_append(tar, bytes_of(header, sizeof header)), SIEVE_OK);
    cr_assert_eq(buffer_append(tar, bytes_of(data, length)), SIEVE_OK);
    cr_assert_eq(buffer_append(tar, bytes_of(zeros, (512 - length % 512) % 512)),
                 SIEVE_OK);
}

static const char *watched(enum container container, struct bytes bytes, size_t chunk)
{
    struct watch watch;
    watch_start(&watch, container);
    for (size_t at = 0; at < bytes.length; at += chunk) {
        size_t left = bytes.length - at;
        watch_bytes(&watch, bytes_of(bytes.at + at, left < chunk ? left : chunk));
    }
    return watch.hides;
}

Test(guard, tells_tar_and_pdf)
{
    struct buffer tar;
    int wants_more = 0;
    buffer_init(&tar, 1u << 20);
    add_member(&tar, "note.txt", "words", 5, '0');
    cr_assert_eq(container_sniff(buffer_bytes(&tar), &wants_more), CONTAINER_TAR);
    cr_assert_eq(wants_more, 0);
    cr_assert_eq(container_sniff(bytes_of(tar.at, 100), &wants_more), CONTAINER_NONE);
    cr_assert_eq(wants_more, 1);
    wants_more = 0;
    cr_assert_eq(container_sniff(bytes_of_text("%PDF-1.7"), &wants_more), CONTAINER_PDF);
    cr_assert_eq(container_sniff(bytes_of_text("%P"), &wants_more), CONTAINER_NONE);
    cr_assert_eq(wants_more, 1);
    wants_more = 0;
    cr_assert_eq(container_sniff(bytes_of_text("a line of a log\n"), &wants_more),
                 CONTAINER_NONE);
    cr_assert_eq(wants_more, 0);
    buffer_done(&tar);
}

Test(guard, tar_with_and_without_coded_members)
{
    static const size_t chunks[] = {1, 7, 512, 513, 100000};
    static const char zeros[1024];
    struct buffer plain;
    struct buffer coded;
    buffer_init(&plain, 1u << 20);
    buffer_init(&coded, 1u << 20);
    char text[5000];
    memset(text, 'x', sizeof text);
    memcpy(text + 1000, "\x1f\x8b\x08", 3); /* in the middle it says nothing */
    add_member(&plain, "a", text, sizeof text, '0');
    add_member(&plain, "empty", "", 0, '0');
    add_member(&plain, "directory", "", 0, '5');
    add_member(&plain, "b", text, 512, '0');
    cr_assert_eq(buffer_append(&coded, buffer_bytes(&plain)), SIEVE_OK);
    add_member(&coded, "log.gz", "\x1f\x8b\x08 and so on", 13, '0');
    cr_assert_eq(buffer_append(&plain, bytes_of(zeros, sizeof zeros)), SIEVE_OK);
    cr_assert_eq(buffer_append(&coded, bytes_of(zeros, sizeof zeros)), SIEVE_OK);
    for (size_t index = 0; index < sizeof chunks / sizeof chunks[0]; index++) {
        cr_assert_null(watched(CONTAINER_TAR, buffer_bytes(&plain), chunks[index]));
        cr_assert_not_null(watched(CONTAINER_TAR, buffer_bytes(&coded), chunks[index]));
    }
    buffer_done(&plain);
    buffer_done(&coded);
}

Test(guard, pdf_with_compressed_streams)
{
    static const char hides[] = "%PDF-1.7 1 0 obj <</Length 5/Filter/FlateDecode>>stream";
    static const char plain[] = "%PDF-1.7 1 0 obj <</Length 5>>stream FlateDecode /Flat";
    for (size_t chunk = 1; chunk < sizeof hides; chunk++) {
        cr_assert_not_null(watched(CONTAINER_PDF, bytes_of_text(hides), chunk));
        cr_assert_null(watched(CONTAINER_PDF, bytes_of_text(plain), chunk));
    }
}

Test(guard, refuses_for_who_must_see_all)
{
    struct collector collector;
    const char *hides = NULL;
    struct stage *stage = NULL;
    collector_init(&collector);
    cr_assert_eq(guard_stage_new(CONTAINER_PDF, 1, &hides, &collector.base, &stage),
                 SIEVE_OK);
    cr_assert_eq(stage_write(stage, bytes_of_text("%PDF-1.7 ")), SIEVE_OK);
    cr_assert_eq(stage_write(stage, bytes_of_text("/Encrypt")), SIEVE_E_LIMIT);
    cr_assert_not_null(hides);
    cr_assert_eq(collector.bytes.length, 9);
    stage_free(stage);
    collector_done(&collector);
}
