"""Somebody is named as neighbours know them. Only those who sign in can be asked: they have to answer."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.people import rules as people
from app.features.people.rules import Held
from app.features.people.tables import Kind
from app.kit.refusals import Refusal
from app.kit.words import Sentence, say

MOST = 12


class Called(Struct):
    id: int
    name: str


class Which(Refusal):
    """Several bear that name; `candidates` are (person, where they live)."""

    def __init__(self, candidates: list[tuple[int, Sentence | None]]) -> None:
        super().__init__(say("Several neighbours have that name. Which of them?"), beside="person")
        self.candidates = candidates


_called = prepared_sql(
    "SELECT people.id, people.name FROM people JOIN logins ON logins.person = people.id "
    "WHERE lower(people.name) = lower({}) AND people.state = 'active' ORDER BY people.id LIMIT {}",
    Called,
)
_in_area = prepared_sql(
    "WITH RECURSIVE below (id) AS (SELECT id FROM areas WHERE id = {0} UNION ALL "
    "SELECT areas.id FROM areas JOIN below ON areas.parent = below.id) "
    "SELECT DISTINCT people.id, people.name FROM below JOIN households ON households.area = below.id "
    "JOIN memberships ON memberships.household = households.id AND memberships.until_on IS NULL "
    "JOIN people ON people.id = memberships.person AND people.state = 'active' "
    "JOIN logins ON logins.person = people.id WHERE people.id <> {1} ORDER BY people.name LIMIT 50",
    Called,
)


async def named(typed: str, chosen: int | None) -> int:
    """Raises Refusal beside "who", or Which."""
    found = await _called(" ".join(typed.split()), MOST)
    if not found:
        refusal = say("Nobody of that name signs in here. Write it as it stands on their page.")
        raise Refusal(refusal, beside="who")
    ids = [each.id for each in found]
    if chosen in ids:
        return int(chosen or 0)
    if len(ids) == 1:
        return ids[0]
    places = await people.whereabouts(ids)
    raise Which([(each, places.get(each)) for each in ids])


async def near_at_hand(role: Held, *, now: datetime) -> list[str]:
    """Names to choose from while typing: who signs in where a steward looks after, else those who hold roles."""
    if role.area is not None:
        return [each.name for each in await _in_area(role.area, role.person)]
    officers = {each for kind in Kind for each in await people.officers(kind, now=now)} - {role.person}
    return sorted([(await people.neighbour(each, now=now)).name for each in list(officers)[:MOST]])
