#define _GNU_SOURCE /* SOCK_CLOEXEC */

#include "service/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/network.h"

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

static int open_unix(const struct sockaddr_un *address, mode_t mode,
                     const char **reason_out)
{
    if (is_stale(address))
        (void)unlink(address->sun_path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return fail(-1, "no socket", reason_out);
    /* Nobody may connect between its making and its mode. */
    const mode_t mask = umask(0777);
    const int answer =
        bind(descriptor, (const struct sockaddr *)address, sizeof *address);
    const int system = errno;
    (void)umask(mask);
    errno = system;
    if (answer != 0)
        return fail(descriptor, "the Unix socket cannot be made", reason_out);
    if (chmod(address->sun_path, mode) != 0 || listen(descriptor, BACKLOG) != 0)
        return fail(descriptor, "the Unix socket cannot be opened", reason_out);
    return descriptor;
}

static int open_address(const struct endpoint *endpoint, const char **reason_out)
{
    const int on = 1;
    const struct sockaddr *address = &endpoint->address.any;
    const int descriptor =
        socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return fail(-1, "no socket", reason_out);
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (address->sa_family == AF_INET6 &&
         setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        bind(descriptor, address, endpoint->length) != 0 ||
        listen(descriptor, BACKLOG) != 0)
        return fail(descriptor, "it cannot be listened on", reason_out);
    return descriptor;
}

int listener_open(const struct endpoint *endpoint, mode_t mode, const char **reason_out)
{
    return endpoint->address.any.sa_family == AF_UNIX
               ? open_unix(&endpoint->address.local, mode, reason_out)
               : open_address(endpoint, reason_out);
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
    struct endpoint endpoint;
    memset(&endpoint, 0, sizeof endpoint);
    endpoint.length = sizeof endpoint.address;
    memcpy(out, "unknown", sizeof "unknown");
    if (getsockname(descriptor, &endpoint.address.any, &endpoint.length) != 0)
        return;
    if (endpoint.address.any.sa_family == AF_UNIX)
        (void)snprintf(out, LISTENER_NAME_MAX, "unix:%.*s",
                       (int)sizeof endpoint.address.local.sun_path,
                       endpoint.address.local.sun_path);
    else if (endpoint.address.any.sa_family == AF_INET6)
        name_address(AF_INET6, &endpoint.address.six.sin6_addr,
                     ntohs(endpoint.address.six.sin6_port), out);
    else
        name_address(AF_INET, &endpoint.address.four.sin_addr,
                     ntohs(endpoint.address.four.sin_port), out);
}
