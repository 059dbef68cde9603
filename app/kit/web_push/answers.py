"""What a push service's answer means for the phone it was asked to ring."""

from collections.abc import Callable
from enum import StrEnum

from app.kit.web_push.letters import FOREIGN_ADDRESS, FOREIGN_URL, PAUSED

FIRST, LONGEST = 2.0, 300.0  # seconds


class Verdict(StrEnum):
    accepted = "accepted"  # by the service: nobody knows yet whether the phone rang
    gone = "gone"  # the subscription is dead: the only answer that removes it
    wait = "wait"  # the whole service asks for patience: nothing to that origin before Retry-After
    alarm = "alarm"  # ours to mend, or theirs: keep the phone, tell the operator, do not try again
    shorter = "shorter"  # once more with fewer words
    again = "again"  # by and by, until the notice has had its time


ANSWERS = {
    404: Verdict.gone,
    410: Verdict.gone,
    406: Verdict.wait,  # how Windows throttles
    429: Verdict.wait,
    503: Verdict.wait,
    413: Verdict.shorter,
    408: Verdict.again,
    425: Verdict.again,
}

# Where a letter must not go, it must not go in a minute either.
UNANSWERED = {FOREIGN_ADDRESS: Verdict.alarm, FOREIGN_URL: Verdict.alarm, PAUSED: Verdict.wait}


def meaning(status: int, trouble: str) -> Verdict:
    """`status` is 0 when none came, and then `trouble` says why."""
    if status == 0:
        return UNANSWERED.get(trouble, Verdict.again)
    if 200 <= status < 300:
        return Verdict.accepted
    if known := ANSWERS.get(status):
        return known
    return Verdict.alarm if 300 <= status < 500 else Verdict.again


def wait_for(tries: int, random: Callable[[], float]) -> float:
    """Seconds until the next try: twice as long each time, and never all at once. `tries` are those that failed."""
    longest = min(LONGEST, FIRST * 2.0 ** min(tries, 20))
    return longest * (0.5 + 0.5 * random())
