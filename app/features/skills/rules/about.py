"""One neighbour's page: what they offer, what others thanked them for, and contact only between the two of an ask."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.household import rules as household
from app.features.household.rules.reading import Fact
from app.features.moderation import rules as moderation
from app.features.people import rules as people
from app.features.people.rules import Contact, Neighbour
from app.features.people.tables import Kind, State
from app.features.skills.rules.asks import ThankYou
from app.features.skills.rules.stages import Yes
from app.features.skills.tables import Category, Offered, Reach
from app.kit.refusals import Missing
from app.kit.words import Sentence

THANKS_SHOWN = 12


class Own(Struct):
    """A skill on its owner's page, and the ask that the reader has waiting for it."""

    id: int
    category: Category
    words: str
    details: str
    lang: str
    times: str
    reach: Reach
    emergency: bool
    state: Offered
    asked: int | None


class Person(Struct):
    """A neighbour as another may see them."""

    who: Neighbour
    place: Sentence | None
    skills: list[Own]
    thanks: list[ThankYou]
    capabilities: list[Sentence]
    contact: Contact | None
    contact_until: datetime | None  # not known before all is done
    shared: list[int]
    facts: list[Fact]


_skills = prepared_sql(
    "SELECT id, category, words, details, lang, times, reach, emergency, state, (SELECT max(asks.id) FROM asks "
    "WHERE asks.skill = skills.id AND asks.asker = {1} AND asks.stage IN ('open', 'proposed')) AS asked "
    "FROM skills WHERE person = {0} AND state <> 'withdrawn' "
    "AND (state <> 'taken' OR before <> 'withdrawn') ORDER BY state, id DESC",
    Own,
)
_thanks = prepared_sql(
    "SELECT thanks.id, thanks.words, thanks.lang, thanks.at, thanks.giver, people.name FROM thanks "
    "JOIN people ON people.id = thanks.giver AND people.state <> 'leaving' "
    "WHERE thanks.helper = {} AND thanks.taken_at IS NULL ORDER BY thanks.id DESC LIMIT {}",
    ThankYou,
)
_between = prepared_sql(
    "SELECT acceptances.id, acceptances.ask, acceptances.helper, accepted_at, ended_at, contact_until, "
    "asker_prolongs, helper_prolongs FROM acceptances JOIN asks ON asks.id = acceptances.ask "
    "WHERE (asks.asker = {0} AND acceptances.helper = {1}) OR (asks.asker = {1} AND acceptances.helper = {0}) "
    "ORDER BY acceptances.id DESC",
    Yes,
)


class _Id(Struct):
    id: int


_asks_between = prepared_sql(
    "SELECT id FROM asks WHERE (asker = {0} AND helper = {1}) OR (asker = {1} AND helper = {0}) "
    "ORDER BY id DESC LIMIT 5",
    _Id,
)


async def person(person_id: int, *, by: Neighbour, now: datetime) -> Person:
    """Missing, unless they offer something, have an ask with the reader, or the reader looks after them."""
    who = await people.neighbour(person_id)
    mine = by.id == person_id
    if who.state == State.leaving and not mine:
        raise Missing
    skills = [each for each in await _skills(person_id, by.id) if mine or each.state == Offered.offered]
    shared = [row.id for row in await _asks_between(by.id, person_id)]
    if not mine and not shared and not (who.is_active and skills) and not await _looks_after(by, person_id):
        raise Missing
    if not mine and await moderation.blocks_between(by.id, person_id) and not await _looks_after(by, person_id):
        raise Missing
    between = [] if mine else await _between(by.id, person_id)
    until = [yes.contact_until for yes in between if yes.shows_contact(now)]
    return Person(
        who=who,
        place=(await people.whereabouts([person_id])).get(person_id),
        skills=skills if mine or who.is_active else [],
        thanks=await _thanks(person_id, THANKS_SHOWN),
        capabilities=[each.words for each in await people.capabilities_of(person_id, now.date())],
        contact=await people.contact(person_id) if until else None,
        contact_until=max((each for each in until if each), default=None) if None not in until else None,
        shared=shared,
        facts=await household.shown_to(by, person_id),
    )


async def _looks_after(by: Neighbour, person_id: int) -> bool:
    return by.is_active and (by.is_a(Kind.administrator) or await people.steward_reaches(by, person_id))
