"""bench/service: what was reached of what was promised, and the tables."""
from reporting import columns, target, target_rows

RATE_RATIO = 0.9
LATENCY_RATIO = 1.3


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


def targets(result):
    return mask_targets(result.get("mask", []))


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


def table(result):
    parts = [mask_table(entry) for entry in result.get("mask", [])]
    parts.append(columns(target_rows(result), ["target", "measured", "asked", ""]))
    return "\n\n".join(parts)
