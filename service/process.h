/* process.h - what the system says of this process. */
#ifndef SIEVE_SERVICE_PROCESS_H
#define SIEVE_SERVICE_PROCESS_H

#include <stdint.h>

/* What cannot be read is 0. */
struct process {
    uint64_t cpu_nanoseconds; /* user and system */
    uint64_t resident;        /* bytes */
    uint64_t virtual;         /* bytes */
    uint64_t descriptors;     /* open */
    uint64_t descriptors_max;
};

void process_read(struct process *out);

#endif /* SIEVE_SERVICE_PROCESS_H */
