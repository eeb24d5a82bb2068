/* slow - many clients that take their time, until standard input ends.
 *
 *   slow PORT heads COUNT      each sends the head of a request, a byte every 100 ms
 *   slow PORT answers COUNT    each asks for 256 KiB and reads 16 bytes every 100 ms
 *   slow PORT heads COUNT burst
 *
 * Their moments are spread evenly, as those of clients that know nothing of each other
 * are; in a burst all send at the same moment, and this program takes a core meanwhile.
 * Prints a line once all have connected, and asked.
 */
#define _GNU_SOURCE /* ppoll, in all C libraries */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PERIOD       100000000u /* nanoseconds between two moments of a client */
#define CLIENTS_MAX  20000u
#define BODY_LENGTH  ((size_t)256 << 10)
#define WINDOW_BYTES 4096 /* of a client that does not read */
#define READ_LENGTH  16

struct crowd {
    uint16_t port;
    int reads;    /* else they send */
    uint64_t gap; /* nanoseconds between two of them; 0: all at once */
    size_t count;
    int *descriptors;
    size_t turn; /* bytes that each has sent of its head */
    char *request;
    size_t request_length;
};

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "slow: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void make_request(struct crowd *crowd)
{
    static const char line[] = "nothing to see here\n";
    const size_t body = crowd->reads ? BODY_LENGTH : 1000;
    crowd->request = malloc(body + 256);
    if (!crowd->request)
        fail("memory");
    const int head =
        crowd->reads
            ? snprintf(crowd->request, 256,
                       "POST /v1/mask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                       "text/plain\r\nContent-Length: %zu\r\n\r\n",
                       body)
            : snprintf(crowd->request, 256,
                       "POST /v1/mask HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    for (size_t at = 0; at < body; at++)
        crowd->request[(size_t)head + at] = line[at % (sizeof line - 1)];
    if (!crowd->reads)
        memset(crowd->request + head, 'a', body); /* a field that never ends */
    crowd->request_length = (size_t)head + body;
}

static void send_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t count = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (count <= 0)
            fail("send");
        bytes += count;
        length -= (size_t)count;
    }
}

static int open_client(const struct crowd *crowd)
{
    const struct sockaddr_in peer = {.sin_family = AF_INET,
                                     .sin_port = htons(crowd->port),
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int window = WINDOW_BYTES;
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        fail("socket");
    if (crowd->reads)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    if (connect(descriptor, (const struct sockaddr *)&peer, sizeof peer) < 0)
        fail("connect");
    if (crowd->reads)
        send_all(descriptor, crowd->request, crowd->request_length);
    return descriptor;
}

/* Who was cut off, as it should be, is followed by another. */
static void act(struct crowd *crowd, size_t index)
{
    int *descriptor = &crowd->descriptors[index];
    char bytes[READ_LENGTH];
    const ssize_t count =
        crowd->reads
            ? recv(*descriptor, bytes, sizeof bytes, MSG_DONTWAIT)
            : send(*descriptor, crowd->request + crowd->turn % crowd->request_length, 1,
                   MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0 || (count < 0 && errno == EAGAIN))
        return;
    (void)close(*descriptor);
    *descriptor = open_client(crowd);
}

/* Each client once.  1 at the end of the input. */
static int take_turns(struct crowd *crowd, uint64_t began)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (size_t index = 0; index < crowd->count; index++) {
        const uint64_t at = now();
        const uint64_t due = began + index * crowd->gap;
        const uint64_t left = due > at ? due - at : 0;
        const struct timespec patience = {(time_t)(left / 1000000000u),
                                          (long)(left % 1000000000u)};
        if (ppoll(&input, 1, &patience, NULL) > 0)
            return 1;
        act(crowd, index);
    }
    return 0;
}

static void run(struct crowd *crowd)
{
    for (uint64_t began = now(); !take_turns(crowd, began); began += PERIOD)
        crowd->turn++;
}

int main(int count, char **words)
{
    struct crowd crowd = {0};
    if (count < 4 || count > 5) {
        (void)fprintf(stderr, "usage: slow PORT heads|answers COUNT [burst]\n");
        return 2;
    }
    crowd.port = (uint16_t)strtoul(words[1], NULL, 10);
    crowd.reads = strcmp(words[2], "answers") == 0;
    crowd.count = strtoul(words[3], NULL, 10);
    if (crowd.count == 0 || crowd.count > CLIENTS_MAX)
        fail("COUNT");
    crowd.gap = count > 4 ? 0 : PERIOD / crowd.count;
    crowd.descriptors = calloc(crowd.count, sizeof *crowd.descriptors);
    if (!crowd.descriptors)
        fail("memory");
    make_request(&crowd);
    for (size_t index = 0; index < crowd.count; index++)
        crowd.descriptors[index] = open_client(&crowd);
    printf("ready\n");
    (void)fflush(stdout);
    run(&crowd);
    return 0;
}
