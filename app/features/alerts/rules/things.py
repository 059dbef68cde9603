"""Things for an emergency that are at home and free: seen by those who lead, and asked for in one tap.

Whom an owner shows a thing to on other days does not count while an alert lasts. Each look is noted.
"""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.asked_things import AlertThing
from app.features.alerts.rules.declaring import FASTER, note
from app.features.alerts.rules.hands import must_lead
from app.features.alerts.rules.reach import held_alert
from app.features.alerts.rules.telling import areas_of, headline_of
from app.features.alerts.rules.words import RINGS, marked
from app.features.alerts.tables import Alert, Kind, Level, Stage
from app.features.community import rules as community
from app.features.people.rules import Neighbour
from app.features.sharing.rules import CATEGORIES
from app.features.sharing.rules import ICONS as PICTURES
from app.features.sharing.rules.emergency import Pressing, Ready, ask_for_emergency, emergency_things, no_longer_needed
from app.features.sharing.tables import Category
from app.features.sharing.tables import Stage as LoanStage
from app.kit import slots
from app.kit.refusals import Refusal, Taken
from app.kit.words import Sentence, say

AT_ONCE = 60  # things that one tap asks for


class Wanted(Struct, frozen=True):
    """Which of them: a word of their names, a kind, one alone; `everywhere` looks beyond where the alert is."""

    words: str = ""
    category: Category | None = None
    item: int | None = None
    everywhere: bool = False

    def fits(self, thing: Ready) -> bool:
        said = thing.name.casefold()
        wanted = self.category in (None, thing.category) and self.item in (None, thing.id)
        return wanted and all(word in said for word in self.words.casefold().split())


class Shelf(Struct):
    """All of a kind, building by building."""

    category: Category
    label: Sentence
    icon: str
    things: list[Ready]

    def by_place(self) -> list[tuple[Sentence | None, list[Ready]]]:
        return [(some[0].place, some) for some in (list(each) for _, each in groupby(self.things, _stands))]

    @property
    def to_ask(self) -> int:
        return sum(not each.kept for each in self.things)


class Asked(Struct):
    """What was asked for, and who said yes. `loan` is a page of whoever asked and of those who answer for it."""

    item: int
    name: str
    lang: str
    area_kind: str | None
    area_name: str | None
    owner_name: str | None
    loan: int
    stage: LoanStage
    borrower: int
    asked_by: str
    asked_at: datetime

    @property
    def place(self) -> Sentence | None:
        return community.label(self.area_kind or "", self.area_name) if self.area_name else None

    @property
    def is_yes(self) -> bool:
        return self.stage in (LoanStage.accepted, LoanStage.out)

    @property
    def is_open(self) -> bool:
        return self.is_yes or self.stage == LoanStage.asked


class _Loan(Struct):
    loan: int


_asked = prepared_sql(
    "SELECT alert_things.item, items.name, items.lang, areas.kind AS area_kind, areas.name AS area_name, "
    "owners.name AS owner_name, alert_things.loan, loans.stage, loans.borrower, askers.name AS asked_by, "
    "alert_things.asked_at FROM alert_things JOIN items ON items.id = alert_things.item "
    "JOIN loans ON loans.id = alert_things.loan JOIN people AS askers ON askers.id = loans.borrower "
    "LEFT JOIN areas ON areas.id = items.area LEFT JOIN people AS owners ON owners.id = items.person "
    "WHERE alert_things.alert = {} ORDER BY CASE loans.stage WHEN 'out' THEN 0 WHEN 'accepted' THEN 0 "
    "WHEN 'asked' THEN 1 ELSE 2 END, alert_things.id",
    Asked,
)
_loans = prepared_sql("SELECT loan FROM alert_things WHERE alert = {} ORDER BY id", _Loan)


async def look(alert: Alert, wanted: Wanted, *, by: Neighbour, now: datetime) -> list[Shelf]:
    """What could be fetched and was not asked for, kind by kind. That they looked is noted."""
    must_lead(by)
    async with writing():
        await note("things for an emergency looked at", alert, by, now)
    free = await _free(alert, wanted, by=by, now=now) if alert.stage == Stage.active else []
    return [
        Shelf(kind, CATEGORIES[kind], PICTURES[kind], sorted(some, key=_stands))
        for kind in CATEGORIES
        if (some := [each for each in free if each.category == kind])
    ]


async def asked_things(alert: Alert, *, by: Neighbour) -> list[Asked]:
    must_lead(by)
    return list(await _asked(alert.id))


async def ask_for_things(alert_id: int, wanted: Wanted, *, by: Neighbour, now: datetime) -> int:
    """Those who answer for them are rung, each once in an alert while their answer counts; says for how many things."""
    must_lead(by)
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active or alert.until_at <= now:
            raise Taken(FASTER)
        first, last = await _days(alert, now)
        asked = 0
        found = [each for each in await _free(alert, wanted, by=by, now=now) if not each.kept]
        for each in sorted(found[:AT_ONCE], key=lambda each: each.id):
            loan = await ask_for_emergency(each.id, first, last, _pressing(alert), by=by, now=now)
            if loan is not None:
                await _keep(alert.id, each.id, loan, now)
                asked += 1
        if not asked:
            raise _none_of(wanted, await asked_things(alert, by=by))
        await note("things for an emergency asked for", alert, by, now)
        return asked


async def no_thing_is_needed(alert_id: int, *, now: datetime) -> None:
    """By the clock, when the alert is over: whoever was asked hears so. Twice says nothing twice."""
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.ended:
            return
        over = marked(Kind(alert.kind), say("It is over: your things are not needed any more. Thank you."))
        await no_longer_needed([row.loan for row in await _loans(alert_id)], over, now=now)


async def _free(alert: Alert, wanted: Wanted, *, by: Neighbour, now: datetime) -> list[Ready]:
    areas = [] if wanted.everywhere else await areas_of(alert.id)
    first, last = await _days(alert, now)
    found = await emergency_things(areas, slots.days(first, last), reader=by.id)
    asked = {each.item for each in await _asked(alert.id) if each.is_open}
    return [each for each in found if each.id not in asked and wanted.fits(each)]


async def _days(alert: Alert, now: datetime) -> tuple[date, date]:
    """From today to the day on which it ends, on the community's clock."""
    first = await community.today(now)
    return first, max(first, await community.today(alert.until_at))


def _pressing(alert: Alert) -> Pressing:
    kind, headline = Kind(alert.kind), headline_of(alert)
    words = marked(kind, say("For the emergency: %(headline)s", headline=headline))

    def ring(name: str) -> Sentence:
        asked = say("Can this be fetched now, yes or no? %(item)s. For: %(headline)s", item=name, headline=headline)
        return marked(kind, asked)

    return Pressing(words, ring, alert.until_at, RINGS[Level(alert.level)])


async def _keep(alert: int, item: int, loan: int, now: datetime) -> None:
    """In the place of an ask that was declined or ran out."""
    row, anew = AlertThing(alert=alert, item=item, loan=loan, asked_at=now), (AlertThing.loan, AlertThing.asked_at)
    once: Any = (AlertThing.alert, AlertThing.item)
    await AlertThing.insert(row).on_conflict(target=once, action="DO UPDATE", values=anew)


def _none_of(wanted: Wanted, asked: Iterable[Asked]) -> Refusal:
    before = next((each for each in asked if each.item == wanted.item and each.is_open), None)
    if before is not None:
        return Taken(say("%(name)s has asked for it already: the answer comes here.", name=before.asked_by))
    return Taken(say("None of them is at home and free any more."))


def _stands(thing: Ready) -> tuple[int, int]:
    return thing.area or 0, 0 if thing.area else 1
