"""A PostgreSQL of our own for the time of the tests, from the binaries that are installed."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from glob import glob
from pathlib import Path

from tests.ports import free_port

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "autovacuum_naptime=10s")
ROOM = ("max_connections=300",)  # each house of a test keeps a pool, and two tests run at a time


def address() -> str:
    """The cluster's address without a database: KITH_TEST_POSTGRES, or one that is started now and ends with us.

    The workers of pytest-xdist find it in the environment of the process that started them.
    """
    if "KITH_TEST_POSTGRES" not in os.environ:
        os.environ["KITH_TEST_POSTGRES"] = start()
    return os.environ["KITH_TEST_POSTGRES"].rstrip("/")


def a_database(name: str, like: str = "") -> str:
    """An empty one, or a copy of another that nobody is connected to."""
    url, copied = f"{address()}/{name}", f' TEMPLATE "{like}"' if like else ""
    for statement in (f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"{copied}'):
        subprocess.run([binary("psql"), f"{address()}/postgres", "-qc", statement], check=True, capture_output=True)
    return url


def binary(name: str) -> str:
    places = sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} is not installed (Debian: postgresql, or set KITH_TEST_POSTGRES).")
    return found


def start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="kith-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    who = unprivileged()
    if who:
        os.chown(folder, who.pw_uid, who.pw_gid)
    data, port = folder / "data", free_port()
    kind = ["-U", "kith", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([*as_(who), binary("initdb"), "-D", str(data), *kind], check=True, capture_output=True, cwd=folder)
    settings = [word for setting in (*FAST, *ROOM) for word in ("-c", setting)]
    place = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
    with open(folder / "log", "w") as log:
        command = [*as_(who), binary("postgres"), *place, *settings]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True)
    atexit.register(stop, server)
    wait_for(port, server, folder / "log")
    return f"postgresql://kith@127.0.0.1:{port}"


def unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def as_(who: pwd.struct_passwd | None) -> list[str]:
    """Ends when we end, however we end: the kernel sends SIGINT, which PostgreSQL takes as a quick good-bye."""
    if shutil.which("setpriv") is None:
        return ["runuser", "-u", who.pw_name, "--"] if who else []
    user = [f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups"] if who else []
    return ["setpriv", *user, "--pdeathsig", "INT"]


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ready = [binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _ in range(1200):
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        if subprocess.run(ready).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start within 60 seconds.")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(2)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
