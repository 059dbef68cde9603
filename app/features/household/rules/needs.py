"""Special needs: each says their own, agrees to their being kept for one purpose, and takes it back at any time."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.db import held, one_of, prepared, prepared_sql, writing
from app.features.household.tables import Needs
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Audience, Person
from app.kit import audit
from app.kit.refusals import NotYours, Refusal
from app.kit.words import say

PURPOSE = "needs"
LONGEST = 600


class Need(Struct):
    person: int
    words: str
    edited_at: datetime


class _Agreed(Struct):
    person: int


_needs = prepared(
    lambda ids: Needs.select(Needs.person, Needs.words, Needs.edited_at).where(one_of(Needs.person, ids)), Need
)
_agreed = prepared_sql(
    {
        "sqlite": "SELECT person FROM consents WHERE person IN (SELECT value FROM json_each({})) "
        "AND purpose = 'needs' AND version = {} AND withdrawn_at IS NULL",
        "postgres": "SELECT person FROM consents WHERE person = ANY(CAST({} AS integer[])) "
        "AND purpose = 'needs' AND version = {} AND withdrawn_at IS NULL",
    },
    _Agreed,
)


async def own_needs(by: Neighbour) -> Need | None:
    return await _needs.first([by.id])


async def readable_needs(person_ids: Iterable[int], *, by: Neighbour) -> dict[int, Need]:
    """By person: only with a consent to the words as they are today, and as far as each has opened theirs.

    Whoever shows them notes the look.
    """
    found = {need.person: need for need in await _needs(list(person_ids))}
    agreed = {row.person for row in await _agreed(list(found), people.PURPOSES[PURPOSE].version)} if found else set()
    return {id: need for id, need in found.items() if id in agreed and await _is_open(id, by)}


async def _is_open(person_id: int, by: Neighbour) -> bool:
    audience = (await people.audiences_of(person_id))["needs"]
    return await people.may_read(by, person_id, audience)


async def say_needs(words: str, *, audience: Audience, agrees: bool, by: Neighbour, now: datetime) -> None:
    """Only for oneself: whoever acts for another never consents for them."""
    async with writing():
        await held(Person.objects().where(Person.id == by.id))
        await _consent(agrees, by, now)
        await _put(words, by, now)
        await people.choose_audiences(by.id, {"needs": audience}, by=by.id, now=now)


async def add_needs(words: str, *, agrees: bool, by: Neighbour, now: datetime) -> None:
    """One more line, for what somebody else wrote down and its owner says is right."""
    async with writing():
        await held(Person.objects().where(Person.id == by.id))
        await _consent(agrees, by, now)
        known = await own_needs(by)
        lines = [*(known.words.splitlines() if known else []), words]
        whole = "\n".join(dict.fromkeys(lines))
        if len(whole) > LONGEST:
            raise Refusal(say("That is more than there is room for. Shorten your special needs first."))
        await _put(whole, by, now)


async def withdraw_needs(*, by: Neighbour, now: datetime) -> None:
    """The consent ends and the words are gone, in one transaction; nothing of them is kept."""
    async with writing():
        await held(Person.objects().where(Person.id == by.id))
        await people.withdraw_consent(by.id, PURPOSE, by=by.id, now=now)
        await Needs.delete().where(Needs.person == by.id)


async def _consent(agrees: bool, by: Neighbour, now: datetime) -> None:
    if by.is_child(now.date()):
        raise NotYours(say("Special needs are kept from 14 on: only then can you agree to it yourself."))
    if not agrees and not await people.has_consented(by.id, PURPOSE):
        raise Refusal(say("They are kept only with your consent."), beside="agrees")
    await people.consent(by.id, PURPOSE, by=by.id, now=now)


async def _put(words: str, by: Neighbour, now: datetime) -> None:
    known = await own_needs(by)
    if known is None:
        await Needs.insert(Needs(person=by.id, words=words, edited_at=now))
    elif known.words != words:
        await Needs.update({Needs.words: words, Needs.edited_at: now}).where(Needs.person == by.id)
    else:
        return
    await audit.note("needs changed", who=by.id, about=f"person:{by.id}", now=now, concerns=by.id, fields=["needs"])
