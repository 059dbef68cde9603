"""A web server on this machine that notes what it is asked and answers as it was told."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    path: str
    body: bytes
    headers: dict[str, str]
    at: float


@dataclass
class WebHouse:
    """`slow` is how many seconds it thinks; `says` the body of its answers, the same or one for each path."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    says: Any = b""
    slow: float = 0.0
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/kith"


@contextmanager
def a_web_house(*how: Any, **more: Any):
    house = WebHouse(*how, **more)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            house.asked.append(Asked(self.path, body, dict(self.headers), time.time()))
            time.sleep(house.slow)
            says = house.says(self.path) if callable(house.says) else house.says
            self.send_response(house.status)
            for name, value in {**house.headers, "Content-Length": str(len(says))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(says)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    house.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
