/* crowd.h - how many connections are open, in all and from each client.
 *
 * Who comes when there is no room is let in all the same, to be told so: that takes a
 * place of the reserve.  Any thread; a lock only where a client's share is limited.
 */
#ifndef SIEVE_SERVICE_CROWD_H
#define SIEVE_SERVICE_CROWD_H

#include <sys/socket.h>

#include "service/problem.h"

struct crowd;

/* `places`, of these `share` for one client, 0: any; `reserve` to tell the others. */
sieve_status crowd_new(unsigned places, unsigned share, unsigned reserve,
                       struct crowd **out) SIEVE_MUST_CHECK;
void crowd_free(struct crowd *crowd); /* NULL is legal */

/* One connection, as long as it is open. */
struct crowd_place {
    int is_counted; /* has one of the places */
    int is_shared;  /* counts for its client */
    int is_kept;    /* has one of the reserve */
};

/* PROBLEM_NONE; PROBLEM_BUSY, PROBLEM_TOO_MANY: without is_kept, nobody has time to tell
 * it politely. */
enum problem crowd_enter(struct crowd *crowd, const struct sockaddr *peer,
                         struct crowd_place *out);
void crowd_leave(struct crowd *crowd, const struct sockaddr *peer,
                 const struct crowd_place *place);

#endif /* SIEVE_SERVICE_CROWD_H */
