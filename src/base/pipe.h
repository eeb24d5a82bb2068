/* pipe.h - more room in a pipe. */
#ifndef SIEVE_BASE_PIPE_H
#define SIEVE_BASE_PIPE_H

/* Asks for room for a megabyte in a pipe, so that reader and writer change places less
 * often; the system may refuse, and what is no pipe stays as it is. */
void pipe_widen(int descriptor);

#endif /* SIEVE_BASE_PIPE_H */
