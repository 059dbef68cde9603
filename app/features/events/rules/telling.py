"""Whom an event concerns, and telling each of them once of one outcome."""

from datetime import datetime, timedelta

from app.features.events.rules.answers import answers_to
from app.features.events.rules.reach import Gathering, hosts_of
from app.features.events.tables import Said
from app.features.notices import rules as notices
from app.kit import queue
from app.kit.words import Sentence

TOPIC = "events"
LINE = range(1)  # a place has no time of its own: the event has


async def concerned(event: Gathering) -> set[int]:
    """Who comes or comes perhaps, who waits for a place, and the hosts."""
    said = [each for each in await answers_to(event.id) if each.said in (Said.yes, Said.maybe)]
    waiting = await queue.in_line(event.thing, LINE)
    found = {each.person for each in said if each.person is not None}
    return found | {each.person for each in waiting} | set(await hosts_of(event.id))


async def tell_concerned(event: Gathering, words: Sentence, what: str, *, but: int | None, now: datetime) -> None:
    """`what` happened, in this turn of the event: the same again tells nobody twice."""
    whom = await concerned(event) - {but}
    until = max(event.ends_at, now + timedelta(days=1))
    key = f"event:{event.id}:{what}:{event.sequence}"
    told = {each for each in whom if each is not None}
    await notices.tell_all(told, words, path=event.path, topic=TOPIC, until=until, key=key, now=now)
