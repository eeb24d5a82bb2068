/* stay.h - who waits stays where libmicrohttpd waits for events.
 *
 * libmicrohttpd takes a suspended connection out of its epoll, puts it back later, and is
 * then told at once that it can be written to: two system calls and a turn of the loop
 * for each request that waits for an upstream.  So, as with recv() (tap.h), the program
 * has an epoll_ctl() of its own (idle.c): the connection stays in.  What happens to it
 * meanwhile is kept from libmicrohttpd, which does not expect it and tries everything
 * once the connection goes on.  All of this from the thread that serves the connection.
 *
 * The events also tell whether there is something to read: after a read that gave less
 * than it could, nothing is there before the next event.
 */
#ifndef SIEVE_SERVICE_STAY_H
#define SIEVE_SERVICE_STAY_H

#include <stddef.h>
#include <sys/types.h>

struct epoll_event;

/* Of one connection, in its tap. */
struct stay {
    void *mark;           /* libmicrohttpd's */
    unsigned char is_in;  /* its epoll */
    unsigned char rests;  /* it is suspended */
    unsigned char is_dry; /* all that came was read */
};

/* Before it is suspended; when it is resumed. */
void stay_rest(int descriptor);
void stay_go_on(int descriptor);

/* What the program's epoll_ctl() does, with the C library's. */
typedef int (*stay_control_function)(int epoll, int what, int descriptor,
                                     struct epoll_event *event);
int stay_control(stay_control_function real, int epoll, int what, int descriptor,
                 struct epoll_event *event);

/* The events that are left for who waits; their new count. */
int stay_filter(struct epoll_event *events, int count);

/* `count` bytes of `length` were read; gives `count`. */
ssize_t stay_note(struct stay *stay, ssize_t count, size_t length);

#endif /* SIEVE_SERVICE_STAY_H */
