/* daemon.h - one run: listeners, signals, reload, drain. */
#ifndef SIEVE_SERVICE_DAEMON_H
#define SIEVE_SERVICE_DAEMON_H

#include "service/arguments.h"

/* Blocks the signals that the run waits for; before any thread is made. */
void daemon_block_signals(void);

/* Everything that --check can see without listening: 0, or 2 with the problem printed. */
int daemon_check(const struct settings *settings, const struct config_lines *lines);

/* Serves until told to end; the exit status. */
int daemon_run(const struct arguments *arguments, const struct settings *settings,
               const struct config_lines *lines);

#endif /* SIEVE_SERVICE_DAEMON_H */
