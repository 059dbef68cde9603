"""`kith serve` as the machine sees it: quick to come, quick to go, and nobody is left behind."""

import os
import re
import signal
import socket
from pathlib import Path

import pytest

from app.kit.static_files import BUILT
from tests.command_line import a_place, answers, family, kith, serving, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BUILT / "manifest.json").exists(), reason="python -m app.build_static makes the looks"),
]


@pytest.fixture
def place(tmp_path):
    return a_place(tmp_path / "house") | {"KITH_WORKERS": "2"}


def workers(session: int) -> list[int]:
    return [pid for pid, command in family(session).items() if command.endswith("app worker")]


def web(session: int) -> list[int]:
    return [pid for pid, command in family(session).items() if "app serve" in command and pid != session]


def test_the_house_opens_and_closes_within_seconds_and_says_how_to_come_in(place, tmp_path):
    with serving(place) as parent:
        until(lambda: len(workers(parent.pid)) == 1 and len(web(parent.pid)) == 2)
        assert answers(place, "/readyz")
        said = Path(f"{place['KITH_DATA']}.log").read_text()

        with socket.create_connection(("127.0.0.1", int(place["KITH_PORT"]))) as open_door:
            open_door.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")  # and keeps the line, as browsers do
            open_door.recv(1000)
            parent.send_signal(signal.SIGTERM)
            took = until(lambda: parent.poll() is not None, seconds=20)

        assert took < 10 and parent.returncode == 0
        assert family(parent.pid) == {}
    assert re.search(rf"^Nobody lives here yet.*:{place['KITH_PORT']}/setup\?token=\S+$", said, re.MULTILINE)
    assert "Traceback" not in Path(f"{place['KITH_DATA']}.log").read_text()


def test_when_the_parent_is_killed_outright_nobody_goes_on_alone(place):
    with serving(place) as parent:
        until(lambda: len(family(parent.pid)) == 4)

        parent.kill()
        parent.wait()

        until(lambda: family(parent.pid) == {}, seconds=15)


def test_whoever_is_killed_is_replaced(place):
    with serving(place) as parent:
        until(lambda: len(family(parent.pid)) == 4)
        [worker], page = workers(parent.pid), web(parent.pid)[0]

        os.kill(worker, signal.SIGKILL)
        os.kill(page, signal.SIGKILL)

        until(lambda: len(workers(parent.pid)) == 1 and worker not in workers(parent.pid), seconds=60)
        until(lambda: len(web(parent.pid)) == 2 and page not in web(parent.pid), seconds=60)
        until(lambda: answers(place), seconds=60)


def test_without_a_worker_there_is_none_and_a_second_house_on_the_port_is_told(place, tmp_path):
    with serving(place, "--no-worker") as parent:
        second = kith("serve", env=place)

        assert second.returncode == 1 and second.stdout == ""
        assert f"cannot listen on 127.0.0.1:{place['KITH_PORT']}: Address already in use.\n" in second.stderr
        assert second.stderr.count("\n") == 1
        assert workers(parent.pid) == [] and len(web(parent.pid)) == 2
