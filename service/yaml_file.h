/* yaml_file.h - a YAML file as a row of values with their paths and lines.  The only
 * pair that knows libyaml.
 *
 * What the daemon reads is mappings, sequences and plain texts.  Anchors, tags, several
 * documents, a key that stands twice and an empty mapping or sequence in a sequence are
 * refused: in a file that says what is let through, nothing may be hidden.  So is what is
 * no regular file: nobody may ever write to a FIFO.
 */
#ifndef SIEVE_SERVICE_YAML_FILE_H
#define SIEVE_SERVICE_YAML_FILE_H

#include <stddef.h>

#include "cardsieve.h"

#define YAML_LENGTH_MAX (1u << 20) /* bytes of a file */
#define YAML_DEPTH_MAX  6
#define YAML_PATH_MAX   256

/* One text: "allow" with index 0, 1, ... ; "proxies.2.listen".  What has none in it is
 * told too: a list or a mapping that is empty. */
struct yaml_value {
    const char *path; /* keys and places, with dots */
    const char *key;  /* the last key in it */
    const char *text; /* NULL: it is an empty sequence or mapping */
    int is_mapping;   /* of these, which */
    size_t index;     /* in its sequence; 0 outside of one */
    size_t line;      /* from 1 */
};

/* Takes one value: NULL, or a constant reason why it is refused. */
typedef const char *(*yaml_taker)(void *context, const struct yaml_value *value);

/* SIEVE_E_IO with errno, SIEVE_E_INVALID with the line, 0 if it is not about one; both
 * with a constant reason. */
sieve_status yaml_file_read(const char *path, yaml_taker take, void *context,
                            size_t *line_out, const char **reason_out) SIEVE_MUST_CHECK;

/* The same of bytes. */
sieve_status yaml_bytes_read(const void *bytes, size_t length, yaml_taker take,
                             void *context, size_t *line_out,
                             const char **reason_out) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_YAML_FILE_H */
