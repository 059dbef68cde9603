"""Sent by one person who means it; 危急 by two, the second within ten minutes, or by break-glass.

Every deed holds the alert's row: of two who act at once one is first, and the other hears so.
"""

from datetime import datetime, timedelta
from typing import Any

from app.db import writing
from app.features.accounts import rules as accounts
from app.features.accounts.rules import Viewer
from app.features.alerts.rules import audience
from app.features.alerts.rules.declaring import FASTER, asking_key, fits, note, plan_of, whom_of
from app.features.alerts.rules.escalating import wind
from app.features.alerts.rules.reach import LEADS, held_alert, must_declare
from app.features.alerts.rules.telling import areas_of, speak
from app.features.alerts.rules.words import path_of
from app.features.alerts.tables import Alert, Kind, Level, Stage, Type
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.features.people.tables import Kind as RoleKind
from app.kit import later
from app.kit.languages import NAMES, language
from app.kit.refusals import NotYours, Refusal, Taken
from app.kit.words import Sentence, say

APPROVE_WITHIN = timedelta(minutes=10)
# What must be typed to send, so that no finger sends what its head did not read.
TYPED: dict[Kind, Sentence] = {Kind.real: say("real"), Kind.exercise: say("exercise"), Kind.test: say("test")}
SENT, APPROVED, SENT_ALONE = say("alert sent"), say("alert approved and sent"), say("alert sent alone")
ANOTHER = say("Another coordinator approves it: not whoever wrote it.")


async def send(id: int, typed: str, *, by: Viewer, now: datetime) -> Stage:
    """Out it goes, or (危急) a second person is asked. Gives back where it stands then."""
    must_declare(by)
    async with writing():
        alert = await held_alert(id)
        if alert.stage != Stage.draft:
            raise Taken(FASTER)
        _must_mean_it(alert, typed, by, now)
        await fits(await plan_of(alert), now)
        if not needs_second(alert):
            await _go_out(alert, by=by, now=now)
            return Stage.active
        await Alert.update({Alert.stage: Stage.waiting, Alert.asked_at: now}).where(Alert.id == id)
        await _ask_for_approval(alert, by, now)
        await note("approval asked", alert, by, now)
        return Stage.waiting


async def approve(id: int, typed: str, *, by: Viewer, now: datetime) -> None:
    """The second person (E 2): another coordinator, or an administrator where there is one coordinator only."""
    async with writing():
        alert = await held_alert(id)
        if not await may_approve(alert, by, now=now):
            raise NotYours(ANOTHER)
        if alert.stage != Stage.waiting:
            raise Taken(FASTER)
        if is_late(alert, now):
            raise Taken(say("The ten minutes are over. Whoever wrote it can send it again."))
        _must_mean_it(alert, typed, by, now)
        await fits(await plan_of(alert), now)
        await _go_out(alert, by=by, now=now, approved_by=by.id)


async def refuse(id: int, *, by: Neighbour, now: datetime) -> None:
    """Back to its author as a draft, who is told."""
    async with writing():
        alert = await held_alert(id)
        if not await may_approve(alert, by, now=now):
            raise NotYours(ANOTHER)
        if alert.stage != Stage.waiting:
            raise Taken(FASTER)
        await take_back_to_draft(alert)
        told = say("%(name)s did not approve it. Please talk to them.", name=by.name)
        if alert.made_by is not None:
            await notices.tell(
                alert.made_by, told, path=path_of(id), now=now, topic="roles", urgency=notices.Urgency.urgent
            )
        await note("approval refused", alert, by, now)


async def break_glass(id: int, typed: str, *, by: Viewer, now: datetime) -> None:
    """Nobody answers: its author sends it alone, after showing once more who they are since they asked (E 2).

    All coordinators and administrators are told at once.
    """
    must_declare(by)
    async with writing():
        alert = await held_alert(id)
        if alert.stage != Stage.waiting or alert.asked_at is None:
            raise Taken(FASTER)
        if alert.made_by != by.id:
            raise NotYours(say("Only whoever wrote it can send it alone."))
        if by.proved_at <= alert.asked_at and not by.demo:
            raise NotYours(say("Please show once more that it is you."), way=proof(id))
        _must_mean_it(alert, typed, by, now)
        await fits(await plan_of(alert), now)
        await _go_out(alert, by=by, now=now, alone=True)
        told = say("%(name)s sent a critical alert alone, without a second person.", name=by.name)
        same: dict[str, Any] = {"topic": "roles", "urgency": notices.Urgency.critical, "key": f"alert:{id}:alone"}
        await notices.tell_all(await _leaders(now) - {by.id}, told, path=path_of(id), now=now, **same)


async def lapse(id: int, now: datetime) -> None:
    """By the clock: nobody approved within ten minutes, so it is a draft again."""
    async with writing():
        alert = await held_alert(id)
        if alert.stage == Stage.waiting and is_late(alert, now):
            await take_back_to_draft(alert)


async def take_back_to_draft(alert: Alert) -> None:
    await Alert.update({Alert.stage: Stage.draft, Alert.asked_at: None}).where(Alert.id == alert.id)
    await notices.withdraw(asking_key(alert.id))


def needs_second(alert: Alert) -> bool:
    """危急 only, exercises of it too: what is not practised fails on the day. A test rings nobody's conscience."""
    return alert.level == Level.critical and alert.kind != Kind.test


def is_late(alert: Alert, now: datetime) -> bool:
    return alert.asked_at is None or now - alert.asked_at > APPROVE_WITHIN


async def may_approve(alert: Alert, by: Neighbour, *, now: datetime) -> bool:
    if not by.is_active or by.id == alert.made_by:
        return False
    if by.is_a(RoleKind.coordinator):
        return True
    others = set(await people.officers(RoleKind.coordinator, now=now)) - {alert.made_by}
    return by.is_a(RoleKind.administrator) and not others


def _must_mean_it(alert: Alert, typed: str, by: Viewer, now: datetime) -> None:
    """Fresh (E 3), with the second factor above 提醒 (`safety.md` 7), and the word that this kind wants."""
    if not accounts.is_fresh(by, now) and not by.demo:
        raise NotYours(say("Please show once more that it is you."), way=proof(alert.id))
    if alert.level != Level.notice:
        accounts.must_be_strong(by, path=path_of(alert.id))
    if typed.strip().casefold() not in _words_to_type(Kind(alert.kind)):
        raise Refusal(say("Please type the word, exactly as it stands there."), beside="typed")


def _words_to_type(kind: Kind) -> set[str]:
    """In any language of ours: whoever reads Chinese and writes English means it too."""
    return {TYPED[kind].spoken(language(tag)).casefold() for tag in NAMES}


async def _go_out(
    alert: Alert, *, by: Neighbour, now: datetime, approved_by: int | None = None, alone: bool = False
) -> None:
    """Its people are frozen, its first message is on its way, and its end is certain."""
    alert.stage, alert.sent_at, alert.approved_by, alert.alone = Stage.active, now, approved_by, alone
    columns = (Alert.stage, Alert.sent_at, Alert.approved_by, Alert.alone)
    await Alert.update({each: getattr(alert, each._meta.name) for each in columns}).where(Alert.id == alert.id)
    await notices.withdraw(asking_key(alert.id))
    await audience.freeze(alert.id, await areas_of(alert.id), whom_of(alert), Kind(alert.kind), now=now)
    await speak(alert, Type.alert, by=alert.made_by, now=now)
    await wind(alert)
    await later.at(alert.until_at, "alerts.expire", key=f"alert:{alert.id}:expire", again=True, alert=alert.id)
    did = SENT_ALONE if alone else APPROVED if approved_by else SENT
    await note(did.words, alert, by, now)


async def _ask_for_approval(alert: Alert, by: Neighbour, now: datetime) -> None:
    others = set(await people.officers(RoleKind.coordinator, now=now)) - {by.id}
    asked = others or set(await people.officers(RoleKind.administrator, now=now)) - {by.id}
    told = say("%(name)s asks you to approve a critical alert, within ten minutes.", name=by.name)
    same: dict[str, Any] = {"topic": "roles", "urgency": notices.Urgency.critical, "until": now + APPROVE_WITHIN}
    await notices.tell_all(asked, told, path=path_of(alert.id), now=now, key=asking_key(alert.id), **same)
    again: dict[str, Any] = {"key": f"alert:{alert.id}:lapse", "again": True, "alert": alert.id}
    await later.at(now + APPROVE_WITHIN + timedelta(seconds=1), "alerts.lapse", **again)


async def _leaders(now: datetime) -> set[int]:
    return {each for kind in LEADS for each in await people.officers(kind, now=now)}


def proof(id: int) -> tuple[str, Sentence]:
    return (f"/account/proof?next={path_of(id)}", say("Show that it is you"))
