"""The groups of neighbours hear of an announcement from their robots, once, and no robot waits for another."""

import asyncio
import json
import logging
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import settings
from app.db import writing
from app.features.announcements import rules as announcements
from app.features.announcements.rules.writing import Draft
from app.features.notices.jobs.groups import OFTEN, PAUSES, GroupRobot, keep_posting
from app.features.notices.rules import posting
from app.features.notices.rules.posting import post_to_groups
from app.features.notices.tables import Fate, GroupPost, Urgency
from app.kit.words import say
from tests.command_line import until
from tests.makers import NOON, a_community, a_person, an_administrator, an_area
from tests.web_house import a_web_house

HOUSE = "https://kith.example.org"
DRAFT = Draft({"zh-Hans": "停水通知", "en": "Water off"}, {"zh-Hans": "明天九点起。", "en": "From nine."})


@contextmanager
def robots(monkeypatch, *houses):
    """Groups whose robots are these web houses."""
    urls = tuple(f"json://127.0.0.1:{each.port}/group/s3cret" for each in houses)
    monkeypatch.setattr(posting, "settings", lambda: replace(settings(), notify_urls=urls))
    yield [GroupRobot(url, HOUSE) for url in urls]


def said_by(house):
    return [json.loads(each.body)["message"] for each in house.asked]


async def the_posts():
    return await GroupPost.select().order_by(GroupPost.id)


async def test_an_announcement_to_all_is_posted_once_in_both_languages_without_a_name(monkeypatch):
    boss = await an_administrator(name="Boss")
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        number = await announcements.announce(DRAFT, area=None, by=boss, now=NOON)
        assert [await robot.post_due(lambda: NOON), await robot.post_due(lambda: NOON)] == [1, 0]

    assert said_by(house) == [f"新公告：停水通知\nOn the board: Water off\n{HOUSE}/announcements/{number}"]
    [post] = await the_posts()
    assert (post["fate"], post["answer"], post["done_at"]) == (Fate.accepted, 200, NOON)
    assert "s3cret" not in str(post)


async def test_what_was_written_in_one_language_is_posted_in_that_one(monkeypatch):
    only = Draft({"zh-Hans": "停水通知"}, {"zh-Hans": "明天九点起。"})
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        await announcements.announce(only, area=None, by=await an_administrator(), now=NOON)
        await robot.post_due(lambda: NOON)

    [said] = said_by(house)
    assert said.splitlines()[:-1] == ["新公告：停水通知"]


async def test_what_is_for_one_building_is_not_posted(monkeypatch):
    with a_web_house() as house, robots(monkeypatch, house):
        await announcements.announce(DRAFT, area=(await an_area()).id, by=await an_administrator(), now=NOON)
    assert await the_posts() == []


async def test_what_was_taken_down_before_a_robot_came_to_it_is_not_posted(monkeypatch):
    boss = await an_administrator()
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        number = await announcements.announce(DRAFT, area=None, by=boss, now=NOON)
        await announcements.withdraw(number, by=boss, now=NOON)
        assert await robot.post_due(lambda: NOON) == 0

        await announcements.put_up_again(number, by=boss, now=NOON)
        assert await robot.post_due(lambda: NOON) == 1


async def a_deed_that_fails():
    async with writing():
        await post_to_groups(say("Hello"), path="/", key="a", now=NOON)
        raise RuntimeError


async def test_no_deed_no_post(monkeypatch):
    await a_community()
    with a_web_house() as house, robots(monkeypatch, house), pytest.raises(RuntimeError):
        await a_deed_that_fails()
    assert await the_posts() == []


async def some_posts(number, **said):
    await a_community()
    for n in range(number):
        await post_to_groups(say("Hello"), path=f"/{n}", key=f"{said}:{n}", now=NOON, **said)


async def test_the_same_key_posts_once_to_each_group(monkeypatch):
    with a_web_house() as one, a_web_house() as other, robots(monkeypatch, one, other) as both:
        await some_posts(1)
        await some_posts(1)
        assert [await robot.post_due(lambda: NOON) for robot in both] == [1, 1]
    assert len(await the_posts()) == 2


async def test_no_group_hears_more_than_it_takes_in_a_minute_and_what_is_urgent_goes_first(monkeypatch):
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        await some_posts(OFTEN + 4)
        await some_posts(1, urgency=Urgency.urgent)
        assert await robot.post_due(lambda: NOON) == OFTEN
        assert await robot.post_due(lambda: NOON + timedelta(seconds=59)) == 0
        assert await robot.post_due(lambda: NOON + timedelta(seconds=61)) == 5

    assert len(house.asked) == OFTEN + 5
    assert said_by(house)[0].endswith(f"{HOUSE}/0") and said_by(house)[1].endswith(f"{HOUSE}/0")


async def test_two_workers_at_once_post_each_once(monkeypatch):
    with a_web_house(slow=0.02) as house, robots(monkeypatch, house) as [robot]:
        await some_posts(10)
        again = GroupRobot(robot.url, HOUSE)
        assert sum(await asyncio.gather(robot.post_due(lambda: NOON), again.post_due(lambda: NOON))) == 10
    assert len(set(said_by(house))) == len(house.asked) == 10


async def test_a_worker_that_died_loses_its_post_to_the_next(monkeypatch):
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        await some_posts(1)
        assert await robot._claim(NOON)
        assert await robot.post_due(lambda: NOON + timedelta(minutes=1)) == 0
        assert await robot.post_due(lambda: NOON + timedelta(minutes=3)) == 1


async def test_a_robot_that_refuses_is_asked_again_with_growing_pauses_and_then_left(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    with a_web_house(status=500) as house, robots(monkeypatch, house) as [robot]:
        await some_posts(1, until=NOON + timedelta(minutes=3))
        at, tried = NOON, []
        while at < NOON + timedelta(hours=2):
            tried += [at - NOON] * await robot.post_due(lambda at=at: at)
            at += timedelta(seconds=10)

    assert tried == [timedelta(), PAUSES[0], PAUSES[0] + PAUSES[1], PAUSES[0] + PAUSES[1] + PAUSES[2]]
    [post] = await the_posts()
    assert (post["fate"], post["answer"], post["tries"]) == (Fate.failed, 500, 4)
    assert not [each for each in ("s3cret", "Hello", "127.0.0.1") if each in caplog.text + repr(robot)]


async def test_what_is_over_is_not_posted_any_more(monkeypatch):
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        await some_posts(1, until=NOON)
        assert await robot.post_due(lambda: NOON) == 0
    assert [post["fate"] for post in await the_posts()] == [Fate.over]


async def test_a_robot_that_hangs_delays_no_other(monkeypatch):
    with a_web_house(slow=10) as hangs, a_web_house() as quick, robots(monkeypatch, hangs, quick) as both:
        await some_posts(5)
        stop = asyncio.Event()
        posting_ = asyncio.create_task(keep_posting([each.url for each in both], HOUSE, stop))
        await asyncio.to_thread(until, lambda: len(quick.asked) == 5 and hangs.asked)
        stop.set()
        assert max(each.at for each in quick.asked) - hangs.asked[0].at < 10
        assert len(hangs.asked) == 1
        posting_.cancel()


async def test_without_robots_nothing_is_written():
    await announcements.announce(DRAFT, area=None, by=await an_administrator(), now=NOON)
    await a_person()
    assert await the_posts() == []
    await keep_posting((), HOUSE, asyncio.Event())


async def test_what_a_robot_said_late_counts_for_the_minute_in_which_it_said_it(monkeypatch):
    clock = [NOON]

    def slow_at_first(path):
        clock[0] = max(clock[0], NOON + timedelta(seconds=50))
        return b""

    with a_web_house(says=slow_at_first) as house, robots(monkeypatch, house) as [robot]:
        await some_posts(OFTEN + 4)
        assert await robot.post_due(lambda: clock[0]) == OFTEN
        assert await robot.post_due(lambda: NOON + timedelta(seconds=61)) == 0
        assert await robot.post_due(lambda: NOON + timedelta(seconds=111)) == 4


async def test_what_is_taken_back_while_a_robot_says_it_is_not_tried_again(monkeypatch):
    with a_web_house() as house, robots(monkeypatch, house) as [robot]:
        await some_posts(1)
        under_way = await robot._claim(NOON)
        await posting.take_back(under_way.key)
        assert await robot.post_due(lambda: NOON + timedelta(minutes=3)) == 0
    assert await the_posts() == []
