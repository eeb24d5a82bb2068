/* network.h - addresses in CIDR form, IPv4 and IPv6. */
#ifndef SIEVE_SERVICE_NETWORK_H
#define SIEVE_SERVICE_NETWORK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define NETWORKS_MAX 64

struct network {
    unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned bits;             /* of 128 */
};

struct networks {
    size_t count;
    struct network rows[NETWORKS_MAX];
};

/* "10.0.0.0/8", "2001:db8::/32", or one address.  Bits behind the prefix must be 0.
 * -1 if it is none, or if there is no room. */
int networks_add(struct networks *networks, const char *text);

/* 1 if the peer is in one of them.  A Unix socket's peer is in none. */
int networks_have(const struct networks *networks, const struct sockaddr *peer);

/* 1 if it is this machine itself: loopback or a Unix socket. */
int address_is_local(const struct sockaddr *address);

/* Who counts as one client: an IPv4 address, or the first 64 bits of an IPv6 address, of
 * which a client has all the others. */
#define CLIENT_LENGTH 16
void client_of(const struct sockaddr *peer, unsigned char out[CLIENT_LENGTH]);
/* Spreads clients over a table; nobody who does not know the seed chooses where. */
uint64_t client_hash(const unsigned char client[CLIENT_LENGTH], uint64_t seed);

/* "192.0.2.1", "2001:db8::1", "unix", or "-" if it is not known. */
#define ADDRESS_TEXT_MAX 46 /* INET6_ADDRSTRLEN */
void address_text(const struct sockaddr *peer, char out[ADDRESS_TEXT_MAX]);

#endif /* SIEVE_SERVICE_NETWORK_H */
