"""Recipients held while somebody answers for them, and which of their answers counts."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, unseen
from app.features.alerts.rules.needs_from_answers import asked_for_help, needs_no_help
from app.features.alerts.rules.words import OWN_WORD, path_of
from app.features.alerts.tables import Answer, How, Recipient, Said, Stage
from app.features.help.tables import What
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import say

ON_ITS_WAY = timedelta(seconds=5)  # longer, and it waited; clocks of two hosts may differ by less
OVER = say("This alert is over: no answers are taken any more. Thank you.")


class Called(Struct):
    """A recipient with their latest answer, and whether the alert still takes one."""

    id: int
    alert: int
    person: int
    household: int | None
    area: int | None
    first: bool
    answer: str
    answered_at: datetime | None
    answered_by: int | None
    how: str
    link_used_at: datetime | None
    stage: Stage
    until_at: datetime
    roll_call: bool
    sent_at: datetime
    steps: str

    def is_over(self, now: datetime) -> bool:
        return self.stage != Stage.active or self.until_at <= now


class Word(Struct):
    """One answer, with what was said and shown beside it."""

    answer: Answer
    by: int | None
    at: datetime
    words: str = ""
    photo: str = ""
    lang: str = ""
    how: How = How.self


class _Id(Struct):
    id: int


# ruff: noqa: S608 (all of these words are ours)
FIELDS = ("id", "alert", "person", "household", "area", "first", "answer", "answered_at", "answered_by", "how")
_CALLED = (
    f"SELECT {', '.join(f'alert_recipients.{each}' for each in FIELDS)}, alert_recipients.link_used_at, alerts.stage, "
    "alerts.until_at, alerts.roll_call, alerts.sent_at, alerts.steps FROM alert_recipients "
    "JOIN alerts ON alerts.id = alert_recipients.alert "
    "WHERE alert_recipients.alert = {0} AND alert_recipients.person among ORDER BY alert_recipients.id"
)
_called = prepared_sql(
    {
        "sqlite": _CALLED.replace("among", "IN (SELECT value FROM json_each({1}))"),
        "postgres": _CALLED.replace("among", f"= ANY({unseen('{1}')})") + " FOR UPDATE OF alert_recipients",
    },
    Called,
)
_say = prepared_sql(
    'INSERT INTO alert_answers (recipient, answer, words, lang, photo, how, "by", at) '
    "VALUES ({}, {}, {}, {}, {}, {}, {}, {}) RETURNING id",
    _Id,
)
_let_count = prepared_sql(
    "UPDATE alert_recipients SET answer = {1}, how = {2}, answered_by = {3}, answered_at = {4} WHERE id = {0} "
    "RETURNING id",
    _Id,
)
_said = prepared_sql(
    'SELECT answer, words, lang, photo, how, "by", at FROM alert_answers WHERE recipient = {} '
    "AND undone_at IS NULL ORDER BY at DESC, id DESC",
    Word,
)


async def held_called(alert: int, people: Collection[int], now: datetime) -> Sequence[Called]:
    """Nobody else answers for them until the transaction ends: of two phones at once, one is the later.

    Raises Missing for whoever was not called, and says so when no answer is asked or taken.
    """
    called = await held_of(alert, people)
    if len(called) < len(people):
        raise Missing
    if called[0].is_over(now):
        raise Taken(OVER, way=(path_of(alert), say("See how it ended")))
    if not called[0].roll_call:
        raise Refusal(say("Nobody is asked to answer this one. If you need help, ask for it under Help."))
    return called


async def held_of(alert: int, people: Iterable[int]) -> Sequence[Called]:
    """Of these, whoever was called, by the order of their numbers."""
    return await _called(alert, sorted(people))


async def say_themselves(words: Iterable[tuple[Called, Answer]], at: datetime) -> None:
    """Of several at once: what each says of themselves, without a word beside it, and lets count."""
    said = [(each.id, answer, How.self, each.person, at) for each, answer in words]
    await _say.for_each((id, answer, "", "", "", how, by, at) for id, answer, how, by, at in said)
    await _let_count.for_each(said)


async def say_of(called: Called, said: Word) -> None:
    await _say(called.id, said.answer, said.words, said.lang, said.photo, said.how, said.by, said.at)


def waited(said_at: datetime | None, now: datetime) -> bool:
    return said_at is not None and now - said_at > ON_ITS_WAY


def may_count(called: Called, said: Word, now: datetime) -> bool:
    """One's own word outranks whoever answers for one, whatever comes later.

    What waited on a phone does not silence a cry that came meanwhile: of two of the same rank it is the older.
    """
    own, before = said.how in OWN_WORD, called.how in OWN_WORD
    older = waited(said.at, now) and called.answered_at is not None and called.answered_at > said.at
    return own > before or (own == before and not older)


async def counting(called: Called) -> Word | None:
    """Of all that was said and not undone: the newest own word, or else the newest that was said for them."""
    said = await _said(called.id)
    return next((each for each in said if each.how in OWN_WORD), said[0] if said else None)


async def let_count(called: Called, said: Word | None) -> None:
    """From now on this is their answer; None where nothing was ever said."""
    if said is None:
        await _let_count(called.id, "", "", None, None)
    else:
        await _let_count(called.id, said.answer, said.how, said.by, said.at)


async def see_to_needs(called: Called, said: Word | None, now: datetime, *, what: What = What.other) -> None:
    """What they need follows what counts."""
    if said is not None and said.answer == Answer.help:
        spoken = Said(recipient=called.id, answer=said.answer, words=said.words, lang=said.lang, photo=said.photo)
        spoken.how, spoken.by, spoken.at = said.how, said.by, said.at
        await asked_for_help(_row_of(called), spoken, now, what=what)
    elif called.answer == Answer.help:
        await needs_no_help(_row_of(called), now, by=said.by if said else None)


def _row_of(called: Called) -> Recipient:
    return Recipient(**{each: getattr(called, each) for each in FIELDS})
