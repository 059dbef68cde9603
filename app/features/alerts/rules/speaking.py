"""What is said after the first word: update, correction, all-clear, false alarm; and the end that comes by itself.

Each goes to the people who were frozen when the alert was sent, and refers to it by being one of its messages.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from app.db import writing
from app.features.alerts.rules.composing import Plan
from app.features.alerts.rules.declaring import FASTER, fits, note, plan_of
from app.features.alerts.rules.knocking import nobody_need_come
from app.features.alerts.rules.reach import held_alert, must_declare
from app.features.alerts.rules.tallying import SETTLED
from app.features.alerts.rules.telling import key_of, speak, thread_of
from app.features.alerts.tables import Alert, Message, Stage, Type
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import later
from app.kit.languages import language
from app.kit.refusals import Taken
from app.kit.words import Sentence, say

# Written before anybody needs them: a false alarm is taken back in two acts (E 50), and an end is never without words.
READY: dict[Type, tuple[Sentence, Sentence]] = {
    Type.false_alarm: (
        say("That was a false alarm. Nothing happened."),
        say("You are safe and need do nothing. We are sorry, and will say how it came about."),
    ),
    Type.all_clear: (
        say("It is over. You are safe."),
        say("You need do nothing more, and may go on as always. Thank you for looking after one another."),
    ),
    Type.expired: (
        say("The time of this alert is over."),
        say("It ended by itself. If something is still wrong where you are, please say so."),
    ),
}

DID: dict[Type, Sentence] = {
    Type.update: say("alert updated"),
    Type.correction: say("alert corrected"),
    Type.all_clear: say("alert ended with the all-clear"),
    Type.false_alarm: say("alert ended as a false alarm"),
    Type.expired: say("alert ended by itself"),
}


async def update(
    id: int,
    headlines: dict[str, str],
    bodies: dict[str, str],
    *,
    type: Type = Type.update,
    until_at: datetime | None = None,
    by: Neighbour,
    now: datetime,
) -> int:
    """An update or a correction: the new words replace the old ones everywhere, and ring again."""
    must_declare(by)
    if type not in (Type.update, Type.correction):
        raise ValueError(type)
    async with writing():
        alert = await _active(id)
        said = await plan_of(alert)
        plan = _with(said, headlines, bodies, until_at or alert.until_at)
        await fits(plan, now)
        await _put_words(alert, headlines, bodies)
        if plan.until_at != said.until_at:
            alert.until_at = plan.until_at
            await Alert.update({Alert.until_at: plan.until_at}).where(Alert.id == id)
            await later.at(plan.until_at, "alerts.expire", key=f"alert:{id}:expire", again=True, alert=id)
        await _older_are_over(id, now)
        message = await speak(alert, type, by=by.id, now=now)
        await note(DID[type].words, alert, by, now)
        return message


async def all_clear(
    id: int,
    headlines: dict[str, str] | None = None,
    bodies: dict[str, str] | None = None,
    *,
    by: Neighbour,
    now: datetime,
) -> None:
    """The danger is over (E 51): in these words, or in those that stand ready."""
    must_declare(by)
    async with writing():
        alert = await _active(id)
        ready = await ready_words(Type.all_clear)
        chosen = headlines or ready[0], bodies or ready[1]
        until = max(alert.until_at, now + timedelta(seconds=1))  # its time may be over, and the clock a moment late
        await fits(_with(await plan_of(alert), *chosen, until), now)
        await _end(alert, Type.all_clear, *chosen, by=by, now=now)


async def false_alarm(id: int, *, by: Neighbour, now: datetime) -> None:
    """It never was: in the words that stand ready, to everybody who heard the first word (E 50)."""
    must_declare(by)
    async with writing():
        await _end(await _active(id), Type.false_alarm, *await ready_words(Type.false_alarm), by=by, now=now)


async def expire(id: int, now: datetime) -> None:
    """By the clock, when its time is over and nobody ended it; a moment too early does nothing."""
    async with writing():
        alert = await held_alert(id)
        if alert.stage == Stage.active and alert.until_at <= now:
            await _end(alert, Type.expired, *await ready_words(Type.expired), by=None, now=now)


async def ready_words(type: Type) -> tuple[dict[str, str], dict[str, str]]:
    """Headlines and bodies in the community's languages."""
    here = await community.here()
    tags = here.languages[:2] if here else ()
    headline, body = READY[type]
    return {tag: headline.spoken(language(tag)) for tag in tags}, {tag: body.spoken(language(tag)) for tag in tags}


async def _end(
    alert: Alert, type: Type, headlines: dict[str, str], bodies: dict[str, str], *, by: Neighbour | None, now: datetime
) -> None:
    """The index keeps it to one end; what rang before is over, what is still on its way stays unsent."""
    ended: dict[Any, Any] = {Alert.stage: Stage.ended, Alert.ended_at: now, Alert.ended_how: type}
    await Alert.update(ended).where(Alert.id == alert.id)
    alert.stage, alert.ended_at = Stage.ended, now
    await _put_words(alert, headlines, bodies)
    await nobody_need_come(alert.id, now)  # needs before notices, as whoever answers goes
    await _older_are_over(alert.id, now)
    await speak(alert, type, by=by.id if by else None, now=now)
    await later.at(now + SETTLED, "alerts.figures", key=f"alert:{alert.id}:figures", again=True, alert=alert.id)
    await later.at(now, "alerts.rooms", key=f"alert:{alert.id}:rooms", alert=alert.id)
    await later.at(now, "alerts.things", key=f"alert:{alert.id}:things", alert=alert.id)
    await note(DID[type].words, alert, by, now)


async def _active(id: int) -> Alert:
    alert = await held_alert(id)
    if alert.stage != Stage.active:
        raise Taken(FASTER)
    return alert


async def _put_words(alert: Alert, headlines: dict[str, str], bodies: dict[str, str]) -> None:
    """On the row in hand only: the alert keeps what happened, its messages what was said."""
    alert.headlines, alert.bodies = _kept(headlines), _kept(bodies)
    if alert.stage == Stage.active:
        words: dict[Any, Any] = {Alert.headlines: alert.headlines, Alert.bodies: alert.bodies}
        await Alert.update(words).where(Alert.id == alert.id)


async def _older_are_over(id: int, now: datetime) -> None:
    """Reminders too. Groups that have not said it yet say nothing."""
    await notices.end_thread(thread_of(id), now)
    for row in await Message.select(Message.id).where(Message.alert == id):
        await notices.take_back(key_of(row["id"]))


def _with(plan: Plan, headlines: dict[str, str], bodies: dict[str, str], until_at: datetime) -> Plan:
    return structs.replace(plan, headlines=headlines, bodies=bodies, until_at=until_at)


def _kept(typed: dict[str, str]) -> str:
    return json.dumps({tag: words.strip() for tag, words in typed.items()}, ensure_ascii=False)
