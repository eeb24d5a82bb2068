#include "service/slot.h"

#include <pthread.h>
#include <stdint.h>

#include "service/limits.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;
static unsigned char taken[SLOTS_MAX];

/* Asked many times for each request: the key is only there for its end. */
static _Thread_local unsigned char *own;

/* The key's value is a place in `taken`: NULL says there is none yet. */
static void give_back(void *value)
{
    own = NULL;
    pthread_mutex_lock(&lock);
    *(unsigned char *)value = 0;
    pthread_mutex_unlock(&lock);
}

static void make_key(void)
{
    (void)pthread_key_create(&key, give_back);
}

static unsigned char *take(void)
{
    unsigned char *found = NULL;
    pthread_mutex_lock(&lock);
    for (int slot = 0; slot < SLOTS_MAX && !found; slot++) {
        if (!taken[slot])
            found = &taken[slot];
    }
    if (found)
        *found = 1;
    pthread_mutex_unlock(&lock);
    return found;
}

int slot_of_thread(void)
{
    if (own)
        return (int)(own - taken);
    (void)pthread_once(&once, make_key);
    unsigned char *place = take();
    if (!place)
        return -1;
    if (pthread_setspecific(key, place) != 0) {
        give_back(place);
        return -1;
    }
    own = place;
    return (int)(own - taken);
}
