#include "service/stay.h"

#include <stdint.h>
#include <sys/epoll.h>

#include "service/tap.h"

/* In an event, with a descriptor: no address of the program's is so high. */
#define OURS (UINT64_C(1) << 63)

void stay_rest(int descriptor)
{
    struct stay *stay = tap_stay(descriptor);
    if (stay)
        stay->rests = 1;
}

void stay_go_on(int descriptor)
{
    struct stay *stay = tap_stay(descriptor);
    if (stay)
        stay->rests = 0;
}

ssize_t stay_note(struct stay *stay, ssize_t count, size_t length)
{
    stay->is_dry = stay->is_in && count > 0 && (size_t)count < length;
    return count;
}

int stay_filter(struct epoll_event *events, int count)
{
    int left = 0;
    if (count < 0)
        return count;
    for (int index = 0; index < count; index++) {
        struct epoll_event event = events[index];
        if (event.data.u64 & OURS) {
            struct stay *stay = tap_stay((int)(event.data.u64 & INT32_MAX));
            if (!stay)
                continue;
            stay->is_dry = 0;
            if (stay->rests)
                continue;
            event.data.ptr = stay->mark;
        }
        events[left++] = event;
    }
    return left;
}

static int add(struct stay *stay, stay_control_function real, int epoll, int descriptor,
               const struct epoll_event *event)
{
    struct epoll_event ours = *event;
    if (stay->is_in && stay->mark == event->data.ptr)
        return 0;
    ours.data.u64 = OURS | (uint64_t)descriptor;
    if (real(epoll, EPOLL_CTL_ADD, descriptor, &ours) < 0)
        return -1;
    stay->mark = event->data.ptr;
    stay->is_in = 1;
    stay->is_dry = 0;
    return 0;
}

int stay_control(stay_control_function real, int epoll, int what, int descriptor,
                 struct epoll_event *event)
{
    struct stay *stay = tap_stay(descriptor);
    if (stay && what == EPOLL_CTL_ADD)
        return add(stay, real, epoll, descriptor, event);
    if (stay && what == EPOLL_CTL_DEL) {
        if (stay->rests && stay->is_in)
            return 0;
        stay->is_in = stay->is_dry = 0;
    }
    return real(epoll, what, descriptor, event);
}
