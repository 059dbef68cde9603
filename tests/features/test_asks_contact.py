"""Phone and address are for the two of an accepted ask, from the yes until a day after it is done. For nobody else."""

from datetime import timedelta

import pytest

from app.features.people import rules as people
from app.features.people.tables import Kind, Membership, State
from app.features.skills import rules
from app.features.skills.rules.offering import Offer
from app.kit.refusals import Missing, NotYours, Taken
from tests.makers import NOON, a_household, a_person, an_area

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DONE = NOON + 3 * DAY


class Street:
    """Ana asks (Son typed it for her), Ben helps; everybody else would like to know their phones."""

    async def begin(self):
        self.area = await an_area()
        home = await a_household(area=self.area)
        self.ana = await a_person(name="Ana", home=home, phone="+8613830166131")
        self.son = await a_person(name="Son", home=home)
        self.ben = await a_person(name="Ben", phone="+8613308246281", home=await a_household(area=self.area))
        self.others = [
            self.son,
            await a_person(home=await a_household(area=self.area)),
            await a_person(role=Kind.steward, area=self.area),
            await a_person(role=Kind.coordinator),
            await a_person(role=Kind.administrator),
        ]
        await Membership.update({Membership.may_answer_for: True}).where(Membership.person == self.son.id)
        skill = await rules.offer(Offer("Carpentry"), by=self.ben, now=NOON)
        self.ask = await rules.ask(skill, rules.Request("Help", for_whom=self.ana.id), by=self.son, now=NOON)
        return self

    async def who_sees(self, at) -> set[str]:
        """On the page of the ask, and on the page of the other of the two."""
        seen = set()
        for reader in (self.ana, self.ben, *self.others):
            other = self.ana if reader is self.ben else self.ben
            on_ask = await phone_in(rules.whole(self.ask, by=reader, now=at))
            on_person = await phone_in(rules.person(other.id, by=reader, now=at))
            assert on_ask == on_person or reader is self.son, reader.name
            if on_ask or on_person:
                assert (on_ask or on_person) == {"Ana": "+8613308246281", "Ben": "+8613830166131"}[reader.name]
                seen.add(reader.name)
        return seen


async def phone_in(page) -> str | None:
    try:
        shown = await page
    except Missing:
        return None
    return shown.contact.phone if shown.contact else None


@pytest.mark.parametrize("state", [State.suspended, State.gone])
async def test_no_yes_to_somebody_who_was_suspended_or_went(state, database):
    street = await Street().begin()
    await people.settle(street.ana.id, state, by=street.ben.id, now=NOON, reason="Why")
    with pytest.raises(Taken):
        await rules.accept(street.ask, by=street.ben, now=NOON)
    assert await street.who_sees(NOON) == set()


async def test_nobody_sees_a_contact_before_the_yes():
    street = await Street().begin()
    assert await street.who_sees(NOON) == set()
    await rules.propose(street.ask, "Saturday", by=street.ben, now=NOON)
    assert await street.who_sees(NOON) == set()


async def test_the_two_see_it_from_the_yes_until_a_day_after_it_is_done_to_the_minute():
    street = await Street().begin()
    await rules.accept(street.ask, by=street.ben, now=NOON)
    assert await street.who_sees(NOON) == {"Ana", "Ben"}
    assert await street.who_sees(DONE) == {"Ana", "Ben"}

    await rules.complete(street.ask, by=street.ana, now=DONE)
    assert await street.who_sees(DONE + DAY - MINUTE) == {"Ana", "Ben"}
    assert await street.who_sees(DONE + DAY) == set()


async def test_both_may_prolong_it_once_by_seven_days():
    street = await Street().begin()
    await rules.accept(street.ask, by=street.ben, now=NOON)
    await rules.complete(street.ask, by=street.ben, now=DONE)

    await rules.prolong(street.ask, by=street.ana, now=DONE)
    assert await street.who_sees(DONE + DAY) == set()

    await rules.prolong(street.ask, by=street.ben, now=DONE + DAY - MINUTE)
    assert await street.who_sees(DONE + 8 * DAY - MINUTE) == {"Ana", "Ben"}
    assert await street.who_sees(DONE + 8 * DAY) == set()
    for person in (street.ana, street.ben):
        with pytest.raises(NotYours):
            await rules.prolong(street.ask, by=person, now=DONE + DAY)


async def test_who_is_too_late_cannot_prolong_it():
    street = await Street().begin()
    await rules.accept(street.ask, by=street.ben, now=NOON)
    await rules.complete(street.ask, by=street.ben, now=DONE)
    await rules.prolong(street.ask, by=street.ana, now=DONE)
    with pytest.raises(NotYours):
        await rules.prolong(street.ask, by=street.ben, now=DONE + DAY)
    assert await street.who_sees(DONE + DAY) == set()


@pytest.mark.parametrize("called_off_by", ["asker", "helper"])
async def test_what_is_called_off_hides_it_at_once(called_off_by):
    street = await Street().begin()
    await rules.accept(street.ask, by=street.ben, now=NOON)
    if called_off_by == "asker":
        await rules.withdraw(street.ask, by=street.ana, now=NOON + DAY)
    else:
        await rules.decline(street.ask, by=street.ben, now=NOON + DAY)
    assert await street.who_sees(NOON + DAY) == set()


async def test_what_nobody_marks_as_done_hides_it_after_a_month_and_a_day():
    street = await Street().begin()
    await rules.accept(street.ask, by=street.ben, now=NOON)
    await rules.close(street.ask, now=NOON + 30 * DAY)
    assert await street.who_sees(NOON + 31 * DAY - MINUTE) == {"Ana", "Ben"}
    assert await street.who_sees(NOON + 31 * DAY) == set()
