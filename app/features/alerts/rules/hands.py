"""Who can do what in an emergency, is safe and is free: counted for those who lead, and asked in one tap.

Only those are listed who offered it for an emergency themselves, as the directory shows them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.alerts.rules.declaring import FASTER, note
from app.features.alerts.rules.knocking import asking_of
from app.features.alerts.rules.needs_from_answers import URGENCY
from app.features.alerts.rules.reach import held_alert, leads
from app.features.alerts.rules.words import marked
from app.features.alerts.tables import Alert, AlertNeed, Kind, Level, Stage
from app.features.community import rules as community
from app.features.help import rules as help
from app.features.help.tables import Stage as NeedStage
from app.features.help.tables import What
from app.features.notices.tables import Urgency
from app.features.people import rules as people
from app.features.people.rules import CAPABILITIES, Neighbour
from app.features.skills import rules as skills
from app.kit.languages import SOURCE, language
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, kept, say

NEAREST = 3
LABELS: dict[str, Sentence] = {
    **{f"can {kind}": label for kind, label in CAPABILITIES.items()},
    **{str(kind): label for kind, label in skills.LABELS.items()},
}
ICONS = {**{f"can {kind}": "shield-check" for kind in CAPABILITIES}, **{str(k): v for k, v in skills.ICONS.items()}}


class Hand(Struct):
    """Somebody who is safe and free, and offered it for an emergency."""

    id: int
    name: str
    building: int | None
    place: Sentence | None


class Hands(Struct):
    """A kind of skill or training: how many offered it, and those of them who are safe and free."""

    kind: str
    label: Sentence
    icon: str
    offered: int
    free: list[Hand]

    def by_place(self) -> list[tuple[Sentence | None, list[Hand]]]:
        found: dict[int | None, list[Hand]] = {}
        for each in self.free:
            found.setdefault(each.building, []).append(each)
        return [(some[0].place, some) for some in found.values()]


class Asked(Struct):
    """What was asked so far, and who came."""

    id: int
    sentence: Any
    stage: NeedStage
    asked_at: datetime
    helper: str | None

    @property
    def said(self) -> Sentence:
        return kept(self.sentence)


class _Id(Struct):
    id: int


_safe = prepared_sql("SELECT person AS id FROM alert_recipients WHERE alert = {} AND answer = 'safe'", _Id)
_away = prepared_sql(
    "SELECT DISTINCT roles.person AS id FROM absences JOIN roles ON roles.id = absences.role "
    "WHERE absences.ended_at IS NULL AND absences.since_at <= {0} AND absences.until_at > {0}",
    _Id,
)
_asked = prepared_sql(
    "SELECT needs.id, needs.sentence, needs.stage, needs.asked_at, min(people.name) AS helper FROM needs "
    "LEFT JOIN takings ON takings.need = needs.id AND (takings.ended_at IS NULL OR takings.kept = {1}) "
    "LEFT JOIN people ON people.id = takings.helper WHERE needs.origin = {0} "
    "GROUP BY needs.id, needs.stage, needs.asked_at ORDER BY needs.id DESC LIMIT 50",
    Asked,
)


def must_lead(by: Neighbour) -> None:
    if not leads(by):
        raise Missing


async def hands(alert: Alert, *, door: int | None = None, by: Neighbour, now: datetime) -> list[Hands]:
    """Each kind with whoever could come now, those who live nearest to that door first."""
    must_lead(by)
    offers = await skills.help_in_an_emergency(reader=by.id)
    known = {each.person: each for each in offers}
    kinds: dict[str, list[int]] = {}
    for held in await people.who_holds(await community.today(now)):
        if held.person in known:
            kinds.setdefault(f"can {held.kind}", []).append(held.person)
    for each in offers:
        kinds.setdefault(str(each.category), []).append(each.person)
    free = await _free(alert, known, by, now)
    near = await _building(door)
    places = await people.whereabouts(free)

    def hand(person: int) -> Hand:
        return Hand(person, known[person].name, known[person].building, places.get(person))

    def first(each: Hand) -> tuple[bool, int, int]:
        return near is None or each.building != near, each.building or 0, each.id

    return [
        Hands(kind, label, ICONS[kind], len(kinds[kind]), sorted(map(hand, free & {*kinds[kind]}), key=first))
        for kind, label in LABELS.items()
        if kind in kinds
    ]


async def _free(alert: Alert, known: Iterable[int], by: Neighbour, now: datetime) -> set[int]:
    """Safe by their own answer or another's, with nothing in hand, within their own limits, and not away."""
    safe = {row.id for row in await _safe(alert.id)} & {*known} - {by.id}
    return await help.free_now(safe - {row.id for row in await _away(now)}, now)


async def _building(door: int | None) -> int | None:
    if door is None:
        return None
    line = await community.line_to((await people.household(door)).area)
    return line[0].id if line else None


async def asked(alert: Alert, *, by: Neighbour) -> list[Asked]:
    must_lead(by)
    return list(await _asked(asking_of(alert.id), True))


async def ask(
    alert_id: int,
    kind: str,
    *,
    most: int | None = None,
    door: int | None = None,
    words: str = "",
    by: Neighbour,
    now: datetime,
) -> int:
    """All of them, or so many who live nearest. A need in a circle of its own: whoever takes it reads the door."""
    async with writing():
        alert = await held_alert(alert_id)
        if alert.stage != Stage.active:
            raise Taken(FASTER)
        found = next((each for each in await hands(alert, door=door, by=by, now=now) if each.kind == kind), None)
        whom = [each.id for each in found.free][:most] if found else []
        if found is None or not whom:
            raise Refusal(say("Nobody of them is safe and free at the moment."))
        home = await people.household(door) if door is not None else None
        asking = help.Asking(
            What.other,
            words.strip() or found.label.spoken(language(by.language or SOURCE)),
            details=home.address if home else "",
            urgency=URGENCY.get(Level(alert.level), Urgency.urgent),
            twin=help.Twin.another,
        )
        same: dict[str, Any] = {"place": home.area if home else None, "language": by.language}
        same["above"] = help.FromAbove(asking_of(alert_id), sentence=_sentence(alert, found.label), whom=whom)
        need = await help.ask(asking, person=by.id, acted_by=by.id, now=now, **same)
        await AlertNeed.insert(AlertNeed(alert=alert_id, household=door, need=need, made_at=now))
        await note("people who can help asked", alert, by, now)
        return len(whom)


def _sentence(alert: Alert, label: Sentence) -> Sentence:
    return marked(Kind(alert.kind), say("Somebody is needed who can do this: %(what)s", what=label))
