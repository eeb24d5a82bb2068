#include <criterion/criterion.h>
#include <string.h>

#include "source/pgtypes.h"

static struct pgtype builtin(const char *name)
{
    return (struct pgtype){.name = bytes_of_text(name), .is_builtin = 1, .modifier = -1};
}

Test(pgtypes, every_type_is_found)
{
    static const struct {
        const char *name;
        enum pgdecoding decoding;
        int is_left_out;
    } rows[] = {
        {"aclitem", PGDECODE_CAST, 1},  {"xml", PGDECODE_TEXT, 0},
        {"text", PGDECODE_TEXT, 0},     {"varchar", PGDECODE_TEXT, 0},
        {"bpchar", PGDECODE_TEXT, 0},   {"json", PGDECODE_TEXT, 0},
        {"jsonb", PGDECODE_JSONB, 0},   {"bytea", PGDECODE_BYTES, 0},
        {"int8", PGDECODE_INT8, 0},     {"numeric", PGDECODE_NUMERIC, 0},
        {"money", PGDECODE_MONEY, 0},   {"float8", PGDECODE_FLOAT8, 0},
        {"float4", PGDECODE_CAST, 1},   {"bool", PGDECODE_CAST, 1},
        {"int4", PGDECODE_INT4, 1},     {"timestamptz", PGDECODE_CAST, 1},
        {"uuid", PGDECODE_UUID, 1},     {"inet", PGDECODE_CAST, 0},
        {"tsvector", PGDECODE_CAST, 0}, {"int8range", PGDECODE_CAST, 0},
        {"point", PGDECODE_CAST, 1},    {"jsonpath", PGDECODE_CAST, 0},
        {"", PGDECODE_CAST, 0},         {"int", PGDECODE_CAST, 0},
    };
    for (size_t index = 0; index < sizeof rows / sizeof *rows; index++) {
        struct pgtype type = builtin(rows[index].name);
        cr_expect_eq(pgtype_decoding(&type), rows[index].decoding, "%s",
                     rows[index].name);
        cr_expect_eq(pgtype_left_out(&type) != NULL, rows[index].is_left_out, "%s",
                     rows[index].name);
    }
}

Test(pgtypes, a_type_of_the_users_is_text_whatever_its_name)
{
    struct pgtype type = {.name = bytes_of_text("int4"), .modifier = -1};
    cr_expect_eq(pgtype_decoding(&type), PGDECODE_CAST);
    cr_expect_null(pgtype_left_out(&type));
    type.is_enum = 1;
    cr_expect_eq(pgtype_decoding(&type), PGDECODE_TEXT);
}

Test(pgtypes, arrays_are_as_their_elements)
{
    struct pgtype type = builtin("_int4");
    type.element = bytes_of_text("int4");
    cr_expect_not_null(pgtype_left_out(&type));
    type = builtin("_text");
    type.element = bytes_of_text("text");
    cr_expect_null(pgtype_left_out(&type));
    cr_expect_eq(pgtype_decoding(&type), PGDECODE_CAST);
}

Test(pgtypes, a_numeric_needs_twelve_digits)
{
    struct pgtype type = builtin("numeric");
    type.modifier = (11 << 16) + 4;
    cr_expect_not_null(pgtype_left_out(&type));
    type.modifier = (12 << 16 | 2) + 4;
    cr_expect_null(pgtype_left_out(&type));
}
