"""`kith serve`: the web processes and, as its child, the job worker. Whoever loses the parent stops too."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from app import house
from app.asgi import create_app
from app.config import Settings, settings
from app.db import close_database, open_database
from app.kit.logs import write_logs
from app.working import work


def web() -> Any:
    """What granian runs in each web process."""
    known = settings()
    write_logs(known.log)
    threading.Thread(target=_stop_when_orphaned, daemon=True).start()
    app: Any = create_app(known)
    return (
        wrap_asgi_with_proxy_headers(app, trusted_hosts=list(known.trusted_proxies)) if known.trusted_proxies else app
    )


def serve(known: Settings, *, with_worker: bool) -> None:
    """Returns when told to stop (SIGTERM, SIGINT)."""
    jobs = JobWorker() if with_worker else None
    if jobs:
        jobs.start()
    try:
        Granian(
            "app.serving:web",
            factory=True,
            interface=Interfaces.ASGI,
            address=known.host,
            port=known.port,
            workers=known.workers,
            respawn_failed_workers=True,
            log_access=False,
            websockets=False,
        ).serve()
    finally:
        if jobs:
            jobs.stop()


class JobWorker(threading.Thread):
    """Keeps one worker process alive; one that dies is started again after a pause."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            began = time.monotonic()
            self.child = subprocess.Popen([sys.executable, "-m", "app", "worker"])
            self.child.wait()
            pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 60.0)
            self.stopping.wait(pause)

    def stop(self) -> None:
        self.stopping.set()
        if self.child and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()


def run_worker() -> None:
    """`kith worker`: does what falls due until told to stop; any number may run on any number of hosts."""
    write_logs(settings().log)
    asyncio.run(_work())


async def _work() -> None:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    threading.Thread(target=_stop_when_orphaned, daemon=True).start()
    await open_database()
    try:
        await work(house.JOBS, house.CLOCKWORK, stop)
    finally:
        await close_database()


def _stop_when_orphaned() -> None:
    """A parent that was killed outright cannot say goodbye."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
