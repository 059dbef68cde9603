"""Those whom a list brought move in: households, people, what they can do, what was said about them."""

from collections.abc import Callable
from datetime import date, datetime

from app.features.community.rules import Here
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


async def settle(register: Register, here: Here, roster_import: int, *, by: int | None, now: datetime) -> None:
    """Inside the import's transaction; table after table, in the order in which they lean on each other."""
    told = [someone for someone in register.everyone if someone.seals]
    doors = await households([home for someone in told for home in someone.homes], here.area_kinds)
    await _people(told, by, now)
    await _memberships(told, doors, now.astimezone(here.clock).date())
    await _skills(told, here.languages[0], now)
    await insert_all(
        ClaimedNeed,
        (ClaimedNeed.person, ClaimedNeed.roster_import, ClaimedNeed.words, ClaimedNeed.claimed_at),
        ((someone.id, roster_import, words, now) for someone in told for words in someone.needs),
    )
    await insert_all(
        PhoneNote,
        (PhoneNote.person, PhoneNote.words, PhoneNote.noted_at),
        ((someone.id, words, now) for someone in told for words in someone.notes),
    )
    await insert_all(
        RosterRow,
        (RosterRow.seal, RosterRow.person, RosterRow.roster_import),
        ((seal, someone.id, roster_import) for someone in told for seal in _seals(someone, register.sealed)),
    )
    await skills.index_people(someone.id for someone in told if someone.skills)


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
