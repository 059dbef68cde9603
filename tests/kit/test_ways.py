"""The operator learns which ways out of the house work, and those at the other end learn nothing."""

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace

import pytest

from app.config import from_env, settings
from app.doctor import roads
from app.kit import ways as kit
from app.kit.ways import ways
from tests.ports import free_port
from tests.post_office import a_certificate
from tests.web_house import a_web_house

SECRET = "a-secret-that-is-long"


@asynccontextmanager
async def a_service(folder, host="localhost", *, silent=False):
    """A push service with TLS on this machine; what it hears after the handshake; or one that never shakes hands."""
    heard: list[bytes] = []

    async def serve(reader, writer):
        with suppress(ConnectionError):  # whoever only knocks hangs up without a word
            heard.append(await reader.read(1))
            return
        heard.append(b"")

    async def hang(reader, writer):
        await asyncio.sleep(5)

    trust = None if silent else a_certificate(folder, host)
    server = await asyncio.start_server(hang if silent else serve, "localhost", 0, ssl=trust)
    known = replace(settings(), ca_file=str(folder / "server.pem") if trust else "")
    try:
        yield server.sockets[0].getsockname()[1], heard, known
    finally:
        server.close()


@contextmanager
def a_proxy(port):
    """It leads every CONNECT to one door, and notes where it was asked to lead."""
    asked: list[str] = []

    async def serve(reader, writer):
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split()[1])
        there, back = await asyncio.open_connection("localhost", port)
        writer.write(b"HTTP/1.1 200 go on\r\n\r\n")
        await asyncio.gather(_through(reader, back), _through(there, writer))

    yield serve, asked


async def _through(reader, writer):
    with suppress(ConnectionError):
        while some := await reader.read(4096):
            writer.write(some)
            await writer.drain()
    writer.close()


async def test_a_push_service_that_answers_is_told_nothing(tmp_path):
    async with a_service(tmp_path) as (port, heard, known):
        [way] = await ways(replace(known, push_origins=f"https://localhost:{port}"))
        await asyncio.sleep(0.2)
    assert (way.road, way.where, way.trouble, way.named) == ("push", f"https://localhost:{port}", "", True)
    assert not any(heard)


async def test_the_way_through_a_proxy_is_tried_as_pushes_go_it(tmp_path):
    async with a_service(tmp_path, "fcm.googleapis.com") as (port, heard, known):
        with a_proxy(port) as (serve, asked):
            proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
            address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
            found = await ways(replace(known, push_proxy=(("fcm.googleapis.com", address),)))
            proxy.close()
    assert asked == ["fcm.googleapis.com:443"] and not any(heard)
    assert [way.trouble for way in found if way.where == "https://fcm.googleapis.com"] == [""]


@pytest.mark.parametrize(
    ("how", "trouble"), [({"host": "other.example.org"}, "tls"), ({"silent": True}, "timeout")], ids=["tls", "timeout"]
)
async def test_why_a_service_does_not_answer_is_said(how, trouble, tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "PATIENCE", 1)
    async with a_service(tmp_path, **how) as (port, _, known):
        [way] = await ways(replace(known, push_origins=f"https://localhost:{port}"))
    assert way.trouble == trouble


async def test_ten_that_hang_take_no_longer_than_one(tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "PATIENCE", 1)
    async with a_service(tmp_path, silent=True) as (port, _, known):
        origins = " ".join(f"https://localhost:{port}" if n == 0 else f"https://127.0.0.{n}:{port}" for n in range(10))
        began = asyncio.get_running_loop().time()
        found = await ways(replace(known, push_origins=origins))
        assert asyncio.get_running_loop().time() - began < 8  # not ten
    assert len(found) == 10 and all(way.trouble for way in found)


async def said_of(known):
    return [(well, words) async for well, words in roads(known)]


async def test_the_doctor_names_what_is_set_up_and_shows_no_key(monkeypatch):
    env = {
        "KITH_PUSH_ORIGINS": f"https://localhost:{free_port()}",
        "KITH_WECOM_URL": f"wechat://corp1d:{SECRET}@1000002",
        "KITH_NOTIFY_URLS": f"wecombot://{SECRET},json://127.0.0.1/{SECRET}",
    }
    with a_web_house() as house:
        monkeypatch.setattr(kit, "WECOM", house.address.removesuffix("/kith"))
        env["KITH_SMS_WEBHOOK"] = f"http://{SECRET}@127.0.0.1:{house.port}/{SECRET}"
        said = await said_of(from_env(env))

    assert said == [
        (False, f"Push: {env['KITH_PUSH_ORIGINS']} does not answer (no connection)"),
        (True, f"SMS: http://127.0.0.1:{house.port} answers"),
        (True, f"WeCom: http://127.0.0.1:{house.port} answers"),
        (True, "Groups' robots: 2 set up; nothing is posted to try them"),
        (None, "Push: no service answers, so no phone rings from here; KITH_PUSH_PROXY is the way through a proxy"),
    ]
    assert SECRET not in str(said) and house.asked == []


async def test_a_known_service_that_is_out_of_reach_is_said_and_is_no_fault(monkeypatch):
    monkeypatch.setattr(kit, "knock", lambda url, *_: "" if "apple" in url else "no connection")
    said = await said_of(settings())
    assert sorted(str(well) for well, _ in said) == ["None", "None", "None", "True"]
    assert any("Safari, iPhone) answers" in words for _, words in said)
    assert not any("no service answers" in words for _, words in said)
