"""Two hundred ask for one thing and the same days in the same moment: one has it, the others stand in line, in order.

What keeps it is the index `one_owner_a_slot`. To see it fail: the last tests let everybody look before anybody writes,
take the index away and write plainly, and all who ask have it; with the index alone put back, one has it.
"""

import asyncio
from uuid import uuid4

import pytest

from app.db import DB
from app.features.accounts.rules.signing_in import Place, open_door
from app.features.people.rules import neighbour
from app.features.sharing import rules
from app.features.sharing.rules import Wish
from app.features.sharing.tables import Loan, Policy, Stage
from app.kit import queue, slots
from app.kit.clock import now
from app.kit.refusals import Taken
from app.kit.tables import Slot, Waiting
from app.migrating import execute
from tests.features.test_sharing_asking import days
from tests.makers import a_person
from tests.sharing import DAY, NOON, a_gift, an_item

INDEX = "CREATE UNIQUE INDEX one_owner_a_slot ON slots (thing, slot, unit)"
TWO_HAVE_IT = (
    "SELECT count(*) AS found FROM loans a JOIN loans b ON a.item = b.item AND a.id < b.id "
    "AND COALESCE(a.first_on, '2000-01-01') <= COALESCE(b.due_on, '2000-01-01') "
    "AND COALESCE(b.first_on, '2000-01-01') <= COALESCE(a.due_on, '2000-01-01') "
    "WHERE a.stage IN ('accepted', 'out') AND b.stage IN ('accepted', 'out')"
)
MANY = 200


async def two_have_it() -> int:
    [row] = await Loan.raw(TWO_HAVE_IT)
    return int(row["found"])


async def all_ask(item, many: int, wish: Wish) -> list[object]:
    who = [await a_person() for _ in range(many)]
    asked = [rules.ask(item.id, wish, by=each, now=NOON) for each in who]
    return list(await asyncio.gather(*asked, return_exceptions=True))


@pytest.mark.parametrize("gift", [False, True])
async def test_of_two_hundred_who_ask_at_once_one_has_it_and_the_rest_stand_in_line_in_order(gift):
    item = await a_gift() if gift else await an_item(policy=Policy.at_once, gap=1)

    came = await all_ask(item, MANY, Wish() if gift else days())

    assert [each for each in came if not isinstance(each, rules.Lent)] == []
    assert sum(each.stage == Stage.accepted for each in came) == 1
    waiting = sorted((each for each in came if each.in_line), key=lambda each: each.id)
    assert len(waiting) == MANY - 1
    assert len({each.borrower for each in waiting}) == MANY - 1
    line = await queue.in_line(item.thing, range(4_000_000))
    assert [each.person for each in line] == [each.borrower for each in waiting]
    turns = await rules.turns_of(waiting, today=days().first)
    assert [turns[each.id].place for each in waiting] == list(range(1, MANY))
    assert (await two_have_it(), await Slot.count()) == (0, 1 if gift else 8)


async def test_all_of_them_are_asked_in_their_turn():
    """Nobody is lost: whoever lets it go, the next is asked, until the last."""
    item = await an_item(policy=Policy.at_once)
    came = await all_ask(item, 12, days())
    order = sorted(came, key=lambda each: (each.in_line, each.id))

    for each in order:
        by, found = await neighbour(each.borrower), await rules.lent(each.id)
        await (rules.withdraw if found.in_line else rules.call_off)(each.id, by=by, now=NOON)

    assert await Slot.count() == 0
    assert await Waiting.count().where(Waiting.ended_at.is_null()) == 0


async def test_of_forms_that_are_sent_at_once_each_leads_to_its_own_loan(browser):
    item = await an_item(policy=Policy.at_once)
    keys = [await open_door((await a_person()).id, place=Place("192.0.2"), now=now()) for _ in range(12)]
    today = now().date() + 2 * DAY
    sent = [
        browser.post(
            f"/share/{item.id}/ask",
            data={"first": today.isoformat(), "last": (today + DAY).isoformat(), "_deed": str(uuid4())},
            headers={"Cookie": f"key={key.token}"},
            follow_redirects=False,
        )
        for key in keys
    ]

    answers = await asyncio.gather(*sent)

    assert [each.status_code for each in answers] == [303] * 12
    assert len({each.headers["location"] for each in answers}) == 12
    assert await Loan.count().where(Loan.stage == Stage.accepted) == 1


async def test_of_keepers_who_say_yes_at_once_to_several_one_yes_counts_and_the_others_wait():
    keepers = [await a_person() for _ in range(8)]
    item = await an_item(keepers=keepers)
    asks = [await rules.ask(item.id, days(), by=await a_person(), now=NOON) for _ in keepers]

    yes = [rules.accept(ask.id, by=by, now=NOON) for ask, by in zip(asks, keepers, strict=True)]
    came = await asyncio.gather(*yes, return_exceptions=True)

    assert sum(isinstance(each, rules.Lent) for each in came) == 1
    assert sum(isinstance(each, Taken) for each in came) == 7
    assert await Loan.count().where((Loan.stage == Stage.asked) & Loan.until_at.is_null()) == 7
    assert await Waiting.count() == 7
    assert await two_have_it() == 0


@pytest.fixture
async def all_look_before_anybody_writes(monkeypatch):
    """What everybody sees who looks in the same moment: that it is free."""

    async def nothing(things, within) -> list[slots.Used]:
        return []

    monkeypatch.setattr(slots, "used", nothing)


async def test_who_all_saw_that_it_is_free_are_kept_apart_by_the_index(database, all_look_before_anybody_writes):
    came = await all_ask(await an_item(policy=Policy.at_once), 12, days())

    assert sum(each.stage == Stage.accepted for each in came) == 1
    assert sum(each.in_line for each in came) == 11
    assert await two_have_it() == 0


@pytest.fixture
async def without_the_index(database):
    async with DB.changing_schema():
        await execute("DROP INDEX one_owner_a_slot")
    yield
    await Slot.delete(force=True)
    async with DB.changing_schema():
        await execute(INDEX)


async def test_a_house_whose_index_is_gone_promises_a_thing_to_nobody_rather_than_to_two(without_the_index):
    came = await all_ask(await an_item(policy=Policy.at_once), 6, days())

    assert not any(isinstance(each, rules.Lent) for each in came)
    assert await Loan.count() == 0


async def test_without_the_index_and_without_asking_it_they_would_all_have_it(
    without_the_index, all_look_before_anybody_writes, monkeypatch
):
    async def plainly(rows: list[Slot]) -> None:
        await Slot.insert(*rows)

    monkeypatch.setattr(slots, "_put", plainly)
    came = await all_ask(await an_item(policy=Policy.at_once), 12, days())

    assert all(each.stage == Stage.accepted for each in came), came
    assert await two_have_it() == 66
