/* slot.h - a small number for each thread that serves, so that each has its own
 * scanners and counters without a lock.
 */
#ifndef SIEVE_SERVICE_SLOT_H
#define SIEVE_SERVICE_SLOT_H

/* 0 to SLOTS_MAX - 1, nobody else's as long as this thread lives; -1 if there are more
 * threads than that.  Given back when the thread ends. */
int slot_of_thread(void);

#endif /* SIEVE_SERVICE_SLOT_H */
