/* fuzz_wire.c - the bytes of a connection: the verdict is the same however they are cut,
 * and what is refused has passed on no byte of the request it is refused for.
 *
 * The first byte chooses the pieces. */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "service/wire.h"

static enum problem follow(const uint8_t *data, size_t size, size_t step)
{
    struct wire wire;
    enum problem problem = PROBLEM_NONE;
    wire_start(&wire, 8192);
    for (size_t at = 0; at < size && problem == PROBLEM_NONE; at += step) {
        const size_t count = size - at < step ? size - at : step;
        const size_t passed = wire_follow(&wire, data + at, count, &problem);
        if (passed > count || (passed < count && problem == PROBLEM_NONE))
            abort();
    }
    return problem;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const size_t step = 1 + data[0] % 64;
    if (follow(data + 1, size - 1, step) != follow(data + 1, size - 1, size))
        abort();
    return 0;
}
