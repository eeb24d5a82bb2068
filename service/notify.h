/* notify.h - systemd, if there is one: what it handed over, and what it is told.  The
 * only pair that knows libsystemd; without it nothing is handed over and told.
 */
#ifndef SIEVE_SERVICE_NOTIFY_H
#define SIEVE_SERVICE_NOTIFY_H

#include <stdint.h>

/* How many listening sockets were handed over, from descriptor 3 on. */
int notify_descriptors(void);

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

/* Milliseconds between two signs of life that are asked for; 0: none. */
uint64_t notify_watchdog(void);
void notify_alive(void);

#endif /* SIEVE_SERVICE_NOTIFY_H */
