/* authority.h - the value of Host, byte by byte: a name or an address, and a port.  What
 * has other bytes is read in one way by one server and in another way by the next. */
#ifndef SIEVE_SERVICE_AUTHORITY_H
#define SIEVE_SERVICE_AUTHORITY_H

enum authority {
    AUTHORITY_START,
    AUTHORITY_NAME,
    AUTHORITY_ADDRESS, /* in brackets */
    AUTHORITY_BEHIND,  /* the bracket */
    AUTHORITY_PORT,
    AUTHORITY_OVER, /* blanks behind it */
    AUTHORITY_BAD
};

/* What the next byte makes of it. */
enum authority authority_follow(enum authority authority, unsigned char byte);

/* 1 if it may end here; nothing at all is legal. */
int authority_is_whole(enum authority authority);

#endif /* SIEVE_SERVICE_AUTHORITY_H */
