"""What neighbours of a furnished place need, and how far it has come."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from app.features.help import rules as needs
from app.features.help.rules import Asking
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


Happening = tuple[datetime, Callable[[], Awaitable[None]]]


def happenings(place: Needs, ids: Mapping[str, int], boss: int, now: datetime) -> list[Happening]:
    """Through the same doors as everybody's deeds, each at its time: the house furnishes what happened in order."""
    found: list[Happening] = [
        (now - timedelta(days=20), partial(_vet, ids[name], boss, now - timedelta(days=20))) for name in place.vetted
    ]
    for each in place.needed:
        found += _life(each, ids, now)
    return found


async def _vet(person: int, boss: int, at: datetime) -> None:
    await people.grant(person, VETTED, until=None, by=boss, now=at)


def _life(each: Needed, ids: Mapping[str, int], now: datetime) -> list[Happening]:
    began, part = now - timedelta(hours=each.hours), timedelta(hours=each.hours) / 5
    need: list[int] = []

    async def ask() -> None:
        need.append(await _asked(each, ids, began))

    async def speak(name: str, words: str, at: datetime) -> None:
        await needs.speak(need[0], words, by=await people.neighbour(ids[name]), now=at)

    async def take() -> None:
        helper = await people.neighbour(ids[each.taken_by])
        await needs.take(need[0], hours=24, by=helper, now=began + part, pick=lambda most: need[0] % most)

    async def set_out() -> None:
        await needs.set_out(need[0], by=await people.neighbour(ids[each.taken_by]), now=began + 2 * part)

    async def complete() -> None:
        await needs.complete(need[0], by=await people.neighbour(ids[each.taken_by]), now=began + 3 * part)

    async def confirm() -> None:
        await needs.confirm(need[0], by=await people.neighbour(ids[each.by]), now=began + 4 * part)
        await notices.read_about(f"/help/{need[0]}", by=ids[each.taken_by], now=began + 4 * part)

    minute = timedelta(minutes=7)
    said: list[Happening] = [
        (began + nth * minute, partial(speak, name, words, began + nth * minute))
        for nth, (name, words) in enumerate(each.asked, 1)
    ]
    steps = ((each.taken_by, take), (each.on_the_way or each.done, set_out), (each.done, complete))
    then: list[Happening] = [(began + nth * part, step) for nth, (so, step) in enumerate(steps, 1) if so]
    return [(began, ask), *said, *then, *([(began + 4 * part, confirm)] if each.confirmed else [])]


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
