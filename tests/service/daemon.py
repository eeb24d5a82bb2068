"""What the service tests share: a daemon of their own, raw requests, made cards."""
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ["BUILD_DIR"]
DAEMON = os.path.join(BUILD, "cardsieved")
COMMAND = os.path.join(BUILD, "cardsieve")
# Slow machines and sanitizers: patience for what comes at once elsewhere.
PATIENCE = 60
HELD = []
# Of a host that is not: its first label is too long for any server to be asked for it.
UNKNOWN = "a" * 64 + ".invalid"


def luhn_complete(digits):
    """The digits with the right check digit behind them."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def make_card(dice):
    """A Visa number that nobody has published."""
    return luhn_complete("4539" + "".join(str(dice.randrange(10)) for _ in range(11)))


def brotli_with(metadata, text):
    """A brotli stream (RFC 7932, 9.2) of metadata and then of text that is not compressed."""
    def block(bits, content=b""):
        value = sum(bit << place for place, bit in enumerate(bits))
        return value.to_bytes((len(bits) + 7) // 8, "little") + content

    def number(value, count):
        return [value >> place & 1 for place in range(count)]

    return (block([0, 0, 1, 1, 0, *number(1, 2), *number(len(metadata) - 1, 8)], metadata) +
            block([0, 0, 0, *number(len(text) - 1, 16), 1], text) + block([1, 1]))


def free_port():
    """A port of loopback on which nobody listens, and that nobody is given by chance: only
    who names it may listen on it, any number of times, until this process ends."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    HELD.append(held)
    return held.getsockname()[1]


def wait_for(what, condition):
    """Until the condition holds; its value."""
    end = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, "it did not come: " + what
        time.sleep(0.005)


class Daemon:
    """cardsieved on a free port of loopback, ended when the block is left."""

    def __init__(self, *options, scheme="http", config=None, wants_failure=False,
                 under=(), stdout=subprocess.DEVNULL):
        self.folder = tempfile.mkdtemp(prefix="cardsieved-test-")
        os.chmod(self.folder, 0o755)
        self.log = os.path.join(self.folder, "access.log")
        self.words = os.path.join(self.folder, "stderr")
        self.scheme = scheme
        self.wants_failure = wants_failure
        arguments = [*under, DAEMON]
        if config is not None:
            self.config = os.path.join(self.folder, "config.yaml")
            self.configure(config)
            arguments += ["--config", self.config]
        listen = [] if any(o.startswith("--listen") for o in options) else [
            "--listen", "127.0.0.1:0"]
        log = [] if any(o.startswith("--log-f") for o in options) or config else [
            "--log-file", self.log]
        arguments += listen + log + ["--threads", "2", *options]
        self.process = subprocess.Popen(
            arguments, stdout=stdout, stderr=open(self.words, "wb"),
            cwd=self.folder)
        try:
            self.port = self.service_port = self.await_port()
        except AssertionError:
            self.process.kill()
            self.process.wait()
            raise

    def configure(self, text):
        """All at once: a reload may be on its way."""
        with open(self.config + ".new", "w", encoding="utf-8") as out:
            out.write(text.replace("@", self.folder))
        os.replace(self.config + ".new", self.config)

    def said(self):
        with open(self.words, "rb") as words:
            return words.read().decode("utf-8", "replace")

    def await_log(self, is_complete):
        """The log's lines, as soon as that is true of them; a line comes when its thread
        has nothing else to do, which may be after the answer."""
        end = time.monotonic() + PATIENCE
        while True:
            with open(self.log, "rb") as log:
                text = log.read()
            lines = [json.loads(line) for line in text.splitlines(True)
                     if line.endswith(b"\n")]
            if is_complete(lines) or time.monotonic() > end:
                return lines
            time.sleep(0.002)

    def await_port(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = re.search(r"listening, port (\d+)\n", self.said())
            if found:
                return int(found.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        if self.wants_failure:
            return 0
        raise AssertionError("it did not start: " + self.said())

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            status = self.stop()
            if kind is None and not self.wants_failure:
                assert status == 0, f"it ended with {status}: {self.said()}"
        finally:
            sys.stderr.write(self.said())
            shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("it did not end when told to") from None

    def ask_service(self, path, **more):
        """The same of its service, where what is asked else is a proxy of it."""
        return self.ask(path, **more)

    def metric(self, name):
        """What its service counts."""
        with socket.create_connection(("127.0.0.1", self.service_port), PATIENCE) as link:
            link.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                         b"Connection: close\r\n\r\n")
            text = Reply(read_all(link)).body.decode()
        found = re.search(rf"^{re.escape(name)} (\d+)$", text, re.MULTILINE)
        assert found, (name, text)
        return int(found.group(1))

    def processor_seconds(self):
        """What it has used so far: that does not depend on what else runs."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def await_progress(self, wanted):
        """Until so many requests are open on its port, beside the one that asks for that:
        they have begun, or those that were there have left nothing behind."""
        name = f'cardsieve_requests_in_progress{{listener="127.0.0.1:{self.port}"}}'
        own = self.port == self.service_port
        wait_for(f"{wanted} requests in progress",
                 lambda: self.metric(name) - own == wanted)

    def connect(self):
        link = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link

    def raw(self, *pieces, pause=0.0):
        """Sends pieces over one connection; all that comes back until it closes."""
        with self.connect() as link:
            try:
                for piece in pieces:
                    link.sendall(piece)
                    if pause:
                        time.sleep(pause)
            except OSError:
                pass
            return read_all(link)

    def ask(self, path, body=None, headers=(), method=None, pieces=None):
        """One request; its Reply.  `pieces` sends the body chunked, cut like that."""
        method = method or ("GET" if body is None and pieces is None else "POST")
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if pieces is not None:
            lines.append("Transfer-Encoding: chunked")
        elif body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        if pieces is not None:
            chunks = [b"%x\r\n%s\r\n" % (len(p), p) for p in pieces if p]
            return Reply(self.raw(head, *chunks, b"0\r\n\r\n"), method == "HEAD")
        return Reply(self.raw(head + (body or b"")), method == "HEAD")


def read_all(link):
    out = bytearray()
    try:
        while True:
            some = link.recv(1 << 16)
            if not some:
                break
            out += some
    except ConnectionResetError:
        pass
    return bytes(out)


def next_reply(link):
    """One reply, of which a length is told, on a connection that goes on: no byte more is
    read, and none of it is left for the next."""
    raw = bytearray()
    while not raw.endswith(b"\r\n\r\n"):
        some = link.recv(1)
        assert some, f"no reply: {bytes(raw[:80])!r}"
        raw += some
    length = len(raw) + int(re.search(rb"\r\nContent-Length: (\d+)", raw).group(1))
    while len(raw) < length:
        some = link.recv(length - len(raw))
        assert some, "a cut reply"
        raw += some
    return Reply(bytes(raw))


class Reply:
    """The last of the replies in these bytes."""

    def __init__(self, raw, is_head=False):
        while raw.startswith(b"HTTP/1.1 100 "):
            raw = raw.split(b"\r\n\r\n", 1)[1]
        assert raw.startswith(b"HTTP/1.1 "), f"no reply: {raw[:80]!r}"
        head, self.body = raw.split(b"\r\n\r\n", 1)
        first, *fields = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {}
        for field in fields:
            name, value = field.split(":", 1)
            self.headers[name.lower()] = value.strip()
        if "content-length" in self.headers and not is_head:
            assert len(self.body) == int(self.headers["content-length"]), "a cut reply"


def mask_by_command(text, *options):
    """What the command makes of the same bytes."""
    done = subprocess.run([COMMAND, "mask", *options], input=text, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def dice_of(seed=20):
    return random.Random(seed)
