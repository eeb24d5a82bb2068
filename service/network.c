#include "service/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/number.h"

#define ADDRESS_BITS 128u
#define MAPPED_BITS  96u

static void map(const void *four, unsigned char out[16])
{
    memset(out, 0, 10);
    memset(out + 10, 0xFF, 2);
    memcpy(out + 12, four, 4);
}

/* The address in its 16 bytes, IPv4 as IPv6 maps it; 0 bytes for anything else. */
static void address_bytes(const struct sockaddr *address, unsigned char out[16])
{
    memset(out, 0, 16);
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        map(&four.sin_addr, out);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        memcpy(out, &six.sin6_addr, 16);
    }
}

static int agree(const unsigned char *left, const unsigned char *right, unsigned bits)
{
    const unsigned whole = bits / 8;
    const unsigned rest = bits % 8;
    if (memcmp(left, right, whole) != 0)
        return 0;
    return rest == 0 || ((left[whole] ^ right[whole]) >> (8 - rest)) == 0;
}

/* 1 if all bits behind the prefix are 0: "10.1.2.3/8" is a slip of the pen. */
static int is_clean(const struct network *network)
{
    for (unsigned bit = network->bits; bit < ADDRESS_BITS; bit++) {
        if (network->address[bit / 8] >> (7 - bit % 8) & 1)
            return 0;
    }
    return 1;
}

int networks_add(struct networks *networks, const char *text)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char four[4];
    struct network network = {.bits = ADDRESS_BITS};
    const size_t length = strcspn(text, "/");
    uint64_t bits = 0;
    if (length >= sizeof address || networks->count == NETWORKS_MAX)
        return -1;
    memcpy(address, text, length);
    address[length] = '\0';
    const int is_four = inet_pton(AF_INET, address, four) == 1;
    if (is_four)
        map(four, network.address);
    else if (inet_pton(AF_INET6, address, network.address) != 1)
        return -1;
    if (text[length] == '/') {
        if (number_parse(text + length + 1, is_four ? 32 : ADDRESS_BITS, &bits) < 0)
            return -1;
        network.bits = (unsigned)bits + (is_four ? MAPPED_BITS : 0);
    }
    if (!is_clean(&network))
        return -1;
    networks->rows[networks->count++] = network;
    return 0;
}

int networks_have(const struct networks *networks, const struct sockaddr *peer)
{
    unsigned char address[16];
    if (peer->sa_family != AF_INET && peer->sa_family != AF_INET6)
        return 0;
    address_bytes(peer, address);
    for (size_t index = 0; index < networks->count; index++) {
        if (agree(networks->rows[index].address, address, networks->rows[index].bits))
            return 1;
    }
    return 0;
}

int address_is_local(const struct sockaddr *address)
{
    static const struct network loopbacks[] = {
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127}, MAPPED_BITS + 8},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, ADDRESS_BITS},
    };
    unsigned char bytes[16];
    if (address->sa_family == AF_UNIX)
        return 1;
    address_bytes(address, bytes);
    return agree(loopbacks[0].address, bytes, loopbacks[0].bits) ||
           agree(loopbacks[1].address, bytes, loopbacks[1].bits);
}

void client_of(const struct sockaddr *peer, unsigned char out[CLIENT_LENGTH])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    address_bytes(peer, out);
    if (memcmp(out, mapped, sizeof mapped) != 0)
        memset(out + 8, 0, 8);
}

uint64_t client_hash(const unsigned char client[CLIENT_LENGTH], uint64_t seed)
{
    uint64_t mixed = seed;
    for (size_t index = 0; index < CLIENT_LENGTH; index++) {
        mixed = (mixed ^ client[index]) * UINT64_C(0x9E3779B97F4A7C15);
        mixed ^= mixed >> 29;
    }
    return mixed;
}

/* inet_ntop() takes as long as half a line of the log. */
static void four_text(const unsigned char bytes[4], char *out)
{
    for (size_t index = 0; index < 4; index++) {
        char text[NUMBER_TEXT_MAX];
        const size_t length = number_text(bytes[index], text);
        memcpy(out, text, length);
        out += length;
        *out++ = index < 3 ? '.' : '\0';
    }
}

void address_text(const struct sockaddr *peer, char out[ADDRESS_TEXT_MAX])
{
    unsigned char bytes[16];
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    memcpy(out, "-", 2);
    if (peer->sa_family == AF_UNIX)
        memcpy(out, "unix", 5);
    if (peer->sa_family != AF_INET && peer->sa_family != AF_INET6)
        return;
    address_bytes(peer, bytes);
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        four_text(bytes + 12, out);
    else
        (void)inet_ntop(AF_INET6, bytes, out, ADDRESS_TEXT_MAX);
}
