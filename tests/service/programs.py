"""Real programs beside the daemon: found, started on a configuration of their own, ended."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from daemon import PATIENCE, wait_for

SOURCE = os.environ.get("SOURCE_DIR", os.getcwd())
# Debian's system loggers conflict with each other: scripts/setup unpacks them here.
UNPACKED = os.path.join(SOURCE, "build", "tools")
MISSING = []


def find(name):
    """The path of a program; None, and it is told at the end, if it is not installed."""
    places = os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/sbin",
                                                      UNPACKED + "/usr/sbin"]
    path = shutil.which(name, path=":".join(places))
    if not path:
        MISSING.append(name)
    return path


def library(*names):
    """The folder of a program's own libraries or modules."""
    roots = [root + "/usr/lib" for root in (UNPACKED, "")]
    for root in roots:
        for folder in (root, *(os.path.join(root, one) for one in
                               (os.listdir(root) if os.path.isdir(root) else ())
                               if one.endswith("-linux-gnu"))):
            path = os.path.join(folder, *names)
            if os.path.exists(path):
                return path
    return None


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def contents(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


class Folder:
    """A directory that everybody may enter, gone when the block is left."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="cardsieve-test-")
        os.chmod(self.path, 0o777)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text, mode=0o644):
        """A file in it, where "@/" stands for its path."""
        with open(self / name, "w", encoding="utf-8") as out:
            out.write(text.replace("@/", self.path + "/"))
        os.chmod(self / name, mode)
        return self / name


class Program:
    """A process in the foreground, ended by its own id when the block is left."""

    def __init__(self, folder, *arguments, port=None, environment=None, name=None,
                 end=signal.SIGTERM, **options):
        self.words = folder / (name or os.path.basename(arguments[0])) + ".words"
        self.how = end
        with open(self.words, "wb") as words:
            self.process = subprocess.Popen(
                arguments, stdout=options.pop("stdout", words), stderr=words,
                cwd=folder.path, env={**os.environ, **(environment or {})}, **options)
        if port:
            try:
                wait_for(arguments[0], lambda: answers(port) or self.process.poll())
                assert self.process.poll() is None, contents(self.words)
            except AssertionError:
                self.stop()
                raise

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, how=None):
        if self.process.poll() is None:
            self.process.send_signal(how or self.how)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("it did not end: " + self.process.args[0]) from None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
        if kind:
            sys.stderr.write(contents(self.words).decode("utf-8", "replace"))


def nginx(folder, body, name="nginx", events="", main=""):
    """nginx in the foreground with these words in its http block."""
    path = find("nginx")
    if not path:
        return None
    for one in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        os.makedirs(folder / f"{name}.{one}", exist_ok=True)
        os.chmod(folder / f"{name}.{one}", 0o777)
    temporary = "".join(
        f"{two}_temp_path @/{name}.{one};" for one, two in
        (("body", "client_body"), ("proxy", "proxy"), ("fastcgi", "fastcgi"),
         ("uwsgi", "uwsgi"), ("scgi", "scgi")))
    config = folder.write(name + ".conf", f"""
daemon off; master_process on; worker_processes 1; pid @/{name}.pid;
error_log @/{name}.errors; {main}
events {{ worker_connections 512; {events} }}
http {{ {temporary} access_log off; {body} }}
""")
    return [path, "-c", config, "-p", folder.path, "-e", folder / f"{name}.errors"]


def finish(failures=()):
    """Ends the test: 77 if a program that it needs is not there."""
    for failure in failures:
        print(failure)
    if MISSING:
        print("not installed, not tested: " + " ".join(sorted(set(MISSING))))
    sys.exit(1 if failures else 77 if MISSING else 0)
