"""A neighbour blocks another: neither finds the other, and the other is not told why."""

import asyncio

import pytest

from app.features.moderation import rules as moderation
from app.features.moderation.tables import Block
from app.features.notices.tables import Notice
from app.features.skills import rules
from app.features.skills.rules import Offer, Request, Wanted
from app.features.skills.tables import Category
from app.kit.refusals import Missing
from app.kit.words import kept
from tests.makers import NOON, a_household, a_login, a_person, an_administrator


async def two():
    """Ana and Ben in one building, both carpenters."""
    home = await a_household()
    ana, ben = await a_person(name="Ana", home=home), await a_person(name="Ben", home=home)
    skill = {each.id: await rules.offer(Offer("Carpentry", Category.repairs), by=each, now=NOON) for each in (ana, ben)}
    return ana, ben, skill


async def found(by, **wanted):
    return {each.id for each in (await rules.neighbours(Wanted(**wanted), by=by)).rows}


async def test_neither_finds_the_other_in_the_directory():
    ana, ben, _ = await two()
    cleo = await a_person()
    await moderation.block(ben.id, by=ana, now=NOON)

    for one, other in ((ana, ben), (ben, ana)):
        assert other.id not in await found(one) | await found(one, words="carpentry")
        with pytest.raises(Missing):
            await rules.person(other.id, by=one, now=NOON)
    assert {ana.id, ben.id} <= await found(cleo)


async def test_neither_can_ask_the_other():
    ana, ben, skill = await two()
    await moderation.block(ben.id, by=ana, now=NOON)
    for one, other in ((ana, ben), (ben, ana)):
        with pytest.raises(Missing):
            await rules.skill(skill[other.id], by=one)
        with pytest.raises(Missing):
            await rules.ask(skill[other.id], Request("Please"), by=one, now=NOON)


async def test_a_call_to_whoever_can_does_not_reach_them():
    ana, ben, _ = await two()
    await a_login(ben)
    await moderation.block(ben.id, by=ana, now=NOON)
    ask, rung = await rules.ask_anybody(Request("Who can do carpentry?", category=Category.repairs), by=ana, now=NOON)
    assert rung == 0
    with pytest.raises(Missing):
        await rules.whole(ask, by=ben, now=NOON)
    assert (await rules.asks(ben, now=NOON)).for_anybody == []


async def test_what_was_agreed_ends_decently():
    ana, ben, skill = await two()
    ask = await rules.ask(skill[ben.id], Request("My shelf"), by=ana, now=NOON)
    await rules.accept(ask, by=ben, now=NOON)

    await moderation.block(ben.id, by=ana, part_ways=[rules.part_ways], now=NOON)
    seen = await rules.whole(ask, by=ben, now=NOON)
    assert seen.ask.stage == "withdrawn" and seen.contact is None
    row = (
        await Notice.select(Notice.sentence).where(Notice.person == ben.id).order_by(Notice.id, ascending=False).first()
    )
    words = str(kept(row["sentence"]))
    assert "has ended" in words and "Ana" not in words and "block" not in words


async def test_lifted_they_find_each_other_again(sign_in):
    ana, ben, _ = await two()
    browser = await sign_in(ana)
    assert "Ben" in (await browser.post(f"/neighbours/{ben.id}/block")).text
    await browser.post(f"/neighbours/{ben.id}/block/end")
    assert ben.id in await found(ana)
    assert (await browser.post(f"/neighbours/{ben.id}/block/end")).status_code == 409


async def test_blocked_ten_times_at_once_is_blocked_once():
    ana, ben, _ = await two()
    await asyncio.gather(*[moderation.block(ben.id, by=ana, now=NOON) for _ in range(10)])
    assert await Block.count() == 1


async def test_who_looks_after_the_community_sees_them_still():
    _, ben, _ = await two()
    boss = await an_administrator()
    await moderation.block(boss.id, by=ben, now=NOON)
    assert (await rules.person(ben.id, by=boss, now=NOON)).who.id == ben.id
