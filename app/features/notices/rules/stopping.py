"""The stop that every message carries: whoever holds it stops that kind of message, without signing in."""

import json
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.db import held, writing
from app.features.notices.rules.topics import Topic, Topics
from app.features.notices.tables import By, Choice
from app.features.people.tables import Person, State
from app.kit import audit
from app.kit.refusals import Missing, Refusal
from app.kit.sealing import seal, unseal
from app.kit.words import say

PURPOSE = "stop"


class Stop(Struct, frozen=True):
    """What one link stops: a topic on a road, for one person. `name` is empty where it was of several topics."""

    person: int
    name: str
    by: By
    topic: Topic | None
    stopped: frozenset[str]
    can_stop: frozenset[str]

    @property
    def is_stopped(self) -> bool:
        return self.name in self.stopped

    @property
    def all_are_stopped(self) -> bool:
        return self.can_stop <= self.stopped


def stop_path(person_id: int, topic: str, by: By) -> str:
    """For a message of several topics the topic is "". Good as long as the person lives here; it tells nobody who."""
    return f"/stop/{seal(json.dumps([person_id, topic, by]), PURPOSE).rstrip('=')}"


async def stop_of(token: str, topics: Topics) -> Stop:
    """Raises Missing for what was not sealed here, and for somebody who is gone."""
    opened = unseal(token + "=" * (-len(token) % 4), PURPOSE)  # what makes links of text leaves "=" outside
    if opened is None:
        raise Missing
    person, name, by = json.loads(opened)
    here = (Person.id == person) & (Person.state != State.gone)
    if not await Person.exists().where(here):
        raise Missing
    rows = await Choice.select(Choice.topic).where(
        (Choice.person == person) & (Choice.by == by) & Choice.wanted.eq(False)
    )
    can_stop = frozenset(each for each, topic in topics.items() if not topic.always)
    known = name if name in topics else ""
    stopped = frozenset(row["topic"] for row in rows) & can_stop
    return Stop(person, known, By(by), topics.get(known), stopped, can_stop)


async def stop(token: str, topics: Topics, *, everything: bool = False, now: datetime) -> list[str]:
    """The topics that come no more from now on; none where they had stopped before."""
    async with writing():
        what = await _held(token, topics)
        if everything or what.topic is None:
            names = what.can_stop
        elif what.topic.always:
            raise Refusal(say("This always comes: without it you would not hear what happens to your own account."))
        else:
            names = frozenset({what.name})
        return await _say(what, names - what.stopped, wanted=False, now=now)


async def bring_back(token: str, topics: Topics, names: Iterable[str], *, now: datetime) -> list[str]:
    """Stopping them was a slip."""
    async with writing():
        what = await _held(token, topics)
        return await _say(what, what.stopped & set(names), wanted=True, now=now)


async def _held(token: str, topics: Topics) -> Stop:
    what = await stop_of(token, topics)
    await held(Person.objects().where(Person.id == what.person))
    return await stop_of(token, topics)


async def _say(what: Stop, names: Iterable[str], *, wanted: bool, now: datetime) -> list[str]:
    changed = sorted(names)
    rows = [Choice(person=what.person, topic=name, by=what.by, wanted=wanted) for name in changed]
    if rows:
        one = (Choice.person, Choice.topic, Choice.by)
        await Choice.insert(*rows).on_conflict(target=one, action="DO UPDATE", values=[Choice.wanted])
        about = f"person:{what.person}"
        await audit.note("notices chosen by a link", who=None, about=about, now=now, concerns=what.person)
    return changed
