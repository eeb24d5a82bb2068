/* pgplaces_rows.c - where a server keeps values beside its tables, one row each. */
#include "source/pgplaces_rows.h"
#include "base/limits.h"

/* A part of a large object or a log comes with some of the parts before and behind, so
 * that no number is cut in two: `start` is where that begins. */
#define PART_BESIDE     4096
#define PART_STEP       8388608
#define TEXT_OF(number) #number
#define DECIMAL(number) TEXT_OF(number)
#define PART_FROM       "greatest(g.start-" DECIMAL(PART_BESIDE) ",0)"
#define PART_BYTES      "(" DECIMAL(PART_STEP) "+2*" DECIMAL(PART_BESIDE) ")"

_Static_assert(PART_STEP == LARGE_PART_LENGTH, "one number in two forms");
_Static_assert(PART_BESIDE == LARGE_PART_BESIDE, "one number in two forms");

#define NOT_OF_SYSTEM " NOT IN ('pg_catalog','information_schema')"
#define IS_USERS      ">=16384" /* the first oid that no built-in thing has */

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

const struct pgplace pgplaces[] = {
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
     OF_SERVER_COMMENTS,
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
};

const size_t pgplace_count = sizeof pgplaces / sizeof *pgplaces;

/* The second is of all databases. */
const struct pgplace pgplace_activities[2] = {
    {"pg_stat_activity",
     TABLE_ACTIVITY,
     0,
     PLACE_MOVES,
     "(SELECT pid,application_name,query FROM pg_stat_activity"
     " WHERE datname=current_database() AND pid<>pg_backend_pid() ORDER BY pid) s",
     {NUMBER_KEY("pid"), TEXT("application_name"), TEXT("query")}},
    {"pg_stat_activity",
     TABLE_ACTIVITY,
     0,
     PLACE_MOVES | OF_SERVER_ACTIVITY,
     "(SELECT pid,application_name,query FROM pg_stat_activity"
     " WHERE pid<>pg_backend_pid() ORDER BY pid) s",
     {NUMBER_KEY("pid"), TEXT("application_name"), TEXT("query")}},
};

/* The size of an object is found by going to its end, so that only those that may be
 * read are opened, and each is closed at once.  Each step names the object: the server
 * remembers what a descriptor gave, and the next object has the same one. */
const struct pgplace pgplace_large = {
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

const struct pgplace pgplace_log = {
    "pg_log",
    TABLE_LOG,
    0,
    PLACE_MOVES | OF_SERVER_LOG,
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

const struct pgplace pgplace_statements = {
    "pg_stat_statements",
    TABLE_ACTIVITY,
    0,
    PLACE_MOVES,
    NULL,
    {NUMBER_KEY("queryid"), NUMBER_KEY("userid"), TEXT("query")}};
