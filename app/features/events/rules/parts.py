"""Roles to fill: two bring tea, one leads. Taken and given back by those who come; never more than are wanted."""

import json
from datetime import datetime

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.events.rules.drafts import MOST_PARTS, PartDraft
from app.features.events.rules.reach import Gathering, event_for, held_event, hosted
from app.features.events.tables import Hand, Part, Said
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.kit import slots
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.slots import Claim, Faster
from app.kit.words import Sentence, say, written


class Shared(Struct):
    """A role, and who has it so far."""

    id: int
    names: str
    wanted: int
    hands: list[tuple[int, str]] = []

    @property
    def name(self) -> Sentence:
        return written(json.loads(self.names))

    @property
    def left(self) -> int:
        return max(0, self.wanted - len(self.hands))

    def is_of(self, person_id: int) -> bool:
        return any(id == person_id for id, _ in self.hands)


class _Row(Struct):
    id: int
    names: str
    wanted: int
    person: int | None
    name: str | None


class _Mine(Struct):
    id: int
    part: int


_of_event = prepared_sql(
    "SELECT event_parts.id, event_parts.names, event_parts.wanted, people.id AS person, people.name FROM event_parts "
    "LEFT JOIN event_hands ON event_hands.part = event_parts.id LEFT JOIN people ON people.id = event_hands.person "
    "WHERE event_parts.event = {} ORDER BY event_parts.id, event_hands.id",
    _Row,
)
_mine = prepared_sql(
    "SELECT event_hands.id, event_hands.part FROM event_hands JOIN event_parts ON event_parts.id = event_hands.part "
    "WHERE event_parts.event = {} AND event_hands.person = {} ORDER BY event_hands.id",
    _Mine,
)


async def parts_of(event_id: int) -> list[Shared]:
    found: dict[int, Shared] = {}
    for row in await _of_event(event_id):
        part = found.setdefault(row.id, Shared(row.id, row.names, row.wanted, []))
        if row.person is not None:
            part.hands.append((row.person, row.name or ""))
    return list(found.values())


async def take_part(event_id: int, part_id: int, *, by: Neighbour, now: datetime) -> None:
    """By somebody who comes. Raises Taken when enough others have it."""
    only_active(by, now)
    async with writing():
        event, part = await _part(event_id, part_id, by)
        _must_be_ahead(event, now)
        if event.mine != Said.yes:
            raise Refusal(say("Say that you come first."))
        if any(each.part == part_id for each in await _mine(event_id, by.id)):
            raise Taken(say("You have it already."))
        row = Hand(part=part_id, person=by.id, at=now)
        await row.save()
        try:
            await slots.take(_owner(row.id), [Claim(f"part:{part_id}", (0,), 1, part.wanted)])
        except Faster:
            raise Taken(say("Others were faster. Thank you all the same.")) from None


async def return_part(event_id: int, part_id: int, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        event, part = await _part(event_id, part_id, by)
        _must_be_ahead(event, now)
        mine = [each for each in await _mine(event_id, by.id) if each.part == part_id]
        if not mine:
            raise Missing
        await _give_back(mine)
        name: Sentence = written(json.loads(part.names))
        words = say("%(name)s gave back “%(part)s”: %(title)s", name=by.name, part=name, title=event.title)
        if event.by is not None and event.by != by.id:
            await notices.tell(event.by, words, path=event.path, topic="events", until=event.ends_at, now=now)


async def give_back_parts(event_id: int, person_id: int) -> None:
    """Of somebody who does not come any more. The caller holds the event."""
    await _give_back(await _mine(event_id, person_id))


async def _give_back(mine: list[_Mine]) -> None:
    for each in mine:
        await slots.give_back(_owner(each.id))
        await Hand.delete().where(Hand.id == each.id)


async def add_part(event_id: int, draft: PartDraft, *, by: Neighbour, now: datetime) -> None:
    async with writing():
        event = await hosted(event_id, by=by)
        _must_be_ahead(event, now)
        names = {tag: words.strip() for tag, words in draft.names.items() if words.strip()}
        if not names:
            raise Refusal(say("Please fill this in."), beside="part_0")
        if not 1 <= draft.wanted <= 50:
            raise Refusal(say("Between 1 and %(n)s, please.", n=50), beside="wanted")
        if len(await parts_of(event_id)) >= MOST_PARTS:
            raise Refusal(say("That is enough. Take one off the list first."), beside="part_0")
        await Part.insert(Part(event=event_id, names=json.dumps(names, ensure_ascii=False), wanted=draft.wanted))


async def drop_part(event_id: int, part_id: int, *, by: Neighbour, now: datetime) -> None:
    """Whoever had it is told that it is not needed any more."""
    async with writing():
        event = await hosted(event_id, by=by)
        part = next((each for each in await parts_of(event_id) if each.id == part_id), None)
        if part is None:
            raise Missing
        words = say("“%(part)s” is not needed any more: %(title)s", part=part.name, title=event.title)
        whom = [person for person, _ in part.hands if person != by.id]
        await notices.tell_all(whom, words, path=event.path, topic="events", until=event.ends_at, now=now)
        for row in await Hand.select(Hand.id).where(Hand.part == part_id):
            await slots.give_back(_owner(row["id"]))
        await Part.delete().where(Part.id == part_id)


async def _part(event_id: int, part_id: int, by: Neighbour) -> tuple[Gathering, Part]:
    await event_for(event_id, by=by)
    event = await held_event(event_id, by=by.id)
    part = await held(Part.objects().where((Part.id == part_id) & (Part.event == event_id))).first()
    if part is None:
        raise Missing
    return event, part


def _must_be_ahead(event: Gathering, now: datetime) -> None:
    if not event.takes_place or event.ends_at <= now:
        raise Taken(say("It is over, or does not take place."))


def _owner(hand_id: int) -> str:
    return f"hand:{hand_id}"
