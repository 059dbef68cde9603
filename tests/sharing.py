"""Things for tests: a ladder, who lends it, and loans as they stand."""

from datetime import date, timedelta

from app.features.people.rules import neighbour
from app.features.sharing.rules import Thing
from app.features.sharing.rules.labels import new_label
from app.features.sharing.rules.lent import lent
from app.features.sharing.rules.reach import thing
from app.features.sharing.rules.stages import HOLDS, Lent
from app.features.sharing.rules.waiting import place_in_line, stand_in_line
from app.features.sharing.tables import Item, ItemKeeper, Kind, Loan, Stage
from app.kit import slots
from app.kit.slots import Claim
from tests.makers import NOON, a_household, a_person
from tests.spacing import a_neighbour

TODAY = date(2026, 5, 1)  # NOON is a Friday, 20:00 in Shanghai
DAY = timedelta(days=1)


async def an_item(*, by=None, keepers=(), **said) -> Thing:
    """A ladder that `by` (else a neighbour behind a door) lends out; with `keepers` the community's."""
    usual = {"name": "Ladder", "lang": "en", "category": "tools", "label": await new_label(), "made_at": NOON}
    if not keepers and "household" not in said and "person" not in said:
        usual["person"] = (by or await a_neighbour()).id
    made = Item(**{**usual, "by": usual.get("person"), **said})
    await made.save()
    for each in keepers:
        await ItemKeeper.insert(ItemKeeper(item=made.id, person=each.id))
    return await thing(made.id)


async def a_gift(**said) -> Thing:
    return await an_item(**{"kind": Kind.give, "name": "Pram", "category": "children", **said})


async def owner_of(item: Thing):
    return await neighbour(item.person)


async def a_loan(item, *, by=None, first=TODAY, days=7, stage=Stage.accepted, now=NOON, **said) -> Lent:
    """As it stands, with its days in the slots where it holds them."""
    by, last = by or await a_neighbour(), first + (days - 1) * DAY
    dated = {} if item.is_gift else {"first_on": first, "last_on": last, "due_on": last}
    usual = {"item": item.id, "borrower": by.id, "acted_by": by.id, "stage": stage, "stage_at": now, "asked_at": now}
    if stage == Stage.asked:
        usual["until_at"] = now + 5 * DAY
    if stage in (Stage.out, Stage.back, Stage.given):
        usual["handed_at"] = now
    row = Loan(**{**usual, **dated, **said})
    await row.save()
    if stage in HOLDS and not item.is_gift:
        held_days = tuple(slots.days(first, last + item.gap * DAY))
        await slots.take(f"loan:{row.id}", [Claim(item.thing, held_days)])
    return await lent(row.id)


async def in_line(item, *, by=None, first=TODAY, days=2, now=NOON) -> Lent:
    """Somebody for whom these days are another's, and who waits for them."""
    found = await a_loan(item, by=by, first=first, days=days, stage=Stage.asked, until_at=None, now=now)
    await stand_in_line(found, now=now)
    return found


async def is_offered(found: Lent) -> bool:
    """Is it their turn?"""
    waits = await place_in_line(found)
    return waits is not None and waits.offered_until is not None


__all__ = [
    "DAY", "NOON", "TODAY", "a_gift", "a_household", "a_loan", "a_neighbour", "a_person", "an_item", "in_line",
    "is_offered", "owner_of",
]  # fmt: skip
