#include "service/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"

#define HOST_MAX      256 /* bytes of a name, with its end */
#define PATH_MAX_UNIX (sizeof((struct sockaddr_un *)NULL)->sun_path)

/* ---- names ---------------------------------------------------------------------------
 */

struct parts {
    char host[HOST_MAX];
    const char *port;
    int is_bracketed;
};

/* Cuts "host:port" in two; brackets go. */
static int split(const char *name, struct parts *out)
{
    const char *colon = strrchr(name, ':');
    if (!colon)
        return -1;
    size_t length = (size_t)(colon - name);
    out->port = colon + 1;
    out->is_bracketed = name[0] == '[';
    if (out->is_bracketed) {
        if (length < 2 || name[length - 1] != ']')
            return -1;
        name++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof out->host)
        return -1;
    memcpy(out->host, name, length);
    out->host[length] = '\0';
    return 0;
}

/* "fe80::1%eth0" has the name of an interface behind it. */
static const char *object_to_six(const char *host)
{
    char text[HOST_MAX];
    struct in6_addr address;
    const size_t length = strcspn(host, "%");
    memcpy(text, host, length);
    text[length] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1)
        return "an IPv6 address stands between the brackets: [::1]:8474";
    return IN6_IS_ADDR_V4MAPPED(&address) ? "an IPv4 address stands without brackets"
                                          : NULL;
}

/* What ends in a number is no name; the system would read one number as four, too. */
static const char *object_to_four(const char *host)
{
    struct in_addr address;
    const char *dot = strrchr(host, '.');
    const char *last = dot ? dot + 1 : host;
    if (last[0] < '0' || last[0] > '9' || inet_pton(AF_INET, host, &address) == 1)
        return NULL;
    return "an IPv4 address is four numbers: 127.0.0.1";
}

static const char *object_to_host(const struct parts *parts)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    if (parts->is_bracketed)
        return object_to_six(parts->host);
    if (strchr(parts->host, ':'))
        return "an IPv6 address stands between brackets: [::1]:8474";
    return strspn(parts->host, letters) == strlen(parts->host)
               ? object_to_four(parts->host)
               : "a listener is ADDRESS:PORT or unix:PATH";
}

static const char *object_to_path(const char *path)
{
    return path[0] == '/' && path[1] != '\0' && strlen(path) < PATH_MAX_UNIX
               ? NULL
               : "the path of a Unix socket begins with / and is short";
}

static const char *take_apart(const char *name, struct parts *out)
{
    uint64_t port = 0;
    if (split(name, out) < 0)
        return "a listener is ADDRESS:PORT or unix:PATH";
    if (number_parse(out->port, UINT16_MAX, &port) < 0)
        return "a port is a number up to 65535";
    return object_to_host(out);
}

const char *endpoint_objection(const char *name)
{
    struct parts parts;
    return strncmp(name, "unix:", 5) == 0 ? object_to_path(name + 5)
                                          : take_apart(name, &parts);
}

/* ---- addresses -----------------------------------------------------------------------
 */

static const char *look_up(const struct parts *parts, struct endpoint *out)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                   .ai_socktype = SOCK_STREAM};
    if (getaddrinfo(parts->host, parts->port, &hints, &found) != 0)
        return "the address is not known";
    const int fits = found->ai_addrlen <= sizeof out->address;
    if (fits) {
        memcpy(&out->address, found->ai_addr, found->ai_addrlen);
        out->length = found->ai_addrlen;
    }
    freeaddrinfo(found);
    return fits ? NULL : "the address is not known";
}

const char *endpoint_read(const char *name, struct endpoint *out)
{
    struct parts parts;
    memset(out, 0, sizeof *out);
    if (strncmp(name, "unix:", 5) != 0) {
        const char *reason = take_apart(name, &parts);
        return reason ? reason : look_up(&parts, out);
    }
    const char *reason = object_to_path(name + 5);
    if (reason)
        return reason;
    out->address.local.sun_family = AF_UNIX;
    memcpy(out->address.local.sun_path, name + 5, strlen(name + 5) + 1);
    out->length = sizeof out->address.local;
    return NULL;
}

/* ---- two of them ---------------------------------------------------------------------
 */

/* Where the last name of a path begins; its directory is written out. */
static const char *cut_path(const char *path, char directory[PATH_MAX_UNIX])
{
    const char *slash = strrchr(path, '/');
    const size_t kept = slash == path ? 1 : (size_t)(slash - path);
    memcpy(directory, path, kept);
    directory[kept] = '\0';
    return slash + 1;
}

/* By the directory itself, which may have more than one name. */
static int is_same_path(const char *left, const char *right)
{
    char directory[2][PATH_MAX_UNIX];
    struct stat about[2];
    const char *name = cut_path(left, directory[0]);
    if (strcmp(left, right) == 0)
        return 1;
    if (strcmp(name, cut_path(right, directory[1])) != 0)
        return 0;
    return stat(directory[0], &about[0]) == 0 && stat(directory[1], &about[1]) == 0 &&
           about[0].st_dev == about[1].st_dev && about[0].st_ino == about[1].st_ino;
}

static int is_same_four(const struct sockaddr_in *left, const struct sockaddr_in *right)
{
    const in_addr_t any = htonl(INADDR_ANY);
    return left->sin_port == right->sin_port && left->sin_port != 0 &&
           (left->sin_addr.s_addr == right->sin_addr.s_addr ||
            left->sin_addr.s_addr == any || right->sin_addr.s_addr == any);
}

/* These take no IPv4. */
static int is_same_six(const struct sockaddr_in6 *left, const struct sockaddr_in6 *right)
{
    const int is_any = IN6_IS_ADDR_UNSPECIFIED(&left->sin6_addr) ||
                       IN6_IS_ADDR_UNSPECIFIED(&right->sin6_addr);
    return left->sin6_port == right->sin6_port && left->sin6_port != 0 &&
           (is_any || (left->sin6_scope_id == right->sin6_scope_id &&
                       IN6_ARE_ADDR_EQUAL(&left->sin6_addr, &right->sin6_addr)));
}

int endpoint_clashes(const struct endpoint *left, const struct endpoint *right)
{
    if (left->address.any.sa_family != right->address.any.sa_family)
        return 0;
    if (left->address.any.sa_family == AF_UNIX)
        return is_same_path(left->address.local.sun_path, right->address.local.sun_path);
    return left->address.any.sa_family == AF_INET6
               ? is_same_six(&left->address.six, &right->address.six)
               : is_same_four(&left->address.four, &right->address.four);
}

/* ---- before it is opened -------------------------------------------------------------
 */

const char *endpoint_obstacle(const struct endpoint *endpoint)
{
    char directory[PATH_MAX_UNIX];
    struct stat about;
    errno = 0;
    if (endpoint->address.any.sa_family != AF_UNIX)
        return NULL;
    const char *path = endpoint->address.local.sun_path;
    const char *name = cut_path(path, directory);
    if (name[0] == '\0')
        return "the path of a Unix socket ends with its name";
    const int is_there = lstat(path, &about) == 0;
    if ((!is_there && errno != ENOENT) ||
        faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0)
        return "the Unix socket cannot be made";
    errno = 0;
    return is_there && !S_ISSOCK(about.st_mode)
               ? "what stands in the place of the Unix socket is none"
               : NULL;
}
