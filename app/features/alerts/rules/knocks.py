"""The doors that wait for a knock, for officers: those of their own areas, by building, known-vulnerable first.

Taken by two; what they find is an answer of the household, "nobody there" is counted and leaves it open.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from msgspec import Struct

from app.db import prepared_sql
from app.features.alerts.rules.answering import answer_all, tried_again
from app.features.alerts.rules.board import kept_by, may_look_at, must_see_boards, sees_all
from app.features.alerts.rules.called import Word
from app.features.alerts.rules.knocking import origin_of
from app.features.alerts.rules.words import BOARDS
from app.features.alerts.tables import Alert, Answer, How, Stage
from app.features.community import rules as community
from app.features.help import rules as help
from app.features.help.tables import Stage as NeedStage
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import changes
from app.kit.paging import Paged, paged, window
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.words import Sentence, say

PAIR = 2


class Found(StrEnum):
    """What those who knocked found."""

    safe = "safe"
    help = "help"
    away = "away"
    nobody = "nobody"


GONE = say("Somebody has answered there meanwhile. Thank you.")


class Knock(Struct):
    """A door of the list. `taken` of two have it; `mine` says that the reader is one of them."""

    id: int
    household: int
    address: str
    stage: NeedStage
    people: int
    first: bool
    taken: int
    mine: bool
    tries: int
    tried_at: datetime | None
    top: int
    kind: str
    name: str

    @property
    def place(self) -> Sentence:
        return community.label(self.kind, self.name)

    @property
    def is_free(self) -> bool:
        return self.taken < PAIR and not self.mine


class Section(Struct):
    title: Sentence
    doors: list[Knock]


class AtTheDoor(Struct):
    """The knock of one door: who has it, how often somebody tried, and its history."""

    need: int
    whole: help.Whole
    silent: list[int]

    @property
    def is_open(self) -> bool:
        return self.whole.need.stage in (NeedStage.open, NeedStage.taken, NeedStage.way)


class _Id(Struct):
    id: int


class _Count(Struct):
    n: int


# ruff: noqa: S608 (all of these words are ours)
_LIVE = "needs.origin = {0} AND needs.stage IN ('open', 'taken', 'way')"
_WHERE = (
    "({1} = 1 OR needs.area IN (SELECT id FROM (WITH RECURSIVE inside (id) AS (SELECT id FROM areas WHERE id among "
    "UNION SELECT areas.id FROM areas JOIN inside ON areas.parent = inside.id) SELECT id FROM inside) AS there))"
)
# Asked door by door along an index: of what was opened a moment ago PostgreSQL knows no numbers to plan by.
_BEHIND = (
    "FROM alert_recipients WHERE alert_recipients.alert = {3} AND alert_recipients.area = needs.area "
    "AND alert_recipients.household = needs.household"
)
# The building one lives in is the nearest; in each, those to look for first, then floor by floor.
_LIST = (
    "WITH RECURSIVE standing (area, top) AS (SELECT id, id FROM areas WHERE parent IS NULL UNION ALL "
    "SELECT areas.id, standing.top FROM areas JOIN standing ON areas.parent = standing.area) "
    f"SELECT needs.id, needs.household, households.address, needs.stage, (SELECT count(*) {_BEHIND}) AS people, "
    f"EXISTS (SELECT 1 {_BEHIND} AND first) AS first, (SELECT count(*) FROM takings WHERE takings.need = needs.id "
    "AND takings.ended_at IS NULL) AS taken, EXISTS (SELECT 1 FROM takings WHERE takings.need = needs.id "
    "AND takings.ended_at IS NULL AND takings.helper = {4}) AS mine, (SELECT count(*) FROM need_steps "
    "WHERE need_steps.need = needs.id AND need_steps.did = 'tried') AS tries, (SELECT max(at) FROM need_steps "
    "WHERE need_steps.need = needs.id AND need_steps.did = 'tried') AS tried_at, tops.id AS top, tops.kind, tops.name "
    "FROM needs JOIN households ON households.id = needs.household JOIN areas ON areas.id = needs.area "
    "JOIN standing ON standing.area = needs.area JOIN areas AS tops ON tops.id = standing.top "
    f"WHERE {_LIVE} AND {_WHERE} "
    "ORDER BY mine DESC, CASE WHEN tops.id IN (SELECT standing.top FROM memberships JOIN households AS own "
    "ON own.id = memberships.household JOIN standing ON standing.area = own.area WHERE memberships.person = {4} "
    "AND memberships.until_on IS NULL) THEN 0 ELSE 1 END, tops.sort, tops.name, tops.id, first DESC, areas.sort, "
    "areas.name, length(households.door), households.door LIMIT {5} OFFSET {6}"
)
_AMONG = {"sqlite": "IN (SELECT value FROM json_each({2}))", "postgres": "= ANY(CAST({2} AS integer[]))"}
_list = prepared_sql({engine: _LIST.replace("among", among) for engine, among in _AMONG.items()}, Knock)
_waiting = prepared_sql(
    {
        engine: f"SELECT count(*) AS n FROM needs WHERE {_LIVE} AND {_WHERE.replace('among', among)}"
        for engine, among in _AMONG.items()
    },
    _Count,
)
_knock = prepared_sql(
    "SELECT need AS id FROM alert_needs WHERE alert = {} AND household = {} AND knock ORDER BY id DESC", _Id
)
_silent = prepared_sql(
    "SELECT person AS id FROM alert_recipients WHERE alert = {} AND household = {} AND answer = '' ORDER BY id", _Id
)


async def waiting(alert: int, *, by: Neighbour) -> int:
    """How many doors the reader could knock at; none for whoever looks for nobody."""
    if not by.is_active or not (sees_all(by) or kept_by(by)):
        return 0
    found = await _waiting.first(origin_of(alert), int(sees_all(by)), kept_by(by))
    return found.n if found else 0


async def knocks(alert: Alert, number: int, *, by: Neighbour) -> Paged[Knock]:
    must_see_boards(by)
    theirs = int(sees_all(by)), kept_by(by)
    return paged(list(await _list(origin_of(alert.id), *theirs, alert.id, by.id, *window(number))), number)


def sections(doors: Iterable[Knock]) -> list[Section]:
    """As they come: first those the reader has taken, then building by building."""
    found: list[Section] = []
    for mine, some in groupby(doors, key=lambda each: (each.mine, each.top)):
        listed = list(some)
        if mine[0] and found:
            found[0].doors.extend(listed)
        else:
            found.append(Section(say("You have taken these") if mine[0] else listed[0].place, listed))
    return found


async def at_the_door(alert: Alert, household: int, *, by: Neighbour, now: datetime) -> AtTheDoor | None:
    """None where nobody had to knock. Whoever may not look at that door has been turned away before."""
    row = await _knock.first(alert.id, household)
    if row is None:
        return None
    try:
        whole = await help.whole(row.id, by=by, now=now)
    except Missing:  # over, and they had no part in it
        return None
    return AtTheDoor(row.id, whole, [each.id for each in await _silent(alert.id, household)])


async def take(alert: Alert, household: int, *, by: Neighbour, now: datetime) -> None:
    """One of the two who go. Whoever is faster has it, for an hour at most."""
    await help.take(await _theirs(alert, household, by), hours=1, by=by, now=now)
    await changes.announce(BOARDS)


async def give_back(alert: Alert, household: int, *, by: Neighbour, now: datetime) -> None:
    await help.give_back(await _theirs(alert, household, by), by=by, now=now)
    await changes.announce(BOARDS)


async def nobody_there(alert: Alert, household: int, *, by: Neighbour, now: datetime) -> None:
    await help.tried(await _theirs(alert, household, by), by=by, now=now)
    await changes.announce(BOARDS)


async def opened(
    alert: Alert, household: int, answer: Answer, *, person: int | None = None, by: Neighbour, now: datetime
) -> None:
    """Somebody opened: all who are silent are well, or one of them needs help. Nobody's own word is overruled."""
    await _theirs(alert, household, by)
    silent = [each.id for each in await _silent(alert.id, household)]
    if not silent:
        raise Taken(GONE)
    whom = silent if answer != Answer.help else _whoever(person, silent)
    said = Word(answer, by.id, now)
    same: dict[str, Any] = {"by": by, "now": now}
    await tried_again(lambda: answer_all(alert.id, dict.fromkeys(whom, How.knocked), said, **same))


def _whoever(person: int | None, silent: Collection[int]) -> list[int]:
    if person is None or person not in silent:
        raise Refusal(say("Who is it? Please choose one of them."), beside="person")
    return [person]


async def _theirs(alert: Alert, household: int, by: Neighbour) -> int:
    """The need of that door. Raises Missing outside of what they look after, and where nobody has to knock."""
    home = await people.household(household)
    await may_look_at(home.area, by=by)
    row = await _knock.first(alert.id, household)
    if row is None:
        raise Missing
    if alert.stage != Stage.active:
        raise Taken(say("It is over: nobody needs to come any more. Thank you."))
    return row.id
