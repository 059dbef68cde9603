"""What neighbours of a furnished place need, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.features.help import rules as needs
from app.features.help.rules import Asking
from app.features.help.rules.reach import need_of
from app.features.help.tables import Need, What
from app.features.notices import rules as notices
from app.features.notices.tables import Urgency
from app.features.people import rules as people

VETTED = "vetted helper"


@dataclass(frozen=True)
class Needed:
    """A need and how it went; `by` is empty for somebody without an account. Hours are hours ago."""

    hours: float
    kind: What
    words: str
    by: str = ""
    guest: tuple[str, str, str] = ("", "", "")  # name, phone and door of whoever asks by the public form
    details: str = ""
    urgency: Urgency = Urgency.everyday
    helpers: int = 1
    cents: int | None = None
    for_whom: str = ""
    asked: tuple[tuple[str, str], ...] = field(default=())  # who said what about it
    taken_by: str = ""
    on_the_way: bool = False
    done: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class Needs:
    needed: tuple[Needed, ...] = ()
    vetted: tuple[str, ...] = ()


async def furnish_needs(place: Needs, ids: Mapping[str, int], boss: int, now: datetime) -> None:
    """Through the same doors as everybody's deeds, the oldest first."""
    for name in place.vetted:
        await people.grant(ids[name], VETTED, until=None, by=boss, now=now - timedelta(days=20))
    for each in sorted(place.needed, key=lambda each: -each.hours):
        await _live(each, ids, now)


async def _live(each: Needed, ids: Mapping[str, int], now: datetime) -> None:
    began, part = now - timedelta(hours=each.hours), timedelta(hours=each.hours) / 5
    need = await _asked(each, ids, began)
    for nth, (name, words) in enumerate(each.asked, 1):
        await needs.speak(need, words, by=await people.neighbour(ids[name]), now=began + nth * timedelta(minutes=7))
    if not each.taken_by:
        return
    helper = await people.neighbour(ids[each.taken_by])
    await needs.take(need, hours=24, by=helper, now=began + part, pick=lambda most: need % most)
    if each.on_the_way or each.done:
        await needs.set_out(need, by=helper, now=began + 2 * part)
    if each.done:
        await needs.complete(need, by=helper, now=began + 3 * part)
    if each.confirmed:
        asker = (await need_of(need)).person or helper.id
        await needs.confirm(need, by=await people.neighbour(asker), now=began + 4 * part)
        await notices.read_about(f"/help/{need}", by=helper.id, now=began + 4 * part)


async def _asked(each: Needed, ids: Mapping[str, int], began: datetime) -> int:
    asking = Asking(each.kind, each.words, each.details, urgency=each.urgency, helpers=each.helpers)
    if not each.by:
        await needs.ask_by_link(
            asking, needs.Who(*each.guest, agrees=True), area=None, network="192.0.2", language="", now=began
        )
        newest = await Need.select(Need.id).order_by(Need.id, ascending=False).first()
        return int(newest["id"]) if newest else 0
    by = await people.neighbour(ids[each.by])
    need = await needs.ask_for_help(asking, for_whom=ids.get(each.for_whom), by=by, now=began)
    if each.cents:
        await needs.change_sum(need, each.cents, by=by, now=began)
    return need
