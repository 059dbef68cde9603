"""The end of an incident's personal data (突发事件应对法 §85: used for the response only).

Thirty days after the end they go whole, unless somebody held them with a reason. What stays are numbers in fives, what
was said to everybody, who led, and the measures with their reasons.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import overwrite_deleted, prepared_sql, writing
from app.features.alerts.asked_things import AlertThing
from app.features.alerts.rules.came_of import needs_of
from app.features.alerts.rules.knocking import asking_of, origin_of
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.rules.tallying import blur_figures
from app.features.alerts.rules.words import CATEGORIES, path_of
from app.features.alerts.tables import Alert, AlertNeed, Category, Message, Objection, Recipient, Said
from app.features.community import rules as community
from app.features.help import rules as help
from app.features.notices import rules as notices
from app.kit import audit, pictures
from app.kit.languages import language

DESTROYED_AFTER = timedelta(days=30)


class _Id(Struct):
    id: int


_due = prepared_sql(
    "SELECT id FROM alerts WHERE ended_at < {} AND destroyed_at IS NULL "
    "AND (held_at IS NULL OR hold_until_at <= {}) ORDER BY id",
    _Id,
)
# One that nobody has answered yet stays until somebody did.
_objections = prepared_sql(
    "SELECT alert_objections.id FROM alert_objections JOIN alert_measures "
    "ON alert_measures.id = alert_objections.measure JOIN alerts ON alerts.id = alert_measures.alert "
    "WHERE alerts.destroyed_at IS NOT NULL AND alert_objections.answered_at IS NOT NULL",
    _Id,
)


async def purge(now: datetime) -> None:
    """Each incident whole: who was told, what they answered, needed and showed, whose doors were knocked at."""
    gone = [await destroy(row.id, now) for row in await _due(now - DESTROYED_AFTER, now)]
    answered = [row.id for row in await _objections()]
    if answered:
        await Objection.delete().where(Objection.id.is_in(answered))
    if any(gone) or answered:
        await overwrite_deleted()


async def destroy(id: int, now: datetime) -> bool:
    """False when it was held a moment ago. What fails in the middle is gone on with the next time."""
    if not await _is_due(id, now):
        return False
    await notices.forget_under(path_of(id))
    photos = await photos_of(id)
    async with writing():
        alert = await held_alert(id)
        if not _goes(alert, now):
            return False
        await blur_figures(alert)
        await help.drop(origin_of(id))
        await help.drop(asking_of(id))
        photos += await help.empty([each.id for each in await needs_of(id)], now=now)
        await Recipient.delete().where(Recipient.alert == id)
        await AlertNeed.delete().where(AlertNeed.alert == id)
        await AlertThing.delete().where(AlertThing.alert == id)
        ended: dict[Any, Any] = {Alert.hold_reason: "", Alert.held_by: None, Alert.held_at: None}
        await Alert.update(ended | {Alert.hold_until_at: None, Alert.destroyed_at: now}).where(Alert.id == id)
        if alert.category == Category.missing:
            await _forget_who_was_missing(id)
        await audit.note("incident destroyed", who=None, about=f"alert:{id}", now=now)
    for token in photos:
        await pictures.drop(token)
    return True


async def _forget_who_was_missing(id: int) -> None:
    """How somebody looked, and where they were last seen, stands in the words themselves: they say what it was about
    and nothing else."""
    here = await community.here()
    about = {tag: CATEGORIES[Category.missing].spoken(language(tag)) for tag in (here.languages[:2] if here else ())}
    headlines = json.dumps(about, ensure_ascii=False)
    words: dict[Any, Any] = {Alert.headlines: headlines, Alert.bodies: "{}"}
    await Alert.update(words).where(Alert.id == id)
    said: dict[Any, Any] = {Message.headlines: headlines, Message.bodies: "{}"}
    await Message.update(said).where(Message.alert == id)


async def _is_due(id: int, now: datetime) -> bool:
    async with writing():
        return _goes(await held_alert(id), now)


def _goes(alert: Alert, now: datetime) -> bool:
    """A hold that has had its time holds nothing any more."""
    held = alert.held_at is not None and not (alert.hold_until_at is not None and alert.hold_until_at <= now)
    return alert.destroyed_at is None and alert.ended_at is not None and not held


async def photos_of(alert: int) -> list[str]:
    """What people who needed help showed: it goes with the incident."""
    shown = (Said.recipient.alert == alert) & (Said.photo != "")
    return [row["photo"] for row in await Said.select(Said.photo).where(shown)]
