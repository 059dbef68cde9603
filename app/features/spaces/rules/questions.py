"""What a manager wants to know before they decide, and what the booker says. Both stand in the booking's steps."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.skills.rules.standing import only_active
from app.features.spaces.rules.deciding import may_decide, what
from app.features.spaces.rules.managers import managers
from app.features.spaces.rules.reach import held_booking, move, space_of
from app.features.spaces.tables import Did, Stage
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say

LONGEST = 300
ENOUGH = 12  # questions and answers to one booking


class Question(Struct):
    words: str
    by: int | None


_open = prepared_sql(
    "SELECT words, by FROM booking_steps WHERE booking = {0} AND did = 'question' AND id > COALESCE("
    "(SELECT MAX(id) FROM booking_steps WHERE booking = {0} AND did = 'answer'), 0) ORDER BY id DESC LIMIT 1",
    Question,
)


class _Times(Struct):
    times: int


_said = prepared_sql(
    "SELECT count(*) AS times FROM booking_steps WHERE booking = {} AND did IN ('question', 'answer')", _Times
)


async def open_question(booking_id: int) -> Question | None:
    """The newest that nobody answered."""
    return await _open.first(booking_id)


async def ask_booker(booking_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """By whoever decides about it. The time stays kept as long as it would have been."""
    async with writing():
        booked, room = await may_decide(booking_id, by, now)
        await _speak(booking_id, Did.question, words, by, now)
        asks = say("A question about %(space)s, %(when)s: %(said)s", said=_short(words), **what(booked, room))
        whom = {booked.person, booked.acted_by} - {by.id, None}
        await _tell([each for each in whom if each is not None], asks, booking_id, booked.begins_at, now)


async def answer_manager(booking_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """By whoever booked; whoever asked hears it, or all who manage the space where they no longer do."""
    only_active(by, now)
    async with writing():
        booked = await held_booking(booking_id)
        room = await space_of(booked.space)
        if by.id not in (booked.person, booked.acted_by):
            raise Missing
        question = await open_question(booking_id)
        if booked.stage != Stage.pending or question is None:
            raise Taken(say("Nobody waits for an answer any more."))
        await _speak(booking_id, Did.answer, words, by, now)
        who = await managers(room, now=now)
        whom = [question.by] if question.by in who and question.by is not None else who
        said = say("%(name)s answers about %(space)s: %(said)s", name=by.name, space=room.name, said=_short(words))
        await _tell(whom, said, booking_id, booked.begins_at, now)


async def _speak(booking_id: int, did: Did, words: str, by: Neighbour, now: datetime) -> None:
    if not words.strip():
        raise Refusal(say("Please fill this in."), beside="words")
    if len(words.strip()) > LONGEST:
        raise Refusal(say("At most %(most)s characters, please.", most=LONGEST), beside="words")
    if (so_far := await _said.first(booking_id)) and so_far.times >= ENOUGH:
        raise Refusal(say("That is a lot for one booking. Please speak with each other."), beside="words")
    await move(await held_booking(booking_id), did, by=by.id, now=now, words=words.strip())


async def _tell(whom: list[int], words: Sentence, booking_id: int, until: datetime, now: datetime) -> None:
    told: dict[str, Any] = {"path": f"/bookings/{booking_id}", "topic": "bookings", "until": until, "now": now}
    await notices.tell_all(whom, words, **told)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else plain[:79] + "…"
