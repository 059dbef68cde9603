"""What waits for officers, and one report or appeal as whoever decides it reads it."""

from collections import defaultdict
from datetime import datetime

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.moderation.rules.appealing import WITHIN, involved_in
from app.features.moderation.rules.judging import judges, may_judge
from app.features.moderation.rules.words import DECIDED, RULES
from app.features.moderation.tables import Decision, Measure, Report, Rule
from app.features.people.rules import Neighbour
from app.kit import audit, own_keys
from app.kit.refusals import Missing
from app.kit.words import Sentence

AT_MOST = 100


class Waiting(Struct):
    id: int
    kind: str
    thing: int
    author: int
    author_name: str
    reporter: int
    rule: Rule
    at: datetime

    @property
    def rule_words(self) -> Sentence:
        return RULES[self.rule]


class Decided(Struct):
    """One decision, as its person and the officers read it."""

    id: int
    measure: Measure
    rule: Rule
    reason: str
    by: int | None
    at: datetime
    until_at: datetime | None
    over_at: datetime | None
    appeal: int | None
    appeal_words: str | None
    verdict: str | None
    answer: str | None

    @property
    def what(self) -> Sentence:
        return DECIDED[self.measure]

    @property
    def rule_words(self) -> Sentence:
        return RULES[self.rule]

    def may_be_disputed(self, now: datetime) -> bool:
        return self.appeal is None and now < self.at + WITHIN


class Disagreed(Struct):
    id: int
    decision: int
    person: int
    name: str
    words: str
    at: datetime


class ReportPage(Struct):
    """A report with what stood there when it was made, and what was decided about its author before."""

    id: int
    kind: str
    thing: int
    author: int
    author_name: str
    reporter: int
    reporter_name: str
    rule: Rule
    words: str
    snapshot: str
    at: datetime
    closed_at: datetime | None
    decision: int | None

    @property
    def rule_words(self) -> Sentence:
        return RULES[self.rule]


_waiting = prepared_sql(
    "SELECT reports.id, reports.kind, reports.thing, reports.author, people.name AS author_name, reports.reporter, "
    "reports.rule, reports.at FROM reports JOIN people ON people.id = reports.author "
    "WHERE reports.closed_at IS NULL ORDER BY reports.id LIMIT {}",
    Waiting,
)
_report = prepared_sql(
    "SELECT reports.id, reports.kind, reports.thing, reports.author, authors.name AS author_name, reports.reporter, "
    "reporters.name AS reporter_name, reports.rule, reports.words, reports.snapshot, reports.at, reports.closed_at, "
    "reports.decision FROM reports JOIN people AS authors ON authors.id = reports.author "
    "JOIN people AS reporters ON reporters.id = reports.reporter WHERE reports.id = {}",
    ReportPage,
)
_same = prepared_sql(
    "SELECT reports.id, reports.kind, reports.thing, reports.author, '' AS author_name, reports.reporter, "
    "reports.rule, reports.at FROM reports WHERE reports.kind = {} AND reports.thing = {} "
    "AND reports.closed_at IS NULL",
    Waiting,
)
DECIDED_ROW = (
    "SELECT decisions.id, decisions.measure, decisions.rule, decisions.reason, decisions.by, decisions.at, "
    "decisions.until_at, decisions.over_at, appeals.id AS appeal, appeals.words AS appeal_words, appeals.verdict, "
    "appeals.reason AS answer FROM decisions LEFT JOIN appeals ON appeals.decision = decisions.id "
)
_about = prepared_sql(
    DECIDED_ROW + "WHERE decisions.person = {} AND decisions.measure <> 'nothing' ORDER BY decisions.id DESC LIMIT {}",
    Decided,
)
_decided = prepared_sql(DECIDED_ROW + "WHERE decisions.id = {}", Decided)
_appeals = prepared_sql(
    "SELECT appeals.id, appeals.decision, decisions.person, people.name, appeals.words, appeals.at FROM appeals "
    "JOIN decisions ON decisions.id = appeals.decision JOIN people ON people.id = decisions.person "
    "WHERE appeals.verdict = '' ORDER BY appeals.id LIMIT {}",
    Disagreed,
)
_appeal = prepared_sql(
    "SELECT appeals.id, appeals.decision, decisions.person, people.name, appeals.words, appeals.at FROM appeals "
    "JOIN decisions ON decisions.id = appeals.decision JOIN people ON people.id = decisions.person "
    "WHERE appeals.id = {}",
    Disagreed,
)


async def reports_for(by: Neighbour) -> list[Waiting]:
    """Open ones that they may decide, the oldest first."""
    rows = await _waiting(AT_MOST)
    reporters = defaultdict[tuple[str, int], set[int]](set)
    for row in rows:
        reporters[row.kind, row.thing].add(row.reporter)
    return [row for row in rows if await may_judge(by, reporters[row.kind, row.thing] | {row.author})]


async def appeals_for(by: Neighbour) -> list[Disagreed]:
    found = []
    for row in await _appeals(AT_MOST):
        decision = await Decision.objects().where(Decision.id == row.decision).first()
        if decision is not None and by.id in await judges(await involved_in(decision)):
            found.append(row)
    return found


async def report_page(id: int, *, by: Neighbour, now: datetime) -> ReportPage:
    """Missing for whoever may not decide it. Each look is noted; whom it is about reads that officers looked."""
    found = await _report.first(id)
    if found is None:
        raise Missing
    reporters = {found.reporter} | {row.reporter for row in await _same(found.kind, found.thing)}
    if not await may_judge(by, reporters | {found.author}):
        raise Missing
    async with writing():
        about = f"report:{id}"
        await audit.note("report looked at", who=by.id, about=about, now=now, concerns=found.author)
    found.snapshot = await own_keys.unseal_for(found.author, found.snapshot) or ""
    return found


async def appeal_page(id: int, *, by: Neighbour, now: datetime) -> tuple[Disagreed, Decided, str]:
    """With what stood there when it was reported, if it was: nobody looks again at what they cannot see."""
    found = await _appeal.first(id)
    decision = await Decision.objects().where(Decision.id == found.decision).first() if found else None
    if found is None or decision is None or not await may_judge(by, await involved_in(decision)):
        raise Missing
    [decided] = await _decided(found.decision)
    sealed = await Report.select(Report.snapshot).where(Report.decision == found.decision).order_by(Report.id).first()
    if sealed is None:
        return found, decided, ""
    async with writing():
        await audit.note("report looked at", who=by.id, about=f"appeal:{id}", now=now, concerns=found.person)
    return found, decided, await own_keys.unseal_for(found.person, sealed["snapshot"]) or ""


async def decisions_about(person_id: int, at_most: int = 20) -> list[Decided]:
    """The newest first. That a report led to nothing is not among them."""
    return list(await _about(person_id, at_most))


async def decision(id: int) -> Decided | None:
    return await _decided.first(id)
