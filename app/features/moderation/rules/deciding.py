"""An officer decides about a report: with a rule, a reason that the person reads, and an end."""

from datetime import datetime, timedelta

from msgspec import Struct

from app.db import held, writing
from app.features.moderation.rules import reporting
from app.features.moderation.rules.judging import may_judge
from app.features.moderation.rules.suspending import suspend_for, tell_standing
from app.features.moderation.rules.words import SPANS
from app.features.moderation.tables import Decision, Measure, Report, Rule
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.features.people.rules.neighbour import hold_all_roles
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.reporting import Matters
from app.kit.words import Sentence, say

PATH = "/account/decisions"


class Ruling(Struct, frozen=True):
    """What an officer says. `days` counts for a suspension only."""

    measure: Measure
    rule: Rule
    reason: str
    days: int = 7


async def decide(report_id: int, ruling: Ruling, matters: Matters, *, by: Neighbour, now: datetime) -> int:
    """Of two who decide at once, the first. Every open report of the same thing is answered with it."""
    async with writing():
        await hold_all_roles()  # first of all locks, as a suspension does: two who decide wait here
        row = await held(Report.objects().where(Report.id == report_id)).first()
        if row is None:
            raise Missing
        same = (Report.kind == row.kind) & (Report.thing == row.thing) & Report.closed_at.is_null()
        open_ones = await held(Report.objects().where(same).order_by(Report.id))
        reporters = {each.reporter for each in open_ones} | {row.reporter}
        if not await may_judge(by, reporters | {row.author}):
            raise Missing
        if row.closed_at is not None:
            raise Taken(say("Another officer has decided this already."))
        made = await _decided(row, ruling, by, now)
        await _done(row, made, ruling, matters, by=by, now=now)
        await Report.update({Report.closed_at: now, Report.decision: made.id}).where(same)
        await _answer([each.id for each in open_ones], reporters, ruling, now)
        return int(made.id)


async def _decided(row: Report, ruling: Ruling, by: Neighbour, now: datetime) -> Decision:
    reason = ruling.reason.strip()
    if not reason:
        raise Refusal(say("Please say why: they will read it."), beside="reason")
    made = Decision(person=row.author, by=by.id, measure=ruling.measure, rule=ruling.rule, reason=reason, at=now)
    made.kind, made.thing = row.kind, row.thing
    await made.save()
    about, fields = f"decision:{made.id}", [ruling.measure, ruling.rule]
    concerns = row.author if ruling.measure != Measure.nothing else None
    await audit.note("report decided", who=by.id, about=about, now=now, concerns=concerns, fields=fields)
    return made


async def _done(row: Report, made: Decision, ruling: Ruling, matters: Matters, *, by: Neighbour, now: datetime) -> None:
    if ruling.measure == Measure.taken:
        take_away = matters[row.kind].take_away if row.kind in matters else None
        if take_away is None:
            raise Refusal(say("There are no words here that could be taken away."), beside="measure")
        await take_away(row.thing, kind=row.kind, now=now)
        await _tell_author(made, say("Officers took your words away. Why: %(reason)s", reason=made.reason), now)
    elif ruling.measure == Measure.warning:
        await _tell_author(made, say("A warning from the officers: %(reason)s", reason=made.reason), now)
    elif ruling.measure == Measure.suspension:
        if ruling.days not in SPANS:
            raise Refusal(say("Please choose one of these."), beside="days")
        await suspend_for(made, timedelta(days=ruling.days), by=by, now=now)
        await tell_standing(made.person, say("Your account is suspended. Why: %(reason)s", reason=made.reason), now)


async def _tell_author(made: Decision, sentence: Sentence, now: datetime) -> None:
    await notices.tell(made.person, sentence, path=PATH, now=now, topic="account", key=f"decision:{made.id}")


async def _answer(report_ids: list[int], reporters: set[int], ruling: Ruling, now: datetime) -> None:
    """Who reported hears how it ended, not what the other side was told."""
    for each in report_ids:
        await notices.withdraw(reporting.key(each))
    if ruling.measure == Measure.nothing:
        told = say("Officers looked at what you reported: it breaks no rule. Thank you for saying it.")
    else:
        told = say("Officers looked at what you reported, and did something about it. Thank you.")
    await notices.tell_all(reporters, told, path=PATH, now=now, topic=reporting.TOPIC)
