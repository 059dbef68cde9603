"""What was declared in the demo: an exercise and a real alert, both over, and a draft that nobody has sent yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import structs

from app.features.accounts.rules import Viewer
from app.features.alerts import rules as alerts
from app.features.alerts.rules import TYPED, Plan, after, lifelines
from app.features.alerts.rules.words import path_of
from app.features.alerts.tables import Answer, Kind, Message, Recipient
from app.features.demo.places import Alarmed, Place
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.tables import Kind as RoleKind

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NEVER, AWAY = 4, 7  # of each nine
SO_MANY = 1000


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
    await _answered(alert, at)
    if each.update:
        await alerts.update(alert, *each.update, by=by, now=at + HOUR)
        await _told(alert, at + HOUR)
    await alerts.all_clear(alert, by=by, now=at + 3 * HOUR)
    await _told(alert, at + 3 * HOUR)
    await _looked_back(alert, each, by, now)


async def write_lifelines(place: Place, ids: Mapping[str, int], now: datetime) -> None:
    by = await people.neighbour(next(ids[who.name] for who in place.who if who.role == RoleKind.coordinator))
    for titles, phone in place.lifelines:
        await lifelines.write_line(lifelines.Typed(titles, {}, phone), by=by, now=now)


async def _looked_back(alert: int, each: Alarmed, by: Viewer, now: datetime) -> None:
    """The coordinator wrote down what to mend; how an exercise went may be read outside."""
    for days, words in enumerate(each.mends, start=6):
        due = (now + timedelta(days=days)).date()
        await after.add_mend(alert, words, owner=by.id, due_on=due, by=by, now=now)
    if each.kind == Kind.exercise:
        await after.publish(alert, True, by=by, now=now)


async def _answered(alert: int, at: datetime) -> None:
    """Most within minutes, some within the hour, one of nine never; each opened it a moment before."""
    told = Recipient.select(Recipient.person).where(Recipient.alert == alert)
    rows = await told.order_by(Recipient.id).limit(SO_MANY)
    for place, row in enumerate(rows):
        minutes = 1 + 45 * (place * 37 % 100 / 100) ** 2
        await notices.read_about(path_of(alert), by=row["person"], now=at + minutes * MINUTE)
        if place % 9 != NEVER:
            answer = Answer.away if place % 9 == AWAY else Answer.safe
            moment = at + (minutes + 2) * MINUTE
            await alerts.answer(alert, row["person"], answer, by=await people.neighbour(row["person"]), now=moment)


def _at_a_browser(of: people.Neighbour, at: datetime) -> Viewer:
    return Viewer(**structs.asdict(of), proved_at=at, demo=True)


async def _told(alert: int, at: datetime) -> None:
    for row in await Message.select(Message.id).where((Message.alert == alert) & Message.told_at.is_null()):
        await alerts.tell(row["id"], now=at)
