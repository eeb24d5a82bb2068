/* guard.h - what a request must be before anybody handles it: from where it may come,
 * whose it is, and that its framing can be read in one way only.
 */
#ifndef SIEVE_SERVICE_GUARD_H
#define SIEVE_SERVICE_GUARD_H

#include "service/problem.h"
#include "service/routes.h"

/* Why the exchange is refused; PROBLEM_NONE.  `route` NULL: there is none. */
enum problem guard_judge(const struct exchange *exchange, const struct route *route);

/* The same at a proxy, which asks for no token and answers for the hosts of that list; ""
 * is any. */
enum problem guard_judge_proxy(const struct exchange *exchange, const char *hosts);

#endif /* SIEVE_SERVICE_GUARD_H */
