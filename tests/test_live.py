"""The whole line, from a deed in one process to the open page that another process serves."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from app.config import settings
from app.db import DB, writing
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.notices import rules as notices
from app.kit.clock import now
from app.kit.tables import Later
from app.kit.words import say
from tests.makers import a_person
from tests.ports import free_port

pytestmark = pytest.mark.slow
SOON = 30.0


@asynccontextmanager
async def a_house(folder: Path):
    """`kith serve`, two web processes and a worker, on the database of this test: its address and its process."""
    port = str(free_port())
    address = f"sqlite:///{DB.path}" if DB.engine_type == "sqlite" else settings().database_url
    known = {"KITH_DATABASE_URL": address, "KITH_DATA": str(folder), "KITH_PORT": port, "KITH_WORKERS": "2"}
    words = (sys.executable, "-m", "app", "serve")
    house = await asyncio.create_subprocess_exec(*words, env={**os.environ, **known})
    try:
        base = f"http://127.0.0.1:{port}"
        await until_open(base, house)
        yield base, house
    finally:
        if house.returncode is None:
            house.send_signal(signal.SIGTERM)
            await asyncio.wait_for(house.wait(), 20)


async def until_open(base: str, house: asyncio.subprocess.Process) -> None:
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        for _ in range(200):
            assert house.returncode is None
            with suppress(httpx.TransportError):
                if (await client.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError("the house did not open")


@asynccontextmanager
async def a_page_of(person, base: str):
    """An open page's stream, as lines that arrive."""
    key = await open_door(person.id, place=Place("192.0.2"), now=now())
    phone = httpx.AsyncClient(base_url=base, cookies={"key": key.token}, timeout=30, trust_env=False)
    async with phone, phone.stream("GET", "/changes") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        assert await asyncio.wait_for(anext(lines), SOON) == ": here"
        yield lines


async def heard(lines) -> str:
    """The channel of the next `look`, which must not be long in coming."""
    async with asyncio.timeout(SOON):
        async for line in lines:
            if line.startswith("data: "):
                return line.removeprefix("data: ")
    raise AssertionError("the stream ended")


async def test_a_notice_told_in_another_process_reaches_every_open_page_of_its_person(tmp_path):
    mei = await a_person()
    async with a_house(tmp_path) as (base, _), a_page_of(mei, base) as phone, a_page_of(mei, base) as tablet:
        async with writing():
            await notices.tell(mei.id, say("Hello"), path="/", now=now())

        assert await asyncio.gather(heard(phone), heard(tablet)) == [f"person:{mei.id}"] * 2


async def test_the_worker_beside_the_web_does_what_falls_due(tmp_path):
    async with a_house(tmp_path):
        for _ in range(100):
            row = await Later.select(Later.run_at, Later.tries).where(Later.key == "every tidy").first()
            if row and row["run_at"] > now():
                break
            await asyncio.sleep(0.1)

    assert row is not None
    assert row["run_at"] > now()


async def test_a_house_that_closes_ends_its_streams_and_waits_for_no_page(tmp_path):
    mei = await a_person()
    async with a_house(tmp_path) as (base, house), a_page_of(mei, base) as lines:
        house.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2 * SOON):
            rest = [line async for line in lines]
        code = await asyncio.wait_for(house.wait(), 20)  # a second word to end would come while it goes

    assert rest in ([], [""])
    assert code == 0
