"""Runs the programs and engines, in turn, and keeps the medians."""
import json
import os
import platform
import statistics
import subprocess

CORPORA = ["access.log", "dump.sql", "cards.txt", "mail-utf8.txt", "mail-cp932.txt",
           "csv-utf8.csv", "csv-cp932.csv", "json.log", "random.bin", "tree"]
BROAD = "[0-9](?:[ -]?[0-9]){12,18}"
SLOW = 4.0  # seconds; what takes longer runs at most three times
START_RUNS = 31


class BenchError(Exception):
    pass


def parse_size(text):
    scale = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:], 1)
    return int(text.rstrip("KMG")) * scale


def files_below(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path)
            for name in names]


def bytes_below(path):
    return sum(os.path.getsize(file) for file in files_below(path))


def warm(path):
    """Reads everything once, so that all programs find it in the page cache."""
    for file in files_below(path):
        with open(file, "rb", buffering=0) as handle:
            while handle.read(1 << 20):
                pass


def first_line(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return (done.stdout.splitlines() or [None])[0]


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"processor": model, "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
                                / (1 << 30)),
            "kernel": platform.release(),
            "hyperscan": first_line(["pkg-config", "--modversion", "libhs"]),
            "ripgrep": first_line(["rg", "--version"]),
            "grep": first_line(["grep", "--version"])}


class Bench:
    def __init__(self, arguments):
        self.runs = arguments.runs
        self.jobs = arguments.jobs
        self.out = arguments.out
        self.tools = os.path.join(arguments.build, "bench")
        self.cardsieve = os.path.join(arguments.build, "cardsieve")

    # ---- engines in memory --------------------------------------------------------

    def kernels(self, path, rounds):
        done = subprocess.run([os.path.join(self.tools, "kernels"), path, str(rounds)],
                              capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    # ---- whole programs -------------------------------------------------------------

    def run_once(self, command):
        """One run of a pipeline; "{out}" is where its output goes."""
        output = os.path.join(self.out, "output")
        sink = "/dev/null" if command["discard"] else output
        done = subprocess.run([os.path.join(self.tools, "measure"), "-o", sink]
                              + command["run"], capture_output=True, text=True, check=True,
                              env=dict(os.environ, LC_ALL="C"))
        run = json.loads(done.stdout)
        for stage in run["stages"]:
            if stage["exit"] not in (0, 1):
                raise BenchError(f"{command['name']} failed with status {stage['exit']}: "
                                 + done.stderr.strip()[:200])
        run["count"] = None if command["discard"] else count_in(output, command["count"])
        return run

    def interleave(self, commands, size, runs=None):
        """All commands in turn, again and again: a slow minute hits all alike."""
        samples = {command["name"]: [] for command in commands}
        for turn in range(runs or self.runs):
            for command in commands:
                taken = samples[command["name"]]
                if turn >= 3 and taken[0]["seconds"] > SLOW:
                    continue
                taken.append(self.run_once(command))
        return [summary(command, samples[command["name"]], size) for command in commands]

    def scan(self, path, jobs):
        return [self.cardsieve, "scan", f"-j{jobs}", "--summary", path]

    def programs(self, corpus, is_tree):
        path = corpus["path"]
        commands = [] if is_tree else [make("cat", ["cat", path], discard=True)]
        for jobs in sorted({1, 2, self.jobs}):
            commands.append(make(f"cardsieve -j{jobs}", self.scan(path, jobs)))
        commands.append(make("rg -c", ["rg", "--no-config", "-a", "-c", BROAD, path],
                             count="sum"))
        if is_tree:
            commands.append(make("rg -j1 -c", ["rg", "--no-config", "-j1", "-a", "-c", BROAD,
                                               path], count="sum"))
        else:
            commands.append(make("rg -o", ["rg", "--no-config", "-a", "-o", BROAD, path,
                                           ":::", "wc", "-l"], count="sum"))
            commands.append(make("grep -P -c", ["grep", "-a", "-P", "-c", BROAD, path],
                                 count="sum"))
        return self.interleave(commands, corpus["bytes"])

    def pipes(self, corpus):
        path = corpus["path"]
        commands = [
            make("cat | cat | cat", ["cat", path, ":::", "cat", ":::", "cat"], discard=True),
            make("cat | mask | cat", ["cat", path, ":::", self.cardsieve, "mask", ":::",
                                      "cat"], discard=True, ours=1),
        ]
        measured = self.interleave(commands, corpus["bytes"])
        measured[1]["left"] = self.left_after_mask(path, corpus["bytes"])
        return measured

    def left_after_mask(self, path, size):
        """Findings in the masked copy: 0, or masking skipped work."""
        masked = os.path.join(self.out, "masked")
        with open(path, "rb") as source, open(masked, "wb") as target:
            subprocess.run([self.cardsieve, "mask"], stdin=source, stdout=target,
                           stderr=subprocess.DEVNULL, check=False)
        if os.path.getsize(masked) != size:
            raise BenchError("mask changed the length of " + os.path.basename(path))
        left = self.summary_of(masked)["findings"]
        os.remove(masked)
        return left

    def findings(self, corpus):
        """What one worker finds and what several find: the same, and all that is there."""
        return [self.summary_of(corpus["path"], jobs)["findings"]
                for jobs in sorted({1, 2, self.jobs})]

    def summary_of(self, path, jobs=1):
        done = subprocess.run(self.scan(path, jobs) + ["--format", "jsonl"],
                              capture_output=True, text=True, check=False)
        for line in reversed(done.stdout.splitlines()):
            event = json.loads(line)
            if event.get("event") == "summary":
                return event
        raise BenchError("cardsieve scan gave no summary: " + done.stderr.strip()[:200])

    def start(self):
        path = os.path.join(self.out, "one-line.txt")
        with open(path, "w", encoding="ascii") as file:
            file.write("nothing to see here\n")
        commands = [make("cardsieve scan", [self.cardsieve, "scan", path]),
                    make("rg -c", ["rg", "--no-config", "-c", BROAD, path], count="sum"),
                    make("true", ["true"], discard=True)]
        return self.interleave(commands, 20, START_RUNS)

    def long_pipe(self, path, size):
        times = max(1, size // os.path.getsize(path))
        paths = [path] * times
        commands = [make("cat | cat", ["cat", *paths, ":::", "cat"], discard=True),
                    make("cat | mask | cat", ["cat", *paths, ":::", self.cardsieve, "mask",
                                              ":::", "cat"], discard=True, ours=1),
                    make("cat | scan -", ["cat", *paths, ":::", *self.scan("-", self.jobs)],
                         ours=1)]
        return self.interleave(commands, times * os.path.getsize(path), 1)


def make(name, run, discard=False, count=None, ours=0):
    """`ours`: which program of the pipeline is the one whose memory is told."""
    return {"name": name, "run": run, "discard": discard, "count": count, "ours": ours}


def count_in(path, how):
    """Adds up the counts a program wrote, one a line, with a file name before or not."""
    if how != "sum":
        return None
    total = 0
    with open(path, "rb") as file:
        for line in file:
            total += int(line.rsplit(b":", 1)[-1])
    return total


def summary(command, samples, size):
    seconds = statistics.median(sample["seconds"] for sample in samples)
    return {"name": command["name"], "seconds": round(seconds, 6),
            "best_seconds": round(min(sample["seconds"] for sample in samples), 6),
            "gb_per_s": round(size / seconds / 1e9, 4), "count": samples[0]["count"],
            "cpu_seconds": round(statistics.median(
                sum(stage["user"] + stage["system"] for stage in sample["stages"])
                for sample in samples), 6),
            "peak_mib": round(max(sample["stages"][command["ours"]]["peak_kib"]
                                  for sample in samples) / 1024, 1),
            "runs": len(samples)}
