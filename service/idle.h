/* idle.h - knows when a thread that serves has nothing left to do.
 *
 * libmicrohttpd does not tell.  So, as with recv() (tap.h), the program has an
 * epoll_wait() of its own, which the dynamic linker finds before the C library's: when a
 * thread has waited for a millisecond and nothing came, what it has put off is done.
 */
#ifndef SIEVE_SERVICE_IDLE_H
#define SIEVE_SERVICE_IDLE_H

struct idle {
    /* 1 if this thread has put something off. */
    int (*has_work)(void *context);
    /* 1 if it cannot be put off any more. */
    int (*is_due)(void *context);
    void (*work)(void *context);
    void *context;
};

/* From now on; NULL: nothing more.  `idle` is borrowed.  While no thread serves. */
void idle_set(const struct idle *idle);

/* Until it is called with 0, waits of this thread that have no time find nothing: what
 * they would find waits for the next one. */
void idle_skip(int skips);

#endif /* SIEVE_SERVICE_IDLE_H */
