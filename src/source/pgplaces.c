#include "source/pgplaces.h"

#include <string.h>

#include "base/limits.h"
#include "source/choice.h"
#include "source/pgnames.h"

#define COLUMNS_MAX 6

/* A part of a large object or a log begins with the end of the one before, so that no
 * number is cut in two. */
#define PART_OVERLAP    256
#define PART_STEP       8388608
#define TEXT_OF(number) #number
#define DECIMAL(number) TEXT_OF(number)
#define PART_FROM       "greatest(g.start-" DECIMAL(PART_OVERLAP) ",0)"
#define PART_BYTES      "(" DECIMAL(PART_STEP) "+" DECIMAL(PART_OVERLAP) ")"

_Static_assert(PART_STEP == LARGE_PART_LENGTH, "one number in two forms");

#define NOT_OF_SYSTEM " NOT IN ('pg_catalog','information_schema')"
#define IS_USERS      ">=16384" /* the first oid that no built-in thing has */

#define FORBIDDEN_LARGE    "no permission to read large objects of others"
#define FORBIDDEN_ACTIVITY "the role pg_read_all_stats is needed for statements of others"
#define FORBIDDEN_LOG      "no permission to read the server's log"

struct place_column {
    const char *name;
    const char *type;
    const char *expression;
    enum pgdecoding decoding;
    uint8_t is_key;
};

struct place {
    const char *name;
    enum table_kind kind;
    int version; /* the server's first that has it */
    uint8_t is_moving;
    const char *from;
    struct place_column columns[COLUMNS_MAX];
};

#define KEY(name)                                                                        \
    {                                                                                    \
        name, "text", name "::text", PGDECODE_TEXT, 1                                    \
    }
#define TEXT(name)                                                                       \
    {                                                                                    \
        name, "text", name "::text", PGDECODE_TEXT, 0                                    \
    }
#define NUMBER_KEY(name)                                                                 \
    {                                                                                    \
        name, "bigint", name "::int8", PGDECODE_INT8, 1                                  \
    }

static const struct place places[] = {
    {"pg_stats",
     TABLE_STATISTICS,
     0,
     0,
     "(SELECT * FROM pg_stats WHERE schemaname" NOT_OF_SYSTEM
     " ORDER BY schemaname,tablename,attname,inherited) s",
     {KEY("schemaname"), KEY("tablename"), KEY("attname"), TEXT("most_common_vals"),
      TEXT("histogram_bounds"), TEXT("most_common_elems")}},
    {"pg_stats_ext",
     TABLE_STATISTICS,
     0,
     0,
     "(SELECT * FROM pg_stats_ext ORDER BY statistics_schemaname,statistics_name) s",
     {KEY("statistics_schemaname"), KEY("statistics_name"), TEXT("most_common_vals")}},
    {"pg_stats_ext_exprs",
     TABLE_STATISTICS,
     140000,
     0,
     "(SELECT * FROM pg_stats_ext_exprs"
     " ORDER BY statistics_schemaname,statistics_name,expr) s",
     {KEY("statistics_schemaname"), KEY("statistics_name"), TEXT("expr"),
      TEXT("most_common_vals"), TEXT("histogram_bounds"), TEXT("most_common_elems")}},
    {"pg_description",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT classoid::regclass::text||' '||objoid||' '||objsubid AS object,"
     "coalesce(pg_describe_object(classoid,objoid,objsubid),'') AS description_of,"
     "description FROM pg_description ORDER BY classoid,objoid,objsubid) s",
     {KEY("object"), TEXT("description_of"), TEXT("description")}},
    {"pg_shdescription",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT classoid::regclass::text||' '||objoid AS object,description"
     " FROM pg_shdescription ORDER BY classoid,objoid) s",
     {KEY("object"), TEXT("description")}},
    {"pg_proc",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT p.oid::regprocedure AS function,pg_get_functiondef(p.oid) AS definition"
     " FROM pg_proc p JOIN pg_namespace n ON n.oid=p.pronamespace"
     " WHERE n.nspname" NOT_OF_SYSTEM " AND p.prokind<>'a' ORDER BY p.oid) s",
     {KEY("function"), TEXT("definition")}},
    {"pg_views",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT c.oid::regclass AS view,pg_get_viewdef(c.oid) AS definition FROM pg_class c"
     " JOIN pg_namespace n ON n.oid=c.relnamespace WHERE c.relkind IN ('v','m')"
     " AND n.nspname" NOT_OF_SYSTEM " ORDER BY c.oid) s",
     {KEY("view"), TEXT("definition")}},
    {"pg_rules",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT ev_class::regclass||' '||rulename AS rule,pg_get_ruledef(oid) AS definition"
     " FROM pg_rewrite WHERE rulename<>'_RETURN' AND ev_class" IS_USERS
     " ORDER BY oid) s",
     {KEY("rule"), TEXT("definition")}},
    {"pg_trigger",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT tgrelid::regclass||' '||tgname AS trigger,pg_get_triggerdef(oid)"
     " AS definition FROM pg_trigger WHERE NOT tgisinternal ORDER BY oid) s",
     {KEY("trigger"), TEXT("definition")}},
    {"pg_policy",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT polrelid::regclass||' '||polname AS policy,pg_get_expr(polqual,polrelid)"
     " AS definition,pg_get_expr(polwithcheck,polrelid) AS check FROM pg_policy"
     " ORDER BY oid) s",
     {KEY("policy"),
      TEXT("definition"),
      {"check", "text", "\"check\"::text", PGDECODE_TEXT, 0}}},
    {"pg_attrdef",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT d.adrelid::regclass||'.'||a.attname AS column,"
     "pg_get_expr(d.adbin,d.adrelid) AS definition FROM pg_attrdef d JOIN pg_attribute a"
     " ON a.attrelid=d.adrelid AND a.attnum=d.adnum WHERE d.adrelid" IS_USERS
     " ORDER BY d.oid) s",
     {{"column", "text", "\"column\"::text", PGDECODE_TEXT, 1}, TEXT("definition")}},
    {"pg_constraint",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT coalesce(nullif(conrelid,0)::regclass::text,contypid::regtype::text)||' '"
     "||conname AS constraint,pg_get_constraintdef(oid) AS definition FROM pg_constraint"
     " WHERE oid" IS_USERS " ORDER BY oid) s",
     {{"constraint", "text", "\"constraint\"::text", PGDECODE_TEXT, 1},
      TEXT("definition")}},
    {"pg_index",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT indexrelid::regclass AS index,pg_get_indexdef(indexrelid) AS definition"
     " FROM pg_index WHERE indexrelid" IS_USERS
     " AND (indexprs IS NOT NULL OR indpred IS NOT NULL) ORDER BY indexrelid) s",
     {KEY("index"), TEXT("definition")}},
    {"pg_partition",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT oid::regclass AS partition,pg_get_expr(relpartbound,oid) AS definition"
     " FROM pg_class WHERE relispartition ORDER BY oid) s",
     {{"partition", "text", "\"partition\"::text", PGDECODE_TEXT, 1},
      TEXT("definition")}},
    {"pg_enum",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT enumtypid::regtype AS type,enumsortorder AS position,enumlabel"
     " FROM pg_enum ORDER BY enumtypid,enumsortorder) s",
     {KEY("type"),
      {"position", "text", "\"position\"::text", PGDECODE_TEXT, 1},
      TEXT("enumlabel")}},
    {"pg_type",
     TABLE_TEXTS,
     0,
     0,
     "(SELECT oid::regtype AS type,typdefault FROM pg_type WHERE typdefault IS NOT NULL"
     " AND oid" IS_USERS " ORDER BY oid) s",
     {KEY("type"), TEXT("typdefault")}},
    {"pg_stat_activity",
     TABLE_ACTIVITY,
     0,
     1,
     "(SELECT pid,application_name,query FROM pg_stat_activity"
     " WHERE datname=current_database() AND pid<>pg_backend_pid() ORDER BY pid) s",
     {NUMBER_KEY("pid"), TEXT("application_name"), TEXT("query")}},
};

/* The size of an object is found by going to its end, so that only those that may be
 * read are opened, and each is closed at once.  Each step names the object: the server
 * remembers what a descriptor gave, and the next object has the same one. */
#define LARGE_READABLE                                                                   \
    "(pg_has_role(m.lomowner,'USAGE') OR current_setting('lo_compat_privileges')::bool"  \
    " OR EXISTS (SELECT FROM aclexplode(m.lomacl) x WHERE x.privilege_type='SELECT'"     \
    " AND (x.grantee=0 OR pg_has_role(x.grantee,'USAGE'))))"

static const struct place large_objects = {
    "pg_largeobject",
    TABLE_LARGE,
    0,
    0,
    "(SELECT m.oid AS loid," PART_FROM " AS start"
    " FROM (SELECT m.oid FROM pg_largeobject_metadata m WHERE " LARGE_READABLE
    " ORDER BY m.oid OFFSET 0) m"
    " CROSS JOIN LATERAL (SELECT lo_open(m.oid,262144) AS descriptor OFFSET 0) o"
    " CROSS JOIN LATERAL (SELECT lo_lseek64(o.descriptor,0*m.oid::int8,2) AS size"
    " OFFSET 0) z"
    " CROSS JOIN LATERAL (SELECT lo_close(o.descriptor+0*(z.size>m.oid::int8)::int4)"
    " AS closed OFFSET 0) e"
    " CROSS JOIN LATERAL generate_series(0,greatest(z.size-1,0)," DECIMAL(
        PART_STEP) ") g(start) WHERE e.closed IS NOT NULL) s",
    {NUMBER_KEY("loid"),
     NUMBER_KEY("start"),
     {"data", "bytea", "lo_get(s.loid,s.start," PART_BYTES ")", PGDECODE_BYTES, 0}}};

static const struct place server_log = {
    "pg_log",
    TABLE_LOG,
    0,
    1,
    "(SELECT f.name," PART_FROM " AS start FROM"
    " (SELECT name,size FROM pg_ls_logdir() ORDER BY name OFFSET 0) f"
    " CROSS JOIN LATERAL generate_series(0,greatest(f.size-1,0)," DECIMAL(
        PART_STEP) ") g(start)) s",
    {KEY("name"),
     NUMBER_KEY("start"),
     {"text", "text",
      "pg_read_binary_file(current_setting('log_directory')||'/"
      "'||s.name,s.start," PART_BYTES ",true)",
      PGDECODE_TEXT, 0}}};

static const struct place statements = {
    "pg_stat_statements",
    TABLE_ACTIVITY,
    0,
    1,
    NULL,
    {NUMBER_KEY("queryid"), NUMBER_KEY("userid"), TEXT("query")}};

static sieve_status add_columns(struct pgcatalog *catalog, struct pgtable *table,
                                const struct place *place, const struct choice *choice)
{
    size_t count = 0;
    while (count < COLUMNS_MAX && place->columns[count].name)
        count++;
    const char **expressions = pgcatalog_take(catalog, count * sizeof *expressions);
    table->columns = pgcatalog_take(catalog, count * sizeof *table->columns);
    table->decodings = pgcatalog_take(catalog, count);
    if (!expressions || !table->columns || !table->decodings)
        return SIEVE_E_MEMORY;
    for (size_t index = 0; index < count; index++) {
        const struct place_column *from = &place->columns[index];
        struct column *column = &table->columns[index];
        *column = (struct column){
            .name = from->name, .type = from->type, .is_key = from->is_key};
        if (!column->is_key && !choice_takes_column(choice, column->name))
            column->left_out = COLUMN_UNASKED;
        else
            table->decodings[index] = (uint8_t)from->decoding;
        expressions[index] = from->expression;
    }
    table->expressions = expressions;
    table->table.columns = table->columns;
    table->table.column_count = count;
    return SIEVE_OK;
}

static sieve_status add_place(struct pgcatalog *catalog, const struct choice *choice,
                              const struct place *place, const char *from,
                              const char *unreadable)
{
    static const char schema[] = "pg_catalog";
    struct pgtable *table;
    if (!choice_takes_table(choice, schema, place->name))
        return SIEVE_OK;
    sieve_status status = pgcatalog_add(catalog, &table);
    if (status != SIEVE_OK)
        return status;
    table->from = from;
    table->is_moving = place->is_moving;
    table->table = (struct table){
        .schema = schema,
        .name = place->name,
        .kind = place->kind,
        .rows = UINT64_MAX,
        .range_count = 1,
        .unreadable = unreadable,
    };
    return add_columns(catalog, table, place, choice);
}

/* What of the server's is not for everybody, as one letter each, and behind them the
 * schema of pg_stat_statements if there is one. */
static const char permissions_sql[] =
    "SELECT concat("
    "CASE WHEN EXISTS (SELECT FROM pg_largeobject_metadata m WHERE NOT " LARGE_READABLE
    ") THEN 'f' ELSE 'y' END,"
    "CASE WHEN pg_has_role('pg_read_all_stats','USAGE') THEN 'y' ELSE 'f' END,"
    "CASE WHEN current_setting('logging_collector')<>'on' THEN '-'"
    " WHEN has_function_privilege('pg_ls_logdir()','EXECUTE') AND has_function_privilege("
    "'pg_read_binary_file(text,bigint,bigint,boolean)','EXECUTE') THEN 'y'"
    " ELSE 'f' END,"
    "(SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n"
    " ON n.oid=e.extnamespace WHERE e.extname='pg_stat_statements'))";

enum {
    PERMISSION_LARGE,
    PERMISSION_ACTIVITY,
    PERMISSION_LOG,
    PERMISSION_COUNT
};

static sieve_status add_forbidden(struct pgcatalog *catalog, const struct choice *choice,
                                  const char *name, enum table_kind kind,
                                  const char *reason)
{
    const struct place place = {.name = name, .kind = kind};
    return add_place(catalog, choice, &place, NULL, reason);
}

static sieve_status add_statements(struct pgcatalog *catalog, const struct choice *choice,
                                   const char *schema)
{
    struct buffer from;
    buffer_init(&from, PGSTATEMENT_LENGTH_MAX);
    sieve_status status = pgtext_append(&from, "(SELECT queryid,userid::int8 AS userid,"
                                               "query FROM ");
    if (status == SIEVE_OK)
        status = pgtext_append(&from, schema);
    if (status == SIEVE_OK)
        status = pgtext_append(&from, ".pg_stat_statements WHERE dbid=(SELECT oid FROM"
                                      " pg_database WHERE datname=current_database())"
                                      " ORDER BY queryid,userid) s");
    const char *kept =
        status == SIEVE_OK ? pgcatalog_keep(catalog, buffer_bytes(&from)) : NULL;
    buffer_done(&from);
    return kept ? add_place(catalog, choice, &statements, kept, NULL) : SIEVE_E_MEMORY;
}

/* What this user may read of it is read; that there is more is said by a table that
 * cannot be. */
static sieve_status add_permitted(struct pgcatalog *catalog, const struct choice *choice,
                                  const char *permissions)
{
    sieve_status status =
        add_place(catalog, choice, &large_objects, large_objects.from, NULL);
    if (status == SIEVE_OK && permissions[PERMISSION_LARGE] == 'f')
        status = add_forbidden(catalog, choice, "pg_largeobject of others", TABLE_LARGE,
                               FORBIDDEN_LARGE);
    if (status == SIEVE_OK && permissions[PERMISSION_ACTIVITY] == 'f')
        status = add_forbidden(catalog, choice, "pg_stat_activity of others",
                               TABLE_ACTIVITY, FORBIDDEN_ACTIVITY);
    if (status == SIEVE_OK && permissions[PERMISSION_LOG] != '-')
        status = add_place(catalog, choice, &server_log, server_log.from,
                           permissions[PERMISSION_LOG] == 'f' ? FORBIDDEN_LOG : NULL);
    const int has_statements = permissions[PERMISSION_COUNT] != '\0';
    if (status == SIEVE_OK && has_statements && permissions[PERMISSION_ACTIVITY] == 'f')
        status = add_forbidden(catalog, choice, "pg_stat_statements of others",
                               TABLE_ACTIVITY, FORBIDDEN_ACTIVITY);
    if (status == SIEVE_OK && has_statements)
        status = add_statements(catalog, choice, permissions + PERMISSION_COUNT);
    return status;
}

sieve_status pgplaces_add(struct pgsession *session, const struct choice *choice,
                          struct pgcatalog *catalog, struct database_error *error)
{
    char permissions[PERMISSION_COUNT + 2 * 64 + 3];
    sieve_status status = pglink_value(session->link, permissions_sql, permissions,
                                       sizeof permissions, error);
    const int version = pglink_version(session->link);
    for (size_t index = 0; index < sizeof places / sizeof *places; index++)
        if (status == SIEVE_OK && version >= places[index].version)
            status = add_place(catalog, choice, &places[index], places[index].from, NULL);
    return status == SIEVE_OK ? add_permitted(catalog, choice, permissions) : status;
}
