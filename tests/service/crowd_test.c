#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "service/crowd.h"

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static union address address_of(const char *text)
{
    union address address;
    memset(&address, 0, sizeof address);
    if (strchr(text, ':')) {
        address.six.sin6_family = AF_INET6;
        cr_assert_eq(inet_pton(AF_INET6, text, &address.six.sin6_addr), 1);
    } else {
        address.four.sin_family = AF_INET;
        cr_assert_eq(inet_pton(AF_INET, text, &address.four.sin_addr), 1);
    }
    return address;
}

static enum problem enter(struct crowd *crowd, const char *text, struct crowd_place *out)
{
    const union address address = address_of(text);
    return crowd_enter(crowd, &address.any, out);
}

static void leave(struct crowd *crowd, const char *text, const struct crowd_place *place)
{
    const union address address = address_of(text);
    crowd_leave(crowd, &address.any, place);
}

Test(crowd, places_then_the_reserve_then_nothing)
{
    struct crowd *crowd = NULL;
    struct crowd_place places[5];
    cr_assert_eq(crowd_new(2, 0, 1, &crowd), SIEVE_OK);
    cr_assert_eq(enter(crowd, "192.0.2.1", &places[0]), PROBLEM_NONE);
    cr_assert_eq(enter(crowd, "192.0.2.1", &places[1]), PROBLEM_NONE);
    cr_assert_eq(enter(crowd, "192.0.2.2", &places[2]), PROBLEM_BUSY);
    cr_assert(places[2].is_kept);
    cr_assert_eq(enter(crowd, "192.0.2.2", &places[3]), PROBLEM_BUSY);
    cr_assert_not(places[3].is_kept);
    leave(crowd, "192.0.2.2", &places[3]);
    leave(crowd, "192.0.2.2", &places[2]);
    cr_assert_eq(enter(crowd, "192.0.2.2", &places[4]), PROBLEM_BUSY);
    cr_assert(places[4].is_kept);
    leave(crowd, "192.0.2.1", &places[0]);
    cr_assert_eq(enter(crowd, "192.0.2.2", &places[2]), PROBLEM_NONE);
    crowd_free(crowd);
}

Test(crowd, a_client_has_its_share_and_no_more)
{
    struct crowd *crowd = NULL;
    struct crowd_place places[6];
    cr_assert_eq(crowd_new(100, 2, 100, &crowd), SIEVE_OK);
    cr_assert_eq(enter(crowd, "2001:db8:0:1::1", &places[0]), PROBLEM_NONE);
    cr_assert_eq(enter(crowd, "2001:db8:0:1::2", &places[1]), PROBLEM_NONE);
    /* Of one network of 64 bits, all are one client. */
    cr_assert_eq(enter(crowd, "2001:db8:0:1::3", &places[2]), PROBLEM_TOO_MANY);
    cr_assert_eq(enter(crowd, "2001:db8:0:2::3", &places[3]), PROBLEM_NONE);
    cr_assert_eq(enter(crowd, "192.0.2.1", &places[4]), PROBLEM_NONE);
    leave(crowd, "2001:db8:0:1::3", &places[2]);
    cr_assert_eq(enter(crowd, "2001:db8:0:1::3", &places[2]), PROBLEM_TOO_MANY);
    leave(crowd, "2001:db8:0:1::1", &places[0]);
    cr_assert_eq(enter(crowd, "2001:db8:0:1::4", &places[5]), PROBLEM_NONE);
    crowd_free(crowd);
}

Test(crowd, unix_sockets_share_places_only)
{
    struct crowd *crowd = NULL;
    struct crowd_place place;
    const struct sockaddr local = {.sa_family = AF_UNIX};
    cr_assert_eq(crowd_new(3, 1, 1, &crowd), SIEVE_OK);
    for (int turn = 0; turn < 3; turn++)
        cr_assert_eq(crowd_enter(crowd, &local, &place), PROBLEM_NONE);
    cr_assert_eq(crowd_enter(crowd, &local, &place), PROBLEM_BUSY);
    crowd_free(crowd);
}

#define THREADS 8
#define TIMES   20000

static void *come_and_go(void *crowd)
{
    struct crowd_place place;
    for (int turn = 0; turn < TIMES; turn++) {
        const char *name = turn % 3 ? "192.0.2.1" : "198.51.100.7";
        (void)enter(crowd, name, &place);
        leave(crowd, name, &place);
    }
    return NULL;
}

Test(crowd, all_places_come_back)
{
    struct crowd *crowd = NULL;
    struct crowd_place places[5];
    pthread_t threads[THREADS];
    cr_assert_eq(crowd_new(4, 4, 2, &crowd), SIEVE_OK);
    for (size_t index = 0; index < THREADS; index++)
        cr_assert_eq(pthread_create(&threads[index], NULL, come_and_go, crowd), 0);
    for (size_t index = 0; index < THREADS; index++)
        cr_assert_eq(pthread_join(threads[index], NULL), 0);
    for (size_t index = 0; index < 4; index++)
        cr_assert_eq(enter(crowd, "192.0.2.1", &places[index]), PROBLEM_NONE);
    cr_assert_eq(enter(crowd, "192.0.2.1", &places[4]), PROBLEM_BUSY);
    crowd_free(crowd);
}
