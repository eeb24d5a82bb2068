/* Linux alone has F_SETPIPE_SZ, and names it only to those who ask for all it has. */
#define _GNU_SOURCE
#include "base/pipe.h"

#include <errno.h>
#include <fcntl.h>

#define PIPE_ROOM (1 << 20) /* what /proc/sys/fs/pipe-max-size allows anybody */

void pipe_widen(int descriptor)
{
#ifdef F_SETPIPE_SZ
    int kept = errno;
    int room = fcntl(descriptor, F_GETPIPE_SZ);
    if (room > 0 && room < PIPE_ROOM)
        (void)fcntl(descriptor, F_SETPIPE_SZ, PIPE_ROOM);
    errno = kept;
#else
    (void)descriptor;
#endif
}
