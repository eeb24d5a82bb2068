/* server_notice.c - what other threads have for a loop's. */
#include "service/server_inside.h"

/* Seen in a row; then others have their turn. */
#define NOTICES_MAX 64

void notice_open(struct notice *notice, const struct exchange *exchange)
{
    notice->loop = exchange->loop;
}

void notice_post(struct notice *notice)
{
    struct server_loop *loop = notice->loop;
    int wakes = 0;
    pthread_mutex_lock(&loop->lock);
    if (!notice->is_posted) {
        wakes = !loop->notices;
        notice->is_posted = 1;
        notice->next = loop->notices;
        loop->notices = notice;
        atomic_store(&loop->has_notices, 1);
    }
    pthread_mutex_unlock(&loop->lock);
    if (wakes)
        loop_wake(loop);
}

/* Under the loop's lock. */
static void take_out(struct server_loop *loop, struct notice *notice)
{
    struct notice **link = &loop->notices;
    while (*link != notice)
        link = &(*link)->next;
    *link = notice->next;
    notice->is_posted = 0;
    atomic_store(&loop->has_notices, loop->notices != NULL);
}

void notice_close(struct notice *notice)
{
    struct server_loop *loop = notice->loop;
    if (!loop)
        return;
    pthread_mutex_lock(&loop->lock);
    if (notice->is_posted)
        take_out(loop, notice);
    pthread_mutex_unlock(&loop->lock);
    notice->loop = NULL;
}

int loop_see_notices(struct server_loop *loop)
{
    for (int count = 0; atomic_load(&loop->has_notices); count++) {
        if (count == NOTICES_MAX)
            return 1;
        pthread_mutex_lock(&loop->lock);
        struct notice *notice = loop->notices;
        take_out(loop, notice);
        pthread_mutex_unlock(&loop->lock);
        notice->see(notice->context);
    }
    return 0;
}
