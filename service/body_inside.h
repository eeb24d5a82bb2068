/* body_inside.h - what the files of a body share. */
#ifndef SIEVE_SERVICE_BODY_INSIDE_H
#define SIEVE_SERVICE_BODY_INSIDE_H

#include "codec/unwrap.h"
#include "service/body.h"

struct http_body {
    struct body_plan plan;
    struct body_notes notes;
    struct content_notes content;
    struct buffer
        block; /* what came, as long as it may be one block; then a mask's ... */
    struct stage *chain;   /* ... that waits for more.  NULL as long as it may be one */
    struct stage *sink;    /* owned until the chain has it */
    struct window *window; /* of a scan in pieces */
    struct spool spool;
    struct gate gate;
    struct beside beside;
    struct cards *in_content; /* numbers found in what raw steps stand before */
    int has_raw;
    struct unwrap_plan unwrap;
    struct unwrap_notes inside;
    char boundary[BOUNDARY_LENGTH_MAX + 1];
    sieve_error coding_error; /* of a Content-Encoding */
    sieve_error limit_error;
    int has_ended;   /* a scan has seen what it could of a broken file */
    int has_decoder; /* counted among the process's */
};

/* The listener that counts, and tells the plan's own. */
struct body_listener body_listener_of(struct http_body *body);

/* Lets its decoders in, if the process has room for one body more that is decoded. */
struct gate body_gate_of(struct http_body *body);

/* Puts the step that minds JSON before `*first`, which it then owns, if it is JSON. */
sieve_status body_put_json(struct http_body *body, struct stage **first) SIEVE_MUST_CHECK;

/* Makes all steps up to the sink, or to the window of a scan. */
sieve_status body_chain_make(struct http_body *body) SIEVE_MUST_CHECK;

#endif /* SIEVE_SERVICE_BODY_INSIDE_H */
