/* signals.h - SIGINT and SIGTERM end a run tidily; a second one ends it at once. */
#ifndef SIEVE_CLI_SIGNALS_H
#define SIEVE_CLI_SIGNALS_H

#include "source/file.h"

/* From here on the signals are noted; *out lives as long as the program. */
void signals_watch(struct stop *out);

#endif /* SIEVE_CLI_SIGNALS_H */
