"""Memory of connections that wait, clients that take their time, and a long run."""
import contextlib
import os
import random
import resource
import socket
import subprocess
import threading
import time

import http_clients as clients
import http_parts as parts
import http_servers as servers

HEAD = (b"POST /v1/mask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
        b"Content-Length: %d\r\n\r\n")


def allow_descriptors(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 200:
        if hard < count + 200:
            raise servers.ServerError(f"only {hard} files may be open: ulimit -n")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connect(server, receive=0):
    link = socket.socket()
    if receive:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    link.settimeout(60)
    link.connect(("127.0.0.1", server.port))
    return link


def ask_on(link, request, wanted):
    link.sendall(request)
    got = b""
    while len(got) < wanted:
        piece = link.recv(65536)
        if not piece:
            raise servers.ServerError("a connection was closed")
        got += piece
    return got


# ---- connections that wait -----------------------------------------------------------

def hold(server, count, body):
    """KiB of the server before, and with `count` connections that each asked once."""
    allow_descriptors(count)
    request = HEAD % len(body) + body
    before = server.memory_kib()
    links = []
    try:
        for _ in range(count):
            links.append(connect(server))
            ask_on(links[-1], request, max(1, len(body)))
        return before, server.memory_kib()
    finally:
        for link in links:
            link.close()


def measure_memory(bench):
    body = bench.bodies[0].read()
    found = {"connections": bench.held}
    with servers.cardsieved(bench.build, bench.folder, bench.threads) as ours:
        clients.ask(ours, "POST", parts.MASK, body)
        base, held = hold(ours, bench.held, body)
        found["service"] = {"base_mib": base / 1024, "each_kib": (held - base) / bench.held}
    with servers.echo(bench.tools, bench.threads, is_sink=True) as sink, \
            servers.cardsieved_proxy(bench.build, bench.folder, bench.threads, sink) as ours:
        clients.ask(ours, "POST", "/", body)
        base, held = hold(ours, bench.held, b"")
        found["proxy"] = {"base_mib": base / 1024, "each_kib": (held - base) / bench.held}
    return found


# ---- clients that take their time ----------------------------------------------------

# What each does; the last one is shown, and no target.
SLOW = {"slow-loris": ["heads"], "slow-read": ["answers"],
        "slow-loris, all at once": ["heads", "burst"]}


@contextlib.contextmanager
def crowd(how, server, bench):
    """Slow clients of the server, all of them there."""
    process = subprocess.Popen(
        [os.path.join(bench.tools, "slow"), str(server.port), how[0], str(bench.slow),
         *how[1:]],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if not process.stdout.readline():
            raise servers.ServerError("slow clients cannot connect")
        time.sleep(bench.slow_pause)
        yield
    finally:
        process.stdin.close()
        process.wait()


def beside_slow(bench, server, path):
    """Others at a steady rate: alone, and beside slow clients of the same server."""
    body = bench.bodies[0]
    taken = {"alone": bench.load(server, path, body, bench.slow_rate)}
    for name, how in SLOW.items():
        with crowd(how, server, bench):
            taken[name] = bench.load(server, path, body, bench.slow_rate)
    return taken


def measure_slow(bench):
    """cardsieved and a bare server in turn: what the machine itself does to others beside
    so many clients shows in both."""
    allow_descriptors(2 * bench.slow)
    turns = {"cardsieved": [], "bare": []}
    with servers.cardsieved(bench.build, bench.folder, bench.threads) as ours, \
            servers.echo(bench.tools, bench.threads) as bare:
        for _ in range(bench.runs):
            turns["cardsieved"].append(beside_slow(bench, ours, parts.MASK))
            turns["bare"].append(beside_slow(bench, bare, "/"))
    return {"clients": bench.slow, "rate": bench.slow_rate,
            **{name: {key: parts.median_of([turn[key] for turn in taken])
                      for key in ("alone", *SLOW)} for name, taken in turns.items()}}


# ---- a long run ------------------------------------------------------------------------

def some_request(bench, dice, server, proxy):
    """One of many kinds; most on a connection of its own."""
    body = dice.choice(bench.bodies).read()
    kind = dice.randrange(6)
    if kind == 0:
        clients.ask(server, "POST", "/v1/scan", body)
    elif kind == 1:
        clients.ask(server, "POST", parts.MASK, iter([body[:300], body[300:]]))
    elif kind == 2:
        clients.ask(server, "POST", parts.MASK, body * 40)
    elif kind == 3:
        clients.ask(proxy, "POST", "/log?q=1", body)
    elif kind == 4:
        clients.ask(proxy, "PUT", "/large", body * 40)
    else:
        with connect(server) as link:  # it leaves in the middle
            link.sendall(HEAD % (2 * len(body)) + body)


def mix(bench, server, proxy, stop, failures):
    dice = random.Random(1)
    while not stop.is_set():
        try:
            some_request(bench, dice, server, proxy)
        except OSError as error:
            failures.append(str(error))


def settled(samples):
    """The largest of a stretch is what counts: what is given back and taken again."""
    return max(samples)


def measure_soak(bench, seconds):
    """wrk without a pause and a mixture beside it; memory once a second."""
    samples, failures = [], []
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        sink = enter(servers.echo(bench.tools, bench.threads, is_sink=True))
        proxy = enter(servers.cardsieved_proxy(bench.build, bench.folder, bench.threads,
                                               sink))
        with open(os.path.join(bench.folder, "cardsieved.stderr"), encoding="utf-8") as file:
            port = int(file.read().split("cardsieved: listening, port ")[1].split()[0])
        service = servers.Server("cardsieved", proxy.process, port, proxy.log)
        mixer = threading.Thread(target=mix, args=(bench, service, proxy, stop, failures))
        mixer.start()
        try:
            end = time.monotonic() + seconds
            turn = 0
            while time.monotonic() < end:
                server, path = ((service, parts.MASK), (proxy, "/"))[turn % 2]
                bench.wrk(server, path, bench.bodies[turn % len(bench.bodies)], 1)
                samples.append(proxy.memory_kib() / 1024)
                os.truncate(proxy.log, 0)
                turn += 1
        finally:
            stop.set()
            mixer.join()
    third = max(1, len(samples) // 3)
    return {"seconds": seconds, "samples": len(samples), "failures": len(failures),
            "first_mib": settled(samples[:third]), "last_mib": settled(samples[-third:]),
            "peak_mib": max(samples)}
