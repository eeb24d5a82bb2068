#include "service/tokens.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/wipe.h"
#include "service/secret_file.h"

/* Zeros behind the token, so that all are compared over one length. */
struct token {
    unsigned char bytes[TOKEN_LENGTH_MAX];
};

struct tokens {
    size_t count;
    struct token rows[TOKENS_MAX];
};

static int is_token_byte(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || (byte != '\0' && strchr("-._~+/=", byte));
}

static const char *add(struct tokens *tokens, struct bytes line)
{
    while (line.length > 0 && strchr(" \t\r", line.at[line.length - 1]))
        line.length--;
    if (line.length == 0 || line.at[0] == '#')
        return NULL;
    if (line.length < TOKEN_LENGTH_MIN)
        return "a token is shorter than 16 characters";
    if (line.length > TOKEN_LENGTH_MAX)
        return "a token is longer than 256 characters";
    if (tokens->count == TOKENS_MAX)
        return "there are more than 256 tokens";
    for (size_t index = 0; index < line.length; index++) {
        if (!is_token_byte(line.at[index]))
            return "a token has characters that no bearer token has";
    }
    memcpy(tokens->rows[tokens->count++].bytes, line.at, line.length);
    return NULL;
}

static const char *add_lines(struct tokens *tokens, struct bytes text)
{
    const char *reason = NULL;
    while (text.length > 0 && !reason) {
        const unsigned char *end = memchr(text.at, '\n', text.length);
        const size_t length = end ? (size_t)(end - text.at) : text.length;
        reason = add(tokens, bytes_of(text.at, length));
        text = bytes_from(text, end ? length + 1 : length);
    }
    if (!reason && tokens->count == 0)
        reason = "there is no token in it";
    return reason;
}

sieve_status tokens_read(const char *path, struct tokens **out, const char **reason_out)
{
    struct buffer text;
    struct tokens *tokens = calloc(1, sizeof *tokens);
    *reason_out = "not enough memory";
    if (!tokens)
        return SIEVE_E_MEMORY;
    buffer_init(&text, SECRET_LENGTH_MAX);
    sieve_status status = secret_file_read(path, 1, &text, reason_out);
    if (status == SIEVE_OK) {
        const char *reason = add_lines(tokens, buffer_bytes(&text));
        if (reason) {
            *reason_out = reason;
            status = SIEVE_E_INVALID;
        }
    }
    buffer_done(&text);
    if (status == SIEVE_OK)
        *out = tokens;
    else
        tokens_free(tokens);
    return status;
}

void tokens_free(struct tokens *tokens)
{
    wipe_free(tokens, tokens ? sizeof *tokens : 0);
}

int tokens_know(const struct tokens *tokens, const char *authorization)
{
    struct token shown = {{0}};
    unsigned is_known = 0;
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return 0;
    authorization += 7;
    authorization += strspn(authorization, " ");
    const size_t length = strlen(authorization);
    if (length < TOKEN_LENGTH_MIN || length > TOKEN_LENGTH_MAX)
        return 0;
    memcpy(shown.bytes, authorization, length);
    for (size_t row = 0; row < tokens->count; row++) {
        unsigned difference = 0;
        for (size_t index = 0; index < TOKEN_LENGTH_MAX; index++)
            difference |= (unsigned)(shown.bytes[index] ^ tokens->rows[row].bytes[index]);
        is_known |= difference == 0;
    }
    wipe(&shown, sizeof shown);
    return (int)is_known;
}
