"""Whom somebody vouched for, and those in turn; and undoing all of it when the trust was wrong."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from app.db import held, prepared_sql, writing
from app.features.joining.rules.vouching import said_why, tell_standing
from app.features.joining.tables import Newcomer, Vouch
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.rules.neighbour import administrators
from app.features.people.tables import Person, State
from app.kit import audit
from app.kit.refusals import Missing, Taken
from app.kit.words import say


class Given(Struct):
    """One vouch that stands. `by_neighbours`: they are in by vouches alone, and would wait again without."""

    person: int
    name: str
    state: str
    voucher: int
    given_at: datetime
    by_neighbours: bool

    @property
    def falls(self) -> bool:
        return self.state == State.active and self.by_neighbours

    @property
    def leads_on(self) -> bool:
        """Whom an officer let in or gave a role is trusted for that; the chain ends there. Everybody else passes it on,
        also who is suspended, leaving or gone."""
        return self.by_neighbours or self.state == State.gone


class Vouched(Given):
    """With those whom they vouched for."""

    inside: "list[Vouched]"


_given = prepared_sql(
    "SELECT vouches.person, people.name, people.state, vouches.voucher, vouches.given_at, "
    "(newcomers.vouched_at IS NOT NULL AND newcomers.welcomed_at IS NULL AND NOT EXISTS (SELECT 1 FROM roles "
    "WHERE roles.person = people.id AND roles.ended_at IS NULL)) AS by_neighbours "
    "FROM vouches JOIN people ON people.id = vouches.person LEFT JOIN newcomers ON newcomers.person = people.id "
    "WHERE vouches.voucher = {} AND vouches.ended_at IS NULL ORDER BY vouches.id",
    Given,
)


async def chain(person_id: int) -> list[Vouched]:
    """The tree below somebody. Each person stands in it once: two may have vouched for each other over the years."""
    seen = {person_id}
    return await _below(person_id, seen)


async def _below(person_id: int, seen: set[int]) -> list[Vouched]:
    rows = [row for row in await _given(person_id) if row.person not in seen]
    seen |= {row.person for row in rows}
    return [Vouched(**asdict(row), inside=await _below(row.person, seen) if row.leads_on else []) for row in rows]


async def undo_chain(person_id: int, *, reason: str, by: Neighbour, now: datetime) -> int:
    """Whoever is in by those vouches waits again, and reads why; officers' own decisions stand. Says how many."""
    why = said_why(reason)
    async with writing():
        await administrators()  # as whoever shuts somebody out: roles first, then people in their order
        fallen, vouchers = await _fallen(person_id)
        await held(Person.objects().where(Person.id.is_in(sorted({*fallen, *vouchers}))).order_by(Person.id))
        if (fallen, vouchers) != await _fallen(person_id):
            raise Taken(say("Somebody was faster. Please look again."))
        given = Vouch.voucher.is_in(sorted(vouchers)) & Vouch.ended_at.is_null()
        ended = await Vouch.update({Vouch.ended_at: now, Vouch.ended_by: by.id}).where(given).returning(Vouch.id)
        if not ended:
            raise Missing
        for each in sorted(fallen):
            await _put_back(each, why, by, now)
        await audit.note("vouches undone", who=by.id, about=f"person:{person_id}", now=now, concerns=person_id)
    return len(fallen)


async def _fallen(person_id: int) -> tuple[set[int], set[int]]:
    """(who waits again, whose vouches end)."""
    fallen, vouchers, ahead = set[int](), {person_id}, await chain(person_id)
    while ahead:
        row = ahead.pop()
        ahead += row.inside
        if row.falls:
            fallen.add(row.person)
        if row.leads_on:
            vouchers.add(row.person)
    return fallen, vouchers


async def _put_back(person_id: int, why: str, by: Neighbour, now: datetime) -> None:
    if (await people.neighbour(person_id)).state != State.active:
        return
    await people.settle(person_id, State.pending, by=by.id, now=now)
    settled: dict[Any, Any] = {Newcomer.vouched_at: None, Newcomer.fell_at: now, Newcomer.reason: why}
    await Newcomer.update(settled).where(Newcomer.person == person_id)
    told = say("You wait to be let in again: a vouch for you was undone. Why: %(reason)s", reason=why)
    await tell_standing(person_id, told, path="/waiting", now=now)
