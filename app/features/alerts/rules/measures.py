"""Bounded powers (`product.md` 3): a measure has a scope, a reason, an author, an end, and is open to whom it binds.

It ends at its time, with its alert, or when somebody ends it. Whoever it binds may object, and somebody must answer.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.db import held, prepared_sql, writing
from app.features.alerts.rules.declaring import FASTER, note
from app.features.alerts.rules.reach import LEADS, held_alert, leads, must_declare, seen
from app.features.alerts.rules.rooms import give_rooms_back, take_rooms
from app.features.alerts.rules.words import path_of
from app.features.alerts.tables import Alert, Measure, Stage
from app.features.community import rules as community
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import later
from app.kit.refusals import Missing, Refusal, Several, Taken
from app.kit.words import Sentence, say

LONGEST = 400


class Power(StrEnum):
    gate = "gate"
    listing = "list"
    room = "room"
    other = "other"


POWERS: dict[Power, Sentence] = {
    Power.gate: say("A way or a gate is closed"),
    Power.listing: say("A list is opened to helpers"),
    Power.room: say("Shared rooms are needed"),
    Power.other: say("Something else"),
}


class Measured(Struct, frozen=True):
    """What is done, why, where (no area: wherever the alert goes), until when, and which shared rooms it takes."""

    power: Power
    words: str
    reason: str
    until_at: datetime
    area: int | None = None
    spaces: tuple[int, ...] = ()


class Shown(Struct):
    id: int
    alert: int
    kind: Power
    words: str
    reason: str
    area: int | None
    area_kind: str | None
    area_name: str | None
    by: int | None
    by_name: str | None
    since_at: datetime
    until_at: datetime
    ended_at: datetime | None
    over_at: datetime | None

    @property
    def place(self) -> Sentence:
        if self.area_name is None:
            return say("Wherever the alert goes")
        return community.label(self.area_kind or "", self.area_name)

    def is_on(self, now: datetime) -> bool:
        return self.ended_at is None and self.over_at is None and self.until_at > now


class _Id(Struct):
    id: int


_SHOWN = (
    "SELECT alert_measures.id, alert_measures.alert, alert_measures.kind, alert_measures.words, alert_measures.reason, "
    "alert_measures.area, areas.kind AS area_kind, areas.name AS area_name, alert_measures.by AS by, "
    "people.name AS by_name, alert_measures.since_at, alert_measures.until_at, alert_measures.ended_at, "
    "alerts.ended_at AS over_at FROM alert_measures JOIN alerts ON alerts.id = alert_measures.alert "
    "LEFT JOIN areas ON areas.id = alert_measures.area LEFT JOIN people ON people.id = alert_measures.by "
)
_of_alert = prepared_sql(_SHOWN + "WHERE alert_measures.alert = {} ORDER BY alert_measures.id DESC", Shown)
_one = prepared_sql(_SHOWN + "WHERE alert_measures.id = {}", Shown)
# Whom it binds: those of the snapshot inside its area.
_BOUND = (
    "SELECT alert_recipients.person AS id FROM alert_recipients JOIN alert_measures "
    "ON alert_measures.alert = alert_recipients.alert WHERE alert_measures.id = {0} AND (alert_measures.area IS NULL "
    "OR alert_recipients.area IN (SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT area FROM alert_measures "
    "WHERE id = {0} UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) "
    "SELECT id FROM inside) AS there))"
)
_bound = prepared_sql(_BOUND + " ORDER BY 1", _Id)
_is_bound = prepared_sql(_BOUND + " AND alert_recipients.person = {1}", _Id)


async def take_measure(alert_id: int, said: Measured, *, by: Neighbour, now: datetime) -> int:
    """Everybody whom it binds is told."""
    must_declare(by)
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active:
            raise Taken(FASTER)
        _must_fit(said, alert, now)
        if said.area is not None:
            await community.area(said.area)
        made = Measure(alert=alert_id, area=said.area, kind=said.power, words=said.words.strip(), by=by.id)
        made.reason, made.since_at, made.until_at = said.reason.strip(), now, said.until_at
        await made.save()
        await take_rooms(made.id, said.spaces, said.reason.strip(), said.until_at, by=by, now=now)
        await later.at(now, "alerts.measure", key=f"alert:measure:{made.id}", measure=made.id)
        await note("measure taken", alert, by, now)
        return int(made.id)


def _must_fit(said: Measured, alert: Alert, now: datetime) -> None:
    wrong = []
    for name, typed in (("words", said.words), ("reason", said.reason)):
        if not typed.strip():
            wrong.append(Refusal(say("Please fill this in."), beside=name))
        elif len(typed.strip()) > LONGEST:
            wrong.append(Refusal(say("At most %(most)s characters, please.", most=LONGEST), beside=name))
    if said.power == Power.room and not said.spaces:
        wrong.append(Refusal(say("Please choose at least one."), beside="spaces"))
    if not now < said.until_at <= alert.until_at:
        wrong.append(Refusal(say("It ends before the alert does, or with it."), beside="until_at"))
    if wrong:
        raise Several(wrong)


async def tell_of_measure(measure_id: int, now: datetime) -> None:
    """By the clock, right after the deed. Twice tells nobody twice; what has ended by then is not told."""
    shown = await _one.first(measure_id)
    if shown is None or not shown.is_on(now):
        return
    told = say("A measure for where you live: %(what)s", what=POWERS[shown.kind])
    same: dict[str, Any] = {"topic": "alerts", "urgency": notices.Urgency.soon, "until": shown.until_at}
    whom = [row.id for row in await _bound(measure_id)]
    await notices.tell_all(whom, told, path=path_to(shown), now=now, key=f"alert:measure:{measure_id}", **same)


async def end_measure(measure_id: int, *, by: Neighbour, now: datetime) -> None:
    must_declare(by)
    async with writing():
        row = await held(Measure.objects().where(Measure.id == measure_id)).first()
        if row is None:
            raise Missing
        if row.ended_at is not None:
            raise Taken(FASTER)
        await Measure.update({Measure.ended_at: now}).where(Measure.id == measure_id)
        await notices.withdraw(f"alert:measure:{measure_id}")
        await give_rooms_back(measure_id, by=by.id, now=now)
        alert = await Alert.objects().where(Alert.id == row.alert).first()
        await note("measure ended", alert, by, now)


async def measures(alert_id: int, *, by: Neighbour, now: datetime) -> list[Shown]:
    """Those that bind this person; all of them for whoever leads. Raises Missing where the alert is not theirs."""
    await seen(alert_id, by=by, now=now)
    found = list(await _of_alert(alert_id))
    return found if leads(by) else [each for each in found if await binds(each.id, by.id)]


async def measure(measure_id: int, *, by: Neighbour) -> Shown:
    shown = await _one.first(measure_id)
    if shown is None or not (leads(by) or await binds(measure_id, by.id)):
        raise Missing
    return shown


async def binds(measure_id: int, person: int) -> bool:
    return bool(await _is_bound(measure_id, person))


def path_to(shown: Shown) -> str:
    return f"{path_of(shown.alert)}/measures/{shown.id}"


def answers(by: Neighbour) -> bool:
    return by.is_active and by.is_a(*LEADS)
