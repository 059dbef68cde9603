"""The real `kith`, in a process of its own, on the engine under test and in a place of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests import postgres
from tests.ports import free_port

ENGINE = os.environ.get("KITH_TEST_ENGINE", "sqlite")
nth = count(1)


def a_place(folder: Path, engine: str = ENGINE) -> dict[str, str]:
    """An environment in which nobody lived yet. Nothing of ours leaks into it."""
    url = f"sqlite:///{folder / 'kith.db'}"
    if engine == "postgres":
        url = postgres.a_database(f"kith_place_{os.getpid()}_{next(nth)}")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    return plain | {"KITH_DATA": str(folder), "KITH_DATABASE_URL": url, "KITH_PORT": str(free_port())}


def kith(*words: object, env: dict[str, str], seconds: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *map(str, words)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)


@contextmanager
def serving(env: dict[str, str], *words: str):
    """`kith serve`, answering; whatever is left of it at the end is killed."""
    log = Path(env["KITH_DATA"]).with_suffix(".log").open("w+")
    command = [sys.executable, "-m", "app", "serve", *words]
    parent = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        until(lambda: answers(env) or parent.poll() is not None, seconds=40)
        assert parent.poll() is None, Path(log.name).read_text()
        yield parent
    finally:
        for pid in family(parent.pid):
            os.kill(pid, signal.SIGKILL)
        parent.wait()
        log.close()


def answers(env: dict[str, str], path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{env['KITH_PORT']}{path}", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def family(session: int) -> dict[int, str]:
    """Everybody alive who came from that parent, by command line; it began a session of its own."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, sid = (place / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(sid) == session and state != "Z":
                found[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ").strip()
        except (OSError, ValueError):
            continue  # it ended while we looked
    return found


def until(true, seconds: float = 30) -> float:
    """How long it took; AssertionError when it did not come true in that time."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began
