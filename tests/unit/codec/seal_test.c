#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/seal.h"
#include "codec/tar.h"
#include "unit/codec/collector.h"

/* A mask that hides each Q and holds back the last bytes until there are more. */
struct hider {
    struct stage base;
    size_t keep;
    struct buffer held;
};

static sieve_status hand_on(struct hider *hider, size_t keep)
{
    size_t count = hider->held.length > keep ? hider->held.length - keep : 0;
    sieve_status status = SIEVE_OK;
    if (count > 0)
        status = stage_write(hider->base.next, bytes_of(hider->held.at, count));
    memmove(hider->held.at, hider->held.at + count, hider->held.length - count);
    hider->held.length -= count;
    return status;
}

static sieve_status hider_write(struct stage *self, struct bytes chunk)
{
    struct hider *hider = (struct hider *)self;
    const size_t before = hider->held.length;
    cr_assert_eq(buffer_append(&hider->held, chunk), SIEVE_OK);
    for (size_t index = before; index < hider->held.length; index++)
        if (hider->held.at[index] == 'Q')
            hider->held.at[index] = '*';
    return hand_on(hider, hider->keep);
}

static sieve_status hider_finish(struct stage *self)
{
    sieve_status status = hand_on((struct hider *)self, 0);
    return status == SIEVE_OK ? stage_finish(self->next) : status;
}

static void hider_free(struct stage *self)
{
    stage_free(self->next);
    buffer_done(&((struct hider *)self)->held);
    free(self);
}

static const struct stage_ops hider_ops = {
    .name = "hider", .write = hider_write, .finish = hider_finish, .free = hider_free};

/* ---- archives ---------------------------------------------------------------------- */

struct member {
    const char *name;
    char type;
    const char *data;
    size_t length;
    enum tar_sum sum;
    const char *mode;
};

static void add_member(struct buffer *tar, const struct member *member)
{
    unsigned char header[TAR_BLOCK] = {0};
    static const char zeros[TAR_BLOCK];
    long sum = 0;
    strcpy((char *)header, member->name);
    strcpy((char *)header + 100, member->mode ? member->mode : "0000644");
    snprintf((char *)header + 124, 12, "%011zo", member->length);
    header[156] = (unsigned char)member->type;
    memcpy(header + 257, "ustar", 6);
    memset(header + 148, ' ', 8);
    for (size_t index = 0; index < TAR_BLOCK; index++)
        sum += member->sum == TAR_SUM_SIGNED ? (signed char)header[index] : header[index];
    snprintf((char *)header + 148, 8, "%06lo", sum + (member->sum == TAR_SUM_WRONG));
    cr_assert_eq(tar_sum(header), member->sum);
    cr_assert_eq(buffer_append(tar, bytes_of(header, sizeof header)), SIEVE_OK);
    cr_assert_eq(buffer_append(tar, bytes_of(member->data, member->length)), SIEVE_OK);
    cr_assert_eq(
        buffer_append(
            tar, bytes_of(zeros, (TAR_BLOCK - member->length % TAR_BLOCK) % TAR_BLOCK)),
        SIEVE_OK);
}

/* Through front, hider and back; what comes out lies in `collector`. */
static sieve_status sealed(int is_tar, struct bytes bytes, size_t chunk, size_t keep,
                           sieve_error *error, struct collector *collector)
{
    struct stage *front = NULL;
    struct stage *back = NULL;
    struct hider *hider = calloc(1, sizeof *hider);
    memset(error, 0, sizeof *error);
    collector_init(collector);
    cr_assert_eq(
        seal_stages_new(is_tar, "sealed", error, &collector->base, &front, &back),
        SIEVE_OK);
    hider->base = (struct stage){&hider_ops, back};
    hider->keep = keep;
    buffer_init(&hider->held, 1u << 24);
    front->next = &hider->base;
    sieve_status status = SIEVE_OK;
    for (size_t at = 0; at < bytes.length && status == SIEVE_OK; at += chunk) {
        size_t left = bytes.length - at;
        status = stage_write(front, bytes_of(bytes.at + at, left < chunk ? left : chunk));
    }
    if (status == SIEVE_OK)
        status = stage_finish(front);
    stage_free(front);
    cr_assert_eq(collector->freed, 1);
    return status;
}

/* The archive with its members' names hidden, as if it had been made so. */
static void make_archive(struct buffer *out, int is_hidden)
{
    static const char data[1500] = "a 1 in the data";
    const struct member members[] = {
        {is_hidden ? "card *" : "card Q", '0', data, sizeof data, TAR_SUM_UNSIGNED, NULL},
        {"plain", '0', data, 512, TAR_SUM_UNSIGNED, NULL},
        {is_hidden ? "\xE7\x95\xAA * old" : "\xE7\x95\xAA Q old", '\0', "", 0,
         TAR_SUM_SIGNED, NULL},
        {is_hidden ? "link *" : "link Q", '2', "", 0, TAR_SUM_UNSIGNED, NULL},
        {is_hidden ? "a long name *" : "a long name Q", 'L', data, 600, TAR_SUM_UNSIGNED,
         NULL},
    };
    buffer_init(out, 1u << 20);
    for (size_t index = 0; index < sizeof members / sizeof members[0]; index++)
        add_member(out, &members[index]);
    cr_assert_eq(buffer_append(out, bytes_of((const char[1024]){0}, 1024)), SIEVE_OK);
    cr_assert_eq(buffer_append(out, bytes_of_text("what follows the end")), SIEVE_OK);
}

Test(seal, headers_are_right_again_for_any_cut)
{
    static const size_t chunks[] = {1, 7, 511, 512, 513, 4000, 1000000};
    static const size_t keeps[] = {0, 1, 600, 5000, 1000000};
    struct buffer clear;
    struct buffer hidden;
    make_archive(&clear, 0);
    make_archive(&hidden, 1);
    for (size_t index = 0; index < 7 * 5; index++) {
        sieve_error error;
        struct collector collector;
        cr_assert_eq(sealed(1, buffer_bytes(&clear), chunks[index % 7], keeps[index / 7],
                            &error, &collector),
                     SIEVE_OK);
        cr_assert_eq(collector.bytes.length, hidden.length);
        cr_assert_arr_eq(collector.bytes.at, hidden.at, hidden.length);
        cr_assert_eq(collector.finished, 1);
        collector_done(&collector);
    }
    buffer_done(&clear);
    buffer_done(&hidden);
}

Test(seal, a_wrong_checksum_stays_wrong)
{
    const struct member member = {"card Q", '0', "data", 4, TAR_SUM_WRONG, NULL};
    struct buffer tar;
    struct collector collector;
    sieve_error error;
    buffer_init(&tar, 1u << 20);
    add_member(&tar, &member);
    cr_assert_eq(sealed(1, buffer_bytes(&tar), 100, 0, &error, &collector), SIEVE_OK);
    tar.at[5] = '*';
    cr_assert_arr_eq(collector.bytes.at, tar.at, tar.length);
    collector_done(&collector);
    buffer_done(&tar);
}

Test(seal, a_number_across_the_fields_is_refused)
{
    const struct member member = {"name", '0', "data", 4, TAR_SUM_UNSIGNED, "000Q644"};
    struct buffer tar;
    struct collector collector;
    sieve_error error;
    buffer_init(&tar, 1u << 20);
    add_member(&tar, &member);
    cr_assert_eq(sealed(1, buffer_bytes(&tar), 100, 0, &error, &collector),
                 SIEVE_E_LIMIT);
    cr_assert_str_eq(error.what, "a number lies across the fields of a tar header");
    cr_assert_eq(collector.bytes.length, 0);
    collector_done(&collector);
    buffer_done(&tar);
}

Test(seal, many_small_members_held_back)
{
    const struct member member = {"a Q", '0', "", 0, TAR_SUM_UNSIGNED, NULL};
    struct buffer tar;
    struct collector collector;
    sieve_error error;
    buffer_init(&tar, 1u << 22);
    for (int count = 0; count < 3000; count++)
        add_member(&tar, &member);
    cr_assert_eq(sealed(1, buffer_bytes(&tar), 1u << 22, 300000, &error, &collector),
                 SIEVE_OK);
    for (size_t at = 0; at < tar.length; at += TAR_BLOCK)
        cr_assert_eq(tar_sum(collector.bytes.at + at), TAR_SUM_UNSIGNED);
    collector_done(&collector);
    /* More is held back than any mask may: no guess is made. */
    for (int count = 0; count < 3000; count++)
        add_member(&tar, &member);
    cr_assert_eq(sealed(1, buffer_bytes(&tar), 1u << 22, 1u << 22, &error, &collector),
                 SIEVE_E_INTERNAL);
    collector_done(&collector);
    buffer_done(&tar);
}

Test(seal, members_with_checksums)
{
    static const char with[] = "REDIS0011 Q";
    static const char without[] = "REDIS0011 1";
    struct member members[] = {
        {"dump", '0', without, sizeof without, TAR_SUM_UNSIGNED, NULL},
        {"other", '0', "number Q", 8, TAR_SUM_UNSIGNED, NULL},
    };
    for (int is_bad = 0; is_bad < 2; is_bad++) {
        struct buffer tar;
        struct collector collector;
        sieve_error error;
        buffer_init(&tar, 1u << 20);
        members[0].data = is_bad ? with : without;
        add_member(&tar, &members[0]);
        add_member(&tar, &members[1]);
        for (size_t chunk = 1; chunk < 1200; chunk += 399) {
            cr_assert_eq(sealed(1, buffer_bytes(&tar), chunk, 10, &error, &collector),
                         is_bad ? SIEVE_E_LIMIT : SIEVE_OK);
            cr_assert_eq(collector.finished, !is_bad);
            cr_assert_eq(error.what != NULL, is_bad);
            collector_done(&collector);
        }
        buffer_done(&tar);
    }
}

Test(seal, all_of_it)
{
    struct collector collector;
    sieve_error error;
    cr_assert_eq(sealed(0, bytes_of_text("image 1"), 3, 0, &error, &collector), SIEVE_OK);
    cr_assert_eq(collector.bytes.length, 7);
    collector_done(&collector);
    cr_assert_eq(sealed(0, bytes_of_text("image Q"), 3, 0, &error, &collector),
                 SIEVE_E_LIMIT);
    cr_assert_str_eq(error.what, "sealed");
    cr_assert_eq(collector.finished, 0);
    collector_done(&collector);
}

/* ---- checksums --------------------------------------------------------------------- */

Test(tar, checksums_keep_their_layout)
{
    static const struct {
        const char *before;
        const char *after;
        int result;
    } cases[] = {
        {"000000\0 ", "000601\0 ", 0},  {"0000000\0", "0000601\0", 0},
        {"  5634\0 ", "  0601\0 ", 0},  {"   601  ", "   601  ", 0},
        {"      1 ", "    601 ", 0},    {"1\0      ", NULL, -1},
        {"\0\0\0\0\0\0\0\0", NULL, -1},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        unsigned char block[TAR_BLOCK] = {'A', 'A' - 1, 0};
        block[2] = 0601 - 256 - 'A' - ('A' - 1);
        memcpy(block + 148, cases[index].before, 8);
        cr_assert_eq(tar_seal(block, TAR_SUM_UNSIGNED), cases[index].result, "case %zu",
                     index);
        if (cases[index].result < 0)
            continue;
        cr_assert_arr_eq(block + 148, cases[index].after, 8, "case %zu", index);
        cr_assert_eq(tar_sum(block), TAR_SUM_UNSIGNED);
    }
}

Test(tar, what_is_no_sum)
{
    unsigned char block[TAR_BLOCK] = {0};
    cr_assert_eq(tar_sum(block), TAR_SUM_WRONG);
    cr_assert_not(tar_is_header(block));
    memset(block, ' ', sizeof block);
    cr_assert_eq(tar_sum(block), TAR_SUM_WRONG);
    memset(block, 0xFF, sizeof block); /* signed, it is less than nothing */
    cr_assert_eq(tar_seal(block, TAR_SUM_SIGNED), -1);
}

Test(tar, told_without_magic_by_its_checksum)
{
    unsigned char block[TAR_BLOCK] = "name of a file";
    int wants_more = 0;
    memcpy(block + 148, "000000\0 ", 8);
    cr_assert_eq(tar_seal(block, TAR_SUM_UNSIGNED), 0);
    cr_assert_eq(tar_sniff(bytes_of(block, 200), &wants_more), 0);
    cr_assert_eq(wants_more, 1);
    wants_more = 0;
    cr_assert_eq(tar_sniff(bytes_of(block, TAR_BLOCK), &wants_more), 1);
    block[0] = 'N';
    cr_assert_eq(tar_sniff(bytes_of(block, TAR_BLOCK), &wants_more), 0);
    cr_assert_eq(wants_more, 0);
    memset(block, 'x', sizeof block);
    cr_assert_eq(tar_sniff(bytes_of(block, 108), &wants_more), 0);
    cr_assert_eq(wants_more, 0);
}

/* Sizes that no octal digits hold, and such that are lies. */
Test(tar, sizes)
{
    static const struct {
        const char *field;
        char type;
        uint64_t left;
        int is_first;
    } cases[] = {
        {"00000001000\0", '0', 512, 1},
        {"00000001001\0", '0', 1024, 1},
        {"       1001 ", '7', 1024, 1},
        {"\x80\0\0\0\0\0\0\2\0\0\0\0", '0', UINT64_C(2) << 32, 1},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", '0', 0, 0},
        {"00000001000\0", '5', 0, 0},
        {"00000001000\0", '1', 0, 0},
        {"00000001000\0", 'x', 512, 0},
        {"00000000000\0", '0', 0, 0},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct tar_walk walk = {.left = 0};
        memcpy(walk.block + 124, cases[index].field, 12);
        walk.block[156] = (unsigned char)cases[index].type;
        tar_walk_follow(&walk);
        cr_assert_eq(walk.left, cases[index].left, "case %zu", index);
        cr_assert_eq(walk.is_first, cases[index].is_first, "case %zu", index);
    }
}
