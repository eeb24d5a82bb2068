/* load - asks a server at a rate of its own, however long the answers take, and tells how
 * long they took from the moment they were due: a late answer makes the next ones late,
 * and that counts (wrk waits for an answer before it asks again, which hides that).
 *
 *   load PORT FILE PATH RATE SECONDS CONNECTIONS
 *
 * Posts FILE to http://127.0.0.1:PORT/PATH.  Requests are due at random moments, RATE a
 * second on average; each goes over the connection that is free for longest.  Prints one
 * JSON object: requests, errors, microseconds of p50, p99, p999 and the longest.
 */
#define _GNU_SOURCE /* epoll_pwait2 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024u
#define HEAD_MAX        8192u
#define EVENTS_MAX      64
#define PATIENCE        30000000000u /* nanoseconds for what is under way at the end */

struct link {
    int descriptor;
    int is_busy;
    uint64_t due;
    size_t sent;
    size_t head_length; /* of the answer, so far */
    uint64_t left;      /* of its body */
    int has_head;
    char head[HEAD_MAX];
};

struct load {
    struct link *links[CONNECTIONS_MAX];
    size_t link_count;
    size_t free_places[CONNECTIONS_MAX]; /* a ring: all are used alike */
    size_t free_first;
    size_t free_count;
    char *request;
    size_t request_length;
    uint32_t *taken; /* microseconds of each answer */
    size_t taken_count;
    size_t taken_max;
    size_t errors;
    int epoll;
    uint64_t dice;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Nanoseconds to the next request, of a Poisson process. */
static uint64_t roll_gap(struct load *load, double rate)
{
    load->dice ^= load->dice << 13;
    load->dice ^= load->dice >> 7;
    load->dice ^= load->dice << 17;
    const double even = ((double)(load->dice >> 11) + 1) / 9007199254740993.0;
    return (uint64_t)(-log(even) / rate * 1e9);
}

static char *read_file(const char *path, size_t *length_out)
{
    FILE *file = fopen(path, "rbe");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    const long length = ftell(file);
    char *bytes = malloc((size_t)length + 1);
    rewind(file);
    if (!bytes || fread(bytes, 1, (size_t)length, file) != (size_t)length)
        fail(path);
    (void)fclose(file);
    *length_out = (size_t)length;
    return bytes;
}

static void make_request(struct load *load, const char *file, const char *path)
{
    size_t length = 0;
    char *body = read_file(file, &length);
    load->request = malloc(length + HEAD_MAX);
    if (!load->request)
        fail("memory");
    const int head = snprintf(load->request, HEAD_MAX,
                              "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                              "text/plain\r\nContent-Length: %zu\r\n\r\n",
                              path, length);
    memcpy(load->request + head, body, length);
    load->request_length = (size_t)head + length;
    free(body);
}

static void put_free(struct load *load, size_t place)
{
    load->free_places[(load->free_first + load->free_count) % CONNECTIONS_MAX] = place;
    load->free_count++;
}

static size_t take_free(struct load *load)
{
    const size_t place = load->free_places[load->free_first];
    load->free_first = (load->free_first + 1) % CONNECTIONS_MAX;
    load->free_count--;
    return place;
}

static void open_link(struct load *load, uint16_t port, size_t place)
{
    const struct sockaddr_in peer = {.sin_family = AF_INET,
                                     .sin_port = htons(port),
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        fail("memory");
    link->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link->descriptor < 0 ||
        connect(link->descriptor, (const struct sockaddr *)&peer, sizeof peer) < 0)
        fail("connect");
    (void)setsockopt(link->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fcntl(link->descriptor, F_SETFL, O_NONBLOCK) < 0)
        fail("fcntl");
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                                .data.u64 = place};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, link->descriptor, &event) < 0)
        fail("epoll_ctl");
    load->links[place] = link;
    put_free(load, place);
}

/* ---- one request ----------------------------------------------------------------------
 */

static void send_more(struct load *load, struct link *link)
{
    while (link->is_busy && link->sent < load->request_length) {
        const ssize_t count =
            send(link->descriptor, load->request + link->sent,
                 load->request_length - link->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0)
            fail("send");
        link->sent += (size_t)count;
    }
}

static void begin(struct load *load, uint64_t due)
{
    struct link *link = load->links[take_free(load)];
    link->is_busy = 1;
    link->due = due;
    link->sent = 0;
    link->head_length = 0;
    link->has_head = 0;
    send_more(load, link);
}

static void end(struct load *load, size_t place, uint64_t at)
{
    struct link *link = load->links[place];
    link->is_busy = 0;
    load->errors += strncmp(link->head, "HTTP/1.1 200", 12) != 0;
    if (load->taken_count < load->taken_max)
        load->taken[load->taken_count++] = (uint32_t)((at - link->due) / 1000);
    put_free(load, place);
}

/* Reads on in the answer's head; what is behind it counts as body. */
static void take_head(struct link *link, const char *bytes, size_t length)
{
    const size_t room = HEAD_MAX - 1 - link->head_length;
    const size_t before = link->head_length;
    memcpy(link->head + before, bytes, length < room ? length : room);
    link->head_length += length < room ? length : room;
    link->head[link->head_length] = '\0';
    const char *over = strstr(link->head, "\r\n\r\n");
    if (!over)
        return;
    const char *field = strcasestr(link->head, "\r\nContent-Length:");
    if (!field || field > over) {
        errno = EPROTO;
        fail("an answer without a length");
    }
    link->has_head = 1;
    link->left = strtoull(field + 17, NULL, 10) -
                 (length - ((size_t)(over + 4 - link->head) - before));
}

static void receive(struct load *load, size_t place)
{
    static char bytes[256 << 10];
    struct link *link = load->links[place];
    for (;;) {
        const ssize_t count = recv(link->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0 || !link->is_busy)
            fail("the server closed a connection");
        if (link->has_head)
            link->left -= (uint64_t)count;
        else
            take_head(link, bytes, (size_t)count);
        if (link->has_head && link->left == 0) {
            end(load, place, now());
            return;
        }
    }
}

/* ---- the run --------------------------------------------------------------------------
 */

static void wait_until(struct load *load, uint64_t moment)
{
    struct epoll_event events[EVENTS_MAX];
    const uint64_t at = now();
    const uint64_t gap = moment > at ? moment - at : 0;
    const struct timespec patience = {(time_t)(gap / 1000000000u),
                                      (long)(gap % 1000000000u)};
    const int count = epoll_pwait2(load->epoll, events, EVENTS_MAX, &patience, NULL);
    for (int index = 0; index < count; index++) {
        const size_t place = (size_t)events[index].data.u64;
        if (events[index].events & EPOLLOUT)
            send_more(load, load->links[place]);
        if (events[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            receive(load, place);
    }
}

static void run(struct load *load, double rate, double seconds)
{
    const uint64_t last = now() + (uint64_t)(seconds * 1e9);
    uint64_t due = now() + roll_gap(load, rate);
    while (due < last) {
        while (due <= now() && load->free_count > 0 && due < last) {
            begin(load, due);
            due += roll_gap(load, rate);
        }
        wait_until(load, load->free_count > 0 ? due : now() + 1000000000u);
    }
    while (load->free_count < load->link_count && now() < last + PATIENCE)
        wait_until(load, last + PATIENCE);
    load->errors += load->link_count - load->free_count;
}

static int compare(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static uint32_t share(const struct load *load, double part)
{
    return load->taken_count == 0
               ? 0
               : load->taken[(size_t)(part * (double)(load->taken_count - 1))];
}

int main(int count, char **words)
{
    static struct load the_load;
    struct load *load = &the_load;
    if (count != 7) {
        (void)fprintf(stderr, "usage: load PORT FILE PATH RATE SECONDS CONNECTIONS\n");
        return 2;
    }
    const double rate = strtod(words[4], NULL);
    const double seconds = strtod(words[5], NULL);
    load->link_count = strtoul(words[6], NULL, 10);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->dice = 88172645463325252u;
    load->taken_max = (size_t)(rate * seconds * 2) + 1000;
    load->taken = calloc(load->taken_max, sizeof *load->taken);
    if (load->link_count == 0 || load->link_count > CONNECTIONS_MAX || !load->taken)
        fail("CONNECTIONS");
    make_request(load, words[2], words[3]);
    for (size_t place = 0; place < load->link_count; place++)
        open_link(load, (uint16_t)strtoul(words[1], NULL, 10), place);
    run(load, rate, seconds);
    qsort(load->taken, load->taken_count, sizeof *load->taken, compare);
    printf("{\"requests\": %zu, \"errors\": %zu, \"p50\": %u, \"p99\": %u, \"p999\": %u, "
           "\"longest\": %u}\n",
           load->taken_count, load->errors, share(load, 0.5), share(load, 0.99),
           share(load, 0.999), share(load, 1));
    return 0;
}
