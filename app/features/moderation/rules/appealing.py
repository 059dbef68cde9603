"""Whom a decision is about says, once, why it is wrong. Another officer answers, once."""

from datetime import datetime, timedelta
from typing import Any

from app.db import Clash, held, writing
from app.features.moderation.rules.judging import judges, may_judge
from app.features.moderation.rules.suspending import open_again
from app.features.moderation.tables import Appeal, Decision, Measure, Report, Verdict
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import audit
from app.kit.refusals import Missing, Refusal, Taken
from app.kit.reporting import Matters
from app.kit.words import say

WITHIN = timedelta(days=60)
TOPIC, PATH = "reports", "/account/decisions"
ONCE = say("You have disagreed already. Another officer is looking at it.")


async def appeal(decision_id: int, words: str, *, by: Neighbour, now: datetime) -> int:
    """Also while suspended. Raises Taken the second time, and when it is too long ago."""
    try:
        async with writing():
            row = await held(Decision.objects().where(Decision.id == decision_id)).first()
            if row is None or row.person != by.id or row.measure == Measure.nothing:
                raise Missing
            if now >= row.at + WITHIN:
                raise Taken(say("That was decided too long ago."))
            made = Appeal(decision=decision_id, words=words, at=now, verdict="", reason="")
            await made.save()
            about = f"decision:{decision_id}"
            await audit.note("decision appealed", who=by.id, about=about, now=now, concerns=by.id)
            waits, path = say("Somebody disagrees with a decision"), f"/appeals/{made.id}"
            whom = await judges(await involved_in(row))
            await notices.tell_all(whom, waits, path=path, now=now, topic=TOPIC, key=_key(made.id))
            return int(made.id)
    except Clash:
        raise Taken(ONCE) from None


async def answer(
    appeal_id: int, verdict: Verdict, reason: str, matters: Matters, *, by: Neighbour, now: datetime
) -> None:
    """Overturned: what was taken comes back, the suspension ends. Of two who answer at once, the first."""
    async with writing():
        row = await held(Appeal.objects().where(Appeal.id == appeal_id)).first()
        decision = await held(Decision.objects().where(Decision.id == row.decision)).first() if row else None
        if row is None or decision is None or not await may_judge(by, await involved_in(decision)):
            raise Missing
        if row.verdict:
            raise Taken(say("Another officer has decided this already."))
        if not reason.strip():
            raise Refusal(say("Please say why: they will read it."), beside="reason")
        changes: dict[Any, Any] = {
            Appeal.by: by.id,
            Appeal.verdict: verdict,
            Appeal.reason: reason.strip(),
            Appeal.answered_at: now,
        }
        await Appeal.update(changes).where(Appeal.id == appeal_id)
        if verdict == Verdict.overturned:
            await _undo(decision, matters, by=by, now=now)
        await _tell(row.id, decision, verdict, reason.strip(), by=by, now=now)


async def involved_in(decision: Decision) -> set[int]:
    """Whom it is about, who decided it, and who reported it."""
    reporters = await Report.select(Report.reporter).where(Report.decision == decision.id)
    return {decision.person, decision.by, *(row["reporter"] for row in reporters)}


async def _undo(decision: Decision, matters: Matters, *, by: Neighbour, now: datetime) -> None:
    if decision.measure == Measure.suspension and decision.over_at is None:
        await open_again(decision, by=by.id, now=now)
    give_back = matters[decision.kind].give_back if decision.kind in matters else None
    if decision.measure == Measure.taken and give_back:
        await give_back(decision.thing, kind=decision.kind, now=now)
    await Decision.update({Decision.over_at: now}).where((Decision.id == decision.id) & Decision.over_at.is_null())


async def _tell(
    appeal_id: int, decision: Decision, verdict: Verdict, reason: str, *, by: Neighbour, now: datetime
) -> None:
    about = f"decision:{decision.id}"
    await audit.note("appeal decided", who=by.id, about=about, now=now, concerns=decision.person, fields=[verdict])
    await notices.withdraw(_key(appeal_id))
    if verdict == Verdict.overturned:
        told = say("You were right to disagree: the decision is overturned. %(reason)s", reason=reason)
    else:
        told = say("Another officer looked again: the decision stands. %(reason)s", reason=reason)
    await notices.tell(decision.person, told, path=PATH, now=now, topic="account", key=f"appeal:{appeal_id}:answer")


def _key(appeal_id: int) -> str:
    return f"appeal:{appeal_id}"
