"""Those whom a list brought move in: households, people, what they can do, what was said about them."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from app.features.accounts.tables import Login
from app.features.community.rules import Here
from app.features.people.rules import leave, stays_of
from app.features.people.tables import Membership, Person, State
from app.features.roster.rules.bulk import insert_all
from app.features.roster.rules.grounds import households
from app.features.roster.rules.register import Register, Someone
from app.features.roster.tables import ClaimedNeed, PhoneNote, RosterRow
from app.features.skills import rules as skills
from app.features.skills.tables import Skill
from app.kit import audit
from app.kit.languages import of_text


async def known_people() -> list[Someone]:
    """Everybody who lives behind a door today, in the order in which they came."""
    homes = (
        await Membership.select(
            Membership.person.id.as_alias("id"),
            Membership.person.name.as_alias("name"),
            Membership.person.phone.as_alias("phone"),
            Membership.person.edited_at.as_alias("edited_at"),
            Membership.household.address.as_alias("address"),
        )
        .where(Membership.until_on.is_null() & (Membership.person.state != State.gone))
        .order_by(Membership.id)
    )
    people: dict[int, Someone] = {}
    for home in homes:
        edited = home["edited_at"] is not None
        someone = people.setdefault(home["id"], Someone(home["name"], home["phone"], home["id"], edited))
        someone.doors.add(home["address"])
    for kind, table in (("skill", Skill), ("need", ClaimedNeed), ("phone", PhoneNote)):
        for told in await table.select(table.person, table.words):
            if teller := people.get(told["person"]):
                teller.knows.add(f"{kind} {told['words'].casefold()}")
    return list(people.values())


async def known_seals() -> dict[str, int | None]:
    return {row["seal"]: row["person"] for row in await RosterRow.select(RosterRow.seal, RosterRow.person)}


async def who_sign_in() -> set[int]:
    return {row["person"] for row in await Login.select(Login.person)}


async def settle(
    register: Register,
    here: Here,
    roster_import: int,
    *,
    by: int | None,
    now: datetime,
    done: Callable[[float], None],
) -> None:
    """Inside the import's transaction; table after table, in the order in which they lean on each other."""
    told = [someone for someone in register.everyone if someone.seals]
    doors = await households([home for someone in told for home in someone.homes], here.area_kinds)
    today = now.astimezone(here.clock).date()
    steps: tuple[Callable[[], Awaitable[Any]], ...] = (
        lambda: _people(told, by, now),
        lambda: _memberships(told, doors, today),
        lambda: _leave(told, by, today, now),
        lambda: _skills(told, here.languages[0], now),
        lambda: _needs(told, roster_import, now),
        lambda: _notes(told, now),
        lambda: _rows(told, roster_import, register.sealed),
        lambda: skills.index_people(someone.id for someone in told if someone.skills),
    )
    for number, step in enumerate(steps, 1):
        await step()
        done(number / len(steps))


async def _needs(told: list[Someone], roster_import: int, now: datetime) -> None:
    rows = ((someone.id, roster_import, words, now) for someone in told for words in someone.needs)
    columns = (ClaimedNeed.person, ClaimedNeed.roster_import, ClaimedNeed.words, ClaimedNeed.claimed_at)
    await insert_all(ClaimedNeed, columns, rows)


async def _notes(told: list[Someone], now: datetime) -> None:
    rows = ((someone.id, words, now) for someone in told for words in someone.notes)
    await insert_all(PhoneNote, (PhoneNote.person, PhoneNote.words, PhoneNote.noted_at), rows)


async def _rows(told: list[Someone], roster_import: int, sealed: Callable[..., str]) -> None:
    rows = ((seal, someone.id, roster_import) for someone in told for seal in _seals(someone, sealed))
    await insert_all(RosterRow, (RosterRow.seal, RosterRow.person, RosterRow.roster_import), rows)


async def _people(told: list[Someone], by: int | None, now: datetime) -> None:
    new = [someone for someone in told if not someone.id]
    phoneless = [someone for someone in told if someone.id and someone.new_phone]
    rows = ((someone.name, someone.new_phone, State.active, now) for someone in new)
    ids = await insert_all(Person, (Person.name, Person.phone, Person.state, Person.made_at), rows)
    for someone, id in zip(new, ids, strict=True):
        someone.id = id
    for someone in phoneless:
        await Person.update({Person.phone: someone.new_phone}).where(Person.id == someone.id)
        about = f"person:{someone.id}"
        await audit.note("roster added", who=by, about=about, now=now, concerns=someone.id, fields=["phone"])


async def _memberships(told: list[Someone], doors: dict[str, int], today: date) -> None:
    rows = ((someone.id, doors[home.label], today) for someone in told for home in someone.homes)
    await insert_all(Membership, (Membership.person, Membership.household, Membership.since_on), rows)


async def _leave(told: list[Someone], by: int | None, today: date, now: datetime) -> None:
    """Whoever moved lives at the old door until today."""
    for someone in told:
        for stay in await stays_of(someone.id) if someone.leaves else ():
            if stay.address in someone.leaves:
                await leave(stay.membership, on=today, by=by, now=now)


async def _skills(told: list[Someone], language: str, now: datetime) -> None:
    """Offered, as the list says; whether they would help in an emergency is for each to say."""
    rows = (
        (someone.id, skills.category_of(words), words, of_text(words, language), True, now)
        for someone in told
        for words in someone.skills
    )
    columns = (Skill.person, Skill.category, Skill.words, Skill.lang, Skill.from_roster, Skill.made_at)
    await insert_all(Skill, columns, rows)


def _seals(someone: Someone, sealed: Callable[..., str]) -> list[str]:
    facts = [sealed("skill", someone.id, words) for words in someone.skills]
    facts += [sealed("need", someone.id, words) for words in someone.needs]
    facts += [sealed("phone", someone.id, words) for words in someone.notes]
    return someone.seals + facts
