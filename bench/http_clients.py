"""Clients: wrk as fast as it goes, load at a rate, single requests."""
import http.client
import json
import os
import re
import socket
import subprocess
import time

SCRIPT = """
local file = assert(io.open("%s", "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "text/plain"
file:close()
done = function(summary, latency, requests)
    local errors = summary.errors
    print(string.format("RESULT %%d %%d %%d %%d %%d %%d", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
"""


class ClientError(Exception):
    pass


def wrk(server, path, body, folder, seconds, connections, threads):
    """Requests a second and microseconds, all connections asking as fast as they can."""
    script = os.path.join(folder, "wrk.lua")
    with open(script, "w", encoding="ascii") as file:
        file.write(SCRIPT % body)
    before = server.cpu_seconds()
    done = subprocess.run(
        ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}", "-s", script,
         "--timeout", "30", f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True, text=True, check=True)
    found = re.search(r"^RESULT (.*)$", done.stdout, re.M)
    if not found:
        raise ClientError("wrk says: " + (done.stdout + done.stderr)[:300])
    numbers = [int(word) for word in found.group(1).split()]
    if numbers[2]:
        raise ClientError(f"{server.name}: {numbers[2]} of {numbers[0]} requests failed")
    spent = server.cpu_seconds() - before
    return {"requests": numbers[0], "per_second": numbers[0] / numbers[1] * 1e6,
            "cpu_us": spent / max(1, numbers[0]) * 1e6, "p50": numbers[3],
            "p99": numbers[4], "p999": numbers[5]}


def load(tools, server, path, body, rate, seconds, connections):
    """Microseconds at a steady rate, from the moment a request was due."""
    done = subprocess.run(
        [os.path.join(tools, "load"), str(server.port), body, path, str(rate),
         str(seconds), str(connections)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClientError(f"{server.name}: {done.stderr.strip()[:200]}")
    result = json.loads(done.stdout)
    if result["errors"]:
        raise ClientError(f"{server.name}: {result['errors']} requests failed")
    return result


def ask(server, method, path, body=None, headers=()):
    """One request: its answer's status, headers and body."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        link.request(method, path, body, dict(headers))
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        link.close()


def post_file(server, path, times):
    """Posts a file so many times in a row as one body; seconds until it is answered."""
    length = os.path.getsize(path) * times
    head = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {length}\r\nConnection: close\r\n\r\n")
    before = server.cpu_seconds()
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), 120) as link, \
            open(path, "rb") as file:
        link.sendall(head.encode())
        for _ in range(times):
            link.sendfile(file, 0)
        answer = link.recv(65536)
    seconds = time.monotonic() - began
    if not answer.startswith(b"HTTP/1.1 200"):
        raise ClientError(f"{server.name}: {answer[:100]!r}")
    return {"seconds": seconds, "gb_per_s": length / seconds / 1e9,
            "cpu_seconds": server.cpu_seconds() - before}
