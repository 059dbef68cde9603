"""What was declared in the demo: an exercise and a real alert, both over, and a draft that nobody has sent yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import structs

from app.features.accounts.rules import Viewer
from app.features.alerts import rules as alerts
from app.features.alerts.rules import TYPED, Plan
from app.features.alerts.tables import Kind, Message
from app.features.demo.places import Alarmed, Place
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind

HOUR = timedelta(hours=1)


async def declare(each: Alarmed, place: Place, ids: Mapping[str, int], now: datetime) -> None:
    """Through the same doors as on the day; everybody was told then, so nobody's phone rings for it today."""
    coordinator = next(ids[who.name] for who in place.who if who.role == RoleKind.coordinator)
    at = now - each.ago
    by = _at_a_browser(await people.neighbour(coordinator), at)
    plan = Plan(
        kind=each.kind,
        level=each.level,
        category=each.category,
        headlines=each.headlines,
        bodies=each.bodies,
        until_at=at + 6 * HOUR if each.ended else now + timedelta(days=7),
        texts=each.kind == Kind.real,
    )
    alert = await alerts.draft(plan, by=by, now=at)
    if not each.ended:
        return
    await alerts.send(alert, TYPED[each.kind].words, by=by, now=at)
    await _told(alert, at)
    if each.update:
        await alerts.update(alert, *each.update, by=by, now=at + HOUR)
        await _told(alert, at + HOUR)
    await alerts.all_clear(alert, by=by, now=at + 3 * HOUR)
    await _told(alert, at + 3 * HOUR)


def _at_a_browser(of: people.Neighbour, at: datetime) -> Viewer:
    return Viewer(**structs.asdict(of), proved_at=at, demo=True)


async def _told(alert: int, at: datetime) -> None:
    for row in await Message.select(Message.id).where((Message.alert == alert) & Message.told_at.is_null()):
        await alerts.tell(row["id"], now=at)
