/* rights.h - who a run is, and what it may do: it gives up all that it does not need. */
#ifndef SIEVE_SERVICE_RIGHTS_H
#define SIEVE_SERVICE_RIGHTS_H

#include "service/config.h"

/* No core dumps, no rights gained by a program that is run.  A change of user undoes
 * some of it. */
void rights_harden(void);

/* Whether there is the user who is named.  -1 with the problem. */
int rights_check(const struct settings *settings, struct config_problem *problem);

/* Becomes that user, if it is root that runs now, and sees that he can write what has to
 * be written.  -1 with the problem. */
int rights_change(const struct settings *settings, struct config_problem *problem);

/* 1 if this runs as root and is to stay so: whoever takes over a daemon that reads what
 * strangers send has its rights.  With the words of a warning. */
int rights_are_roots(const struct settings *settings, struct config_problem *problem);

#endif /* SIEVE_SERVICE_RIGHTS_H */
