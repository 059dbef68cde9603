"""What people said to an event, as hosts and the rules read it."""

from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql
from app.features.events.tables import Said
from app.kit.refusals import Missing


class Came(Struct):
    """An answer with who gave it; no person walked in without a name."""

    id: int
    event: int
    person: int | None
    said: Said
    guests: int
    shown: bool
    at: datetime
    came_at: datetime | None
    capability: int | None
    name: str | None
    photo: str | None

    @property
    def owner(self) -> str:
        return owner_of(self.id)


def owner_of(answer_id: int) -> str:
    return f"answer:{answer_id}"


_ANSWER = (
    "SELECT event_answers.id, event_answers.event, event_answers.person, event_answers.said, event_answers.guests, "
    "event_answers.shown, event_answers.at, event_answers.came_at, event_answers.capability, people.name, people.photo "
    "FROM event_answers LEFT JOIN people ON people.id = event_answers.person WHERE "
)
_of_event = prepared_sql(_ANSWER + "event_answers.event = {} ORDER BY people.name, event_answers.id", Came)
_of_person = prepared_sql(_ANSWER + "event_answers.event = {} AND event_answers.person = {}", Came)
_by_id = prepared_sql(_ANSWER + "event_answers.event = {} AND event_answers.id = {}", Came)


async def answers_to(event_id: int) -> list[Came]:
    return list(await _of_event(event_id))


async def answer_of(event_id: int, person_id: int) -> Came | None:
    return await _of_person.first(event_id, person_id)


async def answer_by_id(event_id: int, answer_id: int) -> Came:
    found = await _by_id.first(event_id, answer_id)
    if found is None:
        raise Missing
    return found
