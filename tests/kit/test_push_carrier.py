"""Letters are carried beside the event loop, to where they were meant and nowhere else; each is answered."""

import asyncio
import time
from contextlib import asynccontextmanager

import pycurl
import pytest

from app.kit.web_push import lanes, traffic
from app.kit.web_push.carrier import MOST, Carrier, Closed, Full
from app.kit.web_push.lanes import Roads
from app.kit.web_push.letters import Answer, Letter
from tests.ports import free_port
from tests.push_service import a_push_service
from tests.ssrf import THIS_MACHINE
from tests.web_push_peers import unb64

PATIENCE = 25


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with a_push_service(tmp_path_factory.mktemp("push")) as running:
        yield running


class Post:
    """A carrier, and what it told us."""

    def __init__(self, roads: Roads) -> None:
        self.answers: dict[int, Answer] = {}
        self.at: dict[int, float] = {}
        self.sent, self.heard = 0, asyncio.Event()
        self.carrier = Carrier(self._hear, roads=roads)

    def _hear(self, answers: list[Answer]) -> None:
        for answer in answers:
            assert answer.id not in self.answers, "told twice"
            self.answers[answer.id], self.at[answer.id] = answer, time.monotonic()
        self.heard.set()

    def send(self, number: int, url: str, *, near: bool = True, body: bytes = b"hello", **headers: str) -> None:
        self.carrier.send(Letter(number, url, headers, body, near))
        self.sent += 1

    async def all_answered(self) -> list[Answer]:
        async with asyncio.timeout(PATIENCE):
            while len(self.answers) < self.sent:
                self.heard.clear()
                await self.heard.wait()
        assert self.carrier.owed == 0
        return [self.answers[number] for number in sorted(self.answers)]


@pytest.fixture
async def post(service):
    made = Post(Roads(str(service.certificate)))
    yield made
    made.carrier.close()


@asynccontextmanager
async def a_listener(answer: bytes = b""):
    """Counts who comes, over IPv4 and IPv6; says the same to everybody."""
    came: list[bytes] = []

    async def hear(reader, writer):
        came.append(b"")
        if answer:
            came[-1] = await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    port = free_port()
    server = await asyncio.start_server(hear, ["127.0.0.1", "::1"], port)
    try:
        yield port, came
    finally:
        server.close()


async def test_a_letter_arrives_whole_over_http_2(service, post):
    post.send(7, f"{service.origin}/a/kept/1", body=bytes(range(256)), TTL="60", Topic="abc", Urgency="high")

    assert await post.all_answered() == [Answer(7, 201)]
    kept = service.told()["kept"]["/a/kept/1"]
    assert unb64(kept["body"].rstrip("=").replace("+", "-").replace("/", "_")) == bytes(range(256))
    assert kept["version"] == "2.0" and kept["headers"][":method"] == "POST"
    assert {name: kept["headers"][name] for name in ("ttl", "topic", "urgency")} == {
        "ttl": "60",
        "topic": "abc",
        "urgency": "high",
    }


async def test_every_answer_comes_back_as_it_was(service, post):
    kinds = ("live", "gone", "lost", "large", "broken", "busy", "busy", "reset", "talks")
    asks = ("", "", "", "", "", "?seconds=7", "?seconds=90&date", "", "")
    for number, (kind, ask) in enumerate(zip(kinds, asks, strict=True)):
        post.send(number, f"{service.origin}/b/{kind}/{number}{ask}")

    answers = await post.all_answered()

    assert [answer.status for answer in answers] == [201, 410, 404, 413, 500, 429, 429, 0, 201]
    assert answers[5].retry_after == 7 and 80 <= (answers[6].retry_after or 0) <= 90
    assert answers[7] == Answer(7, 0, None, "reset")
    assert all(answer.retry_after is None for answer in (*answers[:5], *answers[7:]))


async def test_a_service_that_asks_for_patience_is_left_alone_for_so_long(service, post):
    post.send(0, f"{service.origin}/p/busy/0?seconds=5")
    await post.all_answered()

    for number in range(1, 20):
        post.send(number, f"{service.origin}/p/live/{number}")
    paused = (await post.all_answered())[1:]
    assert {(answer.status, answer.trouble) for answer in paused} == {(0, "paused")}
    assert {answer.retry_after for answer in paused} <= {1, 2, 3, 4, 5}
    assert not any("/p/live/" in path for path in service.told()["came"])

    await asyncio.sleep(max(answer.retry_after for answer in paused))
    post.send(20, f"{service.origin}/p/live/20")
    assert (await post.all_answered())[-1] == Answer(20, 201)


async def test_a_redirect_is_an_answer_and_nobody_goes_there(service, post):
    async with a_listener() as (port, came):
        for number, status in enumerate((301, 302, 303, 307, 308)):
            post.send(number, f"{service.origin}/c/moved/{number}?status={status}")
            post.send(number + 10, f"{service.origin}/c/moved/x?status={status}&to=https://127.0.0.1:{port}/")
        answers = await post.all_answered()

    assert sorted(answer.status for answer in answers) == sorted([301, 302, 303, 307, 308] * 2)
    assert came == [] and not any("/c/trap/" in path for path in service.told()["came"])


async def test_one_that_hangs_delays_nobody(service, monkeypatch):
    monkeypatch.setattr(lanes, "WHOLE", 6000)
    post = Post(Roads(str(service.certificate)))
    for number in range(12):
        post.send(number, f"{service.origin}/d/hang/{number}")
    for number in range(12, MOST):
        post.send(number, f"{service.origin}/d/live/{number}")

    answers = await post.all_answered()
    post.carrier.close()

    assert {answer.trouble for answer in answers[:12]} == {"timeout"}
    assert {answer.status for answer in answers[12:]} == {201} and len(answers) == MOST
    assert max(post.at[number] for number in range(12, MOST)) < min(post.at[number] for number in range(12))


async def test_where_nobody_is_the_letter_comes_back_with_the_reason(service, post):
    post.send(1, f"https://localhost:{free_port()}/x")
    post.send(2, "https://nobody.invalid/x")
    async with a_listener() as (port, _):
        post.send(3, f"https://localhost:{port}/x")
        answers = await post.all_answered()

    assert [answer.trouble for answer in answers[:2]] == ["no connection", "no such host"]
    assert answers[2].trouble in ("tls", "reset") and not any(answer.status for answer in answers)


async def test_a_service_that_nobody_vouches_for_gets_nothing(service):
    post = Post(Roads())
    post.send(1, f"{service.origin}/e/live/1")

    assert await post.all_answered() == [Answer(1, 0, None, "tls")]
    assert "/e/live/1" not in service.told()["came"]
    post.carrier.close()


async def test_of_all_ways_to_write_this_machine_none_reaches_it(post):
    async with a_listener() as (port, came):
        for number, spelling in enumerate(THIS_MACHINE):
            post.send(number, spelling.format(port=port), near=False)
        answers = await post.all_answered()
        await asyncio.sleep(0.2)

    assert came == [] and len(answers) == len(THIS_MACHINE)
    assert not any(answer.status for answer in answers)
    assert {"foreign address", "foreign url"} <= {answer.trouble for answer in answers}


async def test_a_name_that_meanwhile_means_this_machine_is_refused_when_it_is_rung(service, post, monkeypatch):
    """The allow-list knows the name; whoever rules its zone sent it here."""
    options = lanes._options

    async with a_listener() as (port, came):
        here = [f"fcm.googleapis.com:{port}:127.0.0.1", f"web.push.apple.com:{port}:[::1]"]
        monkeypatch.setattr(lanes, "_options", lambda *all: options(*all) | {pycurl.RESOLVE: here})
        for number, name in enumerate(("fcm.googleapis.com", "web.push.apple.com", "localhost")):
            post.send(number, f"https://{name}:{port}/x", near=False)
        answers = await post.all_answered()

        assert [answer.trouble for answer in answers] == ["foreign address"] * 3 and came == []
        post.send(9, f"https://fcm.googleapis.com:{port}/x", near=True)
        await post.all_answered()
        assert len(came) == 1, "the listener does listen"


async def test_only_what_the_operator_named_goes_without_tls(post):
    async with a_listener(b"HTTP/1.1 202 Fine\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as (port, came):
        post.send(1, f"http://127.0.0.1:{port}/sms", near=False)
        [refused] = await post.all_answered()
        assert refused == Answer(1, 0, None, "foreign url") and came == []

        post.send(2, f"http://127.0.0.1:{port}/sms", Signature="t=1,v1=ab")
        assert (await post.all_answered())[1] == Answer(2, 202)
        assert b"POST /sms" in came[0] and b"Signature: t=1,v1=ab" in came[0]


async def test_no_header_carries_another(service, post):
    post.send(1, f"{service.origin}/f/live/1", Topic="a\r\nHost: other")

    assert (await post.all_answered())[0].status == 0
    assert "/f/live/1" not in service.told()["came"]


async def test_a_service_that_speaks_http_1_is_not_flooded(post):
    async with a_listener(b"HTTP/1.1 200 Fine\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as (port, _):
        for number in range(200):
            post.send(number, f"http://127.0.0.1:{port}/sms")
        assert {answer.status for answer in await post.all_answered()} == {200}


async def test_the_house_is_told_when_an_origin_is_full(service, monkeypatch):
    monkeypatch.setattr(lanes, "WHOLE", 2000)
    post = Post(Roads(str(service.certificate)))
    for number in range(MOST):
        post.send(number, f"{service.origin}/g/hang/{number}")
    with pytest.raises(Full):
        post.send(MOST, f"{service.origin}/g/hang/{MOST}")
    assert post.carrier.room(service.origin) == 0

    answers = await post.all_answered()

    assert {answer.trouble for answer in answers} == {"timeout"} and len(answers) == MOST
    assert post.carrier.room(service.origin) == MOST
    post.carrier.close()


async def test_a_letter_does_not_wait_in_its_lane_for_ever(service, monkeypatch):
    monkeypatch.setattr(traffic, "WAIT", 3.0)
    monkeypatch.setattr(lanes, "WHOLE", 6000)
    post = Post(Roads(str(service.certificate)))
    for number in range(40):
        post.send(number, f"{service.origin}/h/hang/{number}")

    answers = await post.all_answered()

    assert [answer.trouble for answer in answers] == ["timeout"] * 16 + ["waited"] * 24
    post.carrier.close()


async def test_when_the_house_closes_every_letter_has_had_its_answer(service):
    post = Post(Roads(str(service.certificate)))
    for number in range(100):
        post.send(number, f"{service.origin}/i/hang/{number}")
    await asyncio.sleep(0.3)

    post.carrier.close()

    assert {answer.trouble for answer in await post.all_answered()} == {"closed"} and len(post.answers) == 100
    assert not post.carrier._thread.is_alive()
    with pytest.raises(Closed):
        post.send(1, f"{service.origin}/i/live/1")
    post.carrier.close()


async def test_the_way_to_a_service_leads_through_its_proxy(service):
    port = int(service.origin.rpartition(":")[2])
    asked: list[bytes] = []

    async def proxy(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        there, back = await asyncio.open_connection("localhost", port)
        writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")
        await asyncio.gather(flow(reader, back), flow(there, writer))

    async def flow(reader, writer):
        while piece := await reader.read(65536):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    way = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    post = Post(Roads(str(service.certificate), (("localhost", way),)))
    post.send(1, f"{service.origin}/j/live/1", near=False)

    assert await post.all_answered() == [Answer(1, 201)]
    assert asked[0].startswith(f"CONNECT localhost:{port} ".encode()) and len(asked) == 1
    post.carrier.close()
    server.close()


def test_each_host_has_its_own_proxy_and_what_is_near_needs_none():
    roads = Roads(proxies=(("fcm.googleapis.com", "http://a"), ("*.push.apple.com", "http://b"), ("*", "http://c")))

    assert roads.proxy("https://fcm.googleapis.com", False) == "http://a"
    assert roads.proxy("https://fcm.googleapis.com:8443", True) == "http://a"
    assert roads.proxy("https://web.push.apple.com", False) == "http://b"
    assert roads.proxy("https://push.apple.com", False) == "http://c"
    assert roads.proxy("https://[2a00::1]:8443", False) == "http://c"
    assert roads.proxy("https://sms.lan", True) == ""
    assert Roads().proxy("https://fcm.googleapis.com", False) == ""
