#define _DEFAULT_SOURCE /* explicit_bzero */

#include "base/wipe.h"

#include <stdlib.h>
#include <string.h>

void wipe(void *at, size_t length)
{
    if (length > 0)
        explicit_bzero(at, length);
}

void wipe_free(void *at, size_t length)
{
    if (!at)
        return;
    wipe(at, length);
    free(at);
}
