"""A notice comes as a text message: short, signed, once."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from app.addresses import Webhook
from app.config import ROOT, from_env
from app.features.notices.jobs.texts import BySms, signed, text_of
from app.features.notices.rules.roads import Verdict
from app.features.notices.tables import By
from app.kit.clock import now
from app.kit.webhooks import post
from tests.command_line import until
from tests.messages import NOON, a_message
from tests.ports import free_port
from tests.web_house import a_web_house

SECRET = "a-secret-that-is-long"


@contextmanager
def the_receiver(folder, instead=""):
    """docs/sms_receiver.py as it stands there, in a process of its own. Gives back its address and what it carried.

    `instead` is put before its last lines: another gateway.
    """
    port, said, program = free_port(), folder / "said", folder / "receiver.py"
    program.write_text((ROOT / "docs/sms_receiver.py").read_text().replace("\nif __name__", f"{instead}\nif __name__"))
    env = {"SMS_SECRET": SECRET, "SMS_SEEN": str(folder / "seen.db"), "PATH": os.environ["PATH"]}
    with said.open("w") as out:
        run = subprocess.Popen([sys.executable, program, str(port)], env=env, stdout=out)
        try:
            until(lambda: post(f"http://127.0.0.1:{port}/", b"", {}).status == 401, seconds=30)
            yield f"http://127.0.0.1:{port}/kith", lambda: [json.loads(line) for line in said.read_text().splitlines()]
        finally:
            run.kill()
            run.wait()


async def test_the_receiver_of_the_docs_carries_what_we_sent_and_each_once(tmp_path):
    with the_receiver(tmp_path) as (address, carried):
        road = BySms(Webhook(address, SECRET))
        first, other = a_message(By.sms), a_message(By.sms, "zh-Hans")

        outcomes = [await road.carry(each, now()) for each in (first, first, other)]

        assert [(each.verdict, each.answer) for each in outcomes] == [
            (Verdict.accepted, 202),
            (Verdict.accepted, 200),
            (Verdict.accepted, 202),
        ]
        assert [each["to"] for each in carried()] == ["+8613899990042"] * 2
        assert carried()[0]["text"].endswith(first.url)
        assert (await road.carry(a_message(By.sms, to="nobody"), now())).verdict == Verdict.failed


async def test_a_repeat_that_comes_while_the_gateway_is_slow_is_told_to_come_later_and_is_not_lost(tmp_path):
    """The first try fails after its repeat was asked for: an answer of 200 to that would have lost the message."""
    began, go_on = tmp_path / "began", tmp_path / "go-on"
    slow = f"""
import pathlib, time
def carry(to, text):
    first = not pathlib.Path({str(began)!r}).exists()
    pathlib.Path({str(began)!r}).touch()
    while first and not pathlib.Path({str(go_on)!r}).exists():
        time.sleep(0.02)
    if first:
        raise OSError("the gateway hung up")
    print(json.dumps({{"to": to, "text": text}}), flush=True)
"""
    with the_receiver(tmp_path, slow) as (address, carried):
        road, message = BySms(Webhook(address, SECRET)), a_message(By.sms)
        first = asyncio.create_task(road.carry(message, now()))
        await asyncio.to_thread(until, began.exists, seconds=10)

        meanwhile = await road.carry(message, now())
        go_on.touch()

        assert [meanwhile.verdict, (await first).verdict] == [Verdict.again, Verdict.again] and carried() == []
        assert (await road.carry(message, now())).answer == 202
        assert (await road.carry(message, now())).answer == 200 and len(carried()) == 1


async def test_what_was_under_way_when_the_receiver_died_is_carried_when_it_comes_again(tmp_path):
    message = a_message(By.sms)
    with the_receiver(tmp_path, "\ndef carry(to, text):\n    os._exit(1)\n") as (address, _):
        assert (await BySms(Webhook(address, SECRET)).carry(message, now())).verdict == Verdict.again
    with the_receiver(tmp_path) as (address, carried):
        assert (await BySms(Webhook(address, SECRET)).carry(message, now())).answer == 202
        assert len(carried()) == 1


async def test_the_receiver_believes_nobody_else_and_nothing_old(tmp_path):
    with the_receiver(tmp_path) as (address, carried):
        message, body = a_message(By.sms), b'{"to": "+1", "text": "x"}'

        stranger = await BySms(Webhook(address, "another-secret-key")).carry(message, now())
        old = await BySms(Webhook(address, SECRET)).carry(message, now() - timedelta(minutes=6))
        changed = post(address, body + b" ", signed(SECRET, body, now()))
        moved = post(address, body, signed(SECRET, body, NOON) | {"Kith-Timestamp": str(int(now().timestamp()))})

        assert [stranger.verdict, old.verdict] == [Verdict.refused, Verdict.refused]
        assert [changed.status, moved.status] == [401, 401]
        assert carried() == []


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (202, Verdict.accepted),
        (400, Verdict.failed),
        (422, Verdict.failed),
        (401, Verdict.refused),
        (404, Verdict.refused),
        (307, Verdict.refused),
        (500, Verdict.again),
        (502, Verdict.again),
    ],
)
async def test_each_answer_of_the_webhook_means_what_the_docs_say(status, verdict):
    with a_web_house(status, {"Location": "/elsewhere"}) as house:
        outcome = await BySms(Webhook(house.address, SECRET)).carry(a_message(By.sms), NOON)
    assert (outcome.verdict, outcome.answer) == (verdict, status)
    assert [each.path for each in house.asked] == ["/kith"], "a redirect was followed"


def in_five_minutes() -> str:
    return format_datetime(now() + timedelta(minutes=5), usegmt=True)


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("120", 120, 120),
        (in_five_minutes, 290, 301),
        ("Fri, 01 May 2020 11:00:00 GMT", 60, 60),
        ("soon", 60, 60),
        ("", 60, 60),
        ("9999999", 3600, 3600),
    ],
    ids=["seconds", "a date", "a date gone by", "a word", "nothing", "for months"],
)
async def test_whoever_asks_us_to_wait_is_waited_for(said, least, most):
    when = said() if callable(said) else said
    with a_web_house(429, {"Retry-After": when}) as house:
        outcome = await BySms(Webhook(house.address, SECRET)).carry(a_message(By.sms), NOON)
    assert outcome.verdict == Verdict.wait and least <= outcome.pause.total_seconds() <= most


async def test_a_webhook_that_is_away_is_tried_again_and_no_log_learns_anything(caplog):
    caplog.set_level(logging.DEBUG)
    webhook = Webhook(f"http://127.0.0.1:{free_port()}/a-key-in-the-path", SECRET)

    outcome = await BySms(webhook).carry(a_message(By.sms), NOON)

    assert (outcome.verdict, outcome.answer) == (Verdict.again, 0)
    told = repr(outcome) + repr(webhook) + caplog.text
    assert not [each for each in (SECRET, "a-key-in", "13899990042", "answer.") if each in told]


def test_the_secret_signs_and_is_not_sent():
    known = from_env({"KITH_SMS_WEBHOOK": f"https://{SECRET}@sms.example.org:8443/kith?a=b"}).sms
    assert known == Webhook("https://sms.example.org:8443/kith?a=b", SECRET)
    assert SECRET not in repr(known) and known.origin == "https://sms.example.org:8443"


LINK = "https://kith.example.org/asks/12"


@pytest.mark.parametrize(
    ("tag", "body", "text"),
    [
        ("zh-Hans", "您收到一个答复。", f"百川里：您收到一个答复。 {LINK}"),
        ("en", "You have an answer.", f"百川里: You have an answer. {LINK}"),
        ("en", "You have an answer. " * 4, "You have an answer. " * 4 + f" {LINK}"),
        ("zh-Hans", "水" * 37, "水" * 37 + f" {LINK}"),
        ("zh-Hans", "水" * 80, "水" * 36 + f"… {LINK}"),
        ("en", "x" * 200, "x" * 124 + f"... {LINK}"),
        ("en", "🌊" * 40, "🌊" * 18 + f"… {LINK}"),
    ],
)
def test_it_is_one_message_with_its_link(tag, body, text):
    assert text_of(a_message(By.sms, tag, body=body, url=LINK)) == text
    alphabet = text.isascii()
    assert len(text.encode("utf-16-le")) // 2 <= (160 if alphabet else 70)


def test_a_link_that_fills_a_message_alone_goes_with_all_the_words():
    link = "https://kith.example.org/" + "x" * 60
    assert text_of(a_message(By.sms, "zh-Hans", url=link)) == f"您收到一个答复。 {link}"


def test_a_text_message_says_no_more_than_a_lock_screen_may():
    assert "ladder" not in text_of(a_message(By.sms))
