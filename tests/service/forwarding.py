"""service_forward as a process, and servers behind it that do as they are told."""
import contextlib
import os
import queue
import re
import socket
import struct
import subprocess
import threading

from daemon import BUILD, PATIENCE

PROGRAM = os.path.join(BUILD, "tests", "bin", "service_forward")
SLOW = "san" in BUILD


class Upstream:
    """A server whose behaviour is a function of (connection, number of the connection)."""

    def __init__(self, behave, context=None, backlog=128, port=0):
        self.behave = behave
        self.context = context
        self.seen = []
        self.connections = 0
        self.listening = socket.create_server(("127.0.0.1", port), backlog=backlog)
        self.port = self.listening.getsockname()[1]
        self.address = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                link, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(link, self.connections),
                             daemon=True).start()

    def serve(self, link, number):
        try:
            link.settimeout(PATIENCE)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                link = self.context.wrap_socket(link, server_side=True)
            with link:
                self.behave(self, link, number)
        except OSError:
            pass

    def request(self, link):
        """One request as (head, body); None at the end.  Remembers it."""
        raw = b""
        while b"\r\n\r\n" not in raw:
            some = link.recv(1 << 16)
            if not some:
                return None
            raw += some
        head, body = raw.split(b"\r\n\r\n", 1)
        found = re.search(rb"\r\nContent-Length: (\d+)", head, re.I)
        if found:
            parts = [body]
            left = int(found.group(1)) - len(body)
            while left > 0:
                some = link.recv(min(left, 1 << 20))
                if not some:
                    return None
                parts.append(some)
                left -= len(some)
            body = b"".join(parts)
        elif re.search(rb"\r\nTransfer-Encoding: chunked", head, re.I):
            while not body.endswith(b"0\r\n\r\n"):
                some = link.recv(1 << 20)
                if not some:
                    return None
                body += some
        self.seen.append((head, body))
        return head, body

    def close(self):
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR) # accept() in the other thread ends, too
        self.listening.close()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()


def saying(answer, ends=True):
    """A behaviour: these bytes for each request; then, if it ends, the connection does."""
    def behave(server, link, _number):
        while server.request(link) is not None:
            link.sendall(answer)
            if ends:
                return
    return behave


def echo(server, link, _number):
    while True:
        request = server.request(link)
        if request is None:
            return
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                     % (len(request[1]), request[1]))


def reset(link):
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


class Forward:
    def __init__(self, *arguments, environment=None):
        addresses = [a.address if isinstance(a, Upstream) else a for a in arguments]
        self.process = subprocess.Popen(
            [PROGRAM, "talk=1", *addresses], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, **(environment or {})})
        self.lines = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        first = self.lines.get(timeout=PATIENCE)
        assert first.startswith("port "), first
        self.port = int(first.split()[1])

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def said(self, beginning):
        """The next line that begins so; what comes before is dropped."""
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if line.startswith(beginning):
                return line[len(beginning):].strip()

    def tell(self, word="state"):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def states(self, count=1):
        """(up, requests, failures, connections) of each address."""
        self.tell()
        out = []
        for _ in range(count):
            words = self.said("state ").split()
            out.append((words[1] == "up", *map(int, words[2:])))
        return out

    def open(self):
        self.tell()
        return tuple(map(int, self.said("open ").split()))

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) << 10

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.process.stdin.close()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        assert kind is not None or status == 0, f"it ended with {status}"

    def connect(self):
        link = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link

    def ask(self, path="/", body=None, method=None, headers=(), link=None):
        """One request; its status, header lines and body.  A connection of its own, if
        none is given."""
        method = method or ("GET" if body is None else "POST")
        lines = [f"{method} {path} HTTP/1.1", "Host: x", *headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        own = link is None
        link = link or self.connect()
        try:
            send(link, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b""))
            return read_reply(link, method)
        finally:
            if own:
                link.close()


def read_away(link, count):
    while count > 0:
        some = link.recv(min(count, 1 << 20))
        if not some:
            raise OSError("a cut body")
        count -= len(some)


def send(link, message):
    """All of it, even if the answer comes before it is taken."""
    try:
        link.sendall(message)
    except OSError:
        pass


def read_reply(link, method="GET"):
    """A reply by its own framing; what is cut off is an OSError."""
    stream = link.makefile("rb")
    line = stream.readline()
    if not line.startswith(b"HTTP/1.1 "):
        raise OSError(f"no reply: {line[:80]!r}")
    status = int(line[9:12])
    headers = []
    while (line := stream.readline()) not in (b"\r\n", b""):
        headers.append(line.decode("latin-1").rstrip("\r\n"))
    fields = {h.split(":", 1)[0].lower(): h.split(":", 1)[1].strip() for h in headers}
    if method == "HEAD" or status in (204, 304):
        body = b""
    elif "content-length" in fields:
        body = stream.read(int(fields["content-length"]))
        if len(body) < int(fields["content-length"]):
            raise OSError("a cut body")
    else:
        body = read_chunks(stream)
    return status, headers, body


def read_chunks(stream):
    parts = []
    while True:
        line = stream.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("a cut chunk")
        length = int(line, 16)
        parts.append(stream.read(length))
        if len(parts[-1]) < length or stream.readline() != b"\r\n":
            raise OSError("a cut chunk")
        if length == 0:
            return b"".join(parts)
