"""Somebody whom a measure binds disagrees: in their own words, once at a time, and somebody who leads must answer."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.db import Clash, held, prepared_sql, writing
from app.features.alerts.rules.measures import answers, binds, measure, path_to
from app.features.alerts.rules.reach import LEADS
from app.features.alerts.rules.words import path_of
from app.features.alerts.tables import Measure, Objection
from app.features.notices import rules as notices
from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.lines import Line
from app.kit.refusals import Missing, NotYours, Refusal, Taken
from app.kit.words import say, say_n

LONGEST = 400


class Objected(Struct):
    id: int
    person: int
    name: str
    words: str
    at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None


_of_measure = prepared_sql(
    "SELECT alert_objections.id, alert_objections.person, people.name, alert_objections.words, alert_objections.at, "
    "alert_objections.answer, others.name AS answered_by, alert_objections.answered_at FROM alert_objections "
    "JOIN people ON people.id = alert_objections.person "
    "LEFT JOIN people AS others ON others.id = alert_objections.answered_by "
    "WHERE alert_objections.measure = {} ORDER BY alert_objections.id",
    Objected,
)


class _Waiting(Struct):
    alert: int
    measure: int
    times: int


_waiting = prepared_sql(
    "SELECT alert_measures.alert, alert_measures.id AS measure, count(*) AS times FROM alert_objections "
    "JOIN alert_measures ON alert_measures.id = alert_objections.measure WHERE alert_objections.answered_at IS NULL "
    "AND (alert_measures.by IS NULL OR alert_measures.by <> {}) GROUP BY alert_measures.alert, alert_measures.id "
    "ORDER BY alert_measures.id",
    _Waiting,
)


async def object_to(measure_id: int, words: str, *, by: Neighbour, now: datetime) -> int:
    """Only whom it binds. All who lead are told; one open objection each, kept by an index."""
    shown = await measure(measure_id, by=by)
    if not await binds(measure_id, by.id):
        raise NotYours(say("Only those whom it binds can object."))
    if not words.strip():
        raise Refusal(say("Please say why."), beside="words")
    if len(words.strip()) > LONGEST:
        raise Refusal(say("At most %(most)s characters, please.", most=LONGEST), beside="words")
    try:
        async with writing():
            made = Objection(measure=measure_id, person=by.id, words=words.strip(), at=now)
            await made.save()
            told = say("%(name)s objects to a measure. Somebody must answer.", name=by.name)
            same: dict[str, Any] = {
                "topic": "roles",
                "urgency": notices.Urgency.soon,
                "key": f"alert:objection:{made.id}",
            }
            whom = {each for kind in LEADS for each in await people.officers(kind, now=now)} - {by.id}
            await notices.tell_all(whom, told, path=path_to(shown), now=now, **same)
            await audit.note("measure objected to", who=by.id, about=f"alert:{shown.alert}", now=now)
            return int(made.id)
    except Clash:
        raise Taken(say("You have objected already. An answer will come.")) from None


async def answer_objection(objection_id: int, words: str, *, by: Neighbour, now: datetime) -> None:
    """By somebody who leads and did not take the measure, as long as there is such a one; the person is told."""
    if not answers(by):
        raise Missing
    async with writing():
        row = await held(Objection.objects().where(Objection.id == objection_id)).first()
        if row is None:
            raise Missing
        if not 0 < len(words.strip()) <= LONGEST:
            raise Refusal(say("An answer of at most %(most)s characters, please.", most=LONGEST), beside="words")
        if row.answered_at is not None:
            raise Taken(say("Somebody was faster. Please look again."))
        taken = await Measure.objects().where(Measure.id == row.measure).first()
        if taken.by == by.id and await _others_lead(by.id, now):
            raise NotYours(say("Somebody else who leads answers it: not whoever took the measure."))
        answered: dict[Any, Any] = {Objection.answer: words.strip(), Objection.answered_by: by.id}
        await Objection.update(answered | {Objection.answered_at: now}).where(Objection.id == objection_id)
        await notices.withdraw(f"alert:objection:{objection_id}")
        path, told = f"{path_of(taken.alert)}/measures/{row.measure}", say("Your objection was answered.")
        await notices.tell(
            row.person, told, path=path, now=now, topic="account", key=f"alert:objection:{objection_id}:a"
        )
        await audit.note("objection answered", who=by.id, about=f"alert:{taken.alert}", now=now, concerns=row.person)


async def objections(measure_id: int, *, by: Neighbour) -> list[Objected]:
    """All of them for whoever leads, one's own for everybody else."""
    await measure(measure_id, by=by)
    found = await _of_measure(measure_id)
    return [each for each in found if answers(by) or each.person == by.id]


async def waiting(by: Neighbour) -> list[Line]:
    """For Home: objections that this person could answer."""
    if not answers(by):
        return []
    below = say("Whoever a measure binds may ask why.")
    return [
        Line(
            "scale",
            say_n("One objection waits for an answer", "%(n)s objections wait for an answer", each.times),
            f"{path_of(each.alert)}/measures/{each.measure}",
            below=below,
            due=True,
        )
        for each in await _waiting(by.id)
    ]


async def _others_lead(person: int, now: datetime) -> bool:
    return bool({each for kind in LEADS for each in await people.officers(kind, now=now)} - {person})
