"""Somebody without an account asks: officers let it in, and one secret shows how it goes."""

from datetime import timedelta

import pytest

from app.features.help import rules
from app.features.help.rules import Asking, Who
from app.features.help.tables import Guest, Need, Stage, What
from app.features.notices.tables import Notice, Urgency
from app.features.people.tables import Kind
from app.kit.refusals import Missing, Refusal, TooOften
from app.kit.tables import Later
from tests.makers import NOON, a_household, a_person, an_area

DAY = timedelta(days=1)
MEI = Who("Mei Wang", "+8613800138000", "3-1-101", agrees=True)
ASKING = Asking(What.groceries, "Rice for my mother", "She hears badly: ring long", urgency=Urgency.soon)


async def a_guest(area=None, *, now=NOON, who=MEI):
    secret = await rules.ask_by_link(ASKING, who, area=area, network="192.0.2", language="en", now=now)
    return secret, await rules.link(secret, now=now)


async def stage(need):
    return (await Need.select(Need.stage).where(Need.id == need).first())["stage"]


async def test_it_stands_on_no_board_before_an_officer_has_let_it_in():
    officer, ben = await a_person(role=Kind.coordinator), await a_person()
    _, link = await a_guest()

    assert (await rules.board(ben, now=NOON)).open == []
    with pytest.raises(Missing):
        await rules.whole(link.need, by=ben, now=NOON)
    seen = await rules.whole(link.need, by=officer, now=NOON)
    assert (seen.guest.phone, seen.details) == ("+8613800138000", "She hears badly: ring long")

    await rules.admit(link.need, by=officer, now=NOON)
    assert [each.id for each in (await rules.board(ben, now=NOON)).open] == [link.need]
    shown = await rules.whole(link.need, by=ben, now=NOON)
    assert (shown.guest, shown.details, shown.contacts) == (None, "", [])


async def test_the_stewards_of_the_named_building_and_the_committee_hear_of_it_and_another_steward_does_not():
    here, there = await an_area(), await an_area()
    steward, other = await a_person(role=Kind.steward, area=here), await a_person(role=Kind.steward, area=there)
    boss, neighbour = await a_person(role=Kind.administrator), await a_person(home=await a_household(area=here))
    _, link = await a_guest(here.id)

    rang = {row["person"] for row in await Notice.select(Notice.person)}
    assert rang == {steward.id, boss.id}
    for each in (other, neighbour):
        with pytest.raises(Missing):
            await rules.admit(link.need, by=each, now=NOON)
    await rules.admit(link.need, by=steward, now=NOON)
    still = {row["person"] for row in await Notice.select(Notice.person).where(Notice.key == f"need:{link.need}:guest")}
    assert still == set(), "the others need not look any more"


async def test_the_guest_follows_it_to_the_end_behind_the_link():
    officer, ben = await a_person(role=Kind.coordinator), await a_person(name="Ben", phone="+8613912345678")
    secret, link = await a_guest()
    await rules.admit(link.need, by=officer, now=NOON)
    await rules.take(link.need, by=ben, now=NOON)

    theirs = await rules.whole(link.need, by=link, now=NOON)
    assert [each.phone for each in theirs.contacts] == ["+8613912345678"] and theirs.known_by is not None
    his = await rules.whole(link.need, by=ben, now=NOON)
    assert [(each.name, each.phone, each.addresses) for each in his.contacts] == [
        ("Mei Wang", "+8613800138000", ("3-1-101",))
    ]
    assert not (await rules.whole(link.need, by=officer, now=NOON)).contacts

    await rules.complete(link.need, by=ben, now=NOON)
    await rules.confirm(link.need, by=await rules.link(secret, now=NOON), now=NOON)
    assert await stage(link.need) == Stage.confirmed
    late = NOON + DAY
    assert (await rules.whole(link.need, by=ben, now=late)).contacts == []
    assert (await rules.whole(link.need, by=link, now=late)).contacts == []


async def test_the_secret_can_be_typed_with_spaces_and_capitals_and_is_not_kept():
    secret, link = await a_guest()
    typed = rules.grouped(secret).upper()
    assert (await rules.link(typed, now=NOON)).need == link.need
    kept = (await Guest.select(Guest.fingerprint).first())["fingerprint"]
    assert secret not in kept and len(kept) == 64


async def test_a_link_opens_its_own_need_and_no_other():
    _, mine = await a_guest()
    _, other = await a_guest(who=Who("Lin", "+8613800138001", "5", agrees=True))
    with pytest.raises(Missing):
        await rules.withdraw(other.need, by=mine, now=NOON)
    with pytest.raises(Missing):
        await rules.link("nosuchcodeatall77", now=NOON)


async def test_whoever_tries_out_codes_soon_waits_and_a_right_one_still_opens():
    secret, _ = await a_guest()
    for _ in range(60):
        with pytest.raises(Missing):
            await rules.link("2" * 17, network="198.51.100", now=NOON)
    with pytest.raises(TooOften):
        await rules.link("2" * 17, network="198.51.100", now=NOON)
    assert await rules.link(secret, network="198.51.100", now=NOON)


async def test_three_a_day_from_one_phone_and_network():
    for _ in range(3):
        await a_guest()
    with pytest.raises(TooOften):
        await a_guest()
    await a_guest(who=Who("Lin", "+8613800138001", "5", agrees=True))
    await a_guest(now=NOON + DAY)


async def test_nothing_is_kept_about_whoever_did_not_agree():
    with pytest.raises(Refusal) as refused:
        await a_guest(who=Who("Mei", "+8613800138000", "5"))
    assert refused.value.beside == "agrees"
    assert not await Need.exists() and not await Guest.exists()


async def test_an_officer_turns_it_away_with_a_reason_that_the_guest_reads():
    officer = await a_person(role=Kind.administrator)
    _, link = await a_guest()
    await rules.turn_away(link.need, "We could not reach you", by=officer, now=NOON)
    seen = await rules.whole(link.need, by=link, now=NOON)
    assert seen.need.stage == Stage.refused
    assert seen.steps[-1].words == "We could not reach you"


async def test_what_no_officer_looks_at_for_a_week_runs_out():
    _, link = await a_guest()
    await rules.tick(link.need, now=NOON + 6 * DAY)
    assert await stage(link.need) == Stage.asked
    await rules.tick(link.need, now=NOON + 7 * DAY)
    assert await stage(link.need) == Stage.expired
    assert not await Later.exists().where(Later.key == f"need:{link.need}:tick")


async def test_name_phone_and_door_go_a_week_after_the_end_and_the_link_opens_nothing_then():
    secret, link = await a_guest()
    await rules.withdraw(link.need, by=link, now=NOON)
    purge = next(each.purge for each in rules.KEPT if each.tables == ("need_guests",))
    await purge(NOON + 6 * DAY)
    assert await Guest.exists()
    await purge(NOON + 8 * DAY)
    assert not await Guest.exists()
    with pytest.raises(Missing):
        await rules.link(secret, now=NOON + 8 * DAY)
