"""From a message of an alert to the doorbells of everybody in its snapshot, a few hundred at a time."""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.alerts.rules.words import BOARDS, RINGS, TOPIC, TYPES, marked, path_of
from app.features.alerts.tables import Alert, AlertArea, Kind, Level, Message, Stage, Type
from app.features.notices import rules as notices
from app.kit import changes, later
from app.kit.words import Sentence, say, written

AT_ONCE = 500
LAST_WORD = timedelta(days=1)  # how long the end of an alert is still worth telling
ENDS = (Type.all_clear, Type.false_alarm, Type.expired)


class _Person(Struct):
    id: int
    person: int


_next = prepared_sql(
    "SELECT id, person FROM alert_recipients WHERE alert = {} AND id > {} ORDER BY id LIMIT {}", _Person
)


async def speak(alert: Alert, type: Type, *, by: int | None, now: datetime) -> int:
    """A message with the words of the alert as they are now; who was told the first hears it too. In a transaction."""
    said = Message(alert=alert.id, type=type, level=alert.level, headlines=alert.headlines, bodies=alert.bodies)
    said.until_at, said.by, said.at, said.approved_by = alert.until_at, by, now, alert.approved_by
    await said.save()
    await later.at(now, "alerts.tell", key=f"alert:message:{said.id}", message=said.id)
    if await is_for_all(alert):
        await notices.post_to_groups(
            sentence_of(alert, type),
            path=path_of(alert.id),
            key=key_of(said.id),
            now=now,
            urgency=RINGS[Level(alert.level)],
            until=_until(said, now),
        )
    await changes.announce("community", BOARDS)
    return int(said.id)


async def tell(message: int, now: datetime) -> None:
    """Everybody in the snapshot, in the order of doors. Killed in the middle it goes on where it stood."""
    while await _tell_some(message, now):
        pass


async def _tell_some(message: int, now: datetime) -> bool:
    async with writing():
        said = await held(Message.objects().where(Message.id == message)).first()
        if said is None or said.told_at is not None:
            return False
        alert = await held(Alert.objects().where(Alert.id == said.alert)).first()
        over = said.type not in ENDS and alert.stage != Stage.active
        people = [] if over else await _next(said.alert, said.told_up_to, AT_ONCE)
        if not people:
            await Message.update({Message.told_at: now}).where(Message.id == message)
            return False
        await ring(alert, said, [each.person for each in people], now=now)
        await Message.update({Message.told_up_to: people[-1].id}).where(Message.id == message)
        return True


async def ring(alert: Alert, said: Message, people: list[int], *, now: datetime, **more: Any) -> None:
    """Phones first, the other roads at once only where none rings. `more` says otherwise: `key`, `phones_first`."""
    same: dict[str, Any] = {"key": key_of(said.id), "phones_first": True, **more}
    await notices.tell_all(
        people,
        sentence_of(alert, Type(said.type)),
        path=path_of(alert.id),
        now=now,
        topic=TOPIC,
        urgency=RINGS[Level(said.level)],
        until=_until(said, now),
        thread=thread_of(alert.id),
        frugal=not alert.texts,
        **same,
    )


def sentence_of(alert: Alert, type: Type) -> Sentence:
    """What a lock screen shows: the mark of an exercise first, what kind of message, the headline. Nobody's name."""
    headline = headline_of(alert)
    if type != Type.alert:
        headline = say("%(what)s: %(headline)s", what=TYPES[type], headline=headline)
    return marked(Kind(alert.kind), headline)


def headline_of(alert: Alert) -> Sentence:
    return written(json.loads(alert.headlines))


async def is_for_all(alert: Alert) -> bool:
    """Groups stand for everybody: what is for some only, or only a test, is not said there."""
    narrowed = any(json.loads(alert.whom).values())
    return alert.kind != Kind.test and not narrowed and not await areas_of(alert.id)


async def areas_of(alert: int) -> list[int]:
    rows = await AlertArea.select(AlertArea.area).where(AlertArea.alert == alert).order_by(AlertArea.id)
    return [row["area"] for row in rows]


FIRST = "alert:message:"  # under such a key stands what was said; under others, what reminds of it


def key_of(message: int) -> str:
    return f"{FIRST}{message}"


def told_key(alert: int, by: int, at: datetime) -> str:
    """Of what tells somebody that they were answered for, by that deed."""
    return f"alert:{alert}:answered:{by}:{at.timestamp():.6f}"


def thread_of(alert: int) -> str:
    """One thread for all that is told of an alert: on a phone the newest takes the place of the one before (E 16)."""
    return f"alert:{alert}"


def _until(said: Message, now: datetime) -> datetime:
    return now + LAST_WORD if said.type in ENDS else said.until_at
