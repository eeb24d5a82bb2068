#include <criterion/criterion.h>
#include <string.h>

#include "job/sketch.h"

static uint64_t hash_of(uint64_t number)
{
    return sketch_hash(bytes_of(&number, sizeof number));
}

static int is_near(uint64_t estimate, uint64_t truth, double share)
{
    const double off = (double)estimate - (double)truth;
    return (off < 0 ? -off : off) <= share * (double)truth;
}

Test(sketch, counts_what_is_distinct)
{
    static unsigned char registers[SKETCH_BYTES_COLUMN];
    cr_expect_eq(sketch_count(registers, SKETCH_BITS_COLUMN), 0);
    uint64_t next = 0;
    for (uint64_t truth = 1; truth <= 1000000; truth *= 10) {
        for (; next < truth; next++)
            sketch_add(registers, SKETCH_BITS_COLUMN, hash_of(next));
        const uint64_t estimate = sketch_count(registers, SKETCH_BITS_COLUMN);
        cr_expect(is_near(estimate, truth, 0.12), "%llu for %llu",
                  (unsigned long long)estimate, (unsigned long long)truth);
    }
    /* What comes again changes nothing. */
    const uint64_t before = sketch_count(registers, SKETCH_BITS_COLUMN);
    for (uint64_t number = 0; number < 1000; number++)
        sketch_add(registers, SKETCH_BITS_COLUMN, hash_of(number));
    cr_expect_eq(sketch_count(registers, SKETCH_BITS_COLUMN), before);
}

Test(sketch, merged_it_is_that_of_all)
{
    static unsigned char all[SKETCH_BYTES_COLUMN];
    static unsigned char parts[2][SKETCH_BYTES_COLUMN];
    for (uint64_t number = 0; number < 5000; number++) {
        sketch_add(all, SKETCH_BITS_COLUMN, hash_of(number));
        sketch_add(parts[number % 2], SKETCH_BITS_COLUMN, hash_of(number));
        sketch_add(parts[1], SKETCH_BITS_COLUMN, hash_of(number / 2));
    }
    sketch_merge(parts[0], parts[1], SKETCH_BITS_COLUMN);
    cr_expect_arr_eq(parts[0], all, sizeof all);
}

Test(sketch, values_of_any_length)
{
    static unsigned char registers[SKETCH_BYTES_COLUMN];
    static const char text[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (size_t length = 0; length < sizeof text; length++)
        sketch_add(registers, SKETCH_BITS_COLUMN, sketch_hash(bytes_of(text, length)));
    cr_expect(is_near(sketch_count(registers, SKETCH_BITS_COLUMN), sizeof text, 0.1));
}
