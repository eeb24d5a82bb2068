"""bench/service: what was reached of what was promised, and the tables."""
from reporting import columns, target, target_rows

RATE_RATIO = 0.9
LATENCY_RATIO = 1.3
PROXY_RATIO = 0.6
LUA_RATIO = 1.0
STREAM_RATIO = 0.7
BASE_MIB = 32
CONNECTION_KIB = 64
SLOW_RATIO = 2
FLAT_RATIO = 1.1


def ratio(part, whole):
    return part / whole if whole else 0.0


def mask_targets(entries):
    found = []
    for entry in entries:
        title = f"/v1/mask, {entry['body']}"
        found.append(target(f"{title}: requests/s, times bare libmicrohttpd",
                            ratio(entry["cardsieved"]["per_second"],
                                  entry["bare"]["per_second"]), RATE_RATIO, True))
        found.append(target(f"{title}: p99 at half load, times bare libmicrohttpd",
                            ratio(entry["cardsieved_steady"]["p99"],
                                  entry["bare_steady"]["p99"]), LATENCY_RATIO, False))
        found.append(target(f"{title}: findings more or fewer than planted",
                            entry["miscounted"], 0, False))
    return found


def server_of(entry, name):
    return next(server for server in entry["servers"] if server["name"] == name)


def proxy_targets(part):
    found = []
    for entry in part["bodies"]:
        title = f"proxy, {entry['body']}"
        rate = server_of(entry, "cardsieved proxy")["fast"]["per_second"]
        for name, limit in (("nginx", PROXY_RATIO), ("nginx and Lua", LUA_RATIO)):
            theirs = server_of(entry, name)["fast"]["per_second"]
            found.append(target(f"{title}: requests/s, times {name}", ratio(rate, theirs),
                                limit, True))
        found.append(target(f"{title}: findings more or fewer than planted",
                            entry["miscounted"], 0, False))
    stream = part["stream"]
    found.append(target(f"proxy, {stream['bytes'] / (1 << 30):g} GiB streamed: rate, times nginx",
                        ratio(server_of(stream, "cardsieved proxy")["gb_per_s"],
                              server_of(stream, "nginx streaming")["gb_per_s"]),
                        STREAM_RATIO, True))
    return found


def memory_targets(part):
    found = []
    for name in ("service", "proxy"):
        found.append(target(f"{name}: memory before, MiB", part[name]["base_mib"], BASE_MIB,
                            False))
        found.append(target(f"{name}: memory of each of {part['connections']} connections "
                            "that wait, KiB", part[name]["each_kib"], CONNECTION_KIB, False))
    return found


def slow_targets(part):
    ours = part["cardsieved"]
    return [target(f"p99 beside {part['clients']} {name} clients, times alone",
                   ratio(ours[name]["p99"], ours["alone"]["p99"]), SLOW_RATIO, False)
            for name in ("slow-loris", "slow-read")]


def soak_targets(part):
    return [target(f"{part['seconds']} s of load: memory of its last third, times its first's",
                   ratio(part["last_mib"], part["first_mib"]), FLAT_RATIO, False),
            target(f"{part['seconds']} s of load: requests that failed", part["failures"], 0,
                   False)]


TARGETS = {"mask": mask_targets, "proxy": proxy_targets, "memory": memory_targets,
           "slow": slow_targets, "soak": soak_targets}


def targets(result):
    return [entry for name, of in TARGETS.items() if name in result
            for entry in of(result[name])]


def fast_row(name, sample):
    return [name, f"{sample['per_second']:.0f}", f"{sample['cpu_us']:.1f}",
            f"{sample['p50']:.0f}", f"{sample['p99']:.0f}", f"{sample['p999']:.0f}"]


def steady_row(name, sample, rate):
    return [f"{name} at {rate:.0f}/s", "", "", f"{sample['p50']:.0f}",
            f"{sample['p99']:.0f}", f"{sample['p999']:.0f}"]


HEADS = ["requests/s", "cpu us", "p50 us", "p99 us", "p99.9 us"]


def mask_table(entry):
    rows = [fast_row("bare libmicrohttpd", entry["bare"]),
            fast_row("cardsieved /v1/mask", entry["cardsieved"]),
            steady_row("bare libmicrohttpd", entry["bare_steady"], entry["bare"]["rate"]),
            steady_row("cardsieved /v1/mask", entry["cardsieved_steady"],
                       entry["bare"]["rate"])]
    return columns(rows, [entry["body"]] + HEADS)


def proxy_table(entry):
    none = server_of(entry, "no proxy")
    rows = [fast_row(server["name"], server["fast"]) for server in entry["servers"]]
    rows += [steady_row(server["name"], server["steady"], server["fast"]["rate"])
             for server in entry["servers"]]
    rows += [added_row(server["name"], server["steady"], none["steady"])
             for server in entry["servers"] if server is not none]
    return columns(rows, [entry["body"]] + HEADS)


def added_row(name, sample, without):
    return [f"{name} adds", "", ""] + [f"{sample[key] - without[key]:.0f}"
                                       for key in ("p50", "p99", "p999")]


def stream_table(stream):
    rows = [[server["name"], f"{server['gb_per_s']:.2f}", f"{server['seconds']:.2f}",
             f"{server['cpu_seconds']:.2f}"] for server in stream["servers"]]
    return columns(rows, [f"{stream['bytes'] / (1 << 30):g} GiB", "GB/s", "seconds", "cpu s"])


def slow_table(part):
    rows = []
    for server, title in (("cardsieved", "cardsieved"), ("bare", "bare libmicrohttpd")):
        alone = part[server]["alone"]["p99"]
        for name, sample in part[server].items():
            rows.append([f"{title}, {name}", f"{sample['p50']:.0f}", f"{sample['p99']:.0f}",
                         f"{ratio(sample['p99'], alone):.1f}", f"{sample['p999']:.0f}"])
    return columns(rows, [f"1 KiB at {part['rate']}/s", "p50 us", "p99 us", "times alone",
                          "p99.9 us"])


def table(result):
    parts = [mask_table(entry) for entry in result.get("mask", [])]
    if "proxy" in result:
        parts += [proxy_table(entry) for entry in result["proxy"]["bodies"]]
        parts.append(stream_table(result["proxy"]["stream"]))
    if "slow" in result:
        parts.append(slow_table(result["slow"]))
    parts.append(columns(target_rows(result), ["target", "measured", "asked", ""]))
    return "\n\n".join(parts)
