"""Households: who shares a door."""

from datetime import date, datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.community import rules as community
from app.features.people.tables import Household, Membership
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.words import say


class Member(Struct):
    membership: int
    id: int
    name: str
    state: str
    may_answer_for: bool


class Home(Struct):
    id: int
    area: int
    door: str
    address: str


_home = prepared_sql("SELECT id, area, door, address FROM households WHERE id = {}", Home)
_members = prepared_sql(
    "SELECT memberships.id AS membership, people.id, people.name, people.state, memberships.may_answer_for "
    "FROM memberships JOIN people ON people.id = memberships.person "
    "WHERE memberships.household = {} AND memberships.until_on IS NULL ORDER BY memberships.id",
    Member,
)


async def household(household_id: int) -> Home:
    found = await _home.first(household_id)
    if found is None:
        raise Missing
    return found


async def members_of(household_id: int) -> list[Member]:
    return list(await _members(household_id))


async def add_household(*, area: int, door: str, address: str, by: int | None, now: datetime) -> int:
    """`address` is what neighbours say; it names one household only."""
    async with writing():
        await community.area(area)
        if await Household.exists().where(Household.address == address):
            raise Refusal(say("There is a household at %(address)s already.", address=address), beside="address")
        made = Household(area=area, door=door, address=address)
        await made.save()
        await audit.note("household made", who=by, about=f"household:{made.id}", now=now)
        return int(made.id)


async def join(
    person: int, household_id: int, *, on: date, by: int | None, now: datetime, may_answer_for: bool = False
) -> None:
    """A person becomes a member; the unique index keeps one open membership of a household each."""
    async with writing():
        await household(household_id)
        open_one = (Membership.person == person) & (Membership.household == household_id)
        if await Membership.exists().where(open_one & Membership.until_on.is_null()):
            raise Refusal(say("They are members of that household already."), beside="household")
        row = Membership(person=person, household=household_id, since_on=on, may_answer_for=may_answer_for)
        await Membership.insert(row)
        await audit.note("household joined", who=by, about=f"household:{household_id}", now=now, concerns=person)


async def leave(membership_id: int, *, on: date, by: int | None, now: datetime) -> int:
    """Ends a membership; gives back the person."""
    async with writing():
        row = await Membership.objects().where((Membership.id == membership_id) & Membership.until_on.is_null()).first()
        if row is None:
            raise Missing
        await Membership.update({Membership.until_on: on}).where(Membership.id == membership_id)
        await audit.note("household left", who=by, about=f"household:{row.household}", now=now, concerns=row.person)
        return int(row.person)


async def may_answer(membership_id: int, *, yes: bool, by: int | None, now: datetime) -> int:
    """Whether this member may answer for the others of the household; gives back the household."""
    async with writing():
        row = await Membership.objects().where((Membership.id == membership_id) & Membership.until_on.is_null()).first()
        if row is None:
            raise Missing
        await Membership.update({Membership.may_answer_for: yes}).where(Membership.id == membership_id)
        await audit.note(
            "answering for changed", who=by, about=f"household:{row.household}", now=now, concerns=row.person
        )
        return int(row.household)


async def homes_of(person_id: int) -> list[Home]:
    rows = (
        await Membership.select(Membership.household)
        .where((Membership.person == person_id) & Membership.until_on.is_null())
        .order_by(Membership.id)
    )
    return [await household(row["household"]) for row in rows]
