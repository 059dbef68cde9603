"""A newcomer comes by a poster and waits; neighbours who know them let them in, each for few, and it can be undone."""

import asyncio
from datetime import date, timedelta

import pytest

from app import house
from app.features.accounts import rules as accounts
from app.features.accounts.rules import Place
from app.features.joining import rules
from app.features.joining.tables import Newcomer, Vouch
from app.features.notices import rules as notices
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import Kind, Person, State
from app.kit.refusals import Missing, NotYours, Refusal, Taken, TooOften
from tests.joining import KNOCK, a_newcomer, a_poster, token_of
from tests.makers import NOON, a_household, a_login, a_person, an_administrator, an_area

LATER = NOON + timedelta(days=40)


async def state_of(person_id: int) -> str:
    return (await people.neighbour(person_id)).state


async def test_whoever_opens_a_poster_signs_in_waits_and_has_agreed_to_the_terms():
    poster = await a_poster()
    person = await rules.knock(poster.code, KNOCK, network="192.0.2", language="en", now=NOON)

    assert await state_of(person) == State.pending
    assert (await accounts.sign_in(KNOCK.login, KNOCK.password, place=Place("192.0.2"), now=NOON)).person == person
    assert await people.has_consented(person, "terms")
    stand = await rules.where_i_stand(person)
    assert (stand.door, stand.waits, stand.vouches) == ("3-2-501", True, 0)


async def test_the_steward_of_the_house_hears_of_it_and_nobody_else():
    building = await an_area()
    entrance = await an_area(parent=building.id, kind="entrance")
    steward, other = (
        await a_person(role=Kind.steward, area=building),
        await a_person(role=Kind.steward, area=await an_area()),
    )
    await an_administrator()
    await a_newcomer(await a_poster(entrance))

    told = await Notice.select(Notice.person, Notice.sentence)
    assert [row["person"] for row in told] == [steward.id] != [other.id]
    assert KNOCK.name not in told[0]["sentence"]


async def test_the_answer_is_the_same_whether_or_not_the_door_exists():
    home = await a_household(address="3-2-501")
    await a_person(name="Lin", home=home, phone="+8613812345678")
    poster = await a_poster()
    there = await a_newcomer(poster, door="3-2-501", name="Lin")
    nowhere = await a_newcomer(poster, door="99-9-999", name="Lin")
    assert await state_of(there) == await state_of(nowhere) == State.pending
    assert await people.stays_of(there) == []


@pytest.mark.parametrize("what", ["terms", "old_enough"])
async def test_nobody_comes_in_without_the_terms_or_under_fourteen(what):
    poster = await a_poster()
    with pytest.raises(Refusal) as no:
        await a_newcomer(poster, **{what: False})
    assert no.value.beside == what
    assert not await Newcomer.exists()


async def test_a_poster_that_was_closed_or_has_ended_opens_nothing():
    boss = await an_administrator()
    closed, ended = await a_poster(by=boss), await a_poster(by=boss, days=7)
    await rules.close(closed.id, by=boss, now=NOON)
    for poster, at in ((closed, NOON), (ended, NOON + timedelta(days=8))):
        with pytest.raises(Missing):
            await rules.knock(poster.code, KNOCK, network="192.0.2", language="en", now=at)
    await rules.open_again(closed.id, by=boss, now=NOON)
    assert await rules.invitation(closed.code.upper(), NOON)


async def test_a_whole_building_behind_one_network_asks_in_one_evening_and_one_who_tries_out_phones_waits():
    poster = await a_poster()
    for n in range(30):
        await a_newcomer(poster, login=f"n{n}@building.example")
    await a_login(await a_person(), "known@example.org")
    for _ in range(10):
        with pytest.raises(Taken):
            await a_newcomer(poster, login="known@example.org")
    with pytest.raises(TooOften):
        await a_newcomer(poster, login="known@example.org")


async def test_two_neighbours_let_a_newcomer_in_and_one_does_not():
    ana, ben, newcomer = await a_person(), await a_person(), await a_newcomer()
    token = await token_of(newcomer)

    assert not await rules.vouch(token, words="We sing together", by=ana, now=LATER)
    assert await state_of(newcomer) == State.pending
    assert await rules.vouch(token, words="", by=ben, now=LATER)

    assert await state_of(newcomer) == State.active
    assert await notices.unread(newcomer, LATER) == 2
    with pytest.raises(Missing):
        await rules.asking(token, by=ana, now=LATER)


async def test_of_two_who_vouch_at_once_the_second_lets_them_in_once():
    vouchers, newcomer = [await a_person() for _ in range(2)], await a_newcomer()
    token = await token_of(newcomer)
    answers = await asyncio.gather(*[rules.vouch(token, words="", by=by, now=LATER) for by in vouchers])
    assert sorted(answers) == [False, True]
    assert await state_of(newcomer) == State.active
    welcome = Notice.key == f"standing:{newcomer}"
    assert await Notice.count().where(welcome) == 1


async def test_one_neighbour_who_presses_twice_at_once_has_vouched_once():
    ana, newcomer = await a_person(), await a_newcomer()
    token = await token_of(newcomer)
    twice = [rules.vouch(token, words="", by=ana, now=LATER) for _ in range(2)]
    answers = await asyncio.gather(*twice, return_exceptions=True)
    assert sum(isinstance(answer, Taken) for answer in answers) == 1
    assert await state_of(newcomer) == State.pending and await Vouch.count() == 1


async def test_of_four_vouches_at_once_in_a_month_three_are_given():
    ana, poster = await a_person(), await a_poster()
    tokens = [await token_of(await a_newcomer(poster)) for _ in range(4)]
    four = [rules.vouch(token, words="", by=ana, now=LATER) for token in tokens]
    answers = await asyncio.gather(*four, return_exceptions=True)
    assert sum(isinstance(answer, NotYours) for answer in answers) == 1
    assert await Vouch.count() == 3

    [late] = [token for token, answer in zip(tokens, answers, strict=True) if isinstance(answer, NotYours)]
    assert not await rules.vouch(late, words="", by=ana, now=LATER + timedelta(days=31))


async def test_whoever_came_this_month_and_whoever_waits_cannot_vouch():
    newcomer = await a_newcomer()
    token, lately = await token_of(newcomer), await a_person(made_at=LATER - timedelta(days=29))
    for by in (lately, await people.neighbour(newcomer)):
        with pytest.raises(NotYours):
            await rules.vouch(token, words="", by=by, now=LATER)
    assert not await Vouch.exists()


async def test_somebody_let_in_yesterday_who_asked_long_ago_cannot_vouch_yet():
    first, second = await a_newcomer(), await a_newcomer()
    for by in (await a_person(), await a_person()):
        await rules.vouch(await token_of(first), words="", by=by, now=LATER)
    with pytest.raises(NotYours):
        await rules.vouch(await token_of(second), words="", by=await people.neighbour(first), now=LATER)
    month_later = LATER + timedelta(days=30)
    assert not await rules.vouch(await token_of(second), words="", by=await people.neighbour(first), now=month_later)


async def test_a_vouch_is_taken_back_until_they_are_in_and_frees_its_place_in_the_month():
    ana, ben, newcomer = await a_person(), await a_person(), await a_newcomer()
    token = await token_of(newcomer)
    await rules.vouch(token, words="", by=ana, now=LATER)
    await rules.take_back(token, by=ana, now=LATER)
    assert not await rules.vouch(token, words="", by=ben, now=LATER)
    assert await rules.vouch(token, words="", by=ana, now=LATER)
    with pytest.raises(Missing):
        await rules.take_back(token, by=ana, now=LATER)


async def test_the_vouch_of_somebody_who_was_suspended_since_does_not_count():
    boss, ana, ben, newcomer = await an_administrator(), await a_person(), await a_person(), await a_newcomer()
    token = await token_of(newcomer)
    await rules.vouch(token, words="", by=ana, now=LATER)
    await people.settle(ana.id, State.suspended, by=boss.id, reason="noise", now=LATER)
    assert not await rules.vouch(token, words="", by=ben, now=LATER)


async def a_chain():
    """Ana and Ben let Mo in; a month later Mo and Cleo let Nel in; an officer let Oda in for whom Mo vouched too."""
    ana, ben, cleo, poster = await a_person(), await a_person(), await a_person(), await a_poster()
    mo, nel, oda = [await a_newcomer(poster, name=name) for name in ("Mo", "Nel", "Oda")]
    for by in (ana, ben):
        await rules.vouch(await token_of(mo), words="", by=by, now=LATER)
    then = LATER + timedelta(days=31)
    for newcomer in (oda, nel):
        await rules.vouch(await token_of(newcomer), words="", by=await people.neighbour(mo), now=then)
    await rules.vouch(await token_of(nel), words="", by=cleo, now=then)
    home = await a_household(address="3-2-501", area=await an_area())
    boss = await an_administrator()
    await rules.let_in(oda, address=home.address, by=boss, now=then)
    return boss, ana, mo, nel, oda, then


async def test_a_chain_is_seen_as_a_tree_and_undone_as_far_as_it_was_trust_alone():
    boss, ana, mo, nel, oda, then = await a_chain()
    [first] = await rules.chain(ana.id)
    assert first.person == mo and [each.person for each in first.inside] == [oda, nel]

    assert await rules.undo_chain(ana.id, reason="Ana did not know them", by=boss, now=then) == 2

    assert [await state_of(each) for each in (mo, nel, oda)] == [State.pending, State.pending, State.active]
    assert await rules.chain(ana.id) == []
    assert (await rules.where_i_stand(nel)).reason == "Ana did not know them"
    told = (
        await Notice.select(Notice.sentence).where((Notice.person == nel) & (Notice.key == f"standing:{nel}")).first()
    )
    assert "Ana did not know them" in told["sentence"]


async def test_trust_stays_traceable_when_the_voucher_has_left_but_not_their_words():
    boss, ana, mo, _, _, then = await a_chain()
    await Vouch.update({Vouch.words: "secret words"}).where(Vouch.voucher == ana.id)
    for forget in (rules.forget, people.forget):
        await forget(ana.id, now=then)
    assert {row["words"] for row in await Vouch.select(Vouch.words)} == {""}
    assert await rules.undo_chain(ana.id, reason="wrong", by=boss, now=then) == 2
    assert await state_of(mo) == State.pending


async def test_a_chain_leads_on_through_whoever_has_left():
    boss, ana, mo, nel, _, then = await a_chain()
    for forget in (rules.forget, people.forget):
        await forget(mo, now=then)
    assert await rules.undo_chain(ana.id, reason="wrong", by=boss, now=then) == 1
    assert await state_of(nel) == State.pending


async def test_whoever_was_never_let_in_is_forgotten_after_ninety_days_and_the_turned_away_after_thirty():
    boss, poster = await an_administrator(), await a_poster()
    waits, away = await a_newcomer(poster), await a_newcomer(poster)
    await rules.turn_away(away, reason="Nobody knows you here", by=boss, now=NOON)

    await tidied(NOON + timedelta(days=31))
    assert [await state_of(each) for each in (waits, away)] == [State.pending, State.gone]
    await tidied(NOON + timedelta(days=91))
    assert await state_of(waits) == State.gone
    names = {row["name"] for row in await Person.select(Person.name).where(Person.id.is_in([waits, away]))}
    assert names == {""} and not await Newcomer.exists()


async def tidied(now):
    """What a night does: the purge says who goes, and every feature forgets them."""
    await rules.purge(now)
    await house.erase_due(now)


async def test_whoever_fell_with_a_chain_is_not_forgotten_for_waiting():
    boss, ana, mo, _, _, then = await a_chain()
    await rules.undo_chain(ana.id, reason="wrong", by=boss, now=then)
    await tidied(then + timedelta(days=200))
    assert await state_of(mo) == State.pending


async def test_whoever_came_in_as_a_child_vouches_for_nobody():
    """Or one household would fill itself with children who let strangers in."""
    ana = await a_person(home=await a_household())
    [stay] = await people.stays_of(ana.id)
    kid = await people.add_child("Kid", household=stay.household, of_age_on=date(2031, 1, 1), by=ana, now=NOON)
    with pytest.raises(NotYours):
        await rules.vouch(
            await token_of(await a_newcomer()), words="", by=await people.neighbour(kid), now=NOON + timedelta(days=90)
        )
