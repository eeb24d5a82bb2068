#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "service/rates.h"

#define SECOND UINT64_C(1000000000)

static struct sockaddr_in client_at(unsigned number)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(0x0A000000u + number);
    return address;
}

static int allow(struct rates *rates, unsigned client, uint64_t rate, uint64_t burst)
{
    const struct sockaddr_in address = client_at(client);
    return rates_allow(rates, (const struct sockaddr *)&address, rate, burst);
}

Test(rates, lets_a_client_come_so_often)
{
    struct rates *rates = NULL;
    cr_assert_eq(rates_new(&rates), SIEVE_OK);
    const uint64_t began = clock_now();
    unsigned allowed = 0;
    for (unsigned turn = 0; turn < 100; turn++)
        allowed += (unsigned)allow(rates, 1, 1, 3);
    cr_assert_geq(allowed, 3u);
    cr_assert_leq(allowed, 3u + (unsigned)((clock_now() - began) / SECOND));
    cr_assert(allow(rates, 2, 1, 3), "another one has a bucket of his own");
    rates_free(rates);
}

/* ---- many threads ---------------------------------------------------------------------
 */

#define THREADS 4u
#define TURNS   100000u
#define RATE    100000u
#define BURST   1000u

struct one_thread {
    struct rates *rates;
    unsigned allowed;
};

static void *come(void *context)
{
    struct one_thread *one = context;
    for (unsigned turn = 0; turn < TURNS; turn++)
        one->allowed += (unsigned)allow(one->rates, 1, RATE, BURST);
    return NULL;
}

/* Whoever waits for the lock has looked at the clock before the one who had it: a client
 * that comes in several threads at once may not come more often for that. */
Test(rates, are_those_of_one_clock)
{
    struct rates *rates = NULL;
    struct one_thread threads[THREADS];
    pthread_t ids[THREADS];
    uint64_t allowed = 0;
    cr_assert_eq(rates_new(&rates), SIEVE_OK);
    const uint64_t began = clock_now();
    for (unsigned number = 0; number < THREADS; number++) {
        threads[number] = (struct one_thread){rates, 0};
        cr_assert_eq(pthread_create(&ids[number], NULL, come, &threads[number]), 0);
    }
    for (unsigned number = 0; number < THREADS; number++) {
        cr_assert_eq(pthread_join(ids[number], NULL), 0);
        allowed += threads[number].allowed;
    }
    cr_assert_leq(allowed, BURST + (clock_now() - began) / (SECOND / RATE) + 1);
    rates_free(rates);
}
