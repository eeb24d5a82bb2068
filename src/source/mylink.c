#include "source/mylink.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <mysql.h>

#include "base/limits.h"
#include "base/wipe.h"
#include "source/myreason.h"

/* Seconds. */
#define CONNECT_SECONDS   30u
#define KEEPALIVE_IDLE    60
#define KEEPALIVE_BETWEEN 10
#define KEEPALIVE_COUNT   6

#define PACKET_LENGTH_MAX (1ul << 30) /* bytes; of the protocol */

struct mylink {
    MYSQL *connection;
    const struct myaddress *address;
    struct bytes *fields; /* of the row that came last */
    size_t field_capacity;
    atomic_int is_cancelled;
    int is_dead; /* an answer was left in the middle */
};

/* ---- connecting -------------------------------------------------------------------- */

static int set_text(MYSQL *connection, enum mysql_option option, const char *text)
{
    return !text || mysql_optionsv(connection, option, text) == 0;
}

static int set_flag(MYSQL *connection, enum mysql_option option, int is_on)
{
    const my_bool flag = is_on != 0;
    return mysql_optionsv(connection, option, (const void *)&flag) == 0;
}

static int set_tls(MYSQL *connection, const struct myaddress *address)
{
    static const struct {
        enum myoption from;
        enum mysql_option to;
    } texts[] = {
        {MYOPTION_SSL_CA, MYSQL_OPT_SSL_CA},
        {MYOPTION_SSL_CAPATH, MYSQL_OPT_SSL_CAPATH},
        {MYOPTION_SSL_CERT, MYSQL_OPT_SSL_CERT},
        {MYOPTION_SSL_KEY, MYSQL_OPT_SSL_KEY},
        {MYOPTION_SSL_CRL, MYSQL_OPT_SSL_CRL},
        {MYOPTION_SSL_CIPHER, MYSQL_OPT_SSL_CIPHER},
        {MYOPTION_TLS_VERSION, MARIADB_OPT_TLS_VERSION},
    };
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++)
        if (!set_text(connection, texts[index].to, address->options[texts[index].from]))
            return 0;
    if (!address->has_tls)
        return 1;
    return set_flag(connection, MYSQL_OPT_SSL_ENFORCE, address->tls >= MYTLS_REQUIRED) &&
           set_flag(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
                    address->tls == MYTLS_VERIFIED);
}

/* What the driver reads from option files goes before whatever was set, and it reads them
 * only when it connects: so it is made to connect to nowhere, and then the address can
 * have the last word. */
static void read_option_files(MYSQL *connection, const struct myaddress *address)
{
    static const char nowhere[] = "/dev/null/none";
    const char *group = address->options[MYOPTION_DEFAULTS_GROUP];
    if (!set_text(connection, MYSQL_READ_DEFAULT_FILE,
                  address->options[MYOPTION_DEFAULTS_FILE]) ||
        !set_text(connection, MYSQL_READ_DEFAULT_GROUP, group ? group : "cardsieve"))
        return;
    (void)mysql_real_connect(connection, "127.0.0.1", NULL, NULL, NULL, 1, nowhere,
                             CLIENT_REMEMBER_OPTIONS);
}

static int set_options(MYSQL *connection, const struct myaddress *address)
{
    const unsigned seconds =
        address->connect_seconds ? address->connect_seconds : CONNECT_SECONDS;
    const unsigned protocol =
        address->options[MYOPTION_SOCKET] ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    const unsigned nothing = 0;
    const unsigned long packet = PACKET_LENGTH_MAX;
    /* A port that is named means the network, also of this very machine. */
    const int says_protocol = address->port || address->options[MYOPTION_SOCKET];
    if (mysql_optionsv(connection, MYSQL_OPT_CONNECT_TIMEOUT, &seconds) != 0 ||
        !set_text(connection, MARIADB_OPT_HOST, getenv("MYSQL_HOST")))
        return 0;
    read_option_files(connection, address);
    return mysql_optionsv(connection, MYSQL_OPT_LOCAL_INFILE, &nothing) == 0 &&
           mysql_optionsv(connection, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet) == 0 &&
           mysql_optionsv(connection, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
                          "cardsieve") == 0 &&
           set_text(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4") &&
           set_flag(connection, MYSQL_OPT_RECONNECT, 0) &&
           (address->connect_seconds == 0 ||
            mysql_optionsv(connection, MYSQL_OPT_CONNECT_TIMEOUT, &seconds) == 0) &&
           (!says_protocol ||
            mysql_optionsv(connection, MYSQL_OPT_PROTOCOL, &protocol) == 0) &&
           set_tls(connection, address);
}

/* A connection that is cut without a word is noticed. */
static void keep_alive(MYSQL *connection)
{
    static const int on = 1;
    static const int settings[][2] = {{TCP_KEEPIDLE, KEEPALIVE_IDLE},
                                      {TCP_KEEPINTVL, KEEPALIVE_BETWEEN},
                                      {TCP_KEEPCNT, KEEPALIVE_COUNT}};
    const int handle = (int)mysql_get_socket(connection);
    if (setsockopt(handle, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0)
        return;
    for (size_t index = 0; index < sizeof settings / sizeof *settings; index++)
        (void)setsockopt(handle, IPPROTO_TCP, settings[index][0], &settings[index][1],
                         sizeof settings[index][1]); /* a socket of a file has none */
}

/* 1 if the server is reached through the network, as far as can be told beforehand. */
static int is_far(MYSQL *connection, const struct myaddress *address)
{
    const char *host = address->host;
    unsigned protocol = MYSQL_PROTOCOL_DEFAULT;
    (void)mysql_get_optionv(connection, MYSQL_OPT_PROTOCOL, (void *)&protocol);
    if (!host)
        (void)mysql_get_optionv(connection, MARIADB_OPT_HOST, (void *)&host);
    return protocol == MYSQL_PROTOCOL_TCP ||
           (protocol != MYSQL_PROTOCOL_SOCKET && host && strcmp(host, "localhost") != 0);
}

/* *is_plain: in, that no TLS is to be tried; out, that the server has none to offer. */
static sieve_status try_connection(const struct myaddress *address, int *is_plain,
                                   MYSQL **out, struct database_error *error)
{
    MYSQL *connection = mysql_init(NULL);
    *error = (struct database_error){.reason = "out of memory"};
    if (!connection)
        return SIEVE_E_MEMORY;
    const int is_tried = !*is_plain && address->tls == MYTLS_PREFERRED;
    *is_plain = 0;
    if (!set_options(connection, address) ||
        (is_tried && is_far(connection, address) &&
         !set_flag(connection, MYSQL_OPT_SSL_ENFORCE, 1))) {
        mysql_close(connection);
        error->reason = "an option of the address is not taken by the driver";
        return SIEVE_E_INVALID;
    }
    if (!mysql_real_connect(connection, address->host, address->user, address->password,
                            address->database, address->port,
                            address->options[MYOPTION_SOCKET], 0)) {
        myreason_of_code(mysql_errno(connection), error);
        error->is_lost = 0; /* there was nothing to lose */
        *is_plain = is_tried && strstr(mysql_error(connection), "support") != NULL;
        mysql_close(connection);
        return SIEVE_E_IO;
    }
    *out = connection;
    return SIEVE_OK;
}

static sieve_status make_connection(const struct myaddress *address, MYSQL **out,
                                    struct database_error *error)
{
    MYSQL *connection = NULL;
    int is_plain = 0;
    sieve_status status = try_connection(address, &is_plain, &connection, error);
    if (is_plain)
        status = try_connection(address, &is_plain, &connection, error);
    if (status != SIEVE_OK)
        return status;
    /* Whatever an option file says: what the address demands was not given. */
    if (address->tls >= MYTLS_REQUIRED && !mysql_get_ssl_cipher(connection)) {
        mysql_close(connection);
        *error = (struct database_error){.reason = "the server does not offer TLS"};
        return SIEVE_E_IO;
    }
    keep_alive(connection);
    *out = connection;
    return SIEVE_OK;
}

sieve_status mylink_open(const struct myaddress *address, struct mylink **out,
                         struct database_error *error)
{
    *error = (struct database_error){.reason = "out of memory"};
    struct mylink *link = calloc(1, sizeof *link);
    if (!link)
        return SIEVE_E_MEMORY;
    atomic_init(&link->is_cancelled, 0);
    link->address = address;
    sieve_status status = make_connection(address, &link->connection, error);
    if (status != SIEVE_OK) {
        mylink_close(link);
        return status;
    }
    *out = link;
    return SIEVE_OK;
}

void mylink_close(struct mylink *link)
{
    if (!link)
        return;
    if (link->connection)
        mysql_close(link->connection);
    free(link->fields);
    free(link);
}

/* ---- statements -------------------------------------------------------------------- */

/* Told from another connection: this one is in use. */
void mylink_cancel(struct mylink *link)
{
    MYSQL *other = NULL;
    struct database_error error;
    struct statement statement;
    if (atomic_exchange(&link->is_cancelled, 1))
        return;
    /* If it cannot be told, the server finds out when it next sends. */
    if (make_connection(link->address, &other, &error) != SIEVE_OK)
        return;
    statement_init(&statement);
    statement_put(&statement, "KILL QUERY ");
    statement_put_number(&statement, mysql_thread_id(link->connection));
    if (statement.status == SIEVE_OK)
        (void)mysql_real_query(other, (const char *)statement.text.at,
                               statement.text.length);
    statement_done(&statement);
    mysql_close(other);
}

static sieve_status failure_of(struct mylink *link, struct database_error *error)
{
    if (atomic_load(&link->is_cancelled))
        return SIEVE_STOPPED;
    myreason_of_code(mysql_errno(link->connection), error);
    return SIEVE_E_IO;
}

static sieve_status reserve_fields(struct mylink *link, size_t count)
{
    if (count <= link->field_capacity)
        return SIEVE_OK;
    struct bytes *fields = realloc(link->fields, count * sizeof *fields);
    if (!fields)
        return SIEVE_E_MEMORY;
    link->fields = fields;
    link->field_capacity = count;
    return SIEVE_OK;
}

static sieve_status take_rows(struct mylink *link, MYSQL_RES *result,
                              const struct mytaker *taker, struct database_error *error)
{
    const size_t count = mysql_num_fields(result);
    if (count != taker->field_count)
        return SIEVE_E_CORRUPT;
    sieve_status status = reserve_fields(link, count);
    while (status == SIEVE_OK) {
        MYSQL_ROW row = mysql_fetch_row(result);
        if (!row)
            return mysql_errno(link->connection) ? failure_of(link, error) : SIEVE_OK;
        const unsigned long *lengths = mysql_fetch_lengths(result);
        for (size_t index = 0; index < count; index++)
            link->fields[index] = bytes_of(row[index], lengths[index]);
        status = atomic_load_explicit(&link->is_cancelled, memory_order_relaxed)
                     ? SIEVE_STOPPED
                     : taker->on_row(link->fields, taker->context);
    }
    return status;
}

/* What still comes of an answer that nobody wants would have to be read first: the
 * connection is cut instead. */
static void abandon(struct mylink *link)
{
    link->is_dead = 1;
    (void)mariadb_cancel(link->connection);
}

sieve_status mylink_run(struct mylink *link, const struct statement *statement,
                        const struct mytaker *taker, struct database_error *error)
{
    MYSQL *connection = link->connection;
    *error = (struct database_error){.reason = "out of memory"};
    if (statement->status != SIEVE_OK)
        return statement->status;
    if (atomic_load(&link->is_cancelled))
        return SIEVE_STOPPED;
    if (link->is_dead) {
        *error = (struct database_error){
            .reason = "the connection to the server was lost", .is_lost = 1};
        return SIEVE_E_IO;
    }
    if (mysql_real_query(connection, (const char *)statement->text.at,
                         statement->text.length) != 0)
        return failure_of(link, error);
    if (mysql_field_count(connection) == 0)
        return SIEVE_OK;
    MYSQL_RES *result = mysql_use_result(connection);
    if (!result)
        return failure_of(link, error);
    sieve_status status = taker ? take_rows(link, result, taker, error) : SIEVE_E_CORRUPT;
    if (status != SIEVE_OK && !mysql_errno(connection))
        abandon(link);
    if (status == SIEVE_E_CORRUPT)
        error->reason = "the server's answer is not understood";
    mysql_free_result(result);
    return status;
}

sieve_status mylink_do(struct mylink *link, const char *sql, struct database_error *error)
{
    struct statement statement;
    statement_init(&statement);
    statement_put(&statement, sql);
    sieve_status status = mylink_run(link, &statement, NULL, error);
    statement_done(&statement);
    return status;
}

uint64_t mylink_changed(const struct mylink *link)
{
    return mysql_affected_rows(link->connection);
}

int mylink_is_in_transaction(const struct mylink *link)
{
    unsigned status = 0;
    (void)mariadb_get_infov(link->connection, MARIADB_CONNECTION_SERVER_STATUS, &status);
    return (status & SERVER_STATUS_IN_TRANS) != 0;
}

int mylink_is_mariadb(const struct mylink *link)
{
    return mariadb_connection(link->connection) != 0;
}

unsigned long mylink_version(const struct mylink *link)
{
    return mysql_get_server_version(link->connection);
}
