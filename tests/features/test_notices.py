"""The doorbell rings once, for the right person, and in their own language."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.db import writing
from app.features.notices import rules as notices
from app.features.notices.tables import Notice, Urgency
from app.features.people.tables import Person, State
from app.kit.languages import language
from app.kit.refusals import Missing
from app.kit.tables import Change
from app.kit.words import say

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HELLO = say("%(name)s asks for your help", name="Ana")


class Stumbled(Exception):
    pass


async def a_person(name: str = "Wu Mei") -> int:
    person = Person(name=name, phone="", email="", language="en", photo="", state=State.active, made_at=NOON)
    await person.save()
    return person.id


async def told(person_id: int) -> list[dict]:
    return list(await notices.page_of(person_id))


async def announced() -> set[str]:
    return {row["channel"] for row in await Change.select(Change.channel)}


async def test_a_person_is_told_and_reads_it_in_their_own_language():
    mei = await a_person()
    await notices.tell(mei, HELLO, path="/asks/5", now=NOON)

    (notice,) = await told(mei)
    assert notice["sentence"].spoken(language("en")) == "Ana asks for your help"
    assert (notice["path"], notice["topic"], notice["urgency"]) == ("/asks/5", "asks", Urgency.everyday)
    assert await announced() == {f"person:{mei}"}


async def test_the_same_key_tells_nobody_twice():
    mei = await a_person()
    for _ in range(2):
        await notices.tell(mei, HELLO, path="/asks/5", now=NOON, key="ask:5")

    assert len(await told(mei)) == 1
    assert await Change.count() == 1


async def test_ten_at_once_under_one_key_ring_once():
    mei = await a_person()

    async def deed():
        async with writing():
            await notices.tell(mei, HELLO, path="/asks/5", now=NOON, key="ask:5")

    await asyncio.gather(*[deed() for _ in range(10)])

    assert len(await told(mei)) == 1


async def test_no_deed_no_notice():
    mei = await a_person()

    async def stumble():
        async with writing():
            await notices.tell(mei, HELLO, path="/asks/5", now=NOON)
            raise Stumbled

    with pytest.raises(Stumbled):
        await stumble()

    assert await told(mei) == []
    assert await announced() == set()


async def test_many_are_told_at_once_and_each_only_once(monkeypatch):
    monkeypatch.setattr(notices, "AT_ONCE", 3)
    people = [await a_person(str(n)) for n in range(7)]
    await notices.tell(people[0], HELLO, path="/", now=NOON, key="who can")

    await notices.tell_all([*people, people[1]], HELLO, path="/", now=NOON, key="who can")

    assert [len(await told(each)) for each in people] == [1] * 7
    assert await announced() == {f"person:{each}" for each in people}


async def test_reading_one_leads_to_its_page_and_lowers_the_count():
    mei = await a_person()
    for path in ("/asks/5", "/asks/6"):
        await notices.tell(mei, HELLO, path=path, now=NOON)
    newest = (await told(mei))[0]

    assert await notices.unread(mei, NOON) == 2
    assert await notices.read(newest["id"], by=mei, now=NOON) == "/asks/6"
    assert await notices.read(newest["id"], by=mei, now=NOON + DAY) == "/asks/6"
    assert await notices.unread(mei, NOON) == 1
    assert (await told(mei))[0]["read_at"] == NOON


async def test_another_persons_notice_is_not_there():
    mei, ana = await a_person(), await a_person("Ana")
    await notices.tell(mei, HELLO, path="/asks/5", now=NOON)
    (notice,) = await told(mei)

    with pytest.raises(Missing):
        await notices.read(notice["id"], by=ana, now=NOON)
    await notices.read_all(ana, NOON)
    assert await notices.unread(mei, NOON) == 1


async def test_reading_all_leaves_nothing_unread():
    mei = await a_person()
    for n in range(3):
        await notices.tell(mei, HELLO, path=f"/asks/{n}", now=NOON)

    await notices.read_all(mei, NOON)

    assert await notices.unread(mei, NOON) == 0


async def test_what_is_over_no_longer_counts():
    mei = await a_person()
    await notices.tell(mei, HELLO, path="/asks/5", now=NOON, until=NOON + DAY)

    assert await notices.unread(mei, NOON) == 1
    assert await notices.unread(mei, NOON + DAY) == 0


async def test_what_is_no_longer_true_is_taken_back_and_may_be_said_anew():
    mei, ana = await a_person(), await a_person("Ana")
    await notices.tell_all([mei, ana], HELLO, path="/asks/5", now=NOON, key="ask:5")

    await notices.withdraw("ask:5", person_id=ana)
    assert [len(await told(each)) for each in (mei, ana)] == [1, 0]
    await notices.withdraw("ask:5")
    assert await told(mei) == []
    await notices.tell(mei, HELLO, path="/asks/5", now=NOON, key="ask:5")
    assert len(await told(mei)) == 1


async def test_the_list_comes_in_pages_newest_first():
    mei = await a_person()
    for n in range(25):
        await notices.tell(mei, HELLO, path=f"/asks/{n}", now=NOON)

    first, second = await notices.page_of(mei, 1), await notices.page_of(mei, 2)

    assert (len(first.rows), first.more, first.rows[0]["path"]) == (20, True, "/asks/24")
    assert (len(second.rows), second.more, second.rows[-1]["path"]) == (5, False, "/asks/0")


async def test_a_person_takes_their_notices_along_and_is_forgotten():
    mei, ana = await a_person(), await a_person("Ana")
    await notices.tell_all([mei, ana], HELLO, path="/asks/5", now=NOON)

    assert len((await notices.mine(mei))["notices"]) == 1
    await notices.forget(mei, now=NOON)
    assert (await notices.mine(mei))["notices"] == []
    assert len(await told(ana)) == 1


async def test_what_was_read_goes_after_three_months_and_the_rest_after_a_year():
    mei = await a_person()
    for path in ("/read", "/unread"):
        await notices.tell(mei, HELLO, path=path, now=NOON)
    await notices.read((await told(mei))[1]["id"], by=mei, now=NOON)

    await notices.purge(NOON + 90 * DAY)
    assert await Notice.count() == 2
    await notices.purge(NOON + 91 * DAY)
    assert [notice["path"] for notice in await told(mei)] == ["/unread"]
    await notices.purge(NOON + 366 * DAY)
    assert await told(mei) == []
