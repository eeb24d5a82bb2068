"""The table for people, and what was reached of what was promised."""

MEMORY_MIB = 64
START_MS = 10.0
TREE_RATIO = 1.5
PIPE_RATIO = 0.7
# Rate in memory beside plain Hyperscan without start of match.
KERNEL_RATIO = {"access.log": 8, "dump.sql": 5, "cards.txt": 2, "mail-utf8.txt": 8,
                "mail-cp932.txt": 8, "csv-utf8.csv": 8, "csv-cp932.csv": 8}
# Time of the whole program beside cat: one worker, two.
PROGRAM_RATIO = {"access.log": (1.5, 1.0)}


def by_name(entries, name, key="name"):
    return next((entry for entry in entries or [] if entry[key] == name), None)


def target(what, value, limit, at_least):
    return {"what": what, "value": round(value, 3), "limit": limit,
            "at_least": at_least,
            "reached": value >= limit if at_least else value <= limit}


def kernel_targets(corpus):
    ours = by_name(corpus.get("kernels"), "cardsieve", "kernel")
    theirs = by_name(corpus.get("kernels"), "hyperscan", "kernel")
    limit = KERNEL_RATIO.get(corpus["name"])
    if not ours or not theirs or not limit:
        return []
    return [target(f"{corpus['title']}: in memory, times plain Hyperscan",
                   ours["gb_per_s"] / theirs["gb_per_s"], limit, True)]


def program_targets(corpus, jobs):
    found = []
    programs = corpus.get("programs")
    cat = by_name(programs, "cat")
    for workers, limit in zip((1, 2), PROGRAM_RATIO.get(corpus["name"], ())):
        ours = by_name(programs, f"cardsieve -j{workers}")
        if ours and cat:
            found.append(target(f"{corpus['title']}: scan -j{workers}, times cat's time",
                                ours["seconds"] / cat["seconds"], limit, False))
    rg = by_name(programs, "rg -c")
    ours = by_name(programs, f"cardsieve -j{jobs}")
    if programs and not cat and rg and ours:
        found.append(target(f"{corpus['title']}: scan -j{jobs}, times rg's time",
                            ours["seconds"] / rg["seconds"], TREE_RATIO, False))
    return found


def truth_targets(corpus):
    if corpus["cards"] is None or "found" not in corpus:
        return []
    off = max(abs(found - corpus["cards"]) for found in corpus["found"])
    return [target(f"{corpus['title']}: findings more or fewer than planted", off, 0, False)]


def pipe_targets(corpus):
    pipes = corpus.get("pipes")
    if not pipes:
        return []
    plain = by_name(pipes, "cat | cat | cat")
    mask = by_name(pipes, "cat | mask | cat")
    return [target(f"{corpus['title']}: mask in a pipe, times cat's rate",
                   mask["gb_per_s"] / plain["gb_per_s"], PIPE_RATIO, True),
            target(f"{corpus['title']}: findings left after masking", mask["left"], 0,
                   False)]


def is_ours(entry):
    return any(word in entry["name"] for word in ("cardsieve", "mask", "scan"))


def memory_peak(result):
    lists = [corpus.get(part, []) for corpus in result["corpora"]
             for part in ("programs", "pipes")]
    lists += [result.get("start", []), result.get("long", [])]
    return max((entry["peak_mib"] for entries in lists for entry in entries
                if is_ours(entry)), default=None)


def targets(result):
    found = []
    for corpus in result["corpora"]:
        found += kernel_targets(corpus)
        found += program_targets(corpus, result["settings"]["jobs"])
        found += pipe_targets(corpus)
        found += truth_targets(corpus)
    start = by_name(result.get("start"), "cardsieve scan")
    if start:
        found.append(target("start-up on a one-line file, ms", start["seconds"] * 1000,
                            START_MS, False))
    peak = memory_peak(result)
    if peak is not None:
        found.append(target("peak memory anywhere, MiB", peak, MEMORY_MIB, False))
    return found


def columns(rows, heads):
    rows = [heads] + rows
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def dash(value, form="{}"):
    return "-" if value is None else form.format(value)


def kernel_rows(corpus):
    plain = by_name(corpus["kernels"], "hyperscan", "kernel")["gb_per_s"]
    return [[kernel["kernel"], f"{kernel['gb_per_s']:.2f}",
             f"{kernel['gb_per_s'] / plain:.1f}x",
             f"{kernel['count']} {kernel['counts']}" if kernel["counts"] != "nothing"
             else "-"] for kernel in corpus["kernels"]]


def program_rows(entries, base):
    return [[entry["name"], f"{entry['gb_per_s']:.2f}", f"{entry['seconds']:.3f}",
             f"{entry['seconds'] / base['seconds']:.2f}x", f"{entry['cpu_seconds']:.3f}",
             dash(entry["count"]), f"{entry['peak_mib']:.1f}"] for entry in entries]


def corpus_table(corpus):
    found = " ".join(str(count) for count in sorted(set(corpus.get("found", [])))) or "-"
    parts = [f"{corpus['title']} ({corpus['bytes'] / (1 << 20):.0f} MiB, planted "
             f"{dash(corpus['cards'])}, found {found})"]
    if corpus.get("kernels"):
        parts.append(columns(kernel_rows(corpus),
                             ["in memory", "GB/s", "to hyperscan", "count"]))
    heads = ["GB/s", "seconds", "time", "cpu s", "count", "peak MiB"]
    if corpus.get("programs"):
        parts.append(columns(program_rows(corpus["programs"], corpus["programs"][0]),
                             ["program"] + heads))
    if corpus.get("pipes"):
        parts.append(columns(program_rows(corpus["pipes"], corpus["pipes"][0]),
                             ["pipe"] + heads))
    return "\n".join(parts)


def target_rows(result):
    return [[entry["what"], f"{entry['value']:g}",
             (">= " if entry["at_least"] else "<= ") + f"{entry['limit']:g}",
             "reached" if entry["reached"] else "MISSED"] for entry in result["targets"]]


def table(result):
    parts = [corpus_table(corpus) for corpus in result["corpora"]]
    heads = ["GB/s", "seconds", "time", "cpu s", "count", "peak MiB"]
    for key, title in (("start", "start-up"), ("long", "long pipe")):
        if key in result:
            parts.append(columns(program_rows(result[key], result[key][0]),
                                 [title] + heads))
    if result["targets"]:
        parts.append(columns(target_rows(result), ["target", "measured", "asked", ""]))
    return "\n\n".join(parts)
