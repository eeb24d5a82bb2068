#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

#include "service/network.h"

static int has(const char *network, const char *text)
{
    struct networks networks = {.count = 0};
    struct sockaddr_storage peer;
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    memset(&peer, 0, sizeof peer);
    cr_assert_eq(networks_add(&networks, network), 0, "%s", network);
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(&peer, &four, sizeof four);
    } else {
        cr_assert_eq(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
        memcpy(&peer, &six, sizeof six);
    }
    return networks_have(&networks, (const struct sockaddr *)&peer);
}

Test(network, a_prefix_has_what_is_in_it)
{
    cr_assert(has("10.0.0.0/8", "10.255.0.1"));
    cr_assert_not(has("10.0.0.0/8", "11.0.0.0"));
    cr_assert(has("192.168.128.0/17", "192.168.200.1"));
    cr_assert_not(has("192.168.128.0/17", "192.168.127.255"));
    cr_assert(has("1.2.3.4", "1.2.3.4"));
    cr_assert_not(has("1.2.3.4", "1.2.3.5"));
    cr_assert(has("0.0.0.0/0", "8.8.8.8"));
    cr_assert_not(has("0.0.0.0/0", "2001:db8::1"));
    cr_assert(has("2001:db8::/33", "2001:db8:7fff::1"));
    cr_assert_not(has("2001:db8::/33", "2001:db8:8000::1"));
    cr_assert(has("::/0", "8.8.8.8"));
    /* One address, however it came to us. */
    cr_assert(has("10.0.0.0/8", "::ffff:10.1.1.1"));
}

Test(network, refuses_what_is_none)
{
    static const char *const wrong[] = {"",           "10.0.0.0/33", "10.0.0.1/8",
                                        "10.0.0",     "10.0.0.0/",   "10.0.0.0/-1",
                                        "2001::/129", "2001::1/64",  "here",
                                        "10.0.0.0/8x"};
    for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
        struct networks networks = {.count = 0};
        cr_assert_eq(networks_add(&networks, wrong[index]), -1, "%s", wrong[index]);
        cr_assert_eq(networks.count, 0);
    }
}

Test(network, is_local)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const struct sockaddr local = {.sa_family = AF_UNIX};
    cr_assert(address_is_local(&local));
    cr_assert(address_is_local((const struct sockaddr *)&six));
    six.sin6_addr = (struct in6_addr)IN6ADDR_ANY_INIT;
    cr_assert_not(address_is_local((const struct sockaddr *)&six));
    four.sin_addr.s_addr = htonl(0x7F123456);
    cr_assert(address_is_local((const struct sockaddr *)&four));
    four.sin_addr.s_addr = htonl(INADDR_ANY);
    cr_assert_not(address_is_local((const struct sockaddr *)&four));
}
