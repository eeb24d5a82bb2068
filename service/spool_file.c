#define _GNU_SOURCE /* O_TMPFILE */

#include "service/spool_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gnutls/crypto.h>

#include "base/wipe.h"
#include "service/trouble.h"

#define KEY_LENGTH   32u
#define NONCE_LENGTH 12u
#define TAG_LENGTH   16u
#define SEALED_FRAME (SPOOL_FRAME + TAG_LENGTH)
#define NO_FRAME     UINT64_MAX

struct spool_file {
    int descriptor;
    gnutls_aead_cipher_hd_t cipher;
    uint64_t held; /* the frame in `plain`; NO_FRAME */
    unsigned char plain[SPOOL_FRAME];
    unsigned char sealed[SEALED_FRAME];
};

static int open_unnamed(const char *directory)
{
    char name[4096];
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
        return descriptor;
    /* A file system that cannot make a file without a name. */
    const int length = snprintf(name, sizeof name, "%s/cardsieved-XXXXXX", directory);
    if (length < 0 || (size_t)length >= sizeof name)
        return -1;
    descriptor = mkostemp(name, O_CLOEXEC);
    if (descriptor >= 0 && unlink(name) != 0) {
        (void)close(descriptor);
        return -1;
    }
    return descriptor;
}

sieve_status spool_file_new(const char *directory, struct spool_file **out)
{
    unsigned char key[KEY_LENGTH];
    const gnutls_datum_t key_datum = {key, sizeof key};
    sieve_status status = SIEVE_E_IO;
    struct spool_file *file = malloc(sizeof *file);
    if (!file)
        return SIEVE_E_MEMORY;
    file->held = NO_FRAME;
    file->cipher = NULL;
    file->descriptor = open_unnamed(directory);
    if (file->descriptor < 0)
        trouble_note(TROUBLE_SPOOL, 1, errno);
    if (file->descriptor < 0 || gnutls_rnd(GNUTLS_RND_KEY, key, sizeof key) < 0)
        goto done;
    if (gnutls_aead_cipher_init(&file->cipher, GNUTLS_CIPHER_AES_256_GCM, &key_datum) < 0)
        goto done;
    *out = file;
    file = NULL;
    status = SIEVE_OK;
done:
    wipe(key, sizeof key);
    spool_file_free(file);
    return status;
}

void spool_file_free(struct spool_file *file)
{
    if (!file)
        return;
    if (file->cipher)
        gnutls_aead_cipher_deinit(file->cipher);
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    wipe_free(file, sizeof *file);
}

/* The key is this file's own and each frame is written once, so a number will do. */
static void make_nonce(uint64_t index, unsigned char nonce[NONCE_LENGTH])
{
    memset(nonce, 0, NONCE_LENGTH);
    memcpy(nonce, &index, sizeof index);
}

static sieve_status write_at(int descriptor, struct bytes bytes, off_t at)
{
    while (bytes.length > 0) {
        ssize_t count = pwrite(descriptor, bytes.at, bytes.length, at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            trouble_note(TROUBLE_SPOOL, 1, errno);
            return SIEVE_E_IO;
        }
        bytes = bytes_from(bytes, (size_t)count);
        at += count;
    }
    return SIEVE_OK;
}

static sieve_status read_at(int descriptor, unsigned char *to, size_t length, off_t at)
{
    while (length > 0) {
        ssize_t count = pread(descriptor, to, length, at);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return SIEVE_E_IO;
        to += count;
        length -= (size_t)count;
        at += count;
    }
    return SIEVE_OK;
}

sieve_status spool_file_write(struct spool_file *file, uint64_t index, struct bytes plain)
{
    unsigned char nonce[NONCE_LENGTH];
    size_t length = sizeof file->sealed;
    make_nonce(index, nonce);
    if (gnutls_aead_cipher_encrypt(file->cipher, nonce, sizeof nonce, NULL, 0, TAG_LENGTH,
                                   plain.at, plain.length, file->sealed, &length) < 0)
        return SIEVE_E_INTERNAL;
    return write_at(file->descriptor, bytes_of(file->sealed, length),
                    (off_t)(index * SEALED_FRAME));
}

sieve_status spool_file_read(struct spool_file *file, uint64_t index, size_t length,
                             struct bytes *plain_out)
{
    unsigned char nonce[NONCE_LENGTH];
    size_t capacity = sizeof file->plain;
    if (file->held != index) {
        file->held = NO_FRAME;
        sieve_status status = read_at(file->descriptor, file->sealed, length + TAG_LENGTH,
                                      (off_t)(index * SEALED_FRAME));
        if (status != SIEVE_OK)
            return status;
        make_nonce(index, nonce);
        if (gnutls_aead_cipher_decrypt(file->cipher, nonce, sizeof nonce, NULL, 0,
                                       TAG_LENGTH, file->sealed, length + TAG_LENGTH,
                                       file->plain, &capacity) < 0)
            return SIEVE_E_CORRUPT;
        file->held = index;
    }
    *plain_out = bytes_of(file->plain, length);
    return SIEVE_OK;
}
