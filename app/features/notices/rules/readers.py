"""Who is to be told: what reaches them, what they chose, and how often their household was rung today."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from msgspec import Struct
from piccolo.query.functions.aggregate import Count

from app.db import one_of, prepared
from app.features.notices.rules.bell import Address, Bell
from app.features.notices.rules.timing import LONGEST
from app.features.notices.tables import By, Choice, Delivery, Device, Fate, Urgency, Wishes
from app.features.people.tables import Membership


class Wish(Struct, frozen=True):
    person: int = 0
    quiet_from: int = 22 * 60
    quiet_until: int = 7 * 60
    daily_at: int | None = None
    shows_words: bool = False
    wecom: str = ""


USUAL = Wish()


class Rung(Counter[tuple[int, bool]]):
    """How often each household rings today, and in the morning to come, for what is everyday; this batch included."""

    def once_more(self, households: Iterable[int], few: int, *, tomorrow: bool) -> bool:
        homes = [(home, tomorrow) for home in households]
        if any(self[home] >= few for home in homes):
            return False
        self.update(homes)
        return True


@dataclass
class Reader:
    address: Address
    wishes: Wish = USUAL
    devices: list[int] = field(default_factory=list)
    rings: bool = False  # on a phone of which no service complained
    choices: dict[str, dict[By, bool]] = field(default_factory=dict)
    homes: list[int] = field(default_factory=list)
    went: dict[str, set[By]] = field(default_factory=dict)  # by thread: the roads that took one of it
    rung: Rung = field(default_factory=Rung)

    def roads(self, open_roads: frozenset[By]) -> frozenset[By]:
        has = {By.push: self.devices, By.email: self.address.email, By.sms: self.address.phone}
        has[By.wecom] = self.wishes.wecom
        return frozenset(by for by in open_roads if has[by])

    def rings_once_more(self, few: int, *, tomorrow: bool) -> bool:
        return self.rung.once_more(self.homes, few, tomorrow=tomorrow)


class _Has(Struct):
    id: int
    person: int
    trouble: str


class _Chose(Struct):
    person: int
    topic: str
    by: By
    wanted: bool


class _Lives(Struct):
    person: int
    household: int


class _Rang(Struct):
    person: int
    times: int


_devices = prepared(
    lambda ids: (
        Device.select(Device.id, Device.person, Device.trouble).where(one_of(Device.person, ids)).order_by(Device.id)
    ),
    _Has,
)
choices_of_some = prepared(
    lambda ids: Choice.select(Choice.person, Choice.topic, Choice.by, Choice.wanted).where(one_of(Choice.person, ids)),
    _Chose,
)
wishes_of_some = prepared(
    lambda ids: Wishes.select(
        Wishes.person, Wishes.quiet_from, Wishes.quiet_until, Wishes.daily_at, Wishes.shows_words, Wishes.wecom
    ).where(one_of(Wishes.person, ids)),
    Wish,
)
_homes = prepared(
    lambda ids: Membership.select(Membership.person, Membership.household).where(
        one_of(Membership.person, ids) & Membership.until_on.is_null()
    ),
    _Lives,
)
_with_them = prepared(
    lambda homes: Membership.select(Membership.person, Membership.household).where(
        one_of(Membership.household, homes) & Membership.until_on.is_null()
    ),
    _Lives,
)
_rang = prepared(
    lambda ids, since, dawn, dusk: (
        Delivery.select(Delivery.notice.person.as_alias("person"), Count(distinct=[Delivery.notice], alias="times"))
        .where(one_of(Delivery.notice.person, ids) & (Delivery.notice.made_at >= since))
        .where(Delivery.notice.urgency == Urgency.everyday)
        .where((Delivery.due_at >= dawn) & (Delivery.due_at < dusk))
        .where((Delivery.by == By.push) & Delivery.daily.eq(False) & (Delivery.fate != Fate.together))
        .group_by(Delivery.notice.person)
    ),
    _Rang,
)


async def readers_of(
    people: set[int], bell: Bell, everyday: set[int], *, midnights: Sequence[datetime]
) -> Mapping[int, Reader]:
    """Each person's reader. How often a household rings between these midnights is counted for `everyday` only."""
    ids = sorted(people)
    if not ids:
        return {}
    addresses = await bell.addresses(ids)
    readers = {each: Reader(addresses[each]) for each in ids}
    for device in await _devices(ids):
        readers[device.person].devices.append(device.id)
        readers[device.person].rings |= not device.trouble
    for choice in await choices_of_some(ids):
        readers[choice.person].choices.setdefault(choice.topic, {})[choice.by] = choice.wanted
    for wish in await wishes_of_some(ids):
        readers[wish.person].wishes = wish
    if everyday:
        await _count_rings(readers, sorted(everyday), midnights)
    return readers


async def _count_rings(readers: Mapping[int, Reader], everyday: list[int], midnights: Sequence[datetime]) -> None:
    lives = await _homes(everyday)
    together = await _with_them(sorted({each.household for each in lives}))
    whom, rung, since = sorted({each.person for each in together}), Rung(), midnights[0] - LONGEST
    for tomorrow, (dawn, dusk) in zip((False, True), pairwise(midnights), strict=True):
        times = {each.person: each.times for each in await _rang(whom, since, dawn, dusk)}
        for each in together:
            rung[(each.household, tomorrow)] += times.get(each.person, 0)
    for each in lives:
        readers[each.person].homes.append(each.household)
        readers[each.person].rung = rung
