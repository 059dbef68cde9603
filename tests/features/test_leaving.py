"""Leaving: out of sight at once, thirty days to come back, then nothing is left."""

import asyncio
from datetime import timedelta

import pytest

from app import house
from app.features.accounts import rules as accounts
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.accounts.tables import SignIn
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Departure, Kind, Person, State
from app.features.privacy import rules
from app.features.privacy.rules.erasing import NotErased, erase
from app.features.skills import rules as skills
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area

PASSWORD = "three plain words"
DAY = timedelta(days=1)
LATER = NOON + 31 * DAY


async def gone(person, *, reason: str = "", now=NOON, sign_in: int = 0) -> None:
    await rules.leave(
        await people.neighbour(person.id),
        sign_in=sign_in, password=PASSWORD, reason=reason, step_back=house.STEP_BACK, now=now,
    )  # fmt: skip


async def a_leaver(**said):
    person = await a_person(**said)
    await a_login(person)
    return person


async def state_of(person) -> str:
    return (await people.neighbour(person.id)).state


async def test_whoever_leaves_is_seen_by_nobody_and_comes_back_as_they_were():
    home, ben = await a_household(), await a_person(name="Ben")
    ana = await a_leaver(name="Ana", home=home)
    skill = await skills.offer(skills.Offer("Carpentry"), by=ana, now=NOON)

    await gone(ana)
    assert await people.members_of(home.id) == []
    assert not list(await skills.neighbours(skills.Wanted("carpentry"), by=ben))
    for look in (skills.skill(skill, by=ben), skills.person(ana.id, by=ben, now=NOON)):
        with pytest.raises(Missing):
            await look
    assert await skills.who_can("carpentry") == []

    await rules.stay(ana.id, by=ana.id, now=NOON + DAY)
    assert await state_of(ana) == State.active and await people.going(ana.id) is None
    assert [each.id for each in await people.members_of(home.id)] == [ana.id]
    assert [each.name for each in await skills.neighbours(skills.Wanted("carpentry"), by=ben)] == ["Ana"]


async def test_nobody_puts_them_back_into_a_household_meanwhile():
    home, boss = await a_household(), await an_administrator()
    ana = await a_leaver(home=home)
    [stay] = await people.stays_of(ana.id)
    await gone(ana)
    for deed in (
        people.rejoin(stay.membership, by=boss.id, now=NOON),
        people.join(ana.id, home.id, on=NOON.date(), by=boss.id, now=NOON),
    ):
        with pytest.raises(Refusal):
            await deed
    assert await people.members_of(home.id) == []


async def test_open_asks_are_called_off_and_the_other_side_hears_it_without_their_words():
    ana, ben = await a_leaver(name="Ana"), await a_person(name="Ben")
    mine = await skills.offer(skills.Offer("Ana's canary skill"), by=ana, now=NOON)
    ask = await skills.ask(mine, skills.Request("My shelf is loose"), by=ben, now=NOON)
    await skills.accept(ask, by=ana, now=NOON)
    await gone(ana)
    told = [str(row.sentence) for row in await notices.page_of(ben.id)]
    assert told[0] == "They have left the community: My shelf is loose"
    assert (await skills.whole(ask, by=ben, now=NOON)).contact is None


async def test_contact_ends_at_once_of_what_was_done_today_too():
    ana, ben = await a_leaver(name="Ana", phone="+8613800000001"), await a_person(name="Ben")
    ask = await skills.ask(await skills.offer(skills.Offer("Carpentry"), by=ana, now=NOON), skills.Request("Shelf"),
                           by=ben, now=NOON)  # fmt: skip
    await skills.accept(ask, by=ana, now=NOON)
    await skills.complete(ask, by=ana, now=NOON)
    assert (await skills.whole(ask, by=ben, now=NOON)).contact
    await gone(ana)
    assert (await skills.whole(ask, by=ben, now=NOON)).contact is None


async def test_all_other_browsers_go_out_and_this_one_stays():
    ana = await a_leaver()
    here = await open_door(ana.id, place=Place("192.0.2"), now=NOON)
    await open_door(ana.id, place=Place("192.0.3"), now=NOON)
    viewer, _ = await accounts.whose(here.token, NOON)
    await gone(ana, sign_in=viewer.sign_in)
    assert [row["id"] for row in await SignIn.select(SignIn.id).where(SignIn.person == ana.id)] == [viewer.sign_in]
    again, _ = await accounts.whose(here.token, NOON)
    assert again.state == State.leaving


async def test_a_phone_found_unlocked_does_not_make_somebody_leave():
    ana = await a_leaver()
    for _ in range(10):
        with pytest.raises(Refusal) as no:
            await rules.leave(ana, sign_in=0, password="guess", reason="", step_back=(), now=NOON)
        assert no.value.beside == "password"
    with pytest.raises(TooOften):
        await gone(ana)
    assert await state_of(ana) == State.active


async def test_leaving_twice_is_said_and_takes_no_day_away():
    ana = await a_leaver()
    await gone(ana)
    until = (await people.going(ana.id)).erase_at
    with pytest.raises(Taken):
        await gone(ana, now=NOON + 20 * DAY)
    assert (await people.going(ana.id)).erase_at == until == NOON + 30 * DAY


async def test_whoever_was_suspended_comes_back_suspended():
    ana = await a_leaver(state=State.suspended)
    await gone(ana)
    await rules.stay(ana.id, by=ana.id, now=NOON)
    assert await state_of(ana) == State.suspended


async def test_roles_end_and_the_administrators_hear_that_somebody_is_needed():
    boss, area = await an_administrator(), await an_area(name="3")
    ana = await a_leaver(name="Ana", role=Kind.steward, area=area)
    await gone(ana)
    assert await people.roles_of(ana.id) == []
    [told] = await notices.page_of(boss.id)
    assert str(told.sentence).startswith("Ana is leaving. Somebody else is needed: Steward")
    await rules.stay(ana.id, by=ana.id, now=NOON)
    assert await people.roles_of(ana.id) == []


async def test_the_only_administrator_finds_a_successor_first():
    boss = await a_leaver(role=Kind.administrator)
    with pytest.raises(Refusal):
        await gone(boss)
    assert await state_of(boss) == State.active


async def test_of_the_last_two_administrators_who_leave_at_once_one_stays():
    two = [await a_leaver(role=Kind.administrator) for _ in range(2)]
    answers = await asyncio.gather(*[gone(each) for each in two], return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["NoneType", "Refusal"]
    assert len(await people.officers(Kind.administrator)) == 1


async def test_ten_presses_at_once_are_one_departure():
    ana = await a_leaver()
    answers = await asyncio.gather(*[
        people.begin_leaving(ana.id, by=ana.id, reason="", now=NOON) for _ in range(10)
    ], return_exceptions=True)  # fmt: skip
    assert answers.count(None) == 1 and sum(isinstance(each, Taken) for each in answers) == 9
    assert await Departure.count() == 1


async def test_after_thirty_days_they_are_erased_and_not_a_day_before():
    ana = await a_leaver(name="Ana")
    await gone(ana)
    await house.erase_due(NOON + 29 * DAY)
    assert (await people.neighbour(ana.id)).name == "Ana"
    await house.erase_due(LATER)
    assert (await people.neighbour(ana.id)).name == "" and await Departure.count() == 0
    with pytest.raises(Taken):
        await rules.stay(ana.id, by=ana.id, now=LATER)


@pytest.mark.parametrize("nth", range(4))
async def test_whoever_comes_back_at_the_moment_of_the_erasure_is_back_whole_or_gone_whole(nth):
    ana = await a_leaver(name="Ana", home=await a_household())
    await skills.offer(skills.Offer("Carpentry"), by=ana, now=NOON)
    await gone(ana)

    deeds = [erase(ana.id, house.FORGET, now=LATER, only_if_due=True), rules.stay(ana.id, by=ana.id, now=LATER)]
    erased, back = await asyncio.gather(*(deeds if nth % 2 else deeds[::-1]), return_exceptions=True)
    if not nth % 2:
        erased, back = back, erased

    person = await Person.objects().where(Person.id == ana.id).first()
    if back is None:
        assert erased is False and (person.name, person.state) == ("Ana", State.active)
        assert len(await people.stays_of(ana.id)) == 1 and (await skills.mine(ana.id))["skills"][0]["words"]
    else:
        assert erased is True and isinstance(back, Taken) and (person.name, person.state) == ("", State.gone)


async def test_an_erasure_that_fails_half_way_leaves_all_as_it_was_and_is_tried_again():
    ana, ben = await a_leaver(name="Ana"), await a_leaver(name="Ben")
    for each in (ana, ben):
        await skills.offer(skills.Offer("Carpentry"), by=each, now=NOON)
        await gone(each)

    async def breaks(person_id, *, now):
        if person_id == ana.id:
            raise OSError("no more room")

    with pytest.raises(NotErased):
        await rules.erase_due({**house.FORGET, "last": breaks}, now=LATER)
    assert [(await people.neighbour(each.id)).name for each in (ana, ben)] == ["Ana", ""]
    assert (await skills.mine(ana.id))["skills"][0]["words"] == "Carpentry"

    await house.erase_due(LATER)
    assert (await people.neighbour(ana.id)).name == ""


async def test_an_administrator_erases_on_request_with_the_same_way_back():
    boss, ana = await an_administrator(), await a_person(name="Ana")
    ask = {"by": boss, "reason": "asked at the office", "step_back": house.STEP_BACK, "now": NOON}
    await rules.ask_for(ana.id, **ask)
    assert await state_of(ana) == State.leaving and (await people.going(ana.id)).reason == "asked at the office"
    await rules.stay(ana.id, by=boss.id, now=NOON)
    assert await state_of(ana) == State.active
    with pytest.raises(NotYours):
        await rules.ask_for(boss.id, **ask)


async def test_who_moved_away_is_erased_after_a_year_unless_they_return():
    boss, ana, ben = await an_administrator(), await a_person(name="Ana"), await a_person(name="Ben")
    old = await a_person(name="Old", state=State.gone)
    for each in (ana, ben):
        await people.settle(each.id, State.gone, by=boss.id, now=NOON)
    await people.settle(ben.id, State.active, by=boss.id, now=NOON + DAY)
    await house.erase_due(NOON + 2 * DAY)  # from here on the year runs for whoever went before there was a list
    await house.erase_due(NOON + 366 * DAY)
    assert [(await people.neighbour(each.id)).name for each in (ana, ben, old)] == ["", "Ben", "Old"]
    await house.erase_due(NOON + 368 * DAY)
    assert (await people.neighbour(old.id)).name == ""


async def test_whoever_leaves_reaches_their_data_and_the_way_back_and_nothing_of_others(sign_in):
    ana = await a_leaver(name="Ana")
    await gone(ana)
    browser = await sign_in(ana)
    home = await browser.get("/", follow_redirects=False)
    assert home.status_code == 303 and home.headers["location"] == "/account/leaving"
    for path, status in (("/account/leaving", 200), ("/account/export", 200), ("/privacy", 200), ("/neighbours", 403)):
        assert (await browser.get(path)).status_code == status, path
    back = await browser.post("/account/leaving/return", follow_redirects=False)
    assert back.status_code == 303 and await state_of(ana) == State.active


async def test_the_page_keeps_the_reason_and_says_what_is_wrong_beside_the_password(sign_in):
    ana = await a_leaver(name="Ana")
    browser = await sign_in(ana)
    wrong = await browser.post("/account/leaving", data={"password": "no", "reason": "Moving to Leeds"})
    assert (
        wrong.status_code == 422 and "Moving to Leeds" in wrong.text and "That is not your password now." in wrong.text
    )
    done = await browser.post("/account/leaving", data={"password": PASSWORD, "reason": "Moving to Leeds"})
    assert done.status_code == 200 and "You are leaving" in done.text
    assert (await people.going(ana.id)).reason == "Moving to Leeds"
