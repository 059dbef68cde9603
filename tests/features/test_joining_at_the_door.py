"""Slips, the officer's list, and another phone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.features.accounts import rules as accounts
from app.features.accounts.rules import Place
from app.features.accounts.rules.signing_in import open_door
from app.features.accounts.tables import Login, SignIn
from app.features.joining import rules
from app.features.joining.tables import OtherPhone
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind, State
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from tests.joining import a_newcomer, a_poster
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area

HERE = Place("192.0.2", device="Firefox, Android")
CLAIM = {"login": "lin@example.org", "password": "three plain words", "terms": True, "old_enough": True}


async def test_a_slip_is_printed_for_everybody_in_the_area_who_does_not_sign_in_yet():
    building = await an_area()
    entrance = await an_area(parent=building.id, kind="entrance")
    steward = await a_person(role=Kind.steward, area=building)
    lin = await a_person(name="Lin", home=await a_household(area=entrance))
    await a_login(await a_person(name="In already", home=await a_household(area=building)))
    await a_person(name="Elsewhere", home=await a_household())
    await a_person(name="Officer", role=Kind.coordinator, home=await a_household(area=building))

    [slip] = await rules.print_slips(building.id, by=steward, now=NOON)
    assert (slip.name, len(slip.code)) == (lin.name, 17)
    with pytest.raises(Missing):
        await rules.print_slips((await an_area()).id, by=steward, now=NOON)


async def test_a_new_slip_ends_the_older_one_and_that_is_said_before():
    boss, area = await an_administrator(), await an_area()
    await a_person(name="Lin", home=await a_household(area=area))
    [old] = await rules.print_slips(area.id, by=boss, now=NOON)
    [known] = await rules.unclaimed(area.id, by=boss, now=NOON)
    assert known.has_code
    [new] = await rules.print_slips(area.id, by=boss, now=NOON)
    with pytest.raises(Missing):
        await rules.claim(old.code, **CLAIM, now=NOON)
    assert await rules.claim(new.code, **CLAIM, now=NOON + timedelta(days=29)) == known.id


async def test_a_slip_that_is_claimed_is_known_to_the_household_and_the_terms_are_accepted():
    boss, area = await an_administrator(), await an_area()
    home = await a_household(area=area)
    lin, partner = await a_person(name="Lin", home=home), await a_person(home=home)
    await a_login(partner)
    [slip] = await rules.print_slips(area.id, by=boss, now=NOON)
    with pytest.raises(Refusal):
        await rules.claim(slip.code, **CLAIM | {"terms": False}, now=NOON)

    await rules.claim(slip.code, **CLAIM, now=NOON)

    assert await people.has_consented(lin.id, "terms")
    [told] = await Notice.select(Notice.person).where(Notice.key == f"joined:{lin.id}")
    assert told["person"] == partner.id


async def test_of_two_who_claim_one_slip_at_once_one_is_in():
    boss, area = await an_administrator(), await an_area()
    await a_person(name="Lin", home=await a_household(area=area))
    [slip] = await rules.print_slips(area.id, by=boss, now=NOON)
    logins = ({**CLAIM, "login": f"{n}@example.org"} for n in range(2))
    both = [rules.claim(slip.code, **said, now=NOON) for said in logins]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, Missing) for answer in answers) == 1


async def test_a_steward_lets_a_newcomer_in_at_a_door_of_the_own_area_only():
    area = await an_area()
    steward, other = (
        await a_person(role=Kind.steward, area=area),
        await a_person(role=Kind.steward, area=await an_area()),
    )
    home, elsewhere = await a_household(area=area), await a_household()
    newcomer = await a_newcomer(await a_poster(area))
    with pytest.raises(Missing):
        await rules.let_in(newcomer, address=home.address, by=other, now=NOON)
    with pytest.raises(Refusal):
        await rules.let_in(newcomer, address=elsewhere.address, by=steward, now=NOON)

    await rules.let_in(newcomer, address=home.address, by=steward, now=NOON)

    assert (await people.neighbour(newcomer)).state == State.active
    assert [stay.household for stay in await people.stays_of(newcomer)] == [home.id]
    await rules.make_wait(newcomer, by=steward, now=NOON)
    assert (await people.neighbour(newcomer)).state == State.pending
    assert await people.stays_of(newcomer) == []


async def test_of_an_officer_who_lets_in_and_one_who_turns_away_at_once_one_is_faster():
    boss, second = await an_administrator(), await an_administrator()
    home, newcomer = await a_household(), await a_newcomer()
    let_in = rules.let_in(newcomer, address=home.address, by=boss, now=NOON)
    away = rules.turn_away(newcomer, reason="Nobody knows you", by=second, now=NOON)
    answers = await asyncio.gather(let_in, away, return_exceptions=True)
    assert sum(isinstance(answer, Taken) for answer in answers) == 1


async def test_the_turned_away_read_why_and_can_be_looked_at_again():
    boss, newcomer = await an_administrator(), await a_newcomer()
    await rules.turn_away(newcomer, reason="Nobody knows you", by=boss, now=NOON)
    assert (await rules.where_i_stand(newcomer)).reason == "Nobody knows you"
    assert not await rules.welcomes(boss)
    await rules.look_again(newcomer, by=boss, now=NOON)
    assert [each.id for each in await rules.welcomes(boss)] == [newcomer]


async def a_viewer(person):
    """As the page sees somebody who has just signed in."""
    await a_login(person)
    key = await open_door(person.id, place=HERE, now=NOON)
    [viewer, _] = await accounts.whose(key.token, NOON)
    return viewer


async def test_another_phone_comes_in_when_its_number_was_chosen_and_once():
    lin = await a_viewer(await a_person())
    id, code = await rules.show_code(lin, now=NOON)
    ticket = await rules.knock_with(code, place=HERE, now=NOON)
    with pytest.raises(Missing):
        await rules.come_in(code, ticket, place=HERE, now=NOON)
    await rules.confirm(id, (await rules.other_phone(id, by=lin)).number, by=lin, now=NOON)
    with pytest.raises(Missing):
        await rules.come_in(code, "another ticket", place=HERE, now=NOON)

    both = [rules.come_in(code, ticket, place=HERE, now=NOON) for _ in range(2)]
    answers = await asyncio.gather(*both, return_exceptions=True)

    [key] = [answer for answer in answers if not isinstance(answer, Missing)]
    assert key.person == lin.id
    assert await SignIn.count().where(SignIn.person == lin.id) == 2


async def test_of_two_phones_that_scan_one_code_at_once_one_may_ask():
    lin = await a_viewer(await a_person())
    _, code = await rules.show_code(lin, now=NOON)
    both = [rules.knock_with(code, place=HERE, now=NOON) for _ in range(2)]
    answers = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(answer, Taken) for answer in answers) == 1


@pytest.mark.parametrize("how", ["wrong number", "refused", "too late", "signed out"])
async def test_another_phone_stays_outside(how):
    lin = await a_viewer(await a_person())
    id, code = await rules.show_code(lin, now=NOON)
    ticket, at = await rules.knock_with(code, place=HERE, now=NOON), NOON
    right = (await rules.other_phone(id, by=lin)).number
    if how == "wrong number":
        wrong = next(n for n in (await rules.other_phone(id, by=lin)).numbers if n != right)
        with pytest.raises(Refusal):
            await rules.confirm(id, wrong, by=lin, now=NOON)
    elif how == "refused":
        await rules.refuse(id, by=lin, now=NOON)
    else:
        await rules.confirm(id, right, by=lin, now=NOON)
    if how == "too late":
        at = NOON + timedelta(minutes=11)
    if how == "signed out":
        await accounts.sign_out(lin.sign_in, now=NOON)

    with pytest.raises(Missing):
        await rules.come_in(code, ticket, place=HERE, now=at)


async def test_a_phone_that_lies_about_signed_in_shows_no_code_and_another_sign_in_confirms_nothing():
    lin = await a_viewer(await a_person())
    with pytest.raises(NotYours):
        await rules.show_code(lin, now=NOON + timedelta(hours=1))
    id, _ = await rules.show_code(lin, now=NOON)
    mallory = await a_viewer(await a_person())
    with pytest.raises(Missing):
        await rules.other_phone(id, by=mallory)


async def test_another_phone_has_shown_no_more_than_the_one_that_confirms():
    lin = await a_viewer(await a_person())
    id, code = await rules.show_code(lin, now=NOON)
    ticket = await rules.knock_with(code, place=HERE, now=NOON)
    await rules.confirm(id, (await rules.other_phone(id, by=lin)).number, by=lin, now=NOON)
    await rules.come_in(code, ticket, place=HERE, now=NOON)
    assert not any(row["second_at"] for row in await SignIn.select(SignIn.second_at))


async def test_a_demo_sign_in_takes_no_phone_from_outside_along():
    lin = await a_viewer(await a_person())
    await Login.update({Login.demo: True}).where(Login.person == lin.id)
    id, code = await rules.show_code(lin, now=NOON)
    ticket = await rules.knock_with(code, place=HERE, now=NOON)
    await rules.confirm(id, (await rules.other_phone(id, by=lin)).number, by=lin, now=NOON)
    with pytest.raises(Missing):
        await rules.come_in(code, ticket, place=HERE, now=NOON)
    assert await rules.come_in(code, ticket, place=replace(HERE, loopback=True), now=NOON)
    await rules.purge(NOON + timedelta(days=2))
    assert not await OtherPhone.exists()
