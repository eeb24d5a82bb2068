#include "job/rules.h"

#include "base/number.h"
#include "base/reason.h"
#include "report/named.h"

/* "DIR/brands.tsv:12" */
static sieve_status name_row(const sieve_error *error, const char *directory,
                             struct safe_text *thing)
{
    char line[NUMBER_TEXT_MAX];
    struct buffer name;
    number_text(error->offset, line);
    const char *const parts[] = {directory ? directory : "", directory ? "/" : "",
                                 error->table ? error->table : "patterns", ":", line};
    sieve_status status = SIEVE_OK;
    buffer_init(&name, NAME_LENGTH_MAX);
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
        if (status == SIEVE_OK)
            status = buffer_append(&name, bytes_of_text(parts[index]));
    }
    if (status == SIEVE_OK)
        status = safe_text_set(thing, buffer_bytes(&name), NULL);
    buffer_done(&name);
    return status;
}

/* The first brand asked for that nobody knows; NULL if it is not that. */
static const char *unknown_brand(const struct rules *rules)
{
    sieve_options options = rules->options;
    sieve_ruleset *ruleset = NULL;
    const char *const *name = options.brands;
    options.brands = NULL;
    if (!name || sieve_ruleset_new(&options, &ruleset, NULL) != SIEVE_OK)
        return NULL;
    while (*name && named_brand(ruleset, *name))
        name++;
    sieve_ruleset_free(ruleset);
    return *name;
}

static sieve_status compile(struct rules *rules, const char *directory,
                            struct safe_text *thing, const char **reason_out)
{
    sieve_error error = {SIEVE_OK, NULL, NULL, 0, 0};
    sieve_status status = sieve_ruleset_new(&rules->options, &rules->ruleset, &error);
    if (status == SIEVE_OK)
        return SIEVE_OK;
    *reason_out = reason_of_error(&error);
    if (status != SIEVE_E_PATTERN) {
        const char *brand = status == SIEVE_E_INVALID ? unknown_brand(rules) : NULL;
        if (brand)
            *reason_out = "there is no such brand; see patterns list brands";
        brand = brand ? brand : "patterns";
        return safe_text_set(thing, bytes_of_text(brand), NULL) == SIEVE_OK
                   ? status
                   : SIEVE_E_MEMORY;
    }
    return name_row(&error, directory, thing) == SIEVE_OK ? status : SIEVE_E_MEMORY;
}

sieve_status rules_make(const sieve_options *options, const char *directory,
                        struct rules *out, struct safe_text *thing,
                        const char **reason_out)
{
    sieve_status status = SIEVE_OK;
    *out = (struct rules){.options = *options};
    if (directory)
        status = tables_read(directory, &out->tables, thing, reason_out);
    if (status != SIEVE_OK)
        return status;
    if (directory) {
        out->options.tables = out->tables.rows;
        out->options.table_count = out->tables.count;
    }
    status = compile(out, directory, thing, reason_out);
    if (status != SIEVE_OK)
        tables_done(&out->tables);
    return status;
}

int rules_have_expressions(const struct rules *rules)
{
    int have_some = 0;
    for (size_t index = 0; index < rules->tables.count; index++)
        have_some |= strcmp(rules->tables.rows[index].name, "rules.tsv") == 0;
    return have_some;
}

void rules_done(struct rules *rules)
{
    sieve_ruleset_free(rules->ruleset);
    rules->ruleset = NULL;
    tables_done(&rules->tables);
}
