#include "service/notify.h"

#ifdef SIEVE_SYSTEMD

#include <fcntl.h>

#include <systemd/sd-daemon.h>

#include "base/clock.h"

int notify_descriptors(void)
{
    const int count = sd_listen_fds(1);
    for (int index = 0; index < count; index++) {
        const int descriptor = SD_LISTEN_FDS_START + index;
        if (!sd_is_socket(descriptor, 0, 0, 1))
            return -1;
        const int flags = fcntl(descriptor, F_GETFL);
        if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0)
            return -1;
    }
    return count;
}

void notify_ready(void)
{
    (void)sd_notify(0, "READY=1");
}

void notify_reloading(void)
{
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
                     (unsigned long long)clock_now() / 1000);
}

void notify_stopping(void)
{
    (void)sd_notify(0, "STOPPING=1");
}

uint64_t notify_watchdog(void)
{
    uint64_t microseconds = 0;
    return sd_watchdog_enabled(0, &microseconds) > 0 ? microseconds / 2000 : 0;
}

void notify_alive(void)
{
    (void)sd_notify(0, "WATCHDOG=1");
}

#else

int notify_descriptors(void)
{
    return 0;
}

void notify_ready(void)
{
}

void notify_reloading(void)
{
}

void notify_stopping(void)
{
}

uint64_t notify_watchdog(void)
{
    return 0;
}

void notify_alive(void)
{
}

#endif
