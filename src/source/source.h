/* source.h - where bytes come from, and who is told of it.
 *
 * A source names what it finds; it does not open it.  The one who is told decides in
 * which thread it is read: a find may be kept past the call if its directory is.
 */
#ifndef SIEVE_SOURCE_SOURCE_H
#define SIEVE_SOURCE_SOURCE_H

#include "cardsieve.h"

struct directory;

/* One thing to read.  Borrowed for the call. */
struct find {
    struct directory *directory; /* it stands in; NULL: `name` is as the user typed it */
    const char *name;
};

/* Why something in a directory was left alone. */
enum skip {
    SKIP_LINK,
    SKIP_SPECIAL,
    SKIP_SYSTEM,
    SKIP_NAME
};

struct door;

/* What a source calls.  A failure ends the source's run with that status. */
struct door_ops {
    sieve_status (*found)(struct door *self, const struct find *find);
    /* It could not be entered; the source goes on to the next. */
    sieve_status (*missed)(struct door *self, const struct find *find,
                           const char *reason);
    void (*skipped)(struct door *self, enum skip why);
};

struct door {
    const struct door_ops *ops;
};

/* An open directory, kept until its last user lets go.  Any thread may let go. */
struct directory *directory_keep(struct directory *directory);
void directory_release(struct directory *directory); /* NULL is legal */

int directory_descriptor(const struct directory *directory);

/* Its path as found, with no slash at the end unless it is all.  Not safe to show. */
const char *directory_path(const struct directory *directory);

#endif /* SIEVE_SOURCE_SOURCE_H */
