"""`kith serve`: the web processes and, as its child, the job worker. Whoever loses the parent stops too."""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from granian import Granian
from granian.constants import Interfaces, RuntimeModes
from granian.log import LogLevels
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from app import house
from app.asgi import create_app
from app.config import Settings, settings
from app.db import close_database, open_database
from app.kit.logs import write_logs
from app.working import work

PARENT = "KITH_PARENT"
WEB_GRACE = 5  # seconds for answers under way
JOBS_GRACE = 9.0
LOOK = 0.5
SELDOM = (20_000, 20, 20)  # objects, then rounds: a page makes thousands that are gone with it
M_MMAP_THRESHOLD, LARGE = -3, 128 * 1024  # glibc's malloc.h; bytes
QUIET: dict[str, Any] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}


def web() -> Any:
    """What granian runs in each web process."""
    known = settings()
    write_logs(known.log)
    _stop_when_orphaned()
    _give_large_blocks_back()
    app: Any = create_app(known)
    app.on_startup.append(_streams_end_first)
    gc.collect()
    gc.freeze()  # what stands now stands for good: the collector need not walk through it again and again
    gc.set_threshold(*SELDOM)
    return (
        wrap_asgi_with_proxy_headers(app, trusted_hosts=list(known.trusted_proxies)) if known.trusted_proxies else app
    )


def why_not_listen(known: Settings) -> str:
    """Empty when nothing stands against it. The server shares its port among its processes, so it would not notice."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(known.host, known.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            door.listen(1)
    except OSError as reason:
        return f"KITH_HOST, KITH_PORT: cannot listen on {known.host}:{known.port}: {reason.strerror or reason}."
    return ""


async def _streams_end_first(app: Any) -> None:
    """A server that is told to stop waits for every open answer, and a stream never ends by itself."""

    def stop() -> None:
        app.state.watcher.close()
        os.kill(os.getpid(), signal.SIGINT)  # granian's own handler, before which we stand

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)


def _give_large_blocks_back() -> None:
    """As soon as they are free. Else glibc learns from each photo to keep ever larger ones: after five hundred uploads
    a process had up to 332 MB, and has 250. Other libraries have no such word."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def serve(known: Settings, *, with_worker: bool) -> None:
    """Returns when told to stop (SIGTERM, SIGINT)."""
    write_logs(known.log)
    create_app(known)  # here too, so that a fault is told once and not by each web process
    gc.collect()
    gc.freeze()  # the collector would write into every page of memory that the web processes share with us
    os.environ[PARENT] = str(os.getpid())
    server = Granian(
        "app.serving:web",
        factory=True,
        interface=Interfaces.ASGI,
        address=known.host,
        port=known.port,
        workers=known.workers,
        workers_kill_timeout=WEB_GRACE,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=QUIET,
        websockets=False,
        runtime_mode=RuntimeModes.st,  # one thread less that wants the interpreter: under load a tenth of all time
    )
    jobs = JobWorker()

    def stop(*_: object) -> None:
        jobs.tell_to_stop()
        server.signal_handler_interrupt()

    @server.on_startup
    def listen_for_the_end() -> None:
        """In place of granian's own, so that the job worker stops beside the web processes and not after them."""
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    if with_worker:
        jobs.start()
    try:
        server.serve()
    finally:
        jobs.stop()


class JobWorker:
    """Keeps one worker process alive; one that dies is started again after a pause."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    def start(self) -> None:
        self._spawn()
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def tell_to_stop(self) -> None:
        self.stopping.set()
        if self.child:
            self.child.terminate()

    def stop(self) -> None:
        self.tell_to_stop()
        with self._guard:
            child = self.child
        if child:
            child.terminate()
            try:
                child.wait(JOBS_GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _spawn(self) -> None:
        with self._guard:
            if not self.stopping.is_set():
                self.child = subprocess.Popen([sys.executable, "-m", "app", "worker"])

    def _keep_alive(self) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            began = time.monotonic()
            self.child and self.child.wait()
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 60.0)
            if not self.stopping.wait(pause):
                self._spawn()


def run_worker() -> None:
    """`kith worker`: does what falls due until told to stop; any number may run on any number of hosts."""
    write_logs(settings().log)
    asyncio.run(_work())


async def _work() -> None:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    _stop_when_orphaned()
    await open_database()
    try:
        await work(house.JOBS, house.CLOCKWORK, stop, house.beside(settings()))
    finally:
        await close_database()


def _stop_when_orphaned() -> None:
    """A parent that was killed outright cannot say goodbye. A worker that was started by hand has no such parent."""
    parent = os.environ.get(PARENT)
    if parent:
        threading.Thread(target=_watch, args=(int(parent),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(WEB_GRACE)
    os._exit(1)
