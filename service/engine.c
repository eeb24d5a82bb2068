#include "service/engine.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "service/slot.h"

struct engine {
    struct engines *engines;
    struct wishes wishes;
    sieve_ruleset *ruleset;
    unsigned lent;
    uint64_t used; /* when it was last taken */
    sieve_scanner *scanners[SLOTS_MAX];
    size_t spare_count; /* under the lock of all engines, as are ... */
    sieve_scanner *spare[SPARE_SCANNERS_MAX];
};

struct engines {
    pthread_mutex_t lock;
    uint64_t clock;
    struct engine *ready[ENGINES_MAX];
    size_t key_length;
    unsigned char key[];
};

void wishes_init(struct wishes *wishes)
{
    memset(wishes, 0, sizeof *wishes);
    wishes->style = SIEVE_STYLE_FIRST6_LAST4;
    wishes->min_confidence = SIEVE_MEDIUM;
}

sieve_status engines_new(const void *key, size_t key_length, struct engines **out)
{
    struct engines *engines = calloc(1, sizeof *engines + key_length);
    if (!engines)
        return SIEVE_E_MEMORY;
    pthread_mutex_init(&engines->lock, NULL);
    engines->key_length = key_length;
    if (key_length > 0)
        memcpy(engines->key, key, key_length);
    *out = engines;
    return SIEVE_OK;
}

static void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    for (size_t slot = 0; slot < SLOTS_MAX; slot++)
        sieve_scanner_free(engine->scanners[slot]);
    for (size_t index = 0; index < engine->spare_count; index++)
        sieve_scanner_free(engine->spare[index]);
    sieve_ruleset_free(engine->ruleset);
    free(engine);
}

void engines_free(struct engines *engines)
{
    if (!engines)
        return;
    for (size_t index = 0; index < ENGINES_MAX; index++)
        engine_free(engines->ready[index]);
    pthread_mutex_destroy(&engines->lock);
    wipe_free(engines, sizeof *engines + engines->key_length);
}

/* Cuts "visa,jcb" in place. */
static int split(char *text, const char **brands)
{
    size_t count = 0;
    for (char *at = text; at && *at; count++) {
        char *comma = strchr(at, ',');
        if (count == BRANDS_MAX)
            return -1;
        brands[count] = at;
        if (comma)
            *comma = '\0';
        at = comma ? comma + 1 : NULL;
    }
    brands[count] = NULL;
    return 0;
}

static sieve_status engine_new(struct engines *engines, const struct wishes *wishes,
                               struct engine **out)
{
    const char *brands[BRANDS_MAX + 1];
    char text[OPTION_LENGTH_MAX];
    sieve_options options = SIEVE_OPTIONS_DEFAULT;
    memcpy(text, wishes->brands, sizeof text);
    if (split(text, brands) < 0)
        return SIEVE_E_INVALID;
    options.style = wishes->style;
    options.min_confidence = wishes->min_confidence;
    options.kinds = wishes->kinds;
    options.brands = brands[0] ? brands : NULL;
    if (wishes->style == SIEVE_STYLE_TOKEN) {
        if (engines->key_length == 0)
            return SIEVE_E_INVALID;
        options.key = engines->key;
        options.key_length = engines->key_length;
    }
    struct engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return SIEVE_E_MEMORY;
    engine->engines = engines;
    engine->wishes = *wishes;
    sieve_status status = sieve_ruleset_new(&options, &engine->ruleset, NULL);
    if (status != SIEVE_OK) {
        engine_free(engine);
        return status == SIEVE_E_MEMORY ? status : SIEVE_E_INVALID;
    }
    *out = engine;
    return SIEVE_OK;
}

static struct engine *find(const struct engines *engines, const struct wishes *wishes)
{
    for (size_t index = 0; index < ENGINES_MAX; index++) {
        struct engine *engine = engines->ready[index];
        if (engine && memcmp(&engine->wishes, wishes, sizeof *wishes) == 0)
            return engine;
    }
    return NULL;
}

/* An empty place, or that of the one that nobody has used for longest. */
static struct engine **find_place(struct engines *engines)
{
    struct engine **best = NULL;
    for (size_t index = 0; index < ENGINES_MAX; index++) {
        struct engine **place = &engines->ready[index];
        if (!*place)
            return place;
        if ((*place)->lent == 0 && (!best || (*place)->used < (*best)->used))
            best = place;
    }
    return best;
}

/* Under the lock: who asks for the same at the same time waits for it to be made. */
static sieve_status take(struct engines *engines, const struct wishes *wishes,
                         struct engine **out)
{
    struct engine *engine = find(engines, wishes);
    if (!engine) {
        struct engine **place = find_place(engines);
        if (!place)
            return SIEVE_E_LIMIT;
        sieve_status status = engine_new(engines, wishes, &engine);
        if (status != SIEVE_OK)
            return status;
        engine_free(*place);
        *place = engine;
    }
    engine->lent++;
    engine->used = ++engines->clock;
    *out = engine;
    return SIEVE_OK;
}

sieve_status engines_take(struct engines *engines, const struct wishes *wishes,
                          struct engine **out)
{
    pthread_mutex_lock(&engines->lock);
    sieve_status status = take(engines, wishes, out);
    pthread_mutex_unlock(&engines->lock);
    return status;
}

void engine_release(struct engine *engine)
{
    if (!engine)
        return;
    struct engines *engines = engine->engines;
    pthread_mutex_lock(&engines->lock);
    engine->lent--;
    pthread_mutex_unlock(&engines->lock);
}

sieve_status engine_scanner(struct engine *engine, sieve_scanner **out)
{
    const int slot = slot_of_thread();
    if (slot < 0)
        return SIEVE_E_LIMIT;
    if (!engine->scanners[slot]) {
        sieve_status status = sieve_scanner_new(engine->ruleset, &engine->scanners[slot]);
        if (status != SIEVE_OK)
            return status;
    }
    *out = engine->scanners[slot];
    return SIEVE_OK;
}

sieve_status engine_lend(struct engine *engine, sieve_scanner **out)
{
    sieve_scanner *scanner = NULL;
    pthread_mutex_lock(&engine->engines->lock);
    if (engine->spare_count > 0)
        scanner = engine->spare[--engine->spare_count];
    pthread_mutex_unlock(&engine->engines->lock);
    if (!scanner)
        return sieve_scanner_new(engine->ruleset, out);
    *out = scanner;
    return SIEVE_OK;
}

void engine_return(struct engine *engine, sieve_scanner *scanner)
{
    if (!scanner)
        return;
    pthread_mutex_lock(&engine->engines->lock);
    const int is_kept = engine->spare_count < SPARE_SCANNERS_MAX;
    if (is_kept)
        engine->spare[engine->spare_count++] = scanner;
    pthread_mutex_unlock(&engine->engines->lock);
    if (!is_kept)
        sieve_scanner_free(scanner);
}
