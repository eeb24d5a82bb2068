/* myaddress.h - mysql://user@host:port/database?option=value in its parts. */
#ifndef SIEVE_SOURCE_MYADDRESS_H
#define SIEVE_SOURCE_MYADDRESS_H

#include <stdint.h>

#include "source/database.h"

/* What may stand behind the question mark; - and _ are the same in it. */
enum myoption {
    MYOPTION_SOCKET,
    MYOPTION_SSL_MODE, /* disabled preferred required verify-ca verify-identity */
    MYOPTION_SSL_CA,
    MYOPTION_SSL_CAPATH,
    MYOPTION_SSL_CERT,
    MYOPTION_SSL_KEY,
    MYOPTION_SSL_CRL,
    MYOPTION_SSL_CIPHER,
    MYOPTION_TLS_VERSION,
    MYOPTION_CONNECT_TIMEOUT, /* seconds */
    MYOPTION_DEFAULTS_FILE,
    MYOPTION_DEFAULTS_GROUP,
    MYOPTION_COUNT
};

enum mytls {
    MYTLS_PREFERRED,
    MYTLS_DISABLED,
    MYTLS_REQUIRED,
    MYTLS_VERIFIED /* the certificate and the name in it */
};

/* NULL and 0 for what the address does not say. */
struct myaddress {
    char *memory; /* of all texts; may hold a password */
    size_t length;
    const char *user;
    const char *password;
    const char *host;
    const char *database;
    uint32_t port;
    uint32_t connect_seconds;
    enum mytls tls;
    int has_tls; /* the address says which */
    const char *options[MYOPTION_COUNT];
};

/* SIEVE_E_INVALID with the reason if it is not written as it should be. */
sieve_status myaddress_parse(const char *target, struct myaddress *out,
                             struct database_error *error) SIEVE_MUST_CHECK;
void myaddress_done(struct myaddress *address);

#endif /* SIEVE_SOURCE_MYADDRESS_H */
