/* kernels.h - ways of looking for card numbers in bytes already in memory.
 *
 * All kernels get the same bytes; each counts what it finds, so that work that
 * was skipped shows. */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct kernel {
    const char *name;
    const char *counts; /* what its count is a count of */
    /* Makes what the kernel needs, for bytes of `length`; ends the program on
     * failure. */
    void *(*open)(size_t length);
    uint64_t (*run)(void *state, const char *bytes, size_t length);
    void (*close)(void *state);
};

extern const struct kernel kernel_read, kernel_copy;                 /* kernels.c */
extern const struct kernel kernel_hs, kernel_hs_som, kernel_hs_luhn; /* kernel_hs.c */
extern const struct kernel kernel_sieve, kernel_stream;              /* kernel_sieve.c */

void kernel_fail(const char *what);

#endif
