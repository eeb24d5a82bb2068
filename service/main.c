/* main.c - cardsieved: reads the configuration, listens, serves until told to end. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "service/listener.h"
#include "service/server.h"
#include "service/service.h"

int main(void)
{
    static struct service service;
    static struct settings settings;
    struct server *server = NULL;
    const char *reason = NULL;
    int is_local = 0;
    int number = 0;
    sigset_t signals;
    settings_init(&settings);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (service_init(&service, &settings, &reason) != SIEVE_OK) {
        fprintf(stderr, "cardsieved: %s\n", reason);
        return 2;
    }
    int fd = listener_open(settings.listeners[0], &settings, &is_local, &reason);
    if (fd < 0) {
        fprintf(stderr, "cardsieved: %s\n", reason);
        return 2;
    }
    struct server_plan plan = {.events = service_events(&service),
                               .threads = 2,
                               .connections = 1000,
                               .idle_seconds = 60,
                               .head_length = 16384};
    if (server_start(&plan, fd, &server) != SIEVE_OK)
        return 2;
    sigwait(&signals, &number);
    server_stop(server);
    service_done(&service);
    return 0;
}
