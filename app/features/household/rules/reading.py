"""What of a household others read: its steward on its page, a neighbour on a member's page."""

from datetime import datetime

from msgspec import Struct, structs

from app.db import prepared_sql
from app.features.community import rules as community
from app.features.household.rules.answering import living_there
from app.features.household.rules.cards import STANDS, Card, card_of
from app.features.household.rules.holdings import Holding, holding_of
from app.features.household.rules.looks import note_looks
from app.features.household.rules.needs import Need, readable_needs
from app.features.people import rules as people
from app.features.people.rules import Home, Member, Neighbour
from app.features.people.tables import Audience
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import Missing
from app.kit.words import Sentence


class Fact(Struct):
    """One field with its words; a number to call, or the neighbour who holds the key."""

    field: str
    label: Sentence
    words: str
    lang: str
    phone: str = ""
    holder: str = ""


class LookedAt(Struct):
    """A household as those who look after it may see it. `noted`: this look is in the members' lists."""

    home: Home
    line: list[Sentence]
    members: list[Member]
    facts: list[Fact]
    needs: dict[int, Need]
    noted: bool


async def household(household_id: int, *, by: Neighbour, now: datetime) -> LookedAt:
    """For stewards of an area around it, and administrators; Missing for others. What is sensitive is noted."""
    home = await looked_after(household_id, by=by)
    near = await people.nearness_to_household(by, home)
    members = await living_there(home.id)
    card, audiences = await card_of(home.id)
    open_ones = {field for field, audience in audiences.items() if people.is_within(audience, near)}
    holding = await holding_of(home.id) if "key_holder" in open_ones else None
    facts = [fact for fact in facts_of(card, holding, by) if fact.field in open_ones]
    needs = await readable_needs([each.id for each in members], by=by)
    seen = _seen(members, facts, needs, lives_there=near == Audience.me)
    await note_looks(seen, household=home.id, by=by, now=now)
    return LookedAt(
        home=home,
        line=[area.label for area in await community.line_to(home.area)],
        members=members,
        facts=facts,
        needs=needs,
        noted=any(shown for person, shown in seen.items() if person != by.id),
    )


async def looked_after(household_id: int, *, by: Neighbour) -> Home:
    """Raises Missing, unless this neighbour looks after the area or the community."""
    home = await people.household(household_id)
    if not await people.looks_after(by, home):
        raise Missing
    return home


def _seen(
    members: list[Member], facts: list[Fact], needs: dict[int, Need], *, lives_there: bool
) -> dict[int, list[str]]:
    """By member. Contact and key are the household's own: its members see them without a note."""
    ours = [] if lives_there else [fact.field for fact in facts if fact.field in ("emergency_contact", "key_holder")]
    return {each.id: [*ours, *(["needs"] if each.id in needs else [])] for each in members}


def facts_of(card: Card, holding: Holding | None, by: Neighbour) -> list[Fact]:
    """What is filled in, in the order of a helper's questions."""
    contact = " · ".join(filter(None, (card.contact_name, card.contact_relation)))
    facts = [
        structs.replace(_fact("emergency_contact", contact, by), phone=card.contact_phone),
        structs.replace(_fact("key_holder", card.key_words, by), holder=_holder(holding)),
        *(_fact(field, getattr(card, field), by) for field in ("languages", "pets", "notes")),
    ]
    return [fact for fact in facts if fact.words or fact.holder]


def _holder(holding: Holding | None) -> str:
    """Somebody who was asked holds nothing yet."""
    return holding.holder_name if holding and holding.agreed_at else ""


def _fact(field: str, words: str, by: Neighbour) -> Fact:
    return Fact(field, people.OF_A_HOUSEHOLD[field].words, words, of_text(words, by.language or SOURCE))


class _Open(Struct):
    household: int
    area: int
    field: str
    audience: Audience
    languages: str
    pets: str
    notes: str


# One row for each field that somebody outside the household may read: mostly none, and then nothing more is asked.
_open_fields = prepared_sql(
    "SELECT household_cards.household, households.area, audiences.field, audiences.audience, "  # noqa: S608
    "household_cards.languages, household_cards.pets, household_cards.notes FROM memberships "
    "JOIN people ON people.id = memberships.person AND people.state = 'active' "
    "JOIN households ON households.id = memberships.household "
    "JOIN household_cards ON household_cards.household = memberships.household "
    "JOIN audiences ON audiences.household = memberships.household AND audiences.audience <> 'me' "
    "AND audiences.field IN ('languages', 'pets', 'notes') "
    "WHERE memberships.person = {} AND memberships.until_on IS NULL AND "
    + STANDS.format("household_cards")
    + " ORDER BY memberships.id, audiences.id",
    _Open,
)


async def shown_to(by: Neighbour, person_id: int) -> list[Fact]:
    """What of a neighbour's households stands on their page for this reader. One query where nothing is open."""
    near: dict[int, Audience | None] = {}
    facts = []
    for row in await _open_fields(person_id):
        if row.household not in near:
            home = Home(row.household, row.area, "", "")
            near[row.household] = await people.nearness_to_household(by, home)
        words = getattr(row, row.field)
        if words and people.is_within(row.audience, near[row.household]):
            facts.append(_fact(row.field, words, by))
    return facts
