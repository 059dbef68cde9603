"""What this feature keeps about a person, how long, and what goes with them."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app.db import prepared_sql, writing
from app.features.moderation.rules.words import RULES
from app.features.moderation.tables import Appeal, Block, Decision, Measure, Report, Rule
from app.features.notices import rules as notices
from app.kit import own_keys
from app.kit.keeping import Keeping
from app.kit.words import Sentence, say

LASTS = timedelta(days=180)


class Reported(Struct):
    """A report as whoever made it reads it: how it ended, not what the other side was told."""

    id: int
    kind: str
    rule: Rule
    words: str
    at: datetime
    closed_at: datetime | None
    measure: Measure | None

    @property
    def rule_words(self) -> Sentence:
        return RULES[self.rule]


_reported = prepared_sql(
    "SELECT reports.id, reports.kind, reports.rule, reports.words, reports.at, reports.closed_at, decisions.measure "
    "FROM reports LEFT JOIN decisions ON decisions.id = reports.decision WHERE reports.reporter = {} "
    "ORDER BY reports.id DESC LIMIT 50",
    Reported,
)


async def reports_by(person_id: int) -> list[Reported]:
    return list(await _reported(person_id))


async def mine(person_id: int) -> dict[str, Any]:
    """What they reported and whom they block; what was decided about them, and what they said to it."""
    decided = Decision.select(Decision.measure, Decision.rule, Decision.reason, Decision.at, Decision.until_at)
    about_them = (Decision.person == person_id) & (Decision.measure != Measure.nothing)
    said = Appeal.select(Appeal.words, Appeal.at, Appeal.verdict, Appeal.reason)
    reported = Report.select(Report.kind, Report.rule, Report.words, Report.at, Report.closed_at)
    return {
        "reports": await reported.where(Report.reporter == person_id).order_by(Report.id),
        "decisions": await decided.where(about_them).order_by(Decision.id),
        "appeals": await said.where(Appeal.decision.person == person_id).order_by(Appeal.id),
        "blocks": await Block.select(Block.blocked.name.as_alias("blocked"), Block.at)
        .where(Block.person == person_id)
        .order_by(Block.id),
    }


async def forget(person_id: int, *, now: datetime) -> None:
    """With their key goes what was sealed; what they said of others goes too."""
    async with writing():
        await notices.forget_about(await _pages_about(person_id))
        await Report.delete().where((Report.author == person_id) | (Report.reporter == person_id))
        await Decision.delete().where(Decision.person == person_id)
        await Block.delete().where((Block.person == person_id) | (Block.blocked == person_id))
        await own_keys.forget(person_id, now=now)


async def _pages_about(person_id: int) -> list[str]:
    """Where officers were told that something waits."""
    said = (Report.author == person_id) | (Report.reporter == person_id)
    reports = await Report.select(Report.id).where(said)
    appeals = await Appeal.select(Appeal.id).where(Appeal.decision.person == person_id)
    return [*(f"/reports/{row['id']}" for row in reports), *(f"/appeals/{row['id']}" for row in appeals)]


async def purge(now: datetime) -> None:
    """Closed for 180 days: the report, its snapshot and the decision go. Their bare facts stay in the audit."""
    async with writing():
        old = now - LASTS
        await Report.delete().where(Report.closed_at < old)
        unanswered = Appeal.select(Appeal.decision).where(Appeal.verdict == "")
        waiting = [row["decision"] for row in await unanswered]
        running = (Decision.until_at > now) & Decision.over_at.is_null()
        rows = await Decision.select(Decision.id).where(Decision.at < old)
        still = {row["id"] for row in await Decision.select(Decision.id).where(running)} | set(waiting)
        for row in rows:
            if row["id"] not in still:
                await Decision.delete().where(Decision.id == row["id"])


KEPT: tuple[Keeping, ...] = (
    Keeping(
        say("Reports, with a sealed copy of what was reported"),
        say("So that an officer can decide, and another look again"),
        ("reports",),
        LASTS,
        purge,
    ),
    Keeping(
        say("A key of your own, with which what must be provable about you is sealed"),
        say("So that an erasure destroys it: without the key nobody reads what was sealed"),
        ("own_keys",),
    ),
    Keeping(
        say("What officers decided about you, and what you said to it"),
        say("So that you know why, and can disagree"),
        ("decisions", "appeals"),
        LASTS,
        purge,
    ),
    Keeping(
        say("Whom you block"),
        say("So that the two of you do not find each other"),
        ("blocks",),
    ),
)
