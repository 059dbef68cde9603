"""What hosts do besides: ask others along, read what people need, and read what they said afterwards."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.events.rules.answers import Came, answer_of, answers_to
from app.features.events.rules.reach import Gathering, add_host_row, event_for, hosted, may_see, must_host
from app.features.events.rules.telling import TOPIC
from app.features.events.tables import Again, Feedback, Said
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

ENOUGH = 5  # so that nobody can be told from what is said
ASKED = timedelta(days=14)
AN_HOUR = timedelta(hours=1)


async def add_host(event_id: int, person_id: int, *, by: Neighbour, now: datetime) -> None:
    """Somebody who comes: from then on they read the needs, and check in at the door."""
    async with writing():
        event = await hosted(event_id, by=by)
        came = await answer_of(event_id, person_id)
        if came is None or came.said != Said.yes:
            raise Refusal(say("Somebody who said that they come, please."), beside="host")
        await add_host_row(event_id, person_id)
        words = say("%(name)s asked you to host with them: %(title)s", name=by.name, title=event.title)
        key = f"event:{event_id}:host"
        await notices.tell(person_id, words, path=event.path, topic=TOPIC, key=key, until=event.ends_at, now=now)


class Needed(Struct):
    """What one who comes needs, for the hosts."""

    person: int
    name: str
    diet: str
    access: str
    care: str


class _Own(Struct):
    diet: str
    access: str
    care: str


_needs = prepared_sql(
    "SELECT people.id AS person, people.name, event_needs.diet, event_needs.access, event_needs.care FROM event_needs "
    "JOIN event_answers ON event_answers.id = event_needs.answer JOIN people ON people.id = event_answers.person "
    "WHERE event_answers.event = {} AND event_needs.until_at > {} ORDER BY people.name, people.id",
    Needed,
)
_own = prepared_sql(
    "SELECT event_needs.diet, event_needs.access, event_needs.care FROM event_needs "
    "JOIN event_answers ON event_answers.id = event_needs.answer "
    "WHERE event_answers.event = {} AND event_answers.person = {} AND event_needs.until_at > {}",
    _Own,
)


async def needs_of(event_id: int, *, by: Neighbour, now: datetime) -> list[Needed]:
    """For the hosts. Every look is noted, and whoever it is about can read that."""
    event = await event_for(event_id, by=by)
    must_host(event, by, await may_see(event, by))
    found = list(await _needs(event_id, now))
    async with writing(deed=False):
        for each in found:
            if each.person != by.id:
                about = f"event:{event_id}"
                await audit.note(
                    "event looked at", who=by.id, about=about, now=now, concerns=each.person, fields=["event_needs"]
                )
    return found


async def my_needs(event_id: int, *, by: Neighbour, now: datetime) -> dict[str, str]:
    found = await _own.first(event_id, by.id, now)
    return {name: getattr(found, name) for name in _Own.__struct_fields__} if found else {}


async def at_the_door(event_id: int, *, by: Neighbour) -> tuple[Gathering, list[Came]]:
    """For the hosts: who is expected, who comes perhaps, who stands there, who is in."""
    event = await event_for(event_id, by=by)
    must_host(event, by, await may_see(event, by))
    return event, [each for each in await answers_to(event_id) if each.said != Said.no]


async def may_say_how(event: Gathering, came: Came | None, now: datetime) -> bool:
    """Whoever was checked in; where nobody was, whoever had said yes."""
    if came is None or event.hosted or not event.takes_place or not event.ends_at <= now < event.ends_at + ASKED:
        return False
    return came.came_at is not None or (came.said == Said.yes and not await _any_came(event.id))


async def _any_came(event_id: int) -> bool:
    return any(each.came_at is not None for each in await answers_to(event_id))


async def say_how(event_id: int, again: Again, words: str, *, by: Neighbour, now: datetime) -> None:
    """Once each, in the two weeks after."""
    only_active(by, now)
    event = await event_for(event_id, by=by)
    if not await may_say_how(event, await answer_of(event_id, by.id), now):
        raise Missing
    async with writing():
        row = Feedback(event=event_id, person=by.id, again=again, words=words.strip()[:600], at=now)
        once = (Feedback.event, Feedback.person)
        if not await Feedback.insert(row).on_conflict(target=once, action="DO NOTHING").returning(Feedback.id):
            raise Taken(say("You have said how it was. Thank you."))
        await notices.read_about(event.path, by=by.id, now=now)


class Heard(Struct):
    """What hosts learn: from five on, numbers and words, and never who said what."""

    many: int
    again: dict[str, int] = {}
    words: list[str] = []

    @property
    def enough(self) -> bool:
        return self.many >= ENOUGH


async def heard(event_id: int) -> Heard:
    """The words stand in the order of the alphabet: the order in which they came would tell whose they are."""
    rows = await Feedback.select(Feedback.again, Feedback.words).where(Feedback.event == event_id)
    if len(rows) < ENOUGH:
        return Heard(len(rows))
    counted = {str(each): sum(row["again"] == each for row in rows) for each in Again}
    return Heard(len(rows), counted, sorted(row["words"] for row in rows if row["words"]))


async def has_said_how(event_id: int, *, by: Neighbour) -> bool:
    return bool(await Feedback.exists().where((Feedback.event == event_id) & (Feedback.person == by.id)))
