#include "source/pgreason.h"

#include <string.h>

struct code_row {
    const char *code; /* the beginning of a SQLSTATE */
    const char *reason;
    uint8_t is_lost;
    uint8_t is_partial; /* it may be one row's or value's fault */
};

/* The first row that fits counts. */
static const struct code_row code_rows[] = {
    {"08", "the connection to the server was lost", 1, 0},
    {"22012", "the table was rewritten while it was read", 0, 0},
    {"22021", "the server cannot convert the text of a value", 0, 1},
    {"22P05", "the server cannot convert the text of a value", 0, 1},
    {"25P03", "the server ended a connection that stood idle", 1, 0},
    {"25P04", "the server ended a transaction that took too long", 1, 0},
    {"28", "the server refused the user or the password", 0, 0},
    {"3D000", "there is no such database", 0, 0},
    {"3F000", "the schema is gone", 0, 0},
    {"40001", "the standby server had to give up what the snapshot shows", 0, 0},
    {"42501", "no permission", 0, 0},
    {"42703", "a column is gone", 0, 0},
    {"42P01", "the table is gone", 0, 0},
    {"53100", "the server has no more room on its disk", 0, 0},
    {"53200", "the server is out of memory", 0, 1},
    {"53300", "the server takes no more connections", 0, 0},
    {"54000", "a row is larger than the server can send", 0, 1},
    {"55000", "the server is not in a state to read this", 0, 0},
    {"55P03", "the table is locked by somebody else", 0, 0},
    {"57014", "the statement took too long, or somebody stopped it", 0, 0},
    {"57P03", "the server is starting or stopping", 1, 0},
    {"57P04", "the database is gone", 1, 0},
    {"57P05", "the server ended a connection that stood idle", 1, 0},
    {"57P", "the server was stopped or ended the connection", 1, 0},
    {"58", "the server cannot read its own files", 0, 1},
    {"XX001", "data of the server are damaged", 0, 1},
    {"XX002", "an index of the server is damaged", 0, 1},
    {"XX", "the server found an error of its own, or damaged data", 0, 1},
};

void pgreason_of_code(const char *code, struct database_error *error)
{
    *error = (struct database_error){.reason = "the server refused"};
    if (!code || strlen(code) != PGCODE_LENGTH) {
        error->reason = "the server's answer is not understood";
        return;
    }
    memcpy(error->code, code, PGCODE_LENGTH + 1);
    for (size_t index = 0; index < sizeof code_rows / sizeof *code_rows; index++) {
        const struct code_row *row = &code_rows[index];
        if (strncmp(code, row->code, strlen(row->code)) == 0) {
            error->reason = row->reason;
            error->is_lost = row->is_lost;
            error->is_partial = row->is_partial;
            return;
        }
    }
}

/* ---- connections that were not made ------------------------------------------------ */

static const struct {
    const char *part;
    const char *reason;
} message_rows[] = {
    {"no password supplied",
     "the server asks for a password: it belongs into ~/.pgpass, a "
     "service file or PGPASSWORD"},
    {"definition of service", "there is no such service in pg_service.conf"},
    {"service file", "the service file cannot be read"},
    {"translate host name", "there is no host of that name"},
    {"could not parse network address", "there is no host of that name"},
    {"Connection refused", "no server listens there"},
    {"No such file or directory", "no server listens there"},
    {"Permission denied", "no permission to reach the server"},
    {"does not support SSL", "the server does not offer TLS"},
    {"certificate", "the certificate of the server or of the user is not accepted"},
    {"SSL", "no TLS connection could be made"},
    {"GSSAPI", "no GSSAPI connection could be made"},
    {"timeout", "the server does not answer"},
    {"timed out", "the server does not answer"},
    {"unreachable", "the server cannot be reached"},
    {"No route to host", "the server cannot be reached"},
    {"session is read-only", "the server is not of the kind that was asked for"},
    {"session is not read-only", "the server is not of the kind that was asked for"},
    {"server is in hot standby mode", "the server is not of the kind that was asked for"},
    {"server is not in hot standby mode",
     "the server is not of the kind that was asked for"},
    {"URI", "the address is not written as PostgreSQL wants it"},
    {"connection option", "the address has an option that PostgreSQL does not know"},
    {"invalid", "a value in the address is not valid"},
    {"closed the connection", "the server ended the connection"},
};

static int is_code(const char *at)
{
    for (size_t index = 0; index < PGCODE_LENGTH; index++)
        if (!((at[index] >= '0' && at[index] <= '9') ||
              (at[index] >= 'A' && at[index] <= 'Z')))
            return 0;
    return 1;
}

/* The last line's code: several addresses were tried in turn, the last one counts. */
static int find_code(const char *message, char out[PGCODE_LENGTH + 1])
{
    int is_found = 0;
    for (const char *at = strstr(message, ":  "); at; at = strstr(at + 1, ":  ")) {
        const char *code = at + 3;
        if (is_code(code) && (code[PGCODE_LENGTH] == '\n' || !code[PGCODE_LENGTH])) {
            memcpy(out, code, PGCODE_LENGTH);
            out[PGCODE_LENGTH] = '\0';
            is_found = 1;
        }
    }
    return is_found;
}

void pgreason_of_message(const char *message, struct database_error *error)
{
    char code[PGCODE_LENGTH + 1];
    if (find_code(message, code)) {
        pgreason_of_code(code, error);
        error->is_lost = 0; /* there was nothing to lose */
        return;
    }
    *error = (struct database_error){.reason = "no connection could be made"};
    for (size_t index = 0; index < sizeof message_rows / sizeof *message_rows; index++) {
        if (strstr(message, message_rows[index].part)) {
            error->reason = message_rows[index].reason;
            return;
        }
    }
}
