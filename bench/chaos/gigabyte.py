"""A gigabyte of one line is sent as a list of residents, with its length told and in pieces without: it is refused with
a sentence, nothing comes in, the server's memory stays, and the next page is answered. On both engines.
"""

import http.client
import os
import time
from collections.abc import Iterator

from bench.kit.browser import Browser
from bench.kit.houses import ENGINES, House, house

SIZE = int(os.environ.get("SIZE", str(1024**3)))
PIECE = b"a" * 65536
HEAD = b'--end\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n'
ALLOWED = 60.0  # MB
OFFICE = "INSERT INTO roles (person, kind, given_at) VALUES (1, 'administrator', '2026-11-28 00:00:00+00') RETURNING id"


def main() -> int:
    return int(sum(sent_to(engine) for engine in ENGINES) > 0)


def sent_to(engine: str) -> int:
    with house(engine, people=1, KITH_WORKERS="1") as here:
        here.rows(OFFICE)
        here.open("--no-worker")
        browser = Browser(here.port, key=str(here.people[0]["key"]))
        faults = int(browser.get("/admin/roster").status != 200)
        for told in (True, False):
            before, began = here.megabytes()[1], time.monotonic()
            status, sent = send(here, told)
            seconds, grown = time.monotonic() - began, here.megabytes()[1] - before
            [(kept,)] = here.rows("SELECT count(*) FROM roster_uploads")
            again = browser.get("/admin/roster").status
            wrong = (status != 413) + (kept != 0) + (again != 200) + (grown > ALLOWED)
            faults += wrong
            print(
                f"{engine:<9} {SIZE / 1e6:.0f} MB {'with its length' if told else 'in pieces':<15}: {status} after "
                f"{sent / 1e6:.0f} MB and {seconds:.1f} s; memory +{grown:.0f} MB; {kept} lists came in; the next page "
                f"is {again}; {wrong} faults"
            )
        return faults


def send(here: House, told: bool) -> tuple[int, int]:
    """Status, and the bytes that were taken from us."""
    line = http.client.HTTPConnection("127.0.0.1", here.port, timeout=60)
    line.putrequest("POST", "/admin/roster")
    line.putheader("Cookie", f"key={here.people[0]['key']}")
    line.putheader("Sec-Fetch-Site", "same-origin")
    line.putheader("Content-Type", "multipart/form-data; boundary=end")
    line.putheader(*(("Content-Length", str(SIZE)) if told else ("Transfer-Encoding", "chunked")))
    line.endheaders()
    sent = 0
    try:
        for piece in pieces():
            line.send(piece if told else b"%x\r\n%b\r\n" % (len(piece), piece))
            sent += len(piece)
    except OSError:
        pass  # it has heard enough
    try:
        return line.getresponse().status, sent
    except (OSError, http.client.HTTPException):
        return 0, sent


def pieces() -> Iterator[bytes]:
    yield HEAD
    for _ in range((SIZE - len(HEAD)) // len(PIECE)):
        yield PIECE


if __name__ == "__main__":
    raise SystemExit(main())
