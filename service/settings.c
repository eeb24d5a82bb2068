#include "service/settings.h"

#include <string.h>

#include "base/limits.h"
#include "base/number.h"

void settings_init(struct settings *settings)
{
    memset(settings, 0, sizeof *settings);
    settings->listener_count = 1;
    memcpy(settings->listeners[0], "127.0.0.1:8474", sizeof "127.0.0.1:8474");
    settings->socket_mode = 0660;
    settings->max_body = UINT64_C(1) << 40;
    settings->max_expanded = UINT64_C(1) << 40;
    settings->max_ratio = 250;
    settings->max_memory = UINT64_C(64) << 20;
    settings->max_head = 16u << 10;
    settings->max_connections = 8192;
    settings->max_decoders = 64;
    settings->max_streamed = UINT64_C(512) << 20;
    settings->head_timeout = 10 * 1000;
    settings->body_timeout = 60 * 60 * 1000;
    settings->idle_timeout = 60 * 1000;
    settings->drain_timeout = 30 * 1000;
    wishes_init(&settings->options.wishes);
    settings->page = 1;
    memcpy(settings->spool_directory, "/var/tmp", sizeof "/var/tmp");
    for (size_t index = 0; index < PROXIES_MAX; index++)
        proxy_settings_init(&settings->proxies[index]);
}

void proxy_name(const struct settings *settings, size_t place, char out[PROXY_NAME_MAX])
{
    const char *name = settings->proxies[place].name;
    if (name[0])
        memcpy(out, name, strlen(name) + 1);
    else
        (void)number_text(place, out);
}
