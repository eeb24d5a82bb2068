"""What bench/service measures, each part by itself."""
import contextlib
import os
import re
import statistics
import subprocess
import time

import http_clients as clients
import http_servers as servers

MASK = "/v1/mask"
CARD_LINE = "/checkout/confirm?name="


class Body:
    def __init__(self, name, path, cards):
        self.name = name
        self.path = path
        self.cards = cards

    def read(self):
        with open(self.path, "rb") as file:
            return file.read()


class Bench:
    """Where things are, how long and how often; and the bodies."""

    def __init__(self, arguments, folder):
        self.build = arguments.build
        self.tools = os.path.join(arguments.build, "bench")
        self.folder = folder
        self.seconds = arguments.seconds
        self.steady_seconds = arguments.steady_seconds
        self.runs = arguments.runs
        self.connections = arguments.connections
        self.threads = arguments.threads
        small = arguments.smoke
        self.stream_piece = (1 << 20) if small else (64 << 20)  # bytes of its file
        self.stream_length = (8 << 20) if small else (1 << 30)
        self.held = 100 if small else 5000  # connections that wait
        self.slow = 20 if small else 500    # clients that take their time
        self.slow_pause = 0.2 if small else 1.0  # seconds; what they asked for is made
        self.slow_rate = 200 if small else 4000
        self.bodies = make_bodies(self.tools, folder)
        if arguments.smoke:
            self.bodies = self.bodies[-1:]

    def wrk(self, server, path, body, seconds=None):
        return clients.wrk(server, path, body.path, self.folder, seconds or self.seconds,
                           self.connections, self.threads)

    def load(self, server, path, body, rate):
        return clients.load(self.tools, server, path, body.path, rate,
                            self.steady_seconds, self.connections)


# ---- the bodies ----------------------------------------------------------------------

def fit(lines, length, extra):
    """Lines of exactly `length` bytes in all, `extra` among them, the last one cut."""
    text = b""
    for line in lines:
        if extra and len(text) > length // 2:
            text, extra = text + extra, b""
        text += line
        if len(text) >= length:
            return text[:length - 1] + b"\n"
    raise servers.ServerError("the corpus is too short")


def make_bodies(tools, folder):
    """Lines of a web server's log, as they are and with one card."""
    subprocess.run([os.path.join(tools, "corpora"), folder, "--seed", "1", "--size", "300K",
                    "--card-every", "50", "access.log"], check=True)
    with open(os.path.join(folder, "access.log"), "rb") as file:
        lines = file.readlines()
    with_card = [line for line in lines if CARD_LINE.encode() in line]
    without = [line for line in lines if CARD_LINE.encode() not in line]
    bodies = []
    for name, length, cards in (("1 KiB", 1 << 10, 0), ("1 KiB, a card", 1 << 10, 1),
                                ("64 KiB, a card", 64 << 10, 1)):
        path = os.path.join(folder, f"body{len(bodies)}")
        with open(path, "wb") as file:
            file.write(fit(without, length, with_card[0] if cards else b""))
        bodies.append(Body(name, path, cards))
    os.remove(os.path.join(folder, "access.log"))
    return bodies


# ---- what the numbers are worth ------------------------------------------------------

def check_mask(server, body):
    """The body comes back masked: same length, no card, and said so."""
    before = body.read()
    for planted in (body.cards, 0):
        status, headers, after = clients.ask(server, "POST", MASK, before,
                                             {"Content-Type": "text/plain"})
        if status != 200 or len(after) != len(before):
            raise servers.ServerError(f"{MASK}: status {status}, {len(after)} bytes")
        if int(headers["Cardsieve-Findings"]) != planted:
            raise servers.ServerError(f"{MASK}: {headers['Cardsieve-Findings']} findings, "
                                      f"planted {planted}")
        before = after


class LogReader:
    """What cardsieved's log tells of the requests since the last time."""

    def __init__(self, server):
        self.path = server.log
        self.at = os.path.getsize(server.log)

    def read(self, wanted):
        """Answers of status 200, so many at least, and findings.  A line is written once
        its thread has nothing else to do."""
        end = time.monotonic() + servers.PATIENCE
        answers, findings = self.read_more()
        while answers < wanted and time.monotonic() < end:
            time.sleep(0.01)
            more = self.read_more()
            answers, findings = answers + more[0], findings + more[1]
        return answers, findings

    def read_more(self):
        answers = findings = 0
        with open(self.path, "rb") as file:
            file.seek(self.at)
            for line in file:
                if not line.endswith(b"\n"): # the rest of it is on its way
                    break
                self.at += len(line)
                found = re.search(rb'"status":200,.*"findings":(\d+)', line)
                if found:
                    answers += 1
                    findings += int(found.group(1))
        return answers, findings


def median_of(samples):
    keys = samples[0].keys()
    return {key: round(statistics.median(sample[key] for sample in samples), 2)
            for key in keys}


# ---- /v1/mask beside a bare server ---------------------------------------------------

def mask_turn(bench, pair, body):
    """One run of each server, as fast as it goes and then at half the slower one's rate:
    four samples; the findings of all requests are counted in the log."""
    bare, ours = pair
    fast_bare = bench.wrk(bare, "/", body)
    log = LogReader(ours)
    fast_ours = bench.wrk(ours, MASK, body)
    rate = int(min(fast_bare["per_second"], fast_ours["per_second"]) / 2)
    steady_bare = bench.load(bare, "/", body, rate)
    steady_ours = bench.load(ours, MASK, body, rate)
    fast_bare["rate"] = fast_ours["rate"] = rate
    return fast_bare, fast_ours, steady_bare, steady_ours, log


def measure_mask(bench):
    results = []
    with contextlib.ExitStack() as stack:
        bare = stack.enter_context(servers.echo(bench.tools, bench.threads))
        ours = stack.enter_context(
            servers.cardsieved(bench.build, bench.folder, bench.threads))
        for body in bench.bodies:
            check_mask(ours, body)
        samples = {body.name: [] for body in bench.bodies}
        missing = {body.name: 0 for body in bench.bodies}
        for _ in range(bench.runs):
            for body in bench.bodies:
                *taken, log = mask_turn(bench, (bare, ours), body)
                samples[body.name].append(taken)
                missing[body.name] += miscounted(log, taken, body)
        for body in bench.bodies:
            turns = samples[body.name]
            results.append({
                "body": body.name, "cards": body.cards, "miscounted": missing[body.name],
                "bare": median_of([turn[0] for turn in turns]),
                "cardsieved": median_of([turn[1] for turn in turns]),
                "bare_steady": median_of([turn[2] for turn in turns]),
                "cardsieved_steady": median_of([turn[3] for turn in turns])})
    return results


def miscounted(log, taken, body):
    """Findings more or fewer than planted, over all answers of these runs."""
    wanted = taken[1]["requests"] + taken[3]["requests"]
    answers, findings = log.read(wanted)
    if answers < wanted:
        raise servers.ServerError("answers are missing in the access log")
    return abs(findings - answers * body.cards)
