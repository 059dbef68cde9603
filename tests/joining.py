"""Makers for those who join: a poster in the hall, and somebody who asked by it."""

from typing import Any

from msgspec.structs import replace

from app.features.joining import rules
from app.features.joining.tables import Newcomer
from app.features.people.rules import neighbour
from app.features.people.tables import Person
from tests.makers import NOON, an_administrator, an_area, nth

KNOCK = rules.Knock("Fang", "3-2-501", "fang@example.org", "three plain words", terms=True, old_enough=True)


async def a_poster(area: Any = None, *, by: Any = None, days: int = 30) -> rules.Hung:
    by = by or await _an_officer()
    poster = await rules.hang((area or await an_area()).id, days=days, by=by, now=NOON)
    return await rules.poster(poster, by=by)


async def _an_officer() -> Any:
    known = await Person.select(Person.id).where(Person.name == "Office").first()
    return await neighbour(known["id"]) if known else await an_administrator(name="Office")


async def a_newcomer(poster: rules.Hung | None = None, *, network: str = "192.0.2", **said: Any) -> int:
    """Somebody who waits, as the number of their person."""
    poster = poster or await a_poster()
    asked = replace(KNOCK, **{"login": f"newcomer{next(nth)}@example.org", **said})
    return await rules.knock(poster.code, asked, network=network, language="en", now=NOON)


async def token_of(person_id: int) -> str:
    row = await Newcomer.select(Newcomer.token).where(Newcomer.person == person_id).first()
    return row["token"]
