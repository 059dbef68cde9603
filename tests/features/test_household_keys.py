"""Who holds a key: somebody who was asked, said yes, and sees the door only then."""

import asyncio

import pytest

from app.features.household import rules
from app.features.household.rules.keys import REQUESTS
from app.features.household.tables import KeyHolding
from app.features.moderation import rules as moderation
from app.features.notices.tables import Notice
from app.features.people import rules as people
from app.features.people.tables import State
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from tests.makers import NOON, a_household, a_login, a_person


async def told(person) -> list[str]:
    rows = await Notice.select(Notice.sentence).where(Notice.person == person.id).order_by(Notice.id)
    return [row["sentence"] for row in rows]


async def asked(home, ana, holder) -> int:
    return await rules.ask_to_hold(home.id, holder.id, by=ana, now=NOON)


async def a_home(**said):
    home = await a_household(**said)
    return home, await a_person(name="Ana", home=home), await a_person(name="Ben"), await a_person(home=home)


async def test_from_the_request_to_giving_it_back_each_side_hears_and_the_door_shows_only_between(sign_in):
    home, ana, ben, cleo = await a_home(address="CANARY-501")
    key = await asked(home, ana, ben)
    phone = await sign_in(ben)
    assert f"/household/keys/{key}" in (await phone.get("/")).text
    for path in ("/household/keys", f"/household/keys/{key}", "/notices", "/account/export"):
        assert "CANARY-501" not in (await phone.get(path)).text, path

    await rules.agree(key, by=ben, now=NOON)
    for member in (ana, cleo):
        assert "says yes" in (await told(member))[-1]
    assert "CANARY-501" in (await phone.get(f"/household/keys/{key}")).text
    assert f"/household/keys/{key}" not in (await phone.get("/")).text
    assert "Ben" in (await (await sign_in(cleo)).get("/household")).text

    assert await rules.end(key, by=cleo, now=NOON)
    assert "no longer hold" in (await told(ben))[-1]
    assert "CANARY-501" not in (await (await sign_in(ben)).get("/account/export")).text
    assert (await phone.get(f"/household/keys/{key}")).status_code == 404


async def test_a_no_is_told_and_leaves_the_place_free():
    home, ana, ben, _ = await a_home()
    await rules.decline(await asked(home, ana, ben), by=ben, now=NOON)
    assert "cannot hold" in (await told(ana))[-1] and await rules.holding_of(home.id) is None
    await asked(home, ana, ben)
    assert await KeyHolding.count() == 2


async def test_who_was_asked_may_give_it_back_and_the_household_hears():
    home, ana, ben, _ = await a_home()
    key = await asked(home, ana, ben)
    await rules.agree(key, by=ben, now=NOON)
    assert not await rules.end(key, by=ben, now=NOON)
    assert "no longer holds" in (await told(ana))[-1]
    with pytest.raises(Missing):
        await rules.end(key, by=ben, now=NOON)


@pytest.mark.parametrize("asks_another", [True, False])
async def test_whoever_says_yes_while_it_is_taken_back_reads_that_they_hold_it_no_longer(asks_another):
    for _ in range(5):
        home, ana, ben, cleo = await a_home()
        dora, key = await a_person(), await asked(home, ana, ben)
        back = asked(home, cleo, dora) if asks_another else rules.end(key, by=cleo, now=NOON)
        yes, _ = await asyncio.gather(rules.agree(key, by=ben, now=NOON), back, return_exceptions=True)
        assert ("no longer hold" in str(await told(ben))) == (yes is None)


async def test_a_request_whose_asker_was_erased_meanwhile_still_says_what_is_asked():
    home, ana, ben, _ = await a_home()
    await asked(home, ana, ben)
    await rules.forget(ana.id, now=NOON)
    [line] = (await rules.on_home(ben, now=NOON)).waits
    assert str(line.title).startswith("A former neighbour asks you")


async def test_asking_another_takes_the_first_request_back_unread():
    home, ana, ben, _ = await a_home()
    dora = await a_person(name="Dora")
    first = await asked(home, ana, ben)
    await asked(home, ana, dora)
    assert await told(ben) == [] and (await rules.holding_of(home.id)).holder == dora.id
    with pytest.raises(Missing):
        await rules.agree(first, by=ben, now=NOON)
    with pytest.raises(Taken):
        await asked(home, ana, dora)


async def test_nobody_answers_for_the_holder_and_nobody_else_asks_for_the_household():
    home, ana, ben, cleo = await a_home()
    stranger = await a_person()
    key = await asked(home, ana, ben)
    for by in (ana, cleo, stranger):
        for deed in (rules.agree, rules.decline):
            with pytest.raises(Missing):
                await deed(key, by=by, now=NOON)
    for deed in (rules.end, rules.agree):
        with pytest.raises(Missing):
            await deed(key, by=stranger, now=NOON)
    for by in (stranger, ben):
        with pytest.raises(Missing):
            await rules.ask_to_hold(home.id, stranger.id, by=by, now=NOON)
    await rules.agree(key, by=ben, now=NOON)
    with pytest.raises(Taken):
        await rules.agree(key, by=ben, now=NOON)


async def test_only_an_active_neighbour_from_outside_is_asked():
    home, ana, _, cleo = await a_home()
    with pytest.raises(Refusal):
        await asked(home, ana, cleo)
    for state in (State.pending, State.suspended, State.gone):
        with pytest.raises(Missing):
            await asked(home, ana, await a_person(state=state))


async def test_of_ten_neighbours_who_are_asked_at_once_one_waits_for_an_answer():
    home = await a_household()
    members, others = [await a_person(home=home) for _ in range(10)], [await a_person() for _ in range(10)]
    answers = await asyncio.gather(
        *[asked(home, member, other) for member, other in zip(members, others, strict=True)], return_exceptions=True
    )
    assert all(isinstance(answer, int | Taken) for answer in answers)
    assert await KeyHolding.count().where(KeyHolding.ended_at.is_null()) == 1


async def test_so_many_requests_a_day_and_no_more():
    home, ana, _, _ = await a_home()
    for _ in range(REQUESTS.times):
        await asked(home, ana, await a_person())
    with pytest.raises(TooOften):
        await asked(home, ana, await a_person())


async def test_a_holder_who_is_suspended_or_forgotten_holds_nothing():
    home, ana, ben, _ = await a_home()
    await rules.agree(await asked(home, ana, ben), by=ben, now=NOON)
    await people.settle(ben.id, State.suspended, by=0, now=NOON, reason="noise")
    assert await rules.holding_of(home.id) is None
    await rules.forget(ben.id, now=NOON)
    assert not await KeyHolding.exists()


async def test_whoever_is_blocked_neither_finds_the_other_nor_asks_them_to_hold_a_key():
    home, ana, ben, _ = await a_home()
    await a_login(ben)
    assert (await rules.candidates(home.id, "ben", by=ana, today=NOON.date()))[0]
    await moderation.block(ana.id, by=ben, now=NOON)
    assert (await rules.candidates(home.id, "ben", by=ana, today=NOON.date()))[0] == []
    with pytest.raises(Missing):
        await asked(home, ana, ben)
    assert await told(ben) == [] and not await KeyHolding.exists()


async def test_only_those_who_can_answer_here_are_found_by_name(sign_in):
    home, ana, ben, cleo = await a_home()
    for each in (ben, cleo, ana):
        await a_login(each)
    await a_person(name="Benno without a sign-in")
    phone = await sign_in(ana)
    page = (await phone.get(f"/household/{home.id}/key-holder?q=ben")).text
    assert f'name="holder" value="{ben.id}"' in page and page.count('name="holder"') == 1
    for nothing in ("%", "_", "", "Neighbour%"):
        found, _ = await rules.candidates(home.id, nothing, by=ana, today=NOON.date())
        assert found == []
    answer = await phone.post(f"/household/{home.id}/key-holder", data={"holder": ben.id}, follow_redirects=False)
    assert answer.status_code == 303 and (await rules.holding_of(home.id)).holder == ben.id
