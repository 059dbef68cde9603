"""What each personal field is called, who reads it unless its owner says otherwise, and who does by their choice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.people.tables import Audience, FieldAudience, Household, Person
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Several
from app.kit.words import Sentence, say

AUDIENCES: dict[Audience, Sentence] = {
    Audience.me: say("Nobody else"),
    Audience.stewards: say("My stewards"),
    Audience.building: say("My building"),
    Audience.community: say("The community"),
}
RINGS = tuple(Audience)


class Field(Struct, frozen=True):
    """Private unless its owner opens it, and never further than `widest`."""

    words: Sentence
    default: Audience
    widest: Audience

    @property
    def choices(self) -> tuple[Audience, ...]:
        return RINGS[: RINGS.index(self.widest) + 1]


class Fixed(Struct, frozen=True):
    """Not to be chosen: who reads it, and why."""

    words: Sentence
    readers: Sentence
    why: Sentence


OF_A_PERSON: dict[str, Field] = {
    # The consent that it is kept by says what for: their steward. They may close it again.
    "needs": Field(say("Special needs"), Audience.stewards, Audience.stewards),
}
OF_A_HOUSEHOLD: dict[str, Field] = {
    "emergency_contact": Field(say("Emergency contact"), Audience.me, Audience.stewards),
    "key_holder": Field(say("Who holds a key"), Audience.me, Audience.stewards),
    "languages": Field(say("Languages we speak"), Audience.me, Audience.community),
    "pets": Field(say("Pets"), Audience.me, Audience.community),
    "notes": Field(say("Notes for helpers"), Audience.me, Audience.building),
}
FIXED: dict[str, Fixed] = {
    "name": Fixed(say("Name"), AUDIENCES[Audience.community], say("So that neighbours know whom they deal with.")),
    "place": Fixed(
        say("Building"), AUDIENCES[Audience.community], say("So that help comes from near. Never your door.")
    ),
    "photo": Fixed(
        say("Photo"), AUDIENCES[Audience.community], say("You need not have one, and can take it away at any time.")
    ),
    "phone": Fixed(
        say("Phone and e-mail"),
        say("The two of an accepted ask"),
        say("From the yes until a day after it is done. The committee sees them too, and each of its looks is noted."),
    ),
    "door": Fixed(
        say("Your door"),
        say("The two of an accepted ask"),
        say("Your stewards and the committee know it as well: they keep the list of households."),
    ),
}


class _Chosen(Struct):
    field: str
    audience: Audience


_of_person = prepared_sql("SELECT field, audience FROM audiences WHERE person = {}", _Chosen)
_of_household = prepared_sql("SELECT field, audience FROM audiences WHERE household = {}", _Chosen)


async def audiences_of(person_id: int) -> dict[str, Audience]:
    """Of every field that a person chooses for: their choice, or ours."""
    return with_defaults(OF_A_PERSON, await _of_person(person_id))


async def household_audiences(household_id: int) -> dict[str, Audience]:
    return with_defaults(OF_A_HOUSEHOLD, await _of_household(household_id))


def with_defaults(fields: Mapping[str, Field], chosen: list[_Chosen]) -> dict[str, Audience]:
    """What was chosen when a field could still be opened further counts as far as it may be opened today."""
    known = {each.field: each.audience for each in chosen}
    return {name: narrower(known.get(name, field.default), field.widest) for name, field in fields.items()}


def narrower(one: Audience, other: Audience) -> Audience:
    return min(one, other, key=RINGS.index)


async def choose_audiences(person_id: int, said: Mapping[str, Audience], *, by: int, now: datetime) -> list[str]:
    """Gives back the fields that changed. Raises a refusal beside each that may not be opened so far."""
    async with writing():
        if await held(Person.objects().where(Person.id == person_id)).first() is None:
            raise Missing
        _only_so_far(OF_A_PERSON, said)
        changed = await _put("person", person_id, said)
        if changed:
            about = f"person:{person_id}"
            await audit.note("audience changed", who=by, about=about, now=now, concerns=person_id, fields=changed)
        return changed


async def choose_household_audiences(
    household_id: int, said: Mapping[str, Audience], *, by: int, now: datetime
) -> list[str]:
    """The same for what a household keeps together."""
    async with writing():
        if await held(Household.objects().where(Household.id == household_id)).first() is None:
            raise Missing
        _only_so_far(OF_A_HOUSEHOLD, said)
        changed = await _put("household", household_id, said)
        if changed:
            await audit.note("audience changed", who=by, about=f"household:{household_id}", now=now, fields=changed)
        return changed


def _only_so_far(fields: Mapping[str, Field], said: Mapping[str, Audience]) -> None:
    wide = [
        Refusal(say("This cannot be opened that far."), beside=name)
        for name, audience in said.items()
        if name not in fields or audience not in fields[name].choices
    ]
    if wide:
        raise wide[0] if len(wide) == 1 else Several(list(wide))


async def _put(whose: str, owner: int, said: Mapping[str, Audience]) -> list[str]:
    """The owner's row is held meanwhile, and an index keeps one row a field."""
    column: Any = getattr(FieldAudience, whose)
    known = {row["field"]: row["audience"] for row in await FieldAudience.select().where(column == owner)}
    for name, audience in said.items():
        if name in known:
            here = (column == owner) & (FieldAudience.field == name)
            await FieldAudience.update({FieldAudience.audience: audience}).where(here)
        else:
            row = FieldAudience({column: owner}, field=name, audience=audience)
            await FieldAudience.insert(row)
    return sorted(name for name, audience in said.items() if known.get(name) != audience)
