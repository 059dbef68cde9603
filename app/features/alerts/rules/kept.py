"""How long what is kept of an emergency, and what destroys it (突发事件应对法 §85: used for the response only)."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.rules.knocking import asking_of, origin_of
from app.features.alerts.tables import Alert, AlertNeed, Recipient, Said
from app.features.help import rules as help
from app.kit import audit, pictures
from app.kit.keeping import Keeping
from app.kit.words import say

DESTROYED_AFTER = timedelta(days=30)


class _Id(Struct):
    id: int


_due = prepared_sql(
    "SELECT id FROM alerts WHERE ended_at < {} AND destroyed_at IS NULL AND held_at IS NULL ORDER BY id",
    _Id,
)


async def purge(now: datetime) -> None:
    """Each incident whole: who was told, what they answered and showed, whose doors were knocked at, who was asked."""
    for row in await _due(now - DESTROYED_AFTER):
        photos = await photos_of(row.id)
        async with writing():
            await help.drop(origin_of(row.id))
            await help.drop(asking_of(row.id))
            await Recipient.delete().where(Recipient.alert == row.id)
            await AlertNeed.delete().where(AlertNeed.alert == row.id)
            await Alert.update({Alert.destroyed_at: now}).where(Alert.id == row.id)
            await audit.note("incident destroyed", who=None, about=f"alert:{row.id}", now=now)
        for token in photos:
            await pictures.drop(token)


async def photos_of(alert: int) -> list[str]:
    """What people who needed help showed: it goes with the incident."""
    shown = (Said.recipient.alert == alert) & (Said.photo != "")
    return [row["photo"] for row in await Said.select(Said.photo).where(shown)]


KEPT = (
    Keeping(
        say("Alerts that went to you, and what you or others answered for you"),
        say("So that nobody is missed, and everybody hears the all-clear"),
        ("alert_recipients", "alert_answers", "alert_needs"),
        DESTROYED_AFTER,
        purge,
        since=say("after it ended"),
    ),
    Keeping(
        say("Measures of an alert, what you objected, and what you took on to mend"),
        say("So that whoever uses power answers for it"),
        ("alert_measures", "alert_objections", "alert_mends"),
    ),
    Keeping(
        say("Alerts and what was said in them, meeting points and emergency numbers"),
        say("So that the community learns from what happened"),
        ("alerts", "alert_areas", "alert_messages", "lifelines"),
        personal=False,
    ),
)
