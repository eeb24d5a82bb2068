"""The proxy beside nginx: small bodies, how long they take, and one that is streamed."""
import contextlib
import os

import http_clients as clients
import http_parts as parts
import http_servers as servers

STREAM_PIECE = 64 << 20  # bytes of the file that is posted again and again


def check_findings(log, answers, cards, name):
    """What the access log counted, beside what was planted in all requests."""
    seen, findings = log.read(answers)
    if seen < answers:
        raise servers.ServerError(f"{name}: answers are missing in the access log")
    return abs(findings - seen * cards)


def measure_body(bench, everybody, ours, body):
    """Runs of each in turn: as fast as it goes, then all at half the rate of the slowest."""
    samples = {server.name: [] for server in everybody}
    log = parts.LogReader(ours)
    answers = 0
    for _ in range(bench.runs):
        fast = {server.name: bench.wrk(server, "/", body) for server in everybody}
        rate = int(min(sample["per_second"] for sample in fast.values()) / 2)
        for server in everybody:
            steady = bench.load(server, "/", body, rate)
            samples[server.name].append((dict(fast[server.name], rate=rate), steady))
        answers += sum(sample["requests"] for sample in samples[ours.name][-1])
    return {"body": body.name, "cards": body.cards,
            "miscounted": check_findings(log, answers, body.cards, ours.name),
            "servers": [{"name": server.name,
                         "fast": parts.median_of([pair[0] for pair in samples[server.name]]),
                         "steady": parts.median_of([pair[1] for pair in samples[server.name]])}
                        for server in everybody]}


def make_stream(bench):
    path = os.path.join(bench.folder, "stream")
    lines = bench.bodies[-1].read()
    with open(path, "wb") as file:
        for _ in range(bench.stream_piece // len(lines)):
            file.write(lines)
    return path


def measure_stream(bench, everybody):
    path = make_stream(bench)
    times = max(1, bench.stream_length // os.path.getsize(path))
    samples = {server.name: [] for server in everybody}
    for _ in range(min(bench.runs, 3)):
        for server in everybody:
            samples[server.name].append(clients.post_file(server, path, times))
    os.remove(path)
    return {"bytes": times * bench.stream_piece,
            "servers": [dict(parts.median_of(samples[server.name]), name=server.name)
                        for server in everybody]}


def measure(bench):
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        sink = enter(servers.echo(bench.tools, bench.threads, is_sink=True))
        sink.name = "no proxy"
        plain = enter(servers.nginx(bench.folder, "nginx", bench.threads, sink))
        lua = enter(servers.nginx(bench.folder, "nginx and Lua", bench.threads, sink,
                                  servers.LUA))
        ours = enter(servers.cardsieved_proxy(bench.build, bench.folder, bench.threads, sink))
        bodies = [measure_body(bench, [sink, plain, lua, ours], ours, body)
                  for body in bench.bodies]
        streaming = enter(servers.nginx(bench.folder, "nginx streaming", bench.threads, sink,
                                        "proxy_request_buffering off;"))
        stream = measure_stream(bench, [sink, streaming, ours])
        return {"bodies": bodies, "stream": stream}
