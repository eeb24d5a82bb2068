"""Database servers of our own: on a socket in a temporary folder, ended with the run."""
import contextlib
import glob
import os
import shutil
import subprocess
import tempfile
import time


class MissingServer(Exception):
    pass


def as_nobody(command):
    """Servers refuse to run as root."""
    if os.geteuid() == 0:
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] + command
    return command


def quietly(command, **options):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **options)


@contextlib.contextmanager
def folder_of_nobody(parent):
    with tempfile.TemporaryDirectory(prefix="cardsieve-", dir=parent) as folder:
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)
            shutil.chown(folder, "nobody", "nogroup")
        yield folder


@contextlib.contextmanager
def postgres(parent):
    """Yields the environment in which psql finds the server."""
    homes = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not homes:
        raise MissingServer("PostgreSQL's server is not installed (package postgresql)")
    tools = os.path.dirname(homes[-1])
    with folder_of_nobody(parent) as folder:
        data = os.path.join(folder, "data")
        quietly(as_nobody([tools + "/initdb", "-D", data, "-U", "owner", "-A", "trust", "-E",
                           "UTF8", "--locale=C", "--no-sync"]), cwd=folder)
        settings = {"listen_addresses": "''", "unix_socket_directories": f"'{folder}'",
                    "fsync": "off", "shared_buffers": "'2GB'", "wal_level": "minimal",
                    "max_wal_senders": "0", "max_wal_size": "'16GB'", "autovacuum": "off"}
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        subprocess.run(as_nobody(["tee", "-a", data + "/postgresql.conf"]), check=True,
                       input=lines.encode(), stdout=subprocess.DEVNULL)
        control = as_nobody([tools + "/pg_ctl", "-D", data, "-w", "-t", "120", "-l",
                             folder + "/log"])
        quietly(control + ["start"], cwd=folder)
        try:
            environment = dict(os.environ, PGHOST=folder, PGUSER="owner", PGDATABASE="shop")
            quietly([tools + "/createdb", "shop"], env=environment)
            yield environment
        finally:
            quietly(control + ["-m", "immediate", "stop"], cwd=folder)


def wait_for(answers, server):
    for _ in range(600):
        if answers():
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise MissingServer("MariaDB's server does not start")


@contextlib.contextmanager
def mariadb(parent):
    """Yields the socket of a server whose user `owner` needs no password."""
    if not shutil.which("mariadbd") and not os.path.exists("/usr/sbin/mariadbd"):
        raise MissingServer("MariaDB's server is not installed (package mariadb-server)")
    with folder_of_nobody(parent) as folder:
        data, socket = folder + "/data", folder + "/socket"
        common = ["--no-defaults", "--datadir=" + data]
        quietly(as_nobody(["mariadb-install-db", *common, "--skip-test-db",
                           "--auth-root-authentication-method=normal"]), cwd=folder)
        server = subprocess.Popen(
            as_nobody(["/usr/sbin/mariadbd", *common, "--socket=" + socket,
                       "--skip-networking", "--innodb-buffer-pool-size=4G",
                       "--innodb-flush-log-at-trx-commit=0", "--secure-file-priv=",
                       "--innodb-doublewrite=0", "--log-error=" + folder + "/log"]),
            cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ping = ["mariadb", "--no-defaults", "-S", socket, "-u", "root", "-e", "SELECT 1"]
            wait_for(lambda: subprocess.run(ping, capture_output=True,
                                            check=False).returncode == 0, server)
            quietly(ping[:-1] + ["CREATE DATABASE shop CHARACTER SET utf8mb4;"
                                 "CREATE USER owner@localhost;"
                                 "GRANT ALL ON *.* TO owner@localhost"])
            yield socket
        finally:
            server.terminate()
            server.wait()
