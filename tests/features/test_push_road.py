"""By push: what leaves the house for a phone, what came of it, and that the whole way works against a real service."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.features.notices.jobs import idle
from app.features.notices.jobs.idle import make_ready
from app.features.notices.jobs.push import AIM, ByPush, Pairs, Post, headers_of, payload
from app.features.notices.jobs.ringing import Traffic, spread_and_gather
from app.features.notices.rules import Press
from app.features.notices.rules.roads import Message, Verdict
from app.features.notices.tables import By, Delivery, Device, Urgency
from app.kit.languages import language
from app.kit.web_push.carrier import Carrier, Roads
from app.kit.web_push.endpoints import Origins
from app.kit.web_push.vapid import Vapid
from app.kit.words import say
from tests.features.test_ringing import MIDDAY, tell
from tests.makers import a_login, a_person
from tests.push_service import a_push_service
from tests.ringing import a_bell
from tests.web_push_peers import Browser, b64

VAPID = Vapid(ec.generate_private_key(ec.SECP256R1()), "mailto:admin@example.org")


def a_message(**said) -> Message:
    known = {
        "delivery": 1,
        "by": By.push,
        "to": "https://fcm.googleapis.com/x",
        "tongue": language("zh-Hans"),
        "place": "百川里",
        "title": "百川里",
        "body": "您收到了回复。",
        "words": "Ana 回复了您",
        "url": "https://kith.example/asks/1",
        "stop": "https://kith.example/stop/x",
        "topic": "asks",
        "tag": "ABCDEFGH",
        "urgency": Urgency.everyday,
        "until": None,
    }
    return Message(**{**known, **said})


def test_the_payload_is_what_browsers_show_by_themselves_and_what_our_worker_reads():
    said = json.loads(payload(a_message()))

    assert said["web_push"] == 8030
    assert said["notification"]["title"] == "百川里" and said["notification"]["lang"] == "zh-Hans"
    assert said["notification"]["navigate"] == "https://kith.example/asks/1"
    assert said["notification"]["tag"] == "ABCDEFGH"
    [stop] = said["notification"]["actions"]
    assert stop == {"action": "stop", "title": "不再接收此类消息", "navigate": "https://kith.example/stop/x"}
    assert "Ana" not in str(said), "no personal word"
    press = Press(say("Approve"), "/bookings/5/approval", say("Approved. They hear it now."))
    [yes, _] = json.loads(payload(a_message(press=press)))["notification"]["actions"]
    done = "已通过，这就通知对方。"
    assert yes == {
        "action": "press",
        "title": "批准",
        "navigate": "https://kith.example/asks/1",
        "deed": "/bookings/5/approval",
        "done": done,
    }

    assert "actions" not in json.loads(payload(a_message(stop="")))["notification"], "what always comes has no stop"


@pytest.mark.parametrize("letters", [100, 820, 3000])
def test_whatever_somebody_wrote_it_fits(letters):
    plain = payload(a_message(body="水" * letters, title="百川里" * 20))
    assert len(plain) <= AIM and json.loads(plain)["notification"]["body"].startswith("水")


def test_urgency_end_and_topic_stand_in_the_headers_and_no_push_is_for_this_moment_only():
    soon = MIDDAY + timedelta(seconds=90)

    plain = headers_of(a_message(), MIDDAY)
    urgent = headers_of(a_message(urgency=Urgency.critical, until=soon), MIDDAY)
    nearly_over = headers_of(a_message(until=MIDDAY + timedelta(milliseconds=1)), MIDDAY)
    far = headers_of(a_message(until=MIDDAY + timedelta(days=100)), MIDDAY)

    assert (plain["Urgency"], plain["TTL"], plain["Topic"]) == ("normal", str(3 * 86400), "ABCDEFGH")
    assert (urgent["Urgency"], urgent["TTL"]) == ("high", "90")
    assert nearly_over["TTL"] == "1" and far["TTL"] == str(28 * 86400)


class Out:
    """A carrier, and the road over it, for as long as a test lasts."""

    def __init__(self, service):
        self.posts: list[Post] = []
        self.carrier = Carrier(lambda some: self.posts[0].came_back(some), roads=Roads(str(service.certificate)))
        self.posts.append(Post(self.carrier))
        self.pairs = Pairs()
        self.origins = Origins.from_setting(" ".join(f"https://localhost:{port}" for port in service.ports))
        self.road = ByPush(VAPID, self.origins, self.posts[0], self.pairs)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.carrier.close()


async def deliver(road, now=MIDDAY):
    while await spread_and_gather(a_bell(frozenset({By.push})), now):
        pass
    traffic = Traffic(road, a_bell(), lambda: now, Random(1))
    while await traffic.step():
        pass


async def somebody_with(service, kind, n=1):
    """(person, the phone's own keys)"""
    person = await a_person()
    await a_login(person)
    phone = Browser()
    device = Device(person=person.id, sign_in=0, endpoint=f"{service.origin}/t/{kind}/{n}", origin=service.origin)
    device.p256dh, device.auth, device.name = b64(phone.p256dh), b64(phone.auth), "A phone"
    device.made_at = device.seen_at = MIDDAY
    await device.save()
    return person, phone


async def test_a_notice_arrives_sealed_for_one_phone_with_a_pair_or_without(tmp_path):
    with a_push_service(tmp_path) as service:
        async with Out(service) as out:
            ana, phone = await somebody_with(service, "kept")
            await make_ready(out.pairs)
            assert len(out.pairs) == 1
            await tell(ana)
            await deliver(out.road)
            assert len(out.pairs) == 0, "a pair is used once"
            first = service.told()["kept"]["/t/kept/1"]
            await tell(ana, path="/asks/2")
            await deliver(out.road)
            second = service.told()["kept"]["/t/kept/1"]

    for arrived, path in ((first, "/asks/1"), (second, "/asks/2")):
        plain = phone.opens(base64.b64decode(arrived["body"]))
        assert json.loads(plain)["notification"]["navigate"] == f"https://kith.example{path}"
        assert arrived["headers"]["content-encoding"] == "aes128gcm" and arrived["headers"]["ttl"] != "0"
        assert arrived["headers"]["authorization"].startswith("vapid t=")
    assert first["headers"]["topic"] != second["headers"]["topic"]


@pytest.mark.parametrize(("others", "rests"), [("at work", idle.WAIT), ("idle", idle.BREATH)])
async def test_pairs_are_made_slowly_while_others_need_the_processor(database, monkeypatch, others, rests):
    for n in range(3):
        await somebody_with(SimpleNamespace(origin="https://push.example"), "live", n)
    rested, clock = [], count()

    async def rest(seconds):
        rested.append(seconds)

    monkeypatch.setattr(idle, "FEW", 1)
    monkeypatch.setattr(idle, "asyncio", SimpleNamespace(sleep=rest))
    monkeypatch.setattr(idle, "perf_counter", lambda: next(clock) * (2.0 if others == "at work" else 1.0))
    monkeypatch.setattr(idle, "thread_time", lambda: float(next(clock)))

    assert await make_ready(Pairs()) == 3
    assert rested == [0.0, rests, rests]


async def test_what_each_answer_does_to_the_phone_and_to_the_delivery(tmp_path):
    with a_push_service(tmp_path) as service:
        async with Out(service) as out:
            kinds = ["live", "gone", "lost", "broken", "moved", "hang"]
            for n, kind in enumerate(kinds):
                person, _ = await somebody_with(service, kind, n)
                await tell(person, path=f"/asks/{n}")
            await deliver(out.road)
            told = service.told()

    rows = await Delivery.select(Delivery.notice.path, Delivery.fate, Delivery.answer).order_by(Delivery.id)
    fate = {kinds[int(row["notice.path"][-1])]: (row["fate"], row["answer"]) for row in rows}
    assert fate == {
        "live": ("accepted", 201),
        "gone": ("gone", 410),
        "lost": ("gone", 404),
        "broken": ("waiting", 500),
        "moved": ("failed", 307),
        "hang": ("waiting", 0),
    }
    assert await Device.count() == 4 and not [path for path in told["came"] if "trap" in path]


async def test_an_address_is_looked_at_again_before_anything_is_sent_there(tmp_path):
    with a_push_service(tmp_path) as service:
        async with Out(service) as out:
            out.road = ByPush(VAPID, Origins.from_setting(""), out.posts[0], out.pairs)
            ana, _ = await somebody_with(service, "live")
            await tell(ana)
            await deliver(out.road)
            assert service.told()["came"] == {}
    assert (await Delivery.select(Delivery.fate).first())["fate"] == "failed" and await Device.count() == 1


async def test_a_phone_whose_keys_are_broken_stops_no_other(tmp_path):
    with a_push_service(tmp_path) as service:
        async with Out(service) as out:
            broken, _ = await somebody_with(service, "live", 1)
            await Device.update({Device.p256dh: "AAAA"}, force=True)
            whole, _ = await somebody_with(service, "live", 2)
            await make_ready(out.pairs)
            await tell(broken)
            await tell(whole)
            await deliver(out.road)
    rows = await Delivery.select(Delivery.fate).order_by(Delivery.id)
    assert [row["fate"] for row in rows] == ["failed", "accepted"]


async def test_nothing_that_is_due_waits_for_a_phone_that_hangs(tmp_path):
    with a_push_service(tmp_path) as service:
        async with Out(service) as out:
            for n in range(3):
                hangs, _ = await somebody_with(service, "hang", n)
                await tell(hangs)
            ana, _ = await somebody_with(service, "live", 9)
            await tell(ana)
            while await spread_and_gather(a_bell(frozenset({By.push})), MIDDAY):
                pass
            traffic = Traffic(out.road, a_bell(), lambda: MIDDAY, Random(1))
            stop = asyncio.Event()
            going = asyncio.create_task(traffic.keep_up(stop))
            for _ in range(40):
                await asyncio.sleep(0.2)
                if await Delivery.count().where(Delivery.fate == "accepted"):
                    break
            came, still = service.told()["came"], await Delivery.count().where(Delivery.done_at.is_null())
            going.cancel()
    assert came.get("/t/live/9") == 1 and still == 3, "it arrived while the others hang"


def test_what_a_carrier_cannot_take_now_is_tried_again():
    class Full:
        def send(self, letter):
            from app.kit.web_push.carrier import Full as TooMuch

            raise TooMuch

    async def sent():
        road = ByPush(VAPID, Origins.from_setting("https://push.example"), Post(Full()), Pairs())
        phone = Browser()
        message = a_message(to="https://push.example/1", keys=(b64(phone.p256dh), b64(phone.auth)))
        return await road.carry(message, datetime(2026, 5, 4, tzinfo=UTC))

    assert asyncio.run(sent()).verdict is Verdict.again
