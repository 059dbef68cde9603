"""A notice comes as a message of the community's WeCom application, to one member at a time."""

import asyncio
import json
import logging
import time
from contextlib import contextmanager

import pytest
from apprise.plugins.wechat import NotifyWeChat

from app.features.notices.jobs.wecom import BYTES, ByWecom, text_of
from app.features.notices.rules.roads import Verdict
from app.features.notices.tables import By
from tests.messages import NOON, a_message
from tests.web_house import a_web_house

URL = "wechat://corp1d:c0rpsecret@1000002"


@contextmanager
def wecom(monkeypatch, *, token=0, sends=0, **how):
    """WeCom's two doors, on this machine. `token` and `sends` are the numbers that they answer."""

    def says(path: str) -> bytes:
        if path.startswith("/gettoken"):
            return json.dumps({"errcode": token, "access_token": "t0ken", "expires_in": 7200}).encode()
        return json.dumps({"errcode": sends, "errmsg": "QuorraZzyzx is not here"}).encode()

    with a_web_house(says=says, **how) as house:
        monkeypatch.setattr(NotifyWeChat, "token_url", f"http://127.0.0.1:{house.port}/gettoken")
        monkeypatch.setattr(NotifyWeChat, "notify_url", f"http://127.0.0.1:{house.port}/send")
        yield house


def sent(house):
    return [json.loads(each.body) for each in house.asked if each.path.startswith("/send")]


async def test_one_member_reads_it_with_its_link_and_its_stop(monkeypatch):
    message = a_message(By.wecom, "zh-Hans")

    with wecom(monkeypatch) as house:
        outcome = await ByWecom(URL).carry(message, NOON)

    assert outcome.verdict == Verdict.accepted
    [told] = sent(house)
    assert (told["touser"], told["agentid"], told["msgtype"]) == ("QuorraZzyzx", 1000002, "text")
    assert not {"toparty", "totag"} & set(told)
    assert told["text"]["content"] == (
        f'百川里：您收到一个答复。\n{message.url}\n<a href="{message.stop}">不再收到这类消息</a>'
    )


@pytest.mark.parametrize("to", ["@all", "", "a|b", "#1", "+2", "a b", "@quorra"])
async def test_it_never_goes_to_everybody(to, monkeypatch):
    with wecom(monkeypatch) as house:
        assert (await ByWecom(URL).carry(a_message(By.wecom, to=to), NOON)).verdict == Verdict.failed
    assert house.asked == []


async def test_twenty_members_do_not_wait_for_one_another(monkeypatch):
    """apprise would sleep 5.5 s between any two; the key to the door is asked for once and shared."""
    with wecom(monkeypatch) as house:
        road, began = ByWecom(URL), time.monotonic()
        assert (await road.carry(a_message(By.wecom), NOON)).verdict == Verdict.accepted
        outcomes = await asyncio.gather(*[road.carry(a_message(By.wecom, to=f"m{n}"), NOON) for n in range(20)])
        took = time.monotonic() - began

    assert {each.verdict for each in outcomes} == {Verdict.accepted} and took < 50  # not twenty times 5.5
    assert sorted(each["touser"] for each in sent(house)) == sorted(["QuorraZzyzx", *[f"m{n}" for n in range(20)]])
    assert len(house.asked) == 22


async def test_one_member_gets_no_more_than_wecom_allows_for_one(monkeypatch):
    with wecom(monkeypatch) as house:
        road = ByWecom(URL)
        outcomes = [await road.carry(a_message(By.wecom), NOON) for _ in range(18)]
        other = await road.carry(a_message(By.wecom, to="ben"), NOON)

    assert [each.verdict for each in outcomes] == [Verdict.accepted] * 15 + [Verdict.again] * 3
    assert other.verdict == Verdict.accepted and len(sent(house)) == 16


@pytest.mark.parametrize(
    ("how", "verdict", "answer"),
    [
        ({"sends": 81013}, Verdict.failed, 81013),
        ({"sends": 60111}, Verdict.failed, 60111),
        ({"sends": 45009}, Verdict.wait, 45009),
        ({"sends": 60020}, Verdict.refused, 60020),
        ({"sends": 42001}, Verdict.again, 42001),
        ({"sends": -1}, Verdict.again, -1),
        ({"token": 40001}, Verdict.refused, 40001),
        ({"token": -1}, Verdict.again, -1),
        ({"status": 500}, Verdict.again, 500),
        ({"status": 503}, Verdict.wait, 503),
    ],
)
async def test_what_wecom_answers_is_understood_and_no_log_learns_it(how, verdict, answer, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.WARNING)

    with wecom(monkeypatch, **how):
        road = ByWecom(URL)
        outcome = await road.carry(a_message(By.wecom), NOON)

    assert (outcome.verdict, outcome.answer) == (verdict, answer)
    told = caplog.text + repr(outcome) + repr(road)
    assert not [each for each in ("Zzyzx", "c0rpsecret", "t0ken", "answer.") if each in told]


async def test_when_wecom_is_away_it_is_tried_again(monkeypatch):
    with wecom(monkeypatch):
        road = ByWecom(URL)
    assert (await road.carry(a_message(By.wecom), NOON)).verdict == Verdict.again


def test_long_words_give_way_and_links_stay():
    message = a_message(By.wecom, "zh-Hans", body='<a href="x">' + "水" * 2000)
    text = text_of(message)
    assert len(text.encode()) <= BYTES and text.endswith("</a>") and message.url in text
    assert text.count("<a ") == 1
