"""HTTP servers of our own on free ports of loopback, ended with the run."""
import contextlib
import os
import re
import subprocess
import time


class ServerError(Exception):
    pass


class Server:
    """One process that serves; `port` is where."""

    def __init__(self, name, process, port, log=None):
        self.name = name
        self.log = log  # its access log, JSON lines
        self.process = process
        self.port = port

    def cpu_seconds(self):
        """Of the process and of those it started."""
        ticks = 0
        for number in family(self.process.pid):
            with open(f"/proc/{number}/stat", encoding="ascii") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_kib(self):
        """Private and shared memory in use, of the whole family."""
        total = 0
        for number in family(self.process.pid):
            with open(f"/proc/{number}/smaps_rollup", encoding="ascii") as file:
                total += int(re.search(r"^Pss: +(\d+)", file.read(), re.M).group(1))
        return total


def family(number):
    numbers = [number]
    with open(f"/proc/{number}/task/{number}/children", encoding="ascii") as file:
        for child in file.read().split():
            numbers += family(int(child))
    return numbers


def end(process):
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_text(path, pattern, process):
    for _ in range(600):
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read())
        if found:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.02)
    with open(path, encoding="utf-8", errors="replace") as file:
        raise ServerError("a server does not start: " + file.read().strip()[:300])


@contextlib.contextmanager
def echo(tools, threads, is_sink=False):
    command = [os.path.join(tools, "echo"), str(threads)] + (["sink"] if is_sink else [])
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise ServerError("bench/echo does not start")
        yield Server("bare libmicrohttpd", process, int(line))
    finally:
        process.stdin.close()
        process.wait()


@contextlib.contextmanager
def cardsieved(build, folder, threads, options=()):
    """With its access log on, as it comes."""
    words = os.path.join(folder, "cardsieved.stderr")
    log = os.path.join(folder, "access.log")
    command = [os.path.join(build, "cardsieved"), "--threads", str(threads), "--log-file",
               log, "--max-connections", "20000", *options]
    if not any(option == "--listen" for option in options):
        command += ["--listen", "127.0.0.1:0"]
    with open(words, "wb") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
    try:
        port = int(await_text(words, r"listening, port (\d+)\n", process).group(1))
        yield Server("cardsieved", process, port, log)
    finally:
        end(process)
