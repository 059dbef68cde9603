"""A neighbour says that something breaks a rule. Whom it is about never learns who said so."""

from datetime import datetime, timedelta

from app.db import Clash, writing
from app.features.moderation.rules.judging import judges
from app.features.moderation.tables import Report, Rule
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import audit, limits, own_keys
from app.kit.limits import Limit
from app.kit.refusals import Missing, Refusal, Taken, TooOften
from app.kit.reporting import Matters, Reportable
from app.kit.words import say

REPORTS = Limit("reports", 20, timedelta(days=1))
TOPIC = "reports"


def which(about: str, matters: Matters) -> tuple[str, int]:
    """("skill", 7) of "skill:7". Raises Missing for what nobody can report."""
    kind, _, number = about.partition(":")
    if kind not in matters or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Missing
    return kind, int(number)


async def reported(kind: str, thing: int, matters: Matters, *, by: Neighbour, now: datetime) -> Reportable:
    """As the reporter sees it; raises Missing for what they may not see, and a Refusal for their own."""
    found = await matters[kind].reportable(thing, kind=kind, by=by, now=now)
    if found.author == by.id:
        raise Refusal(say("These are your own words."))
    return found


async def report(
    kind: str, thing: int, matters: Matters, *, rule: Rule, words: str, by: Neighbour, now: datetime
) -> int:
    """What stands there now is kept, sealed; officers whom it does not concern are told. Once, while it is open."""
    try:
        async with writing():
            found = await reported(kind, thing, matters, by=by, now=now)
            await _only_so_often(by, now)
            made = Report(kind=kind, thing=thing, author=found.author, reporter=by.id, rule=rule, words=words, at=now)
            made.snapshot = await own_keys.seal_for(found.author, found.words, now=now)
            await made.save()
            # Without `concerns` and `who`: an officer it is about reads the audit too, and would read who said so.
            await audit.note("report made", who=None, about=f"report:{made.id}", now=now)
            waits = say("A report waits for an officer")
            whom = await judges({found.author, *await _who_reported(kind, thing, by)})
            await notices.tell_all(whom, waits, path=f"/reports/{made.id}", now=now, topic=TOPIC, key=key(made.id))
            return int(made.id)
    except Clash:
        raise Taken(say("You have reported this already. An officer is looking at it.")) from None


async def _who_reported(kind: str, thing: int, by: Neighbour) -> set[int]:
    """All who did decide nothing about it, so an officer among them no longer waits for what others said."""
    same = (Report.kind == kind) & (Report.thing == thing) & Report.closed_at.is_null()
    rows = await Report.select(Report.id, Report.reporter).where(same)
    for row in rows:
        await notices.withdraw(key(row["id"]), person_id=by.id)
    return {row["reporter"] for row in rows}


async def _only_so_often(by: Neighbour, now: datetime) -> None:
    if await limits.count(REPORTS, REPORTS.key(by.id), now) > REPORTS.times:
        raise TooOften(say("That is a lot for one day. Please go on tomorrow."), wait=REPORTS.wait(now))


def key(report_id: int) -> str:
    return f"report:{report_id}"
