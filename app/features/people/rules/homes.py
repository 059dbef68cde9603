"""Who belongs to a household: from a day, until a day."""

from datetime import date, datetime

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.people.rules.households import household
from app.features.people.tables import Membership, Person, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class Member(Struct):
    membership: int
    id: int
    name: str
    state: str
    photo: str
    may_answer_for: bool


class Stay(Struct):
    """One household of a person."""

    membership: int
    household: int
    address: str
    since_on: date
    may_answer_for: bool


_members = prepared_sql(
    "SELECT memberships.id AS membership, people.id, people.name, people.state, people.photo, "
    "memberships.may_answer_for FROM memberships JOIN people ON people.id = memberships.person "
    "WHERE memberships.household = {} AND memberships.until_on IS NULL ORDER BY memberships.id",
    Member,
)
_stays = prepared_sql(
    "SELECT memberships.id AS membership, households.id AS household, households.address, memberships.since_on, "
    "memberships.may_answer_for FROM memberships JOIN households ON households.id = memberships.household "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL ORDER BY memberships.id",
    Stay,
)


async def members_of(household_id: int) -> list[Member]:
    return list(await _members(household_id))


async def stays_of(person_id: int) -> list[Stay]:
    return list(await _stays(person_id))


async def join(
    person: int, household_id: int, *, on: date, by: int | None, now: datetime, may_answer_for: bool = False
) -> None:
    """A person becomes a member; the unique index keeps one open membership of a household each."""
    async with writing():
        await household(household_id)
        someone = await held(Person.objects().where(Person.id == person)).first()
        if someone is None:
            raise Missing
        _must_be_here(someone)
        open_one = (Membership.person == person) & (Membership.household == household_id)
        if await Membership.exists().where(open_one & Membership.until_on.is_null()):
            raise Refusal(say("They are members of that household already."), beside="household")
        row = Membership(person=person, household=household_id, since_on=on, may_answer_for=may_answer_for)
        await Membership.insert(row)
        await audit.note("household joined", who=by, about=f"household:{household_id}", now=now, concerns=person)


async def leave(membership_id: int, *, on: date, by: int | None, now: datetime) -> int:
    """Ends a membership; gives back the household."""
    async with writing():
        row = await _open_membership(membership_id)
        await Membership.update({Membership.until_on: on}).where(Membership.id == membership_id)
        await audit.note("household left", who=by, about=f"household:{row.household}", now=now, concerns=row.person)
        return int(row.household)


async def rejoin(membership_id: int, *, by: int, now: datetime) -> int:
    """Ending it was a mistake. Gives back the household; the index says no where they joined again already."""
    async with writing():
        ended = (Membership.id == membership_id) & Membership.until_on.is_not_null()
        row = await held(Membership.objects().where(ended)).first()
        if row is None:
            raise Missing
        _must_be_here(await Person.objects().where(Person.id == row.person).first())
        await Membership.update({Membership.until_on: None}).where(Membership.id == membership_id)
        about = f"household:{row.household}"
        await audit.note("household joined", who=by, about=about, now=now, concerns=row.person)
        return int(row.household)


def _must_be_here(someone: Person | None) -> None:
    if someone is None or someone.state == State.gone:
        raise Refusal(say("They moved away. Bring them back first."), beside="household")
    if someone.state == State.leaving:
        raise Refusal(say("They are leaving."), beside="household")


async def may_answer(membership_id: int, *, yes: bool, by: int | None, now: datetime) -> int:
    """Whether this member may answer for the others of the household; gives back the household."""
    async with writing():
        row = await _open_membership(membership_id)
        await Membership.update({Membership.may_answer_for: yes}).where(Membership.id == membership_id)
        about, who = f"household:{row.household}", row.person
        await audit.note("answering for changed", who=by, about=about, now=now, concerns=who)
        return int(row.household)


async def _open_membership(membership_id: int) -> Membership:
    open_one = (Membership.id == membership_id) & Membership.until_on.is_null()
    row = await held(Membership.objects().where(open_one)).first()
    if row is None:
        raise Missing
    return row
