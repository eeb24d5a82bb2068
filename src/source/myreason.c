#include "source/myreason.h"

#include <stdlib.h>

#include "base/number.h"

struct code_row {
    unsigned code;
    const char *reason;
    uint8_t is_lost;
};

#define GONE          "the table is gone"
#define LOST          "the connection to the server was lost"
#define NO_PERMISSION "no permission"
#define DAMAGED       "data of the server are damaged"
#define TOO_LONG      "the statement took too long, or somebody stopped it"
#define NO_TLS        "no TLS connection could be made, or the certificate is not accepted"

/* Sorted by number. */
static const struct code_row code_rows[] = {
    {1017, DAMAGED, 0},
    {1021, "the server has no more room on its disk", 0},
    {1030, "the server cannot read its own files", 0},
    {1032, DAMAGED, 0},
    {1034, DAMAGED, 0},
    {1035, DAMAGED, 0},
    {1036, "the table can only be read", 0},
    {1037, "the server is out of memory", 0},
    {1038, "the server is out of memory", 0},
    {1040, "the server takes no more connections", 0},
    {1041, "the server is out of memory", 0},
    {1042, "there is no host of that name", 0},
    {1043, "the server's answer is not understood", 0},
    {1044, "no permission for the database", 0},
    {1045, "the server refused the user or the password", 0},
    {1049, "there is no such database", 0},
    {1051, GONE, 0},
    {1053, "the server was stopped", 1},
    {1054, "a column is gone", 0},
    {1079, "the server was stopped", 1},
    {1129, "the server lets this host in no more, after too many failures", 0},
    {1130, "the server does not let this host in", 0},
    {1142, "no permission to read it", 0},
    {1143, "no permission to read a column of it", 0},
    {1146, GONE, 0},
    {1152, LOST, 1},
    {1153, "a row is larger than the server can send", 0},
    {1158, LOST, 1},
    {1159, LOST, 1},
    {1160, LOST, 1},
    {1161, LOST, 1},
    {1184, LOST, 1},
    {1194, DAMAGED, 0},
    {1195, DAMAGED, 0},
    {1203, "the server takes no more connections of this user", 0},
    {1205, "the table is locked by somebody else", 0},
    {1213, "the server ended what it read, for two were waiting for each other", 1},
    {1226, "the server takes no more connections or questions of this user", 0},
    {1227, NO_PERMISSION, 0},
    {1251, "the server wants a way to sign in that this program does not know", 0},
    {1267, "the server cannot compare the texts of its key", 0},
    {1290, "the server is set up not to allow it", 0},
    {1300, "the server cannot convert the text of a value", 0},
    {1305, GONE, 0},
    {1317, TOO_LONG, 0},
    {1356, "it refers to what is gone or may not be read", 0},
    {1370, NO_PERMISSION, 0},
    {1412, "the table was altered after the snapshot was taken", 0},
    {1449, "the user it belongs to is gone", 0},
    {1526, "it has no partition for a value", 0},
    {1637, "the server does too much at once", 0},
    {1698, "the server refused the user or the password", 0},
    {1708, DAMAGED, 0},
    {1712, DAMAGED, 0},
    {1735, "a partition of the table is gone", 0},
    {1812, "the file of the table is gone", 0},
    {1813, DAMAGED, 0},
    {1820, "the password of the user has to be changed first", 0},
    {1862, "the password of the user has to be changed first", 0},
    {1877, DAMAGED, 0},
    {1927, LOST, 1},
    {1932, "the table is not known to its storage engine", 0},
    {1969, TOO_LONG, 0},
    {2002, "no server listens there", 0},
    {2003, "no server listens there", 0},
    {2004, "no server listens there", 0},
    {2005, "there is no host of that name", 0},
    {2006, LOST, 1},
    {2007, "the server speaks another protocol", 0},
    {2008, "out of memory", 0},
    {2012, NO_TLS, 0},
    {2013, LOST, 1},
    {2020, "a row is larger than can be read", 0},
    {2026, NO_TLS, 0},
    {2027, "the server's answer is not understood", 0},
    {2055, LOST, 1},
    {2058, "a way to sign in that the server wants is not installed", 0},
    {2059, "a way to sign in that the server wants is not installed", 0},
    {3024, TOO_LONG, 0},
    {3118, "the account of the user is locked", 0},
    {3159, "the server lets nobody in without TLS", 0},
    {4031, "the server ended a connection that stood idle", 1},
    {4151, "the account of the user is locked", 0},
};

static int compare_code(const void *key, const void *element)
{
    const unsigned code = *(const unsigned *)key;
    const struct code_row *row = element;
    return (code > row->code) - (code < row->code);
}

void myreason_of_code(unsigned code, struct database_error *error)
{
    char text[NUMBER_TEXT_MAX];
    *error = (struct database_error){.reason = "the server refused"};
    if (code == 0) {
        error->reason = "the server's answer is not understood";
        return;
    }
    if (number_text(code, text) < sizeof error->code)
        memcpy(error->code, text, sizeof error->code);
    const struct code_row *row =
        bsearch(&code, code_rows, sizeof code_rows / sizeof *code_rows, sizeof *code_rows,
                compare_code);
    if (row) {
        error->reason = row->reason;
        error->is_lost = row->is_lost;
    }
}
