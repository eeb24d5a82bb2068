"""HTTP servers of our own on free ports of loopback, ended with the run."""
import contextlib
import os
import re
import socket
import subprocess
import time


PATIENCE = 60 # seconds until a server listens
HELD = []


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
    end_of_patience = time.monotonic() + PATIENCE
    while time.monotonic() < end_of_patience:
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


def run_cardsieved(build, folder, options, words_wanted):
    """The process, and what its words say of ports."""
    words = os.path.join(folder, "cardsieved.stderr")
    command = [os.path.join(build, "cardsieved"), "--listen", "127.0.0.1:0", "--log-file",
               os.path.join(folder, "access.log"), "--max-connections", "20000", *options]
    with open(words, "wb") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
    try:
        return process, await_text(words, words_wanted, process)
    except ServerError:
        end(process)
        raise


@contextlib.contextmanager
def cardsieved(build, folder, threads, options=()):
    """The service, with its access log on, as it comes."""
    process, found = run_cardsieved(build, folder, ["--threads", str(threads), *options],
                                    r"cardsieved: listening, port (\d+)\n")
    try:
        yield Server("cardsieved", process, int(found.group(1)),
                     os.path.join(folder, "access.log"))
    finally:
        end(process)


@contextlib.contextmanager
def cardsieved_proxy(build, folder, threads, upstream):
    """The proxy as it comes: requests are masked; its access log is on."""
    process, found = run_cardsieved(
        build, folder, ["--threads", str(threads), "--proxies.0.listen", "127.0.0.1:0",
                        "--proxies.0.upstreams", f"http://127.0.0.1:{upstream.port}"],
        r"proxy 0: listening, port (\d+)\n")
    try:
        yield Server("cardsieved proxy", process, int(found.group(1)),
                     os.path.join(folder, "access.log"))
    finally:
        end(process)


NGINX = """
load_module {modules}/ndk_http_module.so;
load_module {modules}/ngx_http_lua_module.so;
daemon off;
pid {folder}/{name}.pid;
error_log {folder}/{name}.error;
{user}
worker_processes {threads};
events {{ worker_connections 16384; }}
http {{
    access_log {folder}/{name}.log;
    client_body_temp_path {folder}/{name}.body;
    proxy_temp_path {folder}/{name}.proxy;
    fastcgi_temp_path {folder}/{name}.fastcgi;
    uwsgi_temp_path {folder}/{name}.uwsgi;
    scgi_temp_path {folder}/{name}.scgi;
    client_max_body_size 0;
    client_body_buffer_size 256k;
    keepalive_requests 1000000000;
    upstream behind {{ server 127.0.0.1:{upstream}; keepalive 128; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            {words}
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_pass http://behind;
        }}
    }}
}}
"""
# The body of a request through one regular expression, compiled once; nothing is judged.
LUA = """rewrite_by_lua_block {
    ngx.req.read_body()
    local body = ngx.req.get_body_data()
    if body then
        ngx.req.set_body_data((ngx.re.gsub(body, "[0-9](?:[ -]?[0-9]){12,18}", "[masked]",
            "jo")))
    end
}"""
MODULES = "/usr/lib/nginx/modules"


def free_port():
    """On which nobody listens, and that nobody is given by chance."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    HELD.append(held)
    return held.getsockname()[1]


@contextlib.contextmanager
def nginx(folder, name, threads, upstream, words=""):
    """nginx before the upstream, with connections that are kept."""
    if not os.path.exists(MODULES + "/ngx_http_lua_module.so"):
        raise ServerError("not installed: nginx-light, libnginx-mod-http-lua")
    port = free_port()
    file_name = name.replace(" ", "-")
    path = os.path.join(folder, file_name + ".conf")
    with open(path, "w", encoding="ascii") as file:
        file.write(NGINX.format(modules=MODULES, folder=folder, name=file_name, threads=threads,
                                user="user root root;" if os.geteuid() == 0 else "",
                                upstream=upstream.port, port=port, words=words))
    error = os.path.join(folder, file_name + ".error")
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", path, "-e", error, "-p", folder],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port, process, error)
        yield Server(name, process, port)
    finally:
        end(process)


def await_port(port, process, error):
    end_of_patience = time.monotonic() + PATIENCE
    while time.monotonic() < end_of_patience:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
        if process.poll() is not None:
            break
    with open(error, encoding="utf-8", errors="replace") as file:
        raise ServerError("nginx does not start: " + file.read().strip()[:300])
