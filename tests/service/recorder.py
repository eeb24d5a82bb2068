"""What the proxy's tests share: a server that remembers every byte, and a proxy before it."""
import contextlib
import json
import os
import re
import socket
import sys
import threading
import time

from daemon import Daemon, dice_of, make_card, wait_for

DICE = dice_of()
CARD = make_card(DICE)
CLEAR = CARD.encode()
MASKED = CARD[:6].encode() + b"******" + CARD[-4:].encode()
SEEN = set()
SLOW = "san" in os.environ["BUILD_DIR"]


# Problems that only a proxy tells of.
PROXYS = {"blocked", "loop", "removed", "unexamined", "upgrade", "upstream", "upstream-broken",
          "upstream-slow", "withheld"}


class Request:
    """One request as it arrived: `raw` is all of it."""

    def __init__(self, head, body, raw):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.version = first.split(" ")
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
        self.body = body
        self.raw = raw

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def one(self, name):
        values = self.all(name)
        assert len(values) == 1, (name, self.fields)
        return values[0]


def answer(body=b"", status="200 OK", headers=(), length=True):
    lines = [f"HTTP/1.1 {status}"] + [f"{name}: {value}" for name, value in headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunks(pieces, status="200 OK", headers=()):
    head = answer(b"", status, [*headers, ("Transfer-Encoding", "chunked")], length=False)
    return head + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces if p) + b"0\r\n\r\n"


class Recorder:
    """Answers what `reply(request)` gives: bytes, or pieces of them; None: nothing."""

    def __init__(self, reply=None, context=None, port=0):
        self.context = context  # of TLS
        self.requests = []
        self.bytes = bytearray()  # all that ever came
        self.reply = reply or (lambda request: answer(b"taken"))
        self.lock = threading.Lock()
        self.listening = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.listening.getsockname()[1]
        self.links = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        with contextlib.suppress(OSError): # it may have been closed before
            self.listening.shutdown(socket.SHUT_RDWR) # accept() in the other thread ends, too
        self.listening.close()
        with self.lock:
            for link in self.links:
                link.close()

    def accept(self):
        while True:
            try:
                link, _ = self.listening.accept()
            except OSError:
                return
            with self.lock:
                self.links.add(link)
            threading.Thread(target=self.serve, args=(link,), daemon=True).start()

    def serve(self, link):
        waiting = bytearray()
        try:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.context:
                link = self.context.wrap_socket(link, server_side=True)
            while True:
                request = self.read_request(link, waiting)
                if request is None:
                    return
                with self.lock:
                    self.requests.append(request)
                said = self.reply(request)
                if said is None:
                    return
                for piece in [said] if isinstance(said, bytes) else said:
                    link.sendall(piece)
                if b"close" in b"".join([said] if isinstance(said, bytes) else []).lower()[:300]:
                    return
        except OSError:
            pass
        finally:
            link.close()

    def more(self, link, waiting):
        some = link.recv(1 << 16)
        with self.lock:
            self.bytes += some
        waiting += some
        return bool(some)

    def read_request(self, link, waiting):
        start = b""
        while b"\r\n\r\n" not in waiting:
            if not self.more(link, waiting):
                return None
        head, rest = bytes(waiting).split(b"\r\n\r\n", 1)
        start = head + b"\r\n\r\n"
        waiting[:] = rest
        fields = head.lower()
        if b"\r\ntransfer-encoding: chunked" in fields:
            body, raw = self.read_chunks(link, waiting)
        else:
            found = re.search(rb"\r\ncontent-length: *(\d+)", fields)
            length = int(found.group(1)) if found else 0
            while len(waiting) < length:
                if not self.more(link, waiting):
                    return None
            body = raw = bytes(waiting[:length])
            waiting[:] = waiting[length:]
        return Request(head, body, start + raw)

    def read_chunks(self, link, waiting):
        body, raw = bytearray(), bytearray()
        while True:
            while b"\r\n" not in waiting:
                if not self.more(link, waiting):
                    raise OSError
            line, rest = bytes(waiting).split(b"\r\n", 1)
            size = int(line.split(b";")[0], 16)
            raw += line + b"\r\n"
            waiting[:] = rest
            while len(waiting) < size + 2:
                if not self.more(link, waiting):
                    raise OSError
            body += waiting[:size]
            raw += waiting[:size + 2]
            waiting[:] = waiting[size + 2:]
            if size == 0:
                return bytes(body), bytes(raw)

    def last(self):
        with self.lock:
            return self.requests[-1]

    def count(self):
        with self.lock:
            return len(self.requests)

    def await_count(self, wanted):
        wait_for("a request", lambda: self.count() >= wanted)


class Proxy(Daemon):
    """cardsieved with one proxy before these ports; requests go to the proxy.  `words` are
    keys of the proxy, `top` keys of the daemon, both as YAML."""

    def __init__(self, *ports, words="", top="", options=()):
        upstreams = ", ".join(port if isinstance(port, str) else f"http://127.0.0.1:{port}"
                              for port in ports)
        self.text = (f"log_file: @/access.log\n{top}proxies:\n- name: logs\n"
                     f"  listen: 127.0.0.1:0\n  upstreams: ['{upstreams}']\n"
                     .replace(", ", "', '"))
        super().__init__(*options, config=self.text + words)
        self.port = self.proxy_port()

    def ask_service(self, path, **more):
        proxy, self.port = self.port, self.service_port
        try:
            return self.ask(path, **more)
        finally:
            self.port = proxy

    def proxy_port(self):
        found = wait_for("the proxy's port", lambda: re.search(
            r"proxy 0: listening, port (\d+)\n", self.said()))
        return int(found.group(1))


# ---- what is asked and told ----


def problem_of(reply):
    assert reply.headers["content-type"] == "application/problem+json", reply.headers
    return json.loads(reply.body)["type"].rsplit(":", 1)[1]


def refused(reply, status, problem):
    assert (reply.status, problem_of(reply)) == (status, problem), (reply.status, reply.body)
    SEEN.add(problem)


def line_of(daemon, wanted=1, **members):
    """The last line of the log, of so many, that has these members; lines of two threads
    may come in another order than their answers."""
    def fitting(lines):
        return [line for line in lines if members.items() <= line.items()]

    lines = daemon.await_log(lambda lines: len(lines) >= wanted and fitting(lines))
    assert len(lines) >= wanted and fitting(lines), (members, lines[-3:])
    return fitting(lines)[-1]


def noise(length):
    """What cannot be packed well, and holds no number by accident."""
    return os.urandom(length // 2).hex().translate(
        str.maketrans("0123456789", "ghijklmnop")).encode()


def log_of(lines):
    out = []
    for number in range(lines):
        card = make_card(DICE)
        spaced = " ".join(card[i:i + 4] for i in range(0, 16, 4))
        words = [f"2026-11-{number % 28 + 1:02} id={DICE.randrange(10**15)} ok",
                 f"card {spaced} paid", f"GET /pay?pan={card}&x=1 200", f"番号は{card}です",
                 f'"card":"{card[:4]}-{card[4:8]}-{card[8:12]}-{card[12:]}"']
        out.append(words[DICE.randrange(len(words))])
    return ("\n".join(out) + "\n").encode()


def cut(text, most):
    pieces = []
    while text:
        count = DICE.randrange(1, most + 1)
        pieces.append(text[:count])
        text = text[count:]
    return pieces


def unchunk(body):
    out = b""
    while True:
        size, body = body.split(b"\r\n", 1)
        size = int(size, 16)
        out += body[:size]
        assert body[size:size + 2] == b"\r\n", "a cut chunk"
        body = body[size + 2:]
        if size == 0:
            assert body == b"", body
            return out


def body_of(raw):
    """A whole body, however it was framed."""
    head, body = raw.split(b"\r\n\r\n", 1)
    return unchunk(body) if b"\r\ntransfer-encoding: chunked" in head.lower() else body


def is_whole(raw):
    """Whether the reply says itself that nothing is missing."""
    head, body = raw.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return int(length.group(1)) == len(body) if length else body.endswith(b"0\r\n\r\n")


def ask_stubbornly(proxy, path, body, headers, pieces=None):
    """A refusal may come while the body is still sent, and the rest be cut off."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
    framing = "Transfer-Encoding: chunked" if pieces else f"Content-Length: {len(body)}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}{framing}\r\n\r\n"
    if pieces:
        pieces = [b"%x\r\n%s\r\n" % (len(p), p) for p in pieces] + [b"0\r\n\r\n"]
    return proxy.raw(head.encode(), *(pieces or [body]))


def run(topics, problems):
    """Those that were asked for, or all; then these problems of a proxy must be seen."""
    wanted = sys.argv[1:]
    for topic in topics:
        if not wanted or topic.__name__ in wanted:
            began = time.monotonic()
            topic()
            print(f"{topic.__name__}: {time.monotonic() - began:.1f} s")
    assert wanted or SEEN >= problems, problems - SEEN
