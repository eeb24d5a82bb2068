/* tls.h - the certificate that is shown and those that clients show.  The only pair that
 * knows gnutls/gnutls.h, abstract.h and x509.h.
 *
 * Files are read anew at a reload: connections that are open keep what they have, new
 * ones are shown the new certificate.
 */
#ifndef SIEVE_SERVICE_TLS_H
#define SIEVE_SERVICE_TLS_H

#include "cardsieve.h"
#include "service/settings.h"

/* TLS 1.2 and 1.3 with what is sound today. */
#define TLS_PRIORITIES                                                                   \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:"          \
    "+AES-128-GCM:+CHACHA20-POLY1305:%SAFE_RENEGOTIATION"

struct tls;

/* On failure *key_out is the setting it is about, *reason_out a constant; SIEVE_E_IO with
 * errno. */
sieve_status tls_new(const struct settings *settings, struct tls **out,
                     const char **key_out, const char **reason_out) SIEVE_MUST_CHECK;
void tls_free(struct tls *tls); /* wipes the key; NULL is legal */

/* What new connections are shown from now on; borrowed until the next call. */
void tls_use(const struct tls *tls);

/* GnuTLS asks it for the certificate of a new connection: a
 * gnutls_certificate_retrieve_function3, for libmicrohttpd. */
void *tls_retriever(void);

/* PEM of who signs the clients' certificates; NULL: nobody is asked. */
const char *tls_authorities(const struct tls *tls);

/* 1 if the peer of this GnuTLS session has shown a certificate, for a client, that is
 * valid now and was signed by one of the authorities. */
int tls_is_certified(const struct tls *tls, void *session);

#endif /* SIEVE_SERVICE_TLS_H */
