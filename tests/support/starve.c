#include "support/starve.h"

#include <stdlib.h>

#ifdef STARVE_LIBRARIES
#define OURS(name)  name
#define THEIR(name) __libc_##name
#else
#define OURS(name)  __wrap_##name
#define THEIR(name) __real_##name
#endif

void *THEIR(malloc)(size_t size);
void *THEIR(calloc)(size_t count, size_t size);
void *THEIR(realloc)(void *at, size_t size);
#define SEEN __attribute__((visibility("default"))) /* by the libraries */
SEEN void *OURS(malloc)(size_t size);
SEEN void *OURS(calloc)(size_t count, size_t size);
SEEN void *OURS(realloc)(void *at, size_t size);

static long countdown; /* the call that fails; 0: none */

static int fails(void)
{
    return countdown > 0 && --countdown == 0;
}

void starve_begin(long call)
{
    countdown = call;
}

int starve_end(void)
{
    const int was_reached = countdown == 0;
    countdown = 0;
    return was_reached;
}

void *OURS(malloc)(size_t size)
{
    return fails() ? NULL : THEIR(malloc)(size);
}

void *OURS(calloc)(size_t count, size_t size)
{
    return fails() ? NULL : THEIR(calloc)(count, size);
}

void *OURS(realloc)(void *at, size_t size)
{
    return fails() ? NULL : THEIR(realloc)(at, size);
}

#ifndef STARVE_LIBRARIES /* else it comes to malloc() */
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}
#endif
