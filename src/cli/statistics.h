/* statistics.h - what `--stats` tells. */
#ifndef SIEVE_CLI_STATISTICS_H
#define SIEVE_CLI_STATISTICS_H

#include "job/job.h"

/* On standard error. */
void statistics_print(const struct outcome *outcome);

#endif /* SIEVE_CLI_STATISTICS_H */
