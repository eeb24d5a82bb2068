/* fuzz_codec.c - each coding: whatever the bytes, a decoder ends; what it takes as whole
 * is the same for any cut; and what was encoded comes back.
 *
 * The first byte chooses the coding and whether the rest is coded already; the second
 * the cuts. */
#include <stdlib.h>

#include "fuzz/codings.h"
#include "fuzz/fuzz.h"
#include "pipeline/limit.h"

static const size_t chunks[] = {1, 2, 5, 64, 511, 4096, 65537, 0};

static int same(struct bytes one, struct bytes other)
{
    return one.length == other.length &&
           (one.length == 0 || memcmp(one.at, other.at, one.length) == 0);
}

static sieve_status decode(const struct codec *codec, struct bytes coded, size_t chunk,
                           sieve_error *error, struct keeper *keeper)
{
    const uint64_t taken = coded.length;
    const struct gate gate = any_gate(12u << 20);
    const struct limit limit = {EXPANDED_MAX, 0, &taken, error};
    struct stage *limiter = NULL;
    struct stage *stage = NULL;
    memset(error, 0, sizeof *error);
    keeper_init(keeper);
    claim(limit_stage_new(&limit, &keeper->base, &limiter) == SIEVE_OK, "a limit");
    claim(decode_stage_new(codec, &gate, NULL, error, limiter, &stage) == SIEVE_OK,
          "a decoder is made");
    sieve_status status = pour(stage, coded, chunk);
    stage_free(stage);
    claim(keeper->freed == 1, "freeing the first frees them all");
    claim(keeper->bytes.length <= EXPANDED_MAX, "the limit holds");
    claim((status == SIEVE_OK) == (error->status == SIEVE_OK), "trouble is told");
    claim(status == SIEVE_OK || status == SIEVE_E_CORRUPT || status == SIEVE_E_LIMIT,
          "damage or a limit, nothing else");
    claim(status == SIEVE_OK || error->what != NULL, "trouble has words");
    claim(keeper->finished == (status != SIEVE_E_LIMIT), "the rest is finished");
    return status;
}

static void try_coded(const struct codec *codec, struct bytes coded, size_t one,
                      size_t other)
{
    struct keeper first;
    struct keeper second;
    sieve_error error;
    sieve_status status = decode(codec, coded, one, &error, &first);
    claim((decode(codec, coded, other, &error, &second) == SIEVE_OK) ==
              (status == SIEVE_OK),
          "no cut damages anything");
    if (status == SIEVE_OK)
        claim(same(buffer_bytes(&first.bytes), buffer_bytes(&second.bytes)),
              "no cut changes anything");
    keeper_done(&first);
    keeper_done(&second);
}

/* As two members, which is the same as one. */
static void try_plain(const struct codec *codec, struct bytes plain, size_t one,
                      size_t other)
{
    const size_t middle = plain.length / 2;
    struct buffer coded;
    struct keeper back;
    sieve_error error;
    buffer_init(&coded, 64u << 20);
    encode(codec, bytes_of(plain.at, middle), one, &coded);
    encode(codec, bytes_from(plain, middle), other, &coded);
    claim(decode(codec, buffer_bytes(&coded), other, &error, &back) == SIEVE_OK,
          "what was encoded is sound");
    claim(same(plain, buffer_bytes(&back.bytes)), "what was encoded comes back");
    keeper_done(&back);
    /* One byte less is told. */
    claim(decode(codec, bytes_of(coded.at, coded.length - 1), one, &error, &back) ==
              SIEVE_E_CORRUPT,
          "what was cut is told");
    keeper_done(&back);
    buffer_done(&coded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct codec *codec = any_codec(data[0] >> 1);
    const struct bytes rest = bytes_of(data + 2, size - 2);
    const size_t one = chunks[data[1] & 7];
    const size_t other = chunks[data[1] >> 3 & 7];
    if (data[0] & 1)
        try_plain(codec, rest, one, other);
    else
        try_coded(codec, rest, one, other);
    return 0;
}
