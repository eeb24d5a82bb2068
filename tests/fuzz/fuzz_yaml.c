/* fuzz_yaml.c - a configuration file: a value at a time or a reason with a line. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "service/config.h"
#include "service/yaml_file.h"

static const char *take(void *context, const struct yaml_value *value)
{
    struct settings *settings = context;
    struct config_key key;
    if (strlen(value->path) >= YAML_PATH_MAX || value->line == 0)
        abort();
    if (config_find(value->path, &key) || !value->text)
        return NULL;
    return key.row->set(config_target(settings, &key), key.row, value->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct settings settings;
    const char *reason = NULL;
    size_t line = 0;
    settings_init(&settings);
    sieve_status status = yaml_bytes_read(data, size, take, &settings, &line, &reason);
    if ((status == SIEVE_OK) != (reason == NULL))
        abort();
    return 0;
}
