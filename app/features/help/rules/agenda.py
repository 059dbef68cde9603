"""What time does to a need, and when: read by the clock and by nobody else."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from app.features.help.rules.kinds import CIRCLES, PATIENCE
from app.features.help.rules.stages import Needed, Took
from app.features.help.tables import Stage, What

STALE, ANSWER_STILL = timedelta(hours=48), timedelta(hours=24)
ASK_IF_DONE, TAKE_AS_DONE, TAKE_AS_CONFIRMED = timedelta(hours=24), timedelta(hours=72), timedelta(days=7)
ADMIT_WITHIN = timedelta(days=7)


class Due(StrEnum):
    """What time does to a need."""

    lapse = "lapse"
    ring = "ring"
    still = "still"
    nudge = "nudge"
    silent = "silent"
    late = "late"
    done = "done"
    close = "close"


def agenda(need: Needed, took: Collection[Took]) -> list[tuple[datetime, Due]]:
    """What comes at which moment, the soonest first, as things stand now."""
    return sorted(_agenda(need, [each for each in took if each.stands]))


def _agenda(need: Needed, took: list[Took]) -> list[tuple[datetime, Due]]:
    if need.stage == Stage.asked:
        return [(need.asked_at + ADMIT_WITHIN, Due.lapse)]
    if need.stage == Stage.open:
        return [] if need.kind == What.knock else _while_open(need)
    if need.stage == Stage.taken:
        patience = PATIENCE[need.urgency]
        nudges = [(each.comes_at, Due.nudge) for each in took if each.nudged_at is None]
        return [*nudges, *((each.comes_at + patience, Due.silent) for each in took)]
    if need.stage == Stage.way:
        asked = [(need.stage_at + ASK_IF_DONE, Due.late)] if need.reminded_at is None else []
        return [*asked, (need.stage_at + TAKE_AS_DONE, Due.done)]
    if need.stage == Stage.done:
        return [(need.stage_at + TAKE_AS_CONFIRMED, Due.close)]
    return []


def _while_open(need: Needed) -> list[tuple[datetime, Due]]:
    circles = CIRCLES[need.urgency]
    found = [(need.stage_at + circles[need.rung - 1], Due.ring)] if 1 <= need.rung <= len(circles) else []
    if need.until_at is not None:
        found.append((need.until_at, Due.lapse))
    if need.still_at is None:
        found.append((need.fresh_at + STALE, Due.still))
    else:
        found.append((need.still_at + ANSWER_STILL, Due.lapse))
    return found
