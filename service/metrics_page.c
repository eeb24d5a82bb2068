/* metrics_page.c - GET /metrics: what is counted, for who watches. */
#include "service/routes.h"

#include <stdlib.h>
#include <string.h>

#include "service/exposition.h"
#include "service/process.h"
#include "service/proxy.h"
#include "service/service.h"
#include "service/trouble.h"

#define COUNT_OF(labels) (sizeof(labels) / sizeof(labels)[0])

/* ---- requests ------------------------------------------------------------------------
 */

static void tell_requests(struct exposition *page, const struct metrics_sum *sum)
{
    exposition_family(page, "cardsieve_requests", EXPOSITION_COUNTER,
                      "Requests that began, by what they asked for.");
    for (int asked = 0; asked < ASKED_COUNT; asked++) {
        const struct label labels[] = {{"request", asked_name((enum asked)asked)}};
        exposition_sample(page, labels, COUNT_OF(labels), sum->requests[asked]);
    }
}

static void tell_responses(struct exposition *page, const struct metrics_sum *sum)
{
    static const char *const classes[STATUS_CLASSES] = {"none", "1xx", "2xx",
                                                        "3xx",  "4xx", "5xx"};
    exposition_family(page, "cardsieve_responses", EXPOSITION_COUNTER,
                      "Requests that are over, by the class of their status.");
    for (int asked = 0; asked < ASKED_COUNT; asked++) {
        for (size_t class = 0; class < STATUS_CLASSES; class ++) {
            const struct label labels[] = {{"request", asked_name((enum asked)asked)},
                                           {"status", classes[class]}};
            if (class != 1)
                exposition_sample(page, labels, COUNT_OF(labels),
                                  sum->replies[asked][class]);
        }
    }
}

static void tell_times(struct exposition *page, const struct metrics_sum *sum)
{
    exposition_family(page, "cardsieve_request_duration_seconds", EXPOSITION_HISTOGRAM,
                      "From the first line of a request to its end.");
    for (int asked = 0; asked < ASKED_COUNT; asked++) {
        const struct exposition_times times = {metric_latency_ends, sum->latency[asked],
                                               LATENCY_BUCKETS,
                                               sum->latency_nanoseconds[asked]};
        exposition_histogram(
            page, (struct label){"request", asked_name((enum asked)asked)}, &times);
    }
}

static void status_text(unsigned status, char out[4])
{
    out[0] = (char)('0' + status / 100 % 10);
    out[1] = (char)('0' + status / 10 % 10);
    out[2] = (char)('0' + status % 10);
    out[3] = '\0';
}

static void tell_refusals(struct exposition *page, const struct metrics_sum *sum)
{
    exposition_family(page, "cardsieve_refusals", EXPOSITION_COUNTER,
                      "Refusals, by the name of their problem.");
    for (int problem = PROBLEM_NONE + 1; problem < PROBLEM_COUNT; problem++) {
        char status[4];
        status_text(problem_status((enum problem)problem), status);
        const struct label labels[] = {{"reason", problem_name((enum problem)problem)},
                                       {"status", status}};
        exposition_sample(page, labels, COUNT_OF(labels), sum->refusals[problem]);
    }
}

/* ---- findings and counters -----------------------------------------------------------
 */

static void tell_finding(const struct metrics_findings *findings, void *context)
{
    const struct label labels[] = {
        {"kind", sieve_kind_name(findings->kind)},
        {"brand", findings->brand},
        {"form", sieve_form_name(findings->form)},
        {"confidence", sieve_confidence_name(findings->confidence)},
    };
    exposition_sample(context, labels, COUNT_OF(labels), findings->count);
}

static void tell_findings(struct exposition *page, const struct metrics *metrics)
{
    exposition_family(page, "cardsieve_findings", EXPOSITION_COUNTER,
                      "Findings, in the words of a scan's report.");
    metrics_each_finding(metrics, tell_finding, page);
}

/* One row for each plain counter; rows of one family stand together. */
static const struct counter {
    enum metric metric;
    const char *family;
    const char *help;
    struct label label; /* without a name: none */
} counters[] = {
    {METRIC_BYTES_RECEIVED, "cardsieve_received_bytes", "Bodies as they came.", {0}},
    {METRIC_BYTES_EXAMINED, "cardsieve_examined_bytes", "Bodies, decoded.", {0}},
    {METRIC_BYTES_SENT, "cardsieve_sent_bytes", "Bodies of answers.", {0}},
    {METRIC_ZEROED, "cardsieve_numbers_zeroed", "Numbers in JSON that became 0.", {0}},
    {METRIC_UNEXAMINED,
     "cardsieve_scans_incomplete",
     "Scans that could not examine all of a body.",
     {0}},
    {METRIC_GONE,
     "cardsieve_clients_gone",
     "Clients that left before their answer was sent.",
     {0}},
    {METRIC_ALERTED,
     "cardsieve_alerts",
     "Parts of messages with card data that a proxy passed on, as told to.",
     {0}},
    {METRIC_DOUBTS_PASSED,
     "cardsieve_doubts_passed",
     "Bodies that a proxy could not examine and passed on, as told to.",
     {0}},
    {METRIC_RELOADS,
     "cardsieve_reloads",
     "Reloads of the configuration.",
     {"outcome", "done"}},
    {METRIC_RELOADS_FAILED, "cardsieve_reloads", NULL, {"outcome", "failed"}},
};

static void tell_counters(struct exposition *page, const struct metrics_sum *sum)
{
    for (size_t index = 0; index < COUNT_OF(counters); index++) {
        const struct counter *counter = &counters[index];
        if (counter->help)
            exposition_family(page, counter->family, EXPOSITION_COUNTER, counter->help);
        exposition_sample(page, &counter->label, counter->label.name != NULL,
                          sum->counts[counter->metric]);
    }
}

static void tell_troubles(struct exposition *page)
{
    exposition_family(page, "cardsieve_troubles", EXPOSITION_COUNTER,
                      "Accepts without a descriptor, lines of the log that were lost, "
                      "bodies that could not be kept.");
    for (enum trouble kind = 0; kind < TROUBLE_COUNT; kind++) {
        const struct label label = {"kind", trouble_name(kind)};
        exposition_sample(page, &label, 1, trouble_count(kind));
    }
}

/* ---- what is so now ------------------------------------------------------------------
 */

static void tell_listeners(struct exposition *page, const struct service *service)
{
    const size_t count = atomic_load(&service->gauge_count);
    exposition_family(page, "cardsieve_connections", EXPOSITION_GAUGE,
                      "Connections that are open, by listener.");
    for (size_t index = 0; index < count; index++) {
        const struct label label = {"listener", service->gauges[index].name};
        exposition_sample(page, &label, 1,
                          atomic_load(&service->gauges[index].connections));
    }
    exposition_family(page, "cardsieve_requests_in_progress", EXPOSITION_GAUGE,
                      "Requests that are not over, by listener.");
    for (size_t index = 0; index < count; index++) {
        const struct label label = {"listener", service->gauges[index].name};
        exposition_sample(page, &label, 1,
                          atomic_load(&service->gauges[index].exchanges));
    }
}

static void tell_gauge(struct exposition *page, const char *family, const char *help,
                       uint64_t value)
{
    exposition_family(page, family, EXPOSITION_GAUGE, help);
    exposition_sample(page, NULL, 0, value);
}

static void tell_state(struct exposition *page, const struct service *service)
{
    const struct label version = {"version", sieve_version()};
    tell_gauge(page, "cardsieve_decoders", "Bodies that are being decoded.",
               atomic_load(&service->decoders));
    tell_gauge(page, "cardsieve_streamed_bytes",
               "Memory set aside for requests that proxies stream.",
               atomic_load(&service->streams.taken));
    tell_gauge(page, "cardsieve_draining", "1 while it takes no more requests.",
               atomic_load(&service->is_draining) != 0);
    exposition_family(page, "cardsieve_build_info", EXPOSITION_GAUGE, "Always 1.");
    exposition_sample(page, &version, 1, 1);
}

static void tell_process(struct exposition *page, const struct service *service)
{
    struct process process;
    process_read(&process);
    exposition_family(page, "process_cpu_seconds", EXPOSITION_COUNTER,
                      "Time on processors, user and system.");
    exposition_seconds(page, NULL, 0, process.cpu_nanoseconds);
    exposition_family(page, "process_start_time_seconds", EXPOSITION_GAUGE,
                      "When the process started, since 1970.");
    exposition_seconds(page, NULL, 0, service->began);
    tell_gauge(page, "process_resident_memory_bytes", "Memory in use.", process.resident);
    tell_gauge(page, "process_virtual_memory_bytes", "Memory that is mapped.",
               process.virtual);
    tell_gauge(page, "process_open_fds", "Open descriptors.", process.descriptors);
    tell_gauge(page, "process_max_fds", "How many there may be.",
               process.descriptors_max);
}

/* ---- the reply -----------------------------------------------------------------------
 */

static void tell_all(struct exposition *page, const struct service *service,
                     const struct state *state)
{
    struct metrics_sum sum;
    metrics_read(service->metrics, &sum);
    tell_requests(page, &sum);
    tell_responses(page, &sum);
    tell_times(page, &sum);
    tell_refusals(page, &sum);
    tell_findings(page, service->metrics);
    tell_counters(page, &sum);
    tell_troubles(page);
    tell_listeners(page, service);
    proxies_tell(state->proxies, state->settings.proxy_count, page);
    tell_state(page, service);
    tell_process(page, service);
    exposition_end(page);
}

static void page_free(void *context)
{
    struct exposition *page = context;
    exposition_done(page);
    free(page);
}

static int accepts_open(const struct exchange *exchange)
{
    const char *accept = exchange_header(exchange, "Accept");
    return accept && strstr(accept, "application/openmetrics-text") != NULL;
}

void metrics_begin(struct exchange *exchange)
{
    const struct visit *visit = visit_of(exchange);
    struct exposition *page = malloc(sizeof *page);
    sieve_scanner *veil = NULL;
    if (!page) {
        exchange_refuse(exchange, PROBLEM_BUSY);
        return;
    }
    if (engine_scanner(visit->state->veil, &veil) != SIEVE_OK)
        veil = NULL; /* every long number is hidden then */
    exposition_init(page, accepts_open(exchange), veil);
    const char *type = page->is_open ? EXPOSITION_TYPE_OPEN : EXPOSITION_TYPE_PLAIN;
    tell_all(page, visit->service, visit->state);
    sieve_status status = page->status;
    if (status == SIEVE_OK)
        status = exchange_reply_bytes(exchange, 200, buffer_bytes(&page->text), page_free,
                                      page);
    if (status != SIEVE_OK) {
        page_free(page);
        exchange_refuse(exchange, problem_of_status(status));
        return;
    }
    if (exchange_reply_header(exchange, "Content-Type", type) != SIEVE_OK ||
        exchange_reply_header(exchange, "Vary", "Accept") != SIEVE_OK ||
        exchange_reply_header(exchange, "Cache-Control", "no-store") != SIEVE_OK)
        exchange_break(exchange);
}
