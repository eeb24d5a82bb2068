#include "source/myreason.h"

#include <stdlib.h>

#include "base/number.h"

struct code_row {
    const char *reason;
    unsigned code;
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
    {DAMAGED, 1017, 0},
    {"the server has no more room on its disk", 1021, 0},
    {"the server cannot read its own files", 1030, 0},
    {DAMAGED, 1032, 0},
    {DAMAGED, 1034, 0},
    {DAMAGED, 1035, 0},
    {"the table can only be read", 1036, 0},
    {"the server is out of memory", 1037, 0},
    {"the server is out of memory", 1038, 0},
    {"the server takes no more connections", 1040, 0},
    {"the server is out of memory", 1041, 0},
    {"there is no host of that name", 1042, 0},
    {"the server's answer is not understood", 1043, 0},
    {"no permission for the database", 1044, 0},
    {"the server refused the user or the password", 1045, 0},
    {"there is no such database", 1049, 0},
    {GONE, 1051, 0},
    {"the server was stopped", 1053, 1},
    {"a column is gone", 1054, 0},
    {"the server was stopped", 1079, 1},
    {"the server lets this host in no more, after too many failures", 1129, 0},
    {"the server does not let this host in", 1130, 0},
    {"no permission to read it", 1142, 0},
    {"no permission to read a column of it", 1143, 0},
    {GONE, 1146, 0},
    {LOST, 1152, 1},
    {"a row is larger than the server can send", 1153, 0},
    {LOST, 1158, 1},
    {LOST, 1159, 1},
    {LOST, 1160, 1},
    {LOST, 1161, 1},
    {LOST, 1184, 1},
    {DAMAGED, 1194, 0},
    {DAMAGED, 1195, 0},
    {"the server takes no more connections of this user", 1203, 0},
    {"the table is locked by somebody else", 1205, 0},
    {"the server ended what it read, for two were waiting for each other", 1213, 1},
    {"the server takes no more connections or questions of this user", 1226, 0},
    {NO_PERMISSION, 1227, 0},
    {"the server wants a way to sign in that this program does not know", 1251, 0},
    {"the server cannot compare the texts of its key", 1267, 0},
    {"the server is set up not to allow it", 1290, 0},
    {"the server cannot convert the text of a value", 1300, 0},
    {GONE, 1305, 0},
    {TOO_LONG, 1317, 0},
    {"it refers to what is gone or may not be read", 1356, 0},
    {NO_PERMISSION, 1370, 0},
    {"the table was altered after the snapshot was taken", 1412, 0},
    {"the user it belongs to is gone", 1449, 0},
    {"it has no partition for a value", 1526, 0},
    {"the server does too much at once", 1637, 0},
    {"the server refused the user or the password", 1698, 0},
    {DAMAGED, 1708, 0},
    {DAMAGED, 1712, 0},
    {"a partition of the table is gone", 1735, 0},
    {"the file of the table is gone", 1812, 0},
    {DAMAGED, 1813, 0},
    {"the password of the user has to be changed first", 1820, 0},
    {"the password of the user has to be changed first", 1862, 0},
    {DAMAGED, 1877, 0},
    {LOST, 1927, 1},
    {"the table is not known to its storage engine", 1932, 0},
    {TOO_LONG, 1969, 0},
    {"no server listens there", 2002, 0},
    {"no server listens there", 2003, 0},
    {"no server listens there", 2004, 0},
    {"there is no host of that name", 2005, 0},
    {LOST, 2006, 1},
    {"the server speaks another protocol", 2007, 0},
    {"out of memory", 2008, 0},
    {NO_TLS, 2012, 0},
    {LOST, 2013, 1},
    {"a row is larger than can be read", 2020, 0},
    {NO_TLS, 2026, 0},
    {"the server's answer is not understood", 2027, 0},
    {LOST, 2055, 1},
    {"a way to sign in that the server wants is not installed", 2058, 0},
    {"a way to sign in that the server wants is not installed", 2059, 0},
    {TOO_LONG, 3024, 0},
    {"the account of the user is locked", 3118, 0},
    {"the server lets nobody in without TLS", 3159, 0},
    {"the server ended a connection that stood idle", 4031, 1},
    {"the account of the user is locked", 4151, 0},
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
