#define _GNU_SOURCE /* RTLD_NEXT */

#include "service/tls.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/wipe.h"
#include "service/real.h"
#include "service/secret_file.h"
#include "service/tap.h"

#define CHAIN_MAX 16u

struct tls {
    unsigned chain_length;
    gnutls_x509_crt_t chain[CHAIN_MAX];
    gnutls_x509_privkey_t key;
    gnutls_x509_trust_list_t trusted; /* NULL: clients need show nothing */
    struct buffer authorities;        /* PEM, NUL-ended */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct tls *in_use;

/* ---- reading -------------------------------------------------------------------------
 */

static gnutls_datum_t datum_of(const struct buffer *buffer)
{
    return (gnutls_datum_t){buffer->at, (unsigned)buffer->length};
}

static sieve_status read_chain(struct tls *tls, const char *path, const char **reason_out)
{
    struct buffer text;
    buffer_init(&text, SECRET_LENGTH_MAX);
    sieve_status status = secret_file_read(path, 0, &text, reason_out);
    if (status == SIEVE_OK) {
        const gnutls_datum_t datum = datum_of(&text);
        tls->chain_length = CHAIN_MAX;
        if (gnutls_x509_crt_list_import(tls->chain, &tls->chain_length, &datum,
                                        GNUTLS_X509_FMT_PEM,
                                        GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED) < 0) {
            tls->chain_length = 0;
            *reason_out = "the TLS certificate is no PEM chain";
            status = SIEVE_E_INVALID;
        }
    }
    buffer_done(&text);
    return status;
}

static sieve_status read_key(struct tls *tls, const char *path, const char **reason_out)
{
    struct buffer text;
    buffer_init(&text, SECRET_LENGTH_MAX);
    sieve_status status = secret_file_read(path, 1, &text, reason_out);
    if (status == SIEVE_OK) {
        const gnutls_datum_t datum = datum_of(&text);
        if (gnutls_x509_privkey_init(&tls->key) < 0 ||
            gnutls_x509_privkey_import2(tls->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) <
                0) {
            *reason_out = "the TLS key is no PEM key without a password";
            status = SIEVE_E_INVALID;
        }
    }
    buffer_done(&text);
    return status;
}

/* A pair that does not fit would fail at every handshake; better now. */
static sieve_status check_pair(const struct tls *tls, const char **reason_out)
{
    unsigned char left[64];
    unsigned char right[64];
    size_t left_length = sizeof left;
    size_t right_length = sizeof right;
    if (gnutls_x509_crt_get_key_id(tls->chain[0], GNUTLS_KEYID_USE_SHA256, left,
                                   &left_length) < 0 ||
        gnutls_x509_privkey_get_key_id(tls->key, GNUTLS_KEYID_USE_SHA256, right,
                                       &right_length) < 0 ||
        left_length != right_length || memcmp(left, right, left_length) != 0) {
        *reason_out = "the TLS key is not that of the certificate";
        return SIEVE_E_INVALID;
    }
    return SIEVE_OK;
}

static sieve_status read_authorities(struct tls *tls, const char *path,
                                     const char **reason_out)
{
    static const unsigned char end[1];
    sieve_status status = secret_file_read(path, 0, &tls->authorities, reason_out);
    if (status != SIEVE_OK)
        return status;
    const gnutls_datum_t datum = datum_of(&tls->authorities);
    if (gnutls_x509_trust_list_init(&tls->trusted, 0) < 0)
        return SIEVE_E_MEMORY;
    if (gnutls_x509_trust_list_add_trust_mem(tls->trusted, &datum, NULL,
                                             GNUTLS_X509_FMT_PEM, 0, 0) < 1) {
        *reason_out = "the clients' authorities are no PEM certificates";
        return SIEVE_E_INVALID;
    }
    return buffer_append(&tls->authorities, bytes_of(end, 1));
}

sieve_status tls_new(const struct settings *settings, struct tls **out,
                     const char **key_out, const char **reason_out)
{
    struct tls *tls = calloc(1, sizeof *tls);
    *reason_out = "not enough memory";
    if (!tls)
        return SIEVE_E_MEMORY;
    buffer_init(&tls->authorities, SECRET_LENGTH_MAX + 1);
    *key_out = "tls_certificate";
    sieve_status status = read_chain(tls, settings->tls_certificate, reason_out);
    if (status == SIEVE_OK) {
        *key_out = "tls_key";
        status = read_key(tls, settings->tls_key, reason_out);
    }
    if (status == SIEVE_OK)
        status = check_pair(tls, reason_out);
    if (status == SIEVE_OK && settings->tls_client_ca[0]) {
        *key_out = "tls_client_ca";
        status = read_authorities(tls, settings->tls_client_ca, reason_out);
    }
    if (status == SIEVE_OK)
        *out = tls;
    else
        tls_free(tls);
    return status;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    for (unsigned index = 0; index < tls->chain_length; index++)
        gnutls_x509_crt_deinit(tls->chain[index]);
    if (tls->key)
        gnutls_x509_privkey_deinit(tls->key);
    if (tls->trusted)
        gnutls_x509_trust_list_deinit(tls->trusted, 1);
    buffer_done(&tls->authorities);
    free(tls);
}

const char *tls_authorities(const struct tls *tls)
{
    return tls->trusted ? (const char *)tls->authorities.at : NULL;
}

/* ---- a new connection ----------------------------------------------------------------
 */

void tls_use(const struct tls *tls)
{
    pthread_mutex_lock(&lock);
    in_use = tls;
    pthread_mutex_unlock(&lock);
}

/* Copies, which GnuTLS frees: a reload may come before the handshake is over. */
static int copy_key(const struct tls *tls, gnutls_privkey_t *out)
{
    gnutls_privkey_t key = NULL;
    int answer = gnutls_privkey_init(&key);
    if (answer < 0)
        return answer;
    answer = gnutls_privkey_import_x509(key, tls->key, GNUTLS_PRIVKEY_IMPORT_COPY);
    if (answer < 0) {
        gnutls_privkey_deinit(key);
        return answer;
    }
    *out = key;
    return 0;
}

static int copy_chain(const struct tls *tls, gnutls_pcert_st **out)
{
    gnutls_pcert_st *chain = gnutls_malloc(tls->chain_length * sizeof *chain);
    unsigned made = 0;
    int answer = chain ? 0 : GNUTLS_E_MEMORY_ERROR;
    while (answer >= 0 && made < tls->chain_length) {
        answer = gnutls_pcert_import_x509(&chain[made], tls->chain[made], 0);
        made += answer >= 0;
    }
    if (answer >= 0) {
        *out = chain;
        return 0;
    }
    while (made > 0)
        gnutls_pcert_deinit(&chain[--made]);
    gnutls_free(chain);
    return answer;
}

static int copy_pair(gnutls_pcert_st **chain_out, unsigned *length_out,
                     gnutls_privkey_t *key_out)
{
    if (!in_use)
        return GNUTLS_E_NO_CERTIFICATE_FOUND;
    int answer = copy_key(in_use, key_out);
    if (answer < 0)
        return answer;
    answer = copy_chain(in_use, chain_out);
    if (answer < 0) {
        gnutls_privkey_deinit(*key_out);
        *key_out = NULL;
        return answer;
    }
    *length_out = in_use->chain_length;
    return 0;
}

/* GnuTLS wants as many parameters. */
static int retrieve( // NOLINT(readability-function-size)
    gnutls_session_t session, const struct gnutls_cert_retr_st *info,
    gnutls_pcert_st **chain, unsigned *chain_length, gnutls_ocsp_data_st **ocsp,
    unsigned *ocsp_length, gnutls_privkey_t *key, unsigned *flags)
{
    (void)session;
    (void)info;
    *ocsp = NULL;
    *ocsp_length = 0;
    *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
    pthread_mutex_lock(&lock);
    const int answer = copy_pair(chain, chain_length, key);
    pthread_mutex_unlock(&lock);
    return answer < 0 ? -1 : 0;
}

void *tls_retriever(void)
{
    union {
        gnutls_certificate_retrieve_function3 *function;
        void *object;
    } retriever = {.function = retrieve};
    return retriever.object;
}

/* ---- a client's certificate ----------------------------------------------------------
 */

static int verify(const struct tls *tls, const gnutls_datum_t *shown, unsigned count)
{
    gnutls_x509_crt_t chain[CHAIN_MAX];
    unsigned made = 0;
    unsigned faults = 1;
    static char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st data = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)purpose, 0};
    int answer = count > CHAIN_MAX ? -1 : 0;
    while (answer >= 0 && made < count) {
        answer = gnutls_x509_crt_init(&chain[made]);
        if (answer < 0)
            break;
        answer = gnutls_x509_crt_import(chain[made], &shown[made], GNUTLS_X509_FMT_DER);
        made++;
    }
    if (answer >= 0)
        answer = gnutls_x509_trust_list_verify_crt2(tls->trusted, chain, made, &data, 1,
                                                    0, &faults, NULL);
    while (made > 0)
        gnutls_x509_crt_deinit(chain[--made]);
    return answer >= 0 && faults == 0;
}

int tls_is_certified(const struct tls *tls, void *session)
{
    unsigned count = 0;
    if (!session || !tls->trusted)
        return 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &count);
    return shown && count > 0 && verify(tls, shown, count);
}

/* ---- what is received and sent -------------------------------------------------------
 */

typedef ssize_t (*receive_function)(gnutls_session_t, void *, size_t);
typedef ssize_t (*send_function)(gnutls_session_t, const void *, size_t);
typedef int (*handshake_function)(gnutls_session_t);
static handshake_function real_handshake;
static receive_function real_record_recv;
static send_function real_record_send;
static pthread_once_t found_once = PTHREAD_ONCE_INIT;

static void find_real(void)
{
    real_handshake = (handshake_function)real_find("gnutls_handshake");
    real_record_recv = (receive_function)real_find("gnutls_record_recv");
    real_record_send = (send_function)real_find("gnutls_record_send");
}

static ssize_t send_record(void *session, const void *bytes, size_t length)
{
    return real_record_send(session, bytes, length);
}

/* The program's own; libmicrohttpd calls them.  See tap.h.  Other users of the library,
 * libcurl among them, have no descriptor there. */
__attribute__((visibility("default"))) int gnutls_handshake(gnutls_session_t session)
{
    (void)pthread_once(&found_once, find_real);
    const int descriptor = gnutls_transport_get_int(session);
    const int answer = real_handshake(session);
    if (answer == GNUTLS_E_SUCCESS && tap_has(descriptor, session))
        tap_greet(descriptor);
    return answer;
}

__attribute__((visibility("default"))) ssize_t
gnutls_record_recv(gnutls_session_t session, void *data, size_t data_size)
{
    (void)pthread_once(&found_once, find_real);
    const int descriptor = gnutls_transport_get_int(session);
    const ssize_t count = real_record_recv(session, data, data_size);
    if (!tap_has(descriptor, session))
        return count;
    const ssize_t passed = tap_filter(descriptor, data, count, send_record, session);
    return passed < 0 && passed != count ? GNUTLS_E_PULL_ERROR : passed;
}

__attribute__((visibility("default"))) ssize_t
gnutls_record_send(gnutls_session_t session, const void *data, size_t data_size)
{
    (void)pthread_once(&found_once, find_real);
    const int descriptor = gnutls_transport_get_int(session);
    return tap_has(descriptor, session)
               ? tap_send(descriptor, data, data_size, send_record, session)
               : real_record_send(session, data, data_size);
}
