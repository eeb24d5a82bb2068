/* A stream: its order of calls, what it holds back, and when it lets go. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/engine.h"

struct sink {
    struct text handed;
    struct findings findings;
    sieve_status answer;
};

static sieve_next on_finding(const sieve_finding *finding, void *context)
{
    return findings_add(finding, &((struct sink *)context)->findings);
}

static sieve_status on_bytes(const void *bytes, size_t length, void *context)
{
    struct sink *sink = context;
    text_add(&sink->handed, bytes, length);
    return sink->answer;
}

static sieve_stream *stream_open(const struct engine *engine, struct sink *sink)
{
    sieve_stream_sink interface = {on_finding, on_bytes, sink};
    sieve_stream *stream = NULL;
    cr_assert_eq(sieve_stream_new(engine->scanner, &interface, &stream), SIEVE_OK);
    return stream;
}

static void sink_done(struct sink *sink)
{
    text_done(&sink->handed);
    findings_done(&sink->findings);
}

static void write_string(sieve_stream *stream, const char *string)
{
    cr_assert_eq(sieve_stream_write(stream, string, strlen(string)), SIEVE_OK);
}

/* tail -F | cardsieve mask: a line is there before the next one comes. */
Test(stream, a_line_that_has_ended_is_handed_on)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    static const char *const lines[] = {
        "2026-01-02T03:04:05Z GET /cart 200\n",
        "card 4111111111111111 accepted\n",
        "just words\n",
        "",
    };
    /* The first lines may wait: they could be a table's header. */
    for (int i = 0; i < 200; i++)
        write_string(stream, lines[i % 3]);
    cr_assert_eq(sieve_stream_held(stream), 0);
    write_string(stream, "pay 5555555555554444 now\n");
    cr_assert_eq(sieve_stream_held(stream), 0);
    cr_assert_not_null(strstr(text_string(&sink.handed), "pay 555555******4444 now\n"));
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

Test(stream, a_number_that_may_go_on_waits)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    write_string(stream, "card 4111 1111\n");
    cr_assert_gt(sieve_stream_held(stream), 0);
    write_string(stream, "1111 1111 thanks\n");
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_eq(sink.findings.count, 1);
    cr_assert_str_eq(text_string(&sink.handed), "card 4111 11**\n**** 1111 thanks\n");
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

/* A flush settles as if the input ended: what it cuts may be missed, nothing else. */
Test(stream, flush_lets_go_and_goes_on)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    write_string(stream, "prompt 4111111111111111");
    cr_assert_eq(sieve_stream_flush(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 0);
    cr_assert_str_eq(text_string(&sink.handed), "prompt 411111******1111");
    cr_assert_eq(sieve_stream_flush(stream), SIEVE_OK);
    write_string(stream, " and 5555555555554444\n");
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_str_eq(text_string(&sink.handed),
                     "prompt 411111******1111 and 555555******4444\n");
    cr_assert_eq(sink.findings.count, 2);
    cr_assert_eq(sink.findings.at[1].offset, 28);
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

/* A pause lets go of a line that has ended, and of nothing that has not. */
Test(stream, pause_lets_go_of_lines)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    write_string(stream, "card 4111 1111\n");
    cr_assert_gt(sieve_stream_held(stream), 0);
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 0);
    write_string(stream, "card 4111 1111 1");
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 16);
    write_string(stream, "111 1111\ncard 5555 5555\n5555 44");
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    /* The line below goes on with what may be a number. */
    cr_assert_gt(sieve_stream_held(stream), 7);
    write_string(stream, "44 thanks\n");
    cr_assert_eq(sieve_stream_held(stream), 0);
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_E_STATE);
    cr_assert_str_eq(text_string(&sink.handed),
                     "card 4111 1111\ncard 4111 11** **** 1111\n"
                     "card 5555 55**\n**** 4444 thanks\n");
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

/* UTF-16 lines too. */
Test(stream, pause_lets_go_of_wide_lines)
{
    static const char line[] = "5\0005\0\n";
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    cr_assert_eq(sieve_stream_write(stream, line, 5), SIEVE_OK);
    cr_assert_eq(sieve_stream_write(stream, "", 1), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 6);
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 0);
    cr_assert_eq(sieve_stream_write(stream, line, 4), SIEVE_OK);
    cr_assert_eq(sieve_stream_pause(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_held(stream), 4);
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

Test(stream, nothing_after_the_end)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    void *room = NULL;
    size_t capacity = 0;
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_write(stream, "x", 1), SIEVE_E_STATE);
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_E_STATE);
    cr_assert_eq(sieve_stream_flush(stream), SIEVE_E_STATE);
    cr_assert_eq(sieve_stream_room(stream, &room, &capacity), SIEVE_E_STATE);
    cr_assert_null(room);
    sieve_stream_free(stream);
    sieve_stream_free(NULL);
    sink_done(&sink);
    engine_close(&engine);
}

Test(stream, empty_writes_are_legal)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    cr_assert_eq(sieve_stream_write(stream, NULL, 0), SIEVE_OK);
    write_string(stream, "");
    cr_assert_eq(sieve_stream_flush(stream), SIEVE_OK);
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_eq(sink.handed.length, 0);
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

Test(stream, the_sink_s_failure_is_the_stream_s)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_E_IO};
    sieve_stream *stream = stream_open(&engine, &sink);
    sieve_status status = sieve_stream_write(stream, "text\n", 5);
    if (status == SIEVE_OK)
        status = sieve_stream_finish(stream);
    cr_assert_eq(status, SIEVE_E_IO);
    /* Closed after a failure: not one byte more. */
    size_t before = sink.handed.length;
    cr_assert_neq(sieve_stream_write(stream, "more\n", 5), SIEVE_OK);
    cr_assert_eq(sink.handed.length, before);
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

static sieve_next stop(const sieve_finding *finding, void *context)
{
    (void)finding;
    ++*(int *)context;
    return SIEVE_STOP;
}

Test(stream, a_callback_may_stop_it)
{
    struct engine engine = engine_open(NULL);
    int calls = 0;
    sieve_stream_sink interface = {stop, NULL, &calls};
    sieve_stream *stream = NULL;
    cr_assert_eq(sieve_stream_new(engine.scanner, &interface, &stream), SIEVE_OK);
    sieve_status status = SIEVE_OK;
    for (int i = 0; i < 1000 && status == SIEVE_OK; i++)
        status = sieve_stream_write(stream, "4111111111111111\n", 17);
    cr_assert_eq(status, SIEVE_STOPPED);
    cr_assert_eq(calls, 1);
    sieve_stream_free(stream);
    engine_close(&engine);
}

Test(stream, one_scanner_serves_several)
{
    struct engine engine = engine_open(NULL);
    struct sink sinks[2] = {{.answer = SIEVE_OK}, {.answer = SIEVE_OK}};
    sieve_stream *one = stream_open(&engine, &sinks[0]);
    sieve_stream *other = stream_open(&engine, &sinks[1]);
    write_string(one, "4111 1111 ");
    write_string(other, "5555 5555 ");
    write_string(one, "1111 1111\n");
    write_string(other, "5555 4444\n");
    cr_assert_eq(sieve_stream_finish(one), SIEVE_OK);
    cr_assert_eq(sieve_stream_finish(other), SIEVE_OK);
    cr_assert_str_eq(text_string(&sinks[0].handed), "4111 11** **** 1111\n");
    cr_assert_str_eq(text_string(&sinks[1].handed), "5555 55** **** 4444\n");
    sieve_stream_free(one);
    sieve_stream_free(other);
    sink_done(&sinks[0]);
    sink_done(&sinks[1]);
    engine_close(&engine);
}

Test(stream, room_lends_at_least_a_byte)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    static const char text[] = "pay 4111111111111111 now\n";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        void *room = NULL;
        size_t capacity = 0;
        cr_assert_eq(sieve_stream_room(stream, &room, &capacity), SIEVE_OK);
        cr_assert_geq(capacity, 1);
        memcpy(room, text + i, 1);
        cr_assert_eq(sieve_stream_commit(stream, 1), SIEVE_OK);
    }
    cr_assert_eq(sieve_stream_finish(stream), SIEVE_OK);
    cr_assert_str_eq(text_string(&sink.handed), "pay 411111******1111 now\n");
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}

Test(stream, commit_of_more_than_was_lent_is_refused)
{
    struct engine engine = engine_open(NULL);
    struct sink sink = {.answer = SIEVE_OK};
    sieve_stream *stream = stream_open(&engine, &sink);
    void *room = NULL;
    size_t capacity = 0;
    cr_assert_eq(sieve_stream_room(stream, &room, &capacity), SIEVE_OK);
    cr_assert_eq(sieve_stream_commit(stream, capacity + 1), SIEVE_E_INVALID);
    sieve_stream_free(stream);
    sink_done(&sink);
    engine_close(&engine);
}
