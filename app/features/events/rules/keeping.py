"""What this feature keeps about a person; how it ends what they had open; and what of it can be reported."""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.events.rules.answering import withdraw_answer
from app.features.events.rules.answers import answer_of
from app.features.events.rules.changing import call_off
from app.features.events.rules.reach import event_for, held_event, path_of, thing_of
from app.features.events.rules.waiting import PREFIX, event_in, pass_on
from app.features.events.tables import Event, EventAnswer, EventNeed, Feedback, Hand, Host
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import queue, slots
from app.kit.keeping import Keeping
from app.kit.queue import Ended
from app.kit.refusals import Missing
from app.kit.reporting import Reportable
from app.kit.words import say

OVER, FEEDBACK_LASTS = timedelta(days=365), timedelta(days=180)
AT_ONCE = 500


class _Id(Struct):
    id: int


class _Owner(Struct):
    owner: str


_made = prepared_sql("SELECT id FROM events WHERE events.by = {} ORDER BY id", _Id)
_made_ahead = prepared_sql(
    "SELECT id FROM events WHERE events.by = {} AND stage <> 'cancelled' AND begins_at > {} ORDER BY id", _Id
)
_goes_to = prepared_sql(
    "SELECT events.id FROM events JOIN event_answers ON event_answers.event = events.id "
    "WHERE event_answers.person = {} AND events.ends_at > {} ORDER BY events.id",
    _Id,
)
_old = prepared_sql("SELECT id FROM events WHERE ends_at < {} ORDER BY id LIMIT {}", _Id)
_owners = prepared_sql(
    "SELECT DISTINCT owner FROM slots WHERE thing = {0} UNION SELECT DISTINCT slots.owner FROM slots JOIN event_parts "
    "ON slots.thing = 'part:' || CAST(event_parts.id AS varchar) WHERE event_parts.event = {1}",
    _Owner,
)
_between = prepared_sql(
    "SELECT event_answers.event AS id FROM event_answers JOIN events ON events.id = event_answers.event "
    "WHERE events.by = {} AND event_answers.person = {} AND events.begins_at > {} ORDER BY event_answers.event",
    _Id,
)


async def mine(person_id: int) -> dict[str, Any]:
    """For their own export: what they made (a row for each language), said, needed, took on and said afterwards."""
    made = Event.select(Event.kind, Event.titles, Event.words, Event.begins_at, Event.ends_at, Event.made_at)
    answers = EventAnswer.select(
        EventAnswer.said.as_alias("event_said"), EventAnswer.guests, EventAnswer.shown, EventAnswer.at,
        EventAnswer.came_at,
    ).where((EventAnswer.person == person_id) | (EventAnswer.acted_by == person_id))  # fmt: skip
    own: Any = EventNeed.answer
    needs = EventNeed.select(EventNeed.diet, EventNeed.access, EventNeed.care, EventNeed.until_at)
    part: Any = Hand.part
    hands = Hand.select(part.names.as_alias("names"), Hand.at).where(Hand.person == person_id)
    said = Feedback.select(Feedback.again, Feedback.words, Feedback.at).where(Feedback.person == person_id)
    return {
        "events": [
            {
                "title": title,
                "words": json.loads(row["words"]).get(tag, ""),
                "event_kind": row["kind"],
                "begins_at": row["begins_at"],
                "ends_at": row["ends_at"],
                "made_at": row["made_at"],
            }
            for row in await made.where(Event.by == person_id).order_by(Event.id)
            for tag, title in json.loads(row["titles"]).items()
        ],
        "event_answers": await answers.order_by(EventAnswer.id),
        "event_needs": await needs.where(own.person == person_id).order_by(EventNeed.id),
        "event_parts": [
            {"words": words, "at": row["at"]} for row in await hands for words in json.loads(row["names"]).values()
        ],
        "event_feedback": await said.order_by(Feedback.id),
    }


async def step_back(person_id: int, *, now: datetime) -> None:
    """Of somebody who leaves: what they host is called off, and their place is another's."""
    async with writing():
        for row in await _made_ahead(person_id, now):
            event = await held_event(row.id)
            await call_off(event, "", by=None, now=now)
        for waits in await queue.waits_of(person_id):
            if waits.queue.startswith(PREFIX):
                event = await held_event(event_in(waits))
                await pass_on(waits, event, Ended.left, now=now)
        for row in await _goes_to(person_id, now):
            event = await held_event(row.id)
            if kept := await answer_of(row.id, person_id):
                await withdraw_answer(event, kept, now=now)


async def forget(person_id: int, *, now: datetime) -> None:
    """What they made goes with all that hangs on it; of others' events, their answers and what they said."""
    async with writing():
        await step_back(person_id, now=now)
        made = [row.id for row in await _made(person_id)]
        await notices.forget_about(path_of(id) for id in made)
        for id in made:
            await _drop(id)
        for row in await EventAnswer.select(EventAnswer.id).where(EventAnswer.person == person_id):
            await slots.give_back(f"answer:{row['id']}")
        for row in await Hand.select(Hand.id).where(Hand.person == person_id):
            await slots.give_back(f"hand:{row['id']}")
        await EventAnswer.delete().where(EventAnswer.person == person_id)
        await EventAnswer.update({EventAnswer.acted_by: None}).where(EventAnswer.acted_by == person_id)
        await Hand.delete().where(Hand.person == person_id)
        await Feedback.delete().where(Feedback.person == person_id)
        await Host.delete().where(Host.person == person_id)


async def _drop(event_id: int) -> None:
    for row in await _owners(thing_of(event_id), event_id):
        await slots.give_back(row.owner)
    await Event.delete().where(Event.id == event_id)


async def part_ways(a: int, b: int, *, now: datetime) -> None:
    """One blocks the other: neither comes to what the other made, in silence."""
    async with writing():
        for host, guest in ((a, b), (b, a)):
            for waits in await queue.waits_of(guest):
                if waits.queue.startswith(PREFIX):
                    event = await held_event(event_in(waits))
                    if event.by == host:
                        await pass_on(waits, event, Ended.left, now=now)
            for row in await _between(host, guest, now):
                event = await held_event(row.id)
                if kept := await answer_of(row.id, guest):
                    await withdraw_answer(event, kept, now=now)
                await Host.delete().where((Host.event == row.id) & (Host.person == guest))


async def reportable(id: int, *, kind: str = "event", by: Neighbour, now: datetime) -> Reportable:
    """Raises Missing for whom it is not, and for what was taken away already."""
    event = await event_for(id, by=by)
    if event.taken or event.by is None:
        raise Missing
    typed = [*json.loads(event.titles).values(), *json.loads(event.words).values(), *json.loads(event.place).values()]
    return Reportable(event.by, "\n".join(typed), path_of(id))


async def take_away(id: int, *, kind: str = "event", now: datetime) -> None:
    """By a decision about a report: its hosts alone still see it, and nobody is led to it any more."""
    async with writing():
        await Event.update({Event.taken: True}).where(Event.id == id)
        await notices.forget_about([path_of(id)])


async def give_back(id: int, *, kind: str = "event", now: datetime) -> None:
    await Event.update({Event.taken: False}).where(Event.id == id)


async def purge(now: datetime) -> None:
    """What was over a year ago."""
    while rows := await _old(now - OVER, AT_ONCE):
        async with writing():
            for row in rows:
                await _drop(row.id)


async def purge_needs(now: datetime) -> None:
    await EventNeed.delete().where(EventNeed.until_at < now)


async def purge_feedback(now: datetime) -> None:
    await Feedback.delete().where(Feedback.at < now - FEEDBACK_LASTS)


KEPT = (
    Keeping(
        say("Events, who hosts them, and which roles there are"),
        say("So that neighbours find each other, and can look up what was"),
        ("events", "event_hosts", "event_parts"),
        OVER,
        purge,
        since=say("after it was over"),
    ),
    Keeping(
        say("To which events you come, with how many, and what you took on"),
        say("So that there is a place for you, and the hosts know who is there"),
        ("event_answers", "event_hands"),
        OVER,
        purge,
        since=say("after it was over"),
    ),
    Keeping(
        say("What you need at an event: food, access, child care"),
        say("So that its hosts can prepare it; they alone read it, and each look is noted"),
        ("event_needs",),
        timedelta(0),
        purge_needs,
        since=say("three days after the event"),
    ),
    Keeping(
        say("What you said about an event afterwards"),
        say("So that its hosts learn from it, without your name"),
        ("event_feedback",),
        FEEDBACK_LASTS,
        purge_feedback,
    ),
)
