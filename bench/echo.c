/* echo - the barest server on libmicrohttpd: reads a body and sends as many bytes back.
 * bench/service measures cardsieved beside it; threads and flags are cardsieved's.
 *
 *   echo THREADS [sink]      with `sink` every answer has two bytes
 *
 * Prints its port, then serves until standard input ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "service/limits.h"

#define CONNECTIONS_MAX 20000u
#define ANSWER_MAX      ((size_t)1 << 20) /* bytes; a longer body has an empty answer */

struct request {
    size_t length;
};

static char answer[ANSWER_MAX];
static int is_sink;

static enum MHD_Result reply(struct MHD_Connection *connection, size_t length)
{
    const size_t back = is_sink ? 2 : length > ANSWER_MAX ? 0 : length;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(back, answer, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    const enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

/* libmicrohttpd wants as many parameters. */
static enum MHD_Result serve( // NOLINT(readability-function-size)
    void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *upload_length, void **kept)
{
    struct request *request = *kept;
    (void)context, (void)url, (void)method, (void)version, (void)upload;
    if (!request) {
        request = calloc(1, sizeof *request);
        *kept = request;
        return request ? MHD_YES : MHD_NO;
    }
    if (*upload_length > 0) {
        request->length += *upload_length;
        *upload_length = 0;
        return MHD_YES;
    }
    return reply(connection, request->length);
}

static void completed(void *context, struct MHD_Connection *connection, void **kept,
                      enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    free(*kept);
    *kept = NULL;
}

static struct MHD_Daemon *start(unsigned threads)
{
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                           MHD_USE_PEDANTIC_CHECKS | MHD_USE_TURBO;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, serve, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, 120u,
        MHD_OPTION_ARRAY, threads > 1 ? pool : pool + 1, MHD_OPTION_END);
}

int main(int count, char **words)
{
    const long threads = count > 1 ? strtol(words[1], NULL, 10) : 1;
    char byte = 0;
    is_sink = count > 2 && strcmp(words[2], "sink") == 0;
    memset(answer, '.', sizeof answer);
    struct MHD_Daemon *daemon = start(threads < 1 ? 1u : (unsigned)threads);
    const union MHD_DaemonInfo *info =
        daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        (void)fprintf(stderr, "echo: it does not start\n");
        return 2;
    }
    printf("%u\n", (unsigned)info->port);
    (void)fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    MHD_stop_daemon(daemon);
    return 0;
}
