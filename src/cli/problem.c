#include "base/safe_text.h"
#include "base/visible.h"
#include "base/writer.h"
#include "cli/command.h"

#include <string.h>
#include <unistd.h>

#define SHOWN_MAX 4096

static void put_visible(struct writer *writer, struct bytes thing)
{
    struct buffer shown;
    buffer_init(&shown, SHOWN_MAX);
    /* A longer text is told as far as it goes. */
    sieve_status status = visible_append(&shown, thing);
    if (status == SIEVE_OK || status == SIEVE_E_LIMIT)
        writer_put(writer, buffer_bytes(&shown));
    buffer_done(&shown);
}

static void tell(const struct command *command, struct bytes thing, const char *reason,
                 const char *way_out)
{
    struct writer writer;
    if (writer_init(&writer, STDERR_FILENO) != SIEVE_OK)
        return;
    writer_text(&writer, "cardsieve");
    if (command) {
        writer_text(&writer, " ");
        writer_text(&writer, command->name);
    }
    writer_text(&writer, ": ");
    if (thing.length > 0) {
        put_visible(&writer, thing);
        writer_text(&writer, ": ");
    }
    writer_text(&writer, reason);
    if (way_out) {
        writer_text(&writer, "; ");
        writer_text(&writer, way_out);
    }
    writer_text(&writer, "\n");
    /* There is nobody left to tell if this fails. */
    (void)!writer_flush(&writer);
    writer_done(&writer);
}

void command_problem(const struct command *command, const char *thing, const char *reason,
                     const char *way_out)
{
    struct safe_text safe;
    safe_text_init(&safe);
    if (thing && safe_text_set(&safe, bytes_of_text(thing), NULL) != SIEVE_OK)
        buffer_clear(&safe.buffer);
    tell(command, safe_text_bytes(&safe), reason, way_out);
    safe_text_done(&safe);
}

void command_problem_of(const struct command *command, struct bytes thing,
                        const char *reason)
{
    tell(command, thing, reason, NULL);
}

/* ---- going on ---------------------------------------------------------------------- */

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+=@%:,-"

/* 'it'\\''s': in quotes nothing but a quote has a meaning. */
static void put_quoted(struct writer *writer, struct bytes name)
{
    writer_text(writer, "'");
    while (name.length > 0) {
        const unsigned char *quote = memchr(name.at, '\'', name.length);
        const size_t length = quote ? (size_t)(quote - name.at) : name.length;
        put_visible(writer, bytes_of(name.at, length));
        writer_text(writer, quote ? "'\\''" : "");
        name = bytes_from(name, length + (quote != NULL));
    }
    writer_text(writer, "'");
}

void command_go_on(struct bytes ledger)
{
    struct writer writer;
    size_t plain = 0;
    if (ledger.length == 0 || writer_init(&writer, STDERR_FILENO) != SIEVE_OK)
        return;
    while (plain < ledger.length && ledger.at[plain] && strchr(PLAIN, ledger.at[plain]))
        plain++;
    writer_text(&writer, "go on with: cardsieve scan --resume ");
    writer_text(&writer, ledger.at[0] == '-' ? "./" : ""); /* it is no option */
    if (plain == ledger.length)
        writer_put(&writer, ledger);
    else
        put_quoted(&writer, ledger);
    writer_text(&writer, "\n");
    (void)!writer_flush(&writer);
    writer_done(&writer);
}
