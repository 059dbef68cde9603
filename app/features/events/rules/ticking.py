"""What time does to an event: those who come are reminded the day before, and asked afterwards how it was.

A tick looks at how things stand when it comes: a deed that was done meanwhile makes it do nothing. It may run twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.events.rules.agenda import Due, agenda, wind
from app.features.events.rules.answers import answers_to
from app.features.events.rules.hosting import ASKED
from app.features.events.rules.reach import Gathering, gathering, held_event, hosts_of
from app.features.events.rules.telling import TOPIC
from app.features.events.tables import Event, Said
from app.features.notices import rules as notices
from app.kit.refusals import Missing
from app.kit.words import say

AT_ONCE = 4  # a worker that slept for days catches up


async def tick(event_id: int, *, now: datetime) -> None:
    async with writing():
        try:
            event = await held_event(event_id)
        except Missing:
            return
        for _ in range(AT_ONCE):
            ahead = agenda(event)
            if not ahead or ahead[0][0] > now:
                break
            await HAPPENS[ahead[0][1]](event, now)
            event = await gathering(event_id)
        await wind(event)


async def _remind(event: Gathering, now: datetime) -> None:
    await Event.update({Event.reminded_at: now}).where(Event.id == event.id)
    if event.begins_at <= now or event.taken:
        return
    coming = {each.person for each in await answers_to(event.id) if each.said == Said.yes and each.person is not None}
    words = say("Tomorrow: %(title)s, %(when)s, %(place)s", title=event.title, when=event.begins_at, place=event.where)
    told: dict[str, Any] = {"path": event.path, "topic": TOPIC, "until": event.begins_at, "now": now}
    whom = coming | set(await hosts_of(event.id))
    await notices.tell_all(whom, words, key=f"event:{event.id}:tomorrow:{event.sequence}", **told)


async def _ask(event: Gathering, now: datetime) -> None:
    """Only those who were there; where nobody was checked in, those who had said yes."""
    await Event.update({Event.asked_at: now}).where(Event.id == event.id)
    if now > event.ends_at + timedelta(days=1) or event.taken:
        return
    said = [each for each in await answers_to(event.id) if each.person is not None]
    came = {each.person for each in said if each.came_at} or {each.person for each in said if each.said == Said.yes}
    whom = {each for each in came - set(await hosts_of(event.id)) if each is not None}
    words = say("How was it? %(title)s. Only the hosts read it, without your name.", title=event.title)
    told: dict[str, Any] = {"path": event.path, "topic": TOPIC, "until": event.ends_at + ASKED, "now": now}
    await notices.tell_all(whom, words, key=f"event:{event.id}:how", **told)


HAPPENS: dict[Due, Callable[[Gathering, datetime], Awaitable[None]]] = {Due.remind: _remind, Due.ask: _ask}
