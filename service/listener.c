#define _GNU_SOURCE /* SOCK_CLOEXEC */

#include "service/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

static int fail(int descriptor, const char *reason, const char **reason_out)
{
    const int system = errno;
    if (descriptor >= 0)
        (void)close(descriptor);
    errno = system;
    *reason_out = reason;
    return -1;
}

/* A socket that nobody listens on any more is in the way; one that lives stays. */
static int is_stale(const struct sockaddr_un *address)
{
    struct stat about;
    if (lstat(address->sun_path, &about) != 0 || !S_ISSOCK(about.st_mode))
        return 0;
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return 0;
    const int answer =
        connect(descriptor, (const struct sockaddr *)address, sizeof *address);
    const int system = errno;
    (void)close(descriptor);
    return answer != 0 && system == ECONNREFUSED;
}

static int open_unix(const char *path, const struct settings *settings,
                     const char **reason_out)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path[0] != '/' || strlen(path) >= sizeof address.sun_path)
        return fail(-1, "the path of a Unix socket begins with / and is short",
                    reason_out);
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (is_stale(&address))
        (void)unlink(path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return fail(-1, "no socket", reason_out);
    /* Nobody may connect between its making and its mode. */
    const mode_t mask = umask(0777);
    const int answer =
        bind(descriptor, (const struct sockaddr *)&address, sizeof address);
    (void)umask(mask);
    if (answer != 0)
        return fail(descriptor, "the Unix socket cannot be made", reason_out);
    if (chmod(path, (mode_t)settings->socket_mode) != 0 ||
        listen(descriptor, BACKLOG) != 0)
        return fail(descriptor, "the Unix socket cannot be opened", reason_out);
    return descriptor;
}

/* Cuts "host:port" in two; brackets go. */
static int split(const char *name, char host[SETTING_LENGTH_MAX], const char **port_out)
{
    const char *colon = strrchr(name, ':');
    if (!colon || colon == name)
        return -1;
    size_t length = (size_t)(colon - name);
    *port_out = colon + 1;
    if (name[0] == '[') {
        if (name[length - 1] != ']')
            return -1;
        name++;
        length -= 2;
    }
    if (length == 0 || length >= SETTING_LENGTH_MAX)
        return -1;
    memcpy(host, name, length);
    host[length] = '\0';
    return 0;
}

static int open_address(const struct addrinfo *info, const char **reason_out)
{
    const int on = 1;
    const int descriptor =
        socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return fail(-1, "no socket", reason_out);
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (info->ai_family == AF_INET6 &&
         setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(descriptor, info->ai_addr, info->ai_addrlen) != 0 ||
        listen(descriptor, BACKLOG) != 0)
        return fail(descriptor, "the address cannot be listened on", reason_out);
    return descriptor;
}

/* To be freed with freeaddrinfo(). */
static struct addrinfo *resolve(const char *name, const char **reason_out)
{
    char host[SETTING_LENGTH_MAX];
    const char *port = NULL;
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    *reason_out = "a listener is ADDRESS:PORT or unix:PATH";
    if (split(name, host, &port) < 0)
        return NULL;
    *reason_out = "the address is not known";
    return getaddrinfo(host, port, &hints, &found) == 0 ? found : NULL;
}

static int open_tcp(const char *name, const char **reason_out)
{
    struct addrinfo *found = resolve(name, reason_out);
    errno = 0;
    if (!found)
        return -1;
    const int descriptor = open_address(found, reason_out);
    const int system = errno;
    freeaddrinfo(found);
    errno = system;
    return descriptor;
}

int listener_check(const char *name, int *is_local_out, const char **reason_out)
{
    *is_local_out = 1;
    if (strncmp(name, "unix:", 5) == 0) {
        *reason_out = "the path of a Unix socket begins with / and is short";
        return name[5] == '/' &&
                       strlen(name + 5) < sizeof((struct sockaddr_un *)NULL)->sun_path
                   ? 0
                   : -1;
    }
    struct addrinfo *found = resolve(name, reason_out);
    if (!found)
        return -1;
    *is_local_out = address_is_local(found->ai_addr);
    freeaddrinfo(found);
    return 0;
}

int listener_is_local(int descriptor)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return address_is_local((const struct sockaddr *)&address);
}

unsigned listener_port(int descriptor)
{
    struct sockaddr_storage address;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0)
        return 0;
    memcpy(&four, &address, sizeof four);
    memcpy(&six, &address, sizeof six);
    if (address.ss_family == AF_INET)
        return ntohs(four.sin_port);
    return address.ss_family == AF_INET6 ? ntohs(six.sin6_port) : 0;
}

/* "A:P", or "[A]:P" where the address has colons. */
static void name_address(int family, const void *address, unsigned port,
                         char out[LISTENER_NAME_MAX])
{
    char text[INET6_ADDRSTRLEN];
    if (!inet_ntop(family, address, text, sizeof text))
        return;
    (void)snprintf(out, LISTENER_NAME_MAX, family == AF_INET6 ? "[%s]:%u" : "%s:%u", text,
                   port);
}

void listener_name(int descriptor, char out[LISTENER_NAME_MAX])
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
        struct sockaddr_un local;
    } address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    memcpy(out, "unknown", sizeof "unknown");
    if (getsockname(descriptor, &address.any, &length) != 0)
        return;
    if (address.any.sa_family == AF_UNIX)
        (void)snprintf(out, LISTENER_NAME_MAX, "unix:%.*s",
                       (int)sizeof address.local.sun_path, address.local.sun_path);
    else if (address.any.sa_family == AF_INET6)
        name_address(AF_INET6, &address.six.sin6_addr, ntohs(address.six.sin6_port), out);
    else
        name_address(AF_INET, &address.four.sin_addr, ntohs(address.four.sin_port), out);
}

int listener_open(const char *name, const struct settings *settings, int *is_local_out,
                  const char **reason_out)
{
    const int is_unix = strncmp(name, "unix:", 5) == 0;
    const int descriptor =
        is_unix ? open_unix(name + 5, settings, reason_out) : open_tcp(name, reason_out);
    if (descriptor >= 0)
        *is_local_out = listener_is_local(descriptor);
    return descriptor;
}
